//! Attacks by watching directories that may not be read: inotify(7) tells the names of what others make there.

use super::case::{Case, nothing_left};
use super::supervised::unseen;
use super::support::{Identity, Place, Run, Running, World, poll};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("names_told_by_watches").attack_code(watched).twin_code(followed),
        Case::new("names_told_by_watches_isolated").attack_code(isolated).goes_itself(),
        Case::new("hidden_names_told_by_watches").attack_code(hidden).twin_code(shown),
    ]
}

/// Somebody makes a file outside while it is watched; what the script said in the end.
fn outcome(world: &World, running: Running) -> String {
    assert!(poll(|| running.printed().contains("ready\n")), "{:?}", running.end());
    world.put("outside/secret-name", "x");
    world.put("workspace/go", "x");
    let ended = running.end().expect(0);
    for name in ["workspace/go", "workspace/link", "workspace/deeper", "outside/secret-name"] {
        std::fs::remove_file(world.top.join(name)).unwrap();
    }
    drop(std::fs::remove_dir(world.workspace().join("near")));
    ended.out
}

fn watched(who: Identity) {
    watched_with(who, &[]);
}

fn isolated(who: Identity) {
    watched_with(who, &["--isolate"]);
}

fn watched_with(who: Identity, more: &[&str]) {
    let world = World::new(who);
    world.put("workspace/watch.py", include_str!("watch/watch.py"));
    std::fs::create_dir(world.outside().join("deep")).unwrap();
    world.own(&world.outside().join("deep"));
    let out = world.outside().to_str().unwrap().to_owned();
    // Nobody may take the watcher there, so that a race is won now and then: SECURITY.md says so.
    let race: &[&str] = if who.place == Place::Docker { &[] } else { &["race"] };
    let words = [&["watch.py", &out], race].concat();
    let bare = Run::at(&world, Place::Plain, "/usr/bin/python3").args(&words);
    let bare = outcome(&world, bare.start());
    assert!(bare.contains("LEAKED secret-name") && bare.contains("name ok"), "{bare}");
    let script = unseen("watch.py");
    let first = [&["run", "-q"], more, &["--", "python3", "-c", &script]].concat();
    let inside = outcome(&world, world.stockade(first).args(&words[1..]).start());
    let refused: Vec<&str> = inside.lines().take(8).collect();
    assert!(refused.iter().all(|line| line.ends_with(" Permission denied")), "{inside}");
    assert!(!inside.contains("LEAKED"), "{inside}");
    // Everything else is as bare.
    let rest =
        |text: &str| text.split_once("ready\n").unwrap().1.replace("LEAKED secret-name\n", "");
    assert_eq!(rest(&bare), rest(&inside));
    assert!(inside.contains("mine ok file ok link itself ok\nsaw True\n"), "{inside}");
    nothing_left(&world);
}

/// `tail -f` follows a file of the workspace, and one outside that may be read.
fn followed(who: Identity) {
    let world = World::new(who);
    let text = "touch log; (sleep 0.3; echo line >>log; echo end >>log) & \
                timeout 20 tail -n +1 -f log | sed '/end/q'; timeout 5 tail -n 1 -f /etc/hosts | head -1 | wc -l";
    world.put("workspace/follow.sh", text);
    let ended = world.stockade(["run", "--", "bash", "follow.sh"]).end();
    assert!(ended.out.starts_with("line\nend\n1"), "{ended:?}");
    nothing_left(&world);
}

/// What watching a directory of that name says under a profile that hides `.env`.
fn watching(who: Identity, name: &str) -> String {
    let world = World::new(who);
    let text = "about = \"x\"\nextends = \"dev-box\"\n[files]\nhide = [\".env\"]\n";
    let profile = world.put("profile.toml", text);
    let directory = world.workspace().join(name);
    std::fs::create_dir(&directory).unwrap();
    world.put(format!("workspace/{name}/key"), "x");
    world.own(&directory);
    let code = format!(
        "import ctypes, os\nl = ctypes.CDLL(None, use_errno=True)\nw = l.inotify_init1(0)\n\
         n = l.inotify_add_watch(w, b'{name}', 0x100)\nprint(n > 0, os.strerror(ctypes.get_errno()))"
    );
    world.put("workspace/look.py", code);
    let script = unseen("look.py");
    let words = ["run", "-q", "-p", profile.to_str().unwrap(), "--", "python3", "-c", &script];
    let ended = world.stockade(words).end().expect(0);
    nothing_left(&world);
    ended.out
}

fn hidden(who: Identity) {
    assert_eq!(watching(who, ".env"), "False Permission denied\n");
}

fn shown(who: Identity) {
    assert!(watching(who, "env").starts_with("True"));
}

//! Attacks by the terminal the command shares with the person (row 69), and what must work on it (row 73).

use super::case::{Case, nothing_left, put_probe};
use super::support::{Ended, Identity, Run, World, base, gone};
use std::fs;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_69_typing_for_the_person").attack_code(typing),
        Case::new("row_71_closed_terminal").attack_code(closed),
        Case::new("row_73_terminal").twin_code(is_a_terminal),
        Case::new("row_73_typed_line").twin_code(typed_line),
        Case::new("row_73_interrupt_key").twin_code(interrupted),
        Case::new("row_73_stop_and_go_on").twin_code(job_control),
    ]
}

/// Runs `words` on a terminal, with the steps of terminal.py.
fn on_terminal(world: &World, steps: &[&str], words: &[&str]) -> Ended {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/escape/terminal.py");
    let script = world.put("terminal.py", fs::read(script).unwrap());
    let run = Run::new(world, "/usr/bin/python3").env("TERM", "dumb").args([&script]);
    run.args(["20"]).args(steps).args(["--"]).args(words).end()
}

fn stockade() -> String {
    base().join("stockade").to_str().unwrap().to_owned()
}

fn typing(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    for high in ["0", "0x100000000", "0x8000000000000000"] {
        world.put("workspace/orders", format!("type {high}\n"));
        let words = [&stockade(), "run", "--", "./probe", "@orders"];
        let ended = on_terminal(&world, &[], &words);
        assert!(ended.out.contains("type EPERM"), "{high}: {ended:?}");
        assert!(!ended.out.contains('#'), "{high}: it typed: {ended:?}");
    }
    // Pasting from the console's selection.
    world.put("workspace/paste.py", "import fcntl\ntry: fcntl.ioctl(0, 0x541c, b'\\x03')\nexcept OSError as e: print('errno', e.errno)\n");
    let words = [&stockade(), "run", "--", "/usr/bin/python3", "paste.py"];
    let ended = on_terminal(&world, &[], &words);
    assert!(ended.out.contains("errno 1\n"), "{ended:?}");
}

fn closed(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", world.fill("daemon {ws}/daemon.pid\nstay\n"));
    let words = [&stockade(), "run", "--", "./probe", "@orders"];
    let ended = on_terminal(&world, &["wait:daemon ok", "close"], &words).expect(0);
    assert!(ended.out.ends_with("status 129\n"), "{ended:?}");
    let pid = fs::read_to_string(world.workspace().join("daemon.pid")).unwrap();
    assert!(gone(pid.trim_end().parse().unwrap()), "the daemon lives on");
    nothing_left(&world);
}

/// The command's group holds the terminal, and the terminal can be asked and set.
fn is_a_terminal(who: Identity) {
    let world = World::new(who);
    let text = "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo three; \
                read -r _ _ _ _ group _ _ foreground _ < /proc/self/stat; \
                [ \"$group\" = \"$foreground\" ] && echo foreground; \
                stty -echo && stty echo && tty && echo set";
    let ended = on_terminal(&world, &[], &[&stockade(), "run", "-c", text]).expect(0);
    for word in ["three\n", "foreground\n", "/dev/pts/", "set\n", "status 0\n"] {
        assert!(ended.out.contains(word), "no {word:?}: {ended:?}");
    }
}

fn typed_line(who: Identity) {
    let world = World::new(who);
    let text = "echo ready; read -r line; echo \"<$line>\"";
    let steps = ["wait:ready", "type:hello\\n"];
    let ended = on_terminal(&world, &steps, &[&stockade(), "run", "-c", text]).expect(0);
    assert!(ended.out.contains("<hello>\n") && ended.out.ends_with("status 0\n"), "{ended:?}");
}

fn interrupted(who: Identity) {
    let world = World::new(who);
    for (key, status) in [("\\x03", "status 130\n"), ("\\x1c", "status 131\n")] {
        let steps = ["wait:ready", &format!("type:{key}")];
        // Not by bash, which ignores SIGQUIT always.
        let words = [&stockade(), "run", "--", "perl", "-e", "$| = 1; print 'ready'; sleep 20"];
        let ended = on_terminal(&world, &steps, &words).expect(0);
        assert!(ended.out.ends_with(status), "{key}: {ended:?}");
    }
}

/// Below an interactive shell: stopped by its key, continued in the foreground, ended by itself.
fn job_control(who: Identity) {
    let world = World::new(who);
    world.put("workspace/script", "echo ready; read -r line; echo \"<$line>\"; exit 5\n");
    let start = format!("type:{} run -- bash script\\n", stockade());
    let steps = [
        "wait:bash-",
        &start,
        "wait:ready",
        "type:\\x1a",
        "wait:Stopped",
        "type:fg\\n",
        "wait:run --",
        "type:again\\n",
        "wait:<again>",
        "type:echo status=$?\\n",
        "wait:status=5",
        "type:exit 0\\n",
    ];
    let ended = on_terminal(&world, &steps, &["bash", "--norc", "--noprofile", "-i"]).expect(0);
    assert!(ended.out.contains("<again>") && ended.out.contains("status=5"), "{ended:?}");
    nothing_left(&world);
}

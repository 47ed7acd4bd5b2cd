//! The guardian under pressure: what it carries out must come out as bare, however many ask at once, whoever leaves meanwhile.

use super::case::{Case, nothing_left};
use super::support::{Ended, Identity, Run, Who, World, base};
use std::os::unix::process::CommandExt;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("guardian_under_pressure").twin_code(pressure).goes_itself(),
        Case::new("guardian_with_few_descriptors").twin_code(few_descriptors).goes_itself(),
        Case::new("guardian_differs_in_nothing").twin_code(differential).goes_itself(),
        Case::new("row_96_names_that_cannot_be_read").attack_code(pointers).goes_itself(),
        Case::new("row_17_on_overlayfs").attack_code(overlay).goes_itself().mounts(),
    ]
}

fn guardian(who: Identity) -> World {
    let world = World::new(who);
    world.put("guardian.c", include_str!("supervised/guardian.c"));
    let text = world.fill("cc -O2 -pthread -o {ws}/guardian {top}/guardian.c");
    Run::new(&world, "/bin/bash").args(["-ec", &text]).end().expect(0);
    world
}

/// Every task is right bare, and inside, with reads held and without.
fn task(world: &World, task: &str) {
    let profile = world.put("hides.toml", HIDES);
    let profiles = [&[][..], &["--profile", profile.to_str().unwrap()]];
    let bare = Run::new(world, "./guardian").args([task]).end();
    let inside = profiles.map(|profile| {
        let words = [&["run", "-q"], profile, &["--", "./guardian", task]].concat();
        clean(world);
        world.stockade(words).end()
    });
    for ended in inside.into_iter().chain([bare]) {
        assert!(ended.code() == 0 && ended.out.ends_with("right\n"), "{task}: {ended:?}");
    }
}

const HIDES: &str = "about = \"x\"\nextends = \"dev-box\"\n[files]\nhide = [\".env\"]\n";

/// What a task left in the workspace.
fn clean(world: &World) {
    let text = "find . -mindepth 1 -maxdepth 1 ! -name .git ! -name own ! -name guardian -exec rm -rf {} +";
    Run::new(world, "/bin/bash").args(["-c", text]).end().expect(0);
}

fn pressure(who: Identity) {
    let world = guardian(who);
    for name in ["crowd", "masks", "lengths", "storm", "signals", "leavers", "numbers"] {
        task(&world, name);
    }
    nothing_left(&world);
}

fn pointers(who: Identity) {
    task(&guardian(who), "pointers");
}

/// With 64 descriptors a hundred waiting opens are answered, some by refusal, and nobody else fails.
fn few_descriptors(who: Identity) {
    let world = guardian(who);
    let stockade = base().join("stockade");
    for name in ["crowd", "storm", "numbers"] {
        let text = format!("ulimit -n 64; exec {} run -q -- ./guardian {name}", stockade.display());
        clean(&world);
        let ended = Run::new(&world, "/bin/bash").args(["-c", &text]).end();
        assert!(ended.code() == 0 && ended.out.ends_with("right\n"), "{name}: {ended:?}");
    }
    let told = world.stockade(["log", "--json"]).end().out;
    assert!(told.contains("too many calls of this run wait"), "{told}");
}

/// So many random operations by each of these seeds.
const STEPS: &str = "3000";
const SEEDS: [&str; 4] = ["1", "2", "3", "20261125"];

fn differential(who: Identity) {
    let world = World::new(who);
    std::fs::create_dir(world.home().join("bare")).unwrap();
    world.put("home/bare/differential.py", include_str!("supervised/differential.py"));
    world.put("workspace/differential.py", include_str!("supervised/differential.py"));
    let hides = world.put("hides.toml", HIDES);
    world.own(&world.home().join("bare"));
    let profiles = [&[][..], &["--profile", hides.to_str().unwrap()]];
    for seed in SEEDS {
        // The sandbox takes capabilities away; who is compared with it has none either.
        let words = [
            "setpriv",
            "--no-new-privs",
            "--bounding-set=-all",
            "python3",
            "differential.py",
            seed,
            STEPS,
        ];
        let words = if who.who == Who::Root { &words[..] } else { &words[3..] };
        let bare =
            Run::new(&world, words[0]).args(&words[1..]).cwd(world.home().join("bare")).end();
        let bare = bare.expect(0);
        for profile in profiles {
            let words =
                [&["run", "-q"], profile, &["--", "python3", "differential.py", seed, STEPS]]
                    .concat();
            let inside = world.stockade(words).end();
            alike(&bare, &inside.expect(0), &world);
            let text = format!("chmod -R u+rwx tree{seed}; rm -rf tree{seed}");
            Run::new(&world, "/bin/bash").args(["-c", &text]).end();
        }
    }
}

/// The same came of each, and the same is left. Of several errors that are due at once another may
/// be told: seldom.
fn alike(bare: &Ended, inside: &Ended, world: &World) {
    let (bare_top, top) = (world.home().join("bare"), world.workspace());
    let bare = bare.out.replace(bare_top.to_str().unwrap(), "TOP");
    let inside = inside.out.replace(top.to_str().unwrap(), "TOP");
    assert_eq!(bare.lines().count(), inside.lines().count());
    let failed = |line: &str| line.split_once(" -> E").map(|(what, _)| what.to_owned());
    let mut other = 0;
    for (bare, inside) in bare.lines().zip(inside.lines()) {
        let both = failed(bare).is_some() && failed(bare) == failed(inside);
        other += usize::from(bare != inside);
        assert!(bare == inside || both, "bare: {bare}\ninside: {inside}");
    }
    assert!(other < 30, "{other} errors differ");
}

/// The workspace on an overlay file system: promises hold there as anywhere, for what lies in the
/// lower layer and for what is copied up; and links that lead out lead nowhere. The superuser mounts
/// it, in a mount namespace of its own, and only then becomes who the run is for.
fn overlay(who: Identity) {
    let world = World::new(who);
    let script = world.put("overlay.sh", include_str!("supervised/overlay.sh"));
    world.put("secret", "SECRET=1\n");
    let (uid, gid) = who.ids().unwrap_or((0, 0));
    let stockade = base().join("stockade");
    let words = [script.as_os_str(), stockade.as_os_str()];
    let mut run = Run::new(&world, "unshare").args(["-m", "bash"]).args(words).cwd(world.home());
    run = run.args([uid.to_string(), gid.to_string()]);
    run.command.uid(0).gid(0);
    let ended = run.end();
    assert!(ended.code() == 0 && ended.out.ends_with("right\n"), "{ended:?}");
}

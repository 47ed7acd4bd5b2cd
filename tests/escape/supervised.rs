//! Every way known to us of changing what is protected or what is known of files outside, some seven
//! hundred attempts in one program, and threads that swap what names mean; honest twins in the same runs.

use super::case::Case;
use super::support::{Identity, Run, World};
use std::path::PathBuf;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("supervised_attempts").attack_code(attempts).goes_itself(),
        Case::new("supervised_attempts_while_reads_are_watched")
            .attack_code(watched_attempts)
            .goes_itself(),
        Case::new("supervised_race").attack_code(race).goes_itself(),
        Case::new("supervised_arming").attack_code(arming).goes_itself(),
        Case::new("supervised_lease").twin_code(lease).goes_itself(),
    ]
}

/// So many times a thread tries to be faster than the judge, by each of its tricks in turn; row 18
/// tries one of them a hundred thousand times.
const TRIES: &str = "10000";

/// A workspace with repositories and settings in it.
fn workspace(world: &World) -> PathBuf {
    world.put("setup.sh", include_str!("supervised/setup.sh"));
    world.put("attack.py", include_str!("supervised/attack.py"));
    world.put("race.c", include_str!("supervised/race.c"));
    let text = world.fill(
        "mkdir {home}/s && bash {top}/setup.sh {home}/s && cp {top}/attack.py {home}/s/ws/ && \
         cc -O2 -pthread -o {home}/s/ws/race {top}/race.c",
    );
    Run::new(world, "/bin/bash").args(["-ec", &text]).end().expect(0);
    world.home().join("s/ws")
}

fn attempts(who: Identity) {
    attempt(who, "--quiet");
}

fn watched_attempts(who: Identity) {
    attempt(who, "--why");
}

/// Python code that runs a script out of the first gate's sight: the second is to be attacked.
pub(super) fn unseen(script: &str) -> String {
    format!("exec(open({script:?}).read())")
}

fn attempt(who: Identity, option: &str) {
    let world = World::new(who);
    let ws = workspace(&world);
    let ws = ws.to_str().unwrap();
    let script = unseen(&format!("{ws}/attack.py"));
    let ended = world
        .stockade(["run", option, "--workspace", ws, "--", "python3", "-c", &script, ws])
        .end();
    assert!(ended.out.contains("twins pass"), "{ended:?}");
    ended.expect(0);
}

fn race(who: Identity) {
    let world = World::new(who);
    let ws = workspace(&world);
    let ws = ws.to_str().unwrap();
    let program = format!("{ws}/race");
    for option in ["--quiet", "--why"] {
        let words = ["run", option, "--workspace", ws, "--", &program, ws, TRIES];
        world.stockade(words).end().expect(0);
    }
}

/// Ways to have the person's next git run a program, and where that git is called.
const TRICKS: [(&str, &str); 32] = [
    ("worktree", "there"),
    ("existing_worktree", "tree"),
    ("unseen", "there"),
    ("headless", "."),
    ("from_outside", "there"),
    ("replaced", "there"),
    ("replaced_above", "there"),
    ("around", "there"),
    ("carried", "there"),
    ("carried_unwritable", "there/in"),
    ("embedded", "there"),
    ("embedded_late", "there"),
    ("embedded_after", "there"),
    ("embedded_there", "bare"),
    ("embedded_moved", "bare"),
    ("separate", "."),
    ("twin", "."),
    ("linked_hooks", "."),
    ("outward", "there"),
    ("outward_late", "there"),
    ("outward_beside", "there"),
    ("outward_bare", "there"),
    ("outward_dangling", "there"),
    ("outward_moved", "there"),
    ("outward_above", "there"),
    ("outward_linked", "there"),
    ("outward_by_link", "there"),
    ("outward_shut", "there"),
    ("outward_relative", "there"),
    ("outward_carried", "there/in"),
    ("outward_hard", "there"),
    ("outward_around", "there"),
];

/// What else the person has, for some of the tricks.
const BEFORE: [(&str, &str); 5] = [
    ("embedded_there", "git init -q --bare bare"),
    ("embedded_moved", "git init -q --bare bare"),
    ("separate", "git init -q --separate-git-dir=store ."),
    (
        "linked_hooks",
        "mkdir hooks && git config core.hooksPath hooks && echo x > own && git add own && git commit -qm own",
    ),
    ("twin", "ln .git/config twin"),
];

fn arming(who: Identity) {
    for (trick, place) in TRICKS {
        assert!(is_armed(who, trick, place, Runs::Bare), "{trick} proves nothing");
        assert!(!is_armed(who, trick, place, Runs::Inside), "{trick}");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Bare,
    Inside,
}

/// Whether the person's git, called afterwards, ran what the trick wanted.
fn is_armed(who: Identity, trick: &str, place: &str, runs: Runs) -> bool {
    let world = World::new(who);
    world.put("arm.py", include_str!("supervised/arm.py"));
    let bash = |text: String| Run::new(&world, "/bin/bash").args(["-ec".to_owned(), text]);
    let made = world.fill(
        "mkdir {home}/r && cd {home}/r && git init -q -b main && mkdir there && cp {top}/arm.py . \
         && git config user.email a@b && git config user.name n && \
         git commit -q --allow-empty -m 0 && git worktree add -q tree",
    );
    bash(made).end().expect(0);
    for (_, text) in BEFORE.iter().filter(|(name, _)| *name == trick) {
        bash((*text).to_owned()).cwd(world.home().join("r")).end().expect(0);
    }
    let repository = world.home().join("r");
    if trick == "from_outside" {
        std::fs::remove_dir(repository.join("there")).unwrap();
    }
    let outside = format!("/tmp/stockade-arm.{}.{}.{trick}", std::process::id(), who.name());
    let words = ["arm.py", trick, &outside];
    let ended = match runs {
        Runs::Bare => Run::new(&world, "python3").args(words).cwd(&repository).end(),
        Runs::Inside => {
            world.stockade(["run", "-q", "--", "python3"]).args(words).cwd(&repository).end()
        }
    };
    assert!(runs == Runs::Inside || ended.code() == 0, "{trick}: {ended:?}");
    let git = "git status >git.log 2>&1 || true".to_owned();
    if repository.join(place).is_dir() {
        bash(git).cwd(repository.join(place)).end().expect(0);
    }
    let armed = repository.join(place).join("ARMED").exists();
    drop(std::fs::remove_dir_all(&outside));
    armed
}

/// One process holds a lease and does not give it up, another truncates by name: a third goes on.
fn lease(who: Identity) {
    let world = World::new(who);
    world.put("workspace/lease.py", include_str!("supervised/lease.py"));
    let ended = world.stockade(["run", "--", "python3", "lease.py"]).end();
    assert_eq!(ended.out, "goes on\ncut\n", "{ended:?}");
}

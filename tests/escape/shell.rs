//! Attacks in the parts of a shell text that are easily overlooked (row 79): all of it is confined alike.

use super::case::{Case, nothing_left};
use super::support::{Identity, Run, World};

/// `EVIL` stands for the harm that is hidden.
const HIDDEN: &[&str] = &[
    "true & EVIL",
    "EVIL & true; wait",
    "cat <(EVIL)",
    "true > >(EVIL); wait; sleep 0.1",
    "echo $(EVIL)",
    "echo `EVIL`",
    "true\nEVIL",
    "true || true; EVIL",
    "false || EVIL",
    "true | EVIL",
    "(EVIL)",
    "{ EVIL; }",
    "trap 'EVIL' EXIT",
    "f() { EVIL; }; f",
    "coproc EVIL; wait",
    "cat <<X\n$(EVIL)\nX",
    "[[ -n $(EVIL) ]]; true",
    "a[$(EVIL)0]=1",
    ": ${x:=$(EVIL)}",
    "case $(EVIL) in *) ;; esac",
    "setsid bash -c 'EVIL' & wait",
    "nohup bash -c 'EVIL' < /dev/null > /dev/null 2>&1 & wait",
    "xargs -I{} bash -c 'EVIL' <<< x",
    "find . -maxdepth 0 -exec bash -c 'EVIL' \\;",
    "env bash -c 'EVIL'",
    "perl -e 'system q(EVIL)'",
    "python3 -c 'import os; os.system(\"EVIL\")'",
    "exec bash -c 'EVIL'",
];

pub fn cases() -> Vec<Case> {
    vec![Case::new("row_79_hidden_parts").attack_code(attack).twin_code(twin)]
}

/// Runs the text as a script of the workspace; whether the file it aims at was changed.
fn changes(who: Identity, text: &str, file: &str, confined: bool) -> bool {
    let world = World::new(who);
    let aim = world.fill(file);
    world.put("workspace/script", text.replace("EVIL", &format!("echo x >> {aim}")) + "\n");
    let before = std::fs::read(&aim).unwrap();
    // By way of a program that gate one does not read into.
    super::case::put_probe(&world);
    world.put("workspace/orders", world.fill("script {ws}/script\n"));
    let words = ["./probe", "@orders"];
    let ended = match confined {
        true => world.stockade(["run", "--"]).args(words).end(),
        false => Run::new(&world, "./probe").args(&words[1..]).end(),
    };
    assert!(ended.out.contains("script"), "{text:?} did not run: {ended:?}");
    nothing_left(&world);
    std::fs::read(&aim).unwrap() != before
}

fn attack(who: Identity) {
    for text in HIDDEN {
        assert!(changes(who, text, "{out}/victim", false), "{text:?} proves nothing");
        assert!(!changes(who, text, "{out}/victim", true), "{text:?} got out");
        let world = World::new(who);
        let victims = world.victims();
        let text = text.replace("EVIL", &world.fill("echo x >> {out}/victim"));
        world.stockade(["run", "-c", &text]).end();
        assert_eq!(world.victims(), victims, "{text:?} got out as text");
    }
}

fn twin(who: Identity) {
    for text in HIDDEN {
        assert!(changes(who, text, "{ws}/own", true), "{text:?} did not do its work");
    }
}

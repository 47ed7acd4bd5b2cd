//! Attacks on the record: the state directory is neither read nor written from inside (row 100).

use super::case::{Case, put_probe};
use super::support::{Identity, World};
use std::fs;

/// A first run, so that there is something to steal.
fn begin(world: &World) {
    world.stockade(["run", "--", "true"]).end().expect(0);
    assert!(world.state().join("journal.jsonl").exists());
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_100_journal")
            .looks_at_state()
            .prepare(begin)
            .attack(&[
                "read {home}/.local/state/stockade/journal.jsonl -> EACCES",
                "write {home}/.local/state/stockade/journal.jsonl -> EACCES",
                "truncate {home}/.local/state/stockade/journal.jsonl -> EACCES",
                "unlink {home}/.local/state/stockade/journal.jsonl -> EACCES",
                "create {home}/.local/state/stockade/new -> EACCES",
                "read {home}/.local/state/stockade -> EACCES",
                "rename {home}/.local/state/stockade {ws}/taken -> EACCES|EXDEV",
                "rename {home}/.local/state {home}/.local/aside -> EACCES|EXDEV",
                "rename {home}/.local {ws}/taken -> EACCES|EXDEV",
                "link {home}/.local/state/stockade/journal.jsonl {ws}/taken -> EACCES|EXDEV",
            ])
            .plain(&[
                "rm -rf ~/.local/state/stockade",
                "echo x >> ~/.local/state/stockade/journal.jsonl",
            ])
            .attack_code(journal_survives)
            .twin_code(written_down),
        Case::new("row_100_state_in_a_write_root").attack_code(state_in_a_write_root),
        Case::new("row_102_nested").attack_code(nested).everywhere(),
    ]
}

fn journal_survives(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    begin(&world);
    let journal = world.state().join("journal.jsonl");
    let before = fs::read(&journal).unwrap();
    let order = "write {home}/.local/state/stockade/journal.jsonl\n\
                 truncate {home}/.local/state/stockade/journal.jsonl\n\
                 unlink {home}/.local/state/stockade/journal.jsonl\n";
    world.put("workspace/orders", world.fill(order));
    world.stockade(["run", "--", "./probe", "@orders"]).end().expect(1);
    assert!(fs::read(&journal).unwrap().starts_with(&before), "the journal was changed");
    world.stockade(["log", "verify"]).end().expect(0);
}

/// Every run is in it, kept where the person says, and the chain holds.
fn written_down(who: Identity) {
    let world = World::new(who);
    let state = world.fill("{top}/elsewhere");
    let at = |words: &[&str]| world.stockade(words.iter().copied()).env("XDG_STATE_HOME", &state);
    for word in ["first", "second"] {
        at(&["run", "--", "echo", word]).end().expect(0);
    }
    let journal = at(&["log", "--json"]).end().expect(0).out;
    assert!(journal.contains("first") && journal.contains("second"), "{journal}");
    at(&["log", "verify"]).end().expect(0);
}

/// Where the command could write the record, nothing runs.
fn state_in_a_write_root(who: Identity) {
    let world = World::new(who);
    for state in ["{ws}/state", "/tmp/stockade-test-state", "{ws}/../workspace/state"] {
        let run = world.stockade(["run", "-c", "echo ran"]);
        let ended = run.env("XDG_STATE_HOME", world.fill(state)).end().expect(125);
        assert_eq!(ended.out, "", "{state}: it ran");
    }
    // By a link as well.
    std::os::unix::fs::symlink(world.workspace(), world.top.join("innocent")).unwrap();
    let run = world.stockade(["run", "-c", "echo ran"]);
    let ended = run.env("XDG_STATE_HOME", world.fill("{top}/innocent")).end().expect(125);
    assert_eq!(ended.out, "");
}

/// stockade inside stockade gains nothing.
fn nested(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let inner = world.workspace().join("stockade");
    fs::copy(super::support::base().join("stockade"), &inner).unwrap();
    world.own(&inner);
    let wide =
        "name = \"wide\"\nabout = \"wide\"\nextends = \"dev-box\"\n[files]\nwrite = [\"/\"]\n";
    world.put("workspace/wide.toml", wide);
    world.put("workspace/orders", world.fill("write {out}/victim\nread {home}/.ssh/id\n"));
    let victims = world.victims();
    for profile in ["dev-box", "wide.toml"] {
        for state in ["", "/tmp/stockade-test-nested"] {
            let text = format!(
                "XDG_STATE_HOME={state} ./stockade run --profile {profile} -- ./probe @orders"
            );
            world.put("workspace/script", text + "\n");
            world.put("workspace/outer", world.fill("script {ws}/script\n"));
            let ended = world.stockade(["run", "--", "./probe", "@outer"]).end();
            assert!(!ended.out.contains(" ok"), "{ended:?}");
            assert_eq!(world.victims(), victims);
        }
    }
    super::case::nothing_left(&world);
}

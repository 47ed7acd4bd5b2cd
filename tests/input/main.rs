//! Bad input: whatever stands on the command line, in files, in the environment or on the streams,
//! stockade says what is wrong, exits by its table, never panics, and runs nothing unconfined.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]

mod command_line;
mod environment;
mod journal;
mod jsonl;
mod profiles;
mod streams;
#[path = "../support/mod.rs"]
#[expect(clippy::allow_attributes, reason = "each test uses its own part of what is shared")]
#[allow(dead_code, unused_imports, reason = "each test uses its own part of what is shared")]
mod support;
mod totals;
mod trace;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use support::{Ended, Identity, Run, Who, World};

/// A test by name; each is run once for each identity.
type Test = (&'static str, fn(&World));

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let subjects = [
        command_line::TESTS,
        profiles::TESTS,
        environment::TESTS,
        streams::TESTS,
        journal::TESTS,
        jsonl::TESTS,
        trace::TESTS,
        totals::TESTS,
    ];
    let trials = subjects.into_iter().flatten().flat_map(trials).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::leave();
    conclusion.exit_code()
}

fn trials((name, test): &'static Test) -> Vec<Trial> {
    let must = std::env::var_os("CI").is_some_and(|value| value == "true");
    let mounts = journal::MOUNTS.contains(name);
    Identity::BOTH
        .into_iter()
        .map(|who| {
            let possible = who.possible() && (!mounts || Identity::is_root());
            let run = move || {
                assert!(possible, "only the superuser can run this");
                test(&World::new(who));
                Ok(())
            };
            let ignored = !possible && !must;
            Trial::test(format!("{name}/{}", who.name()), run).with_ignored_flag(ignored)
        })
        .collect()
}

/// Runs stockade and expects a status. What it was to run would leave a mark, see [`marked`].
fn expect(world: &World, words: &[&str], status: i32) -> Ended {
    let ended = world.stockade(words.iter().copied()).end();
    assert_eq!(ended.code(), status, "{words:?}: {ended:?}");
    ended
}

/// A text that leaves a mark in the workspace: there when it ran, confined or not.
const MARK: &str = "echo ran > mark";

/// Whether [`MARK`] ran since the last time this was asked.
fn marked(world: &World) -> bool {
    std::fs::remove_file(world.workspace().join("mark")).is_ok()
}

/// Expects that a run is refused for its own faults: 125, a word about it, nothing ran.
fn fails(run: Run, world: &World, says: &str) {
    let ended = run.end();
    assert_eq!(ended.code(), 125, "{ended:?}");
    assert!(ended.err.starts_with("stockade: "), "it does not say who speaks: {ended:?}");
    assert!(ended.err.contains(says), "no {says:?} in {ended:?}");
    assert!(!marked(world), "it ran all the same");
}

//! What a person is told of refusals at the end of a run: the right thing, in few lines, with the line of
//! a profile that would allow it; and nothing at all when the wall had no part in a failure.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]

mod calls;
mod everyday;
mod files;
mod sessions;
#[path = "../support/mod.rs"]
#[expect(clippy::allow_attributes, reason = "each test uses its own part of what is shared")]
#[allow(dead_code, unused_imports, reason = "each test uses its own part of what is shared")]
mod support;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use support::{Ended, Identity, World};

/// A test by name; each is run once for each identity.
type Test = (&'static str, fn(&World));

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let subjects = [files::TESTS, calls::TESTS, everyday::TESTS, sessions::TESTS];
    let trials = subjects.into_iter().flatten().flat_map(trials).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::leave();
    conclusion.exit_code()
}

fn trials((name, test): &'static Test) -> Vec<Trial> {
    let must = std::env::var_os("CI").is_some_and(|value| value == "true");
    Identity::BOTH
        .into_iter()
        .map(|who| {
            let run = move || {
                assert!(who.possible(), "only the superuser can run the tests of the superuser");
                test(&World::new(who));
                Ok(())
            };
            let ignored = !who.possible() && !must;
            Trial::test(format!("{name}/{}", who.name()), run).with_ignored_flag(ignored)
        })
        .collect()
}

/// Runs Python code, which gate one does not read, under options of `run`.
fn python(world: &World, options: &[&str], code: &str) -> Ended {
    // Out of the first gate's sight: the second is to be heard.
    let hex: String = world.fill(code).bytes().map(|byte| format!("{byte:02x}")).collect();
    let code = format!("exec(bytes.fromhex('{hex}'))");
    world.stockade([&["run"], options, &["--", "python3", "-c", &code]].concat()).end()
}

/// Runs shell text.
fn shell(world: &World, options: &[&str], text: &str) -> Ended {
    let text = world.fill(text);
    world.stockade([&["run"], options, &["-c", &text]].concat()).end()
}

/// The lines stockade itself said.
fn told(ended: &Ended) -> Vec<&str> {
    ended.err.lines().filter(|line| line.starts_with("stockade: ")).collect()
}

/// Expects that a line says all of this.
fn tells(world: &World, ended: &Ended, words: &[&str]) {
    let words: Vec<String> = words.iter().map(|word| world.fill(word)).collect();
    let has = |line: &&str| words.iter().all(|word| line.contains(word.as_str()));
    assert!(told(ended).iter().any(has), "no line with {words:?} in {ended:?}");
}

/// Expects that nothing is said.
fn silent(ended: &Ended) {
    assert!(told(ended).is_empty(), "{ended:?}");
}

/// The record of the end of the last run, as JSON text.
fn last_record(world: &World) -> String {
    let journal = std::fs::read_to_string(world.state().join("journal.jsonl")).unwrap();
    journal.lines().last().unwrap().to_owned()
}

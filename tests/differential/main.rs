//! Gate one against the machine: generated commands are judged, then run for real in scratch directories, and
//! what happened must be covered by what was predicted. What gate two does with it is not looked at here.
//!
//! `STOCKADE_SEED` begins elsewhere, `STOCKADE_COMMANDS` takes another number of commands, and `STOCKADE_TEXT`
//! runs one text and shows everything.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

mod compare;
mod grammar;
mod known;
mod observe;
mod predict;
mod random;
mod runner;
mod scene;
mod simple;
mod suite;
#[path = "../support/mod.rs"]
#[expect(clippy::allow_attributes, reason = "each test uses its own part of what is shared")]
#[allow(dead_code, unused_imports, reason = "each test uses its own part of what is shared")]
mod support;
mod verdicts;
mod words;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Ok(text) = std::env::var("STOCKADE_TEXT") {
        suite::show(&text);
        scene::leave();
        support::leave();
        return ExitCode::SUCCESS;
    }
    let arguments = Arguments::from_args();
    let trials = suite::TESTS
        .iter()
        .map(|(name, test)| {
            Trial::test(*name, move || {
                test();
                Ok(())
            })
        })
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    scene::leave();
    support::leave();
    conclusion.exit_code()
}

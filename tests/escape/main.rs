//! Attacks on the sandbox, each of which must be refused, and beside each an honest twin that must pass.
//!
//! An attack comes in three runs: bare (it works, so it is an attack), inside the sandbox (the
//! kernel refuses it, and the victim is as it was), and as plain text (gate one refuses it).
//! Names begin with the row of the catalogue of known escapes.

#![expect(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may fall over"
)]

mod bereft;
mod case;
mod descriptors;
mod environment;
mod fidelity;
mod files;
mod guardian;
mod hidden;
mod ipc;
mod isolate;
mod kernel;
mod lifecycle;
mod limits;
mod loopback;
mod machine;
mod metadata;
mod names;
mod nested;
mod network;
mod outsiders;
mod places;
mod planted;
mod privileges;
mod protected;
mod review;
mod rows;
mod rules;
mod secrets;
mod shell;
mod sockets;
mod state;
mod supervised;
#[path = "../support/mod.rs"]
#[expect(clippy::allow_attributes, reason = "each test uses its own part of what is shared")]
#[allow(dead_code, unused_imports, reason = "each test uses its own part of what is shared")]
mod support;
mod terminal;
mod watch;
mod witness;

use case::{Case, Kind};
use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use support::{Identity, Place};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let subjects = [
        files::cases(),
        names::cases(),
        descriptors::cases(),
        outsiders::cases(),
        environment::cases(),
        network::cases(),
        loopback::cases(),
        sockets::cases(),
        ipc::cases(),
        lifecycle::cases(),
        bereft::cases(),
        limits::cases(),
        fidelity::cases(),
        terminal::cases(),
        watch::cases(),
        shell::cases(),
        privileges::cases(),
        review::cases(),
        rows::cases(),
        kernel::cases(),
        rules::cases(),
        nested::cases(),
        isolate::cases(),
        state::cases(),
        planted::cases(),
        places::cases(),
        machine::cases(),
        secrets::cases(),
        metadata::cases(),
        protected::cases(),
        supervised::cases(),
        hidden::cases(),
        guardian::cases(),
    ];
    let cases: Vec<Case> = subjects.into_iter().flatten().collect();
    rows::every_row_has_both_halves(&cases);
    let trials = cases.into_iter().flat_map(trials).collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    support::leave();
    conclusion.exit_code()
}

/// What of a case there is, once for each identity. What cannot run here is shown as ignored,
/// and on a build server fails.
fn trials(case: Case) -> Vec<Trial> {
    let must = std::env::var_os("CI").is_some_and(|value| value == "true");
    let case = std::sync::Arc::new(case);
    let elsewhere =
        Place::OTHERS.into_iter().flat_map(|place| Identity::BOTH.map(|who| who.at(place)));
    let everybody = Identity::BOTH.into_iter().chain(elsewhere);
    let every = everybody.flat_map(|who| Kind::ALL.map(|kind| (who, kind)));
    every
        .filter(|(who, kind)| case.has(*kind, who.place))
        .map(|(who, kind)| {
            let name = format!("{}/{}/{}", case.name(), kind.name(), who.name());
            let case = std::sync::Arc::clone(&case);
            let ignored = !case.possible(who) && !must;
            let run = move || {
                assert!(case.possible(who), "only the superuser can run this");
                case.run(kind, who);
                Ok(())
            };
            Trial::test(name, run).with_ignored_flag(ignored)
        })
        .collect()
}

//! The verbs of the command line, one file each: the only room that prints, and the only one that knows clap.
#![forbid(unsafe_code)]

mod arguments;
mod catalogue;
mod check;
mod doctor;
mod effects;
mod explain;
mod export;
pub mod jsonl;
mod log;
mod printable;
mod profile;
mod record;
mod refusals;
mod run;
mod shortcut;
mod syscalls;
mod tell;
mod trace;

use crate::session::outcome::status;
use arguments::{Arguments, Verb};
use clap::Parser;
use std::process::ExitCode;

/// Runs the program and says how it ended.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(plain) = shortcut::run(std::env::args_os().skip(1)) {
        return ExitCode::from(run::run(plain));
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let status = match arguments.verb {
        Verb::Run(arguments) => run::run(arguments),
        Verb::Check(arguments) => check::check(arguments),
        Verb::Explain(arguments) => explain::explain(arguments),
        Verb::Log(arguments) => record::record(arguments),
        Verb::Profile(arguments) => catalogue::catalogue(arguments),
        Verb::Export(arguments) => catalogue::export(arguments),
        Verb::Doctor(arguments) => doctor::doctor(&arguments),
    };
    ExitCode::from(status)
}

/// Help and version go to standard output; a mistake on the command line means that stockade did
/// not do its job.
fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    if error.use_stderr() || printed.is_err() {
        ExitCode::from(status::FAILED)
    } else {
        ExitCode::SUCCESS
    }
}

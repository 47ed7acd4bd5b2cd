//! The verbs of the command line: the only room that prints.
#![forbid(unsafe_code)]

pub mod profile;

/// Runs the program.
#[must_use]
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}

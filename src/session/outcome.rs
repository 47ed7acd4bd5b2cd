//! How it ended, and the exit status that says so: the one table of the house.

use crate::model::verdict::Verdict;
use crate::sandbox::spawn::{End, Report};

/// The exit statuses of stockade's own; everything else is the command's.
pub mod status {
    /// `check`: the command may just run.
    pub const ALLOW: u8 = 0;
    /// `check`: a person must say yes first.
    pub const ASK: u8 = 10;
    /// `check`: it must not run.
    pub const DENY: u8 = 11;
    /// The time limit was reached, as timeout(1) says it.
    pub const TIME_UP: u8 = 124;
    /// stockade could not do its job; the command did not run.
    pub const FAILED: u8 = 125;
    /// Refused before start, or the file cannot be executed.
    pub const REFUSED: u8 = 126;
    /// There is no such program.
    pub const NOT_FOUND: u8 = 127;
    /// What a run printed could not be written: what programs that write themselves end with.
    pub const UNWRITTEN: u8 = 1;
    /// To this the number of the signal is added that ended the command.
    pub const SIGNALLED: u8 = 128;
}

/// How one invocation ended.
#[derive(Debug)]
pub enum Outcome {
    /// It ran.
    Ran(Report),
    /// It was refused before start.
    Refused(Box<Verdict>),
}

impl Outcome {
    /// The exit status.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::Refused(_) => status::REFUSED,
            Self::Ran(report) => status_of(report),
        }
    }
}

/// The exit status of a run that took place.
#[must_use]
pub fn status_of(report: &Report) -> u8 {
    match report.end {
        // It may not look as if all was well. Who wrote on found nobody reading.
        End::Exited(0 | 141) | End::Killed(13) if report.lost.is_some() => status::UNWRITTEN,
        // The kernel keeps eight bits of an exit status.
        End::Exited(code) => u8::try_from(code & 0xff).unwrap_or(u8::MAX),
        End::Killed(signal) => u8::try_from(signal).unwrap_or(0).saturating_add(status::SIGNALLED),
        End::TimeUp => status::TIME_UP,
    }
}

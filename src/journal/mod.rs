//! The append-only record of every run: events, the hash chain over them, and questions to them.
//!
//! It writes down what it is handed and decides nothing. The journal is `journal.jsonl` in the
//! state directory: JSON Lines, one record an event. `chain` describes the bytes of a line so that
//! anybody can verify them with `sed` and `sha256sum`; `docs/journal.md` says the same to people.
#![forbid(unsafe_code)]

pub mod chain;
pub mod event;
pub mod lines;
pub mod read;
pub mod record;
pub mod refusal;
mod run;
mod tail;
pub mod text;
mod verify;
mod write;

#[cfg(test)]
mod tests;

pub use run::{RunId, new_run_id};
pub use verify::{Break, Report, TornPlace, verify};
pub use write::{Journal, JournalError, patiently};

use std::path::{Path, PathBuf};

/// The version of the schema in every record (`v`). A reader takes what it knows and passes over
/// fields and events it does not.
pub const VERSION: u32 = 1;

/// The name of the journal in the state directory.
pub const FILE: &str = "journal.jsonl";

/// Where the journal of a state directory lies.
#[must_use]
pub fn path_in(state: &Path) -> PathBuf {
    state.join(FILE)
}

//! What programs do with their arguments: knowledge as data (`profiles/programs/*.toml`), read with getopt semantics.
//!
//! A model says which words are read, written, deleted, executed or sent, and which are commands
//! in their turn. It does not resolve paths, follow the working directory or judge.

pub mod reading;

use reading::{Call, Reading};

/// What the program named by `call` would do with its words. A program without a model gives a
/// `GapKind::UnknownProgram`.
#[must_use]
pub fn read(_call: &Call<'_>) -> Reading {
    Reading::default()
}

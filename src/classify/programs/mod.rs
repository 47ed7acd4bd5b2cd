//! What programs do with their arguments: knowledge as data (`profiles/programs/*.toml`), read with getopt semantics.
//!
//! A model says which words are read, written, deleted, executed or sent, and which are commands
//! in their turn. It does not resolve paths, follow the working directory or judge.

pub mod reading;

mod act;
mod examples;
mod getopt;
mod grammars;
mod model;
mod operands;
mod perform;
mod reader;
mod shelf;

pub use examples::verify_all;
pub(in crate::classify) use operands::split;
pub use shelf::known_names;

use reading::{Call, Reading};

/// What the program named by `call` would do with its words. A program without a model gives a
/// `GapKind::UnknownProgram`.
#[must_use]
pub fn read(call: &Call<'_>) -> Reading {
    reader::read(call)
}

/// Whether a model is known by that name, version suffixes aside.
#[must_use]
pub fn knows(name: &str) -> bool {
    shelf::known_as(name).is_some()
}

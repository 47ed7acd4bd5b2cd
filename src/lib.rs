//! stockade: two gates around every command an AI agent wants to run on Linux.
//!
//! The rooms are described in `ARCHITECTURE.md`; `tests/architecture.rs` holds their law. Rooms
//! import one another by their own names, never through this file.

pub mod model;
pub mod sys;

pub mod classify;
pub mod journal;
pub mod policy;

pub mod arbiter;
pub mod sandbox;
pub mod settings;

pub mod supervisor;

pub mod session;

pub mod cli;

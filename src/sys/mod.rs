//! (being built)

pub mod file;

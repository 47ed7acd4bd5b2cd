//! (being built)
#![forbid(unsafe_code)]

pub mod world;

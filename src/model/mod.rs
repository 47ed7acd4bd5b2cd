//! The shared words of the house: plain values that every room speaks and that do nothing by themselves.
//!
//! Nothing here asks the kernel, reads a file or decides. The words mean exactly what the
//! design says; a room that needs a new one adds it here rather than inventing its own.
#![forbid(unsafe_code)]

pub mod assessment;
pub mod decision;
pub mod effect;
pub mod finding;
pub mod gap;
pub mod invocation;
pub mod loss;
pub mod support;
pub mod target;
pub mod trace;
pub mod verdict;
pub mod world;

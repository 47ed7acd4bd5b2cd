//! What may happen: one layer as written (`Profile`), the merged whole (`Policy`), and the judge.
//!
//! Pure: it is handed text and variables, and asks nobody. Finding and trusting files is `settings`' business.
#![forbid(unsafe_code)]

pub mod amount;
pub mod builtin;
pub mod error;
pub mod example;
pub mod folded;
#[cfg(test)]
pub(crate) mod generate;
#[cfg(test)]
pub(crate) mod generate_safer;
#[cfg(test)]
pub(crate) mod generate_syscalls;
pub mod heard;
pub mod hidden;
pub mod judge;
pub mod matching;
pub mod merge;
pub mod narrow;
pub mod parse;
pub mod ports;
pub mod profile;
pub mod reader;
pub mod resolved;
pub mod rule;
mod rule_parse;
pub mod safer;
#[rustfmt::skip]
mod safer_table;
#[rustfmt::skip]
mod tables;
pub mod telling;
pub mod variables;
pub mod words;

pub use judge::judge;

#[cfg(test)]
mod judge_cases;
#[cfg(test)]
mod tests;

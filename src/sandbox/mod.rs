//! Gate two: what the child will have applied, planned as data and then enforced by the kernel.
//!
//! It enforces and decides nothing: which roots, which network, which limits is the policy's
//! word, whether the command may run at all was settled before.
#![forbid(unsafe_code)]

pub mod cgroup;
pub mod compile;
pub mod describe;
pub mod enter;
pub mod environment;
pub mod expand;
pub mod filter;
pub mod isolation;
pub mod mounts;
pub mod network;
pub mod pattern;
pub mod plan;
#[cfg(test)]
mod plans;
pub mod presence;
pub mod ruleset;
pub mod spawn;
pub mod support;

//! What a repository's own files may say for git to stay harmless. Pure: texts in, verdicts out.

pub mod config;
mod keys;
pub mod pointer;

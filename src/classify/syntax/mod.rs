//! From shell text to our own small tree: what the shell would see, with its place in the text.
//!
//! `shuck` says where statements and words begin and end; the inside of every word is read here,
//! so that no quoting, substitution or here-document is hidden by a parser's shortcut. Nothing is
//! expanded or judged here.

mod ansi;
mod braces;
mod certain;
mod closing;
mod compound;
mod depth;
pub(super) mod dialect;
mod documents;
mod dollar;
mod lower;
mod parse;
mod shown;
pub(super) mod tree;
mod weight;
mod word;

pub(super) use ansi::decode as decode_escapes;
pub(super) use braces::expand as expand_braces;
pub(super) use parse::{Origin, parse, parse_clean};
pub(super) use word::double_quoted;

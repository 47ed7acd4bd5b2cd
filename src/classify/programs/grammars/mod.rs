//! Handlers for the few command lines that getopt cannot express, chosen by name from the data.
//!
//! A handler reads words and nothing else; whatever can be said as data belongs in a model.

mod cloud;
mod find;
mod git;
mod pure;
mod tar;

use super::getopt::Sorted;
use super::model::Model;
use super::reader::Reader;
use crate::classify::value::Value;

/// At which point of the reading a handler steps in.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grammar {
    /// It reads all words in place of getopt.
    Words(fn(&mut Reader, &[Value])),
    /// It rewrites the words into ones getopt can read.
    Rewrite(fn(&Model, &[Value]) -> Vec<Value>),
    /// It reads the operands in place of the slots.
    Operands(fn(&mut Reader, &Sorted<'_>)),
}

/// The handler a model names.
pub(super) fn named(name: &str) -> Option<Grammar> {
    Some(match name {
        "find" => Grammar::Words(find::read),
        "echo" => Grammar::Words(pure::echo),
        "printf" => Grammar::Words(pure::printf),
        "basename" => Grammar::Words(pure::basename),
        "dirname" => Grammar::Words(pure::dirname),
        "seq" => Grammar::Words(pure::seq),
        "tar" => Grammar::Rewrite(tar::first_word),
        "kubectl objects" => Grammar::Operands(cloud::kubectl_objects),
        "cloud words" => Grammar::Words(cloud::words),
        "git push" => Grammar::Operands(git::push),
        "git checkout" => Grammar::Operands(git::checkout),
        "git config" => Grammar::Operands(git::config),
        _ => return None,
    })
}

/// Reads one word by the handler a `special` act names.
pub(super) fn special(name: &str, reader: &mut Reader, word: &Value) {
    match name {
        "git setting" => git::setting(reader, word),
        "ssh option" => git::ssh_option(reader, word),
        "git directory" => git::clone_directory(reader, word),
        "git url" => git::url(reader, word),
        "mount" => tar::mount(reader, word),
        _ => {}
    }
}

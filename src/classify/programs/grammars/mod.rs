//! Handlers for the few command lines that getopt cannot express, chosen by name from the data.
//!
//! A handler reads words and nothing else; whatever can be said as data belongs in a model.

mod cloud;
mod find;
mod forge;
mod git;
mod git_config;
mod mktemp;
mod parallel;
mod pure;
mod tar;

use super::act::Thing;
use super::getopt::Sorted;
use super::model::Model;
use super::perform::{Word, leading};
use super::reader::Reader;
use super::reading::Language;
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::gap::GapKind;

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
        "parallel" => Grammar::Operands(parallel::read),
        "shell" => Grammar::Rewrite(parallel::without_plus),
        "kubectl objects" => Grammar::Operands(cloud::kubectl_objects),
        "cloud words" => Grammar::Words(cloud::words),
        "gh api" => Grammar::Operands(forge::request),
        "git push" => Grammar::Operands(git::push),
        "git checkout" => Grammar::Operands(git::checkout),
        "git clean" => Grammar::Operands(git::clean),
        "mktemp" => Grammar::Operands(mktemp::read),
        "git config" => Grammar::Operands(git_config::config),
        "tmux keys" => Grammar::Operands(keys),
        _ => return None,
    })
}

/// Reads one word by the handler a `special` act names.
pub(super) fn special(name: &str, reader: &mut Reader, word: &Value) {
    match name {
        "git setting" => git::setting(reader, word),
        "git directory" => git::clone_directory(reader, word),
        "git url" => git::url(reader, word),
        "socat address" => socat(reader, word),
        "mount" => tar::mount(reader, word),
        "pipe or file" => pipe_or_file(reader, word),
        "fzf binding" => bindings(reader, word),
        _ => {}
    }
}

/// `KEY:execute(COMMAND)+...`: what stands in the brackets of these actions is run.
fn bindings(reader: &mut Reader, word: &Value) {
    const ACTIONS: &[&str] =
        &["execute", "execute-silent", "become", "reload", "reload-sync", "transform", "preview"];
    let Some(text) = word.as_str() else {
        let what = "what a key of `fzf` runs".to_owned();
        return reader.gap(GapKind::OpaqueCode, word.span, what);
    };
    for action in ACTIONS {
        for (at, found) in text.match_indices(action) {
            let Some(rest) = text
                .get(at + found.len()..)
                .and_then(|rest| rest.strip_prefix(['(', ':', '[', '{']))
            else {
                continue;
            };
            let end = rest.rfind([')', ']', '}']).unwrap_or(rest.len());
            let command = Value::constant(rest.get(..end).unwrap_or(rest), word.span);
            reader.text(Language::Shell, Word::of(&command), Vec::new());
        }
    }
}

/// `tmux send-keys`: what is typed, one word right behind the other; names of keys are no text.
fn keys(reader: &mut Reader, sorted: &Sorted<'_>) {
    let mut typed = Value { known: Known::Const(Vec::new()), ..Value::constant("", reader.span) };
    for word in &sorted.operands {
        let text = word.as_str().unwrap_or("");
        let key = matches!(
            text,
            "Enter" | "KPEnter" | "Escape" | "Tab" | "BSpace" | "Up" | "Down" | "Left" | "Right"
        ) || (text.len() == 3 && (text.starts_with("C-") || text.starts_with("M-")));
        typed.known = match text {
            "Space" => typed.known.then(&Known::Const(b" ".to_vec())),
            "Enter" | "KPEnter" | "C-m" | "C-j" => typed.known.then(&Known::Const(b"\n".to_vec())),
            _ if key => typed.known,
            _ => typed.known.then(&word.known),
        };
    }
    let typed = Value { known: typed.known.map(|text| text.trim_ascii_end().to_vec()), ..typed };
    if typed.as_const().is_none_or(|text| !text.is_empty()) {
        reader.text(Language::Shell, Word::of(&typed), Vec::new());
    }
}

/// `|COMMAND` or `!COMMAND`, or a file that is written (`strace -o`).
fn pipe_or_file(reader: &mut Reader, word: &Value) {
    let [b'|' | b'!', command @ ..] = leading(word) else {
        return reader.use_of(Access::Write, Reach::Itself, &Thing::Path, Word::of(word));
    };
    let known = match word.known {
        Known::Const(_) => Known::Const(command.to_vec()),
        _ => Known::prefix(command.to_vec()),
    };
    let text = Value { known, ..word.clone() };
    reader.text(Language::Shell, Word::of(&text), Vec::new());
}

/// `EXEC:COMMAND,option`, `SYSTEM:COMMAND`: socat ties the command to the other address.
fn socat(reader: &mut Reader, word: &Value) {
    let bytes = leading(word);
    let colon = bytes.iter().position(|c| *c == b':').unwrap_or(bytes.len());
    let (kind, rest) = (bytes.get(..colon), bytes.get(colon + 1..).unwrap_or_default());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if !matches!(kind.as_slice(), b"exec" | b"system" | b"shell") {
        let what = "a socat address".to_owned();
        return reader.gap(GapKind::OpaqueCode, word.span, what);
    }
    reader.finding("net.reverse-shell", word.span);
    let end = rest.iter().position(|c| *c == b',').unwrap_or(rest.len());
    let known = match &word.known {
        Known::Const(_) => Known::Const(rest.get(..end).unwrap_or_default().to_vec()),
        _ => Known::Unknown,
    };
    let text = Value { known, ..word.clone() };
    reader.text(Language::Shell, Word::of(&text), Vec::new());
}

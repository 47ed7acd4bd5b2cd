//! GNU parallel: a template, and words to fill it with from `:::` or from standard input; `+x` of shells.

use super::super::getopt::Sorted;
use super::super::model::Model;
use super::super::perform::Word;
use super::super::reader::Reader;
use super::super::reading::{Code, Language};
use crate::classify::value::{Arity, Known, Value};

/// Words that are followed one by one.
const MAX_WORDS: usize = 64;

/// `parallel [COMMAND...] [::: WORDS...]`: each text is handed to a shell.
pub(super) fn read(reader: &mut Reader, sorted: &Sorted<'_>) {
    let is_mark = |word: &Value| matches!(word.as_str(), Some(":::" | ":::+" | "::::" | "::::+"));
    let end = sorted.operands.iter().position(is_mark);
    let (template, rest) = sorted.operands.split_at(end.unwrap_or(sorted.operands.len()));
    let template = joined(template, reader);
    if !rest.iter().any(|word| matches!(word.as_str(), Some(":::" | ":::+"))) {
        let word = |text: &str| Value::constant(text, reader.span);
        let words = vec![word("sh"), word("-c"), template];
        return reader.carry(Code::ArgvFromStdin(words), Word::none(reader.span));
    }
    for word in rest.iter().filter(|word| !is_mark(word)).take(MAX_WORDS) {
        let text = filled(&template, word);
        reader.text(Language::Shell, Word::of(&text), Vec::new());
    }
}

/// The template as one text, with a place for the word.
fn joined(words: &[Value], reader: &Reader) -> Value {
    let mut text = Value::constant(Vec::new(), reader.span);
    for (nth, word) in words.iter().enumerate() {
        if nth > 0 {
            text.known = text.known.then(&Known::Const(b" ".to_vec()));
        }
        text.known = text.known.then(&word.known);
        text = text.tainted_by(&word.taint);
    }
    let place: &[u8] = match &text.known {
        Known::Const(bytes) if bytes.is_empty() => b"{}",
        Known::Const(bytes) if !bytes.windows(2).any(|pair| pair == b"{}") => b" {}",
        _ => b"",
    };
    text.known = text.known.then(&Known::Const(place.to_vec()));
    text
}

/// The template with the word in every place for it.
fn filled(template: &Value, word: &Value) -> Value {
    let Some(text) = template.as_str() else { return template.clone() };
    let mut known = Known::Const(Vec::new());
    for (nth, piece) in text.split("{}").enumerate() {
        if nth > 0 {
            known = known.then(&word.known);
        }
        known = known.then(&Known::Const(piece.into()));
    }
    Value { known, arity: Arity::One, taint: word.taint.clone(), span: template.span }
}

/// `sh +x -c TEXT`: what switches an option off takes none of the words after it but after `+o`.
pub(super) fn without_plus(_: &Model, words: &[Value]) -> Vec<Value> {
    let mut rest = words.iter();
    let mut kept = Vec::with_capacity(words.len());
    while let Some(word) = rest.next() {
        match word.as_str().and_then(|text| text.strip_prefix('+')) {
            Some(letters) if letters.ends_with(['o', 'O']) => drop(rest.next()),
            Some(letters) if !letters.is_empty() => {}
            _ => kept.push(word.clone()),
        }
        // whatever comes after the first text or file is its own
        if !word.as_str().is_some_and(|text| text.starts_with(['-', '+'])) {
            break;
        }
    }
    kept.extend(rest.cloned());
    kept
}

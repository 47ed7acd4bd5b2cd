//! Data on its way through pipes, substitutions and files: how much of it is known, what taints it.
//!
//! A stream knows nothing of programs; who sends it where is decided in `shell`.

use crate::classify::value::{Arity, Known, Value, add_taint};
use crate::model::effect::Taint;
use crate::model::finding::Span;
use std::path::PathBuf;

/// Streams longer than this are not followed byte by byte.
const MAX_BYTES: usize = 64 * 1024;

/// What comes out of one command and goes into another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) struct Stream {
    /// The bytes, as far as known.
    pub(in crate::classify) known: Known,
    /// What flowed into it.
    pub(in crate::classify) taint: Vec<Taint>,
    /// When it lists paths: the directories they lie at or below.
    pub(in crate::classify) paths: Vec<Value>,
    /// The file it is a plain copy of, to be read only when that matters.
    pub(in crate::classify) file: Option<PathBuf>,
}

impl Default for Stream {
    /// A stream of which nothing is known.
    fn default() -> Self {
        Self { known: Known::Unknown, taint: Vec::new(), paths: Vec::new(), file: None }
    }
}

impl Stream {
    /// No bytes at all.
    pub(in crate::classify) fn empty() -> Self {
        Self::exactly(Vec::new())
    }

    /// These bytes.
    pub(in crate::classify) fn exactly(bytes: Vec<u8>) -> Self {
        let known = if bytes.len() > MAX_BYTES { Known::Unknown } else { Known::Const(bytes) };
        Self { known, ..Self::default() }
    }

    /// Unknown bytes into which this flowed.
    pub(in crate::classify) fn unknown(taint: Vec<Taint>) -> Self {
        Self { taint, ..Self::default() }
    }

    /// A word as a stream.
    pub(in crate::classify) fn of(value: &Value) -> Self {
        Self { known: value.known.clone(), taint: value.taint.clone(), ..Self::default() }
    }

    /// The bytes when they are certain.
    pub(in crate::classify) fn bytes(&self) -> Option<&[u8]> {
        if let Known::Const(bytes) = &self.known { Some(bytes) } else { None }
    }

    /// Whether it is certainly empty.
    pub(in crate::classify) fn is_empty(&self) -> bool {
        self.bytes().is_some_and(<[u8]>::is_empty)
    }

    /// This, then `other`.
    pub(in crate::classify) fn append(&mut self, other: Self) {
        if other.is_empty() {
            return add_taint(&mut self.taint, &other.taint);
        }
        if self.is_empty() {
            let taint = std::mem::take(&mut self.taint);
            *self = other;
            return add_taint(&mut self.taint, &taint);
        }
        self.known.push(&other.known);
        if self.bytes().is_some_and(|bytes| bytes.len() > MAX_BYTES) {
            self.known = Known::Unknown;
        }
        add_taint(&mut self.taint, &other.taint);
        self.paths.extend(other.paths);
        self.file = None;
    }

    /// The word a command substitution makes of it.
    pub(in crate::classify) fn into_word(self, span: Span) -> Value {
        let known = match &self.known {
            Known::Unknown if !self.paths.is_empty() => self.below(),
            known @ (Known::Const(_) | Known::OneOf(_)) => known.map(|bytes| {
                let kept = bytes.iter().rposition(|c| *c != b'\n').map_or(0, |at| at + 1);
                bytes.iter().take(kept).copied().filter(|c| *c != 0).collect()
            }),
            known => known.clone(),
        };
        Value { known, arity: Arity::One, taint: self.taint, span }
    }

    /// The words it gives to a program that reads paths from it.
    pub(in crate::classify) fn into_words(self, span: Span) -> Vec<Value> {
        if let Some(bytes) = self.bytes() {
            let pieces = bytes.split(|c| c.is_ascii_whitespace() || *c == 0);
            let words = pieces.filter(|piece| !piece.is_empty());
            return words.map(|word| Value::constant(word, span).tainted_by(&self.taint)).collect();
        }
        if self.paths.is_empty() {
            return vec![Value::unknown(span).tainted_by(&self.taint)];
        }
        let paths = self.paths.iter();
        paths.map(|root| below(root, span).tainted_by(&self.taint)).collect()
    }

    fn below(&self) -> Known {
        let mut known = self.paths.iter().map(|root| below(root, Span::default()).known);
        let first = known.next().unwrap_or(Known::Unknown);
        known.fold(first, |all, one| all.or(&one))
    }
}

/// Any path at or below `root`, as a word.
pub(in crate::classify) fn below(root: &Value, span: Span) -> Value {
    let mut known = root.known.beginning();
    let whole = root.as_const().is_some();
    if whole && !known.ends_with(b"/") {
        known.push(b'/');
    }
    let known = Known::prefix(known);
    Value { known, arity: Arity::Any, taint: root.taint.clone(), span }
}

//! What `${x...}` does with a value: defaults, trimming, replacing, slicing, changing case.

use super::Piece;
use super::parameter::Found;
use super::pattern;
use crate::classify::shell::Shell;
use crate::classify::shell::state::{State, Variable};
use crate::classify::syntax::tree::{Anchor, EmptyIs, End, Greed, Operation, Quoting, Word};
use crate::classify::value::{Arity, Known, Value, add_taint};
use crate::model::finding::Span;

impl Shell<'_> {
    pub(super) fn operate(
        &mut self,
        operation: &Operation,
        found: Found,
        (name, span): (&str, Span),
        state: &mut State,
    ) -> Found {
        match operation {
            Operation::Plain => found,
            Operation::Length => Found::One(length(&found, span)),
            Operation::Names => self.names(name, found, state, span),
            Operation::Default(operator, empty, word) => {
                self.default((*operator, *empty), word, (found, name), state)
            }
            Operation::Trim(end, greed, word) => match self.pattern(word, state) {
                Some(pattern) => attempt(found, |text| trim(text, &pattern, *end, *greed)),
                None => forget(found),
            },
            Operation::Replace(anchor, pattern, with) => {
                let pattern = self.pattern(pattern, state);
                let with = self.single(with, state);
                match (pattern, with.as_const()) {
                    (Some(pattern), Some(with)) => {
                        attempt(found, |text| replace(text, &pattern, with, *anchor))
                    }
                    _ => forget(found),
                }
            }
            Operation::Slice(offset, length) => {
                self.slice((found, name), offset, length.as_ref(), state)
            }
            Operation::Case(operator, greed) => {
                each(found, |text| change_case(text, *operator, *greed))
            }
            Operation::Transform('U') => each(found, <[u8]>::to_ascii_uppercase),
            Operation::Transform('L') => each(found, <[u8]>::to_ascii_lowercase),
            Operation::Transform('u') => each(found, |text| change_case(text, b'^', Greed::Short)),
            Operation::Transform('E') => each(found, crate::classify::syntax::decode_escapes),
            Operation::Transform('P') => {
                if let Found::One(value) = &found {
                    for bytes in value.alternatives() {
                        let text = String::from_utf8_lossy(bytes).into_owned();
                        self.expanded(&text, state);
                    }
                }
                match found {
                    Found::One(value) => Found::One(self.as_prompt(value, state)),
                    other => forget(other),
                }
            }
            Operation::Transform(_) => forget(found),
        }
    }

    /// `${!prefix*}` lists names, `${!a[@]}` keys.
    fn names(&self, name: &str, found: Found, state: &State, span: Span) -> Found {
        if let Some(Variable::Array(all)) = state.variables.get(name) {
            return Found::List(
                all.iter().map(|(key, _)| Value::constant(key.as_bytes(), span)).collect(),
            );
        }
        forget(found)
    }

    fn default(
        &mut self,
        (operator, empty): (u8, EmptyIs),
        word: &Word,
        (found, name): (Found, &str),
        state: &mut State,
    ) -> Found {
        let is_empty = |bytes: &[u8]| bytes.is_empty() && empty == EmptyIs::Unset;
        let (unset, set) = match &found {
            Found::Unset => (true, false),
            Found::One(value) => match &value.known {
                Known::Const(bytes) => (is_empty(bytes), !is_empty(bytes)),
                Known::OneOf(all) => (all.iter().any(|b| is_empty(b)), true),
                Known::Prefix(_) => (false, true),
                Known::Unknown => (true, true),
            },
            Found::List(all) => (all.is_empty(), !all.is_empty()),
            Found::Pieces(_) => (true, true),
        };
        match operator {
            b'+' if !set => Found::Unset,
            // Quotes in the word protect what they hold, whatever stands around the whole.
            b'+' if !unset => Found::Pieces(self.pieces_within(word, state)),
            b'-' if !set => Found::Pieces(self.pieces_within(word, state)),
            b'+' => {
                let word = self.single(word, state);
                let nothing = Value::constant(Vec::new(), word.span);
                Found::One(merge(&word, &nothing))
            }
            b'?' => {
                state.halted |= !set;
                state.ended |= !set;
                found
            }
            _ if !unset => found,
            _ => {
                let word = self.single(word, state);
                let value = match &found {
                    Found::One(value) if set => merge(value, &word),
                    _ => word,
                };
                if operator == b'=' {
                    state.assign(name, value.clone());
                }
                Found::One(value)
            }
        }
    }

    /// The pieces of a word within an expansion: what stands bare in it is split like a value.
    fn pieces_within(&mut self, word: &Word, state: &mut State) -> Vec<Piece> {
        let split = |piece| match piece {
            Piece::Alive(text) => Piece::One(Value::constant(text, word.span), Quoting::Bare),
            other => other,
        };
        self.pieces(word, state).into_iter().map(split).collect()
    }

    fn slice(
        &mut self,
        (found, name): (Found, &str),
        offset: &Word,
        length: Option<&Word>,
        state: &mut State,
    ) -> Found {
        let offset = self.arithmetic(offset, state);
        let limit = length.map(|word| self.arithmetic(word, state));
        let (Some(offset), false) = (offset, matches!(limit, Some(None))) else {
            return forget(found);
        };
        let limit = limit.flatten();
        match found {
            Found::List(all) => {
                // `${@:1}` counts from $0
                let all = if matches!(name, "@" | "*") {
                    let zero = Value::constant("bash", Span::default());
                    std::iter::once(zero).chain(all).collect()
                } else {
                    all
                };
                let (start, end) = bounds(all.len(), offset, limit);
                Found::List(all.get(start..end).unwrap_or_default().to_vec())
            }
            other => each(other, |text| {
                let (start, end) = bounds(text.len(), offset, limit);
                text.get(start..end).unwrap_or_default().to_vec()
            }),
        }
    }
}

/// The range `${x:o:l}` takes of something `length` long.
fn bounds(length: usize, offset: i64, limit: Option<i64>) -> (usize, usize) {
    let size = i64::try_from(length).unwrap_or(i64::MAX);
    let start = if offset < 0 { size.saturating_add(offset) } else { offset.min(size) };
    if start < 0 {
        // Before the beginning there is nothing.
        return (0, 0);
    }
    let end = match limit {
        None => size,
        Some(n) if n < 0 => size.saturating_add(n).max(start),
        Some(n) => start.saturating_add(n).min(size),
    };
    (usize::try_from(start).unwrap_or(0), usize::try_from(end).unwrap_or(0))
}

fn each(found: Found, change: impl Fn(&[u8]) -> Vec<u8>) -> Found {
    let one = |value: Value| Value { known: value.known.map(&change), ..value };
    match found {
        Found::Unset => Found::Unset,
        Found::One(value) => Found::One(one(value)),
        Found::List(all) => Found::List(all.into_iter().map(one).collect()),
        Found::Pieces(pieces) => Found::Pieces(pieces),
    }
}

/// The same for a function that may give up: then nothing is known of the result.
fn attempt(found: Found, change: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Found {
    let given_up = std::cell::Cell::new(false);
    let changed = each(found, |text| {
        change(text).unwrap_or_else(|| {
            given_up.set(true);
            Vec::new()
        })
    });
    if given_up.get() { forget(changed) } else { changed }
}

/// A function of the value that cannot be told; the taint stays.
fn forget(found: Found) -> Found {
    let one = |value: Value| Value { known: Known::Unknown, arity: Arity::Any, ..value };
    match found {
        Found::Unset => Found::Unset,
        Found::One(value) => Found::One(one(value)),
        Found::List(all) => Found::List(all.into_iter().map(one).collect()),
        Found::Pieces(pieces) => Found::Pieces(pieces),
    }
}

fn length(found: &Found, span: Span) -> Value {
    let count = match found {
        Found::Unset => Some(0),
        Found::One(value) => value.as_const().map(<[u8]>::len),
        Found::List(all) => all.iter().all(|v| v.arity == Arity::One).then_some(all.len()),
        Found::Pieces(_) => None,
    };
    match count {
        Some(n) => Value::constant(n.to_string(), span),
        None => Value { arity: Arity::One, ..Value::unknown(span) },
    }
}

fn merge(left: &Value, right: &Value) -> Value {
    let mut value = left.clone();
    value.known = left.known.or(&right.known);
    add_taint(&mut value.taint, &right.taint);
    value
}

/// Steps that matching one value may take.
const MAX_STEPS: usize = 20_000;

fn trim(text: &[u8], pattern: &[u8], end: End, greed: Greed) -> Option<Vec<u8>> {
    let mut steps = MAX_STEPS;
    let at = |n: usize| text.split_at(n.min(text.len()));
    let mut fits = |n: &usize| match end {
        End::Front => pattern::matches(pattern, at(*n).0, &mut steps),
        End::Back => pattern::matches(pattern, at(*n).1, &mut steps),
    };
    let mut lengths = 0..=text.len();
    // the shortest cut at the front is a small number, at the back a large one
    let cut = match (end, greed) {
        (End::Front, Greed::Short) | (End::Back, Greed::Long) => lengths.find(&mut fits),
        (End::Front, Greed::Long) | (End::Back, Greed::Short) => lengths.rev().find(&mut fits),
    };
    let kept = match (cut, end) {
        (None, _) => text.to_vec(),
        (Some(n), End::Front) => at(n).1.to_vec(),
        (Some(n), End::Back) => at(n).0.to_vec(),
    };
    (steps > 0).then_some(kept)
}

fn replace(text: &[u8], pattern: &[u8], with: &[u8], anchor: Anchor) -> Option<Vec<u8>> {
    if pattern.is_empty() {
        return Some(match anchor {
            Anchor::Front => [with, text].concat(),
            Anchor::Back => [text, with].concat(),
            Anchor::First | Anchor::Every => text.to_vec(),
        });
    }
    let mut steps = MAX_STEPS;
    // without a wildcard only one length can match
    let plain = !pattern.iter().any(|c| b"*?[\\(".contains(c));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() && steps > 0 {
        let rest = text.get(at..).unwrap_or_default();
        let found = match anchor {
            Anchor::Front if at > 0 => None,
            Anchor::Back => Some(rest.len()).filter(|n| fits(pattern, rest, *n, &mut steps)),
            _ if plain => rest.starts_with(pattern).then_some(pattern.len()),
            _ => (1..=rest.len()).rev().find(|n| fits(pattern, rest, *n, &mut steps)),
        };
        if let Some(n) = found {
            out.extend(with);
            at += n;
            if anchor != Anchor::Every {
                break;
            }
        } else {
            out.extend(rest.first());
            at += 1;
        }
    }
    out.extend(text.get(at..).unwrap_or_default());
    (steps > 0).then_some(out)
}

/// Whether the first `n` bytes match.
fn fits(pattern: &[u8], rest: &[u8], n: usize, steps: &mut usize) -> bool {
    pattern::matches(pattern, rest.get(..n).unwrap_or_default(), steps)
}

fn change_case(text: &[u8], operator: u8, greed: Greed) -> Vec<u8> {
    let change =
        |c: u8| if operator == b'^' { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
    let all = greed == Greed::Long;
    text.iter().enumerate().map(|(n, c)| if all || n == 0 { change(*c) } else { *c }).collect()
}

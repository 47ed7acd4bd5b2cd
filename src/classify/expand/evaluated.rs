//! Text that a shell evaluates when it runs: subscripts in arithmetic, prompts, names with subscripts.
//!
//! `x='a[$(rm -rf ~)]'; ((x))` runs what stands in the subscript. What such text comes to is
//! for `arithmetic` to say; here is only what it runs.

use crate::classify::shell::Shell;
use crate::classify::shell::state::{Attribute, State};
use crate::classify::syntax::{Origin, double_quoted};
use crate::classify::value::Value;
use crate::model::finding::Span;

/// Names within values of names are followed so far.
const MAX_DEPTH: usize = 6;
/// Names in one expression that are looked at.
const MAX_NAMES: usize = 512;
/// Texts longer than this are no expression anybody writes.
const LONG: usize = 1024;

impl Shell<'_> {
    /// Text expanded as a here-document is; what it comes to.
    pub(in crate::classify) fn expanded(&mut self, text: &str, state: &mut State) -> Value {
        let span = Span::default();
        let (word, gaps) = double_quoted(text, Origin::Within(span));
        for gap in gaps {
            self.gap(gap.kind, gap.span, gap.what);
        }
        self.single(&word, state)
    }

    /// Runs what an expression would run: the subscripts in it and in the values of its names.
    pub(in crate::classify) fn evaluated(&mut self, text: &str, state: &mut State) {
        self.evaluated_within(text, 0, state);
    }

    fn evaluated_within(&mut self, text: &str, depth: usize, state: &mut State) {
        if depth > MAX_DEPTH || !is_promising(text) {
            return;
        }
        let mut rest = text;
        for _ in 0..MAX_NAMES {
            let Some(start) = rest.find(|c: char| c == '_' || c.is_ascii_alphabetic()) else {
                return;
            };
            let from = rest.get(start..).unwrap_or_default();
            let end = from.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
            let (name, after) = from.split_at(end.unwrap_or(from.len()));
            rest = after;
            if !self.budget.word() {
                return self
                    .spent(Span::default(), "there are more expressions than are looked at");
            }
            if let Some(subscript) = subscript(after) {
                rest = after.get(subscript.len() + 1..).unwrap_or_default();
                if subscript.contains(['$', '`']) {
                    self.expanded(subscript, state);
                }
                self.evaluated_within(subscript, depth + 1, state);
            }
            let value = self.variable(name, state, Span::default());
            for value in value.iter().flat_map(Value::alternatives) {
                let value = String::from_utf8_lossy(value).into_owned();
                if value != name {
                    self.evaluated_within(&value, depth + 1, state);
                }
            }
        }
        if is_promising(rest) {
            self.spent(Span::default(), "an expression has more names than are looked at");
        }
    }

    /// The same of words that may be names or expressions (`read x`, `[[ x -eq 1 ]]`).
    pub(in crate::classify) fn evaluated_words(&mut self, words: &[Value], state: &mut State) {
        for word in words {
            for bytes in word.alternatives() {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.evaluated(&text, state);
            }
        }
    }

    /// A value as it is stored: a variable declared an integer holds what an expression comes to.
    pub(in crate::classify) fn stored(
        &mut self,
        name: &str,
        value: Value,
        state: &mut State,
    ) -> Value {
        if name == "PS4" {
            // shown before each command under `set -x`, expanded each time
            for bytes in value.alternatives() {
                let text = String::from_utf8_lossy(bytes).into_owned();
                self.expanded(&text, &mut state.clone());
            }
        }
        if state.attributes.get(name) != Some(&Attribute::Integer) {
            return value;
        }
        let Some(text) = value.as_str().map(str::to_owned) else { return value };
        match self.arithmetic_text(&text, state) {
            Some(number) => {
                Value::constant(number.to_string(), value.span).tainted_by(&value.taint)
            }
            None => value,
        }
    }
}

/// Whether there can be a name in it that leads anywhere. A long text is data, unless it holds code.
fn is_promising(text: &str) -> bool {
    let code = || text.contains('[') && text.contains(['$', '`']);
    text.contains(|c: char| c == '_' || c.is_ascii_alphabetic()) && (text.len() < LONG || code())
}

/// What stands between the brackets a text begins with.
pub(super) fn subscript(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let mut open = 1_usize;
    for (at, c) in inner.char_indices() {
        match c {
            '[' => open += 1,
            ']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return inner.get(..at);
        }
    }
    None
}

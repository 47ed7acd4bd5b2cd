//! From words of the tree to words of a command: every expansion a shell does, on what is known.
//!
//! The order is the shell's: braces, tildes, parameters and substitutions, splitting, patterns.
//! Nothing here knows what a program does with its words.

mod arithmetic;
mod evaluated;
mod fields;
mod operations;
mod parameter;
pub(super) mod pattern;
mod prompt;

use crate::classify::shell::state::State;
use crate::classify::shell::{Reader, Shell};
use crate::classify::syntax::expand_braces;
use crate::classify::syntax::tree::{Direction, Expansion, Part, Quoting, Script, Word};
use crate::classify::value::{Arity, Known, Value};
use crate::model::finding::Span;
use fields::Fields;
use std::path::Path;
use std::rc::Rc;

/// What a part of a word became.
#[derive(Debug, Clone)]
enum Piece {
    /// Text outside quotes that was written there.
    Alive(String),
    /// Text that means itself.
    Dead(String),
    /// A value, split and globbed when it stands bare.
    One(Value, Quoting),
    /// Several values, each a word of its own (`"$@"`).
    Many(Vec<Value>, Quoting),
    /// What a word within an expansion became.
    Several(Vec<Self>),
}

impl Shell<'_> {
    /// All words of a command.
    pub(in crate::classify) fn words(&mut self, words: &[Word], state: &mut State) -> Vec<Value> {
        let mut values = Vec::with_capacity(words.len());
        for word in words {
            let before = values.len();
            self.word(word, state, &mut values);
            self.note_word(word, values.get(before..).unwrap_or_default());
        }
        values
    }

    fn word(&mut self, word: &Word, state: &mut State, values: &mut Vec<Value>) {
        if let [Part::Quoted(text)] = word.parts.as_slice() {
            return values.push(Value::constant(text.as_bytes(), word.span));
        }
        if self.budget.is_out_of_words() {
            return self.spent(word.span, "there are more words than are looked at");
        }
        match expand_braces(word) {
            None => self.fields(word, state, values),
            Some(words) => {
                for word in &words {
                    self.fields(word, state, values);
                }
            }
        }
    }

    /// A word without braces: expanded, split, matched against files.
    fn fields(&mut self, word: &Word, state: &mut State, values: &mut Vec<Value>) {
        if !self.budget.word() {
            return self.spent(word.span, "there are more words than are looked at");
        }
        let pieces = self.pieces(word, state);
        let mut fields = Fields::new(word.span, self.separators(state));
        for piece in flat(pieces) {
            fields.push(piece);
        }
        let drafts = fields.finish();
        if !self.budget.words(drafts.len().saturating_sub(1)) {
            self.spent(word.span, "there are more words than are looked at");
        }
        for draft in drafts {
            self.glob(draft, state, values);
        }
    }

    /// A word that stays one word: an assigned value, a here-document, a redirection.
    pub(in crate::classify) fn single(&mut self, word: &Word, state: &mut State) -> Value {
        if let [Part::Quoted(text)] = word.parts.as_slice() {
            return Value::constant(text.as_bytes(), word.span);
        }
        let mut whole = Value::constant(Vec::new(), word.span);
        for piece in flat(self.pieces(word, state)) {
            match piece {
                Piece::Alive(text) | Piece::Dead(text) => {
                    whole.known.push(&Known::Const(text.into_bytes()));
                }
                Piece::One(value, _) => append(&mut whole, &value),
                Piece::Many(values, _) => append(&mut whole, &parameter::join(&values, word.span)),
                Piece::Several(_) => {}
            }
        }
        self.made(whole)
    }

    /// The value, while values may be made.
    fn made(&mut self, value: Value) -> Value {
        if self.budget.make(value.known.known_bytes()) {
            return value;
        }
        self.spent(value.span, "more is put together from words than is followed");
        Value { known: Known::Unknown, ..value }
    }

    /// A word as a pattern, quoted characters escaped; `None` when part of it is not known.
    fn pattern(&mut self, word: &Word, state: &mut State) -> Option<Vec<u8>> {
        let mut pattern = Vec::new();
        for piece in flat(self.pieces(word, state)) {
            match piece {
                Piece::Alive(text) => pattern.extend(text.bytes()),
                Piece::Dead(text) => pattern::escape(text.as_bytes(), &mut pattern),
                Piece::One(value, Quoting::Bare) => pattern.extend(value.as_const()?),
                Piece::One(value, Quoting::Double) => {
                    pattern::escape(value.as_const()?, &mut pattern);
                }
                Piece::Many(..) | Piece::Several(_) => return None,
            }
        }
        Some(pattern)
    }

    fn pieces(&mut self, word: &Word, state: &mut State) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(word.parts.len());
        for (nth, part) in word.parts.iter().enumerate() {
            match part {
                Part::Plain(text) if nth == 0 && text.starts_with('~') => {
                    self.tilde(text, word.parts.len() == 1, (state, word.span), &mut pieces);
                }
                Part::Plain(text) if nth == 0 && text.contains("=~") => {
                    let alone = word.parts.len() == 1;
                    self.tilde_after_name(text, alone, (state, word.span), &mut pieces);
                }
                Part::Plain(text) => pieces.push(Piece::Alive(text.clone())),
                Part::Quoted(text) => pieces.push(Piece::Dead(text.clone())),
                Part::Expansion(expansion, quoting) => {
                    pieces.push(self.expansion(expansion, *quoting, state, word.span));
                }
            }
        }
        pieces
    }

    fn expansion(
        &mut self,
        expansion: &Expansion,
        quoting: Quoting,
        state: &mut State,
        span: Span,
    ) -> Piece {
        match expansion {
            Expansion::Parameter(parameter, operation) => {
                self.parameter(parameter, operation, (quoting, span), state)
            }
            Expansion::Command(script) => {
                Piece::One(self.substitution(script, state, span), quoting)
            }
            Expansion::Process(script, direction) => {
                Piece::One(self.process(script, *direction, state, span), quoting)
            }
            Expansion::Arithmetic(word) => {
                let known = self
                    .arithmetic(word, state)
                    .map_or(Known::Unknown, |n| Known::Const(n.to_string().into_bytes()));
                let value = Value { known, arity: Arity::One, taint: Vec::new(), span };
                Piece::One(value, quoting)
            }
            Expansion::Opaque => Piece::One(Value::unknown(span), quoting),
        }
    }

    /// `if=~/x`: bash expands a tilde after anything that looks like an assignment.
    fn tilde_after_name(
        &mut self,
        text: &str,
        alone: bool,
        place: (&State, Span),
        pieces: &mut Vec<Piece>,
    ) {
        let at = text.find("=~").map_or(0, |at| at + 1);
        let (name, rest) = text.split_at(at);
        let plain = |c: u8| c == b'_' || c == b'=' || c.is_ascii_alphanumeric();
        if !name.bytes().all(plain) {
            return pieces.push(Piece::Alive(text.to_owned()));
        }
        pieces.push(Piece::Alive(name.to_owned()));
        self.tilde(rest, alone, place, pieces);
    }

    /// `~`, `~/x`, `~+`, `~user`: only when no part of the prefix was quoted.
    fn tilde(
        &mut self,
        text: &str,
        alone: bool,
        (state, span): (&State, Span),
        pieces: &mut Vec<Piece>,
    ) {
        let end = text.find('/').unwrap_or(text.len());
        let (prefix, rest) = text.split_at(end);
        if rest.is_empty() && !alone {
            return pieces.push(Piece::Alive(text.to_owned()));
        }
        let value = match prefix {
            "~" => self.variable("HOME", state, span).unwrap_or_else(|| Value::unknown(span)),
            "~+" => directory(&state.directories, span),
            "~-" => directory(&state.previous, span),
            // an entry of the stack of directories
            user if user.bytes().skip(1).all(|c| c.is_ascii_digit() || c == b'+' || c == b'-') => {
                Value { arity: Arity::One, ..Value::unknown(span) }
            }
            user => self.home_of(user.get(1..).unwrap_or_default(), span),
        };
        pieces.push(Piece::One(value, Quoting::Double));
        if !rest.is_empty() {
            pieces.push(Piece::Alive(rest.to_owned()));
        }
    }

    fn home_of(&self, user: &str, span: Span) -> Value {
        let home = &self.invocation.places.home;
        if home.file_name().is_some_and(|name| name == user) {
            return directory(std::slice::from_ref(home), span);
        }
        let path =
            if user == "root" { Path::new("/root").into() } else { Path::new("/home").join(user) };
        directory(&[path], span)
    }

    /// `$(...)`: the code runs in a copy of the shell; its output is the value.
    fn substitution(&mut self, script: &Script, state: &State, span: Span) -> Value {
        let mut inner = state.clone();
        let output =
            self.noted((span, "$(…)"), String::new, |shell| shell.script(script, &mut inner));
        self.made(output.into_word(span))
    }

    /// `<(...)`: a file whose contents are the output of the code; `>(...)`: one that the code reads.
    fn process(
        &mut self,
        script: &Rc<Script>,
        direction: Direction,
        state: &State,
        span: Span,
    ) -> Value {
        let taken = self.written.len() + self.readers.len();
        let path = format!("/dev/fd/{}", 63_usize.saturating_add(taken));
        let mut inner = state.clone();
        if direction == Direction::Out {
            inner.input = Rc::default();
            let reader = Reader { script: Rc::clone(script), state: inner.clone() };
            self.readers.insert((&path).into(), reader);
        }
        let output =
            self.noted((span, "<(…)"), String::new, |shell| shell.script(script, &mut inner));
        if direction == Direction::In {
            self.written.insert((&path).into(), output);
        }
        Value::constant(path, span)
    }

    /// The characters words are split at; `None` when they are not known.
    pub(in crate::classify) fn separators(&self, state: &State) -> Option<Vec<u8>> {
        match state.variables.get("IFS") {
            None => Some(b" \t\n".to_vec()),
            Some(variable) => variable
                .scalar()
                .map_or_else(|| Some(b" \t\n".to_vec()), |v| v.as_const().map(<[u8]>::to_vec)),
        }
    }
}

/// The directory when it is the only one.
pub(in crate::classify) fn directory(all: &[std::path::PathBuf], span: Span) -> Value {
    let known =
        Known::one_of(all.iter().map(|p| p.as_os_str().as_encoded_bytes().to_vec()).collect());
    Value { known, arity: Arity::One, taint: Vec::new(), span }
}

/// Pieces within pieces, in their order.
fn flat(pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Several(_))) {
        return pieces;
    }
    let each = pieces.into_iter().flat_map(|piece| match piece {
        Piece::Several(inner) => flat(inner),
        other => vec![other],
    });
    each.collect()
}

fn append(whole: &mut Value, value: &Value) {
    whole.known.push(&value.known);
    crate::classify::value::add_taint(&mut whole.taint, &value.taint);
}

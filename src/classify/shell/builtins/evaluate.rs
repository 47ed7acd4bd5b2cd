//! `eval`, `source`, `trap`, `exec`: builtins that run other code in this very shell.

use crate::classify::flow::Stream;
use crate::classify::programs::reading::Language;
use crate::classify::shell::Shell;
use crate::classify::shell::call::Lookup;
use crate::classify::shell::state::State;
use crate::classify::value::{Arity, Known, Value};
use crate::model::finding::Span;
use crate::model::gap::GapKind;
use std::rc::Rc;

/// More traps than this are not kept for the end.
const MAX_TRAPS: usize = 8;

impl Shell<'_> {
    /// `eval`: the words, joined by spaces, are a text.
    pub(super) fn evaluate(&mut self, rest: &[Value], state: &mut State, span: Span) -> Stream {
        let mut text = Value::constant(Vec::new(), span);
        for (nth, word) in rest.iter().enumerate() {
            if nth > 0 {
                text.known = text.known.then(&Known::Const(b" ".to_vec()));
            }
            text.known = text.known.then(&word.known);
            text = text.tainted_by(&word.taint);
        }
        let positional = state.positional.to_vec();
        self.run_text(Language::Shell, &text, &positional, state)
    }

    /// `source FILE`.
    pub(super) fn source(&mut self, rest: &[Value], state: &mut State, span: Span) -> Stream {
        let Some((file, args)) = rest.split_first() else {
            return Stream::empty();
        };
        if file.as_str() == Some("/dev/stdin") {
            let input = state.input.clone();
            let text = Stream::clone(&input).into_word(span);
            return self.run_text(Language::Shell, &text, args, state);
        }
        let given = if args.is_empty() { state.positional.to_vec() } else { args.to_vec() };
        self.run_file(Language::Shell, file, &given, state)
    }

    /// `trap TEXT SIGNALS`: the text will run.
    pub(super) fn trap(&mut self, rest: &[Value], state: &mut State) -> Stream {
        let mut words = rest.iter().filter(|word| word.as_str() != Some("--"));
        let Some(text) = words.next() else { return Stream::empty() };
        let idle = matches!(text.as_str(), Some("" | "-" | "-l" | "-p"));
        if !idle && words.next().is_some() {
            self.run_text(Language::Shell, text, &[], &mut state.clone());
            if state.traps.len() < MAX_TRAPS && !state.traps.contains(text) {
                Rc::make_mut(&mut state.traps).push(text.clone());
            }
        }
        state.succeeds = true;
        Stream::empty()
    }

    /// What a shell does at its end, from where it then is. `before` was trapped by the shell around it.
    pub(in crate::classify::shell) fn end(&mut self, before: usize, state: &State) {
        for text in state.traps.iter().skip(before) {
            let mut inner = State { traps: Rc::default(), ended: false, ..state.clone() };
            self.run_text(Language::Shell, text, &[], &mut inner);
        }
    }

    /// `exec CMD`: the shell becomes the program.
    pub(super) fn replace(&mut self, rest: &[Value], state: &mut State, span: Span) -> Stream {
        let mut words = rest;
        while let Some((first, after)) = words.split_first() {
            match first.as_str() {
                Some("-c" | "-l" | "-cl" | "--") => words = after,
                Some("-a") => words = after.get(1..).unwrap_or_default(),
                _ => break,
            }
        }
        if words.first().is_some_and(|word| word.arity == Arity::Any && word.as_const().is_none()) {
            let what = "what this shell becomes is not known".to_owned();
            self.gap(GapKind::UnresolvedCommand, span, what);
        }
        let output = self.dispatch(words, state, span, Lookup::ProgramsOnly);
        state.ended = !words.is_empty();
        output
    }
}

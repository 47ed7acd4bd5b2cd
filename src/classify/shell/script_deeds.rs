//! What the small readers of other languages found becomes effects; what it starts is walked.

use super::Shell;
use super::judge::Act;
use super::state::State;
use crate::classify::programs::reading::Language;
use crate::classify::programs::split;
use crate::classify::scripts::{Deed, Piece, Text};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;

/// The variable that stands for what a script puts into a command while it runs.
const HOLE: &str = "__what_the_script_makes";

impl Shell<'_> {
    /// Everything a script does, each from the state the script was started in.
    pub(super) fn script_deeds(&mut self, deeds: &[Deed], span: Span, state: &State) {
        if deeds.is_empty() || !self.deeper(span) {
            return;
        }
        for deed in deeds {
            match deed {
                Deed::Run(language, text) => self.run_deed(*language, text, span, state),
                Deed::Words(program, text) => {
                    let words = std::iter::once((*program).to_owned())
                        .chain(split(text.constant().unwrap_or_default()));
                    let argv: Vec<Value> = words.map(|word| Value::constant(word, span)).collect();
                    self.program(&argv, &mut state.clone());
                }
                Deed::File(language, path) => {
                    let path = self.deed_path(path, span);
                    self.run_file(*language, &path, &[], &mut state.clone());
                }
                Deed::Touch(access, path) => {
                    self.touch_deed((*access, Reach::Itself), path, span, state)
                }
                Deed::DeleteTree(path) => {
                    self.touch_deed((Access::Delete, Reach::Tree), path, span, state);
                }
                Deed::Danger(rule, severity, reason, instead) => {
                    self.danger((rule, *severity), span, reason.clone(), Some(instead));
                }
            }
        }
        self.budget.shallower();
    }

    fn run_deed(&mut self, language: Language, text: &Text, span: Span, state: &State) {
        let mut inner = state.clone();
        let taint = state.input.taint.clone();
        let whole = text.constant().map(str::to_owned);
        if language != Language::Shell || whole.is_some() || text.beginning().trim().is_empty() {
            let value = value_of(text, span);
            let value = if whole.is_some() { value } else { value.tainted_by(&taint) };
            self.run_text(language, &value, &[], &mut inner);
            return;
        }
        let hole = Value { arity: Arity::One, ..Value::unknown(span) };
        inner.assign(HOLE, hole.tainted_by(&taint));
        self.run_bytes(text.as_shell(HOLE).as_bytes(), Language::Shell, &[], (span, &mut inner));
    }

    fn touch_deed(
        &mut self,
        (access, reach): (Access, Reach),
        path: &Text,
        span: Span,
        state: &State,
    ) {
        let value = self.deed_path(path, span);
        if self.is_stream(&value) {
            return;
        }
        for place in self.places(&value, state) {
            let act = Act { access, reach, adds: false, carries: &[], span };
            self.act_on(&place, &act);
            if let Some(label) = self.secret_at(&place).filter(|_| access == Access::Read) {
                self.secret_read(&label, span);
            }
        }
    }

    /// The path a text names; `~` is the home for the languages that know it, and a name elsewhere.
    fn deed_path(&self, path: &Text, span: Span) -> Value {
        let value = value_of(path, span);
        let home = self.invocation.places.home.to_string_lossy().into_owned();
        match value.as_str().and_then(|text| text.strip_prefix('~')) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                Value::constant(format!("{home}{rest}"), span)
            }
            _ => value,
        }
    }
}

fn value_of(text: &Text, span: Span) -> Value {
    let known = match text.pieces() {
        [] => Known::Const(Vec::new()),
        [Piece::Known(all)] => Known::Const(all.clone().into_bytes()),
        [Piece::Known(first), ..] => Known::Prefix(first.clone().into_bytes()),
        [Piece::Hole, ..] => Known::Unknown,
    };
    Value { known, arity: Arity::One, taint: Vec::new(), span }
}

//! Literal calls in code of other languages become effects, and what they start is walked.
//!
//! Only what a call says by itself; the code as a whole stays a gap.

use super::Shell;
use super::judge::Act;
use super::state::State;
use crate::classify::literal_calls::{Call, Verb, calls};
use crate::classify::programs::reading::Language;
use crate::classify::value::Value;
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;

impl Shell<'_> {
    /// Every call of the code that names what it does literally.
    pub(super) fn literal_calls(
        &mut self,
        language: Language,
        code: &str,
        span: Span,
        state: &State,
    ) {
        if !self.deeper(span) {
            return;
        }
        for Call { verb, literals } in calls(language, code) {
            match (verb, literals.as_slice()) {
                (Verb::Run | Verb::Start | Verb::Replace, [text]) => {
                    let mut inner = state.clone();
                    self.run_bytes(text.as_bytes(), Language::Shell, &[], (span, &mut inner));
                }
                (Verb::Run | Verb::Start | Verb::Replace, words) => {
                    let argv: Vec<Value> =
                        words.iter().map(|word| Value::constant(word.as_str(), span)).collect();
                    self.program(&argv, &mut state.clone());
                }
                (_, [path, ..]) => self.literal_path(verb, path, span, state),
                (_, []) => {}
            }
        }
        self.budget.shallower();
    }

    fn literal_path(&mut self, verb: Verb, path: &str, span: Span, state: &State) {
        let home = self.invocation.places.home.to_string_lossy().into_owned();
        let path = match path.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
            _ => path.to_owned(),
        };
        let value = Value::constant(path, span);
        if self.is_stream(&value) {
            return;
        }
        let (access, reach) = match verb {
            Verb::DeleteTree => (Access::Delete, Reach::Tree),
            Verb::Delete => (Access::Delete, Reach::Itself),
            Verb::Write => (Access::Write, Reach::Itself),
            Verb::Read | Verb::Run | Verb::Start | Verb::Replace => (Access::Read, Reach::Itself),
        };
        for place in self.places(&value, state) {
            let act = Act { access, reach, adds: false, carries: &[], span };
            self.act_on(&place, &act);
            if let Some(label) = self.secret_at(&place).filter(|_| access == Access::Read) {
                self.secret_read(&label, span);
            }
        }
    }
}

//! Code that programs run in their turn: unwrapped and walked like everything else.
//!
//! Where it runs (with other rights, on another machine) is kept beside it while it is walked.

use super::Shell;
use super::call::Lookup;
use super::reading::whole_span;
use super::state::State;
use crate::classify::flow::{Stream, below};
use crate::classify::programs::reading::{Call, Carried, Code, Language, Realm};
use crate::classify::value::{Known, Value};
use crate::model::finding::{Severity, Span};
use crate::model::gap::GapKind;
use std::rc::Rc;

impl Shell<'_> {
    /// Walks carried code; what it writes to standard output.
    pub(super) fn carried(
        &mut self,
        carried: &Carried,
        (call, state): (&Call<'_>, &State),
    ) -> Stream {
        let mut inner = state.clone();
        for (name, value) in &carried.variables {
            inner.assign(name, value.clone());
            self.exported(name, &mut inner, value.span);
        }
        if let Some(directory) = &carried.directory {
            let (directories, _) = self.enter(directory, state);
            inner.directories = directories;
        }
        let outer = self.realm.clone();
        match &carried.realm {
            Realm::Here => {}
            Realm::Elevated => self.elevated(&carried.code),
            // by way of a server outside of the sandbox, but on the same files
            Realm::Elsewhere(host) if call.name == "ssh" && is_this_machine(&host.describe()) => {
                inner.directories = vec![self.invocation.places.home.clone()];
            }
            Realm::Elsewhere(host) => self.realm.elsewhere = Some(host.describe()),
        }
        let output = self.code(&carried.code, (call, &mut inner));
        self.realm = outer;
        output
    }

    fn elevated(&mut self, code: &Code) {
        let (what, span) = match code {
            Code::Argv(words) | Code::ArgvFromStdin(words) | Code::ArgvPerPath { words, .. } => {
                let shown: Vec<String> = words.iter().take(4).map(Value::describe).collect();
                (shown.join(" "), whole_span(words))
            }
            Code::Text { text, .. } => (text.describe(), text.span),
            Code::File { path, .. } => (path.describe(), path.span),
            Code::Stdin(_) => ("what it reads".to_owned(), Span::default()),
        };
        let what = if what.is_empty() { "a shell".to_owned() } else { what };
        let reason = format!("runs `{what}` with other rights than yours");
        self.danger(("privilege.elevated", Severity::Caution), span, reason, None);
    }

    fn code(&mut self, code: &Code, (call, state): (&Call<'_>, &mut State)) -> Stream {
        match code {
            Code::Argv(words) => {
                let span = whole_span(words);
                self.dispatch(words, state, span, Lookup::ProgramsOnly)
            }
            Code::ArgvFromStdin(words) => self.with_input(words, (call, state)),
            Code::ArgvPerPath { words, roots } => self.per_path(words, roots, state),
            // the first argument is `$0` of the text
            Code::Text { language, text, args } => {
                state.zero = args.first().cloned();
                self.run_text(*language, text, args.get(1..).unwrap_or_default(), state)
            }
            Code::File { language, path, args } => self.run_file(*language, path, args, state),
            Code::Stdin(language) => self.run_input(*language, state),
        }
    }

    /// `find -exec`: `{}` is any path at or below the roots.
    fn per_path(&mut self, words: &[Value], roots: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let here = [Value::constant(".", span)];
        let roots = if roots.is_empty() { here.as_slice() } else { roots };
        let mut output = Stream::empty();
        for root in roots {
            let path = below(root, root.span);
            let argv: Vec<Value> = words.iter().map(|word| fill(word, b"{}", &path)).collect();
            output.append(self.dispatch(&argv, state, span, Lookup::ProgramsOnly));
        }
        output
    }

    /// Whatever arrives on standard input is code.
    pub(super) fn run_input(&mut self, language: Language, state: &mut State) -> Stream {
        let input = Rc::clone(&state.input);
        let span = Span::default();
        self.strangers(&input.taint, span);
        if let Some(bytes) = input.bytes() {
            let bytes = bytes.to_vec();
            state.input = Rc::new(Stream::empty());
            if language == Language::Make {
                self.recipes(&bytes, (span, state));
            }
            return self.run_bytes(&bytes, language, &[], (span, state));
        }
        if let Some(path) = &input.file
            && let Some(bytes) = self.world.read(path, super::code::MAX_SCRIPT)
        {
            return self.run_bytes(&bytes, language, &[], (span, state));
        }
        let what = format!("{} read from standard input is not known", super::code::name(language));
        self.gap(GapKind::OpaqueCode, span, what);
        Stream::default()
    }
}

/// Whether a name surely means the machine one is on.
fn is_this_machine(host: &str) -> bool {
    let host = host.rsplit('@').next().unwrap_or(host);
    matches!(host, "localhost" | "ip6-localhost" | "::1" | "0.0.0.0" | "0")
        || host.starts_with("127.")
}

/// The word with `mark` replaced by a value, wherever it stands.
pub(super) fn fill(word: &Value, mark: &[u8], value: &Value) -> Value {
    let Some(bytes) = word.as_const().filter(|_| !mark.is_empty()) else { return word.clone() };
    let find = |bytes: &[u8]| bytes.windows(mark.len()).position(|piece| piece == mark);
    let Some(mut at) = find(bytes) else { return word.clone() };
    if bytes == mark {
        return Value { span: word.span, ..value.clone() };
    }
    let (mut known, mut rest) = (Known::Const(Vec::new()), bytes);
    loop {
        let (before, after) = rest.split_at(at);
        known = known.then(&Known::Const(before.to_vec())).then(&value.known);
        rest = after.get(mark.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    let known = known.then(&Known::Const(rest.to_vec()));
    Value { known, arity: word.arity, taint: value.taint.clone(), span: word.span }
}

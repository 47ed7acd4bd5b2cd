//! Code that programs run in their turn: unwrapped and walked like everything else.
//!
//! Where it runs (with other rights, on another machine) is kept beside it while it is walked.

use super::Shell;
use super::call::Lookup;
use super::reading::whole_span;
use super::state::State;
use crate::classify::flow::{Stream, below};
use crate::classify::programs::reading::{Carried, Code, Language, Realm};
use crate::classify::value::{Known, Value};
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use std::rc::Rc;

/// Commands an `xargs` is taken to start, one for each line it is given.
const MAX_BATCH: usize = 64;

impl Shell<'_> {
    /// Walks carried code; what it writes to standard output.
    pub(super) fn carried(&mut self, carried: &Carried, state: &State) -> Stream {
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
            Realm::Elsewhere(host) => self.realm.elsewhere = Some(host.describe()),
        }
        let argv = match &carried.code {
            Code::Argv(words) | Code::ArgvFromStdin(words) | Code::ArgvPerPath { words, .. } => {
                Some(words.as_slice())
            }
            Code::Text { .. } | Code::File { .. } | Code::Stdin(_) => None,
        };
        let output = match argv.filter(|_| self.trace.is_some()) {
            None => self.code(&carried.code, &mut inner),
            Some(words) => {
                let text = || words.iter().map(Value::describe).collect::<Vec<_>>().join(" ");
                let span = whole_span(words);
                self.noted((span, form(&carried.realm)), text, |shell| {
                    shell.code(&carried.code, &mut inner)
                })
            }
        };
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
            Code::Stdin(_) => ("what it reads".to_owned(), self.carrier),
        };
        let what = if what.is_empty() { "a shell".to_owned() } else { what };
        let reason = format!("runs `{what}` with other rights than yours");
        self.danger(("privilege.elevated", Severity::Caution), span, reason, None);
    }

    fn code(&mut self, code: &Code, state: &mut State) -> Stream {
        match code {
            Code::Argv(words) => {
                let span = whole_span(words);
                self.dispatch(words, state, span, Lookup::ProgramsOnly)
            }
            Code::ArgvFromStdin(words) => self.with_input(words, state),
            Code::ArgvPerPath { words, roots } => self.per_path(words, roots, state),
            // the first argument is `$0` of the text
            Code::Text { language, text, args } => {
                self.run_text(*language, text, args.get(1..).unwrap_or_default(), state)
            }
            Code::File { language, path, args } => self.run_file(*language, path, args, state),
            Code::Stdin(language) => self.run_input(*language, state),
        }
    }

    /// `xargs`: the words it reads become words of the command.
    fn with_input(&mut self, words: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let given = Stream::clone(&state.input).into_words(span);
        let replaced = |value: &Value| value.as_str().is_some_and(|text| text.contains("{}"));
        state.input = Rc::default();
        if words.iter().any(replaced) {
            let mut output = Stream::empty();
            for path in given.iter().take(MAX_BATCH) {
                let words: Vec<Value> = words.iter().map(|word| fill(word, path)).collect();
                output.append(self.dispatch(&words, state, span, Lookup::ProgramsOnly));
            }
            return output;
        }
        let mut argv = words.to_vec();
        argv.extend(given.into_iter().take(MAX_BATCH * 4));
        self.dispatch(&argv, state, span, Lookup::ProgramsOnly)
    }

    /// `find -exec`: `{}` is any path at or below the roots.
    fn per_path(&mut self, words: &[Value], roots: &[Value], state: &mut State) -> Stream {
        let span = whole_span(words);
        let here = [Value::constant(".", span)];
        let roots = if roots.is_empty() { here.as_slice() } else { roots };
        let mut output = Stream::empty();
        for root in roots {
            let path = below(root, root.span);
            let argv: Vec<Value> = words.iter().map(|word| fill(word, &path)).collect();
            output.append(self.dispatch(&argv, state, span, Lookup::ProgramsOnly));
        }
        output
    }

    /// Whatever arrives on standard input is code.
    fn run_input(&mut self, language: Language, state: &mut State) -> Stream {
        let input = Rc::clone(&state.input);
        let span = self.carrier;
        self.strangers(&input.taint, span);
        if let Some(bytes) = input.bytes() {
            let bytes = bytes.to_vec();
            state.input = Rc::new(Stream::empty());
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

/// How a command that another starts is told of.
const fn form(realm: &Realm) -> &'static str {
    match realm {
        Realm::Here => "another command",
        Realm::Elevated => "another command, with other rights",
        Realm::Elsewhere(_) => "another command, elsewhere",
    }
}

/// The word with `{}` replaced by a path.
fn fill(word: &Value, path: &Value) -> Value {
    let Some(text) = word.as_str() else { return word.clone() };
    let Some((before, after)) = text.split_once("{}") else { return word.clone() };
    let known = Known::Const(before.into())
        .then(&path.known)
        .then(&Known::Const(after.replace("{}", "").into_bytes()));
    let whole = before.is_empty() && after.is_empty();
    let arity = if whole { path.arity } else { word.arity };
    Value { known, arity, taint: path.taint.clone(), span: word.span }
}

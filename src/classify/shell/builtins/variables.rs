//! `export`, `declare`, `unset`, `set`, `shift`, `alias`, `let`, `printf -v`: the shell's memory.

use crate::classify::flow::Stream;
use crate::classify::pure;
use crate::classify::shell::Shell;
use crate::classify::shell::call::Lookup;
use crate::classify::shell::state::{Attribute, State, Variable};
use crate::classify::syntax::tree::{Assigned, Assignment};
use crate::classify::value::{Arity, Value};
use crate::model::finding::{Severity, Span};
use std::rc::Rc;

impl Shell<'_> {
    pub(super) fn variables(&mut self, name: &str, argv: &[Value], state: &mut State) -> Stream {
        let rest = argv.get(1..).unwrap_or_default();
        match name {
            "unset" => {
                let history = |word: &&Value| word.as_str() == Some("HISTFILE");
                if let Some(word) = rest.iter().find(history) {
                    let reason = "nothing that follows is kept in the shell's history".to_owned();
                    self.danger(("trace.history", Severity::Caution), word.span, reason, None);
                }
                self.evaluated_words(rest, state);
                unset(rest, state);
            }
            "set" => set(rest, state),
            "shift" => shift(rest, state),
            "alias" => alias(rest, state),
            "unalias" => {
                for name in rest.iter().filter_map(Value::as_str) {
                    Rc::make_mut(&mut state.aliases).remove(name);
                }
            }
            "let" => {
                for word in rest {
                    if let Some(text) = word.as_str() {
                        self.arithmetic_text(text, state);
                    }
                }
            }
            "declare" | "typeset" if shows(rest) => return self.show(rest, state),
            _ => self.declare(argv, &[], state),
        }
        state.succeeds = true;
        Stream::empty()
    }

    /// `export A=1 "B=$x" C`.
    pub(in crate::classify::shell) fn declare(
        &mut self,
        argv: &[Value],
        declared: &[Assignment],
        state: &mut State,
    ) {
        let is_local =
            matches!(argv.first().and_then(Value::as_str), Some("local" | "declare" | "typeset"));
        self.attributes(argv, declared, state);
        export(argv, declared, state);
        let is_global = argv
            .iter()
            .filter_map(Value::as_str)
            .any(|word| word.starts_with('-') && word.contains('g'));
        if is_local && !is_global {
            let words = argv.get(1..).unwrap_or_default().iter();
            let named = words.filter_map(|word| match split_assignment(word) {
                Some((name, _)) => Some(name),
                None => word.as_str().filter(|name| !name.starts_with('-')).map(str::to_owned),
            });
            state.locals.extend(named.chain(declared.iter().map(|a| a.name.clone())));
        }
        let refers = |word: &Value| {
            word.as_str()
                .is_some_and(|t| t.starts_with('-') && !t.starts_with("--") && t.contains('n'))
        };
        if is_local && argv.iter().skip(1).any(refers) {
            // What stands behind `=` is the name of another variable.
            state.succeeds = true;
            return;
        }
        for assignment in declared {
            self.assignment(assignment, state);
            self.exported(&assignment.name, state, assignment.span);
        }
        for word in argv.get(1..).unwrap_or_default() {
            if word.alternatives().iter().any(|text| text.contains(&b'[')) {
                self.evaluated_words(std::slice::from_ref(word), state);
            }
            if let Some((name, value)) = split_assignment(word) {
                let value = self.stored(&name, value, state);
                state.assign(&name, value);
                self.exported(&name, state, word.span);
            } else if let Some(name) = word.as_str().filter(|name| !name.starts_with(['-', '+'])) {
                self.exported(name, state, word.span);
            }
        }
        state.succeeds = true;
    }

    /// What `declare -i`, `-A` and `-n` say of names.
    fn attributes(&mut self, argv: &[Value], declared: &[Assignment], state: &mut State) {
        let words = argv.get(1..).unwrap_or_default();
        let says = |letter: char| {
            let option = |text: &str| text.starts_with('-') && text.contains(letter);
            words.iter().filter_map(Value::as_str).any(option)
        };
        let kind = match () {
            () if says('n') => 'n',
            () if says('A') => 'A',
            () if says('i') => 'i',
            () if says('l') => 'l',
            () if says('u') => 'u',
            () => return,
        };
        let mut named: Vec<(String, Option<Value>)> = Vec::new();
        for assignment in declared {
            let value = match &assignment.value {
                Assigned::Scalar(word) if kind == 'n' => Some(self.single(word, state)),
                _ => None,
            };
            named.push((assignment.name.clone(), value));
        }
        for word in words {
            match (split_assignment(word), word.as_str()) {
                (Some((name, value)), _) => named.push((name, Some(value))),
                (None, Some(text)) if !text.starts_with('-') => named.push((text.to_owned(), None)),
                _ => {}
            }
        }
        for (name, value) in named {
            let attribute = match (kind, value.as_ref().and_then(Value::as_str)) {
                ('n', Some(other)) => {
                    self.evaluated(other, state);
                    let other = other.split('[').next().unwrap_or(other);
                    Attribute::Reference(other.to_owned())
                }
                ('n', None) => continue,
                ('A', _) => Attribute::Associative,
                ('l', _) => Attribute::Lower,
                ('u', _) => Attribute::Upper,
                _ => Attribute::Integer,
            };
            Rc::make_mut(&mut state.attributes).insert(name, attribute);
        }
    }

    /// `declare -f NAME`: the text of functions, which is shown to be run elsewhere. So what they do
    /// is told as if they were called, with words that nobody knows.
    fn show(&mut self, rest: &[Value], state: &mut State) -> Stream {
        for word in rest.iter().filter(|word| word.as_str().is_none_or(|t| !t.starts_with('-'))) {
            let known = word.as_str().is_some_and(|name| state.functions.contains_key(name));
            if known {
                let words = [word.clone(), Value::unknown(word.span)];
                self.dispatch(&words, &mut state.clone(), word.span, Lookup::Everything);
            }
        }
        Stream::default()
    }

    /// `printf -v NAME FORMAT ARGS`.
    pub(super) fn print_to_variable(&mut self, rest: &[Value], state: &mut State) -> Stream {
        let (Some(name), Some(words)) = (rest.get(1).and_then(Value::as_str), rest.get(2..)) else {
            state.blind = true;
            return Stream::empty();
        };
        let name = name.to_owned();
        self.evaluated(&name, state);
        let name = name.as_str();
        let span = rest.first().map(|v| v.span).unwrap_or_default();
        let mut argv = vec![Value::constant("printf", span)];
        argv.extend_from_slice(words);
        let mut value = match pure::output("printf", &argv, &Stream::default()) {
            Some(bytes) => Value::constant(bytes, span),
            None => Value { arity: Arity::One, ..Value::unknown(span) },
        };
        for word in words {
            value = value.tainted_by(&word.taint);
        }
        state.assign(name, value);
        state.succeeds = true;
        Stream::empty()
    }
}

/// Marks what `export` and `declare -x` name.
fn export(argv: &[Value], declared: &[Assignment], state: &mut State) {
    let words = argv.get(1..).unwrap_or_default();
    let option = |word: &Value| {
        word.as_str().is_some_and(|t| t.starts_with('-') && !t.starts_with("--") && t.contains('x'))
    };
    if argv.first().and_then(Value::as_str) != Some("export") && !words.iter().any(option) {
        return;
    }
    for assignment in declared {
        state.export(&assignment.name);
    }
    for word in words {
        match split_assignment(word) {
            Some((name, _)) => state.export(&name),
            None => word.as_str().into_iter().for_each(|name| state.export(name)),
        }
    }
}

/// `NAME=value` in one word of which at least the name is known.
fn split_assignment(word: &Value) -> Option<(String, Value)> {
    let known = word.known.beginning();
    let at = known.iter().position(|c| *c == b'=')?;
    let name = std::str::from_utf8(known.get(..at)?).ok()?;
    let plain = name.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric());
    if name.is_empty() || !plain {
        return None;
    }
    let cut = |bytes: &[u8]| bytes.get(at + 1..).unwrap_or_default().to_vec();
    let known = match &word.known {
        crate::classify::value::Known::Prefix(bytes) => {
            crate::classify::value::Known::prefix(cut(bytes))
        }
        known => known.map(cut),
    };
    Some((name.to_owned(), Value { known, arity: Arity::One, ..word.clone() }))
}

/// Whether `declare` is asked to print what it knows.
fn shows(rest: &[Value]) -> bool {
    let option = |word: &Value| {
        word.as_str().is_some_and(|t| t.starts_with('-') && t.contains(['f', 'F', 'p']))
    };
    rest.is_empty() || rest.iter().any(option)
}

fn unset(rest: &[Value], state: &mut State) {
    for word in rest {
        match word.as_str() {
            Some("-f" | "-v" | "-n") => {}
            Some(name) => {
                state.set(name, Variable::Unset);
                if state.attributes.contains_key(name) {
                    Rc::make_mut(&mut state.attributes).remove(name);
                }
                if state.functions.contains_key(name) {
                    Rc::make_mut(&mut state.functions).remove(name);
                }
            }
            None => state.blind = true,
        }
    }
}

/// `set -- words` sets the positional parameters; few options change what is followed.
fn set(rest: &[Value], state: &mut State) {
    for (nth, text) in rest.iter().map(Value::as_str).enumerate() {
        let Some(letters) = text.and_then(|text| text.strip_prefix('-')) else { continue };
        if letters.starts_with('-') || letters.is_empty() {
            break;
        }
        if letters.contains('f') {
            super::hooks::switch_on("noglob", state);
        }
        if letters.contains('a') {
            super::hooks::switch_on("allexport", state);
        }
        if letters.contains('P') {
            super::hooks::switch_on("physical", state);
        }
        if let Some(name) =
            rest.get(nth + 1).and_then(Value::as_str).filter(|_| letters.contains('o'))
        {
            super::hooks::switch_on(name, state);
        }
    }
    let start = rest.iter().position(|word| word.as_str() == Some("--")).map(|at| at + 1);
    let first_operand = || {
        let mut at = 0;
        while let Some(text) = rest.get(at).and_then(Value::as_str) {
            if !text.starts_with(['-', '+']) {
                break;
            }
            at += if text.ends_with('o') { 2 } else { 1 };
        }
        (at < rest.len()).then_some(at)
    };
    if let Some(start) = start.or_else(first_operand) {
        state.give(rest.get(start..).unwrap_or_default());
    }
}

fn shift(rest: &[Value], state: &mut State) {
    let count = match rest.first() {
        None => Some(1),
        Some(word) => word.as_str().and_then(|text| text.parse::<usize>().ok()),
    };
    let open = state.positional.iter().any(|value| value.arity == Arity::Any);
    state.positional = match count {
        Some(count) if !open => Rc::new(state.positional.iter().skip(count).cloned().collect()),
        _ => Rc::new(vec![Value::unknown(Span::default())]),
    };
}

fn alias(rest: &[Value], state: &mut State) {
    for word in rest {
        if let Some((name, value)) = split_assignment(word) {
            Rc::make_mut(&mut state.aliases).insert(name, value);
        }
    }
}

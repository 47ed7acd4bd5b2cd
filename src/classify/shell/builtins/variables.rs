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
        let given = Given::of(argv);
        for assignment in declared {
            if given == Given::Reference {
                self.refer(assignment, state);
                continue;
            }
            given.to(&assignment.name, state);
            self.assignment(assignment, state);
            self.exported(&assignment.name, state, assignment.span);
        }
        for word in argv.get(1..).unwrap_or_default() {
            if let Some((name, value)) = split_assignment(word) {
                if given == Given::Reference {
                    refers(&name, &value, state);
                    continue;
                }
                given.to(&name, state);
                state.assign(&name, value);
                self.exported(&name, state, word.span);
            } else if let Some(name) = word.as_str().filter(|name| !name.starts_with(['-', '+'])) {
                given.to(name, state);
                self.exported(name, state, word.span);
            }
        }
        state.succeeds = true;
    }

    /// `declare -n NAME=OTHER`.
    fn refer(&mut self, assignment: &Assignment, state: &mut State) {
        if let Assigned::Scalar(word) = &assignment.value {
            let other = self.single(word, state);
            refers(&assignment.name, &other, state);
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

/// What the options of `declare` make of the names after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    Nothing,
    Reference,
    Lower,
    Upper,
}

impl Given {
    fn of(argv: &[Value]) -> Self {
        let options = argv.iter().skip(1).filter_map(Value::as_str);
        let mut letters = options.take_while(|word| word.starts_with('-')).flat_map(str::bytes);
        let found = letters.find(|letter| b"nlu".contains(letter));
        match (argv.first().and_then(Value::as_str), found) {
            (Some("export" | "readonly"), _) | (_, None) => Self::Nothing,
            (_, Some(b'n')) => Self::Reference,
            (_, Some(b'l')) => Self::Lower,
            (_, Some(_)) => Self::Upper,
        }
    }

    fn to(self, name: &str, state: &mut State) {
        let attribute = match self {
            Self::Lower => Attribute::Lower,
            Self::Upper => Attribute::Upper,
            Self::Nothing | Self::Reference => return,
        };
        Rc::make_mut(&mut state.attributes).insert(name.to_owned(), attribute);
    }
}

/// From here on `name` is another name of what `other` names; where that is not known, so is it.
fn refers(name: &str, other: &Value, state: &mut State) {
    match other.as_str() {
        Some(other) if other != name => {
            let reference = Attribute::Reference(other.to_owned());
            Rc::make_mut(&mut state.attributes).insert(name.to_owned(), reference);
        }
        _ => state.assign(name, Value { arity: Arity::One, ..Value::unknown(other.span) }),
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

/// `set -- words` sets the positional parameters; options change nothing that is followed.
fn set(rest: &[Value], state: &mut State) {
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
        state.positional = Rc::new(rest.get(start..).unwrap_or_default().to_vec());
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

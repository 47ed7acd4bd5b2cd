//! The value of a parameter: variables of the text, of the invocation and of the shell itself.
//!
//! A variable that neither the invocation nor the text sets is known to be unset, and that is used:
//! `rm -rf "$UNSET/"*` deletes below `/`.

use super::Piece;
use crate::classify::secrets;
use crate::classify::shell::Shell;
use crate::classify::shell::state::{Attribute, State, Variable};
use crate::classify::syntax::tree::{Index, Operation, Parameter, Quoting};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::Taint;
use crate::model::finding::Span;

/// Variables a shell sets for itself, to what cannot be told.
const OF_THE_SHELL: &[&str] = &[
    "BASHOPTS",
    "BASHPID",
    "BASH_ARGV",
    "BASH_COMMAND",
    "BASH_LINENO",
    "BASH_SOURCE",
    "BASH_SUBSHELL",
    "BASH_VERSINFO",
    "BASH_VERSION",
    "COLUMNS",
    "COPROC",
    "EPOCHREALTIME",
    "EPOCHSECONDS",
    "EUID",
    "FUNCNAME",
    "GROUPS",
    "HOSTNAME",
    "HOSTTYPE",
    "LINENO",
    "LINES",
    "MACHTYPE",
    "MAPFILE",
    "OPTARG",
    "OPTIND",
    "OSTYPE",
    "PATH",
    "PIPESTATUS",
    "PPID",
    "PS1",
    "PS2",
    "PS4",
    "RANDOM",
    "SECONDS",
    "SHELL",
    "SHELLOPTS",
    "SHLVL",
    "SRANDOM",
    "TERM",
    "UID",
    "_",
];

/// The values of a parameter.
pub(super) enum Found {
    /// It is certainly not set.
    Unset,
    /// One value.
    One(Value),
    /// A list: `$@`, `${a[@]}`.
    List(Vec<Value>),
    /// What a word in it became: `${x:-"a b" c}`.
    Pieces(Vec<Piece>),
}

impl Shell<'_> {
    /// `$name`, or `None` when it is certainly unset.
    pub(in crate::classify) fn variable(
        &self,
        name: &str,
        state: &State,
        span: Span,
    ) -> Option<Value> {
        let other;
        let name = if state.attributes.is_empty() {
            name
        } else {
            other = state.referred(name);
            &other
        };
        match state.variables.get(name) {
            Some(variable) => variable.scalar().map(|value| Value { span, ..value }),
            None => self.inherited(name, state, span),
        }
    }

    /// What a variable is before the text touches it.
    pub(in crate::classify) fn untouched(&self, name: &str, state: &State) -> Variable {
        self.inherited(name, state, Span::default()).map_or(Variable::Unset, Variable::Scalar)
    }

    fn inherited(&self, name: &str, state: &State, span: Span) -> Option<Value> {
        match name {
            "PWD" => return Some(super::directory(&state.directories, span)),
            "OLDPWD" if !state.previous.is_empty() => {
                return Some(super::directory(&state.previous, span));
            }
            _ => {}
        }
        if state.blind {
            return Some(Value::unknown(span));
        }
        if let Some(set) = self.invocation.var(name) {
            let mut value = Value::constant(set.as_encoded_bytes(), span);
            if secrets::is_secret_name(name) && !set.is_empty() {
                value.taint.push(Taint::Secret(format!("${name}")));
            }
            return Some(value);
        }
        match name {
            "HOME" => {
                Some(super::directory(std::slice::from_ref(&self.invocation.places.home), span))
            }
            "IFS" => Some(Value::constant(" \t\n", span)),
            "BASH" => Some(Value::constant("/bin/bash", span)),
            _ if OF_THE_SHELL.contains(&name) => {
                Some(Value { arity: Arity::One, ..Value::unknown(span) })
            }
            _ => None,
        }
    }

    /// A parameter with its operation.
    pub(super) fn parameter(
        &mut self,
        parameter: &Parameter,
        operation: &Operation,
        (quoting, span): (Quoting, Span),
        state: &mut State,
    ) -> Piece {
        // `${!a[@]}` asks for the keys of `a` itself.
        let (name, indirect_unknown) = match operation {
            Operation::Names => (parameter.name.clone(), false),
            _ => self.target(parameter, state),
        };
        if indirect_unknown {
            return Piece::One(Value::unknown(span), quoting);
        }
        let name = if state.attributes.is_empty() { name } else { state.referred(&name) };
        let found = self.find(&name, parameter.index.as_ref(), state, span);
        if matches!(operation, Operation::Names) && parameter.index.is_none() {
            let names = state.variables.keys().filter(|known| known.starts_with(&name));
            let names = names.map(|known| Value::constant(known.as_bytes(), span)).collect();
            return Piece::Many(names, quoting);
        }
        let found = self.operate(operation, found, (&name, span), state);
        if matches!(found, Found::Unset) && !state.variables.contains_key(&name) {
            self.note_unset(span);
        }
        match found {
            Found::Unset if quoting == Quoting::Double => {
                Piece::One(Value::constant(Vec::new(), span), quoting)
            }
            Found::Unset => Piece::Many(Vec::new(), quoting),
            Found::One(value) => Piece::One(value, quoting),
            Found::List(all) if quoting == Quoting::Double && is_joined(&name, parameter) => {
                Piece::One(join(&all, span), quoting)
            }
            Found::List(all) => Piece::Many(all, quoting),
            Found::Pieces(pieces) => Piece::Several(pieces),
        }
    }

    /// The name that is meant; `true` when `${!x}` names what cannot be told.
    fn target(&mut self, parameter: &Parameter, state: &mut State) -> (String, bool) {
        if !parameter.indirect {
            return (parameter.name.clone(), false);
        }
        let named = match self.find_plain(&parameter.name, state, Span::default()) {
            Found::One(value) => value.as_str().map(str::to_owned),
            Found::Unset | Found::List(_) | Found::Pieces(_) => None,
        };
        if let Some(name) = named.as_ref().filter(|name| name.contains('[')) {
            self.evaluated(name, state);
        }
        named.map_or((String::new(), true), |name| (name, false))
    }

    fn find(&mut self, name: &str, index: Option<&Index>, state: &mut State, span: Span) -> Found {
        let Some(index) = index else { return self.find_plain(name, state, span) };
        let name = &state.referred(name);
        let array = match state.variables.get(name) {
            Some(Variable::Array(all)) => all.clone(),
            Some(Variable::Scalar(value)) => vec![("0".to_owned(), value.clone())],
            Some(Variable::Unset) => Vec::new(),
            None => match self.inherited(name, state, span) {
                Some(value) => vec![("0".to_owned(), value)],
                None => Vec::new(),
            },
        };
        match index {
            Index::All | Index::Joined => {
                Found::List(array.into_iter().map(|(_, value)| value).collect())
            }
            Index::At(word) => match self.key_of(name, word, state) {
                Some(key) => element(&array, &key, span),
                None => Found::One(any_of(&array, span)),
            },
        }
    }

    /// The key a subscript of that variable names.
    pub(in crate::classify) fn key_of(
        &mut self,
        name: &str,
        word: &crate::classify::syntax::tree::Word,
        state: &mut State,
    ) -> Option<String> {
        if state.attributes.get(name) == Some(&Attribute::Associative) {
            return self.single(word, state).as_str().map(str::to_owned);
        }
        self.key(word, state)
    }

    /// The key a subscript names: text, or the number an expression comes to.
    pub(in crate::classify) fn key(
        &mut self,
        word: &crate::classify::syntax::tree::Word,
        state: &mut State,
    ) -> Option<String> {
        let text = self.single(word, state);
        let text = text.as_str()?.to_owned();
        if text.bytes().all(|c| c.is_ascii_digit() || b"+-*/%() ".contains(&c)) {
            return self.arithmetic_text(&text, state).map(|n| n.to_string());
        }
        self.evaluated(&text, state);
        let plain = text.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric());
        let number = if plain {
            let number = self.variable(&text, state, Span::default());
            number.and_then(|v| v.as_str().and_then(|t| t.parse::<i64>().ok()))
        } else {
            self.arithmetic_text(&text, state)
        };
        Some(number.map_or(text, |n| n.to_string()))
    }

    fn find_plain(&self, name: &str, state: &State, span: Span) -> Found {
        let given = &state.positional;
        match name {
            "@" | "*" => Found::List(given.iter().map(|v| Value { span, ..v.clone() }).collect()),
            "#" if given.iter().all(|v| v.arity == Arity::One) => {
                Found::One(Value::constant(given.len().to_string(), span))
            }
            "_" if state.last.is_some() => {
                Found::One(state.last.clone().unwrap_or_else(|| Value::unknown(span)))
            }
            "0" => Found::One(match &state.zero {
                Some(zero) => Value { span, ..zero.clone() },
                None => Value::constant("bash", span),
            }),
            "#" | "?" | "!" | "$" | "-" => {
                Found::One(Value { arity: Arity::One, ..Value::unknown(span) })
            }
            _ => match name.parse::<usize>() {
                Ok(nth) => self.positional(nth, state, span),
                Err(_) => self.variable(name, state, span).map_or(Found::Unset, Found::One),
            },
        }
    }

    fn positional(&self, nth: usize, state: &State, span: Span) -> Found {
        let before = state.positional.iter().take(nth.saturating_sub(1));
        if before.clone().any(|v| v.arity == Arity::Any) {
            return Found::One(Value::unknown(span));
        }
        match state.positional.get(nth.saturating_sub(1)) {
            Some(value) => Found::One(Value { span, ..value.clone() }),
            None => Found::Unset,
        }
    }
}

/// `"$*"` and `"${a[*]}"` are one word.
fn is_joined(name: &str, parameter: &Parameter) -> bool {
    name == "*" || matches!(parameter.index, Some(Index::Joined))
}

fn element(array: &[(String, Value)], key: &str, span: Span) -> Found {
    let last = if key == "-1" { array.last() } else { None };
    match last.or_else(|| array.iter().find(|(k, _)| k == key)) {
        Some((_, value)) => Found::One(Value { span, ..value.clone() }),
        None => Found::Unset,
    }
}

/// An element of which only the array is known.
fn any_of(array: &[(String, Value)], span: Span) -> Value {
    let mut known = array.iter().map(|(_, value)| value.known.clone());
    let first = known.next().unwrap_or(Known::Unknown);
    let known = known.fold(first, |all, one| all.or(&one));
    let mut value = Value { known, arity: Arity::One, taint: Vec::new(), span };
    for (_, element) in array {
        value = value.tainted_by(&element.taint);
    }
    value
}

/// The elements with spaces between them.
pub(super) fn join(all: &[Value], span: Span) -> Value {
    let mut whole = Value::constant(Vec::new(), span);
    for (nth, value) in all.iter().enumerate() {
        if nth > 0 {
            whole.known = whole.known.then(&Known::Const(b" ".to_vec()));
        }
        whole.known = whole.known.then(&value.known);
        whole = whole.tainted_by(&value.taint);
    }
    whole
}

//! Arithmetic on what is known: `$((...))`, `((...))`, subscripts, slices.
//!
//! Precedence climbing over the C operators a shell has; anything unknown makes the result unknown.

use crate::classify::shell::Shell;
use crate::classify::shell::state::{State, Variable};
use crate::classify::syntax::tree::Word;
use crate::classify::value::{Arity, Value};
use crate::model::finding::Span;

const MAX_DEPTH: usize = 32;
/// Values that are expressions in their turn are followed so far.
const MAX_NESTED: usize = 6;

/// Binary operators from loose to tight; longer spellings stand before their beginnings.
const LEVELS: &[&[&str]] = &[
    &[","],
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
    &["**"],
];

/// Operators that store: the text before `=`.
const STORES: &[&str] = &["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "="];

impl Shell<'_> {
    /// The number an expression comes to, when all of it is known.
    pub(in crate::classify) fn arithmetic(
        &mut self,
        word: &Word,
        state: &mut State,
    ) -> Option<i64> {
        let value = self.single(word, state);
        let text = value.as_str()?.to_owned();
        self.arithmetic_text(&text, state)
    }

    pub(in crate::classify) fn arithmetic_text(
        &mut self,
        text: &str,
        state: &mut State,
    ) -> Option<i64> {
        self.evaluated(text, state);
        self.number(text, 0, state)
    }

    /// What an expression comes to, `nested` values of names deep.
    fn number(&mut self, text: &str, nested: usize, state: &mut State) -> Option<i64> {
        if text.trim().is_empty() {
            return Some(0);
        }
        if nested > MAX_NESTED || (nested > 0 && !self.budget.word()) {
            return None;
        }
        let mut reader = Reader { shell: self, state, rest: text, depth: 0, nested };
        let number = reader.level(0);
        let done = reader.rest.trim().is_empty();
        number.filter(|_| done)
    }
}

struct Reader<'r, 's, 'a> {
    shell: &'r mut Shell<'a>,
    state: &'s mut State,
    rest: &'r str,
    depth: usize,
    nested: usize,
}

impl Reader<'_, '_, '_> {
    fn take(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An operator of `level` that is not the beginning of a longer one.
    fn operator(&mut self, level: usize) -> Option<&'static str> {
        self.rest = self.rest.trim_start();
        let longest = LEVELS
            .iter()
            .flat_map(|level| level.iter())
            .chain(STORES)
            .filter(|token| self.rest.starts_with(**token))
            .max_by_key(|token| token.len())?;
        let found = LEVELS.get(level)?.iter().find(|token| *token == longest)?;
        self.take(found);
        Some(found)
    }

    fn level(&mut self, level: usize) -> Option<i64> {
        self.depth += 1;
        if self.depth > MAX_DEPTH * LEVELS.len() {
            return None;
        }
        let number = if level == LEVELS.len() { self.unary() } else { self.binary(level) };
        self.depth -= 1;
        number
    }

    fn binary(&mut self, level: usize) -> Option<i64> {
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(level) {
            let right = self.level(level + 1)?;
            left = apply(operator, left, right)?;
        }
        if level == 1 && self.take("?") {
            let yes = self.level(0)?;
            if !self.take(":") {
                return None;
            }
            let no = self.level(1)?;
            return Some(if left == 0 { no } else { yes });
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<i64> {
        for (token, step) in [("++", 1), ("--", -1)] {
            if self.take(token) {
                let name = self.name()?;
                let number = self.read(&name)?.wrapping_add(step);
                return self.store(&name, number);
            }
        }
        let last = LEVELS.len();
        if self.take("-") {
            return self.level(last).map(i64::wrapping_neg);
        }
        if self.take("+") {
            return self.level(last);
        }
        if self.take("!") {
            return self.level(last).map(|n| i64::from(n == 0));
        }
        if self.take("~") {
            return self.level(last).map(|n| !n);
        }
        if self.take("(") {
            let number = self.level(0);
            return number.filter(|_| self.take(")"));
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<i64> {
        if self.rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        let name = self.name()?;
        for (token, step) in [("++", 1), ("--", -1)] {
            if self.take(token) {
                let number = self.read(&name)?;
                self.store(&name, number.wrapping_add(step))?;
                return Some(number);
            }
        }
        self.rest = self.rest.trim_start();
        let stores = STORES
            .iter()
            .find(|token| self.rest.starts_with(**token) && !self.rest.starts_with("=="));
        let Some(token) = stores else { return self.read(&name) };
        self.take(token);
        let right = self.level(1);
        let operator = token.trim_end_matches('=');
        let number = if operator.is_empty() {
            right
        } else {
            let left = self.read(&name);
            left.zip(right).and_then(|(left, right)| apply(operator, left, right))
        };
        match number {
            Some(number) => self.store(&name, number),
            None => {
                let unknown = Value { arity: Arity::One, ..Value::unknown(Span::default()) };
                self.state.assign(&name, unknown);
                None
            }
        }
    }

    fn name(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric());
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let begins = name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
        if !begins {
            return None;
        }
        self.rest = rest;
        let Some(subscript) = super::evaluated::subscript(rest) else {
            return Some(name.to_owned());
        };
        self.rest = rest.get(subscript.len() + 2..).unwrap_or_default();
        let (shell, nested) = (&mut *self.shell, self.nested + 1);
        let key = if subscript.contains(['$', '`']) {
            shell.expanded(subscript, self.state).as_str()?.to_owned()
        } else {
            subscript.to_owned()
        };
        let key = shell.number(&key, nested, self.state)?;
        Some(format!("{name}[{key}]"))
    }

    fn number(&mut self) -> Option<i64> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| c != '#' && !c.is_ascii_alphanumeric());
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        if let Some((base, digits)) = text.split_once('#') {
            let base = base.parse::<u32>().ok().filter(|b| (2..=36).contains(b))?;
            return i64::from_str_radix(digits, base).ok();
        }
        if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            return i64::from_str_radix(digits, 16).ok();
        }
        if text.len() > 1 && text.starts_with('0') {
            return i64::from_str_radix(text, 8).ok();
        }
        text.parse().ok()
    }

    fn read(&mut self, name: &str) -> Option<i64> {
        let value = match name.split_once('[') {
            Some((array, key)) => {
                let key = key.trim_end_matches(']');
                match self.state.variables.get(array) {
                    Some(Variable::Array(all)) => {
                        all.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone())
                    }
                    _ if key == "0" => self.shell.variable(array, self.state, Span::default()),
                    _ => return None,
                }
            }
            None => self.shell.variable(name, self.state, Span::default()),
        };
        let Some(value) = value else { return Some(0) };
        let text = value.as_str()?.trim().to_owned();
        match text.parse() {
            Ok(number) => Some(number),
            Err(_) => self.shell.number(&text, self.nested + 1, self.state),
        }
    }

    fn store(&mut self, name: &str, number: i64) -> Option<i64> {
        if let Some((array, _)) = name.split_once('[') {
            // Which element it was is not kept.
            let unknown = Value { arity: Arity::One, ..Value::unknown(Span::default()) };
            self.state.assign(array, unknown);
            return Some(number);
        }
        self.state.assign(name, Value::constant(number.to_string(), Span::default()));
        Some(number)
    }
}

fn apply(operator: &str, left: i64, right: i64) -> Option<i64> {
    let truth = |yes: bool| Some(i64::from(yes));
    match operator {
        "," => Some(right),
        "||" => truth(left != 0 || right != 0),
        "&&" => truth(left != 0 && right != 0),
        "|" => Some(left | right),
        "^" => Some(left ^ right),
        "&" => Some(left & right),
        "==" => truth(left == right),
        "!=" => truth(left != right),
        "<=" => truth(left <= right),
        ">=" => truth(left >= right),
        "<" => truth(left < right),
        ">" => truth(left > right),
        "<<" => left.checked_shl(u32::try_from(right).ok()?),
        ">>" => left.checked_shr(u32::try_from(right).ok()?),
        "+" => Some(left.wrapping_add(right)),
        "-" => Some(left.wrapping_sub(right)),
        "*" => Some(left.wrapping_mul(right)),
        "/" => left.checked_div(right),
        "%" => left.checked_rem(right),
        "**" => left.checked_pow(u32::try_from(right).ok()?),
        _ => None,
    }
}

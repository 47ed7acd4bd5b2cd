//! Simple commands: assignments, then words, then whatever the first word names.

use super::Shell;
use super::state::{State, Variable};
use crate::classify::environment;
use crate::classify::flow::Stream;
use crate::classify::syntax::tree::{Assigned, Assignment, Simple};
use crate::classify::value::{Arity, Known, Value};
use crate::model::finding::Span;
use std::collections::BTreeMap;
use std::rc::Rc;

impl Shell<'_> {
    pub(super) fn simple(&mut self, simple: &Simple, state: &mut State, span: Span) -> Stream {
        let argv = self.words(&simple.words, state);
        if std::mem::take(&mut state.halted) {
            return Stream::empty();
        }
        if argv.is_empty() && simple.words.is_empty() {
            for assignment in &simple.assignments {
                self.assignment(assignment, state);
            }
            state.succeeds = true;
            return Stream::empty();
        }
        let outer = (!simple.assignments.is_empty()).then(|| Rc::clone(&state.variables));
        for assignment in &simple.assignments {
            self.assignment(assignment, state);
            state.export(&assignment.name);
            self.exported(&assignment.name, state, assignment.span);
        }
        state.succeeds = false;
        state.if_failed = None;
        let output = if simple.declared.is_empty() {
            let before = self.trace.is_some().then(|| state.directories.clone());
            let output = self.invoke(&argv, state, span);
            if let Some(before) = before {
                self.note_directory(&before, &state.directories, span);
            }
            output
        } else {
            self.declare(&argv, &simple.declared, state);
            Stream::empty()
        };
        state.last = argv.last().cloned();
        if let Some(outer) = outer {
            restore(&simple.assignments, &outer, state);
        }
        output
    }

    /// Sets what an assignment sets.
    pub(super) fn assignment(&mut self, assignment: &Assignment, state: &mut State) {
        let name = assignment.name.as_str();
        if !self.may_copy(&state.variables, assignment.span) {
            return;
        }
        match (&assignment.value, &assignment.index) {
            (Assigned::Scalar(word), None) => {
                let mut value = self.single(word, state);
                self.note_word(word, std::slice::from_ref(&value));
                value.arity = Arity::One;
                if assignment.append {
                    let before = self.variable(name, state, assignment.span);
                    if let Some(before) = before {
                        value.known = before.known.then(&value.known);
                        value = value.tainted_by(&before.taint);
                    }
                }
                let value = self.stored(name, value, state);
                state.assign(name, value);
            }
            (Assigned::Scalar(word), Some(index)) => {
                let value = self.single(word, state);
                if !self.may_grow(state.variables.get(name), assignment.span) {
                    return;
                }
                let mut array = elements(state.variables.get(name));
                match self.key_of(name, index, state) {
                    Some(key) => put(&mut array, key, value, assignment.append),
                    None => forget(&mut array, &value),
                }
                state.set(name, Variable::Array(array));
            }
            (Assigned::Array(words), _) => {
                let old = state.variables.get(name).filter(|_| assignment.append);
                if !self.may_grow(old, assignment.span) {
                    return;
                }
                let mut array = elements(old);
                for (key, word) in words {
                    let key = key.as_ref().and_then(|key| self.key_of(name, key, state));
                    let values = self.words(std::slice::from_ref(word), state);
                    for value in values {
                        let key = key.clone().unwrap_or_else(|| array.len().to_string());
                        put(&mut array, key, value, false);
                    }
                }
                state.set(name, Variable::Array(array));
            }
        }
    }

    /// Whether an array may be copied to be changed, which is done for each change.
    fn may_grow(&mut self, variable: Option<&Variable>, span: Span) -> bool {
        let elements = match variable {
            Some(Variable::Array(all)) => all.len(),
            _ => 0,
        };
        let may = self.budget.make(elements.saturating_mul(super::budget::ENTRY));
        if !may {
            self.spent(span, "arrays are changed more often than is followed");
        }
        may
    }

    /// Whether a map may be changed, which copies it where another shell has it as well.
    pub(super) fn may_copy<T>(&mut self, map: &Rc<BTreeMap<String, T>>, span: Span) -> bool {
        let entries = if Rc::strong_count(map) > 1 { map.len() } else { 0 };
        let may = self.budget.make(entries.saturating_mul(super::budget::ENTRY));
        if !may {
            self.spent(span, "more is remembered in more shells than is followed");
        }
        may
    }

    /// A variable that a program will see: some of them name code that programs run.
    pub(super) fn exported(&mut self, name: &str, state: &mut State, span: Span) {
        let Some(carrier) = environment::carrier(name) else { return };
        let Some(value) = self.variable(name, state, span) else { return };
        self.environment_code(name, carrier, &value, state);
    }
}

/// Takes assignments back that were for one command only.
fn restore(assignments: &[Assignment], outer: &BTreeMap<String, Variable>, state: &mut State) {
    let variables = Rc::make_mut(&mut state.variables);
    for assignment in assignments {
        match outer.get(&assignment.name) {
            Some(before) => variables.insert(assignment.name.clone(), before.clone()),
            None => variables.remove(&assignment.name),
        };
    }
}

fn elements(variable: Option<&Variable>) -> Vec<(String, Value)> {
    match variable {
        Some(Variable::Array(all)) => all.clone(),
        Some(Variable::Scalar(value)) => vec![("0".to_owned(), value.clone())],
        Some(Variable::Unset) | None => Vec::new(),
    }
}

fn put(array: &mut Vec<(String, Value)>, key: String, value: Value, append: bool) {
    match array.iter_mut().find(|(k, _)| *k == key) {
        Some((_, old)) if append => {
            old.known = old.known.then(&value.known);
            *old = old.clone().tainted_by(&value.taint);
        }
        Some((_, old)) => *old = value,
        None => array.push((key, value)),
    }
}

/// An element is set, but nobody knows which.
fn forget(array: &mut Vec<(String, Value)>, value: &Value) {
    for (_, old) in array.iter_mut() {
        old.known = old.known.or(&value.known);
        *old = old.clone().tainted_by(&value.taint);
    }
    if array.is_empty() {
        array.push(("0".to_owned(), Value { known: Known::Unknown, ..value.clone() }));
    }
}

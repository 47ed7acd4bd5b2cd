//! The shell's own commands: those that change the shell itself rather than start a program.
//!
//! `echo`, `printf` without `-v` and `kill` are read like programs.

mod directories;
mod evaluate;
mod input;
mod variables;

use super::Shell;
use super::call::Lookup;
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::value::Value;
use crate::model::finding::Span;
use std::rc::Rc;

/// Builtins that change nothing the walk cares about.
const IDLE: &[&str] = &[
    "bg", "bind", "caller", "compgen", "complete", "compopt", "disown", "enable", "fc", "fg",
    "help", "jobs", "logout", "suspend", "times", "type", "ulimit", "umask", "wait", "break",
    "continue", "test", "[", "shopt",
];

impl Shell<'_> {
    /// Runs a builtin; `None` when `name` is none.
    pub(super) fn builtin(
        &mut self,
        name: &str,
        argv: &[Value],
        state: &mut State,
    ) -> Option<Stream> {
        let rest = argv.get(1..).unwrap_or_default();
        let span = super::reading::whole_span(argv);
        state.succeeds = false;
        let output = match name {
            "cd" | "chdir" => self.change_directory(rest, state),
            "pushd" => self.push_directory(rest, state),
            "popd" => pop_directory(rest, state),
            "dirs" => Stream::default(),
            "pwd" => self.print_directory(state, span),
            ":" | "true" => sure(state),
            "false" => Stream::empty(),
            "export" | "declare" | "typeset" | "local" | "readonly" | "let" | "unset" | "set"
            | "shift" | "alias" | "unalias" => self.variables(name, argv, state),
            "printf" if rest.first().and_then(Value::as_str) == Some("-v") => {
                self.print_to_variable(rest, state)
            }
            "read" => self.read_line(rest, state),
            "mapfile" | "readarray" => self.read_lines(rest, state),
            "getopts" => self.next_option(rest, state),
            "eval" => self.evaluate(rest, state, span),
            "source" | "." => self.source(rest, state, span),
            "trap" => self.trap(rest, state),
            "exec" => self.replace(rest, state, span),
            "command" => self.command_builtin(rest, state, span),
            "hash" => {
                remember(rest, state);
                Stream::empty()
            }
            "builtin" => self.dispatch(rest, state, span, Lookup::NoFunctions),
            "exit" | "return" => {
                state.ended = true;
                Stream::empty()
            }
            _ if IDLE.contains(&name) => Stream::default(),
            _ => return None,
        };
        Some(output)
    }

    /// `command x`, `command -v x`.
    fn command_builtin(&mut self, rest: &[Value], state: &mut State, span: Span) -> Stream {
        let mut words = rest;
        while let Some((first, after)) = words.split_first() {
            match first.as_str() {
                Some("-v" | "-V") => return Stream::default(),
                Some("-p" | "--") => words = after,
                _ => break,
            }
        }
        self.dispatch(words, state, span, Lookup::NoFunctions)
    }
}

/// `hash -p PATH NAME`: from here on the name leads to that program.
fn remember(rest: &[Value], state: &mut State) {
    let [option, path, names @ ..] = rest else { return };
    if option.as_str() != Some("-p") {
        return;
    }
    for name in names.iter().filter_map(Value::as_str) {
        Rc::make_mut(&mut state.aliases).insert(name.to_owned(), path.clone());
    }
}

fn pop_directory(rest: &[Value], state: &mut State) -> Stream {
    if rest.is_empty() {
        let directories = state.stack.pop().unwrap_or_else(|| state.directories.clone());
        state.previous = std::mem::replace(&mut state.directories, directories);
    } else {
        state.directories.clear();
    }
    Stream::empty()
}

/// Nothing happens, and that succeeds.
fn sure(state: &mut State) -> Stream {
    state.succeeds = true;
    Stream::empty()
}

//! What the first word of a command names: an alias, a function, a builtin, a program, or nobody knows.

use super::Shell;
use super::judge::Act;
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::programs::reading::Call;
use crate::classify::syntax::dialect::Dialect;
use crate::classify::syntax::tree::Command;
use crate::classify::syntax::{Origin, parse};
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach, Taint};
use crate::model::finding::Span;
use crate::model::gap::GapKind;
use crate::model::target::Place;
use crate::model::trace::What;
use std::path::Path;
use std::rc::Rc;

/// Which names are looked up before programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    /// Aliases, functions, builtins.
    Everything,
    /// `command x`, `builtin x`: no functions.
    NoFunctions,
    /// `env x`, `sudo x`: another program starts it.
    ProgramsOnly,
}

/// A function that is being walked, and with what.
#[derive(Debug)]
pub(super) struct Turn {
    body: Rc<Command>,
    given: Vec<Value>,
    state: State,
    depths: super::Depths,
}

impl Turn {
    /// A function that has called itself so often may do so without end.
    const SEVERAL: usize = 3;

    fn is(&self, body: &Rc<Command>) -> bool {
        Rc::ptr_eq(&self.body, body)
    }

    fn same(&self, given: &[Value], state: &State) -> bool {
        self.given == given
            && self.state.directories == state.directories
            && self.state.variables == state.variables
    }
}

impl Shell<'_> {
    /// Runs the words as the shell does.
    pub(super) fn invoke(&mut self, argv: &[Value], state: &mut State, span: Span) -> Stream {
        self.dispatch(argv, state, span, Lookup::Everything)
    }

    /// Runs the words as a program would that starts another.
    pub(super) fn program(&mut self, argv: &[Value], state: &mut State) -> Stream {
        let span = argv.first().map(|v| v.span).unwrap_or_default();
        self.dispatch(argv, state, span, Lookup::ProgramsOnly)
    }

    pub(super) fn dispatch(
        &mut self,
        argv: &[Value],
        state: &mut State,
        span: Span,
        lookup: Lookup,
    ) -> Stream {
        let Some((first, rest)) = argv.split_first() else { return Stream::empty() };
        if self.budget.depth >= super::Budget::MAX_DEPTH {
            self.spent(span, "code is carried in code too deep to be followed");
            return Stream::default();
        }
        if self.budget.depth > 0 && !self.budget.hand(argv.len()) {
            self.spent(span, "more words are handed from command to command than are followed");
            return Stream::default();
        }
        if let Some(Taint::Network(from)) =
            first.taint.iter().find(|t| matches!(t, Taint::Network(_)))
        {
            let from = from.clone();
            self.run_from_network(&from, first.span);
        }
        self.budget.depth += 1;
        let output = match &first.known {
            Known::Const(bytes) => {
                let name = String::from_utf8_lossy(bytes).into_owned();
                self.named(&name, argv, state, lookup)
            }
            Known::OneOf(all) => {
                let mut output = Stream::empty();
                for bytes in all {
                    let mut argv = vec![Value::constant(bytes.as_slice(), first.span)];
                    argv.extend_from_slice(rest);
                    let name = String::from_utf8_lossy(bytes).into_owned();
                    output.append(self.named(&name, &argv, &mut state.clone(), lookup));
                }
                output
            }
            Known::Prefix(_) | Known::Unknown => {
                let what = format!("which command runs is not known: {}", first.describe());
                self.gap(GapKind::UnresolvedCommand, first.span, what);
                Stream::unknown(argv.iter().flat_map(|v| v.taint.clone()).collect())
            }
        };
        self.budget.depth -= 1;
        output
    }

    fn named(&mut self, name: &str, argv: &[Value], state: &mut State, lookup: Lookup) -> Stream {
        if lookup == Lookup::Everything {
            if let Some(alias) = state.aliases.get(name).cloned() {
                // whether aliases are alive here is the shell's affair: both readings are followed
                let span = argv.first().map(|v| v.span).unwrap_or_default();
                let mut inner = state.clone();
                self.noted(
                    (span, "alias"),
                    || alias.describe(),
                    |shell| {
                        shell.alias(name, &alias, argv, &mut inner);
                    },
                );
            }
            if let Some(function) = state.functions.get(name).cloned() {
                // It may be one that is never defined (`if false`): the program is meant as well.
                if crate::classify::programs::knows(name) {
                    self.external(name, argv, &mut state.clone());
                }
                let span = argv.first().map(|v| v.span).unwrap_or_default();
                return self.noted(
                    (span, "function"),
                    || name.to_owned(),
                    |shell| shell.function(&function, argv, state),
                );
            }
        }
        let at = self.trace.as_ref().map(|trace| trace.len());
        if lookup != Lookup::ProgramsOnly
            && let Some(output) = self.builtin(name, argv, state)
        {
            if let (Some(trace), Some(at)) = (&mut self.trace, at) {
                let span = argv.first().map(|v| v.span).unwrap_or_default();
                let reader = format!("the shell itself: {name} is built in");
                trace.insert(at, span, What::ReadBy(reader));
            }
            return output;
        }
        if name == "echo" && lookup != Lookup::ProgramsOnly && self.echo_escapes() {
            let mut words = argv.to_vec();
            words
                .insert(1, Value::constant("-e", argv.first().map(|v| v.span).unwrap_or_default()));
            return self.external(name, &words, state);
        }
        self.external(name, argv, state)
    }

    /// The text of an alias with the words after it.
    fn alias(&mut self, name: &str, alias: &Value, argv: &[Value], state: &mut State) {
        let span = argv.first().map(|v| v.span).unwrap_or_default();
        let Some(text) = alias.as_str() else {
            let what = format!("what the alias {name} stands for is not known");
            return self.gap(GapKind::UnresolvedCommand, span, what);
        };
        if !self.budget.code(text.len()) {
            return self.spent(span, "more code is carried in words than is read");
        }
        let mut inner = state.clone();
        Rc::make_mut(&mut inner.aliases).remove(name);
        let rest = argv.get(1..).unwrap_or_default();
        let script = parse(text, Origin::Within(span));
        if rest.is_empty() {
            self.block(&script.body, &mut inner);
            return;
        }
        // the words are appended to the last command of the alias
        let Some((last, before)) = script.body.split_last() else { return };
        self.block(before, &mut inner);
        match &last.node {
            crate::classify::syntax::tree::Node::Simple(simple) => {
                self.redirections(&last.redirections, &mut inner);
                let mut words = self.words(&simple.words, &mut inner);
                words.extend_from_slice(rest);
                self.invoke(&words, &mut inner, span);
            }
            _ => {
                self.command(last, &mut inner);
            }
        }
    }

    /// A function: its body with the words as positional parameters.
    fn function(&mut self, body: &Rc<Command>, argv: &[Value], state: &mut State) -> Stream {
        let mut given = argv.get(1..).unwrap_or_default().to_vec();
        // A function may call itself without end: after a few turns its words are forgotten, and
        // the same turn is not walked twice.
        let earlier: Vec<&Turn> = self.turns.iter().filter(|turn| turn.is(body)).collect();
        if let Some(last) = earlier.last().filter(|_| earlier.len() >= Turn::SEVERAL) {
            for word in &mut given {
                *word = Value::unknown(Span::default()).tainted_by(&word.taint);
            }
            state.widen(&last.state);
        }
        if let Some(turn) = earlier.iter().find(|turn| turn.same(&given, state)) {
            let depths = turn.depths;
            // Without a branch it never ends; with processes of its own each turn makes more of them.
            if self.depths.branches == depths.branches || self.depths.processes > depths.processes {
                let span = argv.first().map(|v| v.span).unwrap_or_default();
                self.spent(span, "a function calls itself without end");
            }
            return Stream::default();
        }
        let turn = Turn {
            body: Rc::clone(body),
            given: given.clone(),
            state: state.clone(),
            depths: self.depths,
        };
        self.turns.push(turn);
        let outer = state.give(&given);
        let (variables, locals) = (Rc::clone(&state.variables), std::mem::take(&mut state.locals));
        let attributes = Rc::clone(&state.attributes);
        let output = self.command(body, state);
        self.turns.pop();
        state.positional = outer;
        // What was local is again what it was.
        let own = std::mem::replace(&mut state.locals, locals);
        if !own.is_empty() {
            state.attributes = attributes;
        }
        for name in own {
            let all = Rc::make_mut(&mut state.variables);
            match variables.get(&name) {
                Some(before) => drop(all.insert(name, before.clone())),
                None => drop(all.remove(&name)),
            }
        }
        state.ended = false;
        output
    }

    /// A program found on the disk.
    fn external(&mut self, name: &str, argv: &[Value], state: &mut State) -> Stream {
        let base = name.rsplit('/').next().unwrap_or(name);
        if name.contains('/')
            && let Some(output) = self.executed_file(argv, state)
        {
            return output;
        }
        if base.is_empty() {
            return Stream::empty();
        }
        if let Some(function) = state.functions.get("command_not_found_handle").cloned()
            && (self.world.program(name).is_none() || !crate::classify::programs::knows(base))
            && !self.turns.iter().any(|turn| turn.is(&function))
        {
            let words: Vec<Value> = argv.iter().take(1).chain(argv).cloned().collect();
            self.function(&function, &words, &mut state.clone());
        }
        let call = Call { name: base, argv };
        let span = argv.first().map(|v| v.span).unwrap_or_default();
        self.note(span, || {
            What::ReadBy(match crate::classify::programs::knows(base) {
                true => format!("the model of {base}"),
                false => format!("nobody: there is no model of {base}"),
            })
        });
        let reading = (self.knowledge)(&call);
        self.apply(reading, &call, state)
    }

    /// A program named by its path: a script is read, a file written by this very text is known.
    fn executed_file(&mut self, argv: &[Value], state: &mut State) -> Option<Stream> {
        let first = argv.first()?;
        let Place::Exact(path) = self.places(first, state).into_iter().next()? else {
            return None;
        };
        if let Some(original) = self.copies.get(&path).cloned() {
            let mut words =
                vec![Value::constant(original.as_os_str().as_encoded_bytes(), first.span)];
            words.extend_from_slice(argv.get(1..).unwrap_or_default());
            self.copies.remove(&path);
            let output = self.external(&original.to_string_lossy(), &words, state);
            self.copies.insert(path, original);
            return Some(output);
        }
        let behind = self.behind_all(vec![Place::Exact(path.clone())]);
        let program = behind.iter().filter_map(Place::known).find(|path| is_system_program(path));
        if let Some(program) = program.filter(|program| *program != path) {
            // What stands there is called by its own name: a link is not asked about twice.
            let name = program.file_name()?.to_string_lossy().into_owned();
            return Some(self.external(&name, argv, state));
        }
        if is_system_program(&path) && !self.written.contains_key(&path) {
            return None;
        }
        self.network_file(&path, first.span);
        let act = Act {
            access: Access::Execute,
            reach: Reach::Itself,
            adds: false,
            carries: &first.taint,
            span: first.span,
        };
        self.act_on(&Place::Exact(path.clone()), &act);
        let known = self.file_code(&path)?;
        let language = super::code::shebang(&known)?;
        let args: Vec<Value> = argv.get(1..).unwrap_or_default().to_vec();
        let mut inner = self.started(state);
        let reader = Dialect::of_script(&known).unwrap_or(self.dialect);
        let outer = std::mem::replace(&mut self.dialect, reader);
        let output = self.visit(&path, &known, (language, &args), (first.span, &mut inner));
        self.dialect = outer;
        Some(output)
    }
}

/// Where the machine's own programs live.
fn is_system_program(path: &Path) -> bool {
    ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]
        .iter()
        .any(|directory| path.parent() == Some(Path::new(directory)))
}

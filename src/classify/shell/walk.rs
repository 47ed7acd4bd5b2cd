//! Lists, pipes, branches and groups: how control and data go from command to command.
//!
//! Both sides of every branch are walked; what differs afterwards is joined.

use super::Shell;
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::syntax::tree::{Command, Node, Script, Word};
use crate::model::finding::Span;
use std::rc::Rc;

impl Shell<'_> {
    /// A whole text; what it writes to standard output.
    pub(in crate::classify) fn script(&mut self, script: &Script, state: &mut State) -> Stream {
        for gap in &script.gaps {
            self.add_gap(gap.clone());
        }
        self.block(&script.body, state)
    }

    pub(super) fn block(&mut self, block: &[Command], state: &mut State) -> Stream {
        let mut output = Stream::empty();
        for (nth, command) in block.iter().enumerate() {
            if nth > 0 {
                state.settle();
            }
            output.append(self.command(command, state));
        }
        output
    }

    pub(super) fn command(&mut self, command: &Command, state: &mut State) -> Stream {
        if !self.budget.command() {
            self.spent(command.span, "the text does more than is followed; the rest was not read");
            return Stream::default();
        }
        let output = self.redirected(command, state);
        self.budget.ended();
        output
    }

    fn redirected(&mut self, command: &Command, state: &mut State) -> Stream {
        self.note_command(command);
        if command.redirections.is_empty() {
            return self.node(command, state);
        }
        let plumbing = self.redirections(&command.redirections, state);
        if is_bare_exec(&command.node) {
            self.keep(plumbing, state);
            return Stream::empty();
        }
        let outer =
            plumbing.input.clone().map(|input| std::mem::replace(&mut state.input, Rc::new(input)));
        let descriptors = plumbing.lend(state);
        let output = match &command.node {
            // `$(<file)`: nothing but a redirection gives the contents
            Node::Simple(simple) if simple.words.is_empty() && simple.assignments.is_empty() => {
                state.succeeds = false;
                plumbing.input.clone().unwrap_or_else(Stream::empty)
            }
            _ => self.node(command, state),
        };
        if let Some(outer) = outer {
            state.input = outer;
        }
        if let Some(outer) = descriptors {
            state.descriptors = outer;
        }
        self.deliver(output, &plumbing)
    }

    fn node(&mut self, command: &Command, state: &mut State) -> Stream {
        match &command.node {
            Node::Simple(simple) => self.simple(simple, state, command.span),
            Node::Pipeline(stages) => self.pipeline(stages, state),
            Node::And(left, right) => self.and(left, right, state),
            Node::Or(left, right) => self.or(left, right, state),
            Node::Background(inner) => {
                self.depths.processes += 1;
                let output = self.command(inner, &mut state.clone());
                self.depths.processes -= 1;
                state.succeeds = true;
                output
            }
            Node::Subshell(body) => {
                let mut inner = state.clone();
                let output = self.block(body, &mut inner);
                self.end(state.traps.len(), &inner);
                state.succeeds = false;
                output
            }
            Node::Group(body) => self.block(body, state),
            Node::Not(inner) => {
                let output = self.command(inner, state);
                let failed = state.if_failed.take();
                if let Some(failed) = failed {
                    state.if_failed = Some(std::mem::replace(&mut state.directories, failed));
                }
                state.succeeds = false;
                output
            }
            Node::If(arms, otherwise) => self.branches(arms, otherwise.as_deref(), state),
            Node::For(name, words, body) => self.each(name, words.as_deref(), body, state),
            Node::Loop(condition, body) => self.repeat(condition, body, state),
            Node::Case(subject, arms) => self.case(subject, arms, state),
            Node::Function(names, body) => {
                if !self.may_copy(&state.functions, command.span) {
                    return Stream::empty();
                }
                for name in names.iter().filter_map(Word::as_text) {
                    Rc::make_mut(&mut state.functions).insert(name, Rc::clone(body));
                }
                Stream::empty()
            }
            Node::Test(words) => {
                for word in words {
                    // a number may be asked for, and is then an expression
                    let value = self.single(word, state);
                    self.evaluated_words(&[value], state);
                }
                state.succeeds = false;
                Stream::empty()
            }
            Node::Arithmetic(word) => {
                self.arithmetic(word, state);
                state.succeeds = false;
                Stream::empty()
            }
        }
    }

    /// Each stage runs in a shell of its own and reads what the one before it wrote.
    fn pipeline(&mut self, stages: &[Command], state: &mut State) -> Stream {
        let mut data: Option<Stream> = None;
        let mut last = None;
        self.depths.processes += 1;
        for stage in stages {
            let mut inner = state.clone();
            if let Some(data) = data.take() {
                inner.input = Rc::new(data);
            }
            data = Some(self.command(stage, &mut inner));
            last = Some(inner);
        }
        if let Some(last) = last.filter(|_| state.is_on("lastpipe")) {
            let last = State { input: Rc::clone(&state.input), ..last };
            self.merge(state, &last);
        }
        self.depths.processes -= 1;
        state.succeeds = false;
        state.if_failed = None;
        data.unwrap_or_default()
    }

    /// The right side runs where the left has succeeded.
    fn and(&mut self, left: &Command, right: &Command, state: &mut State) -> Stream {
        let mut output = self.command(left, state);
        let certain = state.succeeds;
        let failed_at = state.if_failed.take().unwrap_or_else(|| state.directories.clone());
        let before = state.clone();
        self.depths.branches += usize::from(!certain);
        output.append(self.command(right, state));
        self.depths.branches -= usize::from(!certain);
        if certain {
            return output;
        }
        let ended = std::mem::replace(&mut state.ended, false);
        let (directories, if_failed) = (state.directories.clone(), state.if_failed.take());
        self.merge(state, &before);
        state.directories = if ended { failed_at.clone() } else { directories };
        let failed_at = match if_failed {
            Some(right_failed) => super::state::either(&failed_at, &right_failed),
            None => failed_at,
        };
        state.if_failed = (failed_at != state.directories).then_some(failed_at);
        state.succeeds = false;
        output
    }

    /// The right side runs where the left has failed.
    fn or(&mut self, left: &Command, right: &Command, state: &mut State) -> Stream {
        let mut output = self.command(left, state);
        let certain = state.succeeds;
        let mut failed = state.clone();
        failed.ended = false;
        if let Some(directories) = state.if_failed.take() {
            failed.directories = directories;
        }
        failed.if_failed = None;
        self.depths.branches += 1;
        output.append(self.command(right, &mut failed));
        self.depths.branches -= 1;
        if !certain {
            let ended = state.ended;
            failed.settle();
            self.merge(state, &failed);
            state.ended = ended && failed.ended;
        }
        output
    }

    /// What is known when control came through either.
    pub(super) fn merge(&mut self, state: &mut State, other: &State) {
        let same = Rc::ptr_eq(&state.variables, &other.variables);
        let entries = if same { 0 } else { state.variables.len() + other.variables.len() };
        if !self.budget.make(entries.saturating_mul(super::budget::ENTRY)) {
            self.spent(Span::default(), "more ways through the text are joined than is followed");
            return;
        }
        let unset = |name: &str| self.untouched(name, other);
        state.join(other, &unset);
    }

    fn branches(
        &mut self,
        arms: &[(Vec<Command>, Vec<Command>)],
        otherwise: Option<&[Command]>,
        state: &mut State,
    ) -> Stream {
        let mut output = Stream::empty();
        let mut after: Option<State> = None;
        let mut joined = |shell: &mut Self, state: State| match after.take() {
            Some(mut before) => {
                shell.merge(&mut before, &state);
                after = Some(before);
            }
            None => after = Some(state),
        };
        self.depths.branches += 1;
        for (condition, body) in arms {
            output.append(self.block(condition, state));
            let failed = state.if_failed.take();
            let mut taken = state.clone();
            output.append(self.block(body, &mut taken));
            joined(self, taken);
            if let Some(failed) = failed {
                state.directories = failed;
            }
        }
        if let Some(body) = otherwise {
            output.append(self.block(body, state));
        }
        joined(self, state.clone());
        self.depths.branches -= 1;
        if let Some(after) = after {
            *state = after;
        }
        state.succeeds = false;
        uncertain(output)
    }

    fn case(
        &mut self,
        subject: &Word,
        arms: &[(Vec<Word>, Vec<Command>)],
        state: &mut State,
    ) -> Stream {
        self.single(subject, state);
        let mut output = Stream::empty();
        let before = state.clone();
        self.depths.branches += 1;
        for (patterns, body) in arms {
            for pattern in patterns {
                self.single(pattern, state);
            }
            let mut taken = before.clone();
            output.append(self.block(body, &mut taken));
            self.merge(state, &taken);
        }
        self.depths.branches -= 1;
        state.succeeds = false;
        uncertain(output)
    }
}

/// Output of which it is not known which parts were written.
pub(super) fn uncertain(output: Stream) -> Stream {
    if output.is_empty() {
        return output;
    }
    Stream { known: crate::classify::value::Known::Unknown, ..output }
}

/// `exec` with redirections alone: they hold for the rest of the shell.
fn is_bare_exec(node: &Node) -> bool {
    let Node::Simple(simple) = node else { return false };
    matches!(simple.words.as_slice(), [only] if only.as_text().as_deref() == Some("exec"))
}

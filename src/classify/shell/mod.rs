//! The abstract shell: walks the tree of a text and writes down what it would do.
//!
//! Every branch is taken, every loop is unrolled to a bound, every carried command is walked in its
//! turn. What programs do with their words it asks `programs`; what is on disk it asks the `World`.

mod batch;
mod builtins;
mod call;
mod carried;
mod code;
mod credentials;
mod foreign_calls;
mod judge;
mod loops;
mod loss;
mod reading;
mod recipes;
mod redirect;
mod simple;
pub(super) mod state;
mod things;
mod walk;

use crate::classify::flow::Stream;
use crate::classify::programs::reading::{Call, Reading};
use crate::classify::syntax::tree::Script;
use crate::classify::syntax::{Origin, parse};
use crate::classify::value::Value;
use crate::model::assessment::Assessment;
use crate::model::effect::{Reversibility, Scale};
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::invocation::{Invocation, Request};
use crate::model::world::World;
use state::State;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

/// What programs do with their words.
pub(super) type Knowledge<'a> = &'a dyn Fn(&Call<'_>) -> Reading;

/// More effects than this are not written down one by one.
const MAX_EFFECTS: usize = 512;

/// One classification under way.
pub(super) struct Shell<'a> {
    /// What was asked.
    pub(super) invocation: &'a Invocation,
    /// What is on disk.
    pub(super) world: &'a dyn World,
    knowledge: Knowledge<'a>,
    /// What was found so far.
    pub(super) found: Assessment,
    /// What is left to spend.
    pub(super) budget: Budget,
    /// What files written by this very text hold.
    pub(super) written: BTreeMap<PathBuf, Stream>,
    /// What reads the other ends of `>(...)`.
    pub(super) readers: BTreeMap<PathBuf, Reader>,
    /// Copies and links made by this very text: new name to old.
    copies: BTreeMap<PathBuf, PathBuf>,
    /// What the world said of a path: loss and scale.
    losses: BTreeMap<PathBuf, (Reversibility, Option<Scale>)>,
    /// How many names `mktemp` has given out.
    made: usize,
    /// Scripts that are being walked: file, arguments, directories, variables.
    active: Vec<code::Visit>,
    /// Functions that are being walked.
    turns: Vec<call::Turn>,
    /// How many branches the code at hand stands in, and how many processes of its own.
    depths: Depths,
    /// How many loops the code at hand stands in whose turns nobody can tell.
    turning: usize,
    /// Whose rights and which machine the code at hand runs on.
    realm: Ground,
}

/// How deep the code at hand stands in what may not run, and in what runs beside the shell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Depths {
    branches: usize,
    processes: usize,
}

/// Where the code at hand runs.
#[derive(Debug, Clone, Default)]
struct Ground {
    /// The other machine or container, if it is one.
    elsewhere: Option<String>,
}

/// Code that waits for what is written to it, and the shell it runs in.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// The code.
    pub(super) script: Rc<Script>,
    /// Its shell.
    pub(super) state: State,
}

/// What one classification may spend.
#[derive(Debug)]
pub(super) struct Budget {
    commands: usize,
    words: usize,
    globs: usize,
    /// How deep code is carried in code.
    depth: usize,
    spent: bool,
}

impl Budget {
    const MAX_DEPTH: usize = 32;

    const fn new() -> Self {
        Self { commands: 4_000, words: 20_000, globs: 24, depth: 0, spent: false }
    }

    const fn shallower(&mut self) {
        self.depth -= 1;
    }

    fn command(&mut self) -> bool {
        take(&mut self.commands)
    }

    /// Whether one more word may be expanded.
    pub(super) fn word(&mut self) -> bool {
        take(&mut self.words)
    }

    /// Whether one more pattern may be matched against the file system.
    pub(super) fn glob(&mut self) -> bool {
        take(&mut self.globs)
    }
}

const fn take(left: &mut usize) -> bool {
    match left.checked_sub(1) {
        Some(less) => {
            *left = less;
            true
        }
        None => false,
    }
}

impl<'a> Shell<'a> {
    /// Ready to classify `invocation`.
    pub(super) fn new(
        invocation: &'a Invocation,
        world: &'a dyn World,
        knowledge: Knowledge<'a>,
    ) -> Self {
        Self {
            invocation,
            world,
            knowledge,
            found: Assessment::default(),
            budget: Budget::new(),
            written: BTreeMap::new(),
            readers: BTreeMap::new(),
            copies: BTreeMap::new(),
            losses: BTreeMap::new(),
            made: 0,
            active: Vec::new(),
            turns: Vec::new(),
            depths: Depths::default(),
            turning: 0,
            realm: Ground::default(),
        }
    }

    /// What the invocation would do.
    pub(super) fn classify(mut self) -> Assessment {
        let mut state = State::new(self.invocation.cwd.clone());
        match &self.invocation.request {
            Request::Shell(bytes) => {
                let text = self.decode(bytes);
                let script = parse(&text, Origin::At(0));
                self.script(&script, &mut state);
            }
            Request::Argv(words) => {
                let mut at = 0;
                let mut argv = Vec::with_capacity(words.len());
                for word in words {
                    let bytes = word.as_encoded_bytes();
                    argv.push(Value::constant(bytes, Span::new(at, at + bytes.len())));
                    at += bytes.len() + 1;
                }
                self.program(&argv, &mut state);
            }
        }
        self.found
    }

    /// The text of bytes, each offset kept: what is not UTF-8 becomes a character that no rule knows.
    fn decode(&mut self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        let mut broken = None;
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                broken = broken.or(Some(at));
                at += chunk.invalid().len();
                text.extend(chunk.invalid().iter().map(|_| '\u{1a}'));
            }
        }
        if let Some(at) = broken {
            let span = Span::new(at, bytes.len());
            self.gap(GapKind::UnparsedText, span, "the text is not UTF-8 from here on".to_owned());
        }
        text
    }

    /// Writes down what could not be seen, once.
    pub(super) fn gap(&mut self, kind: GapKind, span: Span, what: String) {
        self.add_gap(Gap { kind, span, what });
    }

    fn add_gap(&mut self, gap: Gap) {
        // That something was left out is said however much else was.
        let room = self.found.gaps.len() < MAX_EFFECTS || gap.kind == GapKind::BudgetSpent;
        if room && !self.found.gaps.contains(&gap) {
            self.found.gaps.push(gap);
        }
    }

    /// Writes down that a bound was reached, once.
    pub(super) fn spent(&mut self, span: Span, what: &str) {
        if !std::mem::replace(&mut self.budget.spent, true) {
            self.gap(GapKind::BudgetSpent, span, what.to_owned());
        }
    }

    /// Writes down a named danger, once.
    pub(super) fn danger(
        &mut self,
        (rule, severity): (&'static str, Severity),
        span: Span,
        reason: String,
        instead: Option<&str>,
    ) {
        let rule = RuleId::named(rule);
        let instead = instead.map(str::to_owned);
        self.add_finding(Finding { rule, severity, span, reason, instead });
    }

    fn add_finding(&mut self, finding: Finding) {
        if self.found.findings.len() < MAX_EFFECTS && !self.found.findings.contains(&finding) {
            self.found.findings.push(finding);
        }
    }
}

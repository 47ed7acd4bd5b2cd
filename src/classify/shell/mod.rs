//! The abstract shell: walks the tree of a text and writes down what it would do.
//!
//! Every branch is taken, every loop is unrolled to a bound, every carried command is walked in its
//! turn. What programs do with their words it asks `programs`; what is on disk it asks the `World`.

mod batch;
mod budget;
mod builtins;
mod call;
mod carried;
mod carriers;
mod code;
mod credentials;
mod dialects;
mod foreign_calls;
mod handed_out;
mod history;
mod judge;
mod loops;
mod loss;
mod names;
mod obeyed;
mod output;
mod reading;
mod recipes;
mod redirect;
mod script_deeds;
mod simple;
pub(super) mod state;
mod things;
mod walk;

use crate::classify::flow::Stream;
use crate::classify::programs::reading::{Call, Reading};
use crate::classify::syntax::dialect::Dialect;
use crate::classify::syntax::tree::Script;
use crate::classify::syntax::{Origin, parse};
use crate::classify::trace::Trace;
use crate::classify::value::Value;
use crate::model::assessment::Assessment;
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::invocation::{Invocation, Request};
use crate::model::trace::{Step, What};
use crate::model::world::World;
pub(super) use budget::Budget;
pub(super) use names::Last;
use names::Names;
use rustc_hash::FxHashSet;
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
    /// Hashes of the effects found, so that a new one is told from those without a look at each.
    effects: FxHashSet<u64>,
    /// What is left to spend.
    pub(super) budget: Budget,
    /// What files written by this very text hold.
    pub(super) written: BTreeMap<PathBuf, Stream>,
    /// What reads the other ends of `>(...)`.
    pub(super) readers: BTreeMap<PathBuf, Reader>,
    /// Copies and links made by this very text: new name to old.
    copies: BTreeMap<PathBuf, PathBuf>,
    /// Links and other names made by this very text.
    names: Names,
    /// What the world said of a path: loss and scale.
    losses: BTreeMap<PathBuf, loss::Lost>,
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
    /// Which shell reads the code at hand.
    dialect: Dialect,
    /// The words of the program that carries the code at hand.
    carrier: Span,
    /// The steps taken, when somebody wants to know them.
    pub(super) trace: Option<Box<Trace>>,
    /// Where variables stand that nobody has set, so that what follows them became a path by itself.
    unset: Vec<Span>,
    /// How often anything was seen, what is written down once only included.
    sightings: usize,
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
            effects: FxHashSet::default(),
            budget: Budget::new(),
            written: BTreeMap::new(),
            readers: BTreeMap::new(),
            copies: BTreeMap::new(),
            names: Names::default(),
            losses: BTreeMap::new(),
            made: 0,
            active: Vec::new(),
            turns: Vec::new(),
            depths: Depths::default(),
            turning: 0,
            realm: Ground::default(),
            dialect: Dialect::Bash,
            carrier: Span::default(),
            trace: None,
            unset: Vec::new(),
            sightings: 0,
        }
    }

    /// What the invocation would do.
    pub(super) fn classify(mut self) -> Assessment {
        self.walk_all();
        self.found
    }

    /// The same with the steps that led there.
    pub(super) fn classify_traced(mut self) -> (Assessment, Vec<Step>) {
        self.trace = Some(Box::default());
        self.walk_all();
        let steps = self.trace.take().map(|trace| trace.into_steps());
        (self.found, steps.unwrap_or_default())
    }

    fn walk_all(&mut self) {
        let mut state = State::new(self.invocation.cwd.clone());
        match &self.invocation.request {
            Request::Shell(bytes) => {
                let text = self.decode(bytes);
                let script = parse(&text, Origin::At(0));
                let before = state.clone();
                self.script(&script, &mut state);
                self.end(0, &state);
                if Dialect::Dash.otherwise(&text).is_some() {
                    self.dialect = self.first_reader();
                    self.other_reading(&text, Span::new(0, bytes.len()), &before);
                }
            }
            Request::Argv(words) => {
                let mut at = 0;
                let mut argv = Vec::with_capacity(words.len().min(Budget::MAX_WORDS));
                for word in words {
                    if !self.budget.word() {
                        let what = "there are more words than are looked at";
                        self.spent(Span::new(at, at + word.len()), what);
                        break;
                    }
                    let bytes = word.as_encoded_bytes();
                    argv.push(Value::constant(bytes, Span::new(at, at + bytes.len())));
                    at += bytes.len() + 1;
                }
                self.program(&argv, &mut state);
            }
        }
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
        self.sightings += 1;
        // That something was left out is said however much else was.
        let room = self.found.gaps.len() < MAX_EFFECTS || gap.kind == GapKind::BudgetSpent;
        if room && !self.found.gaps.contains(&gap) {
            let nth = self.found.gaps.len();
            self.note(gap.span, || What::Gap(nth));
            self.found.gaps.push(gap);
        }
    }

    /// Writes down that a bound was reached, once.
    pub(super) fn spent(&mut self, span: Span, what: &str) {
        self.sightings += 1;
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
        self.sightings += 1;
        // Where it stands tells most apart.
        let known = |known: &Finding| known.span == finding.span && *known == finding;
        if self.found.findings.len() < MAX_EFFECTS && !self.found.findings.iter().any(known) {
            let nth = self.found.findings.len();
            self.note(finding.span, || What::Finding(nth));
            self.found.findings.push(finding);
        }
    }
}

//! Reads one call by its model: options first, then the subcommand or the operands.
//!
//! The meaning of a single act is in `perform`, the sharing out of operands in `operands`.

use super::act::{Act, Clause};
use super::getopt::{Hit, Sorted, Syntax, sort};
use super::grammars::{self, Grammar};
use super::model::{Argument, Danger, Model, Opt};
use super::perform::Word;
use super::reading::{Call, Reading};
use super::shelf;
use crate::classify::value::{Known, Value};
use crate::model::effect::Access;
use crate::model::finding::Span;
use crate::model::gap::{Gap, GapKind};

/// What is gathered while a call is read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The result.
    pub(super) reading: Reading,
    /// The program, with its subcommands.
    pub(super) name: String,
    /// All words of the call.
    pub(super) span: Span,
    /// Modes that options switched on.
    pub(super) modes: Vec<&'static str>,
    /// Operands are meant with everything below them.
    pub(super) tree: bool,
    /// How many first operands options stand in for.
    pub(super) fills: usize,
    /// The destination directory an option gave.
    pub(super) into: Option<Value>,
    /// The directory the program works in.
    pub(super) directory: Option<Value>,
    /// Variables set for carried code.
    pub(super) variables: Vec<(String, Value)>,
    /// Where carried code runs, if elsewhere.
    pub(super) machine: Option<Value>,
    /// The rights or place of carried code, as the model says.
    pub(super) realm: &'static str,
    /// The dangers the models name.
    pub(super) dangers: Vec<&'static Danger>,
    /// Words behind an option that ends scanning with a command.
    pub(super) behind: Vec<Value>,
    /// The program an option gave, whose words the operands are.
    pub(super) program: Option<Value>,
    /// What the keys of `KEY=VALUE` words mean.
    pub(super) settings: Vec<&'static Opt>,
    /// Arguments of carried code that options gave.
    pub(super) more: Vec<Value>,
    /// The operands, as arguments of code that an option gives.
    pub(super) given: Vec<Value>,
    uncertain: Option<Span>,
    harmless: bool,
}

/// Reads a call; a program without a model is a gap.
pub(super) fn read(call: &Call<'_>) -> Reading {
    let span = call.argv.iter().map(|v| v.span).reduce(Span::join).unwrap_or_default();
    let mut reader = Reader { span, name: call.name.to_owned(), ..Reader::default() };
    let words = call.argv.get(1..).unwrap_or(&[]);
    match shelf::known_as(call.name) {
        Some(known) => reader.program(known, &[], words),
        None => reader.gap(GapKind::UnknownProgram, span, format!("what `{}` does", call.name)),
    }
    reader.finish()
}

impl Reader {
    /// Records what could not be seen.
    pub(super) fn gap(&mut self, kind: GapKind, span: Span, what: String) {
        self.reading.gaps.push(Gap { kind, span, what });
    }

    /// Whether a mode was switched on.
    pub(super) fn is(&self, mode: &str) -> bool {
        self.modes.contains(&mode)
    }

    /// Reads `words` by the model called `name`, whose parents lend it their options.
    fn program(&mut self, name: &str, parents: &[&'static Model], words: &[Value]) {
        match shelf::exactly(name) {
            Some(Ok(model)) => self.model(name, model, parents, words),
            Some(Err(_)) => {
                let what = format!("what `{name}` does: its model is broken");
                self.gap(GapKind::UnknownProgram, self.span, what);
            }
            None => {
                self.gap(GapKind::UnknownProgram, self.span, format!("what `{name}` does"));
            }
        }
    }

    fn model(
        &mut self,
        name: &str,
        model: &'static Model,
        parents: &[&'static Model],
        words: &[Value],
    ) {
        self.dangers.extend(&model.dangers);
        self.settings.extend(&model.settings);
        self.realm = if model.realm.is_empty() { self.realm } else { model.realm };
        let rewritten;
        let mut words = words;
        let grammar = model.grammar.and_then(grammars::named);
        match grammar {
            Some(Grammar::Words(read)) => return read(self, words),
            Some(Grammar::Rewrite(rewrite)) => {
                rewritten = rewrite(model, words);
                words = &rewritten;
            }
            Some(Grammar::Operands(_)) | None => {}
        }
        let mut models = vec![model];
        models.extend(parents.iter().rev().copied().filter(|m| m.inherit));
        let sorted = sort(Syntax { models: &models, common: Opt::common() }, words);
        self.options(&sorted);
        if self.harmless {
            return;
        }
        if model.subcommands {
            let mut parents = parents.to_vec();
            parents.push(model);
            for one in divided(model.divider, &sorted.operands) {
                self.subcommand(name, &parents, &one);
            }
            return;
        }
        self.clauses(&model.always, Word::none(self.span));
        match grammar {
            Some(Grammar::Operands(read)) => read(self, &sorted),
            _ => self.operands(model, &sorted.operands),
        }
    }

    /// Switches before acts: `tar -f x -c` must know of `-c` when it comes to `-f`.
    fn options(&mut self, sorted: &Sorted<'_>) {
        if let Some(span) = sorted.uncertain {
            self.uncertain.get_or_insert(span);
        }
        for span in &sorted.undecided {
            let what = format!("whether an option of `{}` is given", self.name);
            self.gap(GapKind::UnresolvedWord, *span, what);
        }
        for (option, span) in &sorted.unknown {
            let what = format!("what `{} {option}` does", self.name);
            self.gap(GapKind::UnknownProgram, *span, what);
        }
        self.behind.clone_from(&sorted.behind);
        self.given.clone_from(&sorted.operands);
        let given = || sorted.hits.iter().filter(|hit| !switched_off(hit));
        for hit in given() {
            for clause in &hit.option.clauses {
                self.switch(clause, hit);
            }
        }
        for hit in given() {
            let word = Word { value: hit.argument.as_ref(), span: hit.span, operand: false };
            self.clauses(&hit.option.clauses, word);
        }
    }

    fn switch(&mut self, clause: &Clause, hit: &Hit<'_>) {
        let argument = hit.argument.as_ref();
        if !self.holds(clause, argument) {
            return;
        }
        match &clause.act {
            Act::Tree => self.tree = true,
            // However often it is given: `sed -e a -e b`.
            Act::Fills => self.fills = 1,
            Act::Mode(name) => self.modes.push(name),
            Act::Into => self.into = argument.cloned(),
            Act::Given => {
                self.given.extend(argument.cloned());
                self.more.extend(argument.cloned());
            }
            Act::Program(None) => self.program = argument.cloned(),
            Act::Harmless => {
                let certain = argument.is_none_or(|a| a.as_const().is_some());
                self.harmless |= certain && hit_is_complete(hit);
            }
            Act::Chdir => {
                self.directory = argument.map(|a| self.below(a));
            }
            Act::Realm => self.machine = argument.cloned(),
            _ => {}
        }
    }

    fn subcommand(&mut self, name: &str, parents: &[&'static Model], operands: &[Value]) {
        let toolchain = |v: &&Value| v.as_str().is_some_and(|t| t.starts_with('+'));
        let skipped = operands.iter().take_while(toolchain).count(); // `cargo +nightly fmt`
        let operands = operands.get(skipped..).unwrap_or(&[]);
        let Some((first, rest)) = operands.split_first() else {
            if let Some(model) = parents.last() {
                self.clauses(&model.absent, Word::none(self.span));
            }
            return;
        };
        let model = parents.last().copied();
        let Some(word) = first.as_str() else {
            let what = format!("which `{name}` command this is");
            return self.gap(GapKind::UnresolvedWord, first.span, what);
        };
        let full = format!("{name} {word}");
        if let Some(model) = model {
            self.clauses(&model.always, Word::none(self.span));
        }
        if shelf::exactly(&full).is_some() {
            self.name.clone_from(&full);
            return self.program(&full, parents, rest);
        }
        match model.and_then(|m| m.otherwise) {
            Some(other) => self.program(other, parents, operands),
            None => self.gap(GapKind::UnknownProgram, first.span, format!("what `{full}` does")),
        }
    }

    fn finish(mut self) -> Reading {
        if self.harmless {
            return Reading::default();
        }
        if let Some(span) = self.uncertain
            && self.matters()
        {
            let what = format!("a word of `{}` that may be an option or several words", self.name);
            self.gap(GapKind::UnresolvedWord, span, what);
        }
        self.reading
    }

    /// Whether the call changes, runs or sends anything.
    fn matters(&self) -> bool {
        let reading = &self.reading;
        reading.uses.iter().any(|u| u.access != Access::Read)
            || !reading.carried.is_empty()
            || !reading.sent.is_empty()
            || !reading.findings.is_empty()
    }
}

/// The words of each subcommand of a call; a divider may stand at the end of a word.
fn divided(divider: Option<&str>, operands: &[Value]) -> Vec<Vec<Value>> {
    let mut all = vec![Vec::new()];
    for operand in operands {
        let before = divider.and_then(|divider| operand.as_str()?.strip_suffix(divider));
        let Some(last) = all.last_mut() else { continue };
        match before {
            Some("") => all.push(Vec::new()),
            Some(text) => {
                last.push(Value::constant(text.trim_end_matches('\\'), operand.span));
                all.push(Vec::new());
            }
            None => last.push(operand.clone()),
        }
    }
    if all.len() > 1 {
        all.retain(|words| !words.is_empty());
    }
    all
}

/// `--flag=false` is the same as no flag.
fn switched_off(hit: &Hit<'_>) -> bool {
    let value = hit.argument.as_ref().and_then(Value::as_str);
    hit.option.argument == Argument::None && matches!(value, Some("false" | "0"))
}

/// Whether nothing but a certain word stands behind the option (`--dry-run=none` is no dry run).
fn hit_is_complete(hit: &Hit<'_>) -> bool {
    let value = hit.argument.as_ref().map(|v| &v.known);
    match value {
        None => true,
        Some(Known::Const(bytes)) => !matches!(bytes.as_slice(), b"none" | b"false" | b"0" | b"no"),
        Some(_) => false,
    }
}

//! Writes the steps of a classification down, for whoever asked for them. It decides nothing, and when
//! nobody asked it costs one look at an empty option.

use super::shell::Shell;
use super::shell::state::Directories;
use super::syntax::tree::{Command, Expansion, Node, Part, Quoting, Word};
use super::value::{Known, Value};
use crate::model::finding::Span;
use crate::model::trace::{Step, What};

/// More steps than these are not written down.
const MOST: usize = 500;
/// More alternatives or matches than these are not listed.
const LISTED: usize = 4;

/// The steps so far.
#[derive(Debug, Default)]
pub(super) struct Trace {
    steps: Vec<Step>,
    depth: usize,
}

impl Trace {
    /// What was written down.
    pub(super) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.steps.len()
    }

    /// Writes a step down before those that came after it.
    pub(super) fn insert(&mut self, at: usize, span: Span, what: What) {
        if at < MOST {
            self.steps.insert(at, Step { depth: self.depth, span, what });
        }
    }

    fn push(&mut self, span: Span, what: What) {
        let room = self.steps.len() < MOST;
        if room || self.steps.len() == MOST {
            let what = if room { what } else { What::More };
            self.steps.push(Step { depth: self.depth, span, what });
        }
    }
}

impl Shell<'_> {
    /// Writes a step down, when anybody asked.
    pub(super) fn note(&mut self, span: Span, what: impl FnOnce() -> What) {
        if let Some(trace) = &mut self.trace {
            trace.push(span, what());
        }
    }

    /// A command is met.
    pub(super) fn note_command(&mut self, command: &Command) {
        let Some(trace) = &mut self.trace else { return };
        let Node::Simple(simple) = &command.node else { return };
        let assigned = simple.assignments.iter().map(|one| format!("{}=…", one.name));
        let words: Vec<String> = assigned.chain(simple.words.iter().map(written)).collect();
        trace.push(command.span, What::Command(words.join(" ")));
    }

    /// A word became these values.
    pub(super) fn note_word(&mut self, word: &Word, values: &[Value]) {
        let Some(trace) = &mut self.trace else { return };
        let same =
            |text: &str| matches!(values, [only] if only.as_const() == Some(text.as_bytes()));
        if word.as_text().is_some_and(|text| same(&text)) {
            return;
        }
        let becomes = match values {
            [] => "nothing".to_owned(),
            _ => listed(values.iter().map(shown).collect(), " "),
        };
        let certain = |value: &Value| matches!(value.known, Known::Const(_) | Known::OneOf(_));
        let unknown = (!values.iter().all(certain)).then(|| why(word));
        trace.push(word.span, What::Word { written: written(word), becomes, unknown });
    }

    /// The directory, when it is another than before.
    pub(super) fn note_directory(&mut self, before: &Directories, now: &Directories, span: Span) {
        if before != now {
            let all = || now.iter().map(|path| path.display().to_string()).collect();
            self.note(span, || What::Directory(all()));
        }
    }

    /// Carried code is walked by `walk`, one step deeper.
    pub(super) fn noted<T>(
        &mut self,
        (span, form): (Span, &str),
        text: impl FnOnce() -> String,
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if let Some(trace) = &mut self.trace {
            trace.push(span, What::Enters(form.to_owned(), text()));
            trace.depth += 1;
        }
        let done = walk(self);
        if let Some(trace) = &mut self.trace {
            trace.depth = trace.depth.saturating_sub(1);
        }
        done
    }
}

/// A word much as it was written; what is long is cut.
fn written(word: &Word) -> String {
    let parts = word.parts.iter().map(|part| match part {
        Part::Plain(text) => text.clone(),
        Part::Quoted(text)
            if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-=+:,@".contains(&b)) =>
        {
            text.clone()
        }
        Part::Quoted(text) => format!("'{text}'"),
        Part::Expansion(expansion, quoting) => {
            let inner = match &**expansion {
                Expansion::Parameter(parameter, super::syntax::tree::Operation::Plain)
                    if parameter.index.is_none() && !parameter.indirect =>
                {
                    format!("${}", parameter.name)
                }
                Expansion::Parameter(parameter, _) => format!("${{{}…}}", parameter.name),
                Expansion::Command(_) => "$(…)".to_owned(),
                Expansion::Process(..) => "<(…)".to_owned(),
                Expansion::Arithmetic(_) => "$((…))".to_owned(),
                Expansion::Opaque => "$…".to_owned(),
            };
            if *quoting == Quoting::Double { format!("\"{inner}\"") } else { inner }
        }
    });
    parts.collect::<String>().replace("\"\"", "")
}

fn shown(value: &Value) -> String {
    match &value.known {
        Known::OneOf(all) => {
            let all = all.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
            listed(all, " or ")
        }
        Known::Const(bytes) if bytes.is_empty() => "''".to_owned(),
        _ => value.describe(),
    }
}

fn listed(mut all: Vec<String>, between: &str) -> String {
    let more = all.len().saturating_sub(LISTED);
    all.truncate(LISTED);
    let shown = all.join(between);
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Why the value of a word is not known: what the first of its expansions hangs on.
fn why(word: &Word) -> &'static str {
    let mut expansions = word.parts.iter().filter_map(|part| match part {
        Part::Expansion(expansion, _) => Some(&**expansion),
        Part::Plain(_) | Part::Quoted(_) => None,
    });
    match expansions.next() {
        Some(Expansion::Parameter(..)) => "the variable holds what is only known when it runs",
        Some(Expansion::Command(_)) => "what the command prints is only known when it runs",
        Some(Expansion::Process(..)) => "the shell gives it a name when it runs",
        Some(Expansion::Arithmetic(_)) => "a number in it is only known when it runs",
        Some(Expansion::Opaque) => "this part of the text was not understood",
        None => "which files match could not be told",
    }
}

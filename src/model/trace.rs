//! The steps the classifier takes from a text to an assessment: what `check --trace` shows. Plain words
//! and numbers; they are written down only when somebody asks.

use super::finding::Span;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep in carried code: 0 in the text itself.
    pub depth: usize,
    /// The piece of the text it stands on.
    pub span: Span,
    /// What was done.
    pub what: What,
}

/// What one step is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A command was met, in these words.
    Command(String),
    /// A word means something else than what is written.
    Word {
        /// As it is written.
        written: String,
        /// What it becomes.
        becomes: String,
        /// Why that is not known, where it is not.
        unknown: Option<&'static str>,
    },
    /// The directory is another afterwards; none when it is not known.
    Directory(Vec<String>),
    /// Who reads the words: a builtin, a function, the model of a program, nobody.
    ReadBy(String),
    /// Code that is carried is walked in its turn: in which form, and its text.
    Enters(String, String),
    /// The machine was asked about a path: the path, and the answer.
    LooksAt(String, String),
    /// An effect was written down: its number in the assessment.
    Effect(usize),
    /// A danger, likewise.
    Finding(usize),
    /// A gap, likewise.
    Gap(usize),
    /// There were more steps than are written down.
    More,
}

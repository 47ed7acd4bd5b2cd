//! What could not be seen: a gap is judged like everything else, never skipped.

use super::finding::Span;
use serde::{Deserialize, Serialize};

/// Why something could not be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// A program without a model, or an option its model does not know: it does what it likes within the sandbox.
    UnknownProgram,
    /// Code in a language that is not read here (`python -c`, a binary, a script file).
    OpaqueCode,
    /// A word whose value is not known stands where it decides something (`$X`, `$(cmd)`).
    UnresolvedWord,
    /// The name of the command itself is not known (`$CMD args`, `$(pick) args`).
    UnresolvedCommand,
    /// Text that was not understood: a syntax error, or a construct the parser hides.
    UnparsedText,
    /// A bound of size, depth or time was reached before the end.
    BudgetSpent,
}

impl GapKind {
    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownProgram => "unknown-program",
            Self::OpaqueCode => "opaque-code",
            Self::UnresolvedWord => "unresolved-word",
            Self::UnresolvedCommand => "unresolved-command",
            Self::UnparsedText => "unparsed-text",
            Self::BudgetSpent => "budget-spent",
        }
    }
}

/// Something the classifier could not see through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Why.
    pub kind: GapKind,
    /// The words that hide it.
    pub span: Span,
    /// What is hidden, in one sentence.
    pub what: String,
}

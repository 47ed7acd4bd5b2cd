//! A named danger: which rule, how grave, which words of the text, why, and what to do instead.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A byte range of the text that was asked, end exclusive. Empty at 0 when there is no text.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The stable name of a rule: dotted, lower case (`delete.outside`, `exfil.secret`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RuleId(pub Cow<'static, str>);

impl RuleId {
    /// A rule named in the code.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RuleId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How grave a finding is by itself, before a policy has its say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, never stops anything.
    Notice,
    /// Something a person would want to be asked about.
    Caution,
    /// Something nobody wants done on their behalf.
    Danger,
}

/// A named danger that the classifier saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule spoke.
    pub rule: RuleId,
    /// How grave it is.
    pub severity: Severity,
    /// The words it stands on.
    pub span: Span,
    /// Why, in one sentence that names the exact thing touched.
    pub reason: String,
    /// A safer way to the same end, when there is one.
    pub instead: Option<String>,
}

//! A shell word after expansion, as far as it could be told, with where it came from.
//!
//! This is the domain of the abstract interpreter. It knows nothing of programs or effects.

use crate::model::effect::Taint;
use crate::model::finding::Span;

/// What is known of the bytes of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// Exactly these bytes.
    Const(Vec<u8>),
    /// One of these, at most a handful (`Value::MAX_ALTERNATIVES`).
    OneOf(Vec<Vec<u8>>),
    /// Begins with these bytes; the rest is not known.
    Prefix(Vec<u8>),
    /// Nothing.
    Unknown,
}

/// How many words this one becomes when the command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// Exactly one.
    One,
    /// None, one or many: an unquoted expansion, `"$@"`, a glob that could not be resolved.
    Any,
}

/// One word of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Its bytes, as far as known.
    pub known: Known,
    /// How many words it becomes.
    pub arity: Arity,
    /// What flowed into it.
    pub taint: Vec<Taint>,
    /// Where it stands in the text.
    pub span: Span,
}

impl Value {
    /// Sets larger than this widen to a prefix or to nothing known.
    pub const MAX_ALTERNATIVES: usize = 16;

    /// A word whose bytes are certain.
    #[must_use]
    pub fn constant(bytes: impl Into<Vec<u8>>, span: Span) -> Self {
        Self { known: Known::Const(bytes.into()), arity: Arity::One, taint: Vec::new(), span }
    }

    /// A word of which nothing is known.
    #[must_use]
    pub const fn unknown(span: Span) -> Self {
        Self { known: Known::Unknown, arity: Arity::Any, taint: Vec::new(), span }
    }

    /// The bytes when they are certain.
    #[must_use]
    pub fn as_const(&self) -> Option<&[u8]> {
        match &self.known {
            Known::Const(bytes) => Some(bytes),
            Known::OneOf(_) | Known::Prefix(_) | Known::Unknown => None,
        }
    }

    /// The bytes as text when they are certain and UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.as_const().and_then(|bytes| std::str::from_utf8(bytes).ok())
    }
}

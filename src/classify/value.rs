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

    /// The same bytes with what flowed into `other` added.
    #[must_use]
    pub fn tainted_by(mut self, taint: &[Taint]) -> Self {
        add_taint(&mut self.taint, taint);
        self
    }

    /// Every value it can have, when those are known; empty when they are not.
    #[must_use]
    pub fn alternatives(&self) -> &[Vec<u8>] {
        match &self.known {
            Known::Const(bytes) => std::slice::from_ref(bytes),
            Known::OneOf(all) => all,
            Known::Prefix(_) | Known::Unknown => &[],
        }
    }

    /// The text for a reader: the bytes, the beginning and an ellipsis, or `?`.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.known {
            Known::Const(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Known::OneOf(all) => all
                .iter()
                .map(|bytes| String::from_utf8_lossy(bytes))
                .collect::<Vec<_>>()
                .join(" or "),
            Known::Prefix(bytes) => format!("{}…", String::from_utf8_lossy(bytes)),
            Known::Unknown => "?".to_owned(),
        }
    }
}

impl Known {
    /// Constants longer than this are not followed to their end.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// One of `all`, narrowed to a constant or widened to a prefix as the number asks.
    #[must_use]
    pub fn one_of(mut all: Vec<Vec<u8>>) -> Self {
        all.sort();
        all.dedup();
        if all.len() > Value::MAX_ALTERNATIVES {
            return Self::prefix(common_prefix(&all));
        }
        match all.pop() {
            None => Self::Unknown,
            Some(only) if all.is_empty() => Self::Const(only),
            Some(last) => {
                all.push(last);
                Self::OneOf(all)
            }
        }
    }

    /// Begins with `bytes`; an empty beginning says nothing.
    #[must_use]
    pub fn prefix(bytes: Vec<u8>) -> Self {
        if bytes.is_empty() { Self::Unknown } else { Self::Prefix(bytes) }
    }

    /// This followed by `other`.
    #[must_use]
    pub fn then(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) => Self::Unknown,
            (Self::Prefix(_), _) => self.clone(),
            (Self::Const(a), Self::Const(b)) if a.len() + b.len() > Self::MAX_BYTES => {
                Self::prefix(a.iter().take(Self::MAX_BYTES).copied().collect())
            }
            (Self::Const(a), Self::Const(b)) => Self::Const([a.as_slice(), b].concat()),
            (Self::Const(a), Self::Prefix(b)) => Self::Prefix([a.as_slice(), b].concat()),
            (Self::Const(a), Self::Unknown) => Self::prefix(a.clone()),
            (Self::Const(a), Self::OneOf(all)) => {
                Self::one_of(all.iter().map(|b| [a.as_slice(), b].concat()).collect())
            }
            (Self::OneOf(all), Self::Const(b)) => {
                Self::one_of(all.iter().map(|a| [a.as_slice(), b].concat()).collect())
            }
            (Self::OneOf(left), Self::OneOf(right)) => Self::one_of(
                left.iter()
                    .flat_map(|a| right.iter().map(|b| [a.as_slice(), b].concat()))
                    .collect(),
            ),
            (Self::OneOf(all), Self::Prefix(_) | Self::Unknown) => Self::prefix(common_prefix(all)),
        }
    }

    /// Becomes this followed by `other`: `then` without a copy of what there is.
    pub fn push(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Const(a), Self::Const(b)) if a.len() + b.len() <= Self::MAX_BYTES => {
                a.extend_from_slice(b);
            }
            (Self::Unknown | Self::Prefix(_), _) => {}
            _ => *self = self.then(other),
        }
    }

    /// The bytes that are known.
    #[must_use]
    pub fn known_bytes(&self) -> usize {
        match self {
            Self::Const(bytes) | Self::Prefix(bytes) => bytes.len(),
            Self::OneOf(all) => all.iter().map(Vec::len).sum(),
            Self::Unknown => 0,
        }
    }

    /// What is known when it is this or `other`.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let all = |known: &Self| match known {
            Self::Const(bytes) => Some(vec![bytes.clone()]),
            Self::OneOf(all) => Some(all.clone()),
            Self::Prefix(_) | Self::Unknown => None,
        };
        match (all(self), all(other)) {
            (Some(mut left), Some(right)) => {
                left.extend(right);
                Self::one_of(left)
            }
            _ => Self::prefix(common_prefix(&[self.beginning(), other.beginning()])),
        }
    }

    /// The bytes it certainly begins with.
    #[must_use]
    pub fn beginning(&self) -> Vec<u8> {
        match self {
            Self::Const(bytes) | Self::Prefix(bytes) => bytes.clone(),
            Self::OneOf(all) => common_prefix(all),
            Self::Unknown => Vec::new(),
        }
    }

    /// The same function of every value it can have; nothing is known of a function of the unknown.
    #[must_use]
    pub fn map(&self, change: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        match self {
            Self::Const(bytes) => Self::Const(change(bytes)),
            Self::OneOf(all) => Self::one_of(all.iter().map(|bytes| change(bytes)).collect()),
            Self::Prefix(_) | Self::Unknown => Self::Unknown,
        }
    }
}

/// Adds what is not there yet.
pub fn add_taint(taint: &mut Vec<Taint>, more: &[Taint]) {
    for item in more {
        if !taint.contains(item) {
            taint.push(item.clone());
        }
    }
}

fn common_prefix(all: &[Vec<u8>]) -> Vec<u8> {
    let Some((first, rest)) = all.split_first() else { return Vec::new() };
    let shared = rest.iter().fold(first.len(), |length, other| {
        first.iter().zip(other).take(length).take_while(|(a, b)| a == b).count()
    });
    first.get(..shared).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn words_are_joined_as_far_as_they_are_known() {
        let c = |s: &str| Known::Const(s.into());
        let either = Known::one_of(vec!["a".into(), "b".into()]);
        assert_eq!(c("x").then(&either), Known::one_of(vec!["xa".into(), "xb".into()]));
        assert_eq!(c("x").then(&Known::Unknown), Known::Prefix("x".into()));
        assert_eq!(Known::Unknown.then(&c("x")), Known::Unknown);
        for left in [c("x"), either.clone(), Known::Unknown, Known::Prefix("p".into())] {
            for right in [c("y"), either.clone(), Known::Unknown, c(&"z".repeat(70_000))] {
                let mut pushed = left.clone();
                pushed.push(&right);
                assert_eq!(pushed, left.then(&right));
            }
        }
        assert_eq!(c("ab").or(&c("ab")), c("ab"));
        assert_eq!(c("ab").or(&Known::Prefix("ac".into())), Known::Prefix("a".into()));
    }
}

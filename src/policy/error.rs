//! What can be wrong with a profile, each with its place and a hint; nothing here reads or decides.

use std::fmt;

/// Where in a file something stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At {
    /// The file as a person would name it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl At {
    /// The place of a byte offset in a text.
    #[must_use]
    pub fn offset(file: &str, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: file.to_owned(),
            line: before.bytes().filter(|b| *b == b'\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What is wrong with a profile, or with how profiles were put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileError {
    /// The text is not TOML.
    Syntax {
        /// Where.
        at: At,
        /// What the TOML reader says.
        message: String,
    },
    /// A key that does not exist, or not in this sort of file.
    UnknownKey {
        /// Where.
        at: At,
        /// The whole key, dotted.
        key: String,
        /// What to write instead, or why it has no place here.
        hint: String,
    },
    /// A value of the wrong form.
    Expected {
        /// Where.
        at: At,
        /// The whole key, dotted.
        key: String,
        /// What was found and what belongs there.
        message: String,
    },
    /// A variable nobody knows.
    UnknownVariable {
        /// Where.
        at: At,
        /// The whole key, dotted.
        key: String,
        /// Its name without the `$`.
        name: String,
        /// The known name nearest to it.
        hint: Option<String>,
    },
    /// A project file tries to grant something.
    Widens {
        /// Where.
        at: At,
        /// The whole key, dotted.
        key: String,
        /// What it tries, and what it may do instead.
        message: String,
    },
    /// A key that the managed settings keep for themselves.
    Pinned {
        /// Where it was set.
        at: At,
        /// The key that was set.
        key: String,
        /// The file that pins it.
        by: String,
    },
    /// A profile of that name does not exist.
    NoSuchProfile {
        /// The name asked for.
        name: String,
        /// The nearest name, or where profiles are looked for.
        hint: String,
    },
    /// The managed settings do not allow this profile.
    ProfileNotAllowed {
        /// The name asked for.
        name: String,
        /// The names that are allowed.
        allowed: Vec<String>,
    },
    /// A profile extends itself, or the chain is too long.
    ExtendsLoop {
        /// The names along the way.
        chain: Vec<String>,
    },
    /// An example that a rule carries does not hold.
    Example {
        /// The file as a person would name it.
        file: String,
        /// The rule.
        rule: String,
        /// What was expected and what was found.
        message: String,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("profiles: ")?;
        match self {
            Self::Syntax { at, message } => write!(f, "{at}: not valid TOML: {message}"),
            Self::UnknownKey { at, key, hint } => write!(f, "{at}: {key}: unknown key ({hint})"),
            Self::Expected { at, key, message } | Self::Widens { at, key, message } => {
                write!(f, "{at}: {key}: {message}")
            }
            Self::UnknownVariable { at, key, name, hint } => {
                write!(f, "{at}: {key}: unknown variable ${name}")?;
                hint.as_ref().map_or(Ok(()), |hint| write!(f, " (did you mean ${hint}?)"))
            }
            Self::Pinned { at, key, by } => {
                write!(f, "{at}: {key}: pinned by {by}: take this key out, or ask who manages it")
            }
            Self::NoSuchProfile { name, hint } => write!(f, "no profile named {name} ({hint})"),
            Self::ProfileNotAllowed { name, allowed } => write!(
                f,
                "profile {name} is not allowed here: the managed settings allow {}",
                allowed.join(", ")
            ),
            Self::ExtendsLoop { chain } => {
                write!(f, "extends goes in a circle or too deep: {}", chain.join(" -> "))
            }
            Self::Example { file, rule, message } => write!(f, "{file}: rule {rule}: {message}"),
        }
    }
}

impl std::error::Error for ProfileError {}

/// The known word nearest to a mistaken one, if it is near enough to be meant.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // A mistake is one slip in three letters at most; very long input is nobody's slip.
    let bound = (word.chars().count() / 3).clamp(1, 4);
    if word.len() > 64 {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(far, _)| *far <= bound)
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, taken out or changed, case not counted.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let changed = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{At, nearest};

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        assert_eq!(nearest("WORKSPCE", ["HOME", "WORKSPACE"]), Some("WORKSPACE"));
        assert_eq!(nearest("raed", ["read", "write"]), None);
        assert_eq!(nearest("reed", ["read", "write"]), Some("read"));
        assert_eq!(nearest("zebra", ["read", "write"]), None);
    }

    #[test]
    fn a_place_counts_lines_and_characters() {
        let at = At::offset("f", "a\nüb", 4);
        assert_eq!((at.line, at.column), (2, 2));
        assert_eq!(At::offset("f", "a", 99).line, 1);
    }
}

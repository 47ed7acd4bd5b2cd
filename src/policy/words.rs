//! The words a profile may use for the shared enums, and small sets of them; meaning lives in `model`.

use super::resolved::{Isolate, Network, UnixSockets};
use crate::model::decision::Decision;
use crate::model::effect::{Access, Reach, Reversibility, Scope};
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use crate::model::support::Promise;
use std::fmt;
use std::marker::PhantomData;

/// A closed list of values that are written as words.
pub trait Word: Copy + PartialEq + 'static {
    /// Every value with its word, in order of the enum.
    const ALL: &'static [(Self, &'static str)];

    /// The word of this value.
    #[must_use]
    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    /// The value a word stands for.
    #[must_use]
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(value, _)| *value)
    }
}

macro_rules! words {
    ($type:ident: $($value:ident = $word:literal),+ $(,)?) => {
        impl Word for $type {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$value, $word)),+];
        }
    };
}

words!(Access: Read = "read", Write = "write", Create = "create", Delete = "delete",
    Rename = "rename", Chmod = "chmod", Execute = "execute", Connect = "connect",
    Listen = "listen", Signal = "signal", Publish = "publish", RemoteChange = "remote-change");
words!(Scope: Workspace = "workspace", Temp = "temp", Home = "home", System = "system",
    Remote = "remote", Unknown = "unknown");
words!(Reversibility: Harmless = "harmless", GitClean = "git-clean", Disposable = "disposable",
    Born = "born", Undoable = "undoable", Unknown = "unknown", Gone = "gone");
words!(Reach: Itself = "itself", Tree = "tree");
words!(Severity: Notice = "notice", Caution = "caution", Danger = "danger");
words!(GapKind: UnknownProgram = "unknown-program", OpaqueCode = "opaque-code",
    UnresolvedWord = "unresolved-word", UnresolvedCommand = "unresolved-command",
    UnparsedText = "unparsed-text", BudgetSpent = "budget-spent");
words!(Decision: Allow = "allow", Ask = "ask", Deny = "deny");
words!(Network: Host = "host", Loopback = "loopback", None = "none");
words!(UnixSockets: Host = "host", Own = "own", None = "none");
words!(Isolate: Never = "never", WhenPossible = "when-possible", Required = "required");
words!(Promise: Writes = "writes", Reads = "reads", Protected = "protected", Metadata = "metadata", Truncate = "truncate", Devices = "devices",
    Isolation = "isolation", Network = "network", Kernel = "kernel", Cleanup = "cleanup",
    Private = "private", Journal = "journal");
words!(Matter: Path = "path", Host = "host", Process = "process", Env = "env",
    Remote = "remote", Machine = "machine");
words!(Grant: Granted = "granted", Refused = "refused");
words!(Burden: Secret = "secret", Network = "network");
words!(Place: Exact = "exact", Below = "below", Anywhere = "anywhere");

/// The kinds of `model::target::Resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// Files and directories.
    Path,
    /// A network peer.
    Host,
    /// A process.
    Process,
    /// An environment variable.
    Env,
    /// Something kept elsewhere.
    Remote,
    /// The machine itself.
    Machine,
}

/// Whether the sandbox of this very policy would let a change through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// The path lies in a write root or is a granted device.
    Granted,
    /// It does not, or it is not known where it lies.
    Refused,
}

/// What an effect carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Burden {
    /// A secret flows into it.
    Secret,
    /// Data of the network flows into it.
    Network,
}

/// How well a path is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Exactly.
    Exact,
    /// Something at or below a known path.
    Below,
    /// Not at all.
    Anywhere,
}

/// A set of words; the empty set stands for "not a condition".
pub struct Words<T> {
    bits: u16,
    of: PhantomData<fn() -> T>,
}

impl<T: Word> Words<T> {
    /// No condition.
    pub const ANY: Self = Self::from_bits(0);

    /// The set with these bits, one a value in the order of [`Word::ALL`].
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self { bits, of: PhantomData }
    }

    /// The bits, one a value in the order of [`Word::ALL`].
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.bits
    }

    /// Whether nothing is named.
    #[must_use]
    pub const fn is_any(self) -> bool {
        self.bits == 0
    }

    /// Adds one value.
    pub fn insert(&mut self, value: T) {
        self.bits |= bit(value);
    }

    /// Whether the set asks for nothing, or names the value.
    #[must_use]
    pub fn admits(self, value: T) -> bool {
        self.bits == 0 || self.bits & bit(value) != 0
    }

    /// The words in the set.
    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        T::ALL.iter().filter(move |(v, _)| self.bits & bit(*v) != 0).map(|(_, word)| *word)
    }
}

fn bit<T: Word>(value: T) -> u16 {
    T::ALL.iter().position(|(known, _)| *known == value).map_or(0, |at| 1 << at)
}

// By hand, because a derive would ask the same of `T`.
impl<T> Clone for Words<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Words<T> {}
impl<T> PartialEq for Words<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}
impl<T> Eq for Words<T> {}
impl<T> Default for Words<T> {
    fn default() -> Self {
        Self { bits: 0, of: PhantomData }
    }
}
impl<T: Word> fmt::Debug for Words<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_agree_with_the_model() {
        for (value, word) in Access::ALL {
            assert_eq!(value.as_str(), *word);
        }
        for (value, word) in Scope::ALL {
            assert_eq!(value.as_str(), *word);
        }
        for (value, word) in Reversibility::ALL {
            assert_eq!(value.as_str(), *word);
        }
        for (value, word) in GapKind::ALL {
            assert_eq!(value.as_str(), *word);
        }
        for (value, word) in Decision::ALL {
            assert_eq!(value.as_str(), *word);
        }
    }

    #[test]
    fn an_empty_set_admits_everything() {
        let mut set = Words::<Scope>::default();
        assert!(set.admits(Scope::Home));
        set.insert(Scope::Temp);
        assert!(set.admits(Scope::Temp) && !set.admits(Scope::Home));
        assert_eq!(set.iter().collect::<Vec<_>>(), ["temp"]);
    }
}

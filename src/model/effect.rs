//! What a command would do, or did: an access to a resource, with its scale, reversibility and scope.

use super::finding::Span;
use super::loss::Loss;
use super::target::Resource;
use serde::{Deserialize, Serialize};

/// The kind of act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Contents or listings are looked at.
    Read,
    /// Contents of something that exists are replaced or changed.
    Write,
    /// Something new comes into being.
    Create,
    /// Something ceases to be reachable by its name.
    Delete,
    /// A name moves; what stood at the new name is overwritten.
    Rename,
    /// Mode, owner, times or attributes change.
    Chmod,
    /// Code is run.
    Execute,
    /// A connection is made or data is sent.
    Connect,
    /// A port or socket is opened for others.
    Listen,
    /// A process is signalled, stopped or re-prioritised.
    Signal,
    /// Something is made public or handed to others (package registries, gists, mail).
    Publish,
    /// State kept elsewhere changes (push, deploy, drop, delete in a cloud).
    RemoteChange,
}

impl Access {
    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Rename => "rename",
            Self::Chmod => "chmod",
            Self::Execute => "execute",
            Self::Connect => "connect",
            Self::Listen => "listen",
            Self::Signal => "signal",
            Self::Publish => "publish",
            Self::RemoteChange => "remote-change",
        }
    }
}

impl std::fmt::Display for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A number that may have been cut short by a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Count {
    /// Exactly this many.
    Exactly(u64),
    /// At least this many: counting stopped at a bound of time or size.
    AtLeast(u64),
}

impl Count {
    /// The number that is certain.
    #[must_use]
    pub const fn floor(self) -> u64 {
        match self {
            Self::Exactly(n) | Self::AtLeast(n) => n,
        }
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::AtLeast(n) => write!(f, "more than {n}"),
        }
    }
}

/// How much is touched, where that was counted on the real file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    /// Regular files and links, directories not counted.
    pub files: Count,
    /// Their apparent size in bytes.
    pub bytes: Count,
}

/// Whether what is lost can be had again. Ordered from harmless to final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reversibility {
    /// Nothing is lost: reads, additions, or there is nothing there.
    Harmless,
    /// Every file touched is tracked by git and unmodified: `git checkout` brings it back.
    GitClean,
    /// Ignored by git and regenerable by a build or install (`target/`, `node_modules/`).
    Disposable,
    /// Made by commands of the same session: by nobody else, and not before it.
    Born,
    /// Kept in the trash of the run: `stockade undo` brings it back.
    Undoable,
    /// It could not be told.
    Unknown,
    /// Nothing brings it back.
    Gone,
}

impl Reversibility {
    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::GitClean => "git-clean",
            Self::Disposable => "disposable",
            Self::Born => "born",
            Self::Undoable => "undoable",
            Self::Unknown => "unknown",
            Self::Gone => "gone",
        }
    }
}

/// Whose ground the resource stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Inside the workspace.
    Workspace,
    /// The shared temporary directories.
    Temp,
    /// The person's home outside the workspace.
    Home,
    /// Everything else on this machine.
    System,
    /// Not on this machine.
    Remote,
    /// It could not be told: judged as the worst that the sandbox would let through.
    Unknown,
}

impl Scope {
    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Temp => "temp",
            Self::Home => "home",
            Self::System => "system",
            Self::Remote => "remote",
            Self::Unknown => "unknown",
        }
    }
}

/// Where data that flows into an effect came from, when that matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Taint {
    /// It is or contains a secret; the text says which (`~/.ssh/id_rsa`, `$GITHUB_TOKEN`).
    Secret(String),
    /// It came from the network; the text says from where.
    Network(String),
}

/// One thing a command would do, or did: an [`Access`] to a [`Resource`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect {
    /// The kind of act.
    pub access: Access,
    /// What it falls upon.
    pub resource: Resource,
    /// Whether everything below a directory is meant as well.
    pub reach: Reach,
    /// How much is touched, where counted.
    pub scale: Option<Scale>,
    /// Whether what is lost can be had again.
    pub reversibility: Reversibility,
    /// Whose ground it is.
    pub scope: Scope,
    /// What flows into it (secrets sent, network data run).
    pub carries: Vec<Taint>,
    /// What exactly is lost, and what else is known of the place; for telling.
    pub loss: Option<Box<Loss>>,
    /// The piece of the text it stands on.
    pub span: Span,
}

/// How far below a path an effect goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The named object only.
    Itself,
    /// The named object and everything below it.
    Tree,
}

//! What an effect falls upon: a path, a host, a process, a name; exactly known, or known only in part.

use std::path::{Path, PathBuf};

/// A place in the file system as far as it could be told from the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Exactly this path, absolute and without `.` or `..`.
    Exact(PathBuf),
    /// Something at or below this path; what exactly is not known (`build/$X`).
    Below(PathBuf),
    /// Nothing is known: it could be any path (`$X`).
    Anywhere,
}

impl Place {
    /// The path that is known, if any: itself, or the directory it lies below.
    #[must_use]
    pub fn known(&self) -> Option<&Path> {
        match self {
            Self::Exact(path) | Self::Below(path) => Some(path),
            Self::Anywhere => None,
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(path) => write!(f, "{}", path.display()),
            Self::Below(path) => {
                write!(f, "{}/…", path.display().to_string().trim_end_matches('/'))
            }
            Self::Anywhere => f.write_str("an unknown path"),
        }
    }
}

/// A thing of the outside world that an effect acts on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resource {
    /// Files and directories.
    Path(Place),
    /// A network peer: a host name or address, `None` when it could not be told.
    Host(Option<String>),
    /// A process, by whatever named it: a pid, a name, a job.
    Process(String),
    /// An environment variable by name.
    Env(String),
    /// Something kept elsewhere: a branch of a remote, a package, a bucket, a cluster object, a table.
    Remote {
        /// The sort of object: `git branch`, `package`, `bucket`, `database table`.
        kind: String,
        /// Its name as far as the text gives it.
        name: String,
    },
    /// The machine itself: its power state, kernel, accounts, services.
    Machine(String),
}

impl Resource {
    /// The path when it is exactly known.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        if let Self::Path(Place::Exact(path)) = self { Some(path) } else { None }
    }
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(place) => place.fmt(f),
            Self::Host(Some(host)) => f.write_str(host),
            Self::Host(None) => f.write_str("an unknown host"),
            Self::Process(name) => write!(f, "process {name}"),
            Self::Env(name) => write!(f, "${name}"),
            Self::Remote { kind, name } => write!(f, "{kind} {name}"),
            Self::Machine(what) => f.write_str(what),
        }
    }
}

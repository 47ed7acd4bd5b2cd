//! What was asked: the text or argument vector, where, with which environment, and by whom.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The request itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Shell text, as `run -c TEXT`. Bytes: Linux text need not be UTF-8.
    Shell(Vec<u8>),
    /// An argument vector, as `run -- ARGV...`; never empty.
    Argv(Vec<OsString>),
}

/// The places every path is judged against; all absolute, without `.`, `..` or symbolic links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The directory the work belongs to.
    pub workspace: PathBuf,
    /// The person's home.
    pub home: PathBuf,
    /// Temporary directories: `/tmp`, `/dev/shm`, `$TMPDIR`.
    pub temp: Vec<PathBuf>,
}

/// Who asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The agent client, where known (`claude`, `codex`).
    pub agent: Option<String>,
    /// Its conversation, where known.
    pub session: Option<String>,
}

/// One thing somebody wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The request itself.
    pub request: Request,
    /// Where it would start; absolute.
    pub cwd: PathBuf,
    /// The environment it would start with (what the person has, before scrubbing).
    pub env: BTreeMap<OsString, OsString>,
    /// The places paths are judged against.
    pub places: Places,
    /// Who asked.
    pub origin: Origin,
}

impl Invocation {
    /// The value of an environment variable, if it is set.
    #[must_use]
    pub fn var(&self, name: &str) -> Option<&OsStr> {
        self.env.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// The directory the work belongs to.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.places.workspace
    }
}

//! The questions the classifier may ask of the world, as one small trait.
//!
//! `session` answers them from the real file system within bounds of time and size; tests answer
//! from a literal value. Nothing here changes anything, and no answer may run a program.

use super::effect::{Count, Scale, Taint};
use super::loss::Sort;
use std::path::{Path, PathBuf};

/// What kind of object a path names, links not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe.
    Special,
}

/// What git knows of a path (a directory answers for the worst file below it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitState {
    /// Tracked and unmodified: git brings it back.
    Clean,
    /// Ignored by a `.gitignore`.
    Ignored,
    /// Not in a repository, or it could not be told.
    Unknown,
    /// Tracked, with changes that are not committed.
    Modified,
    /// Not tracked and not ignored: git has no copy.
    Untracked,
}

/// The matches of a glob on the real file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Absolute paths, sorted, as a shell would give them.
    pub paths: Vec<PathBuf>,
    /// Whether that is all, or a bound cut the list.
    pub complete: bool,
}

/// What git does not track below a directory: what `git clean` would take away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Strays {
    /// Neither tracked nor ignored; a directory stands for all below it.
    pub untracked: Vec<PathBuf>,
    /// Ignored; a directory stands for all below it.
    pub ignored: Vec<PathBuf>,
    /// Whether that is all, or a bound cut the lists.
    pub complete: bool,
}

/// Tracked files with changes that are not committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// How many files, and how large they are now.
    pub scale: Scale,
    /// The first few by name, below the top of the work tree.
    pub names: Vec<PathBuf>,
}

/// What is known of one branch without looking at commits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// Another branch that stands at the same commit: of a remote, where there is one.
    pub also_at: Option<String>,
    /// The branch of a remote that it follows.
    pub upstream: Option<String>,
    /// How many commits were made on it since it was last where the upstream is; `None` when that cannot be told.
    pub ahead: Option<Count>,
    /// Whether it is the branch that others start from.
    pub is_default: bool,
}

/// The bounded, read-only view of the machine that the classifier judges by.
pub trait World {
    /// What the path names, without following a final link; `None` when nothing is there or it cannot be told.
    fn kind(&self, path: &Path) -> Option<Kind>;

    /// The path with every symbolic link resolved as far as it exists; the rest appended as it is.
    fn resolve(&self, path: &Path) -> PathBuf;

    /// The matches of a shell pattern below `cwd`.
    fn glob(&self, pattern: &str, cwd: &Path) -> Matches;

    /// How much lies at and below a path; `None` when it cannot be told.
    fn measure(&self, path: &Path) -> Option<Scale>;

    /// What git knows of the path, links not followed.
    fn git_state(&self, path: &Path) -> GitState;

    /// What git does not track at and below a directory; where there is no repository, all of it.
    fn strays(&self, _dir: &Path) -> Strays {
        Strays::default()
    }

    /// What earlier commands of the session let flow into the file.
    fn carried(&self, _path: &Path) -> Vec<Taint> {
        Vec::new()
    }

    /// Whether commands of the session made the path and all below it.
    fn is_born(&self, _path: &Path) -> bool {
        false
    }

    /// What would be lost at and below a path that git does not have as it is, by sort.
    fn lost(&self, _path: &Path) -> Vec<(Sort, Scale)> {
        Vec::new()
    }

    /// The tracked files at and below a path that have changes; `None` when that cannot be told.
    fn changes(&self, _path: &Path) -> Option<Changes> {
        None
    }

    /// A branch of the repository at `dir`, the one that is checked out when none is named.
    fn branch(&self, _dir: &Path, _name: Option<&str>) -> Option<Branch> {
        None
    }

    /// What stashed changes are called, the latest first; `None` when that cannot be told.
    fn stashes(&self, _dir: &Path) -> Option<Vec<String>> {
        None
    }

    /// The user a path belongs to, when that is neither the person nor the owner of the work.
    fn stranger(&self, _path: &Path) -> Option<String> {
        None
    }

    /// Where other file systems are mounted at or below a path.
    fn mounts(&self, _path: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Where a symbolic link leads, as it is written in it.
    fn link(&self, _path: &Path) -> Option<PathBuf> {
        None
    }

    /// Whether a command of the session made the file a moment ago or it was not written to since: what a
    /// person has put into it meanwhile is theirs.
    fn is_as_made(&self, _path: &Path) -> bool {
        false
    }

    /// The contents of a regular file of at most `limit` bytes; `None` otherwise.
    fn read(&self, path: &Path, limit: usize) -> Option<Vec<u8>>;

    /// Where a program of that name would be found on the `PATH` of the invocation.
    fn program(&self, name: &str) -> Option<PathBuf>;
}

/// A world in which nothing exists: for tests, and where asking is not wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct EmptyWorld;

impl World for EmptyWorld {
    fn kind(&self, _: &Path) -> Option<Kind> {
        None
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
    fn glob(&self, _: &str, _: &Path) -> Matches {
        Matches { paths: Vec::new(), complete: true }
    }
    fn measure(&self, _: &Path) -> Option<Scale> {
        Some(Scale { files: Count::Exactly(0), bytes: Count::Exactly(0) })
    }
    fn git_state(&self, _: &Path) -> GitState {
        GitState::Unknown
    }
    fn read(&self, _: &Path, _: usize) -> Option<Vec<u8>> {
        None
    }
    fn program(&self, _: &str) -> Option<PathBuf> {
        None
    }
}

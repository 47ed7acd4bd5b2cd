//! The real `World`: the classifier's questions answered from the file system, within bounds.
//!
//! It only looks: nothing is changed, no program is run (git least of all: what a repository names
//! in its config would run with it), no device or pipe is opened. What the bounds cut short is told
//! as `AtLeast`, `complete: false` or `Unknown`, never as an exact answer.

mod around;
mod born;
mod budget;
mod git;
mod glob;
mod measure;
mod pattern;
mod resolve;

#[cfg(test)]
mod tests;

pub use budget::Bounds;

use crate::arbiter::memory::Memory;
use crate::model::effect::{Scale, Taint};
use crate::model::invocation::Invocation;
use crate::model::loss::Sort;
use crate::model::world::{Branch, Changes, GitState, Kind, Matches, Strays, World};
use crate::policy::resolved::Files;
use crate::sys::file::open_nofollow;
use budget::Budget;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{FileType, symlink_metadata};
use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The file system as one invocation would see it. Making one costs nothing; what was learned is
/// kept for as long as it lives, which is one check.
#[derive(Debug)]
pub struct FileSystem<'a> {
    invocation: &'a Invocation,
    readable: Readable<'a>,
    budget: Budget,
    memory: Option<&'a Memory>,
    repositories: git::Repositories,
    programs: RefCell<HashMap<String, Option<PathBuf>>>,
}

/// Which contents may be looked at.
///
/// What is read here is quoted in reasons and written down, and the agent reads both: a file that
/// the command itself could not read must not be read for it.
#[derive(Debug, Clone, Copy)]
pub enum Readable<'a> {
    /// What the sandbox of the command grants.
    Granted(&'a Files),
    /// Everything the person may read; for tests of this room.
    #[cfg(test)]
    Everything,
}

impl Readable<'_> {
    fn holds(self, path: &Path) -> bool {
        match self {
            Self::Granted(files) if files.hides(path) => false,
            Self::Granted(files) => {
                files.read.iter().chain(&files.write).any(|root| root.holds(path))
            }
            #[cfg(test)]
            Self::Everything => true,
        }
    }
}

impl<'a> FileSystem<'a> {
    /// The file system for `invocation`, within `bounds` for all questions together.
    #[must_use]
    pub fn new(invocation: &'a Invocation, readable: Readable<'a>, bounds: Bounds) -> Self {
        Self {
            invocation,
            readable,
            budget: Budget::new(bounds),
            memory: None,
            repositories: git::Repositories::default(),
            programs: RefCell::default(),
        }
    }

    /// The same for a session that is remembered.
    #[must_use]
    pub const fn remembering(mut self, memory: &'a Memory) -> Self {
        self.memory = Some(memory);
        self
    }

    /// Whether the command may read a path, so that its content may be looked at.
    fn may_be_quoted(&self, path: &Path) -> bool {
        let hidden = match self.readable {
            // In the workspace names are hidden whether it may be written or not.
            Readable::Granted(files) => path
                .strip_prefix(&self.invocation.places.workspace)
                .is_ok_and(|rest| files.hidden.holds(rest.as_os_str().as_bytes())),
            #[cfg(test)]
            Readable::Everything => false,
        };
        !hidden && self.readable.holds(path)
    }

    /// Whether the refs of the repository around `dir` may be quoted: a pointer may lead anywhere.
    fn tells_of(&self, dir: &Path) -> bool {
        git::refs::place(dir).is_some_and(|place| self.may_be_quoted(&place))
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.invocation.cwd.join(path)
    }

    fn search(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return Some(self.absolute(Path::new(name))).filter(|path| runs(path));
        }
        if name.is_empty() {
            return None;
        }
        // Without a PATH execvp(3) looks here.
        let list = self.invocation.var("PATH").unwrap_or_else(|| OsStr::new("/bin:/usr/bin"));
        list.as_bytes()
            .split(|byte| *byte == b':')
            .map(|dir| self.absolute(Path::new(OsStr::from_bytes(dir))).join(name))
            .find(|path| runs(path))
    }
}

/// Whether execve(2) could run it: a regular file, links followed, with an execute bit.
fn runs(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

fn kind_of(file: FileType) -> Kind {
    if file.is_file() {
        Kind::File
    } else if file.is_dir() {
        Kind::Directory
    } else if file.is_symlink() {
        Kind::Symlink
    } else {
        Kind::Special
    }
}

/// The contents of the regular file that `path` itself names; `None` when it is none, is longer
/// than `limit`, or cannot be read.
fn contents(path: &Path, limit: usize) -> Option<Vec<u8>> {
    contents_if(path, limit, |_| true)
}

/// The same, when where the opened file really lies is right.
fn contents_if(path: &Path, limit: usize, right: impl Fn(&Path) -> bool) -> Option<Vec<u8>> {
    let fits = |meta: &std::fs::Metadata| meta.is_file() && meta.len() <= limit as u64;
    // Looked at before it is opened: opening a device can do things.
    symlink_metadata(path).ok().filter(fits)?;
    let file = open_nofollow(path).ok()?;
    // Directories on the way may have been swapped since: what counts is what was opened.
    let opened = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
    let meta = file.metadata().ok().filter(fits).filter(|_| right(&opened))?;
    // What a file says of its length is no reason to set memory aside without end.
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len().min(1 << 20)).ok()?);
    file.take((limit as u64).saturating_add(1)).read_to_end(&mut bytes).ok()?;
    (bytes.len() <= limit).then_some(bytes)
}

impl World for FileSystem<'_> {
    fn kind(&self, path: &Path) -> Option<Kind> {
        symlink_metadata(self.absolute(path)).ok().map(|meta| kind_of(meta.file_type()))
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        resolve::resolve(&self.absolute(path))
    }

    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        let cwd = self.absolute(cwd);
        let inside = cwd.join(pattern).starts_with(&self.invocation.places.workspace);
        let turn = if inside { self.budget.turn() } else { self.budget.short_turn() };
        glob::expand(pattern, &cwd, &turn)
    }

    fn measure(&self, path: &Path) -> Option<Scale> {
        measure::measure(&self.absolute(path), &self.budget.turn())
    }

    fn git_state(&self, path: &Path) -> GitState {
        self.repositories.state(&self.absolute(path), &self.budget.turn())
    }

    fn strays(&self, dir: &Path) -> Strays {
        self.repositories.strays(&self.absolute(dir), &self.budget.turn())
    }

    fn carried(&self, path: &Path) -> Vec<Taint> {
        let known = |memory: &Memory| {
            let as_named = memory.carried(&self.absolute(path)).to_vec();
            if as_named.is_empty() {
                memory.carried(&self.resolve(path)).to_vec()
            } else {
                as_named
            }
        };
        self.memory.filter(|memory| memory.has_carried()).map(known).unwrap_or_default()
    }

    fn is_born(&self, path: &Path) -> bool {
        let path = self.absolute(path);
        self.memory.is_some_and(|memory| born::is_born(&path, &|path| memory.made(path)))
    }

    fn lost(&self, path: &Path) -> Vec<(Sort, Scale)> {
        self.repositories.lost(&self.absolute(path), &self.budget.turn())
    }

    fn changes(&self, path: &Path) -> Option<Changes> {
        self.repositories.changes(&self.absolute(path), &self.budget.turn())
    }

    fn branch(&self, dir: &Path, name: Option<&str>) -> Option<Branch> {
        let dir = self.absolute(dir);
        self.repositories.branch(&dir, name).filter(|_| self.tells_of(&dir))
    }

    fn stashes(&self, dir: &Path) -> Option<Vec<String>> {
        let dir = self.absolute(dir);
        self.repositories.stashes(&dir).filter(|_| self.tells_of(&dir))
    }

    fn stranger(&self, path: &Path) -> Option<String> {
        around::stranger(&self.absolute(path), &self.invocation.places.workspace)
    }

    fn mounts(&self, path: &Path) -> Vec<PathBuf> {
        around::mounts(&self.absolute(path))
    }

    fn link(&self, path: &Path) -> Option<PathBuf> {
        std::fs::read_link(self.absolute(path)).ok()
    }

    fn is_as_made(&self, path: &Path) -> bool {
        let path = self.absolute(path);
        let since = self.memory.and_then(|memory| memory.made(&path));
        since.is_some_and(|since| born::is_as_made(&path, since))
    }

    fn read(&self, path: &Path, limit: usize) -> Option<Vec<u8>> {
        let path = resolve::resolve(&self.absolute(path));
        if !self.may_be_quoted(&path) {
            return None;
        }
        contents_if(&path, limit, |opened| self.may_be_quoted(opened))
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        if let Some(known) = self.programs.borrow().get(name) {
            return known.clone();
        }
        let found = self.search(name);
        self.programs.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }
}

//! What git knows of a path, told from the index and the `.gitignore` files. git itself is never run.
//!
//! It compares as `git status` does, with less trust: flags that tell git not to look
//! (assume-valid, skip-worktree) are not believed. It does not look into the object store: an
//! index that lies, or a store without the object, is not found out here.

mod ignores;
mod index;
mod losses;
pub(super) mod refs;
mod strays;

use super::budget::Turn;
use super::contents;
use super::resolve::{resolve, resolve_parent};
use crate::model::world::GitState;
use ignores::Ignores;
use index::Index;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::{Metadata, read_dir, symlink_metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How deep an ignored directory is searched for repositories of its own.
const PEEK_DEPTH: usize = 2;
/// How many entries that search looks at.
const PEEK_ENTRIES: usize = 256;

/// The repositories met so far, by their top directory; `None` where one cannot be read.
#[derive(Debug, Default)]
pub(super) struct Repositories {
    known: RefCell<HashMap<PathBuf, Option<Rc<Repository>>>>,
}

impl Repositories {
    /// The state of what `path` (absolute) names, its last link not followed; of a directory, the
    /// worst of what lies below it.
    pub(super) fn state(&self, path: &Path, turn: &Turn<'_>) -> GitState {
        if turn.late() {
            return GitState::Unknown;
        }
        let path = resolve_parent(path);
        let meta = symlink_metadata(&path).ok();
        let Some(top) = top_of(&path, meta.as_ref()) else { return GitState::Unknown };
        let Ok(name) = path.strip_prefix(&top) else { return GitState::Unknown };
        if name.iter().any(|part| part == ".git") {
            return GitState::Unknown;
        }
        let Some(repository) = self.repository(&top) else { return GitState::Unknown };
        match meta {
            Some(meta) if meta.is_dir() => repository.below(name, meta.dev(), turn),
            Some(meta) => repository.file(name, &meta, turn),
            None => repository.absent(name),
        }
    }

    fn repository(&self, top: &Path) -> Option<Rc<Repository>> {
        if let Some(known) = self.known.borrow().get(top) {
            return known.clone();
        }
        let opened = Repository::open(top).map(Rc::new);
        self.known.borrow_mut().insert(top.to_path_buf(), opened.clone());
        opened
    }
}

/// Where git keeps what belongs to the work tree at `top`, and what all work trees share.
fn git_directory(top: &Path) -> Option<(PathBuf, PathBuf)> {
    let dot_git = top.join(".git");
    let meta = symlink_metadata(&dot_git).ok()?;
    let dir = if meta.is_dir() {
        dot_git
    } else {
        // A work tree of `git worktree`, or a submodule: one line names the directory.
        resolve(&top.join(named(&contents(&dot_git, 8 * 1024)?, b"gitdir: ")?))
    };
    // A directory that is merely called so is no repository.
    symlink_metadata(dir.join("HEAD")).ok()?;
    let common = match contents(&dir.join("commondir"), 8 * 1024) {
        Some(line) => resolve(&dir.join(named(&line, b"")?)),
        None => dir.clone(),
    };
    Some((dir, common))
}

/// The nearest directory at or above `path` that holds a `.git`.
fn top_of(path: &Path, meta: Option<&Metadata>) -> Option<PathBuf> {
    let first = if meta.is_some_and(Metadata::is_dir) { Some(path) } else { path.parent() };
    let holds = |dir: &&Path| symlink_metadata(dir.join(".git")).is_ok();
    first?.ancestors().find(holds).map(Path::to_path_buf)
}

/// One work tree with its index.
#[derive(Debug)]
struct Repository {
    top: PathBuf,
    index: Index,
    ignores: Ignores,
}

impl Repository {
    /// Reads the index of the work tree at `top`; `None` when there is none that is understood.
    fn open(top: &Path) -> Option<Self> {
        let (dir, common) = git_directory(top)?;
        let config = contents(&common.join("config"), 1024 * 1024).unwrap_or_default();
        // The hash is the only thing that changes how the index is read.
        if config.to_ascii_lowercase().windows(12).any(|word| word == b"objectformat") {
            return None;
        }
        let index = Index::read(&dir.join("index"))?;
        let ignores = Ignores::new(top, &common.join("info/exclude"));
        Some(Self { top: top.to_path_buf(), index, ignores })
    }

    fn file(&self, name: &Path, meta: &Metadata, turn: &Turn<'_>) -> GitState {
        match self.index.state(&self.top, name, meta, turn) {
            Some(state) => state,
            None if self.ignores.ignored(name, meta.is_dir()) => GitState::Ignored,
            None => GitState::Untracked,
        }
    }

    /// Of what is not there: whether git would have a copy, or would ignore it.
    fn absent(&self, name: &Path) -> GitState {
        if self.index.holds(name) {
            GitState::Modified
        } else if self.ignores.ignored(name, false) {
            GitState::Ignored
        } else {
            GitState::Untracked
        }
    }

    /// The worst below the directory `name`. Of the top directory itself it is never better than
    /// `Unknown`: its `.git`, of which git has no copy, lies below it too. What is mounted there from
    /// another device than `device` is not entered: it may hang, and is hardly a part of the work.
    fn below(&self, name: &Path, device: u64, turn: &Turn<'_>) -> GitState {
        let mut worst = GitState::Clean;
        if name.as_os_str().is_empty() {
            worst = GitState::Unknown;
        } else if self.ignores.ignored(name, true) {
            return self.below_ignored(name, turn);
        }
        let mut pending = vec![name.to_path_buf()];
        while let Some(dir) = pending.pop() {
            let Ok(entries) = read_dir(self.top.join(&dir)) else {
                worst = worst.max(GitState::Unknown);
                continue;
            };
            for entry in entries {
                // Nothing is worse, so nothing more need be seen.
                if worst == GitState::Untracked {
                    return worst;
                }
                if !turn.step() {
                    return worst.max(GitState::Unknown);
                }
                let Ok((entry, meta)) = entry.and_then(|e| e.metadata().map(|meta| (e, meta)))
                else {
                    worst = worst.max(GitState::Unknown);
                    continue;
                };
                let name = dir.join(entry.file_name());
                worst = worst.max(if entry.file_name() == ".git" {
                    GitState::Unknown
                } else if !meta.is_dir() {
                    self.file(&name, &meta, turn)
                } else if meta.dev() != device || is_repository(&entry.path()) {
                    GitState::Unknown
                } else if self.ignores.ignored_here(&name, true) {
                    self.below_ignored(&name, turn)
                } else {
                    pending.push(name);
                    GitState::Clean
                });
            }
        }
        worst
    }

    /// The worst below an ignored directory: all of it is ignored, except what is tracked all the
    /// same, and repositories that somebody keeps there. So a large `target` costs little.
    fn below_ignored(&self, name: &Path, turn: &Turn<'_>) -> GitState {
        let mut worst = GitState::Ignored;
        for tracked in self.index.below(name) {
            if !turn.step() {
                return worst.max(GitState::Unknown);
            }
            let tracked = Path::new(OsStr::from_bytes(tracked));
            if let Ok(meta) = symlink_metadata(self.top.join(tracked)) {
                worst = worst.max(self.file(tracked, &meta, turn));
            }
        }
        let mut entries = PEEK_ENTRIES;
        if holds_repository(&self.top.join(name), PEEK_DEPTH, &mut entries) {
            worst = worst.max(GitState::Unknown);
        }
        worst
    }
}

fn is_repository(dir: &Path) -> bool {
    symlink_metadata(dir.join(".git")).is_ok()
}

/// Whether a repository lies at `dir` or up to `depth` levels below, as far as `entries` reach.
fn holds_repository(dir: &Path, depth: usize, entries: &mut usize) -> bool {
    if is_repository(dir) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let Ok(list) = read_dir(dir) else { return false };
    for entry in list.flatten() {
        let Some(left) = entries.checked_sub(1) else { return false };
        *entries = left;
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_dir && holds_repository(&entry.path(), depth, entries) {
            return true;
        }
    }
    false
}

/// The path in a file of one line, after `prefix`.
fn named<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a Path> {
    let line = text.strip_prefix(prefix)?.split(|byte| *byte == b'\n').next()?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    (!line.is_empty()).then(|| Path::new(OsStr::from_bytes(line)))
}

#[cfg(test)]
mod tests;

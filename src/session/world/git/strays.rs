//! What git does not track below a directory, told from the index and the patterns.

use super::super::budget::Turn;
use super::super::resolve::resolve;
use super::{Repositories, Repository, is_repository, top_of};
use crate::model::world::Strays;
use std::fs::{read_dir, symlink_metadata};
use std::path::{Path, PathBuf};

/// More than these are not listed.
const MOST: usize = 64;

impl Repositories {
    /// What lies at and below `path` (absolute) that git does not track.
    pub(in super::super) fn strays(&self, path: &Path, turn: &Turn<'_>) -> Strays {
        if turn.late() {
            return Strays::default();
        }
        let path = resolve(path);
        let Ok(meta) = symlink_metadata(&path) else {
            return Strays { complete: true, ..Strays::default() };
        };
        let Some(top) = top_of(&path, Some(&meta)) else {
            return everything(&path, turn);
        };
        let (Some(repository), Ok(name)) = (self.repository(&top), path.strip_prefix(&top)) else {
            return Strays::default();
        };
        if meta.is_dir() {
            return repository.strays(name, turn);
        }
        let mut found = Strays { complete: true, ..Strays::default() };
        repository.stray(name.to_path_buf(), false, &mut found);
        found
    }
}

/// Nothing is tracked where there is no repository.
fn everything(dir: &Path, turn: &Turn<'_>) -> Strays {
    let mut found = Strays { complete: true, ..Strays::default() };
    let Ok(entries) = read_dir(dir) else { return Strays::default() };
    for entry in entries {
        let Ok(entry) = entry else { return Strays::default() };
        if !turn.step() || found.untracked.len() >= MOST {
            found.complete = false;
            break;
        }
        found.untracked.push(entry.path());
    }
    found
}

impl Repository {
    fn strays(&self, name: &Path, turn: &Turn<'_>) -> Strays {
        let mut found = Strays { complete: true, ..Strays::default() };
        let mut pending = vec![name.to_path_buf()];
        while let Some(dir) = pending.pop() {
            let Ok(entries) = read_dir(self.top.join(&dir)) else {
                found.complete = false;
                continue;
            };
            for entry in entries {
                let listed = found.untracked.len() + found.ignored.len();
                if !turn.step() || listed >= MOST {
                    found.complete = false;
                    return found;
                }
                let Ok(entry) = entry else { return Strays { complete: false, ..found } };
                if entry.file_name() == ".git" {
                    continue;
                }
                let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
                // git leaves repositories within it alone, unless it is told twice
                if is_dir && is_repository(&entry.path()) {
                    found.complete = false;
                    continue;
                }
                pending.extend(self.stray(dir.join(entry.file_name()), is_dir, &mut found));
            }
        }
        found
    }

    /// Lists `name` if it is a stray; a directory with tracked files in it is to be looked into.
    fn stray(&self, name: PathBuf, is_dir: bool, found: &mut Strays) -> Option<PathBuf> {
        let tracked = match is_dir {
            true => self.index.below(&name).next().is_some(),
            false => self.index.holds(&name),
        };
        if tracked {
            return is_dir.then_some(name);
        }
        let list = match self.ignores.ignored(&name, is_dir) {
            true => &mut found.ignored,
            false => &mut found.untracked,
        };
        list.push(self.top.join(name));
        None
    }
}

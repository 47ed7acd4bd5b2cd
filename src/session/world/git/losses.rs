//! What would be lost at and below a path, counted by what git knows of each file. As everywhere here a
//! bound that is hit makes the figures `AtLeast`.

use super::super::budget::Turn;
use super::super::measure::Tally;
use super::super::resolve::{resolve, resolve_parent};
use super::{Repositories, Repository, is_repository, top_of};
use crate::model::effect::Scale;
use crate::model::loss::Sort;
use crate::model::world::{Changes, GitState};
use std::ffi::OsStr;
use std::fs::{Metadata, read_dir, symlink_metadata};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// So many names of changed files are kept.
const NAMED: usize = 3;

const SORTS: [Sort; 4] = [Sort::Modified, Sort::Untracked, Sort::Ignored, Sort::Unversioned];

impl Repositories {
    /// What lies at and below `path` (absolute) that git does not have as it is.
    pub(in super::super) fn lost(&self, path: &Path, turn: &Turn<'_>) -> Vec<(Sort, Scale)> {
        let path = resolve_parent(path);
        let Ok(meta) = symlink_metadata(&path) else { return Vec::new() };
        let mut losses = Losses::default();
        let top = top_of(&path, Some(&meta));
        let within = top
            .as_ref()
            .and_then(|top| Some((self.repository(top)?, path.strip_prefix(top).ok()?)));
        match within {
            Some((repository, name)) if !name.iter().any(|part| part == ".git") => {
                repository.losses((name, &meta), turn, &mut losses);
            }
            _ => unversioned(&path, &meta, turn, &mut losses),
        }
        losses.parts()
    }

    /// The tracked files at and below `path` (absolute) that differ from what git has.
    pub(in super::super) fn changes(&self, path: &Path, turn: &Turn<'_>) -> Option<Changes> {
        let path = resolve(path);
        let top = top_of(&path, symlink_metadata(&path).ok().as_ref())?;
        let name = path.strip_prefix(&top).ok()?;
        self.repository(&top)?.changes(name, turn)
    }
}

/// The tallies of the sorts.
#[derive(Debug, Default)]
struct Losses {
    tallies: [Tally; SORTS.len()],
    /// Whether something was not looked at.
    cut: bool,
}

impl Losses {
    fn add(&mut self, sort: Sort, meta: &Metadata) {
        let at = SORTS.iter().position(|known| *known == sort);
        if let Some(tally) = at.and_then(|at| self.tallies.get_mut(at)) {
            tally.add(meta);
        }
    }

    fn parts(mut self) -> Vec<(Sort, Scale)> {
        for tally in &mut self.tallies {
            tally.exact &= !self.cut;
        }
        let all = SORTS.into_iter().zip(&self.tallies);
        all.filter(|(_, tally)| tally.files > 0)
            .map(|(sort, tally)| (sort, tally.scale()))
            .collect()
    }
}

fn unversioned(path: &Path, meta: &Metadata, turn: &Turn<'_>, losses: &mut Losses) {
    if !meta.is_dir() {
        return losses.add(Sort::Unversioned, meta);
    }
    let mut pending = vec![path.to_path_buf()];
    while let Some(dir) = pending.pop() {
        let Ok(entries) = read_dir(&dir) else {
            losses.cut = true;
            continue;
        };
        for entry in entries {
            let entry = entry.and_then(|entry| entry.metadata().map(|meta| (entry, meta)));
            let Ok((entry, meta)) = entry else {
                losses.cut = true;
                continue;
            };
            if !turn.step() {
                losses.cut = true;
                return;
            }
            if meta.is_dir() {
                pending.push(entry.path());
            } else {
                losses.add(Sort::Unversioned, &meta);
            }
        }
    }
}

impl Repository {
    /// Counts what lies at and below `name`.
    fn losses(&self, (name, meta): (&Path, &Metadata), turn: &Turn<'_>, losses: &mut Losses) {
        let ignored = self.ignores.ignored(name, meta.is_dir());
        if !meta.is_dir() {
            return self.lose((name, meta), ignored, turn, losses);
        }
        let mut pending = vec![(name.to_path_buf(), ignored)];
        while let Some((dir, ignored)) = pending.pop() {
            let Ok(entries) = read_dir(self.top.join(&dir)) else {
                losses.cut = true;
                continue;
            };
            for entry in entries {
                if !turn.step() {
                    losses.cut = true;
                    return;
                }
                let entry = entry.and_then(|entry| entry.metadata().map(|meta| (entry, meta)));
                let Ok((entry, meta)) = entry else {
                    losses.cut = true;
                    continue;
                };
                let name = dir.join(entry.file_name());
                if !meta.is_dir() {
                    let ignored = ignored || self.ignores.ignored_here(&name, false);
                    self.lose((&name, &meta), ignored, turn, losses);
                } else if entry.file_name() == ".git" || is_repository(&entry.path()) {
                    unversioned(&entry.path(), &meta, turn, losses);
                } else {
                    let ignored = ignored || self.ignores.ignored_here(&name, true);
                    pending.push((name, ignored));
                }
            }
        }
    }

    fn lose(
        &self,
        (name, meta): (&Path, &Metadata),
        ignored: bool,
        turn: &Turn<'_>,
        losses: &mut Losses,
    ) {
        match self.index.state(&self.top, name, meta, turn) {
            Some(GitState::Clean) => {}
            Some(GitState::Modified) => losses.add(Sort::Modified, meta),
            Some(_) => losses.add(Sort::Unversioned, meta),
            None if ignored => losses.add(Sort::Ignored, meta),
            None => losses.add(Sort::Untracked, meta),
        }
    }

    /// Tracked files that are there and differ; `None` when a bound was hit or one cannot be told.
    fn changes(&self, name: &Path, turn: &Turn<'_>) -> Option<Changes> {
        // Where nothing is tracked there is nothing to go by: it is hardly the repository that is meant.
        self.index.all().next()?;
        let mut tally = Tally::default();
        let mut names: Vec<PathBuf> = Vec::new();
        let whole = name.as_os_str().is_empty();
        let below: Vec<&[u8]> =
            if whole { self.index.all().collect() } else { self.index.below(name).collect() };
        let itself = (!whole && self.index.holds(name)).then(|| name.as_os_str().as_bytes());
        for tracked in itself.into_iter().chain(below) {
            if !turn.step() {
                return None;
            }
            let tracked = Path::new(OsStr::from_bytes(tracked));
            // What was deleted comes back: nothing of it is lost.
            let Ok(meta) = symlink_metadata(self.top.join(tracked)) else { continue };
            match self.index.state(&self.top, tracked, &meta, turn)? {
                GitState::Clean => {}
                GitState::Modified => {
                    tally.add(&meta);
                    if names.len() < NAMED {
                        names.push(tracked.to_path_buf());
                    }
                }
                _ => return None,
            }
        }
        Some(Changes { scale: tally.scale(), names })
    }
}

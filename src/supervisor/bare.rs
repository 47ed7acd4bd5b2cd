//! Repositories that no name gives away: a directory with `HEAD`, `objects` and `refs` in it is one for git, whatever it is called.
//!
//! The last of these parts is let come only when what is there already names no program; from then
//! on the directory is judged as a `.git` would be in its place. One that the person has is
//! noticed when something in it is touched.

use super::Tools;
use super::git::config;
use super::judge::{Operation, Why};
use super::standing::{Git, Standing};
use crate::sys::at::{self, Errno, Result};
use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a repository is known by.
const PARTS: [&str; 4] = ["HEAD", "objects", "refs", "commondir"];
/// What in one is guarded.
const GUARDED: [&str; 8] =
    ["HEAD", "objects", "refs", "commondir", "config", "config.worktree", "hooks", "info"];

impl Tools {
    /// Looks whether a path is a part of such a repository, or would make one.
    pub(super) fn notice_repository(
        &mut self,
        path: &[u8],
        operation: Operation<'_>,
    ) -> Result<()> {
        let path = Path::new(OsStr::from_bytes(path));
        let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
            return Ok(());
        };
        let is = |names: &[&str]| names.iter().any(|part| name.eq_ignore_ascii_case(part));
        if !self.bounds.git {
            return Ok(());
        }
        if is(&GUARDED) && self.is_plain(directory) {
            let around = self.bounds.zone.starts_with(directory);
            let coming = match operation {
                Operation::Create(_) | Operation::MoveHere(_) | Operation::LinkHere
                    if is(&PARTS) =>
                {
                    Some(name)
                }
                _ => None,
            };
            if is_repository(directory, None) && !around {
                self.is_repository_now(directory);
            } else if coming.is_some() && is_repository(directory, coming) {
                self.complete(directory, name)?;
            }
        } else if let Some(above) = directory.parent()
            && directory.file_name().is_some_and(|name| name == "hooks" || name == "info")
            && self.is_plain(above)
            && !self.bounds.zone.starts_with(above)
            && is_repository(above, None)
        {
            self.is_repository_now(above);
        }
        Ok(())
    }

    /// Whether a directory of the workspace is not guarded as a repository already.
    fn is_plain(&self, directory: &Path) -> bool {
        let path = directory.as_os_str().as_bytes();
        match self.bounds.standing(path) {
            Standing::Free | Standing::Leads | Standing::Around => true,
            Standing::Outside => self.bounds.counts_outside(path),
            _ => false,
        }
    }

    /// From now on a directory is judged as a `.git` of the workspace; whether that could be.
    fn is_repository_now(&mut self, directory: &Path) -> bool {
        let place = self.bounds.place_in_zone(directory.as_os_str().as_bytes());
        let place = place.unwrap_or_else(|| self.bounds.zone.clone());
        self.bounds.stands_for(directory, place.join(".git"))
    }

    /// A directory is about to become a repository.
    fn complete(&mut self, directory: &Path, name: &OsStr) -> Result<()> {
        // Everything in the workspace would be a part of git.
        if self.bounds.zone.starts_with(directory) {
            return self.is_no_repository(directory, "it is, or holds, the workspace");
        }
        if name == "commondir" || there(&directory.join("commondir")) {
            return self.is_no_repository(directory, "its settings would lie elsewhere");
        }
        if let Some(what) = armed(directory) {
            return self.is_no_repository(directory, what);
        }
        self.settle_config(directory)?;
        let made = ["HEAD", "config", "hooks", "info"].map(|name| directory.join(name));
        let hooks = std::fs::read_dir(directory.join("hooks")).into_iter().flatten().flatten();
        for path in made.into_iter().chain(hooks.map(|entry| entry.path())) {
            if let Ok(meta) = path.symlink_metadata() {
                self.born.insert((meta.dev(), meta.ino()));
            }
        }
        if self.is_repository_now(directory) {
            return Ok(());
        }
        self.is_no_repository(directory, "it could not be guarded")
    }

    fn is_no_repository(&mut self, directory: &Path, what: &str) -> Result<()> {
        self.note("make a repository of", directory.as_os_str().as_bytes(), Why::Git, what);
        Err(Errno::NOT_PERMITTED)
    }

    /// Puts a fresh file with the content that was judged in the place of `config`: somebody may
    /// still hold the other open.
    fn settle_config(&mut self, directory: &Path) -> Result<()> {
        let path = directory.join("config");
        if !there(&path) {
            return Ok(());
        }
        let place = std::fs::File::open(directory).map_err(Errno::from)?;
        let flags = at::NO_FOLLOW | at::NON_BLOCKING;
        let old = std::fs::File::from(at::open(place.as_fd(), b"config", flags, 0)?);
        let stat = at::stat(old.as_fd())?;
        let mut content = Vec::new();
        let most = u64::try_from(config::MAX_BYTES).unwrap_or(u64::MAX);
        old.take(most + 1).read_to_end(&mut content).map_err(Errno::from)?;
        let zone = self.bounds.zone.clone();
        let leads_inside = |tree: &str| {
            super::git::pointer::normal(&directory.join(tree)).is_some_and(|t| t.starts_with(&zone))
        };
        if !stat.is(at::IS_REGULAR) || config::check(&content, b"", &leads_inside).is_err() {
            return self.is_no_repository(directory, "its config is not known to be harmless");
        }
        at::unlink(place.as_fd(), b"config", 0)?;
        self.mask(0);
        let make = at::CREATE | at::EXCLUSIVE | at::WRITE_ONLY;
        let fresh = at::open(place.as_fd(), b"config", make, stat.mode & 0o666)?;
        std::fs::File::from(fresh).write_all(&content).map_err(Errno::from)
    }

    /// Whether a directory that moves holds such a repository, by one of its parts.
    pub(super) fn is_part_of_repository(&self, top: &Path, inner: &Path) -> bool {
        self.bounds.git
            && inner.file_name().is_some_and(|name| name == "HEAD")
            && !matches!(
                self.bounds.standing(top.join(inner).as_os_str().as_bytes()),
                Standing::Git(Git::Content | Git::Bulk)
            )
            && is_repository(top.join(inner).parent().unwrap_or(top), None)
    }
}

/// Whether git would take a directory for a repository, perhaps once a part has come.
pub(super) fn is_repository(directory: &Path, coming: Option<&OsStr>) -> bool {
    let has = |part: &str| coming.is_some_and(|name| name == part) || there(&directory.join(part));
    has("HEAD") && (has("commondir") || has("objects") && has("refs"))
}

/// What is there besides `config` by which git would run something.
fn armed(directory: &Path) -> Option<&'static str> {
    if there(&directory.join("config.worktree")) || there(&directory.join("info/attributes")) {
        return Some("it has settings that are not judged");
    }
    let hooks = directory.join("hooks");
    match hooks.symlink_metadata() {
        Err(_) => None,
        Ok(meta) if !meta.is_dir() => Some("its hooks lie elsewhere"),
        Ok(_) => {
            let entries: Vec<PathBuf> = std::fs::read_dir(&hooks)
                .map(|entries| entries.map_while(|entry| Some(entry.ok()?.path())).collect())
                .unwrap_or_else(|_| vec![hooks]);
            let sample = |path: &PathBuf| path.extension().is_some_and(|end| end == "sample");
            (!entries.iter().all(sample)).then_some("it has hooks")
        }
    }
}

/// Whether something is there, or cannot be told not to be.
fn there(path: &Path) -> bool {
    path.symlink_metadata().map_or_else(|error| error.kind() != ErrorKind::NotFound, |_| true)
}

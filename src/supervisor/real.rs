//! Real paths of many places at once: what they share is asked of the kernel once. Does not open anything.
//!
//! The first held call of every run waits for this: a profile grants some fifty places, nearly all
//! below the same few directories, and most of them are not there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What has been asked so far; only for as long as nothing can have changed.
#[derive(Debug, Default)]
pub(super) struct RealPaths(HashMap<PathBuf, Option<PathBuf>>);

impl RealPaths {
    /// The path with all links resolved, as realpath(3) does it. What is not there keeps its name,
    /// below the real path of its directory if that is there.
    pub(super) fn of(&mut self, path: &Path) -> PathBuf {
        let there = self.existing(path);
        there.or_else(|| self.beside(path)).unwrap_or_else(|| path.to_owned())
    }

    fn existing(&mut self, path: &Path) -> Option<PathBuf> {
        if let Some(known) = self.0.get(path) {
            return known.clone();
        }
        let real = self.ask(path);
        self.0.insert(path.to_owned(), real.clone());
        real
    }

    fn ask(&mut self, path: &Path) -> Option<PathBuf> {
        let Some(place) = self.beside(path) else {
            // The root; or what has no plain last part, such as `..`; or what lies nowhere.
            return path.canonicalize().ok();
        };
        let kind = place.symlink_metadata().ok()?.file_type();
        if kind.is_symlink() { place.canonicalize().ok() } else { Some(place) }
    }

    /// The last part below the real path of the rest.
    fn beside(&mut self, path: &Path) -> Option<PathBuf> {
        let (directory, name) = (path.parent()?, path.file_name()?);
        Some(self.existing(directory)?.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::RealPaths;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    #[test]
    fn what_is_there_is_what_realpath_says() {
        let scratch = tempfile::tempdir().unwrap();
        let top = scratch.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("data/cache/deep")).unwrap();
        symlink("data", top.join("link")).unwrap();
        symlink("link/cache", top.join("twice")).unwrap();
        symlink("nothing", top.join("dangling")).unwrap();
        symlink("loop", top.join("loop")).unwrap();
        let mut real = RealPaths::default();
        for name in ["", "data", "link", "link/cache/deep", "twice/deep", "twice/../cache", "."] {
            let path = top.join(name);
            assert_eq!(real.of(&path), path.canonicalize().unwrap(), "{name}");
        }
        assert_eq!(real.of("/".as_ref()), PathBuf::from("/"));
    }

    #[test]
    fn what_is_missing_keeps_its_name_below_what_is_there() {
        let scratch = tempfile::tempdir().unwrap();
        let top = scratch.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("data")).unwrap();
        fs::write(top.join("file"), "").unwrap();
        symlink("data", top.join("link")).unwrap();
        symlink("nothing", top.join("dangling")).unwrap();
        let mut real = RealPaths::default();
        assert_eq!(real.of(&top.join("link/new")), top.join("data/new"));
        assert_eq!(real.of(&top.join("no/such/place")), top.join("no/such/place"));
        assert_eq!(real.of(&top.join("dangling")), top.join("dangling"));
        assert_eq!(real.of(&top.join("file/below")), top.join("file/below"));
    }
}

//! Which of many paths are there, asked a directory at a time: profiles name caches of tools most people do not have.
//!
//! A path that is wrongly taken to be there costs a failed open; one that is wrongly taken to be
//! absent would be missing from the sandbox, so in doubt a path is there.

use super::expand::Tree;
use crate::policy::resolved::below;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// From so many paths below one directory on, listing it is cheaper than trying each.
const WORTH_LISTING: usize = 8;

/// What some directories hold.
#[derive(Debug)]
pub struct Presence<'p>(FxHashMap<&'p [u8], FxHashSet<OsString>>);

impl<'p> Presence<'p> {
    /// Lists `home` and what lies below it, as far as that is worth it for these paths: what
    /// profiles name elsewhere is mostly there. Paths are normal, and compared as bytes: part by
    /// part it would cost more than the opens that are saved.
    #[must_use]
    pub fn survey(paths: impl Iterator<Item = &'p Path>, home: &'p Path, tree: &dyn Tree) -> Self {
        let mut asked: FxHashMap<&[u8], usize> = FxHashMap::default();
        for path in paths.filter(|path| below(path, home)) {
            let shortest = home.as_os_str().len();
            for directory in above(path).take_while(|directory| directory.len() >= shortest) {
                *asked.entry(directory).or_default() += 1;
            }
        }
        asked.retain(|_, count| *count >= WORTH_LISTING);
        let mut worth: Vec<&[u8]> = asked.into_keys().collect();
        // What holds others first: a directory that is not there need not be listed.
        worth.sort_unstable_by_key(|directory| directory.len());
        let mut presence = Self(FxHashMap::default());
        for directory in worth {
            let path = Path::new(OsStr::from_bytes(directory));
            let names = if presence.may_hold(path) { tree.names(path) } else { None };
            if let Some(names) = names {
                let names = names.into_iter().map(PathBuf::into_os_string).collect();
                presence.0.insert(directory, names);
            }
        }
        presence
    }

    /// Whether the path is there, or may be: no listing shows that it, or a directory on the way
    /// to it, is not.
    #[must_use]
    pub fn may_hold(&self, path: &Path) -> bool {
        let mut step = path.as_os_str().as_bytes();
        for directory in above(path) {
            if let Some(names) = self.0.get(directory) {
                return names.contains(OsStr::from_bytes(step));
            }
            step = directory;
        }
        true
    }
}

/// The directories that hold a normal path, from the nearest to the root.
pub(super) fn above(path: &Path) -> impl Iterator<Item = &[u8]> {
    let bytes = path.as_os_str().as_bytes();
    let mut end = bytes.len();
    std::iter::from_fn(move || {
        let slash = bytes.get(..end)?.iter().rposition(|byte| *byte == b'/')?;
        let directory = bytes.get(..slash.max(1))?;
        // The root holds itself no more.
        let done = end <= 1;
        end = slash;
        (!done).then_some(directory)
    })
}

#[cfg(test)]
mod tests {
    use super::{Presence, Tree, above};
    use std::path::{Path, PathBuf};

    struct Home {
        listable: bool,
    }

    impl Tree for Home {
        fn names(&self, directory: &Path) -> Option<Vec<PathBuf>> {
            match directory.to_str()? {
                "/h" if self.listable => Some(vec!["/h/3".into(), "/h/many".into()]),
                "/h/many" if self.listable => Some(vec!["/h/many/2".into()]),
                "/h/gone" => panic!("a directory that is not there is listed"),
                _ => None,
            }
        }
        fn is_link(&self, _: &Path) -> bool {
            false
        }
        fn reachable(&self, _: &Path) -> bool {
            true
        }
    }

    fn kept(listable: bool) -> Vec<String> {
        let deep = ["many", "gone"].into_iter().flat_map(|directory| {
            (0..if listable { 9 } else { 2 }).map(move |n| format!("/h/{directory}/{n}"))
        });
        let paths: Vec<PathBuf> = (0..5)
            .map(|n| format!("/h/{n}"))
            .chain(deep)
            .chain(["/elsewhere", "/h/absent/deep", "/h/3/deep"].map(str::to_owned))
            .map(PathBuf::from)
            .collect();
        let presence = Presence::survey(
            paths.iter().map(PathBuf::as_path),
            Path::new("/h"),
            &Home { listable },
        );
        let there = paths.iter().filter(|path| presence.may_hold(path));
        there.map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn what_a_listing_does_not_show_is_left_out() {
        assert_eq!(kept(true), ["/h/3", "/h/many/2", "/elsewhere", "/h/3/deep"]);
    }

    #[test]
    fn directories_come_from_the_nearest_up() {
        let of = |path: &str| -> Vec<String> {
            above(Path::new(path)).map(|d| String::from_utf8_lossy(d).into_owned()).collect()
        };
        assert_eq!(of("/a/b/c"), ["/a/b", "/a", "/"]);
        assert_eq!(of("/a"), ["/"]);
        assert!(of("/").is_empty());
    }

    #[test]
    fn what_cannot_be_listed_is_tried() {
        assert_eq!(kept(false).len(), 12);
    }
}

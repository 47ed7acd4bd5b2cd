//! Which of many paths are there, asked a directory at a time: profiles name caches of tools most people do not have.
//!
//! A path that is wrongly taken to be there costs a failed open; one that is wrongly taken to be
//! absent would be missing from the sandbox, so in doubt a path is there.

use super::expand::Tree;
use crate::policy::resolved::{Root, below};
use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// From so many paths in one directory on, listing it is cheaper than trying each.
const WORTH_LISTING: usize = 8;

/// The roots whose paths are there, or may be. Only directories at or below `home` are listed:
/// what profiles name elsewhere is mostly there. Paths are normal, and compared as bytes: part by
/// part it would cost more than the opens that are saved.
#[must_use]
pub fn present<'r>(roots: &[&'r Root], home: &Path, tree: &dyn Tree) -> Vec<&'r Root> {
    let mut asked: HashMap<&[u8], usize> = HashMap::new();
    for root in roots.iter().filter(|root| below(&root.path, home)) {
        if let Some(parent) = above(&root.path).next() {
            *asked.entry(parent).or_default() += 1;
        }
    }
    asked.retain(|_, count| *count >= WORTH_LISTING);
    let listed: HashMap<&[u8], HashSet<OsString>> = asked
        .into_keys()
        .filter_map(|parent| Some((parent, tree.names(Path::new(OsStr::from_bytes(parent)))?)))
        .map(|(parent, names)| (parent, names.into_iter().map(PathBuf::into_os_string).collect()))
        .collect();
    roots.iter().copied().filter(|root| !is_absent(&root.path, &listed)).collect()
}

/// Whether a listing shows that the path, or a directory on the way to it, is not there.
fn is_absent(path: &Path, listed: &HashMap<&[u8], HashSet<OsString>>) -> bool {
    let mut step = path.as_os_str().as_bytes();
    for directory in above(path) {
        if let Some(names) = listed.get(directory) {
            return !names.contains(OsStr::from_bytes(step));
        }
        step = directory;
    }
    false
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
    use super::{Tree, above, present};
    use crate::policy::resolved::Root;
    use std::path::{Path, PathBuf};

    struct Home {
        listable: bool,
    }

    impl Tree for Home {
        fn names(&self, directory: &Path) -> Option<Vec<PathBuf>> {
            (self.listable && directory == Path::new("/h")).then(|| vec!["/h/3".into()])
        }
        fn is_link(&self, _: &Path) -> bool {
            false
        }
        fn reachable(&self, _: &Path) -> bool {
            true
        }
    }

    fn kept(listable: bool) -> usize {
        let roots: Vec<Root> = (0..9)
            .map(|n| Root { path: format!("/h/{n}").into(), except: Vec::new() })
            .chain(
                ["/elsewhere", "/h/absent/deep", "/h/3/deep"]
                    .map(|path| Root { path: path.into(), except: Vec::new() }),
            )
            .collect();
        present(&roots.iter().collect::<Vec<_>>(), Path::new("/h"), &Home { listable }).len()
    }

    #[test]
    fn what_a_listing_does_not_show_is_left_out() {
        assert_eq!(kept(true), 3);
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
        assert_eq!(kept(false), 12);
    }
}

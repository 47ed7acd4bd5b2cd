//! Which of many paths are there, asked a directory at a time: profiles name caches of tools most people do not have.
//!
//! A path that is wrongly taken to be there costs a failed open; one that is wrongly taken to be
//! absent would be missing from the sandbox, so in doubt a path is there.

use super::expand::Tree;
use crate::policy::resolved::Root;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// From so many paths in one directory on, listing it is cheaper than trying each.
const WORTH_LISTING: usize = 8;

/// The roots whose paths are there, or may be.
#[must_use]
pub fn present<'r>(roots: &[&'r Root], tree: &dyn Tree) -> Vec<&'r Root> {
    let mut asked: HashMap<&Path, usize> = HashMap::new();
    for parent in roots.iter().filter_map(|root| root.path.parent()) {
        *asked.entry(parent).or_default() += 1;
    }
    asked.retain(|_, count| *count >= WORTH_LISTING);
    // Compared as bytes: paths compared part by part cost more than the opens that are saved.
    let listed: HashMap<&Path, HashSet<OsString>> = asked
        .into_keys()
        .filter_map(|parent| Some((parent, tree.names(parent)?)))
        .map(|(parent, names)| (parent, names.into_iter().map(PathBuf::into_os_string).collect()))
        .collect();
    let absent = |root: &Root| {
        let names = root.path.parent().and_then(|parent| listed.get(parent));
        names.is_some_and(|names| !names.contains(root.path.as_os_str()))
    };
    roots.iter().copied().filter(|root| !absent(root)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, present};
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
            .chain([Root { path: "/elsewhere".into(), except: Vec::new() }])
            .collect();
        present(&roots.iter().collect::<Vec<_>>(), &Home { listable }).len()
    }

    #[test]
    fn what_a_listing_does_not_show_is_left_out() {
        assert_eq!(kept(true), 2);
    }

    #[test]
    fn what_cannot_be_listed_is_tried() {
        assert_eq!(kept(false), 10);
    }
}

//! Where a path leads: symbolic links resolved one component at a time, missing ends kept.
//! Unlike realpath(3) it always has an answer.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};
use std::fs::{read_link, symlink_metadata};
use std::path::{Component, Path, PathBuf};

/// As many links as the kernel follows in one path.
const LINKS: usize = 40;

/// Names looked up at most: more than any path the kernel takes can hold.
const LOOKUPS: usize = 4096;

/// The path with every link resolved as far as it exists; what is missing (or lies behind a loop)
/// is appended, `.` and `..` taken out. `path` is absolute; so is the answer.
pub(super) fn resolve(path: &Path) -> PathBuf {
    let mut pending: VecDeque<OsString> = names(path);
    let mut resolved = PathBuf::from("/");
    // Names at the end of `resolved` that do not exist: below them there is nothing to ask.
    let mut missing = 0_usize;
    let (mut links, mut lookups) = (LINKS, LOOKUPS);
    while let Some(name) = pending.pop_front() {
        if name == ".." {
            resolved.pop();
            missing = missing.saturating_sub(1);
            continue;
        }
        resolved.push(&name);
        // These links lead each process to itself, and this process is not the one that is asked about.
        let magic = ["/proc/self", "/proc/thread-self"].iter().any(|own| resolved.starts_with(own));
        if missing > 0 || lookups == 0 || magic {
            missing += 1;
            continue;
        }
        lookups -= 1;
        let link = match symlink_metadata(&resolved) {
            Err(_) => {
                missing = 1;
                continue;
            }
            Ok(meta) => meta.is_symlink(),
        };
        if !link || links == 0 {
            continue;
        }
        links -= 1;
        let Ok(target) = read_link(&resolved) else { continue };
        resolved.pop();
        if target.is_absolute() {
            resolved = PathBuf::from("/");
        }
        for name in names(&target).into_iter().rev() {
            pending.push_front(name);
        }
    }
    resolved
}

/// The path with its directory resolved and its last name as it is: what lstat(2) would look at.
pub(super) fn resolve_parent(path: &Path) -> PathBuf {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => resolve(parent).join(name),
        _ => resolve(path),
    }
}

fn names(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|component| match component {
            Component::Normal(name) => Some(name),
            Component::ParentDir => Some(OsStr::new("..")),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
        })
        .map(OsStr::to_owned)
        .collect()
}

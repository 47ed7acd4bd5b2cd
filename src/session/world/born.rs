//! Whether a path was made by the session itself: claimed by its memory, proven by the time the kernel
//! says the object came into being (statx(2), `stx_btime`), which no move, copy or link onto the name changes.

use crate::sys::birth;
use std::fs::symlink_metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// What a command that makes a file takes to fill it.
const MOMENT: Duration = Duration::from_secs(60);
/// More than this below a directory is not looked through.
const ENTRIES: usize = 5_000;

/// Whether `path` and all below it is claimed, and came into being no earlier than that.
pub(super) fn is_born(path: &Path, claim: &dyn Fn(&Path) -> Option<SystemTime>) -> bool {
    let mut left = ENTRIES;
    all_born(path, claim, &mut left)
}

/// Whether the file came into being since then, and was written to within a minute of it only.
pub(super) fn is_as_made(path: &Path, since: SystemTime) -> bool {
    let written = symlink_metadata(path).ok().filter(std::fs::Metadata::is_file);
    let written = written.and_then(|meta| meta.modified().ok());
    birth::born(path).is_ok_and(|born| born >= since)
        && written.is_some_and(|written| written <= since + MOMENT)
}

fn all_born(path: &Path, claim: &dyn Fn(&Path) -> Option<SystemTime>, left: &mut usize) -> bool {
    let Some(since) = claim(path) else { return false };
    let Some(less) = left.checked_sub(1) else { return false };
    *left = less;
    let Ok(meta) = symlink_metadata(path) else { return false };
    // Where the file system does not tell, nothing is proven.
    if !birth::born(path).is_ok_and(|born| born >= since) {
        return false;
    }
    if !meta.is_dir() {
        return true;
    }
    let Ok(entries) = std::fs::read_dir(path) else { return false };
    entries.into_iter().all(|entry| entry.is_ok_and(|entry| all_born(&entry.path(), claim, left)))
}

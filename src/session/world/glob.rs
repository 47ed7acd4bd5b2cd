//! A shell pattern on the real file system, as bash expands it with its default options: no
//! `globstar` (`**` is `*`), no `dotglob`. It gives no match for what a quoted word would be.

use super::budget::Turn;
use super::pattern::Pattern;
use super::resolve::resolve;
use crate::model::world::Matches;
use std::ffi::OsStr;
use std::fs::{read_dir, symlink_metadata};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The matches of `pattern` below `cwd` (absolute), sorted by their bytes. A pattern in which
/// nothing is special matches what it names, if that exists.
pub(super) fn expand(pattern: &str, cwd: &Path, turn: &Turn<'_>) -> Matches {
    if pattern.is_empty() {
        return Matches { paths: Vec::new(), complete: true };
    }
    let start = if pattern.starts_with('/') { Path::new("/") } else { cwd };
    let mut search = Search { turn, found: vec![start.to_path_buf()], complete: true };
    let mut exists = true;
    for component in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        let component = Pattern::read(component.as_bytes());
        exists = match component.literal() {
            Some(name) => {
                search.enter(&name);
                false
            }
            None => {
                search.list(&component);
                true
            }
        };
    }
    let Search { found: mut paths, complete, .. } = search;
    if pattern.ends_with('/') {
        paths.retain(|path| path.is_dir());
    } else if !exists {
        paths.retain(|path| symlink_metadata(path).is_ok());
    }
    paths.sort_unstable_by(|a, b| a.as_os_str().as_bytes().cmp(b.as_os_str().as_bytes()));
    Matches { paths, complete }
}

struct Search<'a> {
    turn: &'a Turn<'a>,
    found: Vec<PathBuf>,
    complete: bool,
}

impl Search<'_> {
    /// Goes one named step down from everything found so far.
    fn enter(&mut self, name: &[u8]) {
        for path in &mut self.found {
            if name == b".." {
                // As the kernel goes: up from where the path leads, not from its text.
                *path = resolve(path);
                path.pop();
            } else {
                path.push(OsStr::from_bytes(name));
            }
        }
    }

    /// Replaces everything found so far by what lies in it and matches.
    fn list(&mut self, pattern: &Pattern) {
        for dir in std::mem::take(&mut self.found) {
            // What cannot be listed has no matches, for the shell as for us.
            let Ok(entries) = read_dir(&dir) else { continue };
            for entry in entries.flatten() {
                if self.found.len() >= self.turn.matches() || !self.turn.step() {
                    self.complete = false;
                    return;
                }
                let name = entry.file_name();
                if pattern.matches(name.as_bytes()) {
                    self.found.push(dir.join(name));
                }
            }
        }
    }
}

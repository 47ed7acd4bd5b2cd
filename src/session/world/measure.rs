//! How much lies at and below a path: a bounded walk that follows no link and enters no other mount.
//! It counts what is there, not what a command would reach.

use super::budget::Turn;
use crate::model::effect::{Count, Scale};
use std::fs::{read_dir, symlink_metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Counts regular files and links at and below `path`; `None` when it cannot be told.
pub(super) fn measure(path: &Path, turn: &Turn<'_>) -> Option<Scale> {
    let mut tally = Tally::default();
    let meta = match symlink_metadata(path) {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Some(tally.scale());
        }
        Err(_) => return None,
    };
    if !meta.is_dir() {
        tally.add(&meta);
        return Some(tally.scale());
    }
    let device = meta.dev();
    let mut pending = vec![path.to_path_buf()];
    while let Some(dir) = pending.pop() {
        let Ok(entries) = read_dir(&dir) else {
            tally.exact = false;
            continue;
        };
        for entry in entries {
            if !turn.step() {
                tally.exact = false;
                return Some(tally.scale());
            }
            let Ok((entry, meta)) = entry.and_then(|e| e.metadata().map(|meta| (e, meta))) else {
                tally.exact = false;
                continue;
            };
            if !meta.is_dir() {
                tally.add(&meta);
            } else if meta.dev() == device {
                pending.push(entry.path());
            } else {
                tally.exact = false;
            }
        }
    }
    Some(tally.scale())
}

/// Files counted so far.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) files: u64,
    bytes: u64,
    /// Whether that is all.
    pub(super) exact: bool,
}

impl Default for Tally {
    fn default() -> Self {
        Self { files: 0, bytes: 0, exact: true }
    }
}

impl Tally {
    pub(super) fn add(&mut self, meta: &std::fs::Metadata) {
        if meta.is_file() || meta.is_symlink() {
            self.files += 1;
            self.bytes = self.bytes.saturating_add(meta.len());
        }
    }

    pub(super) const fn scale(&self) -> Scale {
        if self.exact {
            Scale { files: Count::Exactly(self.files), bytes: Count::Exactly(self.bytes) }
        } else {
            Scale { files: Count::AtLeast(self.files), bytes: Count::AtLeast(self.bytes) }
        }
    }
}

//! The git index: which files are tracked, and whether what lies there is still what was staged.
//! It is read with bounds and never written.

use super::super::budget::Turn;
use super::super::contents;
use crate::model::world::GitState;
use gix_index::entry::{Flags, Mode, Stage, Stat};
use gix_index::hash::{Kind, hasher};
use gix_index::{Entry, State};
use std::fs::{Metadata, read_link, symlink_metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The largest index that is read, in bytes: some 200,000 files.
const LARGEST: usize = 24 * 1024 * 1024;

/// The largest file that is hashed where the times do not settle it, in bytes.
const HASHED: u64 = 64 * 1024;

/// The index of one work tree.
pub(super) struct Index {
    state: State,
    /// When the index was written: seconds and nanoseconds.
    written: (i64, i64),
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("entries", &self.state.entries().len())
            .field("written", &self.written)
            .finish()
    }
}

impl Index {
    /// Reads the index at `path`. One that is missing is empty, as after `git init`; `None` when
    /// it is damaged, too large, or split over several files.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let Ok(meta) = symlink_metadata(path) else {
            return Some(Self { state: State::new(Kind::Sha1), written: (0, 0) });
        };
        let bytes = contents(path, LARGEST)?;
        // Its checksum is not verified: that would take longer than all the rest, and whoever can
        // change the index can make the checksum.
        let options = gix_index::decode::Options {
            thread_limit: Some(1),
            alloc_limit_bytes: Some(8 * LARGEST),
            ..Default::default()
        };
        let timestamp = State::new(Kind::Sha1).timestamp();
        let (state, _) = State::from_bytes(&bytes, timestamp, Kind::Sha1, options).ok()?;
        if state.link().is_some() {
            return None;
        }
        Some(Self { state, written: (meta.mtime(), meta.mtime_nsec()) })
    }

    /// The state of the tracked file `name` (relative to `top`), which lies there with `meta`;
    /// `None` when it is not tracked.
    pub(super) fn state(
        &self,
        top: &Path,
        name: &Path,
        meta: &Metadata,
        turn: &Turn<'_>,
    ) -> Option<GitState> {
        let entry = self.entry(name)?;
        if entry.mode == Mode::COMMIT {
            return Some(GitState::Unknown);
        }
        let staged = entry.stage() == Stage::Unconflicted
            && !entry.flags.contains(Flags::INTENT_TO_ADD)
            && same_type(entry.mode, meta);
        let clean = staged && {
            let (same, sure) = (same_stat(&entry.stat, meta), self.settled(&entry.stat));
            (same && sure) || same_contents(entry, &top.join(name), meta, turn)
        };
        Some(if clean { GitState::Clean } else { GitState::Modified })
    }

    /// Whether `name` is tracked.
    pub(super) fn holds(&self, name: &Path) -> bool {
        self.entry(name).is_some()
    }

    /// The names of all tracked files.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.state.entries().iter().map(|entry| -> &[u8] { entry.path(&self.state) })
    }

    /// The names of the tracked files below the directory `name`.
    pub(super) fn below(&self, name: &Path) -> impl Iterator<Item = &[u8]> {
        let mut prefix = name.as_os_str().as_bytes().to_vec();
        prefix.push(b'/');
        let from = self.first_from(&prefix);
        let rest = self.state.entries().get(from..).unwrap_or_default();
        rest.iter()
            .map(|entry| -> &[u8] { entry.path(&self.state) })
            .take_while(move |path| path.starts_with(&prefix))
    }

    fn entry(&self, name: &Path) -> Option<&Entry> {
        let name = name.as_os_str().as_bytes();
        let entry = self.state.entries().get(self.first_from(name))?;
        let path: &[u8] = entry.path(&self.state);
        (path == name).then_some(entry)
    }

    fn first_from(&self, name: &[u8]) -> usize {
        self.state.entries().partition_point(|entry| {
            let path: &[u8] = entry.path(&self.state);
            path < name
        })
    }

    /// Whether equal times mean equal contents: not for a file that changed in the instant the
    /// index was written, or later ("racily clean").
    fn settled(&self, stat: &Stat) -> bool {
        let (secs, nanos) = (i64::from(stat.mtime.secs), i64::from(stat.mtime.nsecs));
        // Without nanoseconds the whole second is in doubt.
        if nanos == 0 { secs < self.written.0 } else { (secs, nanos) < self.written }
    }
}

fn same_type(mode: Mode, meta: &Metadata) -> bool {
    match mode {
        Mode::FILE => meta.is_file() && meta.mode() & 0o100 == 0,
        Mode::FILE_EXECUTABLE => meta.is_file() && meta.mode() & 0o100 != 0,
        Mode::SYMLINK => meta.is_symlink(),
        _ => false,
    }
}

/// Size, modification and change time as the index has them. Nanoseconds count where it has any;
/// the index keeps the low 32 bits of sizes and seconds.
fn same_stat(stat: &Stat, meta: &Metadata) -> bool {
    const LOW: i64 = 0xffff_ffff;
    let same = |kept: gix_index::entry::stat::Time, secs: i64, nanos: i64| {
        i64::from(kept.secs) == secs & LOW && (kept.nsecs == 0 || i64::from(kept.nsecs) == nanos)
    };
    u64::from(stat.size) == meta.size() & 0xffff_ffff
        && same(stat.mtime, meta.mtime(), meta.mtime_nsec())
        && same(stat.ctime, meta.ctime(), meta.ctime_nsec())
}

/// Whether a small file, byte by byte, is the staged one. With line-ending or other filters it may
/// not be although git calls it clean: then it counts as modified, which errs on the safe side.
fn same_contents(entry: &Entry, path: &Path, meta: &Metadata, turn: &Turn<'_>) -> bool {
    // A size of 0 is git's own mark for "look at the contents".
    let size = u64::from(entry.stat.size);
    if meta.size() > HASHED || (size != 0 && size != meta.size()) || turn.late() {
        return false;
    }
    let bytes = if meta.is_symlink() {
        read_link(path).ok().map(|target| target.as_os_str().as_bytes().to_vec())
    } else {
        contents(path, usize::try_from(HASHED).unwrap_or(usize::MAX))
    };
    let Some(bytes) = bytes else { return false };
    let mut hasher = hasher(Kind::Sha1);
    hasher.update(format!("blob {}\0", bytes.len()).as_bytes());
    hasher.update(&bytes);
    hasher.try_finalize().is_ok_and(|id| id == entry.id)
}

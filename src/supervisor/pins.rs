//! What git's pointers that a run has made lead through: no link ever comes to lie there, and a pointer that moves keeps leading where it led.
//!
//! A pointer is put in place only if it leads to a guarded repository of the workspace without a
//! link on the way (`staged.rs`). The directories on that way may be moved and removed; but a link
//! in the place of one would lead the person's git to wherever the run likes.

use super::Tools;
use super::git::pointer;
use super::judge::{Kind, Operation, Why};
use super::resolve::Place;
use super::standing::inside;
use crate::sys::at::{self, Errno, Result};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// So many places are remembered; with more, no further pointer is put in place.
const MOST: usize = 4096;

/// Places of the workspace that no link takes, relative to it.
#[derive(Debug, Default)]
pub(super) struct Pins(HashSet<Vec<u8>>);

impl Pins {
    /// Remembers a directory and all on the way to it; whether there was room.
    pub(super) fn add(&mut self, target: &Path, zone: &Path) -> bool {
        let whole = target.as_os_str().as_bytes();
        // Relative to the workspace, which may be renamed; elsewhere the whole path.
        let rest = inside(whole, zone).unwrap_or(whole);
        let ends = rest.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        for end in ends.chain([rest.len()]) {
            if self.0.len() >= MOST {
                return false;
            }
            self.0.insert(rest.get(..end).unwrap_or_default().to_vec());
        }
        true
    }

    /// Whether a pointer leads through a path, or to it.
    pub(super) fn hold(&self, path: &[u8], zone: &Path) -> bool {
        !self.0.is_empty() && self.0.contains(inside(path, zone).unwrap_or(path))
    }
}

impl Tools {
    /// Refuses a link where a pointer leads through.
    pub(super) fn is_no_way_of_git(&mut self, path: &[u8], operation: Operation<'_>) -> Result<()> {
        let link = matches!(
            operation,
            Operation::Create(Kind::Link(_))
                | Operation::MoveHere(Kind::Link(_))
                | Operation::LinkHere
        );
        if link && self.pins.hold(path, &self.bounds.zone) {
            self.note(
                "link",
                path,
                Why::Leads,
                "a pointer of git made in this run leads through it",
            );
            return Err(Errno::NOT_PERMITTED);
        }
        Ok(())
    }

    /// A directory is about to be moved, with pointers of this run below it, at `inner`: a relative
    /// one would lead elsewhere from there, so it is made to say the whole path.
    ///
    /// # Errors
    /// The kernel's, when one cannot be written; then the directory must stay where it is.
    pub(super) fn keep_leading(
        &mut self,
        from: &Place,
        inner: &[PathBuf],
        (old, new): (&[u8], &[u8]),
    ) -> Result<()> {
        inner
            .iter()
            .try_for_each(|pointer| self.keep_one(from, pointer, (path_of(old), path_of(new))))
    }

    fn keep_one(&mut self, from: &Place, inner: &Path, (old, new): (&Path, &Path)) -> Result<()> {
        let fd = from.parent.as_fd().as_raw_fd();
        let here = PathBuf::from(format!("/proc/self/fd/{fd}")).join(OsStr::from_bytes(&from.name));
        let below = inner.parent().unwrap_or_else(|| Path::new(""));
        let content = std::fs::read(here.join(inner)).map_err(Errno::from)?;
        let leads = |top: &Path| pointer::target(&content, &top.join(below));
        let (Some(was), Some(will)) = (leads(old), leads(new)) else {
            let path = old.join(inner);
            self.note(
                "rename",
                path.as_os_str().as_bytes(),
                Why::Git,
                "where it leads cannot be told",
            );
            return Err(Errno::NOT_PERMITTED);
        };
        // The same place, or the same repository, which moves along.
        if will == was || was.strip_prefix(old).is_ok_and(|rest| will == new.join(rest)) {
            let room = self.pins.add(&will, &self.bounds.zone);
            return if room { Ok(()) } else { Err(Errno::NO_ROOM) };
        }
        let directory = std::fs::File::open(here.join(below)).map_err(Errno::from)?;
        let name = inner.file_name().unwrap_or_default().as_bytes();
        let gone = at::stat_name(directory.as_fd(), name)?;
        at::unlink(directory.as_fd(), name, 0)?;
        self.forget(&gone);
        self.mask(0o022);
        let make = at::CREATE | at::EXCLUSIVE | at::WRITE_ONLY;
        let fresh = at::open(directory.as_fd(), name, make, 0o644)?;
        self.born.insert(at::stat(fresh.as_fd())?.object);
        let text = [b"gitdir: ", was.as_os_str().as_bytes(), b"\n"].concat();
        std::fs::File::from(fresh).write_all(&text).map_err(Errno::from)
    }
}

fn path_of(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::Pins;
    use std::path::Path;

    #[test]
    fn the_whole_way_is_held() {
        let (mut pins, zone) = (Pins::default(), Path::new("/w/s"));
        assert!(!pins.hold(b"/w/s/a", zone));
        assert!(pins.add(Path::new("/w/s/a/b/.git/worktrees/x"), zone));
        for path in ["/w/s/a", "/w/s/a/b", "/w/s/a/b/.git/worktrees/x"] {
            assert!(pins.hold(path.as_bytes(), zone), "{path}");
        }
        assert!(!pins.hold(b"/w/s/a/c", zone) && !pins.hold(b"/w/s", zone));
        // it is about places of the workspace, wherever that is
        assert!(pins.hold(b"/v/a/b", Path::new("/v")));
    }
}

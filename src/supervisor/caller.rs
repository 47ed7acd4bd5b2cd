//! What must be known of the thread that waits: its directories in /proc, its group, its mask. Nothing is resolved here.
//!
//! Directories of /proc are kept open between calls: they stay bound to the very thread they were
//! opened for, so a number that is given to another thread is noticed.

use crate::sys::at::{self, Errno, Result};
use std::collections::HashMap;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// So many threads are remembered; then all are forgotten, which costs a few opens.
const MAX_KEPT: usize = 128;

/// What is known of one thread.
#[derive(Debug)]
struct Known {
    /// /proc/TID.
    directory: OwnedFd,
    /// Thread group and mask, once they were needed.
    status: Option<(i32, u32)>,
}

/// The threads met so far.
#[derive(Debug)]
pub(super) struct Callers {
    proc: OwnedFd,
    known: HashMap<i32, Known>,
}

impl Callers {
    pub(super) fn new(proc: OwnedFd) -> Self {
        Self { proc, known: HashMap::new() }
    }

    /// The directory of a thread in /proc.
    ///
    /// # Errors
    /// `ENOENT` when it is gone.
    pub(super) fn directory(&mut self, thread: i32) -> Result<BorrowedFd<'_>> {
        Ok(self.known(thread)?.directory.as_fd())
    }

    /// Thread group and mask.
    ///
    /// # Errors
    /// When /proc does not tell.
    pub(super) fn status(&mut self, thread: i32) -> Result<(i32, u32)> {
        let known = self.known(thread)?;
        if let Some(status) = known.status {
            return Ok(status);
        }
        let file = at::open(known.directory.as_fd(), b"status", 0, 0)?;
        let mut text = String::new();
        std::fs::File::from(file).take(4096).read_to_string(&mut text).map_err(Errno::from)?;
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let group = field("Tgid:").and_then(|value| value.trim().parse().ok());
        let mask = field("Umask:").and_then(|value| u32::from_str_radix(value.trim(), 8).ok());
        let (Some(group), Some(mask)) = (group, mask) else { return Err(Errno::ACCESS) };
        known.status = Some((group, mask));
        Ok((group, mask))
    }

    /// A thread is about to set its mask, which its group shares.
    ///
    /// # Errors
    /// As [`Callers::status`].
    pub(super) fn sets_mask(&mut self, thread: i32, mask: u32) -> Result<()> {
        let (group, _) = self.status(thread)?;
        for known in self.known.values_mut() {
            if let Some((of, held)) = &mut known.status
                && *of == group
            {
                *held = mask;
            }
        }
        Ok(())
    }

    fn known(&mut self, thread: i32) -> Result<&mut Known> {
        let alive = self
            .known
            .get(&thread)
            .is_some_and(|known| at::stat_name(known.directory.as_fd(), b"stat").is_ok());
        if !alive {
            if self.known.len() >= MAX_KEPT {
                self.known.clear();
            }
            let name = thread.to_string();
            let flags = at::PATH | at::DIRECTORY;
            let directory = at::open(self.proc.as_fd(), name.as_bytes(), flags, 0)?;
            self.known.insert(thread, Known { directory, status: None });
        }
        self.known.get_mut(&thread).ok_or(Errno::NOT_FOUND)
    }
}

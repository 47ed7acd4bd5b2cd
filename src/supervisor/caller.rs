//! What must be known of the thread that waits: its directories in /proc, its group, its mask. Nothing is resolved here.
//!
//! Directories of /proc are kept open between calls: they stay bound to the very thread they were
//! opened for, so a number that is given to another thread is noticed.

use crate::sys::at::{self, Errno, Result};
use std::collections::HashMap;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// What is known of one thread.
#[derive(Debug)]
struct Known {
    /// /proc/TID.
    directory: OwnedFd,
    /// /proc/TID/fd, once it was needed: one name less to look up for each descriptor.
    descriptors: Option<OwnedFd>,
    /// Its thread group, once it was needed.
    group: Option<i32>,
    /// Its mask, unless somebody may be about to change it.
    mask: Option<u32>,
}

/// The threads met so far.
#[derive(Debug)]
pub(super) struct Callers {
    proc: OwnedFd,
    known: HashMap<i32, Known>,
    /// So many threads are remembered; then all are forgotten, which costs a few opens.
    most: usize,
    /// Threads that were let go on to set their mask, and have not come back since: whether they
    /// have done so cannot be told.
    setting: Vec<i32>,
}

impl Callers {
    pub(super) fn new(proc: OwnedFd, most: usize) -> Self {
        Self { proc, known: HashMap::new(), most, setting: Vec::new() }
    }

    /// Forgets everybody, which frees descriptors.
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }

    /// Opens something in the directory of a thread.
    ///
    /// # Errors
    /// The kernel's; `ENOENT` or `ESRCH` when the thread is gone.
    pub(super) fn open(&mut self, thread: i32, name: &[u8], flags: i32) -> Result<OwnedFd> {
        self.look(thread, |directory| at::open(directory, name, flags, 0))
    }

    /// The text of a link in the directory of a thread.
    ///
    /// # Errors
    /// As [`Callers::open`].
    pub(super) fn read_link(&mut self, thread: i32, name: &[u8]) -> Result<Vec<u8>> {
        self.look(thread, |directory| at::read_link(directory, name))
    }

    fn look<T>(&mut self, thread: i32, at: impl Fn(BorrowedFd<'_>) -> Result<T>) -> Result<T> {
        let was_known = self.known.contains_key(&thread);
        match at(self.known(thread)?.directory.as_fd()) {
            // Perhaps the directory of an earlier thread of that number, which holds nothing.
            Err(Errno::NOT_FOUND | Errno::NO_PROCESS) if was_known => {
                self.known.remove(&thread);
                at(self.known(thread)?.directory.as_fd())
            }
            other => other,
        }
    }

    /// Opens what a descriptor of a thread holds, as a place.
    ///
    /// # Errors
    /// `EBADF` when it is not open; the kernel's others.
    pub(super) fn descriptor(&mut self, thread: i32, number: i32) -> Result<OwnedFd> {
        let name = number.to_string();
        let opened = self.opened(thread, name.as_bytes());
        match opened {
            // Not open, or the directory of an earlier thread of that number.
            Err(Errno::NOT_FOUND | Errno::NO_PROCESS) => {
                self.known.remove(&thread);
                match self.opened(thread, name.as_bytes()) {
                    Err(Errno::NOT_FOUND) => Err(Errno::BAD_DESCRIPTOR),
                    other => other,
                }
            }
            other => other,
        }
    }

    fn opened(&mut self, thread: i32, name: &[u8]) -> Result<OwnedFd> {
        let Known { directory, descriptors, .. } = self.known(thread)?;
        let descriptors = match descriptors {
            Some(descriptors) => descriptors,
            None => {
                let fresh = at::open(directory.as_fd(), b"fd", at::PATH | at::DIRECTORY, 0)?;
                descriptors.insert(fresh)
            }
        };
        at::open(descriptors.as_fd(), name, at::PATH, 0)
    }

    /// Thread group and mask.
    ///
    /// # Errors
    /// When /proc does not tell.
    pub(super) fn status(&mut self, thread: i32) -> Result<(i32, u32)> {
        self.settle(thread);
        let known = self.known(thread)?;
        if let (Some(group), Some(mask)) = (known.group, known.mask)
            && at::stat_name(known.directory.as_fd(), b"stat").is_ok()
        {
            return Ok((group, mask));
        }
        // Not known yet, or of an earlier thread of that number.
        self.known.remove(&thread);
        let settled = self.setting.is_empty();
        let known = self.known(thread)?;
        let file = at::open(known.directory.as_fd(), b"status", 0, 0)?;
        // One read, in which all of it fits: both fields stand among the first.
        let mut text = [0; 2048];
        let read = std::fs::File::from(file).read(&mut text).map_err(Errno::from)?;
        let text = String::from_utf8_lossy(text.get(..read).unwrap_or_default());
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
        let group = field("Tgid:").and_then(|value| value.trim().parse().ok());
        let mask = field("Umask:").and_then(|value| u32::from_str_radix(value.trim(), 8).ok());
        let (Some(group), Some(mask)) = (group, mask) else { return Err(Errno::ACCESS) };
        known.group = Some(group);
        known.mask = settled.then_some(mask);
        Ok((group, mask))
    }

    /// A thread is about to set its mask, which others may share, be they of its group or not
    /// (`CLONE_FS`): what is known of anybody's is out of date, and stays so until the thread is
    /// seen again.
    pub(super) fn sets_mask(&mut self, thread: i32) {
        for known in self.known.values_mut() {
            known.mask = None;
        }
        self.settle(thread);
        self.setting.push(thread);
    }

    /// A thread that comes back has set its mask, and one that is gone will not.
    fn settle(&mut self, thread: i32) {
        let proc = &self.proc;
        let lives =
            |thread: i32| at::stat_name(proc.as_fd(), thread.to_string().as_bytes()).is_ok();
        self.setting.retain(|other| *other != thread && lives(*other));
    }

    fn known(&mut self, thread: i32) -> Result<&mut Known> {
        if !self.known.contains_key(&thread) {
            if self.known.len() >= self.most {
                self.known.clear();
            }
            let name = thread.to_string();
            let flags = at::PATH | at::DIRECTORY;
            let directory = at::open(self.proc.as_fd(), name.as_bytes(), flags, 0)?;
            let known = Known { directory, descriptors: None, group: None, mask: None };
            self.known.insert(thread, known);
        }
        self.known.get_mut(&thread).ok_or(Errno::NOT_FOUND)
    }
}

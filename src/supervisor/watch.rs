//! Watches on files and directories (inotify(7)): Landlock has no say in them, and a watched directory tells the names in it. No
//! event is looked at here.
//!
//! A directory that may not be read may not be watched. Watched is the very object that was judged,
//! with the caller's own watcher. Where nobody may take that (pidfd_getfd(2), as in Docker's default)
//! the call goes on after it was judged: a thread that changes the name meanwhile then wins.

use super::decode::At;
use super::resolve::Last;
use super::{Reply, Tools, Valid};
use crate::sys::at::{self, Errno, Result};
use crate::sys::{inet, metadata};
use std::os::fd::{AsFd, AsRawFd};

/// `IN_DONT_FOLLOW` of linux/inotify.h.
const NO_FOLLOW: u32 = 0x0200_0000;

impl Tools {
    /// inotify_add_watch(2).
    pub(super) fn watch(
        &mut self,
        thread: i32,
        watcher: i32,
        (at, mask): (At, u32),
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let text = self.resolver.text(thread, at.text)?;
        let base = self.resolver.base(thread, at, &text)?;
        valid()?;
        let last = if mask & NO_FOLLOW == 0 { Last::Follow } else { Last::Keep };
        let object = self.resolver.object(thread, base, &text, last)?;
        if at::stat(object.fd.as_fd())?.is(at::IS_DIRECTORY) {
            self.may_be_read(&object.path)?;
            self.tries_to_read(&object.path);
            let name = object.fd.as_raw_fd().to_string();
            at::open(self.resolver.own.as_fd(), name.as_bytes(), at::DIRECTORY, 0)?;
        }
        let (process, _) = self.resolver.callers.status(thread)?;
        match inet::descriptor_of(process, watcher) {
            Err(Errno::NOT_PERMITTED | Errno::NO_SUCH_CALL) => Ok(Reply::Continue),
            taken => {
                // The way there ends at the object, a link as well.
                let number = metadata::watch(taken?.as_fd(), object.fd.as_fd(), mask & !NO_FOLLOW)?;
                Ok(Reply::Value(i64::from(number)))
            }
        }
    }
}

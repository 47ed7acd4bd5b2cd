//! Whether a named pipe that was opened for reading without waiting has met a writer (fifo(7)).
//!
//! Nothing is read from it: what a writer has written stays where it is.

use super::at::{Errno, Result};
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::pipe2;
use std::os::fd::{AsRawFd, BorrowedFd};

/// Whether the reader's open(2) would have returned by now: a writer is there, or has been.
///
/// # Errors
/// `EMFILE` at the descriptor limit.
pub fn has_met(reader: BorrowedFd<'_>) -> Result<bool> {
    let errno = |errno: nix::Error| Errno(errno as i32);
    let mut asked = [PollFd::new(reader, PollFlags::POLLIN)];
    // Data, or a hang-up: whoever wrote has gone again.
    if poll(&mut asked, PollTimeout::ZERO).map_err(errno)? > 0 {
        return Ok(true);
    }
    // tee(2) copies what is there and takes nothing; with nothing there it says whether anybody
    // could write: it would have to wait, or there is an end.
    let (_out, into) = pipe2(OFlag::O_CLOEXEC).map_err(errno)?;
    let flags = libc::SPLICE_F_NONBLOCK;
    // SAFETY: the call takes integers only; both descriptors are open, one borrowed, one ours.
    match unsafe { libc::tee(reader.as_raw_fd(), into.as_raw_fd(), 1, flags) } {
        0 => Ok(false),
        copied if copied > 0 => Ok(true),
        _ => match Errno::last() {
            Errno::AGAIN => Ok(true),
            other => Err(other),
        },
    }
}

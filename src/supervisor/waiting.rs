//! Calls that cannot be answered at once: the other end of a pipe is missing, a lease is being given up, or a server has no room.
//!
//! The guardian never waits itself; it keeps what is to be opened or connected and tries again. Each keeps a
//! descriptor, so there may be so many and no more.

use super::judge::Why;
use super::open::on_exec;
use super::sockets::Connecting;
use super::{Reply, Tools};
use crate::sys::at::{self, Errno, Result};
use crate::sys::notify::{self, Answer};
use crate::sys::{fifo, limits, metadata, process, signals};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

/// A call that waits for somebody else.
#[derive(Debug)]
pub(super) enum Later {
    /// An open.
    Open(Waiting),
    /// A connection to a server of the run that has no room for one more yet.
    Connect(Connecting),
}

/// An open that waits for the other end of a pipe, or for a lease to be given up.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) object: OwnedFd,
    pub(super) flags: i32,
    pub(super) then: Then,
}

/// What an opened file is for.
#[derive(Debug)]
pub(super) enum Then {
    /// The caller gets it.
    HandIn,
    /// This thread gives it this length.
    SetLength(i32, i64),
    /// It is the reading end of a named pipe; the caller gets it once somebody writes.
    Meet(OwnedFd),
}

impl Tools {
    /// Opens without waiting, once or once more.
    pub(super) fn open_waiting(&mut self, waiting: Waiting) -> Result<Reply> {
        if let Then::Meet(reader) = waiting.then {
            return self.meet(waiting.object, waiting.flags, reader);
        }
        let flags = waiting.flags & !(at::CREATE | at::EXCLUSIVE | at::NO_FOLLOW);
        let name = waiting.object.as_raw_fd().to_string();
        let all = flags | at::NON_BLOCKING | at::NO_TERMINAL;
        let patient = flags & at::NON_BLOCKING == 0;
        let file = match at::open(self.resolver.own.as_fd(), name.as_bytes(), all, 0) {
            // A lease that is being given up.
            Err(Errno::AGAIN) if patient => return Ok(Reply::Later(Later::Open(waiting))),
            // A pipe that nobody reads yet.
            Err(Errno::NO_DEVICE)
                if patient && at::stat(waiting.object.as_fd())?.is(at::IS_FIFO) =>
            {
                return Ok(Reply::Later(Later::Open(waiting)));
            }
            other => other?,
        };
        if let Then::SetLength(thread, length) = waiting.then {
            self.may_be_so_long(thread, file.as_fd(), length)?;
            metadata::set_length(file.as_fd(), length)?;
            return Ok(Reply::Value(0));
        }
        if patient {
            if flags & at::ACCESS_MODE == 0 && at::stat(waiting.object.as_fd())?.is(at::IS_FIFO) {
                // One without a name is not waited for (pipe(7)).
                let path = self.resolver.real(waiting.object.as_fd())?;
                if path.starts_with(b"/") {
                    return self.meet(waiting.object, flags, file);
                }
            }
            at::set_blocking(file.as_fd(), flags)?;
        }
        Ok(Reply::File(file, on_exec(flags)))
    }

    /// The kernel would ask for our limit on file sizes, and not for the caller's.
    fn may_be_so_long(&mut self, thread: i32, file: BorrowedFd<'_>, length: i64) -> Result<()> {
        let length = u64::try_from(length).unwrap_or(0);
        let most = limits::file_size_of(thread).ok_or(Errno::NOT_PERMITTED)?;
        if length <= most || length <= at::stat(file)?.size {
            return Ok(());
        }
        let (group, _) = self.resolver.callers.status(thread)?;
        // Who is gone meanwhile need not be told.
        drop(process::signal_thread(group, thread, signals::FILE_TOO_LONG));
        Err(Errno::FILE_TOO_LONG)
    }

    /// Hands in the reading end of a named pipe when it has met a writer.
    #[expect(clippy::unused_self, reason = "it is one of the ways to open")]
    fn meet(&self, object: OwnedFd, flags: i32, reader: OwnedFd) -> Result<Reply> {
        if !fifo::has_met(reader.as_fd())? {
            return Ok(Reply::Later(Later::Open(Waiting {
                object,
                flags,
                then: Then::Meet(reader),
            })));
        }
        at::set_blocking(reader.as_fd(), flags)?;
        Ok(Reply::File(reader, on_exec(flags)))
    }

    /// Keeps a call for later; refuses it when too many wait.
    pub(super) fn wait(&mut self, listener: BorrowedFd<'_>, id: u64, later: Later) {
        if self.waiting.len() < self.room {
            self.waiting.push((id, later));
            return;
        }
        match later {
            Later::Open(waiting) => {
                let path = self.resolver.real(waiting.object.as_fd()).unwrap_or_default();
                self.note("open", &path, Why::Crowd, "");
            }
            Later::Connect(_) => self.note("connect to", b"a busy server", Why::Crowd, ""),
        }
        // That the caller is gone meanwhile is its own affair.
        drop(notify::answer(listener, id, Answer::Fails(Errno::NO_ROOM.0)));
    }
}

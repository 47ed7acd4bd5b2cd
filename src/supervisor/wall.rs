//! What the kernel itself refused: noted while calls are carried out, so that a person can be told of it. It judges nothing.
//!
//! The guardian lives in the policy's Landlock domain without capabilities, so what it carries out
//! fails as it would for the command. When it fails and the ordinary permission bits are not the
//! reason, the wall is. access(2) asks for these bits alone: Landlock has no part in it.

use super::decode::At;
use super::judge::Why;
use super::resolve::Last;
use super::{Reply, Tools, Valid};
use crate::sandbox::filter::told::{Closed, Told};
use crate::sys::at::{self, Errno, Result};
use crate::sys::{passwd, permission};
use std::ffi::OsStr;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Something that was tried in the call at hand.
#[derive(Debug)]
pub(super) struct Attempt {
    act: &'static str,
    path: Vec<u8>,
}

/// The word for looking at content.
const READ: &str = "read";
/// The word for changing content.
const WRITE: &str = "write";

/// How many sockets are asked where they came from, some fifty microseconds each: so many come
/// from looking up users, over and over.
const MAX_ASKED: u32 = 1024;

/// Said of a call that the C library made for itself.
pub const BY_LIBRARY: &str = "asked for by the C library itself";

impl Tools {
    /// Keeps in mind what is about to be tried.
    pub(super) fn tries(&mut self, act: &'static str, path: &[u8]) {
        self.attempts.retain(|attempt| attempt.path != path);
        self.attempts.push(Attempt { act, path: path.to_vec() });
    }

    /// As [`Tools::tries`], for looking at content.
    pub(super) fn tries_to_read(&mut self, path: &[u8]) {
        self.tries(READ, path);
    }

    /// A call failed: notes what of it the wall refused.
    pub(super) fn failed(&mut self, errno: Errno) {
        let by_the_wall =
            matches!(errno, Errno::ACCESS | Errno::NOT_PERMITTED | Errno::OTHER_DEVICE);
        if !by_the_wall || !self.refused.is_empty() {
            return;
        }
        for Attempt { act, path, .. } in std::mem::take(&mut self.attempts) {
            if path.starts_with(b"/") && !self.bounds.is_writable(&path) && bits_allow(act, &path) {
                let why = if act == READ { Why::Unreadable } else { Why::Unwritable };
                self.note(act, &path, why, "");
            }
        }
    }

    /// An open for reading, which is held only when a person asked to see refused reads.
    ///
    /// It is looked at and always goes on: its flags are in a register and can change nothing that
    /// is protected, and what it may read is Landlock's word when the kernel carries it out. So it
    /// does not matter that another thread may change the path meanwhile: the note would be wrong,
    /// not the ruling. Whether it will be refused is found out by trying; only files and
    /// directories are, since opening anything else may do something.
    pub(super) fn look(&mut self, thread: i32, at: At, flags: i32, valid: Valid<'_>) -> Reply {
        // Whatever came of it: the call goes on.
        self.try_to_read(thread, at, flags, valid).ok();
        Reply::Continue
    }

    fn try_to_read(&mut self, thread: i32, at: At, flags: i32, valid: Valid<'_>) -> Result<()> {
        let text = self.resolver.text(thread, at.text)?;
        let base = self.resolver.base(thread, at, &text)?;
        valid()?;
        let last = if flags & at::NO_FOLLOW == 0 { Last::Follow } else { Last::Keep };
        let object = self.resolver.object(thread, base, &text, last)?;
        let stat = at::stat(object.fd.as_fd())?;
        if !stat.is(at::IS_REGULAR) && !stat.is(at::IS_DIRECTORY) {
            return Ok(());
        }
        self.tries_to_read(&object.path);
        let name = object.fd.as_raw_fd().to_string();
        let quiet = at::NON_BLOCKING | at::NO_TERMINAL;
        let tried = at::open(self.resolver.own.as_fd(), name.as_bytes(), quiet, 0);
        tried.map(drop).inspect_err(|errno| self.failed(*errno))
    }

    /// A call that is refused as such, and is held to be told.
    pub(super) fn refuse(&mut self, thread: i32, told: Told) -> Errno {
        let library = matches!(told.closed, Closed::UnixSocket | Closed::Datagrams)
            && self.is_of_library(thread);
        let detail = if library { BY_LIBRARY } else { "" };
        self.note("", told.name.as_bytes(), Why::Closed(told.closed), detail);
        Errno(Told::ERRNO.cast_signed())
    }

    /// Whether the C library itself made the call at hand, not the program: looking up a user it
    /// asks a name service by a socket that hardly any machine has, and goes on without.
    fn is_of_library(&mut self, thread: i32) -> bool {
        self.asked = self.asked.saturating_add(1);
        self.asked > MAX_ASKED || super::origin::is_library(&mut self.resolver.callers, thread)
    }
}

/// Whether the ordinary rules would let metadata change: those of the owner, or, for times alone,
/// of whoever may write.
pub(super) fn may_alter(path: &[u8]) -> bool {
    let path = Path::new(OsStr::from_bytes(path));
    let owned = path.symlink_metadata().is_ok_and(|meta| meta.uid() == passwd::uid());
    owned || permission::write(path)
}

/// Whether the ordinary permission bits would let it happen.
fn bits_allow(act: &str, path: &[u8]) -> bool {
    let path = Path::new(OsStr::from_bytes(path));
    match act {
        READ => permission::read(path),
        WRITE => permission::write(path),
        _ => path.parent().is_some_and(permission::write_into),
    }
}

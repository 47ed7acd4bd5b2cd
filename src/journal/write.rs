//! Appending to the journal: one lock, one look at its end, one write a record.
//! It never rewrites a byte that another writer put there.
//!
//! No record is forced to disk (fsync would cost milliseconds a command): after a power cut the last
//! seconds may be missing or torn, which the next writer tells and `verify` reports. A crash of the
//! process alone loses nothing that was appended.

use super::VERSION;
use super::chain::seal;
use super::event::{Event, Torn};
use super::tail;
use crate::sys::file::{acting_user, make_private_dir, open_private_append};
use std::fmt;
use std::fs::{File, Metadata, TryLockError, symlink_metadata};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a lock is waited for. A writer holds it for some 20 µs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why something could not be written down. The file is as it was.
#[derive(Debug)]
pub enum JournalError {
    /// The file or its directory is not one to trust: a link, a device, another's, writable by others.
    Unfit {
        /// Which one.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No space is left, a quota is reached, or a limit on file sizes.
    Full(PathBuf),
    /// The file system is read-only, or permission is refused.
    Denied(PathBuf),
    /// Another process held the lock for five seconds.
    Busy(PathBuf),
    /// The event cannot be written as JSON: it is one that only readers know.
    Event,
    /// Anything else the kernel says.
    Io(PathBuf, io::Error),
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit { path, why } => write!(f, "journal {}: {why}", path.display()),
            Self::Full(path) => write!(f, "journal {}: no space left", path.display()),
            Self::Denied(path) => write!(f, "journal {}: not writable", path.display()),
            Self::Busy(path) => {
                write!(f, "journal {}: locked by another process for 5 s", path.display())
            }
            Self::Event => f.write_str("journal: this event cannot be written"),
            Self::Io(path, error) => write!(f, "journal {}: {error}", path.display()),
        }
    }
}

impl std::error::Error for JournalError {}

fn because(path: &Path, error: io::Error) -> JournalError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            JournalError::Full(path.to_path_buf())
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            JournalError::Denied(path.to_path_buf())
        }
        _ => JournalError::Io(path.to_path_buf(), error),
    }
}

/// The journal of one state directory, open for appending.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    // The lock of the kernel belongs to the open file: threads that share it need one of their own.
    file: Mutex<File>,
}

impl Journal {
    /// Opens `journal.jsonl` in `state`, making both for the owner only when they are missing.
    ///
    /// # Errors
    /// [`JournalError`]: not to be trusted, or not writable.
    pub fn open(state: &Path) -> Result<Self, JournalError> {
        let there = |meta: io::Result<Metadata>| meta.map_err(|error| because(state, error));
        let meta = match symlink_metadata(state) {
            Ok(meta) => meta,
            Err(_) => {
                make_private_dir(state).map_err(|error| because(state, error))?;
                there(symlink_metadata(state))?
            }
        };
        // A state directory that is itself a link is the person's choice; what it leads to counts.
        let meta = if meta.is_symlink() { there(state.metadata())? } else { meta };
        if !meta.is_dir() {
            return Err(unfit(state, "not a directory"));
        }
        ours(state, &meta)?;
        let path = super::path_in(state);
        let file = Mutex::new(open_fit(&path)?);
        Ok(Self { path, file })
    }

    /// The file that is written.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends one record and, where the last write was torn, one that says so before it.
    ///
    /// # Errors
    /// [`JournalError`]; the file is then as it was, except that a torn end may have been told.
    pub fn append(&self, event: &Event) -> Result<(), JournalError> {
        let body = serde_json::to_vec(event).map_err(|_| JournalError::Event)?;
        let fail = |error| because(&self.path, error);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let locked = self.locked(&mut file)?;
        let mut length = locked.0.metadata().map_err(fail)?.len();
        let tail = tail::find(locked.0, length).map_err(fail)?;
        let (mut seq, mut prev) = (tail.seq, tail.prev);
        if let Some(torn) = tail.torn {
            let told = tell(torn)?;
            let (line, hash) = seal(stamped(&told), seq, &prev);
            let line = if tail.unended { [b"\n".as_slice(), &line].concat() } else { line };
            put(&mut &*locked.0, length, &line).map_err(fail)?;
            length += line.len() as u64;
            (seq, prev) = (seq.saturating_add(1), hash);
        }
        let (line, _) = seal(stamped(&body), seq, &prev);
        put(&mut &*locked.0, length, &line).map_err(fail)
    }

    /// Takes the lock on the file that has the journal's name now: it may have been moved away
    /// since it was opened.
    fn locked<'a>(&self, file: &'a mut File) -> Result<Locked<'a>, JournalError> {
        for _ in 0..3 {
            patiently(|| file.try_lock()).map_err(|error| match error {
                TryLockError::WouldBlock => JournalError::Busy(self.path.clone()),
                TryLockError::Error(error) => because(&self.path, error),
            })?;
            let same = symlink_metadata(&self.path).ok().zip(file.metadata().ok());
            if same.is_some_and(|(a, b)| (a.dev(), a.ino()) == (b.dev(), b.ino())) {
                return Ok(Locked(file));
            }
            // Closing the old file gives its lock back.
            *file = open_fit(&self.path)?;
        }
        Err(unfit(&self.path, "it is being replaced all the time"))
    }
}

/// The file under the kernel's lock, given back when this goes.
struct Locked<'a>(&'a File);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        // Nothing can be done here, and closing the file gives the lock back as well.
        self.0.unlock().ok();
    }
}

/// Tries for five seconds to take a lock: a process that was stopped while it held it stops nobody
/// else for good.
///
/// # Errors
/// `WouldBlock` when the time is up; what the kernel says otherwise.
pub fn patiently(
    mut attempt: impl FnMut() -> Result<(), TryLockError>,
) -> Result<(), TryLockError> {
    let mut since = None;
    for turn in 0_u32.. {
        match attempt() {
            Err(TryLockError::WouldBlock) => {}
            other => return other,
        }
        if since.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            break;
        }
        if turn < 50 {
            thread::yield_now();
        } else {
            thread::sleep(Duration::from_micros(100));
        }
    }
    Err(TryLockError::WouldBlock)
}

fn unfit(path: &Path, why: &'static str) -> JournalError {
    JournalError::Unfit { path: path.to_path_buf(), why }
}

fn ours(path: &Path, meta: &Metadata) -> Result<(), JournalError> {
    if meta.uid() != acting_user() {
        return Err(unfit(path, "it belongs to another user"));
    }
    if meta.mode() & 0o022 != 0 {
        return Err(unfit(path, "others may write to it (chmod go-w)"));
    }
    Ok(())
}

fn open_fit(path: &Path) -> Result<File, JournalError> {
    // Looked at before it is opened: opening a device can do things.
    let before = symlink_metadata(path).ok();
    if before.is_some_and(|meta| !meta.is_file()) {
        return Err(unfit(path, "not a regular file"));
    }
    let file = open_private_append(path).map_err(|error| because(path, error))?;
    let meta = file.metadata().map_err(|error| because(path, error))?;
    if !meta.is_file() {
        return Err(unfit(path, "not a regular file"));
    }
    ours(path, &meta)?;
    Ok(file)
}

fn tell(torn: Torn) -> Result<Vec<u8>, JournalError> {
    serde_json::to_vec(&Event::Torn(torn)).map_err(|_| JournalError::Event)
}

/// `{"v":1,"time":"…",` and the members of the event, the closing brace left off.
fn stamped(event: &[u8]) -> Vec<u8> {
    let members = event.strip_prefix(b"{").unwrap_or(event);
    let members = members.strip_suffix(b"}").unwrap_or(members);
    let now = jiff::Timestamp::now();
    let mut line = format!("{{\"v\":{VERSION},\"time\":\"{now:.6}\",").into_bytes();
    line.reserve(members.len() + super::chain::MAX_TAIL);
    line.extend_from_slice(members);
    line
}

/// What a record is written to: the file, and in tests a disk that fills up.
trait Sink {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;
    fn cut_to(&mut self, length: u64) -> io::Result<()>;
}

impl Sink for &File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write(bytes)
    }

    fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Writes all of `bytes` to a file of `length` bytes, in one write as long as the disk has room, or
/// leaves it as it was.
fn put(sink: &mut impl Sink, length: u64, bytes: &[u8]) -> io::Result<()> {
    let mut left = bytes;
    while !left.is_empty() {
        let error = match sink.append(left) {
            Ok(0) => io::Error::from(ErrorKind::WriteZero),
            Ok(n) => {
                // Less than all: the next write says why, or it was a passing matter.
                left = left.get(n..).unwrap_or_default();
                continue;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => error,
        };
        if left.len() < bytes.len() {
            // Where even this fails, a torn end stays and the next writer tells of it.
            sink.cut_to(length).ok();
        }
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
#[path = "write_tests.rs"]
mod tests;

//! Where the memory of a session lies: one file of JSON Lines each, in the state directory, appended to
//! under a lock. It is no record for people; that is the journal.

use super::{Fact, Memory};
use crate::journal::text::sha256_hex;
use crate::journal::{lines, patiently};
use crate::sys::file::{acting_user, make_private_dir, open_private_append};
use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The directory of all sessions, in the state directory.
const DIRECTORY: &str = "sessions";
/// A longer file is written anew, each fact once.
const LONG: u64 = 1 << 20;
/// No more than this is read of a file.
const READ: u64 = 4 << 20;
/// Sessions that were not heard of for so long are forgotten.
const FORGOTTEN: Duration = Duration::from_hours(24 * 30);
/// How many old sessions one command clears away.
const CLEARED: usize = 16;

/// The name of a session: what its client calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionName(String);

impl SessionName {
    /// A name of 1 to 256 bytes without control characters.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(name: &str) -> Result<Self, String> {
        if name.is_empty() || name.len() > 256 {
            return Err(format!("a session has a name of 1 to 256 bytes, not of {}", name.len()));
        }
        if name.chars().any(char::is_control) {
            return Err("the name of a session holds no control characters".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a session cannot be remembered.
#[derive(Debug)]
pub struct MemoryError {
    /// The file.
    pub path: PathBuf,
    /// What is the matter with it.
    pub error: io::Error,
}

impl std::fmt::Display for MemoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the memory of the session, {}, cannot be used: {}; make it yours and writable, or remove it",
            self.path.display(),
            self.error
        )
    }
}

impl std::error::Error for MemoryError {}

/// The file of one session.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
}

impl Keeper {
    /// The keeper of a session in a state directory; nothing is touched yet.
    #[must_use]
    pub fn new(state: &Path, session: &SessionName) -> Self {
        // A hash: whatever a client calls its sessions, it is a file name here.
        let name = sha256_hex([session.as_str().as_bytes()]);
        Self { path: state.join(DIRECTORY).join(format!("{name}.jsonl")) }
    }

    /// What is remembered; of a session nobody has heard of, nothing.
    ///
    /// # Errors
    /// When there is something that cannot be read or trusted.
    pub fn recall(&self) -> Result<Memory, MemoryError> {
        match crate::sys::file::open_nofollow(&self.path) {
            Ok(file) => {
                let known = self.ours(&file).and_then(|()| read(&file));
                heard_of(&file);
                known.map_err(|e| self.because(e))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Memory::default()),
            Err(error) => Err(self.because(error)),
        }
    }

    /// Adds facts, in one write.
    ///
    /// # Errors
    /// What keeps them from being written.
    pub fn remember(&self, facts: &[Fact]) -> Result<(), MemoryError> {
        if facts.is_empty() {
            return Ok(());
        }
        self.append(facts).map_err(|error| self.because(error))
    }

    fn append(&self, facts: &[Fact]) -> io::Result<()> {
        let directory = self.path.parent().unwrap_or(&self.path);
        make_private_dir(directory)?;
        let new = !self.path.try_exists()?;
        let mut file = self.locked()?;
        if file.metadata()?.len() > LONG {
            let mut memory = read(&file)?;
            facts.iter().cloned().for_each(|fact| memory.take(fact));
            let fresh = self.path.with_extension("new");
            // One that a killed writer left behind; the lock says that nobody is at it.
            drop(fs::remove_file(&fresh));
            open_private_append(&fresh)?.write_all(&lines::write(&memory.facts())?)?;
            fs::rename(&fresh, &self.path)?;
        } else {
            // A writer that was killed may have left half a line.
            let ends = ends_a_line(&mut file)?;
            let start = if ends { "" } else { "\n" };
            file.write_all(&[start.as_bytes(), &lines::write(facts)?].concat())?;
        }
        if new {
            clear(directory);
        }
        Ok(())
    }

    /// The file under its lock, which goes when it is closed.
    fn locked(&self) -> io::Result<File> {
        for _ in 0..3 {
            let file = open_private_append(&self.path)?;
            self.ours(&file)?;
            patiently(|| file.try_lock()).map_err(|error| match error {
                TryLockError::WouldBlock => io::Error::from(io::ErrorKind::ResourceBusy),
                TryLockError::Error(error) => error,
            })?;
            // It may have been written anew meanwhile.
            let (there, here) = (fs::symlink_metadata(&self.path)?, file.metadata()?);
            if (there.dev(), there.ino()) == (here.dev(), here.ino()) {
                return Ok(file);
            }
        }
        Err(io::Error::other("it is being replaced all the time"))
    }

    fn ours(&self, file: &File) -> io::Result<()> {
        let meta = file.metadata()?;
        let fit = meta.is_file() && meta.uid() == acting_user() && meta.mode() & 0o022 == 0;
        fit.then_some(()).ok_or_else(|| {
            io::Error::other("it is not a file of yours that nobody else may write to")
        })
    }

    fn because(&self, error: io::Error) -> MemoryError {
        MemoryError { path: self.path.clone(), error }
    }
}

fn read(mut file: &File) -> io::Result<Memory> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(READ)))?;
    let mut memory = Memory::default();
    for line in BufReader::new(file.take(READ)).split(b'\n') {
        // Half a line, or a fact of a newer stockade: what is not understood is not remembered.
        if let Some(fact) = lines::read(&line?) {
            memory.take(fact);
        }
    }
    Ok(memory)
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    let length = file.metadata()?.len();
    let Some(last) = length.checked_sub(1) else { return Ok(true) };
    let mut byte = [0];
    file.seek(SeekFrom::Start(last))?;
    file.read_exact(&mut byte)?;
    Ok(byte == *b"\n")
}

/// A session that is only looked at is not forgotten either; that it fails is no matter.
fn heard_of(file: &File) {
    let now = SystemTime::now();
    let written = file.metadata().and_then(|meta| meta.modified());
    let age = written.ok().and_then(|then| now.duration_since(then).ok());
    if age.is_some_and(|age| age > FORGOTTEN / 30) {
        drop(file.set_modified(now));
    }
}

/// Removes a few sessions that nobody has heard of for a month; that it fails is no matter.
fn clear(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    let old = |entry: &fs::DirEntry| {
        let written = entry.metadata().and_then(|meta| meta.modified());
        let age = written.ok().and_then(|then| SystemTime::now().duration_since(then).ok());
        age.is_some_and(|age| age > FORGOTTEN)
    };
    for entry in entries.flatten().filter(old).take(CLEARED) {
        drop(fs::remove_file(entry.path()));
    }
}

//! Reading the journal: lines, records, all records of one run. Damage is told and passed over; nothing
//! is written and nothing is verified here beyond what it takes to read a line.

use super::event::Record;
use super::run::RunId;
use crate::sys::file::open_nofollow;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Take};
use std::path::Path;

/// The longest line that is read whole, in bytes; the longest record that is written is far below.
const LONGEST: usize = 16 * 1024 * 1024;

/// One line as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Where it begins, bytes from the start of the file.
    pub offset: u64,
    /// Its length in bytes without the newline.
    pub length: u64,
    /// Its bytes without the newline; of a line over 16 MiB, the first 16 MiB.
    pub bytes: Vec<u8>,
    /// Whether a newline ends it.
    pub ended: bool,
}

impl Line {
    /// Where the next line begins.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.offset + self.length + if self.ended { 1 } else { 0 }
    }
}

/// The lines of a journal, whatever they hold.
#[derive(Debug)]
pub struct Lines<R> {
    from: R,
    number: u64,
    offset: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `from`, whose first byte stands at `offset` in the file.
    pub const fn new(from: R, offset: u64) -> Self {
        Self { from, number: 0, offset }
    }

    fn line(&mut self) -> io::Result<Option<Line>> {
        let (mut bytes, mut length, mut ended) = (Vec::new(), 0_u64, false);
        while !ended {
            let chunk = match self.from.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if chunk.is_empty() {
                break;
            }
            let newline = chunk.iter().position(|b| *b == b'\n');
            let piece = chunk.get(..newline.unwrap_or(chunk.len())).unwrap_or(chunk);
            let room = LONGEST.saturating_sub(bytes.len()).min(piece.len());
            bytes.extend_from_slice(piece.get(..room).unwrap_or(piece));
            length += piece.len() as u64;
            ended = newline.is_some();
            let used = piece.len() + usize::from(ended);
            self.from.consume(used);
        }
        if length == 0 && !ended {
            return Ok(None);
        }
        self.number += 1;
        let line = Line { number: self.number, offset: self.offset, length, bytes, ended };
        self.offset = line.end();
        Ok(Some(line))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line().transpose()
    }
}

/// A line that could not be read as a record.
#[derive(Debug)]
pub struct Damage {
    /// The number of the line, from 1.
    pub line: u64,
    /// Where it begins, bytes from the start of the file.
    pub offset: u64,
    /// How long it is in bytes, without the newline.
    pub length: u64,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, offset, length, why } = self;
        write!(f, "line {line} (byte {offset}, {length} bytes): {why}")
    }
}

impl std::error::Error for Damage {}

/// Reads one line as a record.
///
/// # Errors
/// [`Damage`]: it is no record.
pub fn record(line: &Line) -> Result<Record, Damage> {
    serde_json::from_slice(&line.bytes).map_err(|error| Damage {
        line: line.number,
        offset: line.offset,
        length: line.length,
        why: if line.ended { error.to_string() } else { format!("cut short: {error}") },
    })
}

/// The lines of the journal at `path`, as far as it was written when this was called.
///
/// # Errors
/// It is not there (`NotFound`), is no regular file (`InvalidInput`), or cannot be opened.
pub fn lines(path: &Path) -> io::Result<Lines<BufReader<Take<File>>>> {
    let file = open_nofollow(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    // The length is taken between two writes, so that a record being written is not taken for a
    // torn one. A writer that holds on for too long is not waited for: reading never hangs.
    let locked = super::write::patiently(|| file.try_lock_shared()).is_ok();
    let length = file.metadata()?.len();
    if locked {
        file.unlock()?;
    }
    Ok(Lines::new(BufReader::with_capacity(64 * 1024, file.take(length)), 0))
}

/// The records of the journal at `path`. After a read error there are no more.
///
/// # Errors
/// As [`lines`].
pub fn records(path: &Path) -> io::Result<impl Iterator<Item = Result<Record, Damage>>> {
    Ok(lines(path)?.map_while(Result::ok).map(|line| record(&line)))
}

/// Why no run was found.
#[derive(Debug)]
pub enum FindError {
    /// The journal cannot be read.
    Io(io::Error),
    /// No run has an identity that begins so.
    None,
    /// More than one has: the first few of them.
    Several(Vec<RunId>),
}

impl fmt::Display for FindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the journal cannot be read: {error}"),
            Self::None => f.write_str("no run has an identity that begins so"),
            Self::Several(runs) => {
                f.write_str("more than one run begins so:")?;
                runs.iter().try_for_each(|run| write!(f, " {run}"))
            }
        }
    }
}

impl std::error::Error for FindError {}

/// All records of the one run whose identity begins with `prefix`, in the order written.
///
/// # Errors
/// [`FindError`]: no such run, several, or the journal cannot be read.
pub fn find(path: &Path, prefix: &str) -> Result<Vec<Record>, FindError> {
    let wanted = prefix.trim().to_ascii_lowercase();
    let mut runs: Vec<RunId> = Vec::new();
    let mut found = Vec::new();
    for record in records(path).map_err(FindError::Io)?.flatten() {
        let Some(run) = record.event.run() else { continue };
        if !run.to_string().starts_with(&wanted) {
            continue;
        }
        if !runs.contains(&run) && runs.len() < 8 {
            runs.push(run);
        }
        if runs.len() == 1 {
            found.push(record);
        }
    }
    match runs.len() {
        0 => Err(FindError::None),
        1 => Ok(found),
        _ => Err(FindError::Several(runs)),
    }
}

//! `stockade log`: the journal for people and, with `--json`, for programs; `log verify`.
//! It reads only, and every text from a command is made harmless before a terminal sees it.

mod detail;
mod list;

#[cfg(test)]
mod tests;

pub(in crate::cli) use list::Listing;

use crate::journal::read::{Damage, FindError, find, lines, record};
use crate::journal::{self, path_in};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Done, or the chain is intact.
pub(super) const OK: u8 = 0;
/// The chain is broken, or there is no such run.
pub(super) const NO: u8 = 1;
/// The journal cannot be read, or the output not written.
pub(super) const TROUBLE: u8 = 125;

/// Where a verb writes.
pub(super) struct Streams<'a> {
    /// What was asked for.
    pub out: &'a mut dyn Write,
    /// What went wrong.
    pub err: &'a mut dyn Write,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

/// Why a verb ends early.
enum Stop {
    /// The output cannot be written.
    Output(io::Error),
    /// The journal cannot be read.
    Journal(PathBuf, io::Error),
    /// There is no journal, with the status that means here.
    Absent(PathBuf, u8),
    /// The run is not there, or not the only one.
    Find(FindError),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// `stockade log`: one line a run, newest last. Returns the exit status.
pub(super) fn list(state: &Path, listing: Listing, streams: &mut Streams<'_>) -> u8 {
    let outcome = list::list(&path_in(state), listing, streams);
    status(outcome, streams)
}

/// `stockade log --run ID`: everything about the one run whose identity begins with `prefix`.
/// Returns the exit status.
pub(super) fn run(state: &Path, prefix: &str, streams: &mut Streams<'_>) -> u8 {
    let outcome = found(&path_in(state), prefix)
        .and_then(|records| detail::write(&records, streams.out).map_err(Stop::Output));
    status(outcome.map(|()| OK), streams)
}

/// `stockade log --json`, with `prefix` also `--run ID`: the records as they stand in the file.
/// Returns the exit status.
pub(super) fn json(state: &Path, prefix: Option<&str>, streams: &mut Streams<'_>) -> u8 {
    let outcome = raw(&path_in(state), prefix, streams);
    status(outcome, streams)
}

/// `stockade log verify`: 0 when every record is the one that was written, 1 with the first place
/// where that does not hold. A torn end is told; it is a crash's mark and no break. Returns the exit
/// status.
pub(super) fn verify(state: &Path, streams: &mut Streams<'_>) -> u8 {
    let outcome = checked(&path_in(state), streams.out);
    status(outcome, streams)
}

fn raw(path: &Path, prefix: Option<&str>, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let wanted = match prefix {
        Some(prefix) => found(path, prefix)?.first().and_then(|record| record.event.run()),
        None => None,
    };
    let mut damage = Vec::new();
    for line in lines(path).map_err(|error| unread(path, error, OK))? {
        let line = line.map_err(|error| unread(path, error, OK))?;
        match record(&line) {
            Ok(record) if prefix.is_none() || record.event.run() == wanted => {
                streams.out.write_all(&line.bytes)?;
                streams.out.write_all(b"\n")?;
            }
            Ok(_) => {}
            Err(one) => damage.push(one),
        }
    }
    streams.out.flush()?;
    tell(&damage, streams.err)?;
    Ok(OK)
}

fn checked(path: &Path, out: &mut dyn Write) -> Result<u8, Stop> {
    let report = journal::verify(path).map_err(|error| unread(path, error, NO))?;
    for torn in &report.torn {
        let told = if torn.told { "told by the next record" } else { "nothing written since" };
        let journal::TornPlace { line, offset, length, .. } = torn;
        writeln!(out, "torn: line {line} (byte {offset}, {length} bytes), {told}")?;
    }
    if let Some(journal::Break { line, offset, why }) = &report.first_break {
        writeln!(out, "broken: line {line} (byte {offset}): {}", super::printable::printable(why))?;
        writeln!(out, "{} records before it are intact", report.records)?;
        out.flush()?;
        return Ok(NO);
    }
    writeln!(out, "intact: {} records", report.records)?;
    if let Some((number, hash)) = &report.head {
        writeln!(out, "head: {number} {hash}")?;
    }
    out.flush()?;
    Ok(OK)
}

fn found(path: &Path, prefix: &str) -> Result<Vec<journal::event::Record>, Stop> {
    find(path, prefix).map_err(|error| match error {
        FindError::Io(error) => unread(path, error, NO),
        other => Stop::Find(other),
    })
}

/// `absent` is the status when there is no journal.
fn unread(path: &Path, error: io::Error, absent: u8) -> Stop {
    if error.kind() == ErrorKind::NotFound {
        Stop::Absent(path.to_path_buf(), absent)
    } else {
        Stop::Journal(path.to_path_buf(), error)
    }
}

/// One line about what could not be read.
fn tell(damage: &[Damage], err: &mut dyn Write) -> io::Result<()> {
    let Some(first) = damage.first() else { return Ok(()) };
    let (count, first) = (damage.len(), super::printable::printable(&first.to_string()));
    writeln!(err, "stockade: {count} lines of the journal are no records, the first: {first}")
}

fn status(outcome: Result<u8, Stop>, streams: &mut Streams<'_>) -> u8 {
    let (code, text) = match outcome {
        Ok(code) => return code,
        // Whoever reads has seen enough: `stockade log | head`.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => return OK,
        Err(Stop::Output(error)) => (TROUBLE, format!("the output cannot be written: {error}")),
        Err(Stop::Journal(path, error)) => {
            (TROUBLE, format!("the journal {} cannot be read: {error}", path.display()))
        }
        Err(Stop::Absent(path, code)) => (code, format!("no journal yet at {}", path.display())),
        Err(Stop::Find(error)) => (NO, error.to_string()),
    };
    // There is nobody left to tell when this fails too.
    writeln!(streams.err, "stockade: {}", super::printable::printable(&text)).ok();
    code
}

//! The end of the journal as a writer finds it: what to chain on to, and whether the last write was torn.
//! It only looks; `write` does the healing.

use super::chain::{GENESIS, Link, MAX_TAIL, check, link};
use super::event::Torn;
use super::read::Lines;
use super::text::to_hex;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;

/// How far back a torn end is looked into before the whole file is, in bytes.
const NEAR: u64 = 4 * 1024 * 1024;

/// What the next record follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// The number of the next record.
    pub(super) seq: u64,
    /// The hash the next record names.
    pub(super) prev: String,
    /// What was found instead of a whole last record.
    pub(super) torn: Option<Torn>,
    /// Whether a newline is missing before the next record.
    pub(super) unended: bool,
}

/// Looks at the end of `file`, `length` bytes long. Reads 177 bytes, and more only where the end is torn.
pub(super) fn find(file: &File, length: u64) -> io::Result<Tail> {
    if length == 0 {
        return Ok(Tail { seq: 1, prev: GENESIS.to_owned(), torn: None, unended: false });
    }
    let mut buffer = [0_u8; MAX_TAIL];
    let from = length.saturating_sub(MAX_TAIL as u64);
    let size = usize::try_from(length - from).unwrap_or(MAX_TAIL);
    let end = buffer.get_mut(..size).unwrap_or_default();
    file.read_exact_at(end, from)?;
    if let Some(link) = end.strip_suffix(b"\n").and_then(link) {
        let seq = link.seq.saturating_add(1);
        return Ok(Tail { seq, prev: link.hash, torn: None, unended: false });
    }
    let last = match last_whole(file, length, length.saturating_sub(NEAR))? {
        None => last_whole(file, length, 0)?,
        near => near,
    };
    let (end, seq, prev) = match last {
        Some((end, link)) => (end, link.seq.saturating_add(1), link.hash),
        None => (0, 1, GENESIS.to_owned()),
    };
    let torn = Torn { offset: end, length: length - end, sha256: digest(file, end, length)? };
    let mut final_byte = [0_u8];
    file.read_exact_at(&mut final_byte, length.saturating_sub(1))?;
    Ok(Tail { seq, prev, torn: Some(torn), unended: final_byte != *b"\n" })
}

/// The last whole record that begins at or after `from`, and where the line after it begins.
fn last_whole(file: &File, length: u64, from: u64) -> io::Result<Option<(u64, Link)>> {
    let reader = BufReader::with_capacity(64 * 1024, At { file, at: from, end: length });
    let mut last = None;
    // In the middle of the file the first line is a piece of one: its hash does not hold, so it is
    // passed over like any damage.
    for line in Lines::new(reader, from) {
        let line = line?;
        if let Ok(link) = check(&line.bytes) {
            last = Some((line.end(), link));
        }
    }
    Ok(last)
}

fn digest(file: &File, from: u64, end: u64) -> io::Result<String> {
    let mut reader = At { file, at: from, end };
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let n = reader.read(&mut buffer)?;
        if n == 0 {
            return Ok(to_hex(&hasher.finalize()));
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
    }
}

/// A piece of a file, read without moving the offset that appends share.
struct At<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl Read for At<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let size = left.min(buffer.len());
        let n = self.file.read_at(buffer.get_mut(..size).unwrap_or_default(), self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}

//! Tests of the rollback: a disk that fills up in the middle of a record leaves no torn line.

use super::{Sink, because, put};
use crate::journal::JournalError;
use std::io;
use std::path::Path;

/// A disk of so many bytes, which also interrupts every other write.
struct Disk {
    bytes: Vec<u8>,
    room: usize,
    writes: usize,
}

impl Sink for Disk {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        if self.writes % 2 == 1 {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let room = (self.room - self.bytes.len()).min(bytes.len());
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(&bytes[..room]);
        Ok(room)
    }

    fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.bytes.truncate(usize::try_from(length).unwrap());
        Ok(())
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    for room in 0..12 {
        let mut disk = Disk { bytes: b"old\n".to_vec(), room: 4 + room, writes: 0 };
        let outcome = put(&mut disk, 4, b"0123456789\n");
        if room < 11 {
            let error = because(Path::new("j"), outcome.unwrap_err());
            assert!(matches!(error, JournalError::Full(_)), "{error}");
            assert_eq!(disk.bytes, b"old\n");
        } else {
            outcome.unwrap();
            assert_eq!(disk.bytes, b"old\n0123456789\n");
        }
    }
}

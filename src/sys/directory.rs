//! The names in a directory, without the C library's `DIR`, which takes and gives back a mapping of memory for each. Nothing is said of what they are.

use super::file;
use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// How much is asked for at a time; a record takes less than 300 bytes.
const BUFFER: usize = 8192;
/// Where `struct linux_dirent64` keeps the length of the record, and where its name begins
/// (getdents(2)).
const LENGTH: usize = 16;
const NAME: usize = 19;

/// The names in a directory, but `.` and `..`.
///
/// # Errors
/// What openat(2) and getdents64(2) say.
pub fn names(path: &Path) -> io::Result<Vec<OsString>> {
    let directory = file::open_directory(path)?;
    let mut names = Vec::new();
    let mut buffer = [0_u8; BUFFER];
    loop {
        let filled = fill(directory.as_fd(), &mut buffer)?;
        let Some(mut rest) = buffer.get(..filled).filter(|filled| !filled.is_empty()) else {
            return Ok(names);
        };
        while let Some((name, after)) = first(rest) {
            if !matches!(name, b"." | b"..") {
                names.push(OsString::from_vec(name.to_vec()));
            }
            rest = after;
        }
    }
}

/// The first record's name, and what comes after the record.
fn first(records: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = records.get(LENGTH..LENGTH + 2)?.try_into().ok()?;
    let (record, rest) = records.split_at_checked(usize::from(u16::from_ne_bytes(length)))?;
    let name = record.get(NAME..)?;
    let end = name.iter().position(|byte| *byte == 0)?;
    Some((name.get(..end)?, rest))
}

fn fill(directory: BorrowedFd<'_>, buffer: &mut [u8; BUFFER]) -> io::Result<usize> {
    let fd = directory.as_raw_fd();
    // SAFETY: the kernel writes at most `BUFFER` bytes to a buffer of that size that we hold
    // exclusively.
    let filled = unsafe { libc::syscall(libc::SYS_getdents64, fd, buffer.as_mut_ptr(), BUFFER) };
    usize::try_from(filled).map_err(|_| io::Error::last_os_error())
}

#[cfg(test)]
mod tests {
    use super::names;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn every_name_is_there_once() {
        let scratch = tempfile::tempdir().unwrap();
        let mut made: Vec<OsString> = (0..500).map(|n| format!("{n:0>200}").into()).collect();
        made.push(OsString::from_vec(b"\xff\n".to_vec()));
        for name in &made {
            std::fs::write(scratch.path().join(name), "").unwrap();
        }
        let mut got = names(scratch.path()).unwrap();
        got.sort();
        made.sort();
        assert_eq!(got, made);
        assert!(names(&scratch.path().join(&made[0])).is_err());
    }
}

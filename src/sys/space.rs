//! How much room a file system has (statvfs(2)).

use nix::sys::statvfs::{FsFlags, fstatvfs};
use std::io;
use std::os::fd::BorrowedFd;

/// The bytes that an ordinary user can still fill on the file system of an open place; `None` when it
/// has no room to count, or cannot be written at all.
///
/// # Errors
/// The file system's own.
pub fn free(place: BorrowedFd<'_>) -> io::Result<Option<u64>> {
    let told = fstatvfs(place)?;
    if told.blocks() == 0 || told.flags().contains(FsFlags::ST_RDONLY) {
        return Ok(None);
    }
    let free = u128::from(told.blocks_available()) * u128::from(told.fragment_size());
    Ok(Some(u64::try_from(free).unwrap_or(u64::MAX)))
}

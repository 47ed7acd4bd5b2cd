//! What the person may do to a path by the ordinary permission bits (access(2)).

use nix::unistd::{AccessFlags, access};
use std::os::fd::BorrowedFd;
use std::path::Path;

/// Whether this user may read, write or search the path; `false` when it does not exist.
#[must_use]
pub fn any(path: &Path) -> bool {
    [AccessFlags::R_OK, AccessFlags::W_OK, AccessFlags::X_OK]
        .into_iter()
        .any(|flag| access(path, flag).is_ok())
}

/// Whether this user may execute the file.
#[must_use]
pub fn execute(path: &Path) -> bool {
    access(path, AccessFlags::X_OK).is_ok()
}

/// Whether an open descriptor is a directory; `false` when it cannot be told (fstat(2)).
#[must_use]
pub fn is_directory(descriptor: BorrowedFd<'_>) -> bool {
    nix::sys::stat::fstat(descriptor).is_ok_and(|stat| stat.st_mode & libc::S_IFMT == libc::S_IFDIR)
}

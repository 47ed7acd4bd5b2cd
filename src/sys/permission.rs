//! What the person may do to a path by the ordinary permission bits (access(2)).

use nix::unistd::{AccessFlags, access};
use std::os::fd::BorrowedFd;
use std::path::Path;

/// Whether this user may read, write or search the path; `false` when it does not exist.
#[must_use]
pub fn any(path: &Path) -> bool {
    access(path, AccessFlags::F_OK).is_ok()
        && [AccessFlags::R_OK, AccessFlags::W_OK, AccessFlags::X_OK]
            .into_iter()
            .any(|flag| access(path, flag).is_ok())
}

/// Whether this user may execute the file.
#[must_use]
pub fn execute(path: &Path) -> bool {
    access(path, AccessFlags::X_OK).is_ok()
}

/// Whether this user may read the file.
#[must_use]
pub fn read(path: &Path) -> bool {
    access(path, AccessFlags::R_OK).is_ok()
}

/// Whether this user may write the file.
#[must_use]
pub fn write(path: &Path) -> bool {
    access(path, AccessFlags::W_OK).is_ok()
}

/// Whether this user may make and remove names in the directory.
#[must_use]
pub fn write_into(directory: &Path) -> bool {
    access(directory, AccessFlags::W_OK | AccessFlags::X_OK).is_ok()
}

/// What an open descriptor is (fstat(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Device and inode number: the same for the same object, by whatever name it was opened.
    pub object: (u64, u64),
    /// Whether it is a directory.
    pub directory: bool,
}

/// What an open descriptor is.
///
/// # Errors
/// None that can be expected of an open descriptor.
pub fn identify(descriptor: BorrowedFd<'_>) -> std::io::Result<Identity> {
    let stat = nix::sys::stat::fstat(descriptor)?;
    Ok(Identity {
        object: (stat.st_dev, stat.st_ino),
        directory: stat.st_mode & libc::S_IFMT == libc::S_IFDIR,
    })
}

//! Careful ways to open files by name: never through a final link, never blocking, never inherited.
//! It says nothing about what the files hold.

use nix::fcntl::{OFlag, OpenHow, ResolveFlag};
use nix::sys::stat::Mode;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Makes `path` and what is missing above it, for the owner only (mode 0700). That it is there
/// already is no error.
///
/// # Errors
/// What mkdir(2) says: no permission, no space, a file in the way.
pub fn make_private_dir(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Opens `path` to append to and to read from; makes it for the owner only (mode 0600) when it is
/// missing. A final symbolic link is refused (ELOOP), a pipe does not block. See open(2).
///
/// # Errors
/// What open(2) says.
pub fn open_private_append(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC)
        .open(path)
}

/// Opens `path` for reading. A final symbolic link is refused (ELOOP), a pipe does not block, a
/// terminal does not become ours. The caller looks at what it got before it reads. See open(2).
///
/// # Errors
/// What open(2) says.
pub fn open_nofollow(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC)
        .open(path)
}

/// Opens `path` for reading, links followed; a pipe does not block. See open(2).
///
/// # Errors
/// What open(2) says.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC)
        .open(path)
}

/// Opens `path` as a place only: it can be asked what it is and be named to other calls, nothing
/// more (open(2), `O_PATH`). Links are followed.
///
/// # Errors
/// What open(2) says.
pub fn open_place(path: &Path) -> io::Result<OwnedFd> {
    // By openat: musl's open makes a second call to say O_CLOEXEC once more.
    Ok(nix::fcntl::openat(
        nix::fcntl::AT_FDCWD,
        path,
        OFlag::O_PATH | OFlag::O_CLOEXEC,
        Mode::empty(),
    )?)
}

/// Opens a directory to list it. Links are followed.
///
/// # Errors
/// What open(2) says.
pub fn open_directory(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    Ok(nix::fcntl::openat(nix::fcntl::AT_FDCWD, path, flags, Mode::empty())?)
}

/// As [`open_place`], but a link anywhere on the way is an error (openat2(2), `RESOLVE_NO_SYMLINKS`).
///
/// # Errors
/// What openat2(2) says; [`is_link`] tells whether it was a link.
pub fn open_place_without_links(path: &Path) -> io::Result<OwnedFd> {
    let how = OpenHow::new()
        .flags(OFlag::O_PATH | OFlag::O_CLOEXEC)
        .resolve(ResolveFlag::RESOLVE_NO_SYMLINKS);
    Ok(nix::fcntl::openat2(nix::fcntl::AT_FDCWD, path, how)?)
}

/// Whether an open failed because of a link where none may be (`ELOOP`).
#[must_use]
pub fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// The user this process acts as. See geteuid(2).
#[must_use]
pub fn acting_user() -> u32 {
    nix::unistd::geteuid().as_raw()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_is_made_is_private() {
        let scratch = tempfile::tempdir().unwrap();
        let dir = scratch.path().join("a/b");
        make_private_dir(&dir).unwrap();
        make_private_dir(&dir).unwrap();
        assert_eq!(dir.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let file = open_private_append(&dir.join("f")).unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_final_link_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let link = scratch.path().join("link");
        std::fs::write(scratch.path().join("target"), b"x").unwrap();
        std::os::unix::fs::symlink("target", &link).unwrap();
        assert!(open_nofollow(&link).is_err());
        assert!(open_private_append(&link).is_err());
    }
}

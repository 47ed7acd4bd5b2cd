//! Changing mode, owner, times, attributes and length of an object that is held open, if only by `O_PATH`; and watching it.
//!
//! Each works on the object itself, whatever names it has by now.

use super::at::{Errno, Result};
use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::os::raw::c_void;

fn done(result: libc::c_long) -> Result<()> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}

/// The name by which this process reaches a descriptor's object (proc(5), /proc/self/fd).
fn alias(object: BorrowedFd<'_>) -> Result<CString> {
    CString::new(format!("/proc/self/fd/{}", object.as_raw_fd())).map_err(|_| Errno::INVALID)
}

/// Sets the permission bits (chmod(2)).
///
/// # Errors
/// The kernel's; `EOPNOTSUPP` for a symbolic link.
pub fn set_mode(object: BorrowedFd<'_>, mode: u32) -> Result<()> {
    let alias = alias(object)?;
    // SAFETY: `alias` is a NUL-terminated text that lives until the call returns.
    done(libc::c_long::from(unsafe { libc::chmod(alias.as_ptr(), mode) }))
}

/// Has a watcher look at it; the number of the watch (inotify_add_watch(2)).
///
/// # Errors
/// The kernel's; `EINVAL` for what is no watcher.
pub fn watch(watcher: BorrowedFd<'_>, object: BorrowedFd<'_>, mask: u32) -> Result<i32> {
    let alias = alias(object)?;
    // SAFETY: `alias` is a NUL-terminated text that lives until the call returns.
    let number = unsafe { libc::inotify_add_watch(watcher.as_raw_fd(), alias.as_ptr(), mask) };
    if number < 0 { Err(Errno::last()) } else { Ok(number) }
}

/// Sets owner and group; `u32::MAX` leaves one as it is (fchownat(2)).
///
/// # Errors
/// The kernel's.
pub fn set_owner(object: BorrowedFd<'_>, user: u32, group: u32) -> Result<()> {
    let (fd, flags) = (object.as_raw_fd(), libc::AT_EMPTY_PATH);
    // SAFETY: the empty name is a static NUL-terminated text.
    done(libc::c_long::from(unsafe { libc::fchownat(fd, c"".as_ptr(), user, group, flags) }))
}

/// Two times as utimensat(2) takes them: seconds and nanoseconds of access and of modification.
pub type Times = [i64; 4];

/// Sets access and modification time; `None` is now (utimensat(2), `AT_EMPTY_PATH`).
///
/// # Errors
/// The kernel's.
pub fn set_times(object: BorrowedFd<'_>, times: Option<Times>) -> Result<()> {
    let times = times.map(|[a, an, m, mn]| {
        [libc::timespec { tv_sec: a, tv_nsec: an }, libc::timespec { tv_sec: m, tv_nsec: mn }]
    });
    let pointer = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    let (fd, flags) = (object.as_raw_fd(), libc::AT_EMPTY_PATH);
    // SAFETY: the name is static, and `pointer` is null or two timespecs that live on this stack.
    done(unsafe { libc::syscall(libc::SYS_utimensat, fd, c"".as_ptr(), pointer, flags) })
}

/// Sets the length of a file that is open for writing (ftruncate(2)).
///
/// # Errors
/// The kernel's.
pub fn set_length(file: BorrowedFd<'_>, length: i64) -> Result<()> {
    // SAFETY: the call takes two integers; the descriptor is borrowed, so it is open.
    done(libc::c_long::from(unsafe { libc::ftruncate(file.as_raw_fd(), length) }))
}

/// Sets an extended attribute (setxattr(2)).
///
/// # Errors
/// The kernel's.
pub fn set_attribute(object: BorrowedFd<'_>, name: &[u8], value: &[u8], flags: i32) -> Result<()> {
    let (alias, name) = (alias(object)?, CString::new(name).map_err(|_| Errno::INVALID)?);
    // SAFETY: both texts are NUL-terminated, `value` is read up to its length, all outlive the call.
    done(libc::c_long::from(unsafe {
        libc::setxattr(
            alias.as_ptr(),
            name.as_ptr(),
            value.as_ptr().cast::<c_void>(),
            value.len(),
            flags,
        )
    }))
}

/// Removes an extended attribute (removexattr(2)).
///
/// # Errors
/// The kernel's.
pub fn remove_attribute(object: BorrowedFd<'_>, name: &[u8]) -> Result<()> {
    let (alias, name) = (alias(object)?, CString::new(name).map_err(|_| Errno::INVALID)?);
    // SAFETY: both texts are NUL-terminated and live until the call returns.
    done(libc::c_long::from(unsafe { libc::removexattr(alias.as_ptr(), name.as_ptr()) }))
}

//! Reading the memory of another process (process_vm_readv(2)), and signals to one that is held.

use super::at::Errno;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::raw::c_void;

/// The smallest page of any architecture: a read that ends at a multiple of it never spans one
/// page that is there and one that is not.
const PAGE: u64 = 4096;
/// `PATH_MAX`, the NUL included.
const PATH_MAX: usize = 4096;

/// Holds a process: what is done by the descriptor reaches it and no other that gets its number
/// (pidfd_open(2)).
///
/// # Errors
/// `ESRCH` when it is gone.
pub fn hold(process: i32) -> io::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two integers.
    let opened = unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0_u32) };
    let opened =
        i32::try_from(opened).ok().filter(|fd| *fd >= 0).ok_or_else(io::Error::last_os_error)?;
    // SAFETY: the kernel has just opened it, and nobody else knows its number.
    Ok(unsafe { OwnedFd::from_raw_fd(opened) })
}

/// Sends a signal to a process that is held (pidfd_send_signal(2)).
///
/// # Errors
/// `ESRCH` when it has ended.
pub fn signal(held: &OwnedFd, signal: i32) -> io::Result<()> {
    let nothing = std::ptr::null::<libc::siginfo_t>();
    // SAFETY: the descriptor is open, and without a siginfo the call touches no memory.
    let sent = unsafe {
        libc::syscall(libc::SYS_pidfd_send_signal, held.as_raw_fd(), signal, nothing, 0_u32)
    };
    if sent == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Reads up to `into.len()` bytes at `address`; how many were there.
///
/// # Errors
/// `EFAULT` when nothing is mapped there, `EPERM` when this process may not look.
pub fn read(thread: i32, address: u64, into: &mut [u8]) -> Result<usize, Errno> {
    let place = usize::try_from(address).map_err(|_| Errno::FAULT)?;
    let local = libc::iovec { iov_base: into.as_mut_ptr().cast::<c_void>(), iov_len: into.len() };
    let remote = libc::iovec { iov_base: place as *mut c_void, iov_len: into.len() };
    // SAFETY: `local` names bytes we hold exclusively; `remote` is an address of the other
    // process, which the kernel checks.
    let read =
        unsafe { libc::process_vm_readv(thread, &raw const local, 1, &raw const remote, 1, 0) };
    usize::try_from(read).map_err(|_| Errno::last())
}

/// Reads exactly `into.len()` bytes.
///
/// # Errors
/// As [`read`], and `EFAULT` when less is there.
pub fn read_exact(thread: i32, address: u64, into: &mut [u8]) -> Result<(), Errno> {
    if into.is_empty() {
        return Ok(());
    }
    if read(thread, address, into)? == into.len() { Ok(()) } else { Err(Errno::FAULT) }
}

/// The text at `address` up to its NUL, which is left out.
///
/// # Errors
/// As [`read`], and `ENAMETOOLONG` when no NUL comes within `PATH_MAX` bytes.
pub fn text(thread: i32, address: u64) -> Result<Vec<u8>, Errno> {
    let mut buffer = [0_u8; PATH_MAX];
    let mut held = 0;
    while held < PATH_MAX {
        let at = address.checked_add(held as u64).ok_or(Errno::FAULT)?;
        // Most paths end on the page they begin on: the next is looked at only when they do not.
        let left = usize::try_from(PAGE - at % PAGE).unwrap_or(PATH_MAX);
        let end = PATH_MAX.min(held + left);
        let Some(part) = buffer.get_mut(held..end) else { break };
        let got = read(thread, at, part)?;
        let fresh = part.get(..got).unwrap_or_default();
        if let Some(nul) = fresh.iter().position(|byte| *byte == 0) {
            return Ok(buffer.get(..held + nul).unwrap_or_default().to_vec());
        }
        if got == 0 {
            return Err(Errno::FAULT);
        }
        held += got;
    }
    Err(Errno::NAME_TOO_LONG)
}

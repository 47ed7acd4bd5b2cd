//! Asks the kernel whether any socket is bound to a name in the file system (sock_diag(7)). Nobody is connected to.

use super::at::{Errno, Result};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// `SOCK_DIAG_BY_FAMILY` of linux/sock_diag.h.
const BY_FAMILY: u16 = 20;
/// `NLM_F_REQUEST | NLM_F_DUMP` of linux/netlink.h.
const DUMP: u16 = 0x301;
/// `NLM_F_REQUEST`.
const REQUEST: u16 = 1;
/// `NLMSG_ERROR`.
const ERROR: u16 = 2;
/// `NLMSG_DONE`.
const DONE: u16 = 3;
/// `UDIAG_SHOW_VFS` of linux/unix_diag.h.
const SHOW_NAME: u32 = 2;
/// `UNIX_DIAG_VFS`: the attribute that tells the inode.
const NAME: u16 = 1;
/// `struct nlmsghdr`.
const HEADER: usize = 16;
/// `struct unix_diag_msg`.
const MESSAGE: usize = 16;
/// So many messages of the kernel are read at most.
const MOST: usize = 4096;

/// Whether a socket of this network namespace is bound to an inode. The kernel tells the low half
/// of inode numbers only, so "yes" may be somebody of the same low half.
///
/// # Errors
/// The kernel's; where it cannot be asked nothing is known.
pub fn is_bound(inode: u64) -> Result<bool> {
    let socket = ask(DUMP, 0)?;
    let mut buffer = vec![0_u8; 32 * 1024];
    for _ in 0..MOST {
        let length = receive(&socket, &mut buffer)?;
        let mut rest = buffer.get(..length).unwrap_or_default();
        while let Some((kind, body, tail)) = message(rest) {
            match kind {
                DONE => return Ok(false),
                ERROR => return Err(Errno::NOT_SUPPORTED),
                _ if body.get(MESSAGE..).is_some_and(|told| names(told, low(inode))) => {
                    return Ok(true);
                }
                _ => rest = tail,
            }
        }
    }
    Err(Errno::AGAIN)
}

/// Whether this very socket is bound to an inode, as far as the low halves of the numbers tell.
///
/// # Errors
/// As [`is_bound`].
pub fn is_bound_by(socket: u64, inode: u64) -> Result<bool> {
    let asked = ask(REQUEST, low(socket))?;
    let mut buffer = [0_u8; 4096];
    let length = receive(&asked, &mut buffer)?;
    match message(buffer.get(..length).unwrap_or_default()) {
        Some((BY_FAMILY, body, _)) => {
            Ok(body.get(MESSAGE..).is_some_and(|told| names(told, low(inode))))
        }
        _ => Err(Errno::NOT_SUPPORTED),
    }
}

fn low(number: u64) -> u32 {
    u32::try_from(number & 0xffff_ffff).unwrap_or(0)
}

fn ask(flags: u16, socket_number: u32) -> Result<OwnedFd> {
    let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
    // SAFETY: socket takes three integers and touches no memory of ours.
    let fd = unsafe { libc::socket(libc::AF_NETLINK, kind, libc::NETLINK_SOCK_DIAG) };
    if fd < 0 {
        return Err(Errno::last());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    let socket = unsafe { OwnedFd::from_raw_fd(fd) };
    let mut request = Vec::with_capacity(40);
    request.extend(40_u32.to_ne_bytes());
    request.extend(BY_FAMILY.to_ne_bytes());
    request.extend(flags.to_ne_bytes());
    request.extend([0; 8]); // sequence and port
    request.extend([1, 0, 0, 0]); // AF_UNIX
    request.extend(u32::MAX.to_ne_bytes()); // in whatever state
    request.extend(socket_number.to_ne_bytes());
    request.extend(SHOW_NAME.to_ne_bytes());
    request.extend([0xff; 8]); // no cookie
    let (place, length) = (request.as_ptr().cast(), request.len());
    // SAFETY: the kernel reads `length` bytes, which is how long `request` is.
    let sent = unsafe { libc::send(socket.as_raw_fd(), place, length, 0) };
    if usize::try_from(sent) == Ok(length) { Ok(socket) } else { Err(Errno::last()) }
}

fn receive(socket: &OwnedFd, buffer: &mut [u8]) -> Result<usize> {
    let (place, length) = (buffer.as_mut_ptr().cast(), buffer.len());
    // SAFETY: the kernel writes at most `length` bytes, which is how long `buffer` is. It has
    // queued an answer by now, or refused: this never waits.
    let got = unsafe { libc::recv(socket.as_raw_fd(), place, length, libc::MSG_DONTWAIT) };
    usize::try_from(got).map_err(|_| Errno::last())
}

/// The first message: its kind, its body, what follows it.
fn message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = usize::try_from(u32::from_ne_bytes(*bytes.first_chunk()?)).ok()?;
    let kind = u16::from_ne_bytes(*bytes.get(4..)?.first_chunk()?);
    let body = bytes.get(HEADER..length)?;
    Some((kind, body, bytes.get(length.next_multiple_of(4)..).unwrap_or_default()))
}

/// Whether the attributes of a message name the inode.
fn names(mut attributes: &[u8], low: u32) -> bool {
    while let Some((length, kind)) = attribute(attributes) {
        let inode = attributes.get(4..).and_then(|value| value.first_chunk());
        if kind == NAME && inode.is_some_and(|bytes| u32::from_ne_bytes(*bytes) == low) {
            return true;
        }
        attributes = attributes.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    false
}

fn attribute(bytes: &[u8]) -> Option<(usize, u16)> {
    let length = u16::from_ne_bytes(*bytes.first_chunk()?);
    let kind = u16::from_ne_bytes(*bytes.get(2..)?.first_chunk()?);
    (length >= 4).then_some((usize::from(length), kind))
}

#[cfg(test)]
mod tests {
    use super::{is_bound, is_bound_by};
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_name_is_bound_as_long_as_its_socket_lives() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("socket");
        let listener = UnixListener::bind(&path).unwrap();
        let inode = path.metadata().unwrap().ino();
        assert_eq!(is_bound(inode), Ok(true));
        let socket = crate::sys::at::stat(listener.as_fd()).unwrap().object.1;
        assert_eq!(is_bound_by(socket, inode), Ok(true));
        assert_eq!(is_bound_by(socket, inode + 1), Ok(false));
        drop(listener);
        assert_eq!(is_bound(inode), Ok(false));
    }
}

//! TCP sockets that cannot leave this machine, and which addresses are its own (socket(7), ip(7)).
//!
//! One function a call; nothing is judged here.

use super::at::{Errno, Result};
use std::io;
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

/// `AF_INET`, as it stands at the head of an address.
pub const V4: u16 = 2;
/// `AF_INET6`.
pub const V6: u16 = 10;
/// `SOCK_STREAM`.
pub const STREAM: i32 = libc::SOCK_STREAM;
/// `SOCK_DGRAM`.
pub const DATAGRAM: i32 = libc::SOCK_DGRAM;
/// `SOCK_NONBLOCK`.
pub const NON_BLOCKING: i32 = libc::SOCK_NONBLOCK;
/// `SOCK_CLOEXEC`.
pub const CLOSE_ON_EXEC: i32 = libc::SOCK_CLOEXEC;
/// `IPPROTO_TCP`; 0 means the same for streams.
pub const TCP: i32 = libc::IPPROTO_TCP;
/// `IPPROTO_MPTCP`.
pub const MULTIPATH: i32 = 262;
/// Network is unreachable.
pub const UNREACHABLE: Errno = Errno(libc::ENETUNREACH);

/// The loopback interface has this number in every network namespace, whatever its name
/// (`LOOPBACK_IFINDEX`, which the kernel insists on).
const LOOPBACK: libc::c_int = 1;

/// A TCP socket bound to the loopback interface. Whoever has no `CAP_NET_RAW` can neither take that
/// away nor change it (`sock_bindtoindex`), and what it accepts inherits it. `flags` is 0 or
/// [`NON_BLOCKING`].
///
/// # Errors
/// The kernel's, for instance `EAFNOSUPPORT` without IPv6.
pub fn stream_of_this_machine(family: u16, flags: i32) -> Result<OwnedFd> {
    let kind = STREAM | flags | CLOSE_ON_EXEC;
    // SAFETY: socket takes three integers and touches no memory of ours.
    let made = unsafe { libc::socket(i32::from(family), kind, TCP) };
    if made < 0 {
        return Err(Errno::last());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    let socket = unsafe { OwnedFd::from_raw_fd(made) };
    bind_to_loopback(socket.as_fd())?;
    Ok(socket)
}

fn bind_to_loopback(socket: BorrowedFd<'_>) -> Result<()> {
    let size = libc::socklen_t::try_from(size_of_val(&LOOPBACK)).map_err(|_| Errno::INVALID)?;
    let interface = LOOPBACK;
    // SAFETY: the kernel reads `size` bytes, which is how long `interface` is.
    let set = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_BINDTOIFINDEX,
            (&raw const interface).cast(),
            size,
        )
    };
    if set == 0 { Ok(()) } else { Err(Errno::last()) }
}

/// The port a socket of the internet is bound to, 0 for none; `None` for other sockets.
#[must_use]
pub fn bound_port(socket: BorrowedFd<'_>) -> Option<u16> {
    let duplicate = socket.try_clone_to_owned().ok()?;
    TcpListener::from(duplicate).local_addr().ok().map(|address| address.port())
}

/// Nobody is let in any more.
pub fn shut(socket: BorrowedFd<'_>) {
    // SAFETY: shutdown takes two integers; the descriptor is borrowed, so it is open.
    unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RDWR) };
}

/// A descriptor of another process, as one of ours (pidfd_getfd(2)). `process` is the id of the
/// process, not of a further thread.
///
/// # Errors
/// `EBADF` when there is none of that number; `EPERM` where the call is refused.
pub fn descriptor_of(process: i32, number: i32) -> Result<OwnedFd> {
    // SAFETY: pidfd_open takes two integers.
    let opened = unsafe { libc::syscall(libc::SYS_pidfd_open, process, 0_u32) };
    let of = owned(opened)?;
    // SAFETY: pidfd_getfd takes three integers; the first is a descriptor that is open.
    let taken = unsafe { libc::syscall(libc::SYS_pidfd_getfd, of.as_raw_fd(), number, 0_u32) };
    owned(taken)
}

fn owned(result: libc::c_long) -> Result<OwnedFd> {
    let fd = i32::try_from(result).map_err(|_| Errno::BAD_DESCRIPTOR)?;
    if fd < 0 {
        return Err(Errno::last());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Whether the kernel knows an address as one of this machine's: only such can be bound to,
/// and nothing is sent by that.
#[must_use]
pub fn is_of_this_machine(address: IpAddr) -> bool {
    let elsewhere = Err(Some(libc::EADDRNOTAVAIL));
    let bound = UdpSocket::bind((address, 0)).map(drop);
    bound.map_err(|error: io::Error| error.raw_os_error()) != elsewhere
}

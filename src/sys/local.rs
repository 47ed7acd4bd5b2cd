//! Sockets of the file system: making them in pairs and alone, giving them names, reaching others (unix(7)).
//!
//! One function a call. Addresses are bytes as the kernel takes them; nothing is judged here.

use super::at::{Errno, Result};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::raw::c_void;

/// `AF_UNIX`, as it stands at the head of an address.
pub const FAMILY: u16 = 1;
/// `sizeof(struct sockaddr_un)`: the longest address.
pub const ADDRESS_MOST: usize = size_of::<libc::sockaddr_un>();
/// `SOCK_NONBLOCK`.
pub const NON_BLOCKING: i32 = libc::SOCK_NONBLOCK;
/// `SOCK_CLOEXEC`.
pub const CLOSE_ON_EXEC: i32 = libc::SOCK_CLOEXEC;
/// A socket (stat(2), `S_IFSOCK`).
pub const IS_SOCKET: u32 = libc::S_IFSOCK;
/// Connection refused: nobody listens there.
pub const REFUSED: Errno = Errno(libc::ECONNREFUSED);
/// Protocol not supported.
pub const NO_PROTOCOL: Errno = Errno(libc::EPROTONOSUPPORT);
/// Too many open files.
pub const TOO_MANY: Errno = Errno(libc::EMFILE);

/// The types of sockets that talk to one partner only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `SOCK_STREAM`.
    Stream,
    /// `SOCK_SEQPACKET`.
    Packets,
}

impl Kind {
    /// The type a register names; `None` for all others.
    #[must_use]
    pub const fn of(register: i32) -> Option<Self> {
        match register & 0xf {
            libc::SOCK_STREAM => Some(Self::Stream),
            libc::SOCK_SEQPACKET => Some(Self::Packets),
            _ => None,
        }
    }

    /// The type as registers name it.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::Stream => libc::SOCK_STREAM,
            Self::Packets => libc::SOCK_SEQPACKET,
        }
    }
}

fn done(result: libc::c_int) -> Result<()> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}

fn opened(fd: libc::c_int) -> Result<OwnedFd> {
    if fd < 0 {
        return Err(Errno::last());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Two sockets connected with each other (socketpair(2)); `flags` is 0 or [`NON_BLOCKING`].
///
/// # Errors
/// The kernel's.
pub fn pair(kind: Kind, flags: i32) -> Result<(OwnedFd, OwnedFd)> {
    let mut ends = [-1; 2];
    let kind = kind.number() | flags | CLOSE_ON_EXEC;
    // SAFETY: the kernel writes two integers to an array of two that lives on this stack.
    done(unsafe { libc::socketpair(libc::AF_UNIX, kind, 0, ends.as_mut_ptr()) })?;
    let [near, far] = ends;
    Ok((opened(near)?, opened(far)?))
}

/// A socket that waits for nothing (socket(2)).
///
/// # Errors
/// The kernel's.
pub fn socket(kind: Kind) -> Result<OwnedFd> {
    let kind = kind.number() | CLOSE_ON_EXEC | NON_BLOCKING;
    // SAFETY: socket takes three integers and touches no memory of ours.
    opened(unsafe { libc::socket(libc::AF_UNIX, kind, 0) })
}

/// bind(2).
///
/// # Errors
/// The kernel's.
pub fn bind(socket: BorrowedFd<'_>, address: &[u8]) -> Result<()> {
    let length = length(address)?;
    // SAFETY: the kernel reads `length` bytes, which is how long `address` is.
    done(unsafe { libc::bind(socket.as_raw_fd(), address.as_ptr().cast(), length) })
}

/// connect(2).
///
/// # Errors
/// The kernel's; `EAGAIN` when there are too many before us.
pub fn connect(socket: BorrowedFd<'_>, address: &[u8]) -> Result<()> {
    let length = length(address)?;
    // SAFETY: the kernel reads `length` bytes, which is how long `address` is.
    done(unsafe { libc::connect(socket.as_raw_fd(), address.as_ptr().cast(), length) })
}

fn length(address: &[u8]) -> Result<libc::socklen_t> {
    libc::socklen_t::try_from(address.len()).map_err(|_| Errno::INVALID)
}

/// The address of a name.
///
/// # Errors
/// `ENAMETOOLONG` when it does not fit.
pub fn address(name: &[u8]) -> Result<Vec<u8>> {
    let mut address = FAMILY.to_ne_bytes().to_vec();
    address.extend_from_slice(name);
    if address.len() < ADDRESS_MOST {
        address.push(0);
    }
    if address.len() > ADDRESS_MOST { Err(Errno::NAME_TOO_LONG) } else { Ok(address) }
}

/// The address of what this process holds open.
///
/// # Errors
/// None in practice: the name is short.
pub fn address_of(object: BorrowedFd<'_>) -> Result<Vec<u8>> {
    address(format!("/proc/self/fd/{}", object.as_raw_fd()).as_bytes())
}

/// listen(2).
///
/// # Errors
/// The kernel's.
pub fn listen(socket: BorrowedFd<'_>, backlog: i32) -> Result<()> {
    // SAFETY: listen takes two integers and touches no memory of ours.
    done(unsafe { libc::listen(socket.as_raw_fd(), backlog) })
}

/// The next who has connected (accept4(2)); the listener must not wait.
///
/// # Errors
/// The kernel's; `EAGAIN` when there is none.
pub fn accept(listener: BorrowedFd<'_>) -> Result<OwnedFd> {
    let (none, nobody) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: with null pointers the kernel writes no address.
    opened(unsafe { libc::accept4(listener.as_raw_fd(), none, nobody, CLOSE_ON_EXEC) })
}

/// The process that made the other end (socket(7), `SO_PEERCRED`).
///
/// # Errors
/// The kernel's.
pub fn peer(socket: BorrowedFd<'_>) -> Result<i32> {
    let mut bytes = [0_u8; OPTION_MOST];
    let held = option(socket, libc::SO_PEERCRED, &mut bytes)?;
    let pid = held.first_chunk::<4>().ok_or(Errno::INVALID)?;
    Ok(i32::from_ne_bytes(*pid))
}

/// Its type (socket(7), `SO_TYPE`).
///
/// # Errors
/// The kernel's.
pub fn kind(socket: BorrowedFd<'_>) -> Result<Kind> {
    let mut bytes = [0_u8; OPTION_MOST];
    let held = option(socket, libc::SO_TYPE, &mut bytes)?;
    let number = held.first_chunk::<4>().ok_or(Errno::INVALID)?;
    Kind::of(i32::from_ne_bytes(*number)).ok_or(Errno::INVALID)
}

/// Whatever the partner writes from now on fails (shutdown(2), `SHUT_RD`).
///
/// # Errors
/// The kernel's.
pub fn refuse_input(socket: BorrowedFd<'_>) -> Result<()> {
    // SAFETY: shutdown takes two integers and touches no memory of ours.
    done(unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RD) })
}

/// Whether the partner is gone: no descriptor of it is left anywhere (poll(2), `POLLHUP`).
#[must_use]
pub fn is_alone(socket: BorrowedFd<'_>) -> bool {
    let mut asked = libc::pollfd { fd: socket.as_raw_fd(), events: 0, revents: 0 };
    // SAFETY: the kernel reads and writes one pollfd that lives on this stack, and does not wait.
    let ready = unsafe { libc::poll(&raw mut asked, 1, 0) };
    ready > 0 && asked.revents & libc::POLLHUP != 0
}

/// Makes a directory the current one (fchdir(2)).
///
/// # Errors
/// The kernel's.
pub fn enter(directory: BorrowedFd<'_>) -> Result<()> {
    // SAFETY: fchdir takes one integer and touches no memory of ours.
    done(unsafe { libc::fchdir(directory.as_raw_fd()) })
}

/// What a program may have set before it connects or binds, and how the value read is to be
/// written: the kernel tells of buffers twice what it was given (socket(7)).
const OPTIONS: &[(i32, bool)] = &[
    (libc::SO_PASSCRED, false),
    (libc::SO_PASSSEC, false),
    (76, false), // SO_PASSPIDFD of asm-generic/socket.h
    (libc::SO_SNDBUF, true),
    (libc::SO_RCVBUF, true),
    (libc::SO_SNDTIMEO, false),
    (libc::SO_RCVTIMEO, false),
    (libc::SO_PEEK_OFF, false),
];

/// No option here is longer: a `timeval` is.
const OPTION_MOST: usize = 16;

/// Sets on one socket what was set on another, as far as it is known; what fails is left.
pub fn carry_options(from: BorrowedFd<'_>, to: BorrowedFd<'_>) {
    for (name, doubled) in OPTIONS {
        let (mut theirs, mut ours) = ([0_u8; OPTION_MOST], [0_u8; OPTION_MOST]);
        let (Ok(set), Ok(now)) = (option(from, *name, &mut theirs), option(to, *name, &mut ours))
        else {
            continue;
        };
        if set == now {
            continue;
        }
        let half = set.first_chunk::<4>().map(|bytes| i32::from_ne_bytes(*bytes) / 2);
        match half {
            Some(half) if *doubled => set_option(to, *name, &half.to_ne_bytes()),
            _ => set_option(to, *name, set),
        }
    }
}

fn option<'b>(
    socket: BorrowedFd<'_>,
    name: i32,
    into: &'b mut [u8; OPTION_MOST],
) -> Result<&'b [u8]> {
    let mut length = libc::socklen_t::try_from(into.len()).map_err(|_| Errno::INVALID)?;
    let (fd, place) = (socket.as_raw_fd(), into.as_mut_ptr().cast::<c_void>());
    // SAFETY: the kernel writes at most `length` bytes, which is how long `into` is.
    done(unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, name, place, &raw mut length) })?;
    into.get(..usize::try_from(length).unwrap_or(0)).ok_or(Errno::INVALID)
}

fn set_option(socket: BorrowedFd<'_>, name: i32, value: &[u8]) {
    let Ok(length) = length(value) else { return };
    let (fd, place) = (socket.as_raw_fd(), value.as_ptr().cast::<c_void>());
    // SAFETY: the kernel reads `length` bytes, which is how long `value` is. That it refuses is no
    // harm: the default stays.
    let _: libc::c_int = unsafe { libc::setsockopt(fd, libc::SOL_SOCKET, name, place, length) };
}

//! seccomp user notification: receiving a held system call, answering it, handing in a descriptor (seccomp_unotify(2)).
//!
//! It knows the kernel's structures and nothing of what the calls mean.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// `SECCOMP_FILTER_FLAG_NEW_LISTENER`: seccomp(2) returns a listener.
pub(super) const NEW_LISTENER: u64 = 1 << 3;
/// `SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV`: once received, only a fatal signal tears a call.
pub(super) const WAIT_KILLABLE_RECV: u64 = 1 << 5;
/// `SECCOMP_USER_NOTIF_FLAG_CONTINUE`.
const CONTINUE: u32 = 1;
/// `SECCOMP_ADDFD_FLAG_SETFD`.
const ADDFD_SETFD: u32 = 1;
/// `SECCOMP_ADDFD_FLAG_SEND`.
const ADDFD_SEND: u32 = 2;
/// `SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP`.
const SYNC_WAKE_UP: u64 = 1;

const RECV: libc::c_ulong = request(3, 0, size_of::<RawNotification>());
const SEND: libc::c_ulong = request(3, 1, size_of::<RawResponse>());
const ID_VALID: libc::c_ulong = request(1, 2, size_of::<u64>());
const ADDFD: libc::c_ulong = request(1, 3, size_of::<RawAddFd>());
const SET_FLAGS: libc::c_ulong = request(1, 4, size_of::<u64>());

/// `_IOC` of asm-generic/ioctl.h for the type `!`; direction 1 writes, 3 writes and reads.
const fn request(direction: libc::c_ulong, number: libc::c_ulong, size: usize) -> libc::c_ulong {
    (direction << 30) | ((size as libc::c_ulong) << 16) | (0x21 << 8) | number
}

// By syscall(2): the C libraries do not agree on the type of a request.

/// `struct seccomp_notif`.
#[repr(C)]
#[derive(Default)]
struct RawNotification {
    id: u64,
    pid: u32,
    flags: u32,
    nr: i32,
    arch: u32,
    instruction_pointer: u64,
    args: [u64; 6],
}

/// `struct seccomp_notif_resp`.
#[repr(C)]
struct RawResponse {
    id: u64,
    val: i64,
    error: i32,
    flags: u32,
}

/// `struct seccomp_notif_addfd`.
#[repr(C)]
struct RawAddFd {
    id: u64,
    flags: u32,
    srcfd: u32,
    newfd: u32,
    newfd_flags: u32,
}

/// A system call that the kernel holds until it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notification {
    /// What an answer names.
    pub id: u64,
    /// The calling thread.
    pub thread: i32,
    /// The call's number.
    pub call: i64,
    /// Its registers.
    pub args: [u64; 6],
}

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The call returns this.
    Value(i64),
    /// The call fails with this errno.
    Fails(i32),
    /// The kernel runs the call as it now stands: never for one whose memory was judged.
    Continue,
}

/// Installs `program` for this thread and all it will start, and opens its listener: a descriptor
/// of this process, closed on exec. Needs `no_new_privs` or `CAP_SYS_ADMIN`.
///
/// # Errors
/// `EBUSY` when a filter with a listener is installed already, `EINVAL` before Linux 5.19.
pub fn install(program: &mut [super::seccomp::Instruction]) -> io::Result<OwnedFd> {
    let length = u16::try_from(program.len()).map_err(io::Error::other)?;
    let header = libc::sock_fprog { len: length, filter: program.as_mut_ptr() };
    // SAFETY: `header` points to `length` instructions that live until the call returns; the
    // kernel copies them and keeps no pointer.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            NEW_LISTENER | WAIT_KILLABLE_RECV,
            &raw const header,
        )
    };
    let fd = RawFd::try_from(result).map_err(io::Error::other)?;
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Asks for wake-ups on the same CPU, which makes an answer five times faster on an idle machine.
///
/// # Errors
/// `EINVAL` before Linux 6.6: slower, and nothing else.
pub fn wake_in_step(listener: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: SET_FLAGS takes its flags as an integer and touches no memory of ours.
    check(unsafe { libc::syscall(libc::SYS_ioctl, listener.as_raw_fd(), SET_FLAGS, SYNC_WAKE_UP) })
}

/// The next held call; `None` when its caller has died meanwhile. Only to be called when poll(2)
/// has said that the listener is readable: it waits for a call otherwise.
///
/// # Errors
/// A failed ioctl(2).
pub fn receive(listener: BorrowedFd<'_>) -> io::Result<Option<Notification>> {
    let mut raw = RawNotification::default();
    // SAFETY: the kernel fills a zeroed seccomp_notif of its own size that lives on this stack.
    match check(unsafe { libc::syscall(libc::SYS_ioctl, listener.as_raw_fd(), RECV, &raw mut raw) })
    {
        Ok(()) => Ok(Some(Notification {
            id: raw.id,
            thread: i32::try_from(raw.pid).unwrap_or(0),
            call: i64::from(raw.nr),
            args: raw.args,
        })),
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Answers a held call.
///
/// # Errors
/// `ENOENT` when the caller died meanwhile.
pub fn answer(listener: BorrowedFd<'_>, id: u64, answer: Answer) -> io::Result<()> {
    let mut raw = match answer {
        Answer::Value(val) => RawResponse { id, val, error: 0, flags: 0 },
        Answer::Fails(errno) => RawResponse { id, val: 0, error: -errno, flags: 0 },
        Answer::Continue => RawResponse { id, val: 0, error: 0, flags: CONTINUE },
    };
    // SAFETY: the kernel reads a seccomp_notif_resp that lives on this stack.
    check(unsafe { libc::syscall(libc::SYS_ioctl, listener.as_raw_fd(), SEND, &raw mut raw) })
}

/// Whether a descriptor handed in closes when its new owner executes a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnExec {
    /// It stays open.
    Keep,
    /// It closes.
    Close,
}

/// Gives the caller a duplicate of `file` and lets the call return its number, in one step.
///
/// # Errors
/// `EMFILE` at the caller's limit, `ENOENT` when it died; the call is then still held.
pub fn hand_in(
    listener: BorrowedFd<'_>,
    id: u64,
    file: BorrowedFd<'_>,
    on_exec: OnExec,
) -> io::Result<()> {
    add(listener, id, file, (ADDFD_SEND, 0), on_exec)
}

/// Puts a duplicate of `file` in the place of the caller's descriptor `number`. The call is still
/// held then.
///
/// # Errors
/// `EBADF` for a number beyond the caller's limit, `ENOENT` when it died.
pub fn put_in_place(
    listener: BorrowedFd<'_>,
    id: u64,
    file: BorrowedFd<'_>,
    number: i32,
    on_exec: OnExec,
) -> io::Result<()> {
    let number = u32::try_from(number).map_err(io::Error::other)?;
    add(listener, id, file, (ADDFD_SETFD, number), on_exec)
}

fn add(
    listener: BorrowedFd<'_>,
    id: u64,
    file: BorrowedFd<'_>,
    (flags, newfd): (u32, u32),
    on_exec: OnExec,
) -> io::Result<()> {
    let newfd_flags = if on_exec == OnExec::Close { libc::O_CLOEXEC } else { 0 };
    let raw = RawAddFd {
        id,
        flags,
        srcfd: u32::try_from(file.as_raw_fd()).map_err(io::Error::other)?,
        newfd,
        newfd_flags: u32::try_from(newfd_flags).map_err(io::Error::other)?,
    };
    // SAFETY: the kernel reads a seccomp_notif_addfd that lives on this stack.
    check(
        unsafe { libc::syscall(libc::SYS_ioctl, listener.as_raw_fd(), ADDFD, &raw const raw) }
            .min(0),
    )
}

/// Whether the caller still waits. What was read of its memory counts only when it does: its
/// number may belong to another process by now.
#[must_use]
pub fn is_valid(listener: BorrowedFd<'_>, id: u64) -> bool {
    // SAFETY: the kernel reads one u64 that lives on this stack.
    let result =
        unsafe { libc::syscall(libc::SYS_ioctl, listener.as_raw_fd(), ID_VALID, &raw const id) };
    result == 0
}

fn check(result: libc::c_long) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

//! Namespaces and what is mounted in them (namespaces(7), mount(2), mount_setattr(2)). It knows no policy.

use super::process::{Alone, Fork};
use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;

/// `OPEN_TREE_CLONE` of linux/mount.h.
const OPEN_TREE_CLONE: libc::c_int = 1;
/// `MOVE_MOUNT_F_EMPTY_PATH` of linux/mount.h.
const MOVE_MOUNT_F_EMPTY_PATH: libc::c_int = 4;

/// Who a process is before it enters a user namespace, where it would be nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids {
    /// The user it acts as.
    pub user: u32,
    /// The group it acts as.
    pub group: u32,
}

/// Who this process is.
#[must_use]
pub fn own_ids() -> Ids {
    Ids { user: nix::unistd::geteuid().as_raw(), group: nix::unistd::getegid().as_raw() }
}

/// Whether namespaces come with a user namespace around them, which gives an ordinary user the
/// rights to make them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// As it is: whoever may administrate the machine needs none.
    Same,
    /// A new one.
    New,
}

/// Which of the two this process needs: `CAP_SYS_ADMIN` is enough for everything but itself.
#[must_use]
pub fn user_needed() -> User {
    let held = caps::has_cap(None, caps::CapSet::Effective, caps::Capability::CAP_SYS_ADMIN);
    if held.unwrap_or(false) { User::Same } else { User::New }
}

/// Splits this process in two, of which the new one is process 1 of a new pid namespace, in new
/// mount and ipc namespaces (clone(2)).
///
/// # Errors
/// `EPERM` or `ENOSPC` where namespaces are not to be had, and those of fork(2).
pub fn fork_into(user: User, _: &Alone) -> io::Result<Fork> {
    let around = match user {
        User::Same => 0,
        User::New => libc::CLONE_NEWUSER,
    };
    let flags = libc::c_long::from(
        around | libc::CLONE_NEWPID | libc::CLONE_NEWNS | libc::CLONE_NEWIPC | libc::SIGCHLD,
    );
    // SAFETY: without CLONE_VM and with no stack given the child goes on here on a copy of this
    // memory, as after fork(2); this process has a single thread (proven), so no lock can
    // be held by a thread that the child does not have. The remaining pointers are null.
    let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0_usize, 0_usize, 0_usize, 0_usize) };
    match i32::try_from(pid).map_err(io::Error::other)? {
        0 => Ok(Fork::Child(Alone::child())),
        pid if pid > 0 => Ok(Fork::Parent(pid)),
        _ => Err(io::Error::last_os_error()),
    }
}

/// In a new user namespace, gives this process's user and group the names they had before
/// (user_namespaces(7)). Other groups stay without a name, and cannot be dropped.
///
/// # Errors
/// `EPERM` where a security module forbids it.
pub fn keep_ids(ids: Ids) -> io::Result<()> {
    let Ids { user, group } = ids;
    // A group that denies what others may could be dropped otherwise.
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{group} {group} 1"))
}

/// Cuts every mount off from its peers in other namespaces, so that nothing mounted here is seen
/// there, nor the other way round.
///
/// # Errors
/// `EPERM` inside a Landlock domain or where a security module forbids it.
pub fn cut_off_mounts() -> io::Result<()> {
    mount(c"none", c"/", c"", libc::MS_REC | libc::MS_PRIVATE, c"")
}

/// Mounts an empty directory in memory that everybody may write to, like /tmp. `share` is how
/// much of the machine's memory it may fill, in percent.
///
/// # Errors
/// The kernel's.
pub fn mount_memory(at: &CStr, share: u8) -> io::Result<()> {
    let options = format!("mode=1777,size={share}%\0");
    let options = CStr::from_bytes_with_nul(options.as_bytes()).map_err(io::Error::other)?;
    mount(c"tmpfs", at, c"tmpfs", libc::MS_NOSUID | libc::MS_NODEV, options)
}

/// Mounts a /proc that shows the processes of this pid namespace.
///
/// # Errors
/// `EPERM` in a user namespace whose own /proc has something hidden.
pub fn mount_proc() -> io::Result<()> {
    let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
    mount(c"proc", c"/proc", c"proc", flags, c"")
}

fn mount(
    source: &CStr,
    target: &CStr,
    kind: &CStr,
    flags: libc::c_ulong,
    options: &CStr,
) -> io::Result<()> {
    // SAFETY: all texts end with NUL and live until the call returns.
    let result = unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            options.as_ptr().cast::<libc::c_void>(),
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Takes a tree along: a copy of what `place` is open on and of all that is mounted below it,
/// not yet mounted anywhere (open_tree(2)).
///
/// # Errors
/// `EINVAL` when it lies in another mount namespace.
pub fn copy_of(place: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let flags = OPEN_TREE_CLONE | libc::O_CLOEXEC | libc::AT_EMPTY_PATH | libc::AT_RECURSIVE;
    // SAFETY: the name is an empty text of this program; `place` is borrowed for the call.
    let result =
        unsafe { libc::syscall(libc::SYS_open_tree, place.as_raw_fd(), c"".as_ptr(), flags) };
    let fd = RawFd::try_from(result).map_err(io::Error::other)?;
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Mounts a tree that was taken along (move_mount(2)).
///
/// # Errors
/// The kernel's.
pub fn mount_copy(tree: BorrowedFd<'_>, at: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let at = std::ffi::CString::new(at.as_os_str().as_bytes()).map_err(io::Error::other)?;
    // SAFETY: both names end with NUL and live until the call returns; `tree` is borrowed for it.
    let result = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            at.as_ptr(),
            MOVE_MOUNT_F_EMPTY_PATH,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

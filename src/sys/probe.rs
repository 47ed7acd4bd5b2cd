//! Asking the kernel what it offers, by calls that change nothing.

use std::io;

/// `LANDLOCK_CREATE_RULESET_VERSION` of linux/landlock.h.
const VERSION: u32 = 1;
/// `LANDLOCK_CREATE_RULESET_ERRATA` of linux/landlock.h.
const ERRATA: u32 = 2;

/// The Landlock ABI version; 0 when Landlock is absent, disabled or refused.
#[must_use]
pub fn landlock_abi() -> u32 {
    landlock_query(VERSION)
}

/// The bits of Landlock mistakes that are fixed in this kernel; 0 when it cannot tell.
#[must_use]
pub fn landlock_errata() -> u32 {
    landlock_query(ERRATA)
}

fn landlock_query(flag: u32) -> u32 {
    // SAFETY: with a flag set the attribute pointer must be null and its size zero; the call then
    // only returns a number (Documentation/userspace-api/landlock.rst).
    let answer = unsafe {
        libc::syscall(
            libc::SYS_landlock_create_ruleset,
            std::ptr::null::<libc::c_void>(),
            0_usize,
            flag,
        )
    };
    u32::try_from(answer).unwrap_or(0)
}

/// Whether seccomp filters are offered, and with `SECCOMP_RET_USER_NOTIF` among their answers.
#[must_use]
pub fn seccomp_action(action: u32) -> bool {
    // SAFETY: SECCOMP_GET_ACTION_AVAIL reads one u32 that lives on this stack.
    let result = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_GET_ACTION_AVAIL, 0_u32, &raw const action)
    };
    result == 0
}

/// Whether a filter can answer a call with an errno.
#[must_use]
pub fn seccomp_filter() -> bool {
    seccomp_action(libc::SECCOMP_RET_ERRNO)
}

/// Whether a filter can hand a call to a supervisor, and no signal but a fatal one tears it from
/// there (Linux 5.19): asked without a program, so that a kernel which knows these flags says `EFAULT`.
#[must_use]
pub fn user_notification() -> bool {
    // SAFETY: the null pointer is looked at after the flags, and refused.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            super::notify::NEW_LISTENER | super::notify::WAIT_KILLABLE_RECV,
            std::ptr::null::<libc::c_void>(),
        )
    };
    result < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EFAULT)
}

/// Whether `pidfd_getfd(2)` is let through: asked with a descriptor that is none, so that a
/// kernel which offers it says `EBADF`.
#[must_use]
pub fn pidfd_getfd() -> bool {
    // SAFETY: the call takes three integers; -1 is no descriptor, so nothing is duplicated.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_getfd, -1, -1, 0_u32) };
    result < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EBADF)
}

/// Whether a sandbox is around this process already: it may gain no rights, and a seccomp filter is
/// installed (`PR_GET_NO_NEW_PRIVS`, `PR_GET_SECCOMP` of prctl(2)). Whose it is cannot be told.
#[must_use]
pub fn is_confined() -> bool {
    const FILTERED: i32 = 2;
    // SAFETY: takes no pointer and changes nothing; strict mode, which would end us, has no reads.
    let mode = unsafe { libc::prctl(libc::PR_GET_SECCOMP) };
    mode == FILTERED && nix::sys::prctl::get_no_new_privs().unwrap_or(false)
}

/// Whether the kernel lists the children of a task in /proc.
#[must_use]
pub fn proc_children() -> bool {
    std::path::Path::new("/proc/thread-self/children").exists()
}

/// Whether a user namespace can be made, tried in a child that ends at once.
#[must_use]
pub fn user_namespace() -> bool {
    use super::process::{Alone, Fork, fork};
    match Alone::prove().and_then(|alone| fork(&alone)) {
        Ok(Fork::Child(_)) => {
            // SAFETY: unshare changes only this short-lived child.
            let result = unsafe { libc::unshare(libc::CLONE_NEWUSER) };
            super::process::exit_now(i32::from(result != 0));
        }
        Ok(Fork::Parent(pid)) => matches!(
            nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(pid), None),
            Ok(nix::sys::wait::WaitStatus::Exited(_, 0))
        ),
        Err(_) => false,
    }
}

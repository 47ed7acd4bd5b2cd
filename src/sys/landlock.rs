//! Filling a Landlock ruleset and entering it (landlock(7)); what the rights mean is the `landlock` crate's.
//!
//! That crate could do this too. It asks again what each descriptor is, which over the hundred
//! rules of a launch is time, and it takes the ruleset away with the call that enters it, which a
//! process that shares its memory and descriptors with its parent must not do.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

/// `LANDLOCK_RULE_PATH_BENEATH` of linux/landlock.h.
const PATH_BENEATH: libc::c_int = 1;

/// `struct landlock_path_beneath_attr` of linux/landlock.h.
#[repr(C, packed)]
struct PathBeneathAttr {
    allowed_access: u64,
    parent_fd: i32,
}

/// Grants `access`, bits of `LANDLOCK_ACCESS_FS_*`, on the file or on everything at and below the
/// directory that `beneath` is open on.
///
/// # Errors
/// `EINVAL` for rights that the ruleset does not handle, or that only directories have and
/// `beneath` is none; `ENOMEM`.
pub fn add_path_beneath(
    ruleset: BorrowedFd<'_>,
    beneath: BorrowedFd<'_>,
    access: u64,
) -> io::Result<()> {
    let rule = PathBeneathAttr { allowed_access: access, parent_fd: beneath.as_raw_fd() };
    // SAFETY: `rule` has the layout the kernel reads for this rule type and lives until the call
    // returns; both descriptors are borrowed, so they are open.
    let result = unsafe {
        libc::syscall(
            libc::SYS_landlock_add_rule,
            ruleset.as_raw_fd(),
            PATH_BENEATH,
            &raw const rule,
            0_u32,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// `LANDLOCK_RULE_NET_PORT`.
const NET_PORT: libc::c_int = 2;

/// `struct landlock_net_port_attr` of linux/landlock.h.
#[repr(C)]
struct NetPortAttr {
    allowed_access: u64,
    port: u64,
}

/// Grants `access`, bits of `LANDLOCK_ACCESS_NET_*`, on a port.
///
/// # Errors
/// `EINVAL` for rights that the ruleset does not handle; `ENOMEM`.
pub fn add_port(ruleset: BorrowedFd<'_>, port: u16, access: u64) -> io::Result<()> {
    let rule = NetPortAttr { allowed_access: access, port: u64::from(port) };
    // SAFETY: `rule` has the layout the kernel reads for this rule type and lives until the call
    // returns; the descriptor is borrowed, so it is open.
    let result = unsafe {
        libc::syscall(
            libc::SYS_landlock_add_rule,
            ruleset.as_raw_fd(),
            NET_PORT,
            &raw const rule,
            0_u32,
        )
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Restricts this process and all it will start; needs `no_new_privs` or `CAP_SYS_ADMIN`.
///
/// # Errors
/// `E2BIG` when this process is in 16 domains already, `EPERM` without `no_new_privs`.
pub fn restrict_self(ruleset: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: the call takes two integers; the descriptor is borrowed, so it is open.
    let result =
        unsafe { libc::syscall(libc::SYS_landlock_restrict_self, ruleset.as_raw_fd(), 0_u32) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

//! What this machine can enforce, probed by calls that change nothing.

use crate::model::support::Support;
use crate::sys::probe;

/// What the launch path needs to know; a handful of system calls.
#[must_use]
pub fn probe() -> Support {
    Support {
        landlock_abi: probe::landlock_abi(),
        landlock_errata: probe::landlock_errata(),
        seccomp_filter: probe::seccomp_filter(),
        user_notification: probe::user_notification(),
        pidfd_getfd: probe::pidfd_getfd(),
        user_namespace: None,
        proc_children: probe::proc_children(),
    }
}

/// Everything that can be told, at the price of a short-lived process.
#[must_use]
pub fn probe_thoroughly() -> Support {
    Support { user_namespace: Some(probe::user_namespace()), ..probe() }
}

//! What this machine can enforce, probed by calls that change nothing.

use super::enter;
use crate::model::support::Support;
use crate::policy::resolved::Isolate;
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
        namespaces: None,
    }
}

/// What the launch of a run by such a policy needs to know: only where it makes a difference is a
/// process spent on trying namespaces.
#[must_use]
pub fn probe_for(isolate: Isolate) -> Support {
    let namespaces = (isolate == Isolate::WhenPossible).then(enter::probe);
    Support { namespaces, ..probe() }
}

/// Everything that can be told, at the price of short-lived processes.
#[must_use]
pub fn probe_thoroughly() -> Support {
    let user_namespace = Some(probe::user_namespace());
    Support { user_namespace, namespaces: Some(enter::probe()), ..probe() }
}

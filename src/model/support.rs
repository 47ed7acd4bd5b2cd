//! What this machine can enforce, and the promises a policy may ask for.

use serde::{Deserialize, Serialize};

/// What the running kernel offers to an unprivileged process, as probed once at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Support {
    /// Landlock ABI version; 0 when Landlock is absent or disabled.
    pub landlock_abi: u32,
    /// Bits of kernel mistakes that are fixed here (`LANDLOCK_CREATE_RULESET_ERRATA`).
    pub landlock_errata: u32,
    /// Whether seccomp filters can be installed.
    pub seccomp_filter: bool,
    /// Whether seccomp user notification is offered.
    pub user_notification: bool,
    /// Whether `pidfd_getfd(2)` works (Docker's default profile refuses it).
    pub pidfd_getfd: bool,
    /// Whether an unprivileged user namespace can be made; `None` when it was not tried, since
    /// trying costs a process.
    pub user_namespace: Option<bool>,
    /// Whether the kernel lists children in /proc (`CONFIG_PROC_CHILDREN`): cleaning up needs it.
    pub proc_children: bool,
    /// Whether a run can have namespaces of its own, and what stands in the way; `None` when it
    /// was not tried, since trying costs a process.
    pub namespaces: Option<Result<(), Obstacle>>,
}

/// The step on the way into namespaces that failed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Obstacle {
    /// The step.
    pub step: Step,
    /// The kernel's error number; 0 when it was not the kernel that refused.
    pub errno: i32,
}

/// The steps into namespaces of one's own, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Starting a process in new namespaces.
    Start,
    /// Giving its user and group their names in the new user namespace.
    Ids,
    /// Cutting its mounts off from the machine's.
    Apart,
    /// Taking along what is granted below a directory that will be its own.
    Keep,
    /// Mounting empty directories for temporary files.
    Fresh,
    /// Mounting a /proc of its own.
    Proc,
    /// Granting what is mounted now.
    Grant,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Start, Self::Ids, Self::Apart, Self::Keep, Self::Fresh, Self::Proc, Self::Grant];
}

/// A promise to the person; a policy lists those it requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Promise {
    /// Nothing is changed outside the write roots.
    Writes,
    /// Nothing is read outside the read roots.
    Reads,
    /// Names that the policy protects in the workspace stay as they are, there yet or not.
    Protected,
    /// Mode, owner, times and attributes change only inside the write roots.
    Metadata,
    /// Truncation counts as a write (Landlock ABI 3).
    Truncate,
    /// Devices take no ioctl outside the roots that allow it (Landlock ABI 5).
    Devices,
    /// No signal and no abstract socket reaches an outsider (Landlock ABI 6).
    Isolation,
    /// Network access is what the policy says.
    Network,
    /// Dangerous kernel entrances are closed.
    Kernel,
    /// Nothing outlives the run.
    Cleanup,
    /// No process outside is seen, and temporary files and shared memory are the run's own.
    Private,
    /// The run is written down.
    Journal,
}

impl Promise {
    /// All of them, in the order a person would want to read them.
    pub const ALL: &[Self] = &[
        Self::Writes,
        Self::Reads,
        Self::Protected,
        Self::Metadata,
        Self::Truncate,
        Self::Devices,
        Self::Isolation,
        Self::Network,
        Self::Kernel,
        Self::Cleanup,
        Self::Private,
        Self::Journal,
    ];

    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Writes => "writes",
            Self::Reads => "reads",
            Self::Protected => "protected",
            Self::Metadata => "metadata",
            Self::Truncate => "truncate",
            Self::Devices => "devices",
            Self::Isolation => "isolation",
            Self::Network => "network",
            Self::Kernel => "kernel",
            Self::Cleanup => "cleanup",
            Self::Private => "private",
            Self::Journal => "journal",
        }
    }
}

/// How well a promise is held here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// Not at all.
    Missing,
    /// With a hole that is named.
    Partial,
    /// Wholly.
    Full,
}

//! Which system calls are refused, with what answer and why, as tables.
//!
//! Only entrances that an unprivileged process could otherwise use are here, and those that
//! would matter if a capability were left by mistake.

use super::super::plan::SandboxPlan;
use super::bits::Bits;
use super::link::Fate;
use crate::policy::resolved::{Network, UnixSockets};
use crate::sys::call::{self, Call};
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{BackendError, SeccompCondition, SeccompRule};
use std::collections::BTreeMap;

/// What a refused call gets to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// "Operation not permitted": the call exists and is refused.
    NotPermitted,
    /// "Function not implemented": the caller is expected to fall back on an older call.
    NoSuchCall,
    /// "Protocol not supported": the caller is expected to try plain TCP.
    NoSuchProtocol,
    /// Nothing happens, and the caller is told that it did.
    Nothing,
    /// The call is held until the supervisor answers it.
    Held,
}

impl Answer {
    /// The errno of the answer.
    #[must_use]
    pub const fn errno(self) -> u32 {
        match self {
            Self::NotPermitted => 1,
            Self::NoSuchCall => 38,
            Self::NoSuchProtocol => 93,
            Self::Nothing => 0,
            // As without a listener.
            Self::Held => 38,
        }
    }
}

/// Calls whose arguments decide: each gets the answer when one of its rules fits.
#[derive(Debug)]
pub struct Group {
    /// The answer.
    pub answer: Answer,
    /// The calls, by number.
    pub calls: BTreeMap<i64, Vec<SeccompRule>>,
}

/// Calls whose whole purpose lies outside a sandbox.
const REFUSED: &[(Call, &str)] = &[
    (call::MOUNT, "changes what paths mean"),
    (call::UMOUNT2, "changes what paths mean"),
    (call::PIVOT_ROOT, "changes what paths mean"),
    (call::CHROOT, "changes what paths mean"),
    (call::MOVE_MOUNT, "changes what paths mean"),
    (call::OPEN_TREE, "changes what paths mean"),
    (call::FSOPEN, "changes what paths mean"),
    (call::FSCONFIG, "changes what paths mean"),
    (call::FSMOUNT, "changes what paths mean"),
    (call::FSPICK, "changes what paths mean"),
    (call::MOUNT_SETATTR, "changes what paths mean"),
    (call::SETNS, "enters the namespaces of others"),
    (call::OPEN_BY_HANDLE_AT, "opens files without a path"),
    (call::BPF, "loads code into the kernel"),
    (call::PERF_EVENT_OPEN, "watches the kernel and others"),
    (call::USERFAULTFD, "makes kernel races winnable"),
    (call::KEYCTL, "reaches the person's session keyring"),
    (call::ADD_KEY, "reaches the person's session keyring"),
    (call::REQUEST_KEY, "reaches the person's session keyring"),
    (call::KEXEC_LOAD, "replaces the kernel"),
    (call::KEXEC_FILE_LOAD, "replaces the kernel"),
    (call::INIT_MODULE, "loads code into the kernel"),
    (call::FINIT_MODULE, "loads code into the kernel"),
    (call::DELETE_MODULE, "unloads kernel code"),
    (call::REBOOT, "stops the machine"),
    (call::SWAPON, "changes the machine's memory"),
    (call::SWAPOFF, "changes the machine's memory"),
    (call::SETHOSTNAME, "renames the machine"),
    (call::SETDOMAINNAME, "renames the machine"),
    (call::SETTIMEOFDAY, "changes the machine's clock"),
    (call::CLOCK_SETTIME, "changes the machine's clock"),
    (call::ACCT, "writes a log of all processes"),
    (call::QUOTACTL, "changes disk quotas"),
    (call::SHMGET, "shares memory with outsiders, by a number anybody may guess"),
    (call::SHMAT, "shares memory with outsiders, by a number anybody may guess"),
    (call::SHMCTL, "removes or reads what outsiders share"),
    (call::SEMGET, "reaches the semaphores of outsiders"),
    (call::SEMOP, "reaches the semaphores of outsiders"),
    (call::SEMTIMEDOP, "reaches the semaphores of outsiders"),
    (call::SEMCTL, "reaches the semaphores of outsiders"),
    (call::MSGGET, "reaches the message queues of outsiders"),
    (call::MSGSND, "reaches the message queues of outsiders"),
    (call::MSGRCV, "reaches the message queues of outsiders"),
    (call::MSGCTL, "reaches the message queues of outsiders"),
    (call::MQ_UNLINK, "removes the message queues of outsiders"),
    (call::SYSLOG, "reads the kernel's log"),
    (call::VHANGUP, "hangs up the terminal"),
];

/// Calls whose effects no filter can see; programs fall back on others when they are absent.
const ABSENT: &[(Call, &str)] = &[
    (call::IO_URING_SETUP, "its operations pass no filter"),
    (call::IO_URING_ENTER, "its operations pass no filter"),
    (call::IO_URING_REGISTER, "its operations pass no filter"),
    (call::CLONE3, "its flags lie in memory, out of a filter's sight"),
];

/// Namespaces would give capabilities over copies of what is guarded (namespaces(7)).
const NAMESPACES: u32 = 0x0002_0000 // CLONE_NEWNS
    | 0x0200_0000 // CLONE_NEWCGROUP
    | 0x0400_0000 // CLONE_NEWUTS
    | 0x0800_0000 // CLONE_NEWIPC
    | 0x1000_0000 // CLONE_NEWUSER
    | 0x2000_0000 // CLONE_NEWPID
    | 0x4000_0000; // CLONE_NEWNET
/// CLONE_NEWTIME; for clone(2) these bits are the exit signal, so it concerns unshare(2) alone.
const NEW_TIME: u32 = 0x80;

/// The calls that bits of an argument refuse, and what they meet.
#[must_use]
pub fn bits(fate: Fate) -> Vec<Bits> {
    let flags = |call, any| Bits { call, argument: 0, unless: 0, any, fate };
    vec![flags(call::UNSHARE, NAMESPACES | NEW_TIME), flags(call::CLONE, NAMESPACES)]
}

/// Terminal requests that type for the person or paste for them (ioctl_tty(2)).
pub const TYPING: &[u32] = &[
    0x5412, // TIOCSTI
    0x541c, // TIOCLINUX
    0x5423, // TIOCSETD: line disciplines are kernel code
];

const SOCK_DGRAM: u64 = 2;
const SOCK_RAW: u64 = 3;

const UNIX: u64 = 1;
const INET: u64 = 2;
const INET6: u64 = 10;
const NETLINK: u64 = 16;
/// The only netlink protocol that ordinary programs need: reading interfaces and routes.
const NETLINK_ROUTE: u64 = 0;
/// Multipath TCP walks past Landlock's TCP rules on this kernel; callers fall back on TCP.
const MPTCP: u64 = 262;

/// The calls that are refused whatever their arguments, by number.
#[must_use]
pub fn outright(plan: &SandboxPlan) -> BTreeMap<i64, Answer> {
    let table = |calls: &'static [(Call, &str)], answer| {
        calls.iter().map(move |(number, _)| (*number, answer))
    };
    let mut refused: BTreeMap<i64, Answer> =
        table(REFUSED, Answer::NotPermitted).chain(table(ABSENT, Answer::NoSuchCall)).collect();
    if families(plan).is_empty() {
        // No socket is made at all; `socketpair` remains.
        refused.insert(call::SOCKET, Answer::NotPermitted);
    }
    refused
}

/// The calls whose arguments decide.
///
/// # Errors
/// A condition that seccompiler does not accept.
pub fn groups(plan: &SandboxPlan) -> Result<Vec<Group>, BackendError> {
    let mut refused = BTreeMap::new();
    let mut pairs = vec![SeccompRule::new(vec![SeccompCondition::new(0, Dword, Ne, UNIX)?])?];
    if plan.unix_sockets != UnixSockets::Host {
        pairs.extend(datagram_pairs()?);
    }
    refused.insert(call::SOCKETPAIR, pairs);
    let families = families(plan);
    let mut groups = Vec::new();
    if !families.is_empty() {
        refused.insert(call::SOCKET, sockets(&families)?);
        let calls = BTreeMap::from([(call::SOCKET, vec![multipath()?])]);
        groups.push(Group { answer: Answer::NoSuchProtocol, calls });
    }
    groups.push(Group { answer: Answer::NotPermitted, calls: refused });
    Ok(groups)
}

/// An end of a pair of datagram sockets can be sent to any socket of the file system by name, as
/// one of socket(2) can; ends of streams stay with each other. The kernel makes of a raw pair one
/// of datagrams (unix_create in net/unix/af_unix.c).
fn datagram_pairs() -> Result<Vec<SeccompRule>, BackendError> {
    let kind =
        |kind: u64| SeccompRule::new(vec![SeccompCondition::new(1, Dword, MaskedEq(0xf), kind)?]);
    Ok(vec![kind(SOCK_DGRAM)?, kind(SOCK_RAW)?])
}

/// The socket families that are left.
fn families(plan: &SandboxPlan) -> Vec<u64> {
    let mut families = Vec::new();
    // Those of the run's own are answered by a part of their own (`local.rs`) before it comes to this.
    if plan.unix_sockets != UnixSockets::None {
        families.push(UNIX);
    }
    if plan.network == Network::Host {
        families.extend([INET, INET6, NETLINK]);
    }
    families
}

/// Every other family, and netlink protocols but the one for routes.
fn sockets(families: &[u64]) -> Result<Vec<SeccompRule>, BackendError> {
    let outside = families
        .iter()
        .map(|family| SeccompCondition::new(0, Dword, Ne, *family))
        .collect::<Result<Vec<_>, _>>()?;
    let netlink = vec![
        SeccompCondition::new(0, Dword, Eq, NETLINK)?,
        SeccompCondition::new(2, Dword, Ne, NETLINK_ROUTE)?,
    ];
    Ok(vec![SeccompRule::new(outside)?, SeccompRule::new(netlink)?])
}

fn multipath() -> Result<SeccompRule, BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(2, Dword, Eq, MPTCP)?])
}

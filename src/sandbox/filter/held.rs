//! Which system calls are held for the supervisor, and which it cannot judge and are refused instead, as tables.
//!
//! Opens for reading are held only for a policy that hides names, and for a person who watches refused reads: else
//! what may be read is Landlock's word alone. Nothing here knows a path.

use super::bits::{self, Bits};
use super::link::Fate;
use super::rules::{Answer, Group};
use crate::sys::call::{self, Call};
use seccompiler::SeccompCmpArgLen::Dword;
use seccompiler::SeccompCmpOp::Eq;
use seccompiler::{BackendError, SeccompCondition, SeccompRule};
use std::collections::BTreeMap;

/// Held whatever their arguments.
pub const WHOLLY: &[Call] = &[
    call::CREAT,
    call::OPENAT2,
    call::UNLINK,
    call::UNLINKAT,
    call::RMDIR,
    call::RENAME,
    call::RENAMEAT,
    call::RENAMEAT2,
    call::LINK,
    call::LINKAT,
    call::SYMLINK,
    call::SYMLINKAT,
    call::MKDIR,
    call::MKDIRAT,
    call::MKNOD,
    call::MKNODAT,
    call::TRUNCATE,
    call::CHMOD,
    call::FCHMODAT,
    call::FCHMODAT2,
    call::CHOWN,
    call::LCHOWN,
    call::FCHOWNAT,
    call::UTIME,
    call::UTIMES,
    call::FUTIMESAT,
    call::UTIMENSAT,
    call::SETXATTR,
    call::LSETXATTR,
    call::REMOVEXATTR,
    call::LREMOVEXATTR,
    call::UMASK,
];

/// Held as well, although they name a descriptor: one that is open for reading is enough to change
/// the mode, owner, times and attributes of a file outside.
pub const BY_DESCRIPTOR: &[Call] =
    &[call::FCHMOD, call::FCHOWN, call::FSETXATTR, call::FREMOVEXATTR];

/// Held when their flags, in this register, say that something may be changed.
pub const BY_FLAGS: &[(Call, u8)] = &[(call::OPEN, 1), (call::OPENAT, 2)];

/// Newer calls for which every program has another way, and one that would make what is carried
/// out for a program more than the program itself may do: a further Landlock domain of its own
/// binds it, and not the supervisor that acts for it.
const ABSENT: &[(Call, &str)] = &[
    (call::SETXATTRAT, "its name lies in memory, behind a structure"),
    (call::REMOVEXATTRAT, "it goes with setxattrat"),
    (call::FILE_SETATTR, "changes inode flags, of files outside as well"),
    (call::LANDLOCK_CREATE_RULESET, "its rules would not bind what is carried out for it"),
];

/// ioctls that change files that are only open for reading (linux/fs.h, linux/fsverity.h,
/// linux/fscrypt.h).
pub const INODE_REQUESTS: &[u32] = &[
    0x4008_6602, // FS_IOC_SETFLAGS
    0x4004_6602, // FS_IOC32_SETFLAGS
    0x401c_5820, // FS_IOC_FSSETXATTR
    0x4008_7602, // FS_IOC_SETVERSION
    0x4008_6604, // EXT4_IOC_SETVERSION
    0x0000_6609, // EXT4_IOC_MIGRATE
    0x5000_9401, // BTRFS_IOC_SNAP_CREATE
    0x5000_940e, // BTRFS_IOC_SUBVOL_CREATE
    0x5000_940f, // BTRFS_IOC_SNAP_DESTROY
    0x5000_9417, // BTRFS_IOC_SNAP_CREATE_V2
    0x5000_9418, // BTRFS_IOC_SUBVOL_CREATE_V2
    0x5000_943f, // BTRFS_IOC_SNAP_DESTROY_V2
    0x4008_941a, // BTRFS_IOC_SUBVOL_SETFLAGS
    0x4080_6685, // FS_IOC_ENABLE_VERITY
    0x800c_6613, // FS_IOC_SET_ENCRYPTION_POLICY
];

/// `PR_SET_DUMPABLE` of linux/prctl.h.
const SET_DUMPABLE: u64 = 4;
const ACCESS_MODE: u32 = 0o3;
const CREATE: u32 = 0o100;
const TRUNCATE: u32 = 0o1000;
/// `O_PATH`: nothing can be changed by what it opens.
const PATH: u32 = 0o10_000_000;
/// The bit of `O_TMPFILE` that is its own.
const NAMELESS: u32 = 0o20_000_000;

/// The calls that are held or refused whatever their arguments.
#[must_use]
pub fn outright() -> BTreeMap<i64, Answer> {
    let held = WHOLLY.iter().chain(BY_DESCRIPTOR).map(|number| (*number, Answer::Held));
    // Some have no number on this architecture.
    held.filter(|(number, _)| *number >= 0)
        .chain(ABSENT.iter().map(|(number, _)| (*number, Answer::NoSuchCall)))
        .collect()
}

/// Every open, whatever its flags: for a person who wants to see which reads are refused.
#[must_use]
pub fn opens() -> BTreeMap<i64, Answer> {
    let calls = BY_FLAGS.iter().filter(|(number, _)| *number >= 0);
    calls.map(|(number, _)| (*number, Answer::Held)).collect()
}

/// Which opens are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Those whose flags, in a register, say that something may be changed.
    Writing,
    /// All but those of mere places (`O_PATH`).
    All,
}

/// The calls that are held by their flags.
#[must_use]
pub fn bits(opens: Opens) -> Vec<Bits> {
    let any = match opens {
        Opens::Writing => ACCESS_MODE | CREATE | TRUNCATE | NAMELESS,
        Opens::All => bits::ALWAYS,
    };
    let held = |(call, argument): &(Call, u8)| Bits {
        call: *call,
        argument: *argument,
        unless: PATH,
        any,
        fate: Fate::Held,
    };
    // Some have no number on this architecture.
    BY_FLAGS.iter().filter(|(number, _)| *number >= 0).map(held).collect()
}

/// What is answered beside what is held.
///
/// # Errors
/// A condition that seccompiler does not accept.
pub fn groups() -> Result<Vec<Group>, BackendError> {
    let calls = BTreeMap::from([(call::PRCTL, vec![undumpable()?])]);
    Ok(vec![Group { answer: Answer::Nothing, calls }])
}

/// A process that may not be looked into, as agents of keys make themselves, could not be served:
/// its names lie in its memory. The run's other processes are the only ones that gain by it.
fn undumpable() -> Result<SeccompRule, BackendError> {
    SeccompRule::new(vec![
        SeccompCondition::new(0, Dword, Eq, SET_DUMPABLE)?,
        SeccompCondition::new(1, Dword, Eq, 0)?,
    ])
}

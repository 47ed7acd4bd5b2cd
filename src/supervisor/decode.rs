//! From a call number and six registers to what is asked. Pure: memory is read elsewhere, nothing is judged.
#![expect(missing_docs, reason = "fields are called as the manual pages call them")]

use super::local::{self, Local};
use crate::sys::at;
use crate::sys::call::{self, Call};

/// `PRIO_PROCESS` of linux/resource.h.
const PRIORITY_OF_PROCESS: u32 = 0;
/// `IOPRIO_WHO_PROCESS` of linux/ioprio.h.
const IO_PRIORITY_OF_PROCESS: u32 = 1;

/// A name as the caller gave it: an address of text, and the descriptor it is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    /// A descriptor of the caller, or `AT_FDCWD`.
    pub directory: i32,
    /// Where the text lies in the caller's memory.
    pub text: u64,
}

/// Whose metadata is to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// What a name leads to; `AT_*` flags say how.
    Named(At, i32),
    /// What a descriptor of the caller holds.
    Open(i32),
}

/// How times are given: the layout of the memory at an address; 0 means now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// `struct utimbuf`: two seconds.
    Seconds(u64),
    /// Two `struct timeval`.
    Microseconds(u64),
    /// Two `struct timespec`.
    Nanoseconds(u64),
}

/// A change of what is not content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// truncate(2).
    Length(i64),
    /// Permission bits.
    Mode(u32),
    /// User and group.
    Owner(u32, u32),
    /// Access and modification times.
    Times(Clock),
    /// setxattr(2): addresses of name and value, size, flags.
    Attribute { name: u64, value: u64, size: u64, flags: i32 },
    /// removexattr(2): the address of the name.
    NoAttribute { name: u64 },
}

/// Whose priority, scheduling or processors are to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduled {
    /// One thread's, or one process's; 0 for the caller.
    Thread(i32),
    /// All of a group or a user.
    Many,
}

/// What a held call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// open(2) and openat(2).
    Open { at: At, flags: i32, mode: u32 },
    /// openat2(2): where its `struct open_how` lies and how long it is.
    Open2 { at: At, how: u64, size: u64 },
    /// unlinkat(2).
    Remove { at: At, flags: i32 },
    /// renameat2(2).
    Rename { from: At, to: At, flags: u32 },
    /// linkat(2).
    Link { from: At, to: At, flags: i32 },
    /// symlinkat(2).
    Symlink { text: u64, at: At },
    /// mkdirat(2).
    MakeDirectory { at: At, mode: u32 },
    /// mknodat(2).
    MakeNode { at: At, mode: u32, device: u64 },
    /// Everything that changes metadata or length.
    Alter { target: Target, change: Change },
    /// inotify_add_watch(2): the caller's watcher, what is to be watched, for what.
    Watch { watcher: i32, at: At, mask: u32 },
    /// umask(2): harmless, but who makes files as the caller would must know that his mask changes.
    Umask,
    /// setpriority(2), ioprio_set(2), sched_setaffinity(2) and its kin.
    Schedule(Scheduled),
    /// Local sockets and System V IPC.
    Local(Local),
}

/// Reads the registers of a call; `None` for one that no filter of ours holds.
#[must_use]
pub fn decode(call: Call, args: &[u64; 6]) -> Option<Request> {
    let [a, b, c, d, e, _] = *args;
    let request = match call {
        call::OPEN => Request::Open { at: here(a), flags: int(b), mode: word(c) },
        call::OPENAT => Request::Open { at: at(a, b), flags: int(c), mode: word(d) },
        call::CREAT => {
            let flags = at::CREATE | at::WRITE_ONLY | at::TRUNCATE;
            Request::Open { at: here(a), flags, mode: word(b) }
        }
        call::OPENAT2 => Request::Open2 { at: at(a, b), how: c, size: d },
        call::UNLINK => Request::Remove { at: here(a), flags: 0 },
        call::RMDIR => Request::Remove { at: here(a), flags: at::REMOVE_DIRECTORY },
        call::UNLINKAT => Request::Remove { at: at(a, b), flags: int(c) },
        call::RENAME => Request::Rename { from: here(a), to: here(b), flags: 0 },
        call::RENAMEAT => Request::Rename { from: at(a, b), to: at(c, d), flags: 0 },
        call::RENAMEAT2 => Request::Rename { from: at(a, b), to: at(c, d), flags: word(e) },
        call::LINK => Request::Link { from: here(a), to: here(b), flags: 0 },
        call::LINKAT => Request::Link { from: at(a, b), to: at(c, d), flags: int(e) },
        call::SYMLINK => Request::Symlink { text: a, at: here(b) },
        call::SYMLINKAT => Request::Symlink { text: a, at: at(b, c) },
        call::MKDIR => Request::MakeDirectory { at: here(a), mode: word(b) },
        call::MKDIRAT => Request::MakeDirectory { at: at(a, b), mode: word(c) },
        call::MKNOD => Request::MakeNode { at: here(a), mode: word(b), device: u64::from(word(c)) },
        call::MKNODAT => {
            Request::MakeNode { at: at(a, b), mode: word(c), device: u64::from(word(d)) }
        }
        call::INOTIFY_ADD_WATCH => Request::Watch { watcher: int(a), at: here(b), mask: word(c) },
        call::UMASK => Request::Umask,
        call::SCHED_SETAFFINITY
        | call::SCHED_SETATTR
        | call::SCHED_SETPARAM
        | call::SCHED_SETSCHEDULER => Request::Schedule(Scheduled::Thread(int(a))),
        call::SETPRIORITY => Request::Schedule(scheduled(a, PRIORITY_OF_PROCESS, b)),
        call::IOPRIO_SET => Request::Schedule(scheduled(a, IO_PRIORITY_OF_PROCESS, b)),
        _ => return alter(call, args).or_else(|| local::decode(call, args).map(Request::Local)),
    };
    Some(request)
}

fn alter(call: Call, args: &[u64; 6]) -> Option<Request> {
    let [a, b, c, d, e, _] = *args;
    let follow = |text| Target::Named(here(text), 0);
    let itself = |text| Target::Named(here(text), at::LINK_ITSELF);
    let attribute = |flags| Change::Attribute { name: b, value: c, size: d, flags: int(flags) };
    let (target, change) = match call {
        call::TRUNCATE => (follow(a), Change::Length(a_length(b))),
        call::CHMOD => (follow(a), Change::Mode(word(b))),
        call::FCHMOD => (Target::Open(int(a)), Change::Mode(word(b))),
        call::FCHMODAT => (Target::Named(at(a, b), 0), Change::Mode(word(c))),
        call::FCHMODAT2 => (Target::Named(at(a, b), int(d)), Change::Mode(word(c))),
        call::CHOWN => (follow(a), Change::Owner(word(b), word(c))),
        call::LCHOWN => (itself(a), Change::Owner(word(b), word(c))),
        call::FCHOWN => (Target::Open(int(a)), Change::Owner(word(b), word(c))),
        call::FCHOWNAT => (Target::Named(at(a, b), int(e)), Change::Owner(word(c), word(d))),
        call::UTIME => (follow(a), Change::Times(Clock::Seconds(b))),
        call::UTIMES => (follow(a), Change::Times(Clock::Microseconds(b))),
        call::FUTIMESAT => (named_or_open(a, b, 0), Change::Times(Clock::Microseconds(c))),
        call::UTIMENSAT => (named_or_open(a, b, int(d)), Change::Times(Clock::Nanoseconds(c))),
        call::SETXATTR => (follow(a), attribute(e)),
        call::LSETXATTR => (itself(a), attribute(e)),
        call::FSETXATTR => (Target::Open(int(a)), attribute(e)),
        call::REMOVEXATTR => (follow(a), Change::NoAttribute { name: b }),
        call::LREMOVEXATTR => (itself(a), Change::NoAttribute { name: b }),
        call::FREMOVEXATTR => (Target::Open(int(a)), Change::NoAttribute { name: b }),
        _ => return None,
    };
    Some(Request::Alter { target, change })
}

const fn scheduled(kind: u64, process: u32, id: u64) -> Scheduled {
    if word(kind) == process { Scheduled::Thread(int(id)) } else { Scheduled::Many }
}

/// No text at all means the descriptor itself (utimensat(2)).
const fn named_or_open(directory: u64, text: u64, flags: i32) -> Target {
    if text == 0 { Target::Open(int(directory)) } else { Target::Named(at(directory, text), flags) }
}

const fn here(text: u64) -> At {
    At { directory: at::HERE, text }
}

const fn at(directory: u64, text: u64) -> At {
    At { directory: int(directory), text }
}

/// The low half of a register, as the kernel reads an `unsigned int` argument.
#[expect(clippy::cast_possible_truncation, reason = "the kernel looks at the low half only")]
const fn word(register: u64) -> u32 {
    register as u32
}

/// The low half of a register, as the kernel reads an `int` argument.
const fn int(register: u64) -> i32 {
    word(register).cast_signed()
}

const fn a_length(register: u64) -> i64 {
    register.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_are_read_as_the_kernel_reads_them() {
        let dirty = 0xdead_beef_ffff_ff9c_u64;
        let Some(Request::Open { at, flags, .. }) = decode(call::OPENAT, &[dirty, 9, 1, 0, 0, 0])
        else {
            panic!("an open")
        };
        assert_eq!((at.directory, at.text, flags), (at::HERE, 9, at::WRITE_ONLY));
        assert_eq!(
            decode(call::UTIMENSAT, &[7, 0, 5, 0, 0, 0]),
            Some(Request::Alter {
                target: Target::Open(7),
                change: Change::Times(Clock::Nanoseconds(5))
            })
        );
        let whose = |call, args| decode(call, &args);
        for (call, args, wanted) in [
            (call::SETPRIORITY, [0, dirty, 5, 0, 0, 0], Scheduled::Thread(at::HERE)),
            (call::SETPRIORITY, [1, 0, 5, 0, 0, 0], Scheduled::Many),
            (call::IOPRIO_SET, [1, 7, 0, 0, 0, 0], Scheduled::Thread(7)),
            (call::IOPRIO_SET, [0, 7, 0, 0, 0, 0], Scheduled::Many),
            (call::SCHED_SETAFFINITY, [7, 8, 0, 0, 0, 0], Scheduled::Thread(7)),
        ] {
            assert_eq!(whose(call, args), Some(Request::Schedule(wanted)));
        }
        assert_eq!(decode(39, &[0; 6]), None);
    }
}

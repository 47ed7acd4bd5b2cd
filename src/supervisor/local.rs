//! From registers to what is asked of sockets of the file system and of System V IPC. Pure: memory is read elsewhere, nothing is judged.

use crate::sys::call::{self, Call};
use crate::sys::ipc::Family;
use crate::sys::local::{FAMILY, Kind};

/// An address in the caller's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Where it begins.
    pub at: u64,
    /// How long the caller says it is.
    pub length: i32,
}

/// What a held call of this sort asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Local {
    /// socket(2) of the family of local sockets: type with flags, protocol.
    Socket(i32, i32),
    /// bind(2): the caller's descriptor, and the name.
    Bind(i32, Span),
    /// connect(2): the caller's descriptor, and the name.
    Connect(i32, Span),
    /// shmget(2), semget(2), msgget(2): key, size or number, flags.
    Get(Family, i32, u64, i32),
    /// Using an object: attaching, waiting, sending, receiving.
    Use(Family, i32),
    /// shmctl(2), semctl(2), msgctl(2): id and command.
    Control(Family, i32, i32),
}

/// Reads the registers of a call; `None` for one that is not of this sort.
#[must_use]
pub fn decode(call: Call, args: &[u64; 6]) -> Option<Local> {
    let [a, b, c, ..] = *args;
    let request = match call {
        // Other families and datagrams are held as well, to be refused and told (`told.rs` of the filter).
        call::SOCKET if int(a) == i32::from(FAMILY) && Kind::of(int(b)).is_some() => {
            Local::Socket(int(b), int(c))
        }
        call::BIND => Local::Bind(int(a), Span { at: b, length: int(c) }),
        call::CONNECT => Local::Connect(int(a), Span { at: b, length: int(c) }),
        call::SHMGET => Local::Get(Family::Memory, int(a), b, int(c)),
        // The kernel reads a signed `int` of how many.
        call::SEMGET => Local::Get(Family::Semaphores, int(a), b & 0xffff_ffff, int(c)),
        call::MSGGET => Local::Get(Family::Messages, int(a), 0, int(b)),
        call::SHMAT => Local::Use(Family::Memory, int(a)),
        call::SEMOP | call::SEMTIMEDOP => Local::Use(Family::Semaphores, int(a)),
        call::MSGSND | call::MSGRCV => Local::Use(Family::Messages, int(a)),
        call::SHMCTL => Local::Control(Family::Memory, int(a), int(b)),
        call::SEMCTL => Local::Control(Family::Semaphores, int(a), int(c)),
        call::MSGCTL => Local::Control(Family::Messages, int(a), int(b)),
        _ => return None,
    };
    Some(request)
}

/// The low half of a register, as the kernel reads an `int` argument.
#[expect(clippy::cast_possible_truncation, reason = "the kernel looks at the low half only")]
const fn int(register: u64) -> i32 {
    (register as u32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_are_read_as_the_kernel_reads_them() {
        let dirty = 0xdead_beef_0000_0007;
        let read = |call, args| decode(call, &args);
        assert_eq!(
            read(call::CONNECT, [dirty, 9, 0xffff_0000_0000_006e, 0, 0, 0]),
            Some(Local::Connect(7, Span { at: 9, length: 110 }))
        );
        assert_eq!(
            read(call::SEMCTL, [dirty, 1, 12, 0, 0, 0]),
            Some(Local::Control(Family::Semaphores, 7, 12))
        );
        assert_eq!(
            read(call::SHMGET, [dirty, 1 << 33, 0o1600, 0, 0, 0]),
            Some(Local::Get(Family::Memory, 7, 1 << 33, 0o1600))
        );
        assert_eq!(
            read(call::SHMCTL, [7, 0, 0, 0, 0, 0]),
            Some(Local::Control(Family::Memory, 7, 0))
        );
        assert_eq!(
            read(call::SOCKET, [0xffff_0000_0000_0001, 0xdead_beef_0008_0005, 0, 0, 0, 0]),
            Some(Local::Socket(0x8_0005, 0))
        );
        assert_eq!(read(call::SOCKET, [1, 0x8_0002, 0, 0, 0, 0]), None, "datagrams are refused");
        assert_eq!(read(call::SOCKET, [16, 3, 9, 0, 0, 0]), None, "netlink is no local socket");
        assert_eq!(read(39, [0; 6]), None);
    }
}

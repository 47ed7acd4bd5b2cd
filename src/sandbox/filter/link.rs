//! Joins several compiled filters into one program, since each installed filter costs at launch and at every call.
//!
//! A filter allows by `RET ALLOW`. In a linked program every such return but those of the last
//! part becomes a jump to the next part: one instruction for one instruction, so no offset moves.

use seccompiler::{BpfProgram, TargetArch, sock_filter};

/// `BPF_RET | BPF_K` of linux/bpf_common.h.
const RETURN: u16 = 0x06;
/// `BPF_JMP | BPF_JA`.
const JUMP: u16 = 0x05;
/// `BPF_LD | BPF_W | BPF_ABS`.
const LOAD: u16 = 0x20;
/// `BPF_JMP | BPF_JGE | BPF_K`.
const JUMP_IF_AT_LEAST: u16 = 0x35;
/// `SECCOMP_RET_ALLOW`.
const ALLOW: u32 = 0x7fff_0000;
/// `SECCOMP_RET_ERRNO` with `ENOSYS` (38).
const NO_SUCH_CALL: u32 = 0x0005_0000 | 38;
/// Where `struct seccomp_data` keeps the call number.
const NUMBER: u32 = 0;
/// x32 calls carry this bit in their number (asm/unistd.h, `__X32_SYSCALL_BIT`).
const X32_BIT: u32 = 0x4000_0000;

/// A part that refuses the x32 numbers of x86_64; elsewhere one that lets everything on.
#[must_use]
pub fn foreign_abi_guard(arch: TargetArch) -> BpfProgram {
    let allow = instruction(RETURN, 0, 0, ALLOW);
    match arch {
        TargetArch::x86_64 => vec![
            instruction(LOAD, 0, 0, NUMBER),
            instruction(JUMP_IF_AT_LEAST, 0, 1, X32_BIT),
            instruction(RETURN, 0, 0, NO_SUCH_CALL),
            allow,
        ],
        TargetArch::aarch64 | TargetArch::riscv64 => vec![allow],
    }
}

/// One program that gives the first answer other than "allow" that any part gives.
#[must_use]
pub fn link(parts: Vec<BpfProgram>) -> BpfProgram {
    let last = parts.len().saturating_sub(1);
    let mut linked = Vec::with_capacity(parts.iter().map(Vec::len).sum());
    for (index, part) in parts.into_iter().enumerate() {
        let length = part.len();
        for (at, mut code) in part.into_iter().enumerate() {
            if index != last && code.code == RETURN && code.k == ALLOW {
                // A jump counts from the instruction after it.
                let ahead = u32::try_from(length - at - 1).unwrap_or(u32::MAX);
                code = instruction(JUMP, 0, 0, ahead);
            }
            linked.push(code);
        }
    }
    linked
}

const fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

#[cfg(test)]
mod tests {
    use super::{ALLOW, JUMP, RETURN, instruction, link};

    #[test]
    fn allow_goes_on_to_the_next_part_and_ends_the_last() {
        let allow = || instruction(RETURN, 0, 0, ALLOW);
        let deny = || instruction(RETURN, 0, 0, 0x0005_0001);
        let linked = link(vec![vec![allow(), deny(), allow()], vec![deny(), allow()]]);
        let shape: Vec<_> = linked.iter().map(|i| (i.code, i.k)).collect();
        assert_eq!(
            shape,
            [(JUMP, 2), (RETURN, 0x0005_0001), (JUMP, 0), (RETURN, 0x0005_0001), (RETURN, ALLOW)]
        );
    }
}

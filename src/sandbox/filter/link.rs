//! Joins several compiled filters into one program, since each installed filter costs at launch and at every call.
//!
//! A filter allows by `RET ALLOW`. In a linked program every such return but those of the last
//! part becomes a jump to the next part: one instruction for one instruction, so no offset moves.

use seccompiler::{BpfProgram, TargetArch, sock_filter};

/// `BPF_RET | BPF_K` of linux/bpf_common.h.
pub(super) const RETURN: u16 = 0x06;
/// `BPF_JMP | BPF_JA`.
const JUMP: u16 = 0x05;
/// `BPF_LD | BPF_W | BPF_ABS`.
pub(super) const LOAD: u16 = 0x20;
/// `BPF_JMP | BPF_JGE | BPF_K`.
pub(super) const JUMP_IF_AT_LEAST: u16 = 0x35;
/// `BPF_JMP | BPF_JEQ | BPF_K`.
pub(super) const JUMP_IF_EQUAL: u16 = 0x15;
/// `BPF_JMP | BPF_JSET | BPF_K`.
pub(super) const JUMP_IF_ANY: u16 = 0x45;
/// `SECCOMP_RET_ALLOW`.
pub(super) const ALLOW: u32 = 0x7fff_0000;
/// The distance of a jump that is not known yet.
const OPEN: u32 = u32::MAX;
/// "Allow" that is final: `link` does not turn it into a jump.
pub(super) const FINAL_ALLOW: u32 = ALLOW | 1;
/// `SECCOMP_RET_ERRNO`; the errno goes into the low bits.
const ERRNO: u32 = 0x0005_0000;
/// It fails with `ENOSYS` (38).
const NO_SUCH_CALL: u32 = ERRNO | 38;
/// `SECCOMP_RET_USER_NOTIF`.
const USER_NOTIFICATION: u32 = 0x7fc0_0000;
/// `SECCOMP_RET_KILL_PROCESS`.
const KILL_PROCESS: u32 = 0x8000_0000;
/// Where `struct seccomp_data` keeps the call number.
pub(super) const NUMBER: u32 = 0;
/// Where it keeps the architecture.
const ARCHITECTURE: u32 = 4;
/// x32 calls carry this bit in their number (asm/unistd.h, `__X32_SYSCALL_BIT`).
const X32_BIT: u32 = 0x4000_0000;

/// What the first part does with a call that it knows by its number alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It fails with this errno.
    Fails(u32),
    /// It is held until a supervisor answers.
    Held,
    /// Its arguments decide: the following parts see it.
    Looked,
}

/// A part that answers by the call's number alone where it can, by binary search: a call that is
/// not among `known` (sorted) passes at once.
///
/// The kernel runs a new filter once for every call number it has, to remember which are always
/// allowed (`seccomp_cache_prepare`): with chains of comparisons that alone costs 0.4 ms a launch.
/// And it translates every instruction twice, to its own form and to machine code, which for 450
/// of them took 0.25 ms: so numbers that meet the same fate are one stretch, and share its answer.
#[must_use]
pub fn dispatch(known: &[(u32, Fate)]) -> BpfProgram {
    let mut program = vec![instruction(LOAD, 0, 0, NUMBER)];
    search(&stretches(known), &mut program);
    // Calls to be looked at arrive here, by the jumps that `search` left open.
    let end = program.len();
    for (at, code) in program.iter_mut().enumerate() {
        if code.code == JUMP && code.k == OPEN {
            code.k = u32::try_from(end - at - 1).unwrap_or(u32::MAX);
        }
    }
    program
}

/// From this number on, up to the next stretch, calls meet this fate; `None` when they pass.
type Stretch = (u32, Option<Fate>);

fn stretches(known: &[(u32, Fate)]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = vec![(0, None)];
    let mut begin = |number: u32, fate: Option<Fate>| match stretches.last_mut() {
        Some((_, last)) if *last == fate => {}
        Some((from, last)) if *from == number => *last = fate,
        _ => stretches.push((number, fate)),
    };
    for (number, fate) in known {
        begin(*number, Some(*fate));
        begin(number + 1, None);
    }
    // A stretch of no length may have left two neighbours of one fate.
    stretches.dedup_by_key(|(_, fate)| *fate);
    stretches
}

/// So many stretches make a block whose jumps all reach its end: a conditional jump reaches 255
/// instructions.
const BLOCK: usize = 120;

fn search(stretches: &[Stretch], program: &mut BpfProgram) {
    if stretches.len() <= BLOCK {
        return block(stretches, program);
    }
    let (low, high) = stretches.split_at(stretches.len() / 2);
    let mut lower = Vec::new();
    search(low, &mut lower);
    let over = u32::try_from(lower.len()).unwrap_or(u32::MAX);
    program.push(instruction(JUMP_IF_AT_LEAST, 0, 1, high.first().map_or(0, |(from, _)| *from)));
    program.push(instruction(JUMP, 0, 0, over));
    program.append(&mut lower);
    search(high, program);
}

/// Where a comparison goes.
#[derive(Clone, Copy)]
enum Target {
    Comparison(usize),
    Answer(Option<Fate>),
}

/// Comparisons, then every answer once.
fn block(stretches: &[Stretch], program: &mut BpfProgram) {
    let mut comparisons = Vec::new();
    let first = compare(stretches, &mut comparisons);
    let mut answers: Vec<Option<Fate>> = Vec::new();
    for (_, fate) in stretches {
        if !answers.contains(fate) {
            answers.push(*fate);
        }
    }
    let place = |target: Target| match target {
        Target::Comparison(at) => at,
        Target::Answer(fate) => {
            comparisons.len() + answers.iter().position(|answer| *answer == fate).unwrap_or(0)
        }
    };
    debug_assert!(matches!(first, Target::Comparison(0) | Target::Answer(_)));
    for (at, (from, above, under)) in comparisons.iter().enumerate() {
        let reach = |target: Target| u8::try_from(place(target) - at - 1).unwrap_or(u8::MAX);
        program.push(instruction(JUMP_IF_AT_LEAST, reach(*above), reach(*under), *from));
    }
    let allow = instruction(RETURN, 0, 0, FINAL_ALLOW);
    program.extend(answers.iter().map(|fate| fate.map_or(allow.clone(), answer)));
}

/// Lays out the comparisons of a binary search: from which number on, where then, where else.
fn compare(stretches: &[Stretch], laid: &mut Vec<(u32, Target, Target)>) -> Target {
    let (low, high) = stretches.split_at(stretches.len() / 2);
    let (Some((from, fate)), false) = (high.first(), low.is_empty()) else {
        return Target::Answer(stretches.first().and_then(|(_, fate)| *fate));
    };
    let at = laid.len();
    laid.push((*from, Target::Answer(*fate), Target::Answer(None)));
    let under = compare(low, laid);
    let above = compare(high, laid);
    if let Some(comparison) = laid.get_mut(at) {
        *comparison = (*from, above, under);
    }
    Target::Comparison(at)
}

/// A part that ends whoever calls by another architecture's numbers (`int 0x80`), and refuses the
/// x32 numbers of x86_64: every later part reads numbers as this architecture means them.
#[must_use]
pub fn foreign_abi_guard(arch: TargetArch) -> BpfProgram {
    let mut guard = vec![
        instruction(LOAD, 0, 0, ARCHITECTURE),
        instruction(JUMP_IF_EQUAL, 1, 0, audit_name(arch)),
        instruction(RETURN, 0, 0, KILL_PROCESS),
    ];
    if arch == TargetArch::x86_64 {
        guard.push(instruction(LOAD, 0, 0, NUMBER));
        guard.push(instruction(JUMP_IF_AT_LEAST, 0, 1, X32_BIT));
        guard.push(instruction(RETURN, 0, 0, NO_SUCH_CALL));
    }
    guard.push(instruction(RETURN, 0, 0, ALLOW));
    guard
}

/// `AUDIT_ARCH_*` of linux/audit.h.
const fn audit_name(arch: TargetArch) -> u32 {
    match arch {
        TargetArch::x86_64 => 0xc000_003e,
        TargetArch::aarch64 => 0xc000_00b7,
        TargetArch::riscv64 => 0xc000_00f3,
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
            if code.code == RETURN && code.k == FINAL_ALLOW {
                code.k = ALLOW;
            } else if index != last && code.code == RETURN && code.k == ALLOW {
                // A jump counts from the instruction after it.
                let ahead = u32::try_from(length - at - 1).unwrap_or(u32::MAX);
                code = instruction(JUMP, 0, 0, ahead);
            }
            linked.push(code);
        }
    }
    linked
}

/// The return that makes a call meet its fate; for one that is looked at further it stays open.
pub(super) const fn answer(fate: Fate) -> sock_filter {
    match fate {
        Fate::Fails(errno) => instruction(RETURN, 0, 0, ERRNO | errno),
        Fate::Held => instruction(RETURN, 0, 0, USER_NOTIFICATION),
        Fate::Looked => instruction(JUMP, 0, 0, OPEN),
    }
}

/// The program with every return of `stand_in` made one that holds the call.
#[must_use]
pub fn held_instead(mut program: BpfProgram, stand_in: u32) -> BpfProgram {
    for code in &mut program {
        if code.code == RETURN && code.k == stand_in {
            code.k = USER_NOTIFICATION;
        }
    }
    program
}

pub(super) const fn instruction(code: u16, jt: u8, jf: u8, k: u32) -> sock_filter {
    sock_filter { code, jt, jf, k }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{ALLOW, JUMP, RETURN, dispatch, foreign_abi_guard, instruction, link};
    use super::{ARCHITECTURE, ERRNO, Fate, JUMP_IF_ANY, JUMP_IF_AT_LEAST, JUMP_IF_EQUAL};
    use super::{LOAD, NUMBER};
    use crate::sandbox::filter::bits::{self, Bits};
    use crate::sandbox::filter::local;
    use seccompiler::{BpfProgram, TargetArch};

    /// What a program answers, as the kernel would run it; `None` when it runs off its end.
    fn answer(program: &BpfProgram, number: u32, arch: u32) -> Option<u32> {
        answer_with(program, number, arch, [0; 6])
    }

    /// As [`answer`], for a part on its own: a call's first two arguments, and the halves of the
    /// third.
    pub(in super::super) fn answer_to(
        program: &BpfProgram,
        call: crate::sys::call::Call,
        [first, second, low, high]: [u32; 4],
    ) -> Option<u32> {
        let number = u32::try_from(call).unwrap();
        let halves = [first, 0, second, 0, low, high, 0, 0, 0, 0, 0, 0];
        answer_with_halves(program, number, X86_64, halves)
    }

    fn answer_with(
        program: &BpfProgram,
        number: u32,
        arch: u32,
        arguments: [u32; 6],
    ) -> Option<u32> {
        let [a, b, c, d, e, f] = arguments;
        answer_with_halves(program, number, arch, [a, 0, b, 0, c, 0, d, 0, e, 0, f, 0])
    }

    fn answer_with_halves(
        program: &BpfProgram,
        number: u32,
        arch: u32,
        arguments: [u32; 12],
    ) -> Option<u32> {
        let (mut at, mut loaded) = (0_usize, 0);
        loop {
            let code = program.get(at)?;
            let go = |yes: bool| usize::from(if yes { code.jt } else { code.jf });
            at += 1 + match code.code {
                LOAD if code.k == NUMBER => {
                    loaded = number;
                    0
                }
                LOAD if code.k == ARCHITECTURE => {
                    loaded = arch;
                    0
                }
                LOAD if code.k >= 16 && code.k % 4 == 0 => {
                    loaded = arguments[(code.k as usize - 16) / 4];
                    0
                }
                JUMP_IF_ANY => go(loaded & code.k != 0),
                JUMP_IF_EQUAL => go(loaded == code.k),
                JUMP_IF_AT_LEAST => go(loaded >= code.k),
                JUMP => code.k as usize,
                RETURN => return Some(code.k),
                other => panic!("instruction {other:#x}"),
            };
        }
    }

    const X86_64: u32 = 0xc000_003e;

    #[test]
    fn each_call_meets_its_fate() {
        let fate = |n: u32| if n.is_multiple_of(2) { Fate::Looked } else { Fate::Fails(38) };
        for known in [
            (0..130).map(|n| (n * 3 + 1, fate(n))).collect::<Vec<_>>(),
            (0..130).map(|n| (n + 7, fate(n / 10))).collect(),
            vec![(0, Fate::Held), (1, Fate::Looked), (499, Fate::Fails(1))],
            Vec::new(),
        ] {
            check_fates(&known);
        }
    }

    fn check_fates(known: &[(u32, Fate)]) {
        let deny = vec![instruction(RETURN, 0, 0, ERRNO | 1)];
        let program = link(vec![foreign_abi_guard(TargetArch::x86_64), dispatch(known), deny]);
        for number in 0..500 {
            let wanted = match known.iter().find(|(n, _)| *n == number) {
                Some((_, Fate::Looked)) => ERRNO | 1,
                Some((_, Fate::Held)) => super::USER_NOTIFICATION,
                Some((_, Fate::Fails(errno))) => ERRNO | errno,
                None => ALLOW,
            };
            assert_eq!(answer(&program, number, X86_64), Some(wanted), "{number}");
        }
    }

    #[test]
    fn any_of_many_bits_decides_unless_another_speaks_against_it() {
        let bits = |call, argument, unless, any, fate| Bits { call, argument, unless, any, fate };
        let part =
            bits::program(&[bits(7, 2, 0x8, 0x3, Fate::Held), bits(9, 0, 0, 0xf0, Fate::Fails(1))]);
        let deny = vec![instruction(RETURN, 0, 0, ERRNO | 5)];
        let program = link(vec![part, deny]);
        for (number, arguments, wanted) in [
            (7, [0, 0, 0x1, 0, 0, 0], super::USER_NOTIFICATION),
            (7, [0, 0, 0x6, 0, 0, 0], super::USER_NOTIFICATION),
            (7, [0xff, 0, 0x4, 0, 0, 0], ALLOW),
            (7, [0, 0, 0x9, 0, 0, 0], ALLOW),
            (9, [0x80, 0, 0, 0, 0, 0], ERRNO | 1),
            (9, [0x0f, 0, 0, 0, 0, 0], ALLOW),
            (8, [0xff; 6], ERRNO | 5),
        ] {
            let answer = answer_with(&program, number, X86_64, arguments);
            assert_eq!(answer, Some(wanted), "{number} {arguments:?}");
        }
    }

    #[test]
    fn local_sockets_are_asked_for_and_others_left_to_the_next_part() {
        use crate::sys::call;
        let deny = vec![instruction(RETURN, 0, 0, ERRNO | 5)];
        let program = link(vec![local::program(), deny]);
        let socket = u32::try_from(call::SOCKET).unwrap();
        for (number, family, kind, wanted) in [
            (socket, 1, 1, super::USER_NOTIFICATION),
            (socket, 1, 5 | 0o2_000_000 | 0o4000, super::USER_NOTIFICATION),
            (socket, 1, 2, super::USER_NOTIFICATION),
            (socket, 2, 1, ERRNO | 5),
            (socket + 1, 1, 1, ERRNO | 5),
        ] {
            let arguments = [family, kind, 0, 0, 0, 0];
            let answer = answer_with(&program, number, X86_64, arguments);
            assert_eq!(answer, Some(wanted), "{number} {arguments:?}");
        }
    }

    #[test]
    fn other_numberings_are_never_read_as_ours() {
        let program =
            link(vec![foreign_abi_guard(TargetArch::x86_64), dispatch(&[(5, Fate::Looked)])]);
        assert_eq!(answer(&program, 1, 0x4000_0003), Some(super::KILL_PROCESS));
        assert_eq!(answer(&program, 0x4000_0001, X86_64), Some(super::NO_SUCH_CALL));
    }

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

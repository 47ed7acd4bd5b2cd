//! Runs a filter as the kernel would, and holds every rule to it, for both architectures. Part of the tests only.

use super::examples::{deciding, examples};
use super::link::{
    ALLOW, JUMP, JUMP_IF_ANY, JUMP_IF_AT_LEAST, JUMP_IF_EQUAL, LOAD, RETURN, answer,
};
use super::table::{Circumstances, Opens};
use super::{More, assemble};
use crate::policy::resolved::{Network, UnixSockets};
use seccompiler::{BpfProgram, TargetArch};

/// `BPF_JMP | BPF_JGT | BPF_K`.
const JUMP_IF_ABOVE: u16 = 0x25;
/// `BPF_ALU | BPF_AND | BPF_K`.
const AND: u16 = 0x54;

/// What a program answers; `None` when it runs off its end.
pub(super) fn run(
    program: &BpfProgram,
    number: u32,
    arch: u32,
    arguments: [u64; 6],
) -> Option<u32> {
    let low = |value: u64| u32::try_from(value & 0xffff_ffff).unwrap();
    let (mut at, mut loaded) = (0_usize, 0_u32);
    loop {
        let code = program.get(at)?;
        let go = |yes: bool| usize::from(if yes { code.jt } else { code.jf });
        at += 1 + match code.code {
            LOAD => {
                loaded = match code.k {
                    0 => number,
                    4 => arch,
                    at if at >= 16 && at % 4 == 0 => {
                        let argument = arguments[(at as usize - 16) / 8];
                        if at % 8 == 0 { low(argument) } else { low(argument >> 32) }
                    }
                    other => panic!("nothing is at {other}"),
                };
                0
            }
            AND => {
                loaded &= code.k;
                0
            }
            JUMP_IF_ANY => go(loaded & code.k != 0),
            JUMP_IF_EQUAL => go(loaded == code.k),
            JUMP_IF_AT_LEAST => go(loaded >= code.k),
            JUMP_IF_ABOVE => go(loaded > code.k),
            JUMP => code.k as usize,
            RETURN => return Some(code.k),
            other => panic!("instruction {other:#x}"),
        };
    }
}

/// Both, with the kernel's name for each (`AUDIT_ARCH_*`).
const ARCHITECTURES: [(TargetArch, u32); 2] =
    [(TargetArch::x86_64, 0xc000_003e), (TargetArch::aarch64, 0xc000_00b7)];

fn every_circumstance() -> impl Iterator<Item = Circumstances> {
    let networks = [Network::Host, Network::Loopback, Network::None];
    let sockets = [UnixSockets::Own, UnixSockets::None, UnixSockets::Host];
    let supervisors = [None, Some(Opens::Changing), Some(Opens::Hiding), Some(Opens::Watched)];
    networks.into_iter().flat_map(move |network| {
        sockets.into_iter().flat_map(move |unix_sockets| {
            supervisors.into_iter().map(move |supervisor| {
                Circumstances { network, unix_sockets, supervisor }.settled()
            })
        })
    })
}

#[test]
fn every_rule_gives_its_answer_on_both_architectures() {
    for ((arch, name), circumstances) in
        ARCHITECTURES.into_iter().flat_map(|arch| every_circumstance().map(move |c| (arch, c)))
    {
        let program = assemble(&circumstances, arch, More::default()).unwrap();
        for rule in circumstances.effective() {
            let Some(number) = rule.numbers.on(arch) else { continue };
            let number = u32::try_from(number).unwrap();
            let examples = examples(&circumstances, rule);
            assert!(examples.iter().any(|example| example.by.is_some()), "{rule:?}");
            // What the kernel reads as 32 bits is decided by the low half alone.
            let high = |arguments: [u64; 6]| arguments.map(|one| one | 0xdead_0000_0000);
            for arguments in examples.iter().flat_map(|e| [e.arguments, high(e.arguments)]) {
                let by = deciding(&circumstances, rule.call, &arguments);
                let wanted = by.map_or(ALLOW, |by| answer(circumstances.answer(by).fate()).k);
                let told = run(&program, number, name, arguments);
                assert_eq!(told, Some(wanted), "{arch:?} {circumstances:?} {rule:?} {arguments:?}");
            }
        }
    }
}

/// Conditions are met and missed; an example that decided nothing would prove nothing.
#[test]
fn rules_that_look_at_arguments_have_a_twin() {
    use super::table::Test;
    for circumstances in every_circumstance() {
        for rule in circumstances.effective() {
            let passes = examples(&circumstances, rule).iter().any(|e| e.by.is_none());
            let none = match rule.test {
                Test::Outright => true,
                Test::Bits { .. } => false,
                // Every value of its argument is somebody's: the family of local sockets is held,
                // and where no other is open the rest is refused.
                Test::All(_) => rule.call == "socket",
            };
            assert!(passes || none, "{circumstances:?} {rule:?}");
        }
    }
}

/// What programs do all day, by name, with its number on each architecture.
const EVERYDAY: &[(&str, u32, u32)] = &[
    ("read", 0, 63),
    ("write", 1, 64),
    ("close", 3, 57),
    ("fstat", 5, 80),
    ("lseek", 8, 62),
    ("mmap", 9, 222),
    ("mprotect", 10, 226),
    ("munmap", 11, 215),
    ("brk", 12, 214),
    ("rt_sigaction", 13, 134),
    ("pipe2", 293, 59),
    ("dup3", 292, 24),
    ("nanosleep", 35, 101),
    ("getpid", 39, 172),
    ("sendto", 44, 206),
    ("listen", 50, 201),
    ("execve", 59, 221),
    ("wait4", 61, 260),
    ("kill", 62, 129),
    ("fcntl", 72, 25),
    ("flock", 73, 32),
    ("getdents64", 217, 61),
    ("getcwd", 79, 17),
    ("chdir", 80, 49),
    ("ptrace", 101, 117),
    ("personality", 135, 92),
    ("setpriority", 141, 140),
    ("futex", 202, 98),
    ("sched_setaffinity", 203, 122),
    ("epoll_pwait", 281, 22),
    ("exit_group", 231, 94),
    ("newfstatat", 262, 79),
    ("readlinkat", 267, 78),
    ("faccessat", 269, 48),
    ("name_to_handle_at", 303, 264),
    ("process_vm_readv", 310, 270),
    ("seccomp", 317, 277),
    ("getrandom", 318, 278),
    ("memfd_create", 319, 279),
    ("execveat", 322, 281),
    ("statx", 332, 291),
    ("rseq", 334, 293),
    ("pidfd_open", 434, 434),
    ("close_range", 436, 436),
    ("pidfd_getfd", 438, 438),
    ("faccessat2", 439, 439),
    ("statmount", 457, 457),
    ("clone", 56, 220),
    ("unshare", 272, 97),
];

#[test]
fn everyday_calls_pass_on_both_architectures() {
    for circumstances in every_circumstance() {
        for (at, (arch, name)) in ARCHITECTURES.into_iter().enumerate() {
            let program = assemble(&circumstances, arch, More::default()).unwrap();
            for (call, old, new) in EVERYDAY {
                let told = run(&program, [*old, *new][at], name, [0; 6]);
                assert_eq!(told, Some(ALLOW), "{arch:?} {call}");
                assert!(deciding(&circumstances, call, &[0; 6]).is_none(), "{call}");
            }
        }
    }
}

#[test]
fn what_no_rule_names_passes_and_other_architectures_end() {
    for circumstances in every_circumstance() {
        for (arch, name) in ARCHITECTURES {
            let program = assemble(&circumstances, arch, More::default()).unwrap();
            let named: Vec<_> =
                circumstances.rules().filter_map(|rule| rule.numbers.on(arch)).collect();
            for number in (0..600).filter(|number| !named.contains(&i64::from(*number))) {
                let told = run(&program, number, name, [u64::MAX; 6]);
                assert_eq!(told, Some(ALLOW), "{arch:?} {number}");
            }
            assert_eq!(run(&program, 1, 0x4000_0028, [0; 6]), Some(0x8000_0000));
        }
    }
}

#[test]
fn numbers_are_those_of_the_kernel() {
    use crate::sys::call;
    for (name, number) in [
        ("mount", call::MOUNT),
        ("clone3", call::CLONE3),
        ("ioctl", call::IOCTL),
        ("openat2", call::OPENAT2),
        ("renameat", call::RENAMEAT),
        ("fchmodat2", call::FCHMODAT2),
        ("file_setattr", call::FILE_SETATTR),
        ("landlock_create_ruleset", call::LANDLOCK_CREATE_RULESET),
        ("prlimit64", call::PRLIMIT64),
        ("mq_unlink", call::MQ_UNLINK),
        ("setns", call::SETNS),
        ("umask", call::UMASK),
    ] {
        let rule = super::tables::RULES.iter().find(|rule| rule.call == name).unwrap();
        assert_eq!(rule.numbers.here(), number, "{name}");
    }
}

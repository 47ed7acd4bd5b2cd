//! The part of the filter for calls that set priority, scheduling and processors of a process by its id: no one's own pass, others' meet the fate of a refusal.
//!
//! Landlock has no say in them. A caller's own are asked for by a 0, which is in a register. With
//! another id they are held where somebody is there to tell the run's processes from others, and
//! refused where nobody is.

use super::bits::FIRST_ARGUMENT;
use super::link::{
    ALLOW, FINAL_ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction,
};
use crate::sys::call::{self, Call};
use seccompiler::BpfProgram;

/// Their first argument is a process or thread, 0 for the caller.
const BY_ID: [Call; 4] =
    [call::SCHED_SETAFFINITY, call::SCHED_SETATTR, call::SCHED_SETPARAM, call::SCHED_SETSCHEDULER];

/// `PRIO_PROCESS` of linux/resource.h.
pub const PRIORITY_OF_PROCESS: u32 = 0;
/// `IOPRIO_WHO_PROCESS` of linux/ioprio.h.
pub const IO_PRIORITY_OF_PROCESS: u32 = 1;

/// The calls this part answers for.
pub fn calls() -> impl Iterator<Item = Call> {
    BY_ID.into_iter().chain([call::SETPRIORITY, call::IOPRIO_SET, call::PRLIMIT64])
}

/// Those, and one that only asks: with it its neighbours in number are one stretch for `dispatch`,
/// which saves two instructions.
pub fn looked() -> impl Iterator<Item = Call> {
    calls().chain([call::SCHED_GETPARAM])
}

/// The part itself. Other calls go on to the next.
///
/// Limits of a process by its id may be asked for, not set: with a file size of 0 for stockade itself
/// the end of a run would not be written down.
///
/// With setpriority(2) and ioprio_set(2) the first argument says what the second is a number of.
/// Only for a process is 0 the caller alone: its group may hold the person's other programs.
#[must_use]
pub fn program(fate: Fate) -> BpfProgram {
    let number = |call: Call| u32::try_from(call).unwrap_or(u32::MAX);
    let [affinity, attributes, parameters, scheduler] = BY_ID.map(number);
    vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 7, 0, affinity),
        instruction(JUMP_IF_EQUAL, 6, 0, attributes),
        instruction(JUMP_IF_EQUAL, 5, 0, parameters),
        instruction(JUMP_IF_EQUAL, 4, 0, scheduler),
        instruction(JUMP_IF_EQUAL, 5, 0, number(call::SETPRIORITY)),
        instruction(JUMP_IF_EQUAL, 6, 0, number(call::IOPRIO_SET)),
        instruction(JUMP_IF_EQUAL, 9, 0, number(call::PRLIMIT64)),
        instruction(RETURN, 0, 0, ALLOW),
        // By id.
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, 12, 13, 0),
        // setpriority(2)
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, 2, 11, PRIORITY_OF_PROCESS),
        // ioprio_set(2)
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, 0, 9, IO_PRIORITY_OF_PROCESS),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8),
        instruction(JUMP_IF_EQUAL, 6, 7, 0),
        // prlimit64(2): both halves of the address of what is to be set.
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, 4, 0, 0),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 16),
        instruction(JUMP_IF_EQUAL, 0, 3, 0),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 20),
        instruction(JUMP_IF_EQUAL, 0, 1, 0),
        instruction(RETURN, 0, 0, FINAL_ALLOW),
        answer(fate),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::filter::link::tests::answer_to;

    #[test]
    fn no_one_passes_but_the_caller_himself() {
        let program = program(Fate::Fails(1));
        for (call, first, second, passes) in [
            (call::SCHED_SETAFFINITY, 0, 9, true),
            (call::SCHED_SETAFFINITY, 9, 0, false),
            (call::SCHED_SETATTR, 0, 9, true),
            (call::SCHED_SETATTR, u32::MAX, 0, false),
            (call::SCHED_SETPARAM, 0, 1, true),
            (call::SCHED_SETPARAM, 1, 0, false),
            (call::SCHED_SETSCHEDULER, 0, 1, true),
            (call::SCHED_SETSCHEDULER, 1, 0, false),
            (call::SETPRIORITY, 0, 0, true),
            (call::SETPRIORITY, 0, 1, false),
            (call::SETPRIORITY, 1, 0, false),
            (call::SETPRIORITY, 2, 0, false),
            (call::IOPRIO_SET, 0, 0, false),
            (call::IOPRIO_SET, 1, 0, true),
            (call::IOPRIO_SET, 1, 7, false),
            (call::IOPRIO_SET, 2, 0, false),
            (call::IOPRIO_SET, 3, 0, false),
        ] {
            let wanted = if passes { FINAL_ALLOW } else { 0x0005_0001 };
            let got = answer_to(&program, call, [first, second, 0, 0]);
            assert_eq!(got, Some(wanted), "{call} {first} {second}");
        }
        assert_eq!(answer_to(&program, call::IOCTL, [1, 1, 0, 0]), Some(ALLOW));
        // The halves of the third argument.
        for (process, low, high, passes) in
            [(0, 1, 1, true), (9, 0, 0, true), (9, 1, 0, false), (9, 0, 1, false)]
        {
            let wanted = if passes { FINAL_ALLOW } else { 0x0005_0001 };
            let got = answer_to(&program, call::PRLIMIT64, [process, 7, low, high]);
            assert_eq!(got, Some(wanted), "{process} {low} {high}");
        }
    }
}

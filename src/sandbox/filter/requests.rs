//! The part of the filter for ioctl(2) requests that are refused, by number: which they are is said elsewhere.
//!
//! seccompiler spends five instructions on each of them, this part one, and the kernel translates
//! every instruction at every launch.

use super::bits::FIRST_ARGUMENT;
use super::link::{
    ALLOW, FINAL_ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction,
};
use crate::sys::call;
use seccompiler::BpfProgram;

/// A part that answers for ioctl(2) and leaves other calls to the next. The kernel looks at the low
/// 32 bits of a request only, and so does this. At most 200 requests: jumps reach no further.
#[must_use]
pub fn program(requests: &[u32], fate: Fate) -> BpfProgram {
    let number = u32::try_from(call::IOCTL).unwrap_or(u32::MAX);
    let mut program = vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 1, 0, number),
        instruction(RETURN, 0, 0, ALLOW),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8),
    ];
    // Behind the last comparison stands the answer for all others, then the one for these.
    for (before, request) in requests.iter().enumerate() {
        let to_answer = u8::try_from(requests.len() - before).unwrap_or(u8::MAX);
        program.push(instruction(JUMP_IF_EQUAL, to_answer, 0, *request));
    }
    program.push(instruction(RETURN, 0, 0, FINAL_ALLOW));
    program.push(answer(fate));
    program
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::filter::link::tests::answer_to;

    #[test]
    fn each_request_meets_its_fate_and_others_pass() {
        let program = program(&[7, 8, 0x8000_0009], Fate::Fails(1));
        for (request, passes) in [(7, false), (8, false), (0x8000_0009, false), (9, true)] {
            let wanted = if passes { FINAL_ALLOW } else { 0x0005_0001 };
            assert_eq!(
                answer_to(&program, call::IOCTL, [7, request, 0, 0]),
                Some(wanted),
                "{request}"
            );
        }
        assert_eq!(answer_to(&program, call::PRCTL, [7, 7, 0, 0]), Some(ALLOW));
    }
}

//! The part of the filter for ioctl(2) requests that are refused, by number: which they are is said elsewhere.
//!
//! seccompiler spends five instructions on each of them, this part one, and the kernel translates
//! every instruction at every launch.

use super::bits::FIRST_ARGUMENT;
use super::link::{ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction};
use seccompiler::BpfProgram;

/// A part that answers for some requests of ioctl(2), whose number is `ioctl`, and leaves the rest to
/// the next. The kernel looks at the low 32 bits of a request only, and so does this. At most 200
/// requests: jumps reach no further.
#[must_use]
pub fn program(ioctl: u32, requests: &[u32], fate: Fate) -> BpfProgram {
    let mut program = vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 1, 0, ioctl),
        instruction(RETURN, 0, 0, ALLOW),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8),
    ];
    // Behind the last comparison stands the answer for all others, then the one for these.
    for (before, request) in requests.iter().enumerate() {
        let to_answer = u8::try_from(requests.len() - before).unwrap_or(u8::MAX);
        program.push(instruction(JUMP_IF_EQUAL, to_answer, 0, *request));
    }
    program.push(instruction(RETURN, 0, 0, ALLOW));
    program.push(answer(fate));
    program
}

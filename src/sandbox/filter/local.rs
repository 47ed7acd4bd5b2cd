//! The part of the filter for runs that may have sockets of the file system of their own.
//!
//! Which sockets are asked for is in registers: the supervisor is asked where a name decides, and gives
//! the refusal of what it could not judge.

use super::bits::FIRST_ARGUMENT;
use super::link::{ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction};
use seccompiler::BpfProgram;

/// A part that holds a call when an argument has one of these values, before any other part looks
/// at it: socket(2) for the families of which the supervisor makes the sockets it can answer for, as
/// local ones that talk to one partner, and refuses the rest, since a datagram goes wherever it is
/// addressed to. Other families, and other calls, are left to the next part.
#[must_use]
pub fn program((number, argument): (u32, u8), values: &[u32]) -> BpfProgram {
    let count = u8::try_from(values.len()).unwrap_or(u8::MAX);
    let mut program = vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, count.saturating_add(1), number),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8 * u32::from(argument)),
    ];
    // Each that fits goes past the rest and the return.
    program.extend(
        values
            .iter()
            .zip((1..=count).rev())
            .map(|(value, past)| instruction(JUMP_IF_EQUAL, past, 0, *value)),
    );
    program.push(instruction(RETURN, 0, 0, ALLOW));
    program.push(answer(Fate::Held));
    program
}

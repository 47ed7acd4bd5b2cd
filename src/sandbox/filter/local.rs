//! The part of the filter for runs that may have sockets of the file system of their own.
//!
//! Which sockets are asked for is in registers: the supervisor is asked where a name decides, and gives
//! the refusal of what it could not judge.

use super::bits::FIRST_ARGUMENT;
use super::link::{ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction};
use seccompiler::BpfProgram;

/// A part that holds a call when an argument has a value, before any other part looks at it: socket(2)
/// for the family of local sockets. The supervisor makes those that talk to one partner, and refuses
/// the rest, since a datagram goes wherever it is addressed to. Other families, and other calls, are
/// left to the next part.
#[must_use]
pub fn program((number, argument, value): (u32, u8, u32)) -> BpfProgram {
    vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, 2, number),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8 * u32::from(argument)),
        instruction(JUMP_IF_EQUAL, 1, 0, value),
        instruction(RETURN, 0, 0, ALLOW),
        answer(Fate::Held),
    ]
}

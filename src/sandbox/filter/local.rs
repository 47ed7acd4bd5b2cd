//! The part of the filter for runs that may have sockets of the file system and System V IPC of their own.
//!
//! Which sockets are asked for is in registers, and so is the id of an object: the supervisor is
//! asked where a name or an id decides, and gives the refusal of what it could not judge.

use super::bits::FIRST_ARGUMENT;
use super::link::{ALLOW, Fate, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction};
use super::rules::Answer;
use crate::sys::call::{self, Call};
use crate::sys::local::FAMILY;
use seccompiler::BpfProgram;
use std::collections::BTreeMap;

/// Held whatever their arguments.
const HELD: &[Call] = &[
    call::BIND,
    call::CONNECT,
    call::SHMGET,
    call::SHMAT,
    call::SHMCTL,
    call::SEMGET,
    call::SEMOP,
    call::SEMTIMEDOP,
    call::SEMCTL,
    call::MSGGET,
    call::MSGSND,
    call::MSGRCV,
    call::MSGCTL,
];

/// The calls that are held, by number.
#[must_use]
pub fn outright() -> BTreeMap<i64, Answer> {
    HELD.iter().map(|number| (*number, Answer::Held)).collect()
}

/// The family that [`program`] holds for runs with sockets of their own.
pub const FAMILY_OF_ITS_OWN: u32 = FAMILY as u32;

/// A part that holds socket(2) for these families: the supervisor makes those it can answer for, as
/// local ones that talk to one partner, and refuses the rest, since a datagram goes wherever it is
/// addressed to. Other families, and other calls, are left to the next part.
#[must_use]
pub fn program(families: &[u32]) -> BpfProgram {
    let socket = u32::try_from(call::SOCKET).unwrap_or(u32::MAX);
    let count = u8::try_from(families.len()).unwrap_or(u8::MAX);
    let mut program = vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, count.saturating_add(1), socket),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
    ];
    // Each that fits goes past the rest and the return.
    program.extend(
        families
            .iter()
            .zip((1..=count).rev())
            .map(|(family, past)| instruction(JUMP_IF_EQUAL, past, 0, *family)),
    );
    program.push(instruction(RETURN, 0, 0, ALLOW));
    program.push(answer(Fate::Held));
    program
}

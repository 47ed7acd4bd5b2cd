//! The part of the filter for calls that bits of one argument decide: seccompiler can ask for one bit at a time only.
//!
//! BPF can ask for any of many at once (`BPF_JSET`). With a rule for each of the seven namespaces
//! and the six ways to open for writing, these calls alone were a third of the program, which the
//! kernel translates at every launch.

use super::link::{
    FINAL_ALLOW, Fate, JUMP_IF_ANY, JUMP_IF_AT_LEAST, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer,
    instruction,
};
use crate::sys::call::Call;
use seccompiler::{BpfProgram, sock_filter};

/// A call that meets its fate when its argument has any of some bits. Both masks are of the low 32
/// bits of the argument, which is where the kernel keeps the flags of all calls so decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits {
    /// The call.
    pub call: Call,
    /// Which argument, from 0.
    pub argument: u8,
    /// With any of these it passes in any case.
    pub unless: u32,
    /// Any of these decides; with [`ALWAYS`] it meets its fate in any case.
    pub any: u32,
    /// What it meets then.
    pub fate: Fate,
}

/// Where `struct seccomp_data` keeps the low half of the first argument (little endian).
pub(super) const FIRST_ARGUMENT: u32 = 16;

/// A part that answers for these calls and leaves others to the next. Neighbours of which the same is
/// asked share the question.
#[must_use]
pub fn program(calls: &[Bits]) -> BpfProgram {
    let alike = |a: &Bits, b: &Bits| Bits { call: b.call, ..*a } == *b;
    let mut program: BpfProgram = calls.chunk_by(alike).flat_map(asked).collect();
    program.push(instruction(RETURN, 0, 0, super::link::ALLOW));
    program
}

/// No bit is asked for.
pub const ALWAYS: u32 = 0;

fn asked(calls: &[Bits]) -> Vec<sock_filter> {
    let Some((last, before)) = calls.split_last() else { return Vec::new() };
    let number = |bits: &Bits| u32::try_from(bits.call).unwrap_or(u32::MAX);
    let asks_for_others = last.unless != 0;
    let mut part = vec![instruction(LOAD, 0, 0, NUMBER)];
    // Any of them: on to the question.
    part.extend(before.iter().enumerate().map(|(nth, bits)| {
        let ahead = u8::try_from(before.len() - nth).unwrap_or(u8::MAX);
        instruction(JUMP_IF_EQUAL, ahead, 0, number(bits))
    }));
    part.extend([
        // Another call: on to the next.
        instruction(JUMP_IF_EQUAL, 0, 4 + u8::from(asks_for_others), number(last)),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8 * u32::from(last.argument)),
    ]);
    if asks_for_others {
        part.push(instruction(JUMP_IF_ANY, 2, 0, last.unless));
    }
    part.extend([
        match last.any {
            // Every number is at least 0.
            ALWAYS => instruction(JUMP_IF_AT_LEAST, 0, 1, 0),
            any => instruction(JUMP_IF_ANY, 0, 1, any),
        },
        answer(last.fate),
        instruction(RETURN, 0, 0, FINAL_ALLOW),
    ]);
    part
}

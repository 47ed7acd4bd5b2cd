//! The part of the filter for runs whose ports are named: Landlock bounds the ports of TCP, this what would walk past it.
//!
//! Datagrams, other protocols and sending with TCP fast open name a port that Landlock does not look
//! at on this kernel; listen(2) without bind(2) chooses one by itself.

use super::bits::{Bits, FIRST_ARGUMENT};
use super::link::{
    ALLOW, Fate, JUMP_IF_ANY, JUMP_IF_EQUAL, LOAD, NUMBER, RETURN, answer, instruction,
};
use super::table::Answer;
use crate::policy::ports::Ports;
use crate::sys::call;
use crate::sys::inet::{MULTIPATH, TCP, V4, V6};
use seccompiler::BpfProgram;
use std::collections::BTreeMap;

/// `MSG_FASTOPEN`.
const FAST_OPEN: u32 = 0x2000_0000;
/// "Operation not supported", as where fast open is switched off: callers connect then.
const NOT_SUPPORTED: u32 = 95;
/// What the types of sockets but `SOCK_STREAM` (1) have, and flags have not.
const NO_STREAM: u32 = 0xe;

/// The calls that are refused whatever their arguments, where nobody judges.
#[must_use]
pub fn outright(ports: &Ports) -> BTreeMap<i64, Answer> {
    match ports.chosen_by_the_kernel() {
        true => BTreeMap::new(),
        false => BTreeMap::from([(call::LISTEN, Answer::NotPermitted)]),
    }
}

/// The calls that are held: to be told where Landlock refuses them, and listen(2) to be judged.
#[must_use]
pub fn held(ports: &Ports) -> BTreeMap<i64, Answer> {
    let connect = ports.connect.as_ref().map(|_| call::CONNECT);
    let bind = ports.bind.as_ref().map(|_| call::BIND);
    let listen = (!ports.chosen_by_the_kernel()).then_some(call::LISTEN);
    connect.into_iter().chain(bind).chain(listen).map(|call| (call, Answer::Held)).collect()
}

/// Sending that connects as it sends.
#[must_use]
pub fn bits(ports: &Ports) -> Vec<Bits> {
    if ports.is_every() { Vec::new() } else { no_fast_open() }
}

/// The same whatever the ports: a socket that an outsider handed in is not bound to this machine.
#[must_use]
pub fn no_fast_open() -> Vec<Bits> {
    let fate = Fate::Fails(NOT_SUPPORTED);
    let sending = [(call::SENDTO, 3), (call::SENDMSG, 2), (call::SENDMMSG, 3)];
    let bits = |(call, argument)| Bits { call, argument, unless: 0, any: FAST_OPEN, fate };
    sending.map(bits).into()
}

/// A part that lets sockets of the internet pass if they are plain TCP. Multipath TCP is answered by
/// the next part; other families, and other calls, are left to it as well.
#[must_use]
pub fn program(refused: Fate) -> BpfProgram {
    let socket = u32::try_from(call::SOCKET).unwrap_or(u32::MAX);
    let [four, six] = [V4, V6].map(|family| family as u32);
    vec![
        instruction(LOAD, 0, 0, NUMBER),
        instruction(JUMP_IF_EQUAL, 0, 9, socket),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT),
        instruction(JUMP_IF_EQUAL, 1, 0, four),
        instruction(JUMP_IF_EQUAL, 0, 6, six),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 16),
        instruction(JUMP_IF_EQUAL, 4, 0, MULTIPATH.cast_unsigned()),
        instruction(JUMP_IF_EQUAL, 1, 0, 0),
        instruction(JUMP_IF_EQUAL, 0, 3, TCP.cast_unsigned()),
        instruction(LOAD, 0, 0, FIRST_ARGUMENT + 8),
        instruction(JUMP_IF_ANY, 1, 0, NO_STREAM),
        instruction(RETURN, 0, 0, ALLOW),
        answer(refused),
    ]
}

//! The part of the filter for runs that may talk to this machine alone: their sockets are made by the supervisor.
//!
//! What such a socket may do afterwards is the kernel's business (`sys/inet.rs`). connect(2) is held
//! for the sake of the person: an address elsewhere is answered at once, and told.

use super::rules::Answer;
use crate::sys::call;
use crate::sys::inet::{V4, V6};
use std::collections::BTreeMap;

/// The families of which the supervisor makes the sockets, and refuses what it cannot keep here.
pub const FAMILIES: [u32; 2] = [V4 as u32, V6 as u32];

/// The calls that are held, by number.
#[must_use]
pub fn outright() -> BTreeMap<i64, Answer> {
    BTreeMap::from([(call::CONNECT, Answer::Held)])
}

//! The kernel's ABI: every system call that std has no word for, and all unsafe code of the house.
//!
//! Thin by design: one function a call, errors as `io::Error`. Nothing here knows a policy.
#![expect(unsafe_code, reason = "this room is the only one that may hold unsafe code")]

pub mod at;
pub mod birth;
pub mod call;
pub mod capabilities;
pub mod diag;
pub mod directory;
pub mod fifo;
pub mod file;
#[cfg(target_env = "musl")]
pub mod heap;
pub mod inet;
pub mod ipc;
pub mod landlock;
pub mod limits;
pub mod local;
pub mod metadata;
pub mod namespace;
pub mod notify;
pub mod passwd;
pub mod permission;
pub mod probe;
pub mod process;
pub mod random;
pub mod remote;
pub mod seccomp;
pub mod signals;
pub mod space;
pub mod terminal;

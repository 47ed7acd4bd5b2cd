//! Judging system calls while they are held: protected paths in the workspace, metadata outside of what may be written.
#![forbid(unsafe_code)]

pub mod decode;
pub mod git;
pub mod judge;
pub mod observe;
pub mod standing;

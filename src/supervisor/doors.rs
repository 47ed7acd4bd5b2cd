//! Finds the sockets of others that a person granted, without following a link that a command could have put in the way.
//!
//! What is found is held open: whoever has its name later is not it.

use super::resolve::{MAX_LINKS, Resolver};
use super::standing::Bounds;
use crate::sys::at::{self, Errno, Result};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// What a granted path leads to.
///
/// # Errors
/// The kernel's, and `ELOOP` for a link that lies where commands may write.
pub(super) fn open(path: &Path, bounds: &Bounds, resolver: &Resolver) -> Result<OwnedFd> {
    let mut here = resolver.root()?;
    let mut rest = parts(path.as_os_str().as_encoded_bytes());
    let mut links = 0;
    while let Some(part) = rest.pop() {
        let next = at::open(here.as_fd(), &part, at::PATH | at::NO_FOLLOW, 0)?;
        if !at::stat(next.as_fd())?.is(at::IS_LINK) {
            here = next;
            continue;
        }
        links += 1;
        if links > MAX_LINKS || bounds.is_writable(&resolver.real(here.as_fd())?) {
            return Err(Errno::LOOP);
        }
        let target = at::read_link(here.as_fd(), &part)?;
        if target.starts_with(b"/") {
            here = resolver.root()?;
        }
        rest.extend(parts(&target));
    }
    Ok(here)
}

/// The parts of a path, the first on top.
fn parts(text: &[u8]) -> Vec<Vec<u8>> {
    let named = |part: &&[u8]| !part.is_empty() && *part != b".";
    text.split(|byte| *byte == b'/').rev().filter(named).map(<[u8]>::to_vec).collect()
}

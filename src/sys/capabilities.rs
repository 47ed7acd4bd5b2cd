//! Giving up every capability, in every set, for good (capabilities(7)).

use caps::CapSet;
use std::io;

/// Clears the bounding, ambient, inheritable, effective and permitted sets of this process.
///
/// The bounding set needs `CAP_SETPCAP` and is left alone without it: a process that has no
/// capability and `no_new_privs` cannot gain one by `execve` either.
///
/// # Errors
/// The kernel's refusal; nothing must be run after one.
pub fn drop_all() -> io::Result<()> {
    let held = caps::read(None, CapSet::Permitted).map_err(to_io)?;
    if held.contains(&caps::Capability::CAP_SETPCAP) {
        caps::clear(None, CapSet::Bounding).map_err(to_io)?;
    }
    caps::clear(None, CapSet::Ambient).map_err(to_io)?;
    if !held.is_empty() {
        caps::clear(None, CapSet::Effective).map_err(to_io)?;
        caps::clear(None, CapSet::Permitted).map_err(to_io)?;
    }
    caps::clear(None, CapSet::Inheritable).map_err(to_io)
}

fn to_io(error: caps::errors::CapsError) -> io::Error {
    io::Error::other(error.to_string())
}

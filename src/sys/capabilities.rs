//! Giving up every capability, in every set, for good (capabilities(7)).

use caps::CapSet;
use std::io;

/// Which capabilities there are to give up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// None.
    None,
    /// Some, but not the one that the bounding set is changed with.
    Some,
    /// Some, `CAP_SETPCAP` among them.
    WithBoundingSet,
}

/// What this process holds.
///
/// # Errors
/// None that can be expected.
pub fn held() -> io::Result<Held> {
    let held = caps::read(None, CapSet::Permitted).map_err(to_io)?;
    Ok(if held.contains(&caps::Capability::CAP_SETPCAP) {
        Held::WithBoundingSet
    } else if held.is_empty() {
        Held::None
    } else {
        Held::Some
    })
}

/// Clears the bounding, ambient, inheritable, effective and permitted sets of this process.
/// Allocates nothing unless it fails.
///
/// The bounding set needs `CAP_SETPCAP` and is left alone without it: a process that has no
/// capability and `no_new_privs` cannot gain one by `execve` either.
///
/// # Errors
/// The kernel's refusal; nothing must be run after one.
pub fn drop_all(held: Held) -> io::Result<()> {
    if held == Held::WithBoundingSet {
        drop_bounding_set()?;
    }
    caps::clear(None, CapSet::Ambient).map_err(to_io)?;
    if held != Held::None {
        caps::clear(None, CapSet::Effective).map_err(to_io)?;
        caps::clear(None, CapSet::Permitted).map_err(to_io)?;
    }
    caps::clear(None, CapSet::Inheritable).map_err(to_io)
}

/// One call a capability, until the kernel knows no more of them: `caps::clear` asks before each,
/// which makes 82 calls of 41.
fn drop_bounding_set() -> io::Result<()> {
    for number in 0..u64::from(u8::MAX) {
        // SAFETY: PR_CAPBSET_DROP takes one integer and touches no memory of ours.
        let result = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, number, 0, 0, 0) };
        if result != 0 {
            let error = io::Error::last_os_error();
            // EINVAL: past the last capability of this kernel.
            let past_last = error.raw_os_error() == Some(libc::EINVAL) && number > 0;
            return if past_last { Ok(()) } else { Err(error) };
        }
    }
    Ok(())
}

fn to_io(error: caps::errors::CapsError) -> io::Error {
    io::Error::other(error.to_string())
}

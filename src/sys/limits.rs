//! Resource limits of this process and its descendants (setrlimit(2)).

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::io;

/// The resources a policy may bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Processes of this user.
    Processes,
    /// Open descriptors.
    OpenFiles,
    /// Bytes of one file written.
    FileSize,
    /// Bytes of a core dump.
    Core,
    /// Bytes of address space.
    Memory,
    /// Seconds of processor time.
    CpuSeconds,
}

impl Limit {
    const fn resource(self) -> Resource {
        match self {
            Self::Processes => Resource::RLIMIT_NPROC,
            Self::OpenFiles => Resource::RLIMIT_NOFILE,
            Self::FileSize => Resource::RLIMIT_FSIZE,
            Self::Core => Resource::RLIMIT_CORE,
            Self::Memory => Resource::RLIMIT_AS,
            Self::CpuSeconds => Resource::RLIMIT_CPU,
        }
    }
}

/// Lowers the soft and hard limit to `value`, or to what is in force when that is lower already:
/// a limit is never raised.
///
/// # Errors
/// The kernel's refusal.
pub fn lower(limit: Limit, value: u64) -> io::Result<()> {
    let (soft, hard) = getrlimit(limit.resource())?;
    setrlimit(limit.resource(), soft.min(value), hard.min(value))?;
    Ok(())
}

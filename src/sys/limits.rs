//! Resource limits of this process and its descendants (setrlimit(2)), and a look at those of others.

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

/// Raises this process's soft limit of open descriptors to the hard one; how many it may have then.
pub fn raise_open_files() -> u64 {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return 0 };
    match setrlimit(Resource::RLIMIT_NOFILE, hard, hard) {
        Ok(()) => hard,
        Err(_) => soft,
    }
}

/// The most bytes that another process of this user may let a file have; `None` when that is not
/// told.
#[must_use]
pub fn file_size_of(thread: i32) -> Option<u64> {
    let mut found = libc::rlimit64 { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: nothing is set, and the kernel fills one rlimit64 that lives on this stack.
    let result = unsafe {
        libc::syscall(
            libc::SYS_prlimit64,
            thread,
            libc::RLIMIT_FSIZE,
            std::ptr::null::<libc::rlimit64>(),
            &raw mut found,
        )
    };
    (result == 0).then_some(found.rlim_cur)
}

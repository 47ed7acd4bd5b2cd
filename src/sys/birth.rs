//! When an object of the file system came into being (statx(2), `STATX_BTIME`); nothing else of it.

use super::at::Errno;
use std::ffi::CString;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The time of birth of what `path` names, a final link not followed. No call can set it: a move or
/// a link keeps it, and a copy is born anew.
///
/// # Errors
/// What statx(2) says; `EOPNOTSUPP` where the file system does not tell.
pub fn born(path: &Path) -> io::Result<SystemTime> {
    let name = CString::new(path.as_os_str().as_bytes())?;
    let mut told = MaybeUninit::<libc::statx>::zeroed();
    let flags = libc::AT_SYMLINK_NOFOLLOW | libc::AT_STATX_DONT_SYNC;
    // SAFETY: `name` is a NUL-terminated string that outlives the call, and `told` has room for one
    // struct statx, which is all the kernel writes.
    let done = unsafe {
        libc::statx(libc::AT_FDCWD, name.as_ptr(), flags, libc::STATX_BTIME, told.as_mut_ptr())
    };
    if done != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the memory was zeroed, and a struct statx is whole numbers: every value of them is one.
    let told = unsafe { told.assume_init() };
    let seconds = u64::try_from(told.stx_btime.tv_sec).ok();
    let told = seconds
        .filter(|_| told.stx_mask & libc::STATX_BTIME != 0)
        .map(|seconds| SystemTime::UNIX_EPOCH + Duration::new(seconds, told.stx_btime.tv_nsec));
    told.ok_or_else(|| io::Error::from_raw_os_error(Errno::NOT_SUPPORTED.0))
}

#[cfg(test)]
mod tests {
    use super::born;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_move_and_new_times_change_no_birth() {
        let scratch = tempfile::tempdir().unwrap();
        let (old, new) = (scratch.path().join("old"), scratch.path().join("new"));
        let before = SystemTime::now() - Duration::from_millis(20);
        std::fs::write(&old, b"x").unwrap();
        let birth = born(&old).unwrap();
        assert!(birth >= before && birth <= SystemTime::now());
        let file = std::fs::File::options().write(true).open(&old).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
        std::fs::rename(&old, &new).unwrap();
        assert_eq!(born(&new).unwrap(), birth);
        assert!(born(&old).is_err());
    }
}

//! System calls on names relative to an open directory, with the kernel's own error numbers (openat(2) and its kin).
//!
//! One function a call. Names are given as bytes without a NUL; nothing is resolved or judged here.

use std::ffi::CString;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

/// An error number of the kernel, kept as such because it goes back to a caller unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub i32);

impl Errno {
    /// Operation not permitted.
    pub const NOT_PERMITTED: Self = Self(libc::EPERM);
    /// Permission denied.
    pub const ACCESS: Self = Self(libc::EACCES);
    /// No such file or directory.
    pub const NOT_FOUND: Self = Self(libc::ENOENT);
    /// No such process.
    pub const NO_PROCESS: Self = Self(libc::ESRCH);
    /// Bad address.
    pub const FAULT: Self = Self(libc::EFAULT);
    /// Bad file descriptor.
    pub const BAD_DESCRIPTOR: Self = Self(libc::EBADF);
    /// Invalid argument.
    pub const INVALID: Self = Self(libc::EINVAL);
    /// Is a directory.
    pub const IS_A_DIRECTORY: Self = Self(libc::EISDIR);
    /// Argument list too long.
    pub const TOO_BIG: Self = Self(libc::E2BIG);
    /// Too many levels of symbolic links.
    pub const LOOP: Self = Self(libc::ELOOP);
    /// File name too long.
    pub const NAME_TOO_LONG: Self = Self(libc::ENAMETOOLONG);
    /// File exists.
    pub const EXISTS: Self = Self(libc::EEXIST);
    /// Is a directory.
    pub const IS_DIRECTORY: Self = Self(libc::EISDIR);
    /// Not a directory.
    pub const NOT_DIRECTORY: Self = Self(libc::ENOTDIR);
    /// Invalid cross-device link: the caller is expected to copy.
    pub const OTHER_DEVICE: Self = Self(libc::EXDEV);
    /// No such device or address.
    pub const NO_DEVICE: Self = Self(libc::ENXIO);
    /// Try again.
    pub const AGAIN: Self = Self(libc::EAGAIN);
    /// Function not implemented.
    pub const NO_SUCH_CALL: Self = Self(libc::ENOSYS);
    /// Operation not supported.
    pub const NOT_SUPPORTED: Self = Self(libc::EOPNOTSUPP);
    /// Too many open files in the system: the guardian's share of them is spent.
    pub const NO_ROOM: Self = Self(libc::ENFILE);
    /// File too large.
    pub const FILE_TOO_LONG: Self = Self(libc::EFBIG);
    /// Too many open files in this process.
    pub const TOO_MANY: Self = Self(libc::EMFILE);
    /// Numerical result out of range.
    pub const RANGE: Self = Self(libc::ERANGE);

    /// The error of the last call.
    #[must_use]
    pub fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
    }
}

impl From<std::io::Error> for Errno {
    fn from(error: std::io::Error) -> Self {
        Self(error.raw_os_error().unwrap_or(libc::EIO))
    }
}

/// The result of a call.
pub type Result<T> = std::result::Result<T, Errno>;

/// `O_PATH`: a place, not its content.
pub const PATH: i32 = libc::O_PATH;
/// `O_DIRECTORY`.
pub const DIRECTORY: i32 = libc::O_DIRECTORY;
/// `O_NOFOLLOW`.
pub const NO_FOLLOW: i32 = libc::O_NOFOLLOW;
/// `O_CREAT`.
pub const CREATE: i32 = libc::O_CREAT;
/// `O_EXCL`.
pub const EXCLUSIVE: i32 = libc::O_EXCL;
/// `O_TRUNC`.
pub const TRUNCATE: i32 = libc::O_TRUNC;
/// `O_NONBLOCK`.
pub const NON_BLOCKING: i32 = libc::O_NONBLOCK;
/// `O_NOCTTY`.
pub const NO_TERMINAL: i32 = libc::O_NOCTTY;
/// `O_CLOEXEC`.
pub const CLOSE_ON_EXEC: i32 = libc::O_CLOEXEC;
/// `O_ACCMODE`.
pub const ACCESS_MODE: i32 = libc::O_ACCMODE;
/// `O_WRONLY`.
pub const WRITE_ONLY: i32 = libc::O_WRONLY;
/// `O_RDWR`.
pub const READ_WRITE: i32 = libc::O_RDWR;
/// The bit of `O_TMPFILE` that is its own, without `O_DIRECTORY`.
pub const NAMELESS: i32 = libc::O_TMPFILE & !libc::O_DIRECTORY;
/// `AT_FDCWD`.
pub const HERE: i32 = libc::AT_FDCWD;
/// `AT_SYMLINK_NOFOLLOW`.
pub const LINK_ITSELF: i32 = libc::AT_SYMLINK_NOFOLLOW;
/// `AT_SYMLINK_FOLLOW`.
pub const FOLLOW_LINK: i32 = libc::AT_SYMLINK_FOLLOW;
/// `AT_EMPTY_PATH`.
pub const EMPTY_PATH: i32 = libc::AT_EMPTY_PATH;
/// `AT_REMOVEDIR`.
pub const REMOVE_DIRECTORY: i32 = libc::AT_REMOVEDIR;
/// `RENAME_NOREPLACE`.
pub const NO_REPLACE: u32 = libc::RENAME_NOREPLACE;
/// `RENAME_WHITEOUT`.
pub const WHITEOUT: u32 = libc::RENAME_WHITEOUT;
/// `RENAME_EXCHANGE`.
pub const EXCHANGE: u32 = libc::RENAME_EXCHANGE;

fn done(result: libc::c_int) -> Result<()> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}

fn done_long(result: libc::c_long) -> Result<()> {
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}

fn opened(result: libc::c_long) -> Result<OwnedFd> {
    match RawFd::try_from(result) {
        // SAFETY: the kernel has just opened this descriptor for us; nobody else owns it.
        Ok(fd) if fd >= 0 => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        _ => Err(Errno::last()),
    }
}

fn c(name: &[u8]) -> Result<CString> {
    CString::new(name).map_err(|_| Errno::INVALID)
}

/// openat(2); the descriptor closes on exec.
///
/// # Errors
/// The kernel's.
pub fn open(directory: BorrowedFd<'_>, name: &[u8], flags: i32, mode: u32) -> Result<OwnedFd> {
    let (name, flags) = (c(name)?, flags | libc::O_CLOEXEC);
    // SAFETY: `name` is a NUL-terminated text that lives until the call returns.
    opened(unsafe {
        libc::syscall(libc::SYS_openat, directory.as_raw_fd(), name.as_ptr(), flags, mode)
    })
}

/// What a resolution must not do (openat2(2), `resolve`).
pub mod resolve {
    /// `RESOLVE_NO_XDEV`.
    pub const NO_XDEV: u64 = 1;
    /// `RESOLVE_NO_MAGICLINKS`.
    pub const NO_MAGIC_LINKS: u64 = 2;
    /// `RESOLVE_NO_SYMLINKS`.
    pub const NO_LINKS: u64 = 4;
    /// `RESOLVE_BENEATH`.
    pub const BENEATH: u64 = 8;
    /// `RESOLVE_IN_ROOT`.
    pub const IN_ROOT: u64 = 16;
    /// `RESOLVE_CACHED`.
    pub const CACHED: u64 = 32;
    /// All of them.
    pub const ALL: u64 = NO_XDEV | NO_MAGIC_LINKS | NO_LINKS | BENEATH | IN_ROOT | CACHED;
}

/// `struct open_how` of openat2(2).
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// The flags of open(2).
    pub flags: u64,
    /// The mode of a file that is made.
    pub mode: u64,
    /// [`resolve`] flags.
    pub resolve: u64,
}

/// openat2(2); `how` is taken as it is.
///
/// # Errors
/// The kernel's.
pub fn open2(directory: BorrowedFd<'_>, name: &[u8], how: How) -> Result<OwnedFd> {
    let name = c(name)?;
    // SAFETY: `name` is NUL-terminated and `how` lives on this stack; both outlive the call.
    opened(unsafe {
        libc::syscall(
            libc::SYS_openat2,
            directory.as_raw_fd(),
            name.as_ptr(),
            &raw const how,
            size_of::<How>(),
        )
    })
}

/// readlinkat(2).
///
/// # Errors
/// The kernel's; `ENAMETOOLONG` when the text does not fit `PATH_MAX`.
pub fn read_link(directory: BorrowedFd<'_>, name: &[u8]) -> Result<Vec<u8>> {
    let name = c(name)?;
    let mut buffer = [0_u8; 4097];
    // SAFETY: `name` is NUL-terminated, and the kernel writes at most the length of `buffer`.
    let length = unsafe {
        libc::readlinkat(
            directory.as_raw_fd(),
            name.as_ptr(),
            buffer.as_mut_ptr().cast(),
            buffer.len(),
        )
    };
    let length = usize::try_from(length).map_err(|_| Errno::last())?;
    match buffer.get(..length) {
        Some(text) if length < buffer.len() => Ok(text.to_vec()),
        _ => Err(Errno::NAME_TOO_LONG),
    }
}

/// What fstat(2) tells that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stat {
    /// Device and inode number.
    pub object: (u64, u64),
    /// Type and permission bits.
    pub mode: u32,
    /// How many names it has.
    pub links: u64,
    /// Device number of a device file.
    pub device: u64,
    /// Bytes.
    pub size: u64,
}

impl Stat {
    /// Whether it is of the type with this bit pattern, one of the `S_IF*` below.
    #[must_use]
    pub const fn is(&self, kind: u32) -> bool {
        self.mode & libc::S_IFMT == kind
    }
}

/// A directory.
pub const IS_DIRECTORY: u32 = libc::S_IFDIR;
/// A regular file.
pub const IS_REGULAR: u32 = libc::S_IFREG;
/// A symbolic link.
pub const IS_LINK: u32 = libc::S_IFLNK;
/// A named pipe.
pub const IS_FIFO: u32 = libc::S_IFIFO;
/// A block device.
pub const IS_BLOCK: u32 = libc::S_IFBLK;
/// A socket.
pub const IS_SOCKET: u32 = libc::S_IFSOCK;
/// The bits of a mode that say what it is of.
pub const KIND: u32 = libc::S_IFMT;
/// A character device.
pub const IS_CHARACTER: u32 = libc::S_IFCHR;

/// fstat(2).
///
/// # Errors
/// The kernel's.
pub fn stat(fd: BorrowedFd<'_>) -> Result<Stat> {
    let stat = nix::sys::stat::fstat(fd).map_err(|errno| Errno(errno as i32))?;
    Ok(told(&stat))
}

/// Whether what is held open lies in a process file system, wherever that is mounted (statfs(2)).
///
/// # Errors
/// The kernel's.
pub fn is_of_processes(fd: BorrowedFd<'_>) -> Result<bool> {
    let told = nix::sys::statfs::fstatfs(fd).map_err(|errno| Errno(errno as i32))?;
    Ok(told.filesystem_type() == nix::sys::statfs::PROC_SUPER_MAGIC)
}

/// fstatat(2) of the name itself, a link not followed.
///
/// # Errors
/// The kernel's.
pub fn stat_name(directory: BorrowedFd<'_>, name: &[u8]) -> Result<Stat> {
    let name = c(name)?;
    let flags = nix::fcntl::AtFlags::AT_SYMLINK_NOFOLLOW;
    let stat = nix::sys::stat::fstatat(directory, name.as_c_str(), flags)
        .map_err(|errno| Errno(errno as i32))?;
    Ok(told(&stat))
}

fn told(stat: &libc::stat) -> Stat {
    Stat {
        object: (stat.st_dev, stat.st_ino),
        mode: stat.st_mode,
        links: stat.st_nlink,
        device: stat.st_rdev,
        size: u64::try_from(stat.st_size).unwrap_or(0),
    }
}

/// unlinkat(2).
///
/// # Errors
/// The kernel's.
pub fn unlink(directory: BorrowedFd<'_>, name: &[u8], flags: i32) -> Result<()> {
    let name = c(name)?;
    // SAFETY: `name` is a NUL-terminated text that lives until the call returns.
    done(unsafe { libc::unlinkat(directory.as_raw_fd(), name.as_ptr(), flags) })
}

/// A name in an open directory.
#[derive(Debug, Clone, Copy)]
pub struct Name<'n>(pub BorrowedFd<'n>, pub &'n [u8]);

/// renameat2(2).
///
/// # Errors
/// The kernel's.
pub fn rename(from: Name<'_>, to: Name<'_>, flags: u32) -> Result<()> {
    let (old, new) = (c(from.1)?, c(to.1)?);
    // SAFETY: both names are NUL-terminated texts that live until the call returns.
    done_long(unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            from.0.as_raw_fd(),
            old.as_ptr(),
            to.0.as_raw_fd(),
            new.as_ptr(),
            flags,
        )
    })
}

/// linkat(2).
///
/// # Errors
/// The kernel's.
pub fn link(from: Name<'_>, to: Name<'_>, flags: i32) -> Result<()> {
    let (old, new) = (c(from.1)?, c(to.1)?);
    // SAFETY: both names are NUL-terminated texts that live until the call returns.
    done(unsafe {
        libc::linkat(from.0.as_raw_fd(), old.as_ptr(), to.0.as_raw_fd(), new.as_ptr(), flags)
    })
}

/// symlinkat(2).
///
/// # Errors
/// The kernel's.
pub fn symlink(text: &[u8], directory: BorrowedFd<'_>, name: &[u8]) -> Result<()> {
    // symlinkat of an empty text is ENOENT, which the kernel says itself.
    let (text, name) = (c(text)?, c(name)?);
    // SAFETY: both are NUL-terminated texts that live until the call returns.
    done(unsafe { libc::symlinkat(text.as_ptr(), directory.as_raw_fd(), name.as_ptr()) })
}

/// mkdirat(2).
///
/// # Errors
/// The kernel's.
pub fn make_directory(directory: BorrowedFd<'_>, name: &[u8], mode: u32) -> Result<()> {
    let name = c(name)?;
    // SAFETY: `name` is a NUL-terminated text that lives until the call returns.
    done(unsafe { libc::mkdirat(directory.as_raw_fd(), name.as_ptr(), mode) })
}

/// mknodat(2).
///
/// # Errors
/// The kernel's.
pub fn make_node(directory: BorrowedFd<'_>, name: &[u8], mode: u32, device: u64) -> Result<()> {
    let name = c(name)?;
    // SAFETY: `name` is a NUL-terminated text that lives until the call returns.
    done(unsafe { libc::mknodat(directory.as_raw_fd(), name.as_ptr(), mode, device) })
}

/// Sets the mask of this process and tells the one before (umask(2)).
pub fn umask(mask: u32) -> u32 {
    // SAFETY: umask takes one integer, touches no memory of ours and cannot fail.
    unsafe { libc::umask(mask) }
}

/// Takes `O_NONBLOCK` off an open file (fcntl(2), F_SETFL).
///
/// # Errors
/// The kernel's.
pub fn set_blocking(fd: BorrowedFd<'_>, flags: i32) -> Result<()> {
    // SAFETY: F_SETFL takes an integer and touches no memory of ours.
    done(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags & !libc::O_NONBLOCK) })
}

/// A file in memory, without a name (memfd_create(2)).
///
/// # Errors
/// The kernel's.
pub fn memory(label: &[u8]) -> Result<OwnedFd> {
    let label = c(label)?;
    // SAFETY: `label` is a NUL-terminated text that lives until the call returns.
    opened(libc::c_long::from(unsafe { libc::memfd_create(label.as_ptr(), libc::MFD_CLOEXEC) }))
}

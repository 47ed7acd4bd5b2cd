//! System V IPC: making objects, finding them by key, removing them (sysvipc(7)). Their content is not touched here.

use super::at::{Errno, Result};

/// The three sorts of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// shmget(2).
    Memory,
    /// semget(2).
    Semaphores,
    /// msgget(2).
    Messages,
}

/// `IPC_PRIVATE`: the key that always makes a new object.
pub const PRIVATE: i32 = libc::IPC_PRIVATE;
/// `IPC_CREAT`.
pub const CREATE: i32 = libc::IPC_CREAT;
/// `IPC_EXCL`.
pub const EXCLUSIVE: i32 = libc::IPC_EXCL;
/// `IPC_RMID`.
pub const REMOVE: i32 = libc::IPC_RMID;
/// No space left: too many objects.
pub const NO_SPACE: Errno = Errno(libc::ENOSPC);

/// Commands that concern one object, named by its id: reading and changing what it is, and the
/// values of semaphores. All others list objects or name them by their place in a table.
const OF_ONE: [&[i32]; 3] = [
    &[libc::IPC_STAT, libc::IPC_SET, libc::SHM_LOCK, libc::SHM_UNLOCK],
    &[
        libc::IPC_STAT,
        libc::IPC_SET,
        libc::GETPID,
        libc::GETVAL,
        libc::GETALL,
        libc::GETNCNT,
        libc::GETZCNT,
        libc::SETVAL,
        libc::SETALL,
    ],
    &[libc::IPC_STAT, libc::IPC_SET],
];

impl Family {
    /// Whether a command concerns the object of an id, and leaves it there.
    #[must_use]
    pub fn concerns_one(self, command: i32) -> bool {
        let [memory, semaphores, messages] = OF_ONE;
        let known = match self {
            Self::Memory => memory,
            Self::Semaphores => semaphores,
            Self::Messages => messages,
        };
        known.contains(&command)
    }
}

/// The id of the object of a key, perhaps made now. `size` is bytes of memory, or how many
/// semaphores (shmget(2), semget(2), msgget(2)).
///
/// # Errors
/// The kernel's.
pub fn get(family: Family, key: i32, size: u64, flags: i32) -> Result<i32> {
    let id = match family {
        // SAFETY: integers only; no memory of ours is touched.
        Family::Memory => unsafe { libc::syscall(libc::SYS_shmget, key, size, flags) },
        // SAFETY: as above.
        Family::Semaphores => unsafe { libc::syscall(libc::SYS_semget, key, size, flags) },
        // SAFETY: as above.
        Family::Messages => unsafe { libc::syscall(libc::SYS_msgget, key, flags) },
    };
    if id < 0 { Err(Errno::last()) } else { i32::try_from(id).map_err(|_| Errno::INVALID) }
}

/// Removes an object (`IPC_RMID`).
///
/// # Errors
/// The kernel's.
pub fn remove(family: Family, id: i32) -> Result<()> {
    let nothing = std::ptr::null_mut::<libc::c_void>();
    let result = match family {
        // SAFETY: IPC_RMID ignores its buffer; no memory of ours is touched.
        Family::Memory => unsafe { libc::syscall(libc::SYS_shmctl, id, REMOVE, nothing) },
        // SAFETY: as above.
        Family::Semaphores => unsafe { libc::syscall(libc::SYS_semctl, id, 0, REMOVE, nothing) },
        // SAFETY: as above.
        Family::Messages => unsafe { libc::syscall(libc::SYS_msgctl, id, REMOVE, nothing) },
    };
    if result == 0 { Ok(()) } else { Err(Errno::last()) }
}

/// The process that made a piece of shared memory (shmctl(2), `shm_cpid`).
///
/// # Errors
/// The kernel's; `EINVAL` when there is none of this id.
pub fn maker(id: i32) -> Result<i32> {
    // SAFETY: all zeroes are a valid shmid_ds, which holds integers only.
    let mut told: libc::shmid_ds = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one shmid_ds that lives on this stack.
    let result = unsafe { libc::shmctl(id, libc::IPC_STAT, &raw mut told) };
    if result == 0 { Ok(told.shm_cpid) } else { Err(Errno::last()) }
}

//! The domain around a whole run, which is also what lets all of it be ended in one call, whatever it does to stay ahead.
//!
//! The guardian enters the policy's own Landlock domain; the command and all it starts are born in
//! it. Signals stay inside, so `kill(-1, SIGKILL)` reaches every process of the run and nothing
//! else: the kernel goes through all processes while none can fork.

use crate::sandbox::cgroup::Doors;
use crate::sys::{process, signals};
use std::io;
use std::os::fd::OwnedFd;

/// Proof that no signal of this process leaves the run. Without it `end_all` would reach
/// everything this user owns, so there is no other way to come by one than
/// [`Fence::prove`] and [`Fence::of_namespace`]; or it ends what is in the run's control group.
#[derive(Debug)]
pub(super) struct Fence(Around);

#[derive(Debug)]
enum Around {
    /// The caller and the whole run, by signals that stay inside.
    Signals,
    /// The whole run and not the caller.
    Group(OwnedFd),
}

impl Fence {
    /// Tries the domain on `outsider`, a living process of the same user.
    ///
    /// # Errors
    /// A domain that lets signals through.
    pub(super) fn prove(outsider: i32) -> io::Result<Self> {
        match process::signal(outsider, 0) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                Ok(Self(Around::Signals))
            }
            Ok(()) | Err(_) => Err(io::Error::other("the fence around the run does not hold")),
        }
    }

    /// The pid namespace this process is the first of: no number of an outsider leads anywhere.
    ///
    /// # Errors
    /// It is not the first of any.
    pub(super) fn of_namespace() -> io::Result<Self> {
        match process::own_pid() {
            1 => Ok(Self(Around::Signals)),
            _ => Err(io::Error::other("this is no pid namespace of the run's own")),
        }
    }

    /// The control group of the run, of which the caller is not; for kernels that let signals out.
    /// `None` before Linux 5.14.
    pub(super) fn of_group(doors: Doors) -> Option<Self> {
        doors.end.map(|end| Self(Around::Group(end)))
    }

    /// Ends every process inside but this one.
    pub(super) fn end_all(&self) {
        match &self.0 {
            // ESRCH: nothing was left.
            Around::Signals => drop(process::signal(process::EVERYBODY, signals::KILL)),
            // ENODEV: it was removed, which takes that nothing was left.
            Around::Group(end) => drop(process::write(end, b"1")),
        }
    }
}

//! A domain around a whole run, so that all of it can be ended in one call, whatever it does to stay ahead.
//!
//! The guardian enters a Landlock domain that does nothing but keep signals inside; the command and
//! all it starts are born in it. `kill(-1, SIGKILL)` then reaches every process of the run and
//! nothing else: the kernel goes through all processes while none can fork.

use crate::sandbox::ruleset::{self, RulesetError};
use crate::sys::{process, signals};
use std::io;

/// Proof that no signal of this process leaves the run. Without it `end_all` would reach
/// everything this user owns, so there is no other way to come by one than [`Fence::raise`].
#[derive(Debug)]
pub(super) struct Fence(());

impl Fence {
    /// Shuts this process in, with all it will start, and tries the fence on `outsider`, a living
    /// process of the same user.
    ///
    /// # Errors
    /// The kernel's refusal, or a fence that does not hold.
    pub(super) fn raise(outsider: i32) -> io::Result<Self> {
        // Landlock asks for it; the command gets it in any case.
        process::no_new_privileges()?;
        ruleset::keep_signals_inside().map_err(|error: RulesetError| io::Error::other(error))?;
        match process::signal(outsider, 0) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(Self(())),
            Ok(()) | Err(_) => Err(io::Error::other("the fence around the run does not hold")),
        }
    }

    /// Ends every process inside but this one.
    pub(super) fn end_all(&self) {
        // ESRCH: nothing was left.
        drop(process::signal(process::EVERYBODY, signals::KILL));
    }
}

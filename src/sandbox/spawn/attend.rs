//! What the guardian lends its hands to: somebody who answers the system calls that the filter holds.
//!
//! This room enforces and decides nothing, so it does not know who that is.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// Answers held calls. Made by the front, used in the guardian, which is a fork of it.
pub trait Attendant: std::fmt::Debug {
    /// Answers one call; the listener is readable. Says how soon to come back to
    /// [`Attendant::retry`] although the listener stays silent.
    ///
    /// # Errors
    /// When the listener is unusable; the run is ended then.
    fn serve(&mut self, listener: BorrowedFd<'_>) -> io::Result<Option<Duration>>;

    /// Comes back to calls that could not be answered yet; says how soon to do so again.
    fn retry(&mut self, listener: BorrowedFd<'_>) -> Option<Duration>;

    /// The run is over: what is to be told whoever made the attendant, in words of its own.
    fn finish(&mut self) -> Vec<u8>;
}

//! Hidden names: what is under them is not read, by whatever way, and what was there before stays as it is.
//!
//! Only a policy with hidden names has opens for reading held (`sandbox/filter/held.rs`); what is
//! judged is the real path of the very object that is then opened.

use super::judge::{Age, Why};
use super::resolve::Place;
use super::{Tools, standins};
use crate::sys::at::{self, Errno, Result, Stat};
use std::os::fd::AsFd;

/// What is done to a file that may have further names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Read,
    Write,
}

impl Tools {
    /// Refuses to read what is hidden.
    pub(super) fn may_be_read(&mut self, path: &[u8]) -> Result<()> {
        if !self.bounds.hides(path) {
            return Ok(());
        }
        // The workspace may have been renamed: where does this lie now?
        self.follow_zone();
        if !self.bounds.hides(path) {
            return Ok(());
        }
        self.note("read", path, Why::Hidden, "");
        Err(Errno::ACCESS)
    }

    /// Refuses what would change a protected file, or read a hidden one, by a further name that it
    /// had before the run: the run cannot give it one.
    pub(super) fn is_no_twin(&mut self, act: Act, path: &[u8], stat: &Stat) -> Result<()> {
        if stat.links < 2 || !stat.is(at::IS_REGULAR) {
            return Ok(());
        }
        let bounds = &self.bounds;
        let twins = self.twins.get_or_insert_with(|| standins::twins(bounds));
        let Some(hidden) = twins.get(&stat.object).copied() else { return Ok(()) };
        if self.born.contains(&stat.object) || act == Act::Read && !hidden {
            return Ok(());
        }
        let (act, why) = match (act, hidden) {
            (Act::Read, _) => ("read", Why::Hidden),
            (Act::Write, true) => ("write", Why::Hidden),
            (Act::Write, false) => ("write", Why::Protected),
        };
        self.note(act, path, why, "by another name that it has");
        Err(Errno::NOT_PERMITTED)
    }

    /// Whether this run made a thing.
    pub(super) fn age(&self, stat: &Stat) -> Age {
        if self.born.contains(&stat.object) { Age::Born } else { Age::Before }
    }

    /// A hidden thing does not get a name that shows it. What takes the place of a hidden thing of
    /// the run is of the run; nothing of anybody else's is replaced.
    pub(super) fn stays_hidden(&mut self, from: &Place, to: &Place) -> Result<Age> {
        let (old, new) = (from.path(), to.path());
        if self.bounds.hides(&old) && !self.bounds.hides(&new) {
            self.note("rename", &old, Why::Hidden, "to a name that is not hidden");
            return Err(Errno::ACCESS);
        }
        if !self.bounds.hides(&new) {
            return Ok(Age::Before);
        }
        match at::stat_name(to.parent.as_fd(), &to.name) {
            Ok(stat) => Ok(self.age(&stat)),
            Err(Errno::NOT_FOUND) => Ok(Age::Born),
            Err(errno) => Err(errno),
        }
    }
}

//! How much looking one check may do: time, entries and matches, shared by all its questions.
//! It counts; what to answer when it is spent is for each question to say.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// The bounds of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The time spent in questions that walk (globs, measures, git), all together.
    pub time: Duration,
    /// Directory entries and index entries looked at, all together.
    pub entries: u64,
    /// Matches of one glob.
    pub matches: usize,
}

impl Default for Bounds {
    /// 10 ms, 20,000 entries, 2,000 matches. An entry takes some 2 µs here, and the index of a
    /// repository of 10,000 files with its patterns 1 ms; only commands that delete or overwrite
    /// make the classifier ask for that.
    fn default() -> Self {
        Self { time: Duration::from_millis(10), entries: 20_000, matches: 2_000 }
    }
}

/// What is left of the bounds.
#[derive(Debug)]
pub(super) struct Budget {
    bounds: Bounds,
    time: Cell<Duration>,
    entries: Cell<u64>,
}

impl Budget {
    pub(super) const fn new(bounds: Bounds) -> Self {
        Self { bounds, time: Cell::new(bounds.time), entries: Cell::new(bounds.entries) }
    }

    /// Begins one question; what it takes is charged when the turn ends.
    pub(super) fn turn(&self) -> Turn<'_> {
        Turn { budget: self, since: Instant::now(), most: self.bounds.time }
    }

    /// The same for a question whose exact answer hardly matters: a tenth of the time at most.
    pub(super) fn short_turn(&self) -> Turn<'_> {
        Turn { most: self.bounds.time / 10, ..self.turn() }
    }
}

/// One question being answered.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    budget: &'a Budget,
    since: Instant,
    /// The time this question may take.
    most: Duration,
}

impl Turn<'_> {
    /// Charges one entry; false when a bound is reached and the question must end.
    pub(super) fn step(&self) -> bool {
        let left = self.budget.entries.get();
        self.budget.entries.set(left.saturating_sub(1));
        left > 0 && !self.late()
    }

    /// Whether the time is up.
    pub(super) fn late(&self) -> bool {
        self.since.elapsed() >= self.budget.time.get().min(self.most)
    }

    /// How many matches one glob may have.
    pub(super) const fn matches(&self) -> usize {
        self.budget.bounds.matches
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let left = self.budget.time.get().saturating_sub(self.since.elapsed());
        self.budget.time.set(left);
    }
}

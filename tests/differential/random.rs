//! Numbers from a seed, the same on every machine. Not for secrets.

#[path = "../support/splitmix.rs"]
mod splitmix;

/// SplitMix64: small, and good enough to pick words.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(splitmix::next(&mut self.0) % u64::try_from(end).unwrap()).unwrap()
    }

    /// Whether something happens that does so in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn pick<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

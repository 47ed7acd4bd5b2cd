//! A small generator of numbers from a seed: the same texts on every machine and every day.

#[path = "../support/splitmix.rs"]
mod splitmix;

/// The seed of the whole suite; another one gives other texts.
pub const SEED: u64 = 0x5eed_0005;

/// Splitmix64: enough for choosing, and a dozen lines.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice of their own for a name, so that one base more leaves the texts of the others as they are.
    pub fn of(name: &str) -> Self {
        let mut dice = Self(SEED);
        for byte in name.bytes() {
            dice.0 = dice.0.wrapping_mul(31).wrapping_add(u64::from(byte));
            splitmix::next(&mut dice.0);
        }
        dice
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(splitmix::next(&mut self.0) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    /// One time in `of`.
    pub fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// One of them.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

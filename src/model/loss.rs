//! What exactly an act takes away, in figures, and what else there is to be known of the place. It is told,
//! and decides nothing: decisions stand on `Reversibility` and `Scale`.

use super::effect::Scale;

/// What git knows of what is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Tracked, with changes that are not committed.
    Modified,
    /// Neither tracked nor ignored.
    Untracked,
    /// Ignored.
    Ignored,
    /// In no repository, or in one that could not be read.
    Unversioned,
}

/// What is lost at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Loss {
    /// How much of each sort; empty when it was not looked at.
    pub parts: Vec<(Sort, Scale)>,
    /// What else a person would want to know, each a part of a sentence: `it belongs to the user db`.
    pub notes: Vec<String>,
}

impl Loss {
    /// Whether there is nothing to tell.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.notes.is_empty()
    }
}

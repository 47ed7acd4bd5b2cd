//! The transforms: each writes the same deed in other words, and says what it keeps.

mod carriers;
mod control;
mod crooked;
mod encodings;
mod languages;
mod more_languages;
mod paths;
mod quoting;
mod shells;
mod substitutions;
mod variables;
mod words;

use crate::dice::Dice;
use crate::spelling::Spelling;

/// Whether a transform brings something of its own that a judge may stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The deed and nothing else: honest commands stay honest.
    Same,
    /// The deed with more rights, on another machine, or in code nobody can see into: only what is
    /// stopped must stay stopped.
    More,
}

/// One way to write the same in other words.
#[derive(Debug)]
pub struct Transform {
    /// Its name in the figures.
    pub name: &'static str,
    /// Why the meaning stays.
    pub keeps: &'static str,
    /// Whether honest commands are written with it as well.
    pub kind: Kind,
    /// The other words; `None` where it does not fit the text.
    pub apply: fn(&Spelling, &mut Dice) -> Option<Spelling>,
}

const fn same(
    name: &'static str,
    keeps: &'static str,
    apply: fn(&Spelling, &mut Dice) -> Option<Spelling>,
) -> Transform {
    Transform { name, keeps, kind: Kind::Same, apply }
}

const fn more(
    name: &'static str,
    keeps: &'static str,
    apply: fn(&Spelling, &mut Dice) -> Option<Spelling>,
) -> Transform {
    Transform { name, keeps, kind: Kind::More, apply }
}

/// All of them.
pub fn all() -> Vec<&'static Transform> {
    let groups = [
        quoting::ALL,
        variables::ALL,
        substitutions::ALL,
        encodings::ALL,
        words::ALL,
        paths::ALL,
        shells::ALL,
        control::ALL,
        carriers::ALL,
        languages::ALL,
        crooked::ALL,
        more_languages::ALL,
    ];
    groups.into_iter().flatten().collect()
}

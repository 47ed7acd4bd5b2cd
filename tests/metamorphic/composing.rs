//! Re-spellings of one base: every transform by itself, then compositions of two and three.

use crate::dice::Dice;
use crate::spelling::Spelling;
use crate::transforms::{Kind, Transform};
use std::collections::BTreeSet;

/// How many texts are made of each base: 200 are asked for.
pub const EACH: usize = 220;

/// How often a transform that throws dice is tried by itself.
const ALONE: usize = 1;

/// Texts longer than this say nothing more.
const LONGEST: usize = 24 * 1024;

/// One re-spelling and how it was made, the innermost transform first.
#[derive(Debug, Clone)]
pub struct Respelling {
    /// The text.
    pub spelling: Spelling,
    /// The transforms.
    pub steps: Vec<&'static Transform>,
}

/// Re-spellings of a base, all different: those of one step first.
pub fn respellings(name: &str, text: &str, transforms: &[&'static Transform]) -> Vec<Respelling> {
    let base = Spelling::base(text);
    let mut made = Vec::new();
    let mut seen = BTreeSet::from([base.text.clone()]);
    for transform in transforms {
        let mut dice = Dice::of(&format!("{name} {}", transform.name));
        for _ in 0..ALONE {
            if let Some(spelling) = (transform.apply)(&base, &mut dice)
                && seen.insert(spelling.text.clone())
            {
                made.push(Respelling { spelling, steps: vec![transform] });
            }
        }
    }
    let mut dice = Dice::of(name);
    // bounded: a base that nothing fits is told by how few there are
    for _ in 0..EACH * 40 {
        if made.len() >= EACH.max(made.iter().filter(|r| r.steps.len() == 1).count() + DEEP) {
            break;
        }
        let depth = 2 + dice.below(2);
        if let Some(one) = composed(&base, depth, transforms, &mut dice)
            && seen.insert(one.spelling.text.clone())
        {
            made.push(one);
        }
    }
    made
}

/// How many of them are compositions at least.
const DEEP: usize = 60;

/// A composition of `depth` transforms, one after the other.
pub fn composed(
    base: &Spelling,
    depth: usize,
    transforms: &[&'static Transform],
    dice: &mut Dice,
) -> Option<Respelling> {
    let mut one = Respelling { spelling: base.clone(), steps: Vec::new() };
    for _ in 0..depth * 6 {
        if one.steps.len() == depth {
            return Some(one);
        }
        let transform = *dice.pick(transforms);
        if let Some(spelling) = (transform.apply)(&one.spelling, dice) {
            if spelling.text.len() > LONGEST {
                return None;
            }
            one.steps.push(transform);
            one.spelling = spelling;
        }
    }
    None
}

/// Those that fit what is to be shown: honest commands only by transforms that add nothing.
pub fn fitting(all: &[&'static Transform], honest: Honest) -> Vec<&'static Transform> {
    all.iter().copied().filter(|t| honest == Honest::No || t.kind == Kind::Same).collect()
}

/// Whether a base is an honest command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Honest {
    /// It must stay allowed.
    Yes,
    /// It must stay stopped.
    No,
}

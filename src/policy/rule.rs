//! One rule of the judge as data: what it looks for and what it says; matching is in `judge`.

use super::resolved::Network;
use super::words::{Burden, Grant, Matter, Place, Words};
use crate::model::decision::Decision;
use crate::model::effect::{Access, Reach, Reversibility, Scope};
use crate::model::finding::Severity;
use crate::model::gap::GapKind;
use std::borrow::Cow;

/// Text that is static in built-in profiles and owned in files.
pub type Text = Cow<'static, str>;

/// A list of texts that is static in built-in profiles and owned in files.
pub type Texts = Cow<'static, [Text]>;

/// One rule. All its conditions must hold; an empty condition asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name; a rule of the same name in a stronger layer replaces it.
    pub id: Text,
    /// What it looks for.
    pub when: When,
    /// What it says.
    pub decision: Decision,
    /// Why, in one sentence; may hold `{access}`, `{target}`, `{files}`, `{bytes}`, `{lost}`, `{scope}`, `{what}`.
    pub reason: Text,
    /// A safer way to the same end.
    pub instead: Option<Text>,
}

/// What a rule looks for: effects, or findings, or gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Effects like this.
    Effect(EffectWhen),
    /// Findings like this.
    Finding(FindingWhen),
    /// Gaps of these kinds.
    Gap(Words<GapKind>),
}

/// What a rule asks of a finding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingWhen {
    /// Patterns of rule names.
    pub finding: Texts,
    /// How grave.
    pub severity: Words<Severity>,
}

/// What a rule asks of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectWhen {
    /// The kind of act.
    pub access: Words<Access>,
    /// The kind of resource.
    pub resource: Words<Matter>,
    /// Whose ground.
    pub scope: Words<Scope>,
    /// Whether it can be had again.
    pub reversibility: Words<Reversibility>,
    /// How far below a path.
    pub reach: Words<Reach>,
    /// How well the path is known.
    pub place: Words<Place>,
    /// Whether the sandbox of this policy lets the change through.
    pub sandbox: Words<Grant>,
    /// What flows into it.
    pub carries: Words<Burden>,
    /// What network the policy gives.
    pub network: Words<Network>,
    /// The path is one of these or lies below one.
    pub path: Texts,
    /// The path is exactly one of these, or lies above one.
    pub covers: Texts,
    /// Patterns of the resource as it is shown.
    pub target: Texts,
    /// More files than this, all effects of the rule together; an unknown number counts as more.
    pub files_over: Option<u64>,
    /// More bytes than this, all effects of the rule together; an unknown number counts as more.
    pub bytes_over: Option<u64>,
}

impl EffectWhen {
    /// Asks for nothing; the generated tables begin with it.
    pub const ANY: Self = Self {
        access: Words::ANY,
        resource: Words::ANY,
        scope: Words::ANY,
        reversibility: Words::ANY,
        reach: Words::ANY,
        place: Words::ANY,
        sandbox: Words::ANY,
        carries: Words::ANY,
        network: Words::ANY,
        path: Cow::Borrowed(&[]),
        covers: Cow::Borrowed(&[]),
        target: Cow::Borrowed(&[]),
        files_over: None,
        bytes_over: None,
    };
}

impl Default for EffectWhen {
    fn default() -> Self {
        Self::ANY
    }
}

/// Whether a pattern of `*` (anything, also nothing) and `?` (one character) matches the whole text.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to go back to: after the last star, and the text it has swallowed so far.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(&c) if c == text[t] || c == b'?' => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((after, swallowed)) = star else { return false };
                star = Some((after, swallowed + 1));
                (p, t) = (after, swallowed + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn globs_match_whole_texts() {
        assert!(glob("*_TOKEN", "GITHUB_TOKEN") && glob("*", "") && glob("a?c", "abc"));
        assert!(glob("*PASS*", "DB_PASSWORD") && glob("AWS_*", "AWS_"));
        assert!(glob("*a*b", "xaab") && !glob("*a*b", "xaabc"));
        assert!(!glob("LD_*", "OLD_X") && !glob("", "a") && !glob("a", ""));
    }
}

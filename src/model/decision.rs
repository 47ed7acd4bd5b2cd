//! What may happen: the three answers, ordered so that the strictest wins by `max`.

use serde::{Deserialize, Serialize};

/// The answer to "may this happen without a person?". Joined by [`Ord::max`]: strictest wins.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[must_use]
pub enum Decision {
    /// It may just run.
    #[default]
    Allow,
    /// A person must say yes first.
    Ask,
    /// It must not run.
    Deny,
}

impl Decision {
    /// The word used in output, profiles and the journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

impl std::fmt::Display for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Decision;

    #[test]
    fn the_strictest_wins_by_max() {
        assert_eq!(Decision::Allow.max(Decision::Ask), Decision::Ask);
        assert_eq!(Decision::Deny.max(Decision::Ask), Decision::Deny);
    }
}

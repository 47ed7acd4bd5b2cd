//! The answer to one invocation before it runs: the decision, which rule spoke, and why.

use super::assessment::Assessment;
use super::decision::Decision;
use super::finding::{Finding, RuleId};

/// The judgement of one [`Assessment`] by a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    /// The strictest of all that was said.
    pub decision: Decision,
    /// The rule that decided; `allow` when nothing spoke.
    pub rule: RuleId,
    /// One sentence: what, exactly where, why.
    pub reason: String,
    /// A safer way to the same end, when there is one.
    pub instead: Option<String>,
    /// The dangers that count, gravest first: the classifier's and those the policy saw in effects and gaps.
    pub findings: Vec<Finding>,
    /// That the same was refused before in this session, when it was.
    pub insists: Option<Insistence>,
    /// What was judged.
    pub assessment: Assessment,
}

/// An effect that comes back after it was refused, under whatever spelling.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Insistence {
    /// How often it was refused before, in this session.
    pub times: u32,
    /// What it is: the access and the target.
    pub what: String,
    /// The command by which it came first, cut when it is long.
    pub first: String,
}

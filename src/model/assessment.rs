//! What the classifier found: predicted effects, findings and gaps, before anybody judges them.

use super::effect::Effect;
use super::finding::Finding;
use super::gap::Gap;

/// Everything the classifier could tell about one invocation. It never fails: what it could not
/// see is in `gaps`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// What the command would do, in the order of the text.
    pub effects: Vec<Effect>,
    /// Named dangers.
    pub findings: Vec<Finding>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
}

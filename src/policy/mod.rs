//! What may happen: one layer as written (`Profile`), the merged whole (`Policy`), and the judge.
//!
//! Pure: it is handed text and variables, and asks nobody. Finding and trusting files is `settings`' business.
#![forbid(unsafe_code)]

pub mod resolved;

use crate::model::assessment::Assessment;
use crate::model::verdict::Verdict;
use resolved::Policy;

/// Judges what would happen: the strictest of all rules, findings and gaps.
pub fn judge(_policy: &Policy, _assessment: Assessment) -> Verdict {
    unimplemented!("being built")
}

//! The one door where a decision is made and written down: nothing runs that has not passed here.
//!
//! For now the arbiter has nobody to ask: what needs a person is refused. Grants, approvals and
//! escalation come in through this door.
#![forbid(unsafe_code)]

use crate::journal::RunId;
use crate::journal::event::Opening;
use crate::journal::{Journal, JournalError};
use crate::model::decision::Decision;
use crate::model::invocation::Invocation;
use crate::model::verdict::Verdict;
use crate::policy::resolved::Policy;

/// What is to be settled.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The run it is about.
    pub run: RunId,
    /// What was asked.
    pub invocation: &'a Invocation,
    /// What holds.
    pub policy: &'a Policy,
    /// What was judged.
    pub verdict: &'a Verdict,
}

/// How it was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Settled {
    /// It may run.
    Proceed,
    /// It must not run.
    Refuse,
}

/// Settles a case and writes the first record of the run. `plan` describes the
/// sandbox it would get, when it may run.
///
/// # Errors
/// When the record cannot be written: what is not written down does not run.
pub fn settle(
    case: &Case<'_>,
    plan: Option<Vec<String>>,
    journal: &Journal,
) -> Result<Settled, JournalError> {
    let mut opening = Opening::new(case.run, &case.policy.profile, case.invocation, case.verdict);
    opening.layers.clone_from(&case.policy.layers);
    opening.plan = plan.unwrap_or_default();
    match case.verdict.decision {
        Decision::Allow => journal.append(&opening.started())?,
        Decision::Ask | Decision::Deny => {
            journal.append(&opening.refused())?;
            return Ok(Settled::Refuse);
        }
    }
    Ok(Settled::Proceed)
}

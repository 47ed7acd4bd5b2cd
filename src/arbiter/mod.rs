//! The one door where a decision is made and written down: nothing runs that has not passed here.
//!
//! For now the arbiter has nobody to ask: what needs a person is refused. Grants, approvals and
//! escalation come in through this door.
#![forbid(unsafe_code)]

pub mod memory;

use self::memory::Fact;
use self::memory::keep::{Keeper, MemoryError};
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
    /// What the command teaches about its session.
    pub facts: &'a [Fact],
    /// Where that is kept; `None` when no session was named.
    pub keeper: Option<&'a Keeper>,
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

/// Why a case could not be settled: what is not written down does not run.
#[derive(Debug)]
pub enum Unsettled {
    /// The record cannot be written.
    Journal(JournalError),
    /// The session cannot be remembered.
    Memory(MemoryError),
}

/// Settles a case and writes the first record of the run. `plan` describes the
/// sandbox it would get, when it may run.
///
/// # Errors
/// When the record, or what the session is to be remembered by, cannot be written.
pub fn settle(
    case: &Case<'_>,
    plan: Option<Vec<String>>,
    journal: &Journal,
) -> Result<Settled, Unsettled> {
    if let Some(keeper) = case.keeper {
        keeper.remember(case.facts).map_err(Unsettled::Memory)?;
    }
    record(case, plan, journal).map_err(Unsettled::Journal)
}

fn record(
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

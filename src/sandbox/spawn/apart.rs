//! Starting the guardian as process 1 of namespaces of its own, and what is different for it there.
//!
//! It decides nothing: whether, and what lies in them, is the plan's word.

use super::{Failure, Stage};
use crate::model::support::{Obstacle, Step};
use crate::sandbox::enter::Door;
use crate::sandbox::isolation::{Namespaces, Scene};
use crate::sandbox::plan::SandboxPlan;
use crate::sandbox::ruleset::{Prepared, RulesetError};
use crate::sys::process::{self, Alone, Fork};
use crate::sys::signals;
use std::io;
use std::os::fd::OwnedFd;

/// All that a guardian needs to settle apart from the machine.
#[derive(Debug)]
pub(super) struct Apart {
    door: Door,
    scene: Scene,
    /// The plan, for the rules that can only be opened then.
    plan: SandboxPlan,
}

impl Apart {
    /// What the plan asks for; nothing when it asks for nothing.
    pub(super) fn of(plan: &SandboxPlan) -> Option<Self> {
        let Namespaces::Own(scene) = &plan.namespaces else { return None };
        Some(Self { door: Door::here(), scene: scene.clone(), plan: plan.clone() })
    }

    /// Starts the guardian.
    pub(super) fn fork(&self, alone: &Alone) -> Result<Fork, Obstacle> {
        self.door.fork(alone)
    }

    /// In the guardian, before everything else: it ends with its front, sees what it is to see,
    /// and grants what is there now.
    ///
    /// # Errors
    /// What failed; nothing must be run then.
    pub(super) fn settle(&self, news: &OwnedFd, domain: Option<&Prepared>) -> Result<(), Failure> {
        // The front has no number here, so its end of the pipe says whether it is still there.
        process::hear_of_parents_end(signals::parent_death())
            .and_then(|()| match process::has_reader(news) {
                true => Ok(()),
                false => Err(io::Error::other("the front is gone")),
            })
            .map_err(|error| Failure::new(Stage::Lifeline, &error))?;
        self.door.settle(&self.scene).map_err(failure)?;
        let granted = domain.map_or(Ok(()), |domain| domain.open(&self.plan, &self.scene.rules));
        granted.map_err(|error| failure(Obstacle { step: Step::Grant, errno: errno(&error) }))
    }
}

fn failure(Obstacle { step, errno }: Obstacle) -> Failure {
    Failure { stage: Stage::Isolate(step), errno }
}

/// 0 when the kernel did not refuse it: something is not where it was judged.
fn errno(error: &RulesetError) -> i32 {
    match error {
        RulesetError::Rule(_, error)
        | RulesetError::Port(_, error)
        | RulesetError::Workspace(_, error) => error.raw_os_error().unwrap_or(0),
        RulesetError::Create(_) | RulesetError::Unsealed(_) | RulesetError::Moved(_) => 0,
    }
}

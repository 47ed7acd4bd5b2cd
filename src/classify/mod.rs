//! Gate one: what a command would do, told from its text alone and bounded questions to the `World`.
//!
//! Pure: no file, process or network is touched here. It never fails and never decides: what it
//! cannot see is a `Gap`, and whether that may run is the policy's business.
#![forbid(unsafe_code)]

mod effects;
mod environment;
mod expand;
mod flow;
mod foreign;
mod literal_calls;
mod literal_prints;
mod persist;
pub mod programs;
mod pure;
mod remote_shell;
mod scripts;
mod secrets;
mod shell;
mod syntax;
mod trace;
pub mod value;

#[cfg(test)]
mod tests;

use crate::model::assessment::Assessment;
use crate::model::invocation::Invocation;
use crate::model::trace::Step;
use crate::model::world::World;
use programs::reading::{Call, Reading};
use shell::Shell;
use std::path::Path;

/// Predicts what `invocation` would do. Never fails; budgets that run out become gaps.
#[must_use]
pub fn classify(invocation: &Invocation, world: &dyn World) -> Assessment {
    classify_knowing(invocation, world, &programs::read)
}

/// The same, with every step on the way written down.
#[must_use]
pub fn classify_traced(invocation: &Invocation, world: &dyn World) -> (Assessment, Vec<Step>) {
    Shell::new(invocation, world, &programs::read).classify_traced()
}

/// The same with other knowledge of programs, or with an ear at the calls that are read: the seam for tests.
pub fn classify_knowing(
    invocation: &Invocation,
    world: &dyn World,
    knowledge: &dyn Fn(&Call<'_>) -> Reading,
) -> Assessment {
    Shell::new(invocation, world, knowledge).classify()
}

/// Whether a path, by its name and place, holds secrets. The file itself is not looked at.
#[must_use]
pub fn holds_secrets(path: &Path, home: &Path) -> bool {
    secrets::file(path, home).is_some() || secrets::directory(path, home).is_some()
}

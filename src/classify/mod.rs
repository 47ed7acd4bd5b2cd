//! Gate one: what a command would do, told from its text alone and bounded questions to the `World`.
//!
//! Pure: no file, process or network is touched here. It never fails and never decides: what it
//! cannot see is a `Gap`, and whether that may run is the policy's business.
#![forbid(unsafe_code)]

pub mod programs;
mod syntax;
pub mod value;

use crate::model::assessment::Assessment;
use crate::model::invocation::Invocation;
use crate::model::world::World;

/// Predicts what `invocation` would do. Never fails; budgets that run out become gaps.
#[must_use]
pub fn classify(_invocation: &Invocation, _world: &dyn World) -> Assessment {
    Assessment::default()
}

//! Where the group of a run can be made: the nearest place that passes on what is needed. It looks and changes nothing.
//!
//! A group with processes in it passes nothing on ("no internal processes", cgroups(7)), but for the
//! root of all. So a run's group lies beside ours, or below it when we are alone in ours and can step
//! aside. Whoever leaves a group leaves its bounds: they are carried along.

use super::{Controller, Hierarchy, Hindrance, PERIOD, Totals, members};
use crate::sys::{permission, process};
use std::fs;
use std::path::{Path, PathBuf};

/// Where a group can be made, and what that takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The group above.
    pub(super) parent: PathBuf,
    /// What it must pass on, and does not yet.
    pub(super) enable: Vec<Controller>,
    /// Whether this process must leave it first.
    pub(super) step_aside: bool,
    /// The bounds of groups that are left.
    pub(super) carried: Totals,
}

/// Finds the nearest place for a group with these controllers.
pub(super) fn find(hierarchy: &Hierarchy, needed: &[Controller]) -> Result<Place, Hindrance> {
    if let Some(taken) = needed.iter().find(|controller| hierarchy.taken.contains(controller)) {
        return Err(Hindrance::Version1(*taken));
    }
    let mut carried = Totals::default();
    let mut nearest = None;
    let groups = hierarchy.own.ancestors().take_while(|group| group.starts_with(&hierarchy.top));
    for group in groups {
        // What is carried along must be bounded as well.
        let mut all: Vec<Controller> = carried.controllers();
        all.extend(needed);
        all.sort();
        all.dedup();
        match divides(group, group == hierarchy.own, &all) {
            Ok((enable, step_aside)) => {
                return Ok(Place { parent: group.to_owned(), enable, step_aside, carried });
            }
            Err(why) => nearest = nearest.or(Some(why)),
        }
        carried = carried.lower(bounds_of(group));
    }
    // Our own group is among them, so there is a reason.
    Err(nearest.unwrap_or(Undivided::Odd).told_of(&hierarchy.own))
}

/// Why a group cannot be divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Undivided {
    /// It is not given this controller.
    Lacks(Controller),
    /// It is another user's, or cannot be written.
    Foreign,
    /// Others are in it.
    Crowded,
    /// It holds threads only, or is no group.
    Odd,
}

impl Undivided {
    fn told_of(self, own: &Path) -> Hindrance {
        let own = own.to_owned();
        match self {
            Self::Lacks(controller) => Hindrance::Lacks(controller, own),
            Self::Foreign | Self::Odd => Hindrance::NotDelegated(own),
            Self::Crowded => Hindrance::Crowded(own),
        }
    }
}

/// What it takes to divide a group: which controllers must be passed on, and whether this process must
/// leave it.
fn divides(
    group: &Path,
    is_own: bool,
    needed: &[Controller],
) -> Result<(Vec<Controller>, bool), Undivided> {
    let read = |file: &str| fs::read_to_string(group.join(file));
    let has = |text: &str, controller: Controller| {
        text.split_ascii_whitespace().any(|name| name == controller.as_str())
    };
    // The root of all has no type.
    let kind = read("cgroup.type").ok();
    if kind.as_deref().is_some_and(|kind| kind.trim() != "domain") {
        return Err(Undivided::Odd);
    }
    let offered = read("cgroup.controllers").map_err(|_| Undivided::Odd)?;
    if let Some(lacking) = needed.iter().find(|controller| !has(&offered, **controller)) {
        return Err(Undivided::Lacks(*lacking));
    }
    // A process is moved by who may write to the group above both.
    let writable = permission::write_into(group) && permission::write(&group.join("cgroup.procs"));
    if !writable {
        return Err(Undivided::Foreign);
    }
    let passed = read("cgroup.subtree_control").map_err(|_| Undivided::Odd)?;
    let enable: Vec<Controller> =
        needed.iter().copied().filter(|controller| !has(&passed, *controller)).collect();
    if enable.is_empty() {
        return Ok((enable, false));
    }
    if !permission::write(&group.join("cgroup.subtree_control")) {
        return Err(Undivided::Foreign);
    }
    let text = read("cgroup.procs").map_err(|_| Undivided::Odd)?;
    let is_alone = is_own && members(group) == [process::own_pid()] && text.lines().count() == 1;
    match (kind.is_none() || text.is_empty(), is_alone) {
        (true, _) => Ok((enable, false)),
        (false, true) => Ok((enable, true)),
        (false, false) => Err(Undivided::Crowded),
    }
}

/// What a group bounds by itself.
fn bounds_of(group: &Path) -> Totals {
    let read = |file: &str| fs::read_to_string(group.join(file)).ok();
    let number = |file: &str| read(file)?.trim().parse::<u64>().ok();
    let memory = [number("memory.max"), number("memory.high")].into_iter().flatten().min();
    let cpu = read("cpu.max").and_then(|text| thousandths(&text));
    Totals { memory, processes: number("pids.max"), cpu }
}

/// `cpu.max`, a time and the span it is had in, as thousandths of processors.
fn thousandths(text: &str) -> Option<u64> {
    let mut words = text.split_ascii_whitespace();
    let time = words.next()?.parse::<u64>().ok()?;
    let span = words.next().and_then(|span| span.parse::<u64>().ok()).unwrap_or(PERIOD);
    time.saturating_mul(1000).checked_div(span).map(|some| some.max(10))
}

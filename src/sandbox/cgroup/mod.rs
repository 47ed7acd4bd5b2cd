//! A control group (cgroup v2) for one run, which bounds it as a whole: made, read and removed here. What it may use is the plan's word.
//!
//! Only a policy that bounds the whole of a run comes here. The command is born outside and walks in
//! before it becomes its program (`spawn/child.rs`); the front, the guardian and the keeper stay out, so
//! that what ends the run does not end those who tell of it. What keeps the command from lifting its own
//! bounds, even where the files are its user's, is Landlock: nothing of the tree may be written; and the
//! filter, which answers clone3(2) with `ENOSYS`, since that could start a process in any group that can
//! be opened.

mod find;
mod hindrance;
#[cfg(test)]
mod tests;

pub use hindrance::Hindrance;

use super::mounts::{self, Mount};
use super::plan::{Rights, SandboxPlan};
use crate::sys::{process, random, signals};
use find::{Place, find};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What bounds a kind of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Controller {
    /// Memory.
    Memory,
    /// Processes and threads.
    Pids,
    /// Processor time.
    Cpu,
}

impl Controller {
    /// All that are used here.
    pub const ALL: [Self; 3] = [Self::Memory, Self::Pids, Self::Cpu];

    /// Its name in the kernel.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Pids => "pids",
            Self::Cpu => "cpu",
        }
    }

    /// The key of a profile that asks for it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Memory => "total_memory",
            Self::Pids => "total_processes",
            Self::Cpu => "cpu",
        }
    }
}

/// What a run may use as a whole; `None` leaves what the person has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Processes and threads.
    pub processes: Option<u64>,
    /// Processors kept busy, in thousandths.
    pub cpu: Option<u64>,
}

impl Totals {
    /// Whether nothing is bounded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Which controllers it takes.
    #[must_use]
    pub fn controllers(&self) -> Vec<Controller> {
        let asked = [self.memory, self.processes, self.cpu];
        let all = Controller::ALL.into_iter().zip(asked);
        all.filter_map(|(controller, bound)| bound.map(|_| controller)).collect()
    }

    /// The lower bound of each.
    #[must_use]
    fn lower(self, other: Self) -> Self {
        let lower = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self {
            memory: lower(self.memory, other.memory),
            processes: lower(self.processes, other.processes),
            cpu: lower(self.cpu, other.cpu),
        }
    }
}

/// What the kernel counted of a run in its group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Processes that were ended because memory had run out.
    pub memory_kills: u64,
    /// Processes that could not be started because there were too many.
    pub refused_starts: u64,
    /// The bounds that held: lower than the policy's where the groups above asked for it.
    pub bounds: Totals,
}

/// Where this process stands among the control groups of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hierarchy {
    /// Where the tree of groups can be seen.
    top: PathBuf,
    /// The group of this process, in it.
    own: PathBuf,
    /// Every place where groups can be written.
    points: Vec<PathBuf>,
    /// Controllers that belong to cgroup v1 here.
    taken: Vec<Controller>,
}

impl Hierarchy {
    fn here() -> Result<Self, Hindrance> {
        let read = |error| Hindrance::Failed("find its control group", "/proc/self".into(), error);
        let groups = fs::read_to_string("/proc/self/cgroup").map_err(read)?;
        Self::of(&groups, &mounts::all().map_err(read)?)
    }

    /// From the text of /proc/self/cgroup, and the mounts.
    fn of(groups: &str, mounts: &[Mount]) -> Result<Self, Hindrance> {
        let lines = || groups.lines().filter_map(|line| line.split_once(':')?.1.split_once(':'));
        let is_taken = |controller: &Controller| {
            lines().any(|(names, _)| names.split(',').any(|name| name == controller.as_str()))
        };
        let taken: Vec<Controller> = Controller::ALL.into_iter().filter(is_taken).collect();
        let own = groups.lines().find_map(|line| line.strip_prefix("0::"));
        let mounted: Vec<&Mount> = mounts.iter().filter(|mount| mount.kind == "cgroup2").collect();
        let Some(own) = own.filter(|_| !mounted.is_empty()) else {
            return Err(Hindrance::NotMounted);
        };
        let seen = mounted.iter().find_map(|mount| {
            let below = Path::new(own).strip_prefix(&mount.root).ok()?;
            let goes_down = below.components().all(|part| part.as_os_str() != "..");
            goes_down.then(|| (mount.point.clone(), mount.point.join(below)))
        });
        let (top, own) = seen.ok_or_else(|| Hindrance::OutOfSight(own.to_owned()))?;
        let points = mounted.iter().map(|mount| mount.point.clone()).collect();
        Ok(Self { top, own, points, taken })
    }
}

/// Open files of a group.
#[derive(Debug)]
pub struct Doors {
    /// Who writes `0` here is in it.
    pub enter: OwnedFd,
    /// Who writes `1` here ends all in it at once; there from Linux 5.14 on.
    pub end: Option<OwnedFd>,
}

/// The control group of one run.
#[derive(Debug)]
pub struct Group {
    /// Where it is.
    directory: PathBuf,
    entrance: OwnedFd,
    place: Place,
    /// A group for those who stay outside the run, where its parent must be empty.
    aside: Option<PathBuf>,
    bounds: Totals,
}

/// What a group passes on to those below it.
const CONTROL: &str = "cgroup.subtree_control";
/// By what all in a group is ended.
const KILL: &str = "cgroup.kill";

/// How long the end of what is in a group is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

impl Group {
    /// Makes a group for a run by this plan; `None` when it bounds nothing as a whole.
    ///
    /// # Errors
    /// Why there can be none. Nothing is left of it then.
    pub fn make(plan: &SandboxPlan) -> Result<Option<Self>, Hindrance> {
        if plan.totals.is_empty() {
            return Ok(None);
        }
        let hierarchy = Hierarchy::here()?;
        is_walled(plan, &hierarchy)?;
        Self::make_in(&hierarchy, plan.totals).map(Some)
    }

    fn make_in(hierarchy: &Hierarchy, totals: Totals) -> Result<Self, Hindrance> {
        let place = find(hierarchy, &totals.controllers())?;
        let bounds = totals.lower(place.carried);
        let name = u64::from_ne_bytes(random::bytes());
        let aside =
            place.step_aside.then(|| place.parent.join(format!("stockade-outside-{name:016x}")));
        let directory = place.parent.join(format!("stockade-{name:016x}"));
        let begun = Begun { place: &place, aside: aside.as_deref(), directory: &directory };
        match begun.build(&bounds) {
            Ok(entrance) => Ok(Self { directory, entrance, place, aside, bounds }),
            Err(hindrance) => {
                begun.undo();
                Err(hindrance)
            }
        }
    }

    /// What those need who live in a Landlock domain that keeps them from opening it.
    ///
    /// # Errors
    /// `EMFILE`.
    pub fn doors(&self) -> io::Result<Doors> {
        let end = File::options().write(true).open(self.directory.join(KILL));
        Ok(Doors { enter: self.entrance.try_clone()?, end: end.ok().map(OwnedFd::from) })
    }

    /// What the kernel has counted.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let read = |file: &str| fs::read_to_string(self.directory.join(file)).unwrap_or_default();
        let (memory, pids) = (read("memory.events"), read("pids.events"));
        // Before Linux 6.11 starts that a group further up refused were counted here as well.
        let most = read("pids.peak").trim().parse::<u64>().ok();
        let full = most.zip(self.bounds.processes).is_none_or(|(most, bound)| most >= bound);
        Counts {
            memory_kills: value(&memory, "oom_kill"),
            refused_starts: if full { value(&pids, "max") } else { 0 },
            bounds: self.bounds,
        }
    }

    /// Ends what is in it and removes it; puts back what was moved. By whom, does not matter.
    pub fn remove(&self) {
        let (place, aside) = (&self.place, self.aside.as_deref());
        Begun { place, aside, directory: &self.directory }.undo();
    }
}

/// A group that is being made, or removed.
struct Begun<'g> {
    place: &'g Place,
    aside: Option<&'g Path>,
    directory: &'g Path,
}

impl Begun<'_> {
    fn build(&self, bounds: &Totals) -> Result<OwnedFd, Hindrance> {
        for step in self.steps(bounds) {
            step.take()?;
        }
        let entrance = self.directory.join("cgroup.procs");
        let opened = File::options().write(true).open(&entrance).map(OwnedFd::from);
        opened.map_err(|error| Hindrance::Failed("open a control group", entrance, error))
    }

    /// What is done, in this order.
    fn steps(&self, bounds: &Totals) -> Vec<Step> {
        let mut steps = Vec::new();
        if let Some(aside) = self.aside {
            steps.push(Step::Make(aside.to_owned()));
            steps.push(Step::Write(aside.join("cgroup.procs"), "0".to_owned()));
        }
        if !self.place.enable.is_empty() {
            let control = self.place.parent.join(CONTROL);
            steps.push(Step::Write(control, listed(&self.place.enable, '+')));
        }
        steps.push(Step::Make(self.directory.to_owned()));
        let bounds = files(bounds).into_iter();
        steps.extend(bounds.map(|(file, text)| Step::Write(self.directory.join(file), text)));
        steps
    }

    fn undo(&self) {
        let begin = Instant::now();
        while !is_gone(fs::remove_dir(self.directory)) && begin.elapsed() < PATIENCE {
            end_all(self.directory);
            std::thread::sleep(Duration::from_millis(2));
        }
        let Some(aside) = self.aside else { return };
        // In this order: a group that passes controllers on takes no processes. Only where nobody
        // else can have used it: elsewhere they stay passed on, since a run beside this one would
        // lose its bounds.
        write(&self.place.parent.join(CONTROL), &listed(&self.place.enable, '-')).ok();
        while !is_gone(fs::remove_dir(aside)) && begin.elapsed() < PATIENCE {
            for pid in members(aside) {
                write(&self.place.parent.join("cgroup.procs"), &pid.to_string()).ok();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// One step of making a group.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// Makes a group.
    Make(PathBuf),
    /// Writes to a file of the kernel.
    Write(PathBuf, String),
}

impl Step {
    fn take(self) -> Result<(), Hindrance> {
        match self {
            Self::Make(group) => {
                let made = fs::create_dir(&group);
                made.map_err(|error| Hindrance::Failed("make a control group", group, error))
            }
            Self::Write(file, text) => match write(&file, &text) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && is_extra(&file) => Ok(()),
                Err(error) => Err(Hindrance::Failed("set up a control group", file, error)),
                Ok(()) => Ok(()),
            },
        }
    }
}

/// Writes to a file that is there, in one piece, as the kernel wants it.
fn write(file: &Path, text: &str) -> io::Result<()> {
    File::options().write(true).open(file)?.write_all(text.as_bytes())
}

/// Whether there is nothing left to remove.
fn is_gone(result: io::Result<()>) -> bool {
    result.map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |()| true)
}

/// Ends all in a group at once; one by one before Linux 5.14.
fn end_all(directory: &Path) {
    if write(&directory.join(KILL), "1").is_ok() {
        return;
    }
    for pid in members(directory) {
        process::signal(pid, signals::KILL).ok();
    }
}

/// The processes of a group that can be named here.
fn members(directory: &Path) -> Vec<i32> {
    let text = fs::read_to_string(directory.join("cgroup.procs")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).filter(|pid| *pid > 0).collect()
}

/// The span that `cpu.max` counts in, in microseconds.
const PERIOD: u64 = 100_000;

/// What is written where.
fn files(bounds: &Totals) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    if let Some(bytes) = bounds.memory {
        files.push(("memory.max", bytes.to_string()));
        // What is swapped out is memory as well. All end together: a run that lost some
        // of its processes and went on would do who knows what.
        files.push(("memory.swap.max", "0".to_owned()));
        files.push(("memory.oom.group", "1".to_owned()));
    }
    if let Some(most) = bounds.processes {
        files.push(("pids.max", most.to_string()));
    }
    if let Some(thousandths) = bounds.cpu {
        let time = thousandths.saturating_mul(PERIOD / 1000);
        files.push(("cpu.max", format!("{time} {PERIOD}")));
    }
    files
}

/// Swap, and ending a group together, are not everywhere.
fn is_extra(file: &Path) -> bool {
    file.ends_with("memory.swap.max") || file.ends_with("memory.oom.group")
}

/// `+memory +pids`.
fn listed(controllers: &[Controller], sign: char) -> String {
    let words: Vec<String> =
        controllers.iter().map(|controller| format!("{sign}{}", controller.as_str())).collect();
    words.join(" ")
}

/// The number beside a name, in a file of one name a line.
fn value(text: &str, name: &str) -> u64 {
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    found.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

/// Whether the command cannot write to control groups: else it would lift its own bounds.
fn is_walled(plan: &SandboxPlan, hierarchy: &Hierarchy) -> Result<(), Hindrance> {
    if plan.landlock_abi == 0 || !plan.seccomp {
        return Err(Hindrance::Unwalled);
    }
    for rule in plan.rules.iter().filter(|rule| rule.rights == Rights::Write) {
        let real = fs::canonicalize(&rule.path).unwrap_or_else(|_| rule.path.clone());
        let meets = |point: &PathBuf| point.starts_with(&real) || real.starts_with(point);
        if hierarchy.points.iter().any(meets) {
            return Err(Hindrance::Writable(rule.path.clone()));
        }
    }
    Ok(())
}

/// Which controllers a run could be bounded by here, and what is in the way of the first of the others.
/// Nothing is changed.
#[must_use]
pub fn delegated() -> (Vec<Controller>, Option<Hindrance>) {
    let hierarchy = match Hierarchy::here() {
        Ok(hierarchy) => hierarchy,
        Err(hindrance) => return (Vec::new(), Some(hindrance)),
    };
    let (mut there, mut first) = (Vec::new(), None);
    for controller in Controller::ALL {
        match find(&hierarchy, &[controller]) {
            Ok(_) => there.push(controller),
            Err(hindrance) => first = first.or(Some(hindrance)),
        }
    }
    (there, first)
}

//! Starting a plan and staying with it until nothing of it is left.
//!
//! Three processes take part, and no thread:
//!
//! ```text
//! front      what the person started; keeps the terminal's process group, passes signals on
//! guardian   child of the front, in a group of its own, in the policy's Landlock domain;
//!            adopts orphans, waits, cleans up
//! command    child of the guardian, in the front's group; confined further, then exec
//! ```
//!
//! The guardian exists because the front can be killed by a signal nobody can catch: the kernel
//! then tells the guardian, which ends all that is left. If the guardian is killed instead, the
//! orphans fall to the front, which does the same. Where the run is isolated the guardian is process 1
//! of namespaces of its own (`apart.rs`), and its end is everybody's, by the kernel.

mod apart;
mod attend;
mod child;
mod cleanup;
mod fence;
mod front;
mod guardian;
mod keeper;
mod message;
mod meter;
mod space;
mod stilling;

pub use attend::Attendant;
pub use front::run;
pub use space::Cramped;

use super::cgroup::{Controller, Counts, Doors, Group, Hindrance};
use super::filter::{self, CompileError};
use super::isolation;
use super::plan::SandboxPlan;
use super::ruleset::{self, Prepared, RulesetError};
use crate::model::support::{Obstacle, Step};
use crate::policy::amount::show_bytes;
use crate::sys::process::{self, Alone, Fork, Usage};
use apart::Apart;
use message::Failure;
use space::Space;
use std::ffi::{CString, NulError};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Duration;

/// How the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exited(i32),
    /// By a signal of this number.
    Killed(i32),
    /// Because its time was up.
    TimeUp,
}

/// Something of what a run printed that could not be passed on. Without a bound of output nothing is:
/// programs write themselves, and say so themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// Which stream.
    pub stream: &'static str,
    /// Why.
    pub errno: i32,
}

/// What is known of a run that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the command ended.
    pub end: End,
    /// What it and its descendants used.
    pub usage: Usage,
    /// How many processes it had left behind, which were ended.
    pub leftover: u32,
    /// Whether hardly another process could be made as it ended, by the policy's limit of processes.
    /// Tried only when it failed.
    pub crowded: bool,
    /// Whether it printed more than it may.
    pub flooded: bool,
    /// The file system that had less room than must stay, if one had.
    pub cramped: Option<Cramped>,
    /// What its control group counted, if it had one.
    pub counts: Option<Counts>,
    /// What of it could not be written.
    pub lost: Option<Lost>,
    /// How long it ran.
    pub wall: Duration,
    /// What the attendant said at the end; empty without one.
    pub told: Vec<u8>,
}

/// The steps between the front and exec, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Tying its life to the guardian's.
    Lifeline,
    /// Going into namespaces of its own.
    Isolate(Step),
    /// Dropping capabilities.
    Capabilities,
    /// Forbidding new privileges.
    NoNewPrivileges,
    /// Joining the terminal's process group.
    Group,
    /// Entering the run's control group.
    Totals,
    /// Entering the working directory.
    Directory,
    /// Lowering resource limits.
    Limits,
    /// Closing inherited descriptors.
    Descriptors,
    /// Restricting file access.
    Landlock,
    /// Filtering system calls.
    Seccomp,
    /// Restoring signals.
    Signals,
    /// Executing the program.
    Exec,
}

impl Stage {
    const ALL: [Self; 19] = [
        Self::Lifeline,
        Self::Isolate(Step::Start),
        Self::Isolate(Step::Ids),
        Self::Isolate(Step::Apart),
        Self::Isolate(Step::Keep),
        Self::Isolate(Step::Fresh),
        Self::Isolate(Step::Proc),
        Self::Isolate(Step::Grant),
        Self::Capabilities,
        Self::NoNewPrivileges,
        Self::Group,
        Self::Totals,
        Self::Directory,
        Self::Limits,
        Self::Descriptors,
        Self::Landlock,
        Self::Seccomp,
        Self::Signals,
        Self::Exec,
    ];

    /// What failed, as the object of "could not".
    #[must_use]
    pub const fn task(self) -> &'static str {
        match self {
            Self::Lifeline => "tie the command's life to stockade's",
            Self::Isolate(step) => isolation::task(step),
            Self::Group => "join the terminal's process group",
            Self::Totals => "enter the run's control group",
            Self::Signals => "restore the signal mask",
            Self::Directory => "enter the working directory",
            Self::Limits => "lower a resource limit",
            Self::Descriptors => "close inherited descriptors",
            Self::Capabilities => "drop capabilities",
            Self::NoNewPrivileges => "forbid new privileges",
            Self::Landlock => "restrict file access (Landlock)",
            Self::Seccomp => "filter system calls (seccomp)",
            Self::Exec => "execute the program",
        }
    }
}

/// Why a run did not take place, or was lost.
#[derive(Debug)]
pub enum SpawnError {
    /// The ruleset could not be built.
    Ruleset(RulesetError),
    /// The filter could not be compiled.
    Filter(CompileError),
    /// A word of the command, its path or its environment holds a NUL byte.
    Nul(NulError),
    /// A step in the child failed; nothing ran.
    Stage(Stage, io::Error),
    /// The run cannot have namespaces of its own here; nothing ran.
    Isolation(Obstacle),
    /// The run cannot be bounded as a whole here, by these keys of `[limits]`; nothing ran.
    Unbounded(Vec<&'static str>, Hindrance),
    /// Less room than must stay is left already; nothing ran.
    Full {
        /// A path where the run may write.
        path: PathBuf,
        /// What is left there.
        free: u64,
        /// What must stay.
        least: u64,
    },
    /// The room at this path cannot be looked at; nothing ran.
    Unwatched(PathBuf, io::Error),
    /// Processes or pipes could not be made; nothing ran.
    Setup(io::Error),
    /// The guardian was killed; what was left of the run has been ended.
    Lost,
}

impl std::fmt::Display for SpawnError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ruleset(error) => error.fmt(f),
            Self::Filter(error) => error.fmt(f),
            Self::Nul(_) => {
                f.write_str("a word of the command or its environment holds a NUL byte")
            }
            Self::Stage(stage, error) => write!(f, "could not {}: {error}", stage.task()),
            Self::Isolation(obstacle) => write!(
                f,
                "the run was to be isolated and cannot be: {}",
                isolation::explain(*obstacle)
            ),
            Self::Unbounded(keys, hindrance) => {
                let keys: Vec<String> = keys.iter().map(|key| format!("`limits.{key}`")).collect();
                write!(
                    f,
                    "{} of the policy takes a control group of the run's own (cgroup v2), and there \
                     can be none: {hindrance}",
                    keys.join(", ")
                )
            }
            Self::Full { path, free, least } => write!(
                f,
                "`limits.free_space` keeps {} free, and the file system of {} has {} left; make \
                 room, or lower it in the profile",
                show_bytes(*least),
                path.display(),
                show_bytes(*free)
            ),
            Self::Unwatched(path, error) => write!(
                f,
                "`limits.free_space`: the room at {} cannot be looked at: {error}",
                path.display()
            ),
            Self::Setup(error) => write!(f, "could not start a process: {error}"),
            Self::Lost => f.write_str(
                "the guardian process was killed from outside; everything it guarded was ended",
            ),
        }
    }
}

impl std::error::Error for SpawnError {}

impl From<RulesetError> for SpawnError {
    fn from(error: RulesetError) -> Self {
        Self::Ruleset(error)
    }
}

impl From<io::Error> for SpawnError {
    fn from(error: io::Error) -> Self {
        Self::Setup(error)
    }
}

/// From this Landlock ABI on signals can be kept inside a domain.
const SIGNAL_SCOPE_ABI: u32 = 6;

/// A plan turned into what system calls take; made before the fork, where a mistake refuses cleanly.
#[derive(Debug)]
pub struct Ready {
    program: CString,
    argv: Vec<CString>,
    environment: Vec<CString>,
    cwd: CString,
    limits: Vec<(crate::sys::limits::Limit, u64)>,
    wall: Option<Duration>,
    /// How much it may print.
    output: Option<u64>,
    /// Where it may write, when room must stay there.
    space: Option<Space>,
    /// The control group of the run, until it has a keeper.
    group: Option<Group>,
    /// What the guardian and the command need of it.
    doors: Option<Doors>,
    /// The policy's Landlock domain, which the guardian enters with the command.
    domain: Option<Prepared>,
    /// The command's own domain, within the guardian's.
    inner: Option<Prepared>,
    /// Whether the kernel can keep signals inside a domain.
    fenced: bool,
    filter: Vec<crate::sys::seccomp::Instruction>,
    /// Who answers the calls that the filter holds; without one it holds none.
    attendant: Option<Box<dyn Attendant>>,
    /// What it takes to run in namespaces of its own; without it there are none.
    apart: Option<Apart>,
}

impl Ready {
    /// Builds ruleset, filter and argument vectors of a plan.
    ///
    /// # Errors
    /// Everything that can be found out without starting a process.
    pub fn new(
        plan: &SandboxPlan,
        attendant: Option<Box<dyn Attendant>>,
    ) -> Result<Self, SpawnError> {
        let text = |bytes: &[u8]| CString::new(bytes).map_err(SpawnError::Nul);
        let (domain, inner) = match plan.landlock_abi {
            0 => (None, None),
            _ => (Some(ruleset::prepare(plan)?), Some(ruleset::prepare_inner(plan)?)),
        };
        let program = match (plan.seccomp, &attendant) {
            (false, _) => Ok(Vec::new()),
            (true, None) => filter::compile(plan),
            (true, Some(_)) => filter::compile_supervised(plan),
        };
        let program = program.map_err(SpawnError::Filter)?;
        Ok(Self {
            program: text(plan.command.program.as_os_str().as_bytes())?,
            argv: plan
                .command
                .argv
                .iter()
                .map(|word| text(word.as_bytes()))
                .collect::<Result<_, _>>()?,
            environment: plan
                .environment
                .iter()
                .map(|(name, value)| text(&[name.as_bytes(), b"=", value.as_bytes()].concat()))
                .collect::<Result<_, _>>()?,
            cwd: text(plan.command.cwd.as_os_str().as_bytes())?,
            limits: plan.limits.clone(),
            wall: plan.wall,
            output: plan.output,
            space: Space::watch(plan)?,
            doors: None,
            domain,
            inner,
            fenced: plan.landlock_abi >= SIGNAL_SCOPE_ABI,
            filter: program
                .into_iter()
                .map(|i| crate::sys::seccomp::Instruction {
                    code: i.code,
                    jt: i.jt,
                    jf: i.jf,
                    k: i.k,
                })
                .collect(),
            attendant,
            apart: Apart::of(plan),
            // Last: what is made must be removed again.
            group: Group::make(plan).map_err(|hindrance| {
                let controllers = plan.totals.controllers().into_iter();
                SpawnError::Unbounded(controllers.map(Controller::key).collect(), hindrance)
            })?,
        })
    }

    /// Starts the guardian, in namespaces of its own where the plan asks for them.
    fn fork(&self, alone: &Alone) -> Result<Fork, SpawnError> {
        match &self.apart {
            None => Ok(process::fork(alone)?),
            Some(apart) => apart.fork(alone).map_err(SpawnError::Isolation),
        }
    }
}

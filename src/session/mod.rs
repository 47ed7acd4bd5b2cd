//! The life of one command, read top to bottom.
//!
//! ```text
//! argv -> Invocation -> Policy -> Assessment -> Verdict -> settled -> SandboxPlan -> run -> Outcome
//! ```
//!
//! Each step is another room's; this one only strings them together and knows no details.
#![forbid(unsafe_code)]

pub mod checker;
pub mod error;
#[cfg(test)]
mod figures_tests;
pub mod invocation;
pub mod limits;
pub mod outcome;
pub mod program;
pub mod refused;
pub mod remembered;
#[cfg(test)]
mod safer_tests;
#[cfg(test)]
mod scene;
pub mod state;
pub mod supervision;
pub mod supposed;
pub mod telling;
pub mod world;

use crate::arbiter::memory::{Memory, insist};
use crate::arbiter::{self, Case, Settled};
use crate::journal::Journal;
use crate::journal::event::{Closing, Ending, Event, Failure};
use crate::journal::{RunId, new_run_id};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::invocation::{Invocation, Request};
use crate::model::trace::Step;
use crate::model::verdict::Verdict;
use crate::policy::heard::Heard;
use crate::policy::resolved::{Isolate, Policy};
use crate::sandbox::isolation::Namespaces;
use crate::sandbox::plan::{Command, Reads, SandboxPlan};
use crate::sandbox::spawn::{self, End, Report, SpawnError, Stage};
use crate::sandbox::{compile, describe, expand, support};
use crate::{classify, policy, settings};
use error::SessionError;
use limits::Hit;
use outcome::Outcome;
use refused::Scene;
use std::path::Path;
use telling::Refusals;
use world::{Bounds, FileSystem, Readable};

/// What a person or agent asks of a session.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// The command.
    pub request: Request,
    /// The profile by name or file, when one was named.
    pub profile: Option<&'a str>,
    /// The workspace, when one was named.
    pub workspace: Option<&'a Path>,
    /// The session it belongs to, when one was named; else `$STOCKADE_SESSION` says.
    pub session: Option<&'a str>,
    /// How far the run is to be isolated, at least.
    pub isolate: Isolate,
}

/// A run that was carried to its end, and what went wrong only after the command had ended.
#[derive(Debug)]
pub struct Finished {
    /// Its identity in the journal.
    pub run: RunId,
    /// How it ended.
    pub outcome: Outcome,
    /// Which limits it met.
    pub limits: Vec<Hit>,
    /// What was refused meanwhile.
    pub refusals: Refusals,
    /// The last record could not be written: the command ran, its end is not in the journal.
    pub unrecorded: Option<SessionError>,
}

/// Runs one command through both gates. `reads` says whether refused reads are to be seen.
///
/// # Errors
/// Whatever kept stockade from doing its job; the command did not run then.
pub fn run(ask: Ask<'_>, reads: Reads) -> Result<Finished, SessionError> {
    let invocation = invocation::gather(ask.request, ask.workspace)?;
    let invocation = kept(remembered::name(invocation, ask.session)?);
    let policy = load(invocation, ask.profile)?;
    let state = state::directory(invocation)?;
    let policy = state::guard(policy, &state)?;
    let policy = kept(Policy { isolate: policy.isolate.max(ask.isolate), ..policy });
    let journal = Journal::open(&state)?;
    let run = new_run_id();

    let session = remembered::recall(invocation, &state)?;
    let verdict = judge(invocation, policy, session.memory());
    let plan = match verdict.decision {
        // What cannot be confined is not begun, whatever was decided.
        Decision::Allow => {
            Some(kept(plan(invocation, policy, &state, reads).inspect_err(|error| {
                // The error itself is what the person needs; that it went unrecorded comes second.
                drop(journal.append(&failed(run, error)));
            })?))
        }
        Decision::Ask | Decision::Deny => None,
    };
    let facts = session.lessons(invocation, policy, &verdict);
    let keeper = session.keeper();
    let case = Case { run, invocation, policy, verdict: &verdict, facts: &facts, keeper };
    let settled = arbiter::settle(&case, plan.map(describe::lines), &journal)?;
    let (Settled::Proceed, Some(plan)) = (settled, plan) else {
        let outcome = Outcome::Refused(Box::new(verdict));
        let refusals = Refusals::default();
        return Ok(Finished { run, outcome, limits: Vec::new(), refusals, unrecorded: None });
    };
    let scene = Scene { policy, plan, home: &invocation.places.home };
    let launched = launch(plan, policy).map_err(|error| explained(error, scene));
    let (record, limits, refusals) = match &launched {
        Ok(report) => {
            let refusals = telling::refusals(report, &verdict.assessment.effects, scene);
            let hits = limits::hits(report, bounds(plan));
            (closing(run, report, &hits, &refusals), hits, refusals)
        }
        Err(error) => (failed(run, error), Vec::new(), Refusals::default()),
    };
    let unrecorded = journal.append(&record).map_err(SessionError::from).err();
    Ok(Finished { run, outcome: Outcome::Ran(launched?), limits, refusals, unrecorded })
}

/// Keeps a value for good: this process ends with its run, and to give memory back piece by piece
/// was a twentieth of a launch.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Judges one command without running it.
///
/// # Errors
/// When there is nothing to judge by: no usable directory, no valid profile.
pub fn check(ask: Ask<'_>) -> Result<(Invocation, Verdict), SessionError> {
    let invocation = invocation::gather(ask.request, ask.workspace)?;
    let invocation = remembered::name(invocation, ask.session)?;
    let policy = load(&invocation, ask.profile)?;
    let session = remembered::look_up(&invocation)?;
    let verdict = judge(&invocation, &policy, session.memory());
    Ok((invocation, verdict))
}

/// One verdict with everything that led to it.
#[derive(Debug)]
pub struct Traced {
    /// The verdict.
    pub verdict: Verdict,
    /// The steps of the classifier.
    pub steps: Vec<Step>,
    /// The rules that had a say.
    pub heard: Vec<Heard>,
}

/// Judges one command without running it, and keeps what led to the verdict.
///
/// # Errors
/// As [`check`].
pub fn trace(ask: Ask<'_>) -> Result<Traced, SessionError> {
    let invocation = invocation::gather(ask.request, ask.workspace)?;
    let invocation = remembered::name(invocation, ask.session)?;
    let policy = load(&invocation, ask.profile)?;
    let session = remembered::look_up(&invocation)?;
    let memory = session.memory();
    let world = world(&invocation, &policy).remembering(memory);
    let (assessment, steps) = classify::classify_traced(&invocation, &world);
    let verdict = weighed(&invocation, &policy, memory, assessment);
    let heard = policy::heard::heard(&policy, &verdict.assessment);
    Ok(Traced { verdict, steps, heard })
}

/// The policy that holds for an invocation.
///
/// # Errors
/// A settings file that is malformed, not to be trusted, or asks for what it may not.
pub fn load(invocation: &Invocation, profile: Option<&str>) -> Result<Policy, SessionError> {
    Ok(settings::load(&settings_request(invocation, profile))?)
}

/// What settings must know of an invocation.
#[must_use]
pub fn settings_request<'a>(
    invocation: &'a Invocation,
    profile: Option<&str>,
) -> settings::Request<'a> {
    settings::Request {
        profile: profile.map(str::to_owned),
        workspace: invocation.places.workspace.clone(),
        home: invocation.places.home.clone(),
        env: &invocation.env,
        uid: crate::sys::passwd::uid(),
    }
}

/// Gate one, with what is remembered of the session.
pub fn judge(invocation: &Invocation, policy: &Policy, memory: &Memory) -> Verdict {
    let world = world(invocation, policy).remembering(memory);
    let assessment = classify::classify(invocation, &world);
    weighed(invocation, policy, memory, assessment)
}

/// What was found, judged with an eye on what was refused before.
fn weighed(
    invocation: &Invocation,
    policy: &Policy,
    memory: &Memory,
    mut assessment: Assessment,
) -> Verdict {
    let world = world(invocation, policy);
    let detours = insist::detours(memory, invocation, &assessment, &world);
    assessment.findings.extend(detours);
    let verdict = policy::judge(policy, assessment);
    let insists = match verdict.decision {
        Decision::Allow => None,
        Decision::Ask | Decision::Deny => insist::insistence(memory, policy, &verdict),
    };
    Verdict { insists, ..verdict }
}

/// What a command could see of the file system.
fn world<'a>(invocation: &'a Invocation, policy: &'a Policy) -> FileSystem<'a> {
    FileSystem::new(invocation, Readable::Granted(&policy.files), Bounds::default())
}

/// Gate two, as a plan.
fn plan(
    invocation: &Invocation,
    policy: &Policy,
    state: &Path,
    reads: Reads,
) -> Result<SandboxPlan, SessionError> {
    let command = program::command(invocation)?;
    let support = support::probe_for(policy.isolation());
    let plan = compile::compile(policy, command, invocation, support, &expand::RealTree)?;
    if let Namespaces::Own(scene) = &plan.namespaces {
        let Command { cwd, program, .. } = &plan.command;
        if let Some(path) = [cwd.clone(), cwd.join(program)].into_iter().find(|p| scene.hides(p)) {
            return Err(SessionError::Hidden(path));
        }
    }
    Ok(SandboxPlan { sealed: Some(state.to_path_buf()), reads, ..plan })
}

/// Gate two, closed behind the command.
fn launch(plan: &SandboxPlan, policy: &Policy) -> Result<Report, SessionError> {
    state::make_caches(&policy.files);
    let attendant = supervision::attendant(plan, policy);
    Ok(spawn::run(spawn::Ready::new(plan, attendant)?)?)
}

/// A program that could not be executed because of the wall says so.
fn explained(error: SessionError, scene: Scene<'_>) -> SessionError {
    let denied = |error: &std::io::Error| error.kind() == std::io::ErrorKind::PermissionDenied;
    let walled = match &error {
        SessionError::Spawn(SpawnError::Stage(Stage::Exec, cause)) if denied(cause) => {
            supposed::program(scene)
        }
        _ => None,
    };
    walled.map_or(error, |record| SessionError::Walled(Box::new(record)))
}

const fn bounds(plan: &SandboxPlan) -> limits::Bounds<'_> {
    limits::Bounds {
        limits: plan.limits.as_slice(),
        wall: plan.wall,
        output: plan.output,
        totals: plan.totals,
        free_space: plan.free_space,
    }
}

fn failed(run: RunId, error: &SessionError) -> Event {
    Event::Failed(Failure { run: Some(run), status: error.status(), reason: error.to_string() })
}

fn closing(run: RunId, report: &Report, hits: &[Hit], refusals: &Refusals) -> Event {
    let millis = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let observed = hits.iter().map(Hit::sentence).collect();
    let end = match report.end {
        End::Exited(status) => Ending::Exit(status),
        End::Killed(signal) => Ending::Signal(signal),
        End::TimeUp => Ending::Exit(i32::from(outcome::status::TIME_UP)),
    };
    Event::Finished(Closing {
        run,
        end,
        status: outcome::status_of(report),
        wall_ms: millis(report.wall),
        cpu_ms: millis(report.usage.cpu),
        max_rss_kib: report.usage.peak_kib,
        leftovers: u64::from(report.leftover),
        observed,
        refusals: refusals.records.clone(),
        refusals_left_out: refusals.beyond,
    })
}

//! Which of the refusals of a run a person is told at its end, and which only the journal keeps.
//!
//! | refused | told |
//! |---|---|
//! | protected names in the workspace, hidden ones | always: nothing there is tried lightly, and a program that goes on without has done less than it seems |
//! | everything else | when the command failed. One that ended well has coped |
//! | what programs try by habit (`is_habit`) | never: it is not why anything fails |
//! | refused reads, when a person asked to see them | always |
//! | refused reads that are seen in passing, since names are hidden | never |
//!
//! A run that a person interrupted, or whose reader went away, has not failed.

use super::refused::{self, Scene};
use super::supposed::supposed;
use crate::journal::refusal::{Known, RefusalRecord};
use crate::model::effect::Effect;
use crate::sandbox::plan::{Reads, SandboxPlan};
use crate::sandbox::spawn::{End, Report};
use crate::supervisor::judge::Why;
use crate::supervisor::observe::{self, Observation};
use crate::supervisor::wall::BY_LIBRARY;

/// What was refused in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    /// All that is known, for the journal.
    pub records: Vec<RefusalRecord>,
    /// How many more there were.
    pub beyond: u64,
    /// What a person is told, the weightiest first.
    pub told: Vec<Told>,
    /// Another look may show more.
    pub hint: Option<Hint>,
}

/// One line for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The first of its sort.
    pub record: RefusalRecord,
    /// How many others of its sort there were.
    pub alike: u64,
}

/// Why it would be worth running the command again with reads watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Something else was refused, and reads were not watched.
    MoreMayBeRefused,
    /// The exit status is that of a program that could not be executed.
    NotExecuted,
    /// Reads were to be watched, and calls cannot be held in this run.
    NotWatched,
}

/// A shell's status for what it found and could not execute.
const NOT_EXECUTED: i32 = 126;
/// SIGHUP, SIGINT, SIGPIPE, SIGTERM: whoever sent them wanted an end, or nobody reads any more.
const UNWANTED: [i32; 4] = [1, 2, 13, 15];

/// Everything that was refused in a run that took place.
#[must_use]
pub fn refusals(report: &Report, effects: &[Effect], scene: Scene<'_>) -> Refusals {
    let (observations, beyond) = observe::decode(&report.told);
    let failed = failed(report.end);
    let reading = Reading::of(scene.plan);
    let watched = reading == Reading::Asked;
    let mut all: Vec<(u8, RefusalRecord)> = observations
        .iter()
        .map(|seen| (weight(seen, failed, reading), refused::record(seen, scene)))
        .collect();
    if failed && !watched {
        let unseen = |one: &RefusalRecord| all.iter().all(|(_, seen)| seen.target != one.target);
        let more: Vec<_> = supposed(effects, scene).into_iter().filter(unseen).collect();
        all.extend(more.into_iter().map(|one| (SUPPOSED, one)));
    }
    let mut worth: Vec<&(u8, RefusalRecord)> = all.iter().filter(|(w, _)| *w > SILENT).collect();
    worth.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let told = grouped(worth.into_iter().map(|(_, record)| record));
    let seen = told.iter().any(|told| told.record.known == Known::Seen);
    let hint = match report.end {
        _ if watched && !scene.plan.supervised => Some(Hint::NotWatched),
        _ if watched || !scene.plan.supervised => None,
        _ if failed && seen => Some(Hint::MoreMayBeRefused),
        End::Exited(NOT_EXECUTED) if told.is_empty() => Some(Hint::NotExecuted),
        _ => None,
    };
    Refusals { records: all.into_iter().map(|(_, record)| record).collect(), beyond, told, hint }
}

/// Not told.
const SILENT: u8 = 0;
/// Told last.
const SUPPOSED: u8 = 1;

/// How refused reads come to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// A person asked to see them.
    Asked,
    /// All reads are held, since names are hidden.
    InPassing,
    /// Only those that come by a call that may also write.
    Seldom,
}

impl Reading {
    const fn of(plan: &SandboxPlan) -> Self {
        match (plan.reads, plan.hides) {
            (Reads::Watched, _) => Self::Asked,
            (Reads::Unwatched, true) => Self::InPassing,
            (Reads::Unwatched, false) => Self::Seldom,
        }
    }
}

/// How much a refusal weighs.
fn weight(seen: &Observation, failed: bool, reading: Reading) -> u8 {
    match seen.why {
        Why::Protected | Why::Git | Why::Leads | Why::Workspace | Why::Hidden => 6,
        _ if is_habit(seen) => SILENT,
        Why::Unreadable if reading == Reading::Asked => 3,
        // Programs look for many files they do without.
        Why::Unreadable if reading == Reading::InPassing => SILENT,
        _ if !failed => SILENT,
        Why::Unwritable => 5,
        Why::Closed(_) | Why::Outsider | Why::Crowd => 4,
        Why::Unreadable => 3,
        Why::Outside | Why::Foreign => 2,
    }
}

fn failed(end: End) -> bool {
    match end {
        End::Exited(status) => status != 0 && !UNWANTED.contains(&(status - 128)),
        End::Killed(signal) => !UNWANTED.contains(&signal),
        End::TimeUp => true,
    }
}

/// Pieces of paths (each ended by a slash here) that programs write in passing and go on without:
/// compiled Python beside its source, histories, what is told to the makers of a tool, whether there
/// is a newer one, what a desktop remembers.
const HABITS: &[&str] = &[
    "/__pycache__/",
    "_history/",
    "/.lesshst/",
    "/.viminfo/",
    "/.wget-hsts/",
    "/telemetry/",
    "/.config/go/",
    "update-notifier",
    "/configstore/",
    "/dconf/",
    "/fontconfig/",
    "/mesa_shader_cache/",
];
/// The directory of all caches, where it is missing. A single cache that is refused may matter.
const CACHES: &str = "/.cache/";

/// Whether programs try it as a matter of course and go on without.
fn is_habit(seen: &Observation) -> bool {
    match seen.why {
        Why::Closed(closed) => closed.is_shrugged_off() || seen.detail == BY_LIBRARY,
        Why::Unwritable | Why::Outside => {
            let path = format!("{}/", String::from_utf8_lossy(&seen.what));
            // What a process sets of itself: the Java machine, for one, at every start.
            let of_process = path.strip_prefix("/proc/").unwrap_or_default();
            of_process.starts_with(|c: char| c.is_ascii_digit())
                || path.ends_with(CACHES)
                || HABITS.iter().any(|habit| path.contains(habit))
        }
        _ => false,
    }
}

/// What the same line of a profile would allow is one line for a person.
fn grouped<'r>(records: impl Iterator<Item = &'r RefusalRecord>) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    for record in records {
        let alike = told.iter_mut().find(|other| {
            let other = &other.record;
            let same_line = other.allow == record.allow && other.allow.is_some();
            let same_thing = other.target == record.target && other.promise == record.promise;
            other.known == record.known && (same_line || same_thing)
        });
        match alike {
            Some(other) => other.alike = other.alike.saturating_add(1),
            None => told.push(Told { record: record.clone(), alike: 0 }),
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::filter::told::Closed;

    fn seen(why: Why, what: &str) -> Observation {
        let what = what.as_bytes().to_vec();
        Observation { act: "write".into(), what, why, detail: String::new(), times: 1 }
    }

    #[test]
    fn what_ended_well_is_told_of_protected_names_alone() {
        for (why, path, failed, is_told) in [
            (Why::Protected, "/w/.vscode", false, true),
            (Why::Unwritable, "/opt/x", false, false),
            (Why::Unwritable, "/opt/x", true, true),
            (Why::Unwritable, "/usr/lib/python3/__pycache__/x.pyc", true, false),
            (Why::Unwritable, "/proc/12/coredump_filter", true, false),
            (Why::Unwritable, "/proc/sys/kernel/x", true, true),
            (Why::Unwritable, "/h/.cache", true, false),
            (Why::Unwritable, "/h/.cache/tool", true, true),
            (Why::Unwritable, "/h/.config/go", true, false),
            (Why::Unwritable, "/h/.config/google", true, true),
            (Why::Outside, "/opt/x", true, true),
            (Why::Closed(Closed::Paths), "mount", true, true),
            (Why::Closed(Closed::Paths), "mount", false, false),
            (Why::Closed(Closed::Routes), "a netlink socket", true, false),
        ] {
            let weight = weight(&seen(why, path), failed, Reading::Seldom);
            assert_eq!(weight > SILENT, is_told, "{why:?} {path} {failed}");
        }
        let library = Observation {
            detail: BY_LIBRARY.to_owned(),
            ..seen(Why::Closed(Closed::UnixSocket), "an AF_UNIX socket")
        };
        assert_eq!(weight(&library, true, Reading::Seldom), SILENT);
    }

    #[test]
    fn an_interrupted_run_has_not_failed() {
        for end in [End::Exited(0), End::Killed(2), End::Exited(130), End::Exited(141)] {
            assert!(!failed(end), "{end:?}");
        }
        for end in [End::Exited(1), End::Killed(9), End::Exited(126), End::TimeUp] {
            assert!(failed(end), "{end:?}");
        }
    }
}

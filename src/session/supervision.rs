//! The supervisor as the guardian's attendant: made from the policy, and what it refused put into words.
//!
//! It judges nothing itself: what is protected is the policy's word, what a call does the supervisor's.

use crate::policy::resolved::Policy;
use crate::sandbox::plan::SandboxPlan;
use crate::sandbox::spawn::Attendant;
use crate::supervisor::Supervisor;
use crate::supervisor::judge::Why;
use crate::supervisor::observe::Observation;
use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// Who answers held calls in a run by this plan; nobody where the machine cannot hold calls.
#[must_use]
pub fn attendant(plan: &SandboxPlan, policy: &Policy) -> Option<Box<dyn Attendant>> {
    plan.supervised.then(|| {
        let supervisor = Supervisor::of(&policy.files, &plan.workspace);
        Box::new(Supervised(supervisor)) as Box<dyn Attendant>
    })
}

/// The lines an attendant sent at the end of its run.
#[must_use]
pub fn lines(told: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(told);
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[derive(Debug)]
struct Supervised(Supervisor);

impl Attendant for Supervised {
    fn serve(&mut self, listener: BorrowedFd<'_>) -> io::Result<Option<Duration>> {
        self.0.serve(listener)
    }

    fn retry(&mut self, listener: BorrowedFd<'_>) -> Option<Duration> {
        self.0.retry(listener)
    }

    fn finish(&mut self) -> Vec<u8> {
        let (observations, beyond) = self.0.finish();
        let mut lines: Vec<String> = observations.iter().map(line).collect();
        if beyond > 0 {
            lines.push(format!("and {beyond} more refusals"));
        }
        // A path may hold a line break, but no NUL.
        lines.iter().flat_map(|line| line.bytes().chain([0])).collect()
    }
}

/// What was refused, why, and which line of a profile would allow it.
fn line(observation: &Observation) -> String {
    let Observation { act, path, why, detail, times } = observation;
    let times = if *times == 1 { String::new() } else { format!(" ({times} times)") };
    let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
    let reason = match why {
        Why::Protected => {
            "it is protected, because others obey or run it later; `files.unprotect` in a profile \
             of yours would allow it"
        }
        Why::Git => {
            "git would run it or be configured by it; commits, branches and the like are free; \
             `files.unprotect = [\".git\"]` in a profile of yours would allow it"
        }
        Why::Leads => {
            "a directory that leads to a protected path is not moved, and no link takes its place"
        }
        Why::Workspace => "it is the workspace, or holds it",
        Why::Hidden => {
            "its name is hidden, because secrets are kept under it; `files.unhide` in a profile of \
             yours would show it"
        }
        Why::Crowd => "too many opens of this run wait for the other end of a pipe already",
        Why::Outside => {
            "mode, owner, times and attributes change only where writing is allowed; \
             `files.write` in a profile of yours would allow it"
        }
    };
    format!("refused to {act} {path}{detail}{times}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::{Observation, Why, line, lines};

    #[test]
    fn a_refusal_says_what_why_and_how_to_allow_it() {
        let observation = Observation {
            act: "write",
            path: "/w/.vscode/tasks.json".to_owned(),
            why: Why::Protected,
            detail: String::new(),
            times: 3,
        };
        let told = line(&observation);
        for part in ["write /w/.vscode/tasks.json (3 times)", "protected", "files.unprotect"] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[test]
    fn lines_come_apart_where_they_were_put_together() {
        assert_eq!(lines(b"one\0two\nlines\0"), ["one", "two\nlines"]);
        assert!(lines(b"").is_empty());
    }
}

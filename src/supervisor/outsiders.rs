//! Priority, scheduling and processors of a process by its id: only of processes of the run. It sets nothing itself.
//!
//! Such a call goes on once its target is known to be of the run: the id is in a register, which
//! no other thread changes. That the target ends and an outsider gets its id within these
//! microseconds remains; the kernel gives ids in turn, so that takes all of them to be used up first.

use super::decode::Scheduled;
use super::{Reply, Tools};
use crate::sandbox::filter::told::Told;
use crate::sys::at::{Errno, Result};
use crate::sys::process;

/// How this process, the run's guardian, tells the run from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Border {
    /// Nobody else has a number here.
    Namespace,
    /// Its signals stay inside the Landlock domain of the run.
    Domain,
    /// Everybody of the run descends from it.
    Descent,
}

/// So many ancestors are looked at.
const MOST_ANCESTORS: usize = 4096;
/// Signal 0 asks whether a signal could be sent.
const ASK: i32 = 0;

impl Tools {
    /// Lets a call go on that is about the run's own, and notes one that is not.
    pub(super) fn schedule(&mut self, thread: i32, of: Scheduled, told: Told) -> Result<Reply> {
        match of {
            Scheduled::Thread(id) if id == 0 || id == thread => Ok(Reply::Continue),
            Scheduled::Thread(id) => match standing(id) {
                Who::Ours => Ok(Reply::Continue),
                Who::Nobody => Err(Errno::NO_PROCESS),
                Who::Outsider => Err(self.refuse(thread, told)),
            },
            Scheduled::Many => Err(self.refuse(thread, told)),
        }
    }
}

/// Whose a thread is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Ours,
    Outsider,
    Nobody,
}

/// The guardian itself is no part of the run it serves.
fn standing(id: i32) -> Who {
    let own = process::own_pid();
    // Below 0 a number would stand for a group, or for everybody.
    if id <= 0 || !exists(id) {
        return Who::Nobody;
    }
    let ours = match border() {
        Border::Namespace => true,
        Border::Domain => process::signal(id, ASK).is_ok(),
        Border::Descent => descends(id, own),
    };
    if ours && id != own { Who::Ours } else { Who::Outsider }
}

fn exists(id: i32) -> bool {
    process::signal(id, ASK).map_err(Errno::from) != Err(Errno::NO_PROCESS)
}

/// The front is outside in any case, and of the same user: where a signal could reach it, the
/// domain keeps none inside.
fn border() -> Border {
    match process::parent_pid() {
        0 => Border::Namespace,
        front => match process::signal(front, ASK).map_err(Errno::from) {
            Err(Errno::NOT_PERMITTED) => Border::Domain,
            // A front that is gone takes the run along: nothing is believed until then.
            _ => Border::Descent,
        },
    }
}

fn descends(id: i32, from: i32) -> bool {
    let mut at = id;
    for _ in 0..MOST_ANCESTORS {
        match parent_of(at) {
            Some(parent) if parent == from => return true,
            Some(parent) if parent > 1 => at = parent,
            _ => return false,
        }
    }
    false
}

fn parent_of(id: i32) -> Option<i32> {
    let text = std::fs::read(format!("/proc/{id}/stat")).ok()?;
    parent_in(&text)
}

/// The parent in a `stat` of /proc. The name in it may hold anything, brackets too.
fn parent_in(stat: &[u8]) -> Option<i32> {
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(stat.get(end + 1..)?).ok()?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Who, descends, parent_in, standing};
    use crate::sys::process::{own_pid, parent_pid};

    #[test]
    fn the_parent_is_read_behind_the_last_bracket() {
        assert_eq!(parent_in(b"7 (a) S 9 (b)) R 12 3 4"), Some(12));
        assert_eq!(parent_in(b"7 (a"), None);
        assert_eq!(parent_in(b"7 (a) S"), None);
    }

    #[test]
    fn descent_is_followed_upwards() {
        assert!(descends(own_pid(), parent_pid()));
        assert!(!descends(parent_pid(), own_pid()));
    }

    #[test]
    fn no_number_that_stands_for_many_is_anybody() {
        for id in [0, -1, i32::MIN] {
            assert_eq!(standing(id), Who::Nobody);
        }
        assert_eq!(standing(own_pid()), Who::Outsider, "the guardian is not of its run");
    }
}

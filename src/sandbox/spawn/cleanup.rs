//! Ending whatever is left of a run: every child, and every orphan that becomes one, until there is none.

use super::fence::Fence;
use super::stilling::still;
use crate::sys::process::{self, Change};
use crate::sys::signals;
use std::time::{Duration, Instant};

/// How long killed processes are waited for when none of them ends; one in uninterruptible sleep
/// cannot be ended by anybody.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many are reaped between two rounds of killing one by one: a storm of short-lived processes
/// must not keep us at its dead.
const ROUND: usize = 64;

/// A tree that is not gone after so many rounds is deep, or grows; and every so many it is looked at again.
const MANY: u32 = 8;
const ROUNDS: u32 = 64;

/// Kills and reaps until no child but those of `spared` is left; says how many there were.
///
/// When a process dies its children become ours, since the caller has adopted orphans: round by
/// round the whole tree comes up, whatever groups and sessions it had hidden in. Processes that
/// fork and exit to stay ahead can outrun this; behind a fence one call ends them all, without one
/// they are stopped first.
pub(super) fn end_all_children(fence: Option<&Fence>, spared: &[i32]) -> u32 {
    let mut ended = 0_u32;
    let mut progress = Instant::now();
    let mut pause = Duration::from_micros(50);
    let mut most = ROUND;
    for round in 0_u32.. {
        if fence.is_none() && round % ROUNDS == MANY {
            still(spared);
        }
        let (reaped, left) = reap(most);
        ended = ended.saturating_add(u32::try_from(reaped).unwrap_or(u32::MAX));
        if left == Left::None || kill_once(fence, spared) == Left::None {
            return ended;
        }
        if fence.is_some() {
            // Nothing was born after that round, so all its dead can be reaped.
            most = usize::MAX;
        }
        if reaped > 0 {
            (progress, pause) = (Instant::now(), Duration::from_micros(50));
        } else if progress.elapsed() > PATIENCE {
            return ended;
        } else {
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }
    ended
}

/// Whether there are children to be ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    None,
    Some,
}

/// Reaps at most so many; how many there were.
fn reap(most: usize) -> (usize, Left) {
    let mut reaped = 0;
    while reaped < most {
        match process::reap() {
            Ok(Some((_, Change::Exited(_) | Change::Killed(_)))) => reaped += 1,
            Ok(Some(_)) => {}
            Ok(None) => break,
            // ECHILD.
            Err(_) => return (reaped, Left::None),
        }
    }
    (reaped, Left::Some)
}

fn kill_once(fence: Option<&Fence>, spared: &[i32]) -> Left {
    if let Some(fence) = fence {
        fence.end_all();
        return Left::Some;
    }
    // Unreadable, for want of a descriptor say, is no proof that there are none.
    let Ok(children) = process::children() else { return Left::Some };
    let mut left = Left::None;
    for pid in children.into_iter().filter(|pid| !spared.contains(pid)) {
        left = Left::Some;
        // It may have ended since it was listed; its pid is ours until it is reaped.
        drop(process::signal(pid, signals::KILL));
    }
    left
}

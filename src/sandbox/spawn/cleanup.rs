//! Ending whatever is left of a run: every child, and every orphan that becomes one, until there is none.

use crate::sys::process::{self, Change};
use crate::sys::signals;
use std::time::{Duration, Instant};

/// How long killed processes are waited for when none of them ends; one in uninterruptible sleep
/// cannot be ended by anybody.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many are reaped between two rounds of killing: a storm of short-lived processes must not
/// keep us at its dead.
const ROUND: usize = 64;

/// Kills and reaps until no child but those of `spared` is left; says how many there were.
///
/// When a process dies its children become ours, since the caller has adopted orphans: round by
/// round the whole tree comes up, whatever groups and sessions it had hidden in. A process that
/// forks and exits to stay ahead is caught while it waits for a processor: a round kills all that
/// do not run at that moment.
pub(super) fn end_all_children(spared: &[i32]) -> u32 {
    let mut ended = 0_u32;
    let mut progress = Instant::now();
    let mut pause = Duration::from_micros(50);
    loop {
        let mut reaped = 0;
        while reaped < ROUND {
            match process::reap() {
                Ok(Some((_, Change::Exited(_) | Change::Killed(_)))) => reaped += 1,
                Ok(Some(_)) => {}
                Ok(None) => break,
                // No child is left.
                Err(_) => return ended.saturating_add(u32::try_from(reaped).unwrap_or(0)),
            }
        }
        ended = ended.saturating_add(u32::try_from(reaped).unwrap_or(0));
        let left = process::children();
        let mut targets =
            left.iter().flatten().filter(|pid| !spared.contains(pid)).copied().peekable();
        if left.is_ok() && targets.peek().is_none() {
            return ended;
        }
        for pid in targets {
            // It may have ended since it was listed; its pid is ours until it is reaped.
            drop(process::signal(pid, signals::KILL));
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
}

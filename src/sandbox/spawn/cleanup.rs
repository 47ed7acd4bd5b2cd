//! Ending whatever is left of a run: every child, and every orphan that becomes one, until there is none.

use crate::sys::process::{self, Change};
use crate::sys::signals;
use std::time::{Duration, Instant};

/// How long killed processes are waited for; one in uninterruptible sleep cannot be ended by anybody.
const PATIENCE: Duration = Duration::from_secs(5);

/// Kills and reaps until no child is left or patience ends; says how many there were.
///
/// When a process dies its children become ours, since the caller has adopted orphans: pass by
/// pass the whole tree comes up, whatever groups and sessions it had hidden in.
pub(super) fn end_all_children() -> u32 {
    let mut ended = 0_u32;
    let begin = Instant::now();
    let mut pause = Duration::from_micros(50);
    loop {
        match process::reap() {
            Ok(Some((_, Change::Exited(_) | Change::Killed(_)))) => ended = ended.saturating_add(1),
            Ok(Some(_)) => {}
            // No child is left.
            Err(_) => return ended,
            Ok(None) => {
                for pid in process::children().unwrap_or_default() {
                    // It may have ended since it was listed; its pid is ours until it is reaped.
                    drop(process::signal(pid, signals::KILL));
                }
                if begin.elapsed() > PATIENCE {
                    return ended;
                }
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(5));
            }
        }
    }
}

//! Counting what a run prints, when its policy bounds that: two small processes between the command and whoever reads. Without a bound nothing of this takes place.
//!
//! Each copies one stream and ends with it. At the bound it passes on nothing further: it asks the
//! front to end the run, as `kill` would, and whoever still prints finds nobody reading.

use super::Lost;
use crate::sys::process::{self, Alone, Change, Fork};
use crate::sys::signals::{self, Ready as Woken, Watch};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// The streams of a run that are counted.
#[derive(Debug)]
pub(super) struct Meter {
    counters: [i32; 2],
    /// Standard error as it was: for what this process says itself.
    error: OwnedFd,
}

/// The status of a counter that reached its bound; the errno of a write that failed is less.
const FLOODED: i32 = 255;

/// What became of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passed {
    /// All of it was passed on, or nobody reads any more.
    All,
    /// It reached the bound.
    Flooded,
    /// It could not be written, by this errno.
    Failed(i32),
}

/// What became of both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Whether a bound was reached.
    pub(super) flooded: bool,
    /// What could not be written.
    pub(super) lost: Option<Lost>,
}

impl Meter {
    /// Puts itself between: from here on standard output and error of this process, and of what it
    /// starts, are counted, each for itself.
    ///
    /// # Errors
    /// No pipe or process can be made.
    pub(super) fn start(most: u64, alone: &Alone) -> io::Result<Self> {
        let front = process::own_pid();
        let output = io::stdout().as_fd().try_clone_to_owned()?;
        let error = io::stderr().as_fd().try_clone_to_owned()?;
        let (from_output, to_output) = process::pipe()?;
        let (from_error, to_error) = process::pipe()?;
        let mut ways = vec![(from_output, output), (from_error, error)];
        let mut counters = [0; 2];
        for (at, counter) in counters.iter_mut().enumerate() {
            match process::fork(alone)? {
                Fork::Parent(pid) => *counter = pid,
                Fork::Child(_) => {
                    let (from, to) = ways.swap_remove(at);
                    // Else nobody would ever be the last to write, or to read.
                    drop((ways, to_output, to_error));
                    // Of a front that is gone nobody reads any more what was printed.
                    if process::die_with_parent(front, signals::KILL).is_err() {
                        process::exit_now(KILLED);
                    }
                    process::exit_now(match copy(&from, &to, most) {
                        Passed::All => 0,
                        Passed::Failed(errno) => errno,
                        Passed::Flooded => {
                            drop(process::signal(front, signals::TERMINATE));
                            FLOODED
                        }
                    });
                }
            }
        }
        process::replace_output_and_error(&to_output, &to_error)?;
        let (_, error) = ways.swap_remove(1);
        Ok(Self { counters, error })
    }

    /// Gives this process its standard error back, once the run has its own.
    ///
    /// # Errors
    /// None that can be expected.
    pub(super) fn step_aside(&self) -> io::Result<()> {
        process::replace_output_and_error(&self.error, &self.error)
    }

    /// Waits until everything is passed on; so long at most, if there is a bound, and no longer once
    /// somebody asks this process to end. Nothing of the run may be left.
    ///
    /// # Errors
    /// Of ppoll(2) and wait4(2); none that can be expected.
    pub(super) fn finish(self, watch: &Watch, patience: Option<Duration>) -> io::Result<Counted> {
        let begin = Instant::now();
        let mut ends: [Option<Change>; 2] = [None, None];
        loop {
            while ends.iter().any(Option::is_none) {
                let Some((pid, change)) = process::reap()? else { break };
                let counter = self.counters.iter().position(|counter| *counter == pid);
                let end = counter.and_then(|at| ends.get_mut(at));
                if let (Some(end), Change::Exited(_) | Change::Killed(_)) = (end, change) {
                    *end = Some(change);
                }
            }
            if ends.iter().all(Option::is_some) {
                break;
            }
            let left = patience.map(|most| most.saturating_sub(begin.elapsed()));
            let asked = match watch.wait(None, left)? {
                Woken::TimeUp => true,
                _ => {
                    let mut asked = false;
                    while let Some(arrival) = watch.next()? {
                        asked |= [signals::TERMINATE, signals::HANG_UP, signals::INTERRUPT]
                            .contains(&arrival.signal);
                    }
                    asked
                }
            };
            if asked {
                for (counter, end) in self.counters.iter().zip(&ends) {
                    if end.is_none() {
                        drop(process::signal(*counter, signals::KILL));
                    }
                }
            }
        }
        let ends = ends.map(|end| match end {
            Some(Change::Exited(status)) => Some(status),
            _ => None,
        });
        let streams = ["standard output", "standard error"];
        let lost = streams.into_iter().zip(ends).find_map(|(stream, end)| match end {
            Some(0 | FLOODED) => None,
            // One that was killed has told no errno.
            end => Some(Lost { stream, errno: end.unwrap_or(KILLED) }),
        });
        Ok(Counted { flooded: ends.contains(&Some(FLOODED)), lost })
    }
}

/// "Interrupted system call", said of a counter that somebody ended.
const KILLED: i32 = 4;

/// Copies until nobody writes or reads any more, or the bound is reached.
fn copy(from: &OwnedFd, to: &OwnedFd, most: u64) -> Passed {
    let (mut bytes, mut left) = ([0; 1 << 16], usize::try_from(most).unwrap_or(usize::MAX));
    loop {
        let Ok(length @ 1..) = process::read(from, &mut bytes) else { return Passed::All };
        let passed = length.min(left);
        if let Err(error) = process::write_all(to, bytes.get(..passed).unwrap_or_default()) {
            return match error.kind() {
                io::ErrorKind::BrokenPipe => Passed::All,
                _ => Passed::Failed(
                    error.raw_os_error().filter(|e| (1..FLOODED).contains(e)).unwrap_or(KILLED),
                ),
            };
        }
        if passed < length {
            return Passed::Flooded;
        }
        left -= passed;
    }
}

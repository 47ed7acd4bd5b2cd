//! The guardian: parent of the command, adopter of its orphans, the one who waits and cleans up.
//!
//! It talks to the front only: by a pipe upwards, by signals downwards. It never touches the
//! terminal and keeps no standard stream open.

use super::child::{self, Ties};
use super::cleanup::end_all_children;
use super::fence::Fence;
use super::message::{self, Failure, News};
use super::{Ready, Stage};
use crate::sys::process::{self, Change, Fork};
use crate::sys::signals::{self, Sender, Watch};
use std::io;
use std::os::fd::OwnedFd;

/// What the guardian needs of its front.
#[derive(Debug)]
pub(super) struct Charge {
    /// The front's pid.
    pub(super) front: i32,
    /// The front's process group, where the command belongs.
    pub(super) group: i32,
    /// Where news go.
    pub(super) news: OwnedFd,
}

/// Runs the command and never returns: the process ends when nothing of the run is left.
pub(super) fn guard(ready: Ready, charge: &Charge, watch: Watch) -> ! {
    let status = match start(ready, charge, watch) {
        Ok(run) => {
            let told = run.watch_over(charge);
            end_all_children(run.fence.as_ref(), &[]);
            i32::from(told.is_err())
        }
        Err(error) => {
            end_all_children(None, &[]);
            let failure =
                Failure { stage: Stage::Lifeline, errno: error.raw_os_error().unwrap_or(0) };
            i32::from(message::send_news(&charge.news, News::NotStarted(failure)).is_err())
        }
    };
    process::exit_now(status)
}

/// A command that is running, and what keeps it together.
struct Run {
    command: i32,
    watch: Watch,
    fence: Option<Fence>,
}

/// Forks the command and waits until it is executed.
fn start(ready: Ready, charge: &Charge, watch: Watch) -> io::Result<Run> {
    process::die_with_parent(charge.front, signals::parent_death())?;
    process::adopt_orphans()?;
    // A group of its own, so that a signal to the terminal's group cannot take the guardian along.
    process::join_group(0)?;
    // Before the fork: the command and all it starts are to be born inside.
    let fence = if ready.fenced { Some(Fence::raise(charge.front)?) } else { None };
    let ties = Ties { guardian: process::own_pid(), group: charge.group };
    let (errors, errors_in) = process::pipe()?;
    let command = match process::fork()? {
        Fork::Child => child::become_command(ready, ties, &watch, errors_in),
        Fork::Parent(pid) => pid,
    };
    drop((errors_in, ready));
    let watch = watch.renew()?;
    process::let_go_of_standard_streams()?;
    process::let_go_of_standard_error()?;
    if let Some(failure) = message::receive_failure(errors)? {
        message::send_news(&charge.news, News::NotStarted(failure))?;
        end_all_children(fence.as_ref(), &[]);
        process::exit_now(0);
    }
    Ok(Run { command, watch, fence })
}

impl Run {
    /// Until the command has ended and nothing of it is left, or the front is gone.
    fn watch_over(&self, charge: &Charge) -> io::Result<()> {
        loop {
            while let Some((pid, change)) = process::reap()? {
                let news = match change {
                    _ if pid != self.command => continue,
                    Change::Stopped(signal) => News::Stopped(signal),
                    Change::Continued => News::Continued,
                    Change::Exited(_) | Change::Killed(_) => {
                        let leftover = end_all_children(self.fence.as_ref(), &[]);
                        let usage = process::children_usage()?;
                        let news = News::Ended { change, usage, leftover };
                        return message::send_news(&charge.news, news);
                    }
                };
                message::send_news(&charge.news, news)?;
            }
            self.watch.wait(None, None)?;
            if self.pass_on()? == Front::Gone {
                return Ok(());
            }
        }
    }

    /// Does what arrived signals ask for.
    fn pass_on(&self) -> io::Result<Front> {
        while let Some(arrival) = self.watch.next()? {
            if arrival.signal == signals::end_everything() {
                drop(process::signal(self.command, signals::KILL));
            } else if arrival.signal == signals::parent_death() {
                return Ok(Front::Gone);
            } else if arrival.signal != signals::CHILD && arrival.sender == Sender::Process {
                // Passed on as it came: the front forwards what was sent to it.
                drop(process::signal(self.command, arrival.signal));
            }
        }
        Ok(Front::There)
    }
}

/// Whether the front still lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Front {
    There,
    Gone,
}

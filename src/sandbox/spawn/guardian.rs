//! The guardian: parent of the command, adopter of its orphans, the one who waits and cleans up.
//!
//! It talks to the front only: by a pipe upwards, by signals downwards. It lives in the policy's
//! own Landlock domain, never touches the terminal and keeps no standard stream open.

use super::attend::Attendant;
use super::child::{Outfit, Ties};
use super::cleanup::end_all_children;
use super::fence::Fence;
use super::message::{self, Failure, News};
use super::{Ready, Stage};
use crate::sys::capabilities;
use crate::sys::limits::{self, Limit};
use crate::sys::process::{self, Alone, Change, Null};
use crate::sys::signals::{self, Ready as Woken, Sender, Watch};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

/// What the guardian needs of its front.
#[derive(Debug)]
pub(super) struct Charge {
    /// The front's pid.
    pub(super) front: i32,
    /// The front's process group, where the command belongs.
    pub(super) group: i32,
    /// Where news go.
    pub(super) news: OwnedFd,
    /// What takes the place of the standard streams.
    pub(super) null: Null,
}

/// Runs the command and never returns: the process ends when nothing of the run is left.
pub(super) fn guard(ready: Ready, charge: &Charge, watch: Watch, alone: &Alone) -> ! {
    let told = match start(ready, charge, watch, alone) {
        Ok(mut run) => {
            let told = run.watch_over(charge, alone);
            end_all_children(run.fence.as_ref(), &[]);
            told
        }
        Err(failure) => {
            end_all_children(None, &[]);
            message::send_news(&charge.news, News::NotStarted(failure))
        }
    };
    process::exit_now(i32::from(told.is_err()))
}

/// A command that is running, and what keeps it together.
struct Run {
    command: i32,
    watch: Watch,
    fence: Option<Fence>,
    attended: Option<Attended>,
    /// How many processes the user may have.
    processes: Option<u64>,
}

/// Calls that are held, and who answers them.
struct Attended {
    attendant: Box<dyn Attendant>,
    /// None once no process is left that could make such a call.
    listener: Option<OwnedFd>,
    /// How soon to come back to a call that could not be answered yet.
    pause: Option<Duration>,
}

/// Starts the command and waits until it is executed.
fn start(mut ready: Ready, charge: &Charge, watch: Watch, alone: &Alone) -> Result<Run, Failure> {
    let at = |stage: Stage| move |error: io::Error| Failure::new(stage, &error);
    match &ready.apart {
        None => process::die_with_parent(charge.front, signals::parent_death())
            .and_then(|()| process::adopt_orphans())
            // A group of its own, so that a signal to the terminal's group cannot take the guardian along.
            .and_then(|()| process::join_group(0))
            .map_err(at(Stage::Lifeline))?,
        Some(apart) => apart.settle(&charge.news, ready.domain.as_ref())?,
    }
    // Before the command: it and all it starts are to be born inside.
    let fence = shut_in(&ready, charge.front)?;
    let is_apart = ready.apart.is_some();
    let group = (!is_apart).then_some(charge.group);
    let ties = Ties { guardian: process::own_pid(), group };
    let mut failure = None;
    let (command, listener) = {
        let mut outfit = Outfit::new(&mut ready, ties, &watch);
        let command = process::start(alone, || {
            let (stage, error) = outfit.become_command();
            failure = Some(Failure::new(stage, &error));
            FAILED
        })
        .map_err(at(Stage::Lifeline))?;
        (command, outfit.listener)
    };
    if let Some(failure) = failure {
        return Err(failure);
    }
    if is_apart {
        // Not before: the group of the front has no number here, so the command must be born in it.
        process::join_group(0).map_err(at(Stage::Lifeline))?;
    }
    let watch = watch
        .renew()
        .and_then(|watch| {
            charge.null.replace_input_and_output()?;
            charge.null.replace_error()?;
            Ok(watch)
        })
        .map_err(at(Stage::Lifeline))?;
    let attended = ready.attendant.zip(listener);
    let attended = attended.map(|(attendant, listener)| Attended {
        attendant,
        listener: Some(listener),
        pause: None,
    });
    // Where the kernel lets signals out, the run's control group is what ends all of it at once.
    let fence = fence.or_else(|| ready.doors.and_then(Fence::of_group));
    let processes = ready.limits.iter().find(|(limit, _)| *limit == Limit::Processes);
    let processes = processes.map(|(_, most)| *most);
    Ok(Run { command, watch, fence, attended, processes })
}

/// The status of a child that did not become the command; nobody looks at it.
const FAILED: i32 = 125;

/// Gives up every capability and enters the policy's domain, since what the guardian does for a
/// command must not exceed what the command may do; a fence as well where the kernel can keep
/// signals inside.
fn shut_in(ready: &Ready, front: i32) -> Result<Option<Fence>, Failure> {
    let at = |stage: Stage| move |error: io::Error| Failure::new(stage, &error);
    let held = capabilities::held().map_err(at(Stage::Capabilities))?;
    capabilities::drop_all(held).map_err(at(Stage::Capabilities))?;
    process::no_new_privileges().map_err(at(Stage::NoNewPrivileges))?;
    if let Some(domain) = &ready.domain {
        domain.apply().map_err(at(Stage::Landlock))?;
    }
    let fence = match (&ready.apart, &ready.domain) {
        (Some(_), _) => Fence::of_namespace(),
        (None, Some(_)) if ready.fenced => Fence::prove(front),
        (None, _) => return Ok(None),
    };
    fence.map(Some).map_err(at(Stage::Lifeline))
}

impl Run {
    /// Until the command has ended and nothing of it is left, or the front is gone.
    fn watch_over(&mut self, charge: &Charge, alone: &Alone) -> io::Result<()> {
        loop {
            while let Some((pid, change)) = process::reap()? {
                let news = match change {
                    _ if pid != self.command => continue,
                    Change::Stopped(signal) => News::Stopped(signal),
                    Change::Continued => News::Continued,
                    Change::Exited(_) | Change::Killed(_) => {
                        let crowded = change != Change::Exited(0) && self.is_crowded(alone);
                        let leftover = end_all_children(self.fence.as_ref(), &[]);
                        let usage = process::children_usage()?;
                        let told = self.attended.as_mut().map(|a| a.attendant.finish());
                        let told = told.unwrap_or_default();
                        let told_bytes = told.len();
                        let news =
                            News::Ended { change, usage, leftover, crowded, told: told_bytes };
                        message::send_news(&charge.news, news)?;
                        return message::send_told(&charge.news, &told);
                    }
                };
                message::send_news(&charge.news, news)?;
            }
            while self.wait()? != Woken::Signal {}
            if self.pass_on()? == Front::Gone {
                return Ok(());
            }
        }
    }

    /// Whether the policy's limit of processes stands in the way of a few more, now that nothing of
    /// the run is ended yet. The limit is taken on to find out: no other child is started.
    fn is_crowded(&self, alone: &Alone) -> bool {
        let Some(most) = self.processes else { return false };
        // The command itself has made room, and what it waited for perhaps as well.
        let nearly = most.saturating_sub(1 + most / 32);
        if limits::lower(Limit::Processes, nearly).is_err() {
            return false;
        }
        match process::start(alone, || 0) {
            Ok(child) => {
                process::wait_for(child).ok();
                false
            }
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        }
    }

    /// Until something happens; held calls are answered here, since with each of them a process
    /// of the run stands still.
    fn wait(&mut self) -> io::Result<Woken> {
        let Some(attended) = &mut self.attended else { return self.watch.wait(None, None) };
        let listener = attended.listener.as_ref().map(AsFd::as_fd);
        let woken = self.watch.wait(listener, attended.pause)?;
        match (woken, listener) {
            (Woken::Other, Some(listener)) => {
                attended.pause = attended.attendant.serve(listener)?;
            }
            (Woken::TimeUp, Some(listener)) => {
                attended.pause = attended.attendant.retry(listener);
            }
            (Woken::Closed, _) => attended.listener = None,
            _ => {}
        }
        Ok(woken)
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

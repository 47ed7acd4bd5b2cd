//! The guardian: parent of the command, adopter of its orphans, the one who waits and cleans up.
//!
//! It talks to the front only: by a pipe upwards, by signals downwards. It never touches the
//! terminal and keeps no standard stream open.

use super::child::{self, Ties};
use super::cleanup::end_all_children;
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
        Ok((command, watch)) => i32::from(watch_over(command, charge, &watch).is_err()),
        Err(error) => {
            let failure =
                Failure { stage: Stage::Lifeline, errno: error.raw_os_error().unwrap_or(0) };
            i32::from(message::send_news(&charge.news, News::NotStarted(failure)).is_err())
        }
    };
    end_all_children(&[]);
    process::exit_now(status)
}

/// Forks the command and waits until it is executed; its pid.
fn start(ready: Ready, charge: &Charge, watch: Watch) -> io::Result<(i32, Watch)> {
    process::die_with_parent(charge.front, signals::parent_death())?;
    process::adopt_orphans()?;
    // A group of its own, so that a signal to the terminal's group cannot take the guardian along.
    process::join_group(0)?;
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
        end_all_children(&[]);
        process::exit_now(0);
    }
    Ok((command, watch))
}

fn watch_over(command: i32, charge: &Charge, watch: &Watch) -> io::Result<()> {
    // Whether the front was told of a stop, and stopped itself.
    let mut stopped = false;
    let wake_front = |stopped: &mut bool| {
        if std::mem::take(stopped) {
            drop(process::signal(charge.front, signals::CONTINUE));
        }
    };
    loop {
        while let Some((pid, change)) = process::reap()? {
            if pid != command {
                continue;
            }
            match change {
                Change::Stopped(signal) => {
                    message::send_news(&charge.news, News::Stopped(signal))?;
                    stopped = true;
                }
                // Somebody else may have sent it on; the front must not stay behind.
                Change::Continued => wake_front(&mut stopped),
                Change::Exited(_) | Change::Killed(_) => {
                    let leftover = end_all_children(&[]);
                    let usage = process::children_usage()?;
                    let news = News::Ended { change, usage, leftover };
                    message::send_news(&charge.news, news)?;
                    wake_front(&mut stopped);
                    return Ok(());
                }
            }
        }
        watch.wait(None, None)?;
        while let Some(arrival) = watch.next()? {
            if arrival.signal == signals::end_everything() {
                drop(process::signal(command, signals::KILL));
            } else if arrival.signal == signals::parent_death() {
                return Ok(());
            } else if arrival.signal != signals::CHILD && arrival.sender == Sender::Process {
                // Passed on as it came: the front forwards what was sent to it.
                drop(process::signal(command, arrival.signal));
            }
        }
    }
}

//! The front: stays where the person put it, stops and goes on with the command, passes signals on, and reports.

use super::cleanup::end_all_children;
use super::guardian::{self, Charge};
use super::message::{self, News};
use super::meter::{Counted, Meter};
use super::{End, Ready, Report, SpawnError};
use crate::sys::process::{self, Alone, Change, Fork, Null};
use crate::sys::signals::{self, Ready as Woken, Sender, Watch};
use crate::sys::terminal;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

/// Between asking the command to end because its time is up, and ending it.
const GRACE: Duration = Duration::from_secs(1);

/// Runs what is ready and waits until nothing of it is left.
///
/// # Errors
/// When the command did not start, or the run was lost; in both cases nothing of it is left.
pub fn run(ready: Ready) -> Result<Report, SpawnError> {
    let begin = Instant::now();
    let wall = ready.wall;
    // What was this process's before (`server & exec stockade ...`) is not the run's to end.
    let older = process::children()?;
    let (news, news_in) = process::pipe()?;
    // While this process is stopped only a signal reaches it, and the guardian may send none.
    process::signal_on_input(&news, signals::CONTINUE)?;
    // Should the guardian be killed, its orphans come here.
    process::adopt_orphans()?;
    let watch = Watch::start()?;
    let charge = Charge {
        front: process::own_pid(),
        group: process::own_group(),
        news: news_in,
        null: Null::open()?,
    };
    // A shell inside cannot give it back: the front's group has no number where it is.
    let terminal = ready.apart.as_ref().and_then(|_| terminal::foreground());
    let alone = Alone::prove()?;
    let meter = ready.output.map(|most| Meter::start(most, &alone)).transpose()?;
    let guardian = match ready.fork(&alone)? {
        Fork::Child(alone) => {
            drop((news, meter));
            guardian::guard(ready, &charge, watch, &alone)
        }
        Fork::Parent(pid) => pid,
    };
    if let Some(meter) = &meter {
        meter.step_aside()?;
    }
    charge.null.replace_input_and_output()?;
    drop(charge);
    // Not given back: to free it piece by piece would copy every page it lies on, which the guardian
    // shares, and this process ends with the run.
    std::mem::forget(ready);
    let mut run = Running { guardian, news, watch, deadline: Deadline::new(begin, wall) };
    let result = run.follow();
    if result.is_err() {
        end_all_children(None, &older);
    }
    if let Some(terminal) = terminal {
        terminal.take_back();
    }
    let ending = result?;
    let Counted { flooded, lost } = meter.map(Meter::finish).unwrap_or_default();
    Ok(Report { wall: begin.elapsed(), flooded, lost, ..ending })
}

struct Running {
    guardian: i32,
    news: OwnedFd,
    watch: Watch,
    deadline: Deadline,
}

impl Running {
    fn follow(&mut self) -> Result<Report, SpawnError> {
        loop {
            match self.watch.wait(Some(self.news.as_fd()), self.deadline.left())? {
                Woken::Other | Woken::Closed => {
                    let Some(news) = message::receive_news(&self.news)? else {
                        return Err(SpawnError::Lost);
                    };
                    if let Some(ending) = self.hear(news)? {
                        return Ok(ending);
                    }
                }
                Woken::Signal => self.pass_on()?,
                Woken::TimeUp => self.press(),
            }
        }
    }

    fn hear(&self, news: News) -> Result<Option<Report>, SpawnError> {
        match news {
            // That there are news has set this process going again: see `signal_on_input`.
            News::Continued => Ok(None),
            News::NotStarted(failure) => Err(failure.into()),
            News::Stopped(signal) => {
                signals::stop_self(signal)?;
                // Here again: somebody sent SIGCONT, perhaps to this process alone.
                drop(process::signal(self.guardian, signals::CONTINUE));
                Ok(None)
            }
            News::Ended { change, usage, leftover, crowded, told } => {
                let end = match change {
                    _ if self.deadline.is_over() => End::TimeUp,
                    Change::Killed(signal) => End::Killed(signal),
                    Change::Exited(status) => End::Exited(status),
                    Change::Stopped(_) | Change::Continued => End::Exited(0),
                };
                let told = message::receive_told(&self.news, told)?;
                Ok(Some(Report {
                    end,
                    usage,
                    leftover,
                    crowded,
                    flooded: false,
                    lost: None,
                    wall: Duration::ZERO,
                    told,
                }))
            }
        }
    }

    /// Forwards what a process sent to the front. What the terminal sent reached the command
    /// directly, as it is in the same process group; but that a terminal is gone is told to the
    /// leader of its session alone, which the front is below `ssh -t` or a terminal's `-e`.
    fn pass_on(&self) -> Result<(), SpawnError> {
        while let Some(arrival) = self.watch.next()? {
            let gone = arrival.signal == signals::HANG_UP && process::leads_session();
            let sent = arrival.sender == Sender::Process || gone;
            if arrival.signal != signals::CHILD && sent {
                drop(process::signal(self.guardian, arrival.signal));
            }
        }
        Ok(())
    }

    /// The time is up: first ask, then end.
    fn press(&mut self) {
        let signal = match self.deadline {
            Deadline::Running(_) => signals::TERMINATE,
            Deadline::None | Deadline::Asked(_) | Deadline::Over => signals::end_everything(),
        };
        drop(process::signal(self.guardian, signal));
        self.deadline = self.deadline.next();
    }
}

/// Where a run stands with its time.
#[derive(Debug, Clone, Copy)]
enum Deadline {
    /// There is no limit.
    None,
    /// It may run until then.
    Running(Instant),
    /// It was asked to end, and will be ended then.
    Asked(Instant),
    /// It was ended.
    Over,
}

impl Deadline {
    fn new(begin: Instant, wall: Option<Duration>) -> Self {
        wall.and_then(|wall| begin.checked_add(wall)).map_or(Self::None, Self::Running)
    }

    fn next(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Running(_) => Self::Asked(Instant::now() + GRACE),
            Self::Asked(_) | Self::Over => Self::Over,
        }
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Asked(_) | Self::Over)
    }

    fn left(self) -> Option<Duration> {
        match self {
            Self::None | Self::Over => None,
            Self::Running(then) | Self::Asked(then) => {
                Some(then.saturating_duration_since(Instant::now()))
            }
        }
    }
}

//! The front: stays where the person put it, stops and goes on with the command, passes signals on, and reports.

use super::cleanup::end_all_children;
use super::fence::Fence;
use super::guardian::{self, Charge};
use super::keeper::Keeper;
use super::message::{self, News};
use super::meter::{Counted, Meter};
use super::space::{Cramped, Space};
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
pub fn run(mut ready: Ready) -> Result<Report, SpawnError> {
    let alone = Alone::prove()?;
    let Some(group) = ready.group.take() else { return follow(ready, &alone) };
    let keeper = Keeper::start(group, &alone)?;
    let report = keeper.doors().map_err(SpawnError::from).and_then(|doors| {
        ready.doors = Some(doors);
        follow(ready, &alone)
    });
    let counts = Some(keeper.finish());
    Ok(Report { counts, ..report? })
}

fn follow(mut ready: Ready, alone: &Alone) -> Result<Report, SpawnError> {
    let begin = Instant::now();
    let wall = ready.wall;
    let space = ready.space.take();
    // What was this process's before (`server & exec stockade ...`) is not the run's to end.
    let older = process::children()?;
    // Signals of the terminal are watched for by now: the counters are no more to be ended by them.
    let watch = Watch::start()?;
    // Before the pipe of the news: while a counter held an end of it, a killed guardian would go unnoticed.
    let meter = ready.output.map(|most| Meter::start(most, alone)).transpose()?;
    let (news, news_in) = process::pipe()?;
    // While this process is stopped only a signal reaches it, and the guardian may send none.
    process::signal_on_input(&news, signals::CONTINUE)?;
    // Should the guardian be killed, its orphans come here.
    process::adopt_orphans()?;
    let charge = Charge {
        front: process::own_pid(),
        group: process::own_group(),
        news: news_in,
        null: Null::open()?,
    };
    // A shell inside cannot give it back: the front's group has no number where it is.
    let terminal = ready.apart.as_ref().and_then(|_| terminal::foreground());
    let guardian = match ready.fork(alone)? {
        Fork::Child(alone) => {
            drop((news, meter, space));
            guardian::guard(ready, &charge, watch, &alone)
        }
        Fork::Parent(pid) => pid,
    };
    if let Some(meter) = &meter {
        meter.step_aside()?;
    }
    charge.null.replace_input_and_output()?;
    drop(charge);
    let group = ready.doors.take().and_then(Fence::of_group);
    // Not given back: to free it piece by piece would copy every page it lies on, which the guardian
    // shares, and this process ends with the run.
    std::mem::forget(ready);
    let deadline = Deadline::new(begin, wall);
    let mut run = Running { guardian, news, watch, deadline, space, cramped: None };
    let result = run.follow();
    if result.is_err() {
        // All at once where there is a group: what is ended one by one can multiply meanwhile.
        if let Some(group) = &group {
            group.end_all();
        }
        end_all_children(None, &older);
    }
    if let Some(terminal) = terminal {
        terminal.take_back();
    }
    let ending = result?;
    let wall = begin.elapsed();
    // Whoever has to read what was printed may never do so: a run whose time was up waits no longer.
    let patience = run.deadline.is_over().then_some(GRACE);
    let counted = meter.map(|meter| meter.finish(&run.watch, patience)).transpose()?;
    let Counted { flooded, lost } = counted.unwrap_or_default();
    Ok(Report { wall, flooded, lost, cramped: run.cramped, ..ending })
}

struct Running {
    guardian: i32,
    news: OwnedFd,
    watch: Watch,
    deadline: Deadline,
    /// Where room must stay, if the policy asks for it.
    space: Option<Space>,
    /// Where it did not.
    cramped: Option<Cramped>,
}

impl Running {
    fn follow(&mut self) -> Result<Report, SpawnError> {
        loop {
            let woken = self.watch.wait(Some(self.news.as_fd()), self.left())?;
            self.look_at_space();
            match woken {
                Woken::Other | Woken::Closed => {
                    let Some(news) = message::receive_news(&self.news)? else {
                        return Err(SpawnError::Lost);
                    };
                    if let Some(ending) = self.hear(news)? {
                        return Ok(ending);
                    }
                }
                Woken::Signal => self.pass_on()?,
                Woken::TimeUp if self.deadline.is_due() => self.press(),
                Woken::TimeUp => {}
            }
        }
    }

    /// Until there is something to do without anything having happened.
    fn left(&self) -> Option<Duration> {
        let look = self.space.as_ref().map(Space::left);
        [self.deadline.left(), look].into_iter().flatten().min()
    }

    /// Where less room is left than must stay the run is asked to end, as if its time were up; when
    /// half of that is gone as well, it is ended.
    fn look_at_space(&mut self) {
        let Some(space) = self.space.as_mut().filter(|space| space.left().is_zero()) else {
            return;
        };
        let Some(cramped) = space.look() else { return };
        let is_pressing = space.is_pressing(&cramped);
        if !self.deadline.is_over() {
            self.cramped = Some(cramped);
            self.press();
        }
        if is_pressing && matches!(self.deadline, Deadline::Asked(_)) {
            self.press();
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
                    _ if self.deadline.is_over() && self.cramped.is_none() => End::TimeUp,
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
                    cramped: None,
                    counts: None,
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

    /// The time or the room is up: first ask, then end.
    fn press(&mut self) {
        let signal = match self.deadline {
            Deadline::None | Deadline::Running(_) => signals::TERMINATE,
            Deadline::Asked(_) | Deadline::Over => signals::end_everything(),
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
            Self::None | Self::Running(_) => Self::Asked(Instant::now() + GRACE),
            Self::Asked(_) | Self::Over => Self::Over,
        }
    }

    const fn is_over(self) -> bool {
        matches!(self, Self::Asked(_) | Self::Over)
    }

    fn is_due(self) -> bool {
        self.left().is_some_and(|left| left.is_zero())
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

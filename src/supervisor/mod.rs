//! Judging system calls while they are held: protected and hidden names, metadata outside of what may be written, sockets of the run's own.
//!
//! One loop: `Notification -> Request -> Ruling -> reply`. A call whose path was judged is never let
//! go on by itself, since another thread could change the path meanwhile; it is carried out here,
//! on descriptors, by a process under the same Landlock rules as the caller's. What Landlock would
//! refuse the caller it refuses us. Some calls are held only to be told: those that are refused
//! whatever they name, and opens that a person wants to watch, which are looked at and let go on.
//!
//! | file | what it is |
//! |---|---|
//! | `decode.rs` | registers -> what is asked (pure) |
//! | `caller.rs` | what must be known of the waiting thread |
//! | `resolve.rs` | names -> descriptors and real paths |
//! | `real.rs`, `standins.rs`, `bare.rs`, `outward.rs` | what stands for protected things under other names, or behind links |
//! | `standing.rs`, `judge.rs` | real path x operation -> ruling (pure) |
//! | `git/` | what a repository's files may say (pure) |
//! | `hiding.rs`, `ourselves.rs` | what nobody reads, and what only we may |
//! | `open.rs`, `waiting.rs`, `names.rs`, `moves.rs`, `alter.rs` | carrying out |
//! | `local.rs`, `sockets.rs`, `doors.rs`, `ipc.rs` | sockets of the file system and System V IPC: the run's own, and what is granted |
//! | `loopback.rs` | TCP sockets that end at this machine |
//! | `watch.rs` | watches on directories: of those that may be read |
//! | `outsiders.rs` | priority and scheduling: of the run's own processes |
//! | `staged.rs`, `pins.rs` | files whose content decides, and where they lead |
//! | `wall.rs`, `origin.rs` | what the kernel refused, and refused reads when a person wants to see them |
//! | `observe.rs` | what was refused |
#![forbid(unsafe_code)]

mod alter;
mod bare;
mod caller;
pub mod decode;
mod doors;
pub mod git;
mod hiding;
mod ipc;
pub mod judge;
pub mod local;
mod loopback;
mod moves;
mod names;
pub mod observe;
mod open;
mod origin;
mod ourselves;
mod outsiders;
mod outward;
mod pins;
mod real;
mod resolve;
pub mod sockets;
mod staged;
pub mod standing;
mod standins;
mod waiting;
pub mod wall;
mod watch;

#[cfg(test)]
mod tests;

use crate::policy::resolved::Files;
use crate::sandbox::filter::told;
use crate::sys::at::{self, Errno, Result};
use crate::sys::limits;
use crate::sys::notify::{self, Answer, Notification, OnExec};
use decode::Request;
use judge::{Age, Kind, Operation, Ruling, Why};
use local::Local;
pub use loopback::{End, Reach};
use observe::Observer;
use pins::Pins;
use resolve::Resolver;
use sockets::{Grants, Sockets};
use staged::Staged;
use standing::{Bounds, Standing};
use std::collections::HashSet;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;
use waiting::Later;
use wall::Attempt;

/// How often a call that waits for a partner (the other end of a pipe) is tried again.
const RETRY: Duration = Duration::from_millis(4);

/// So many callers are remembered at most.
const MOST_CALLERS: usize = 128;
/// So many calls may wait at most.
const MOST_WAITING: usize = 256;

/// The name that stands for the parts of a repository.
const GIT: &str = ".git";

/// What a call gets.
#[derive(Debug)]
enum Reply {
    Value(i64),
    File(OwnedFd, OnExec),
    /// Only for calls in which no memory was judged.
    Continue,
    Later(Later),
    /// The file takes the place of this descriptor of the caller, and the call returns 0.
    InPlace(OwnedFd, i32, OnExec),
}

/// Judges and carries out held calls.
#[derive(Debug)]
pub struct Supervisor {
    bounds: Bounds,
    observer: Observer,
    /// What the run may do with sockets of the file system and System V IPC, where it may at all.
    grants: Option<Grants>,
    /// Whether its TCP sockets are made here, so that they end at this machine.
    reach: Reach,
    /// Opened by the first call, in the process that serves.
    tools: Option<Tools>,
}

/// What serving needs; belongs to the serving process.
#[derive(Debug)]
struct Tools {
    bounds: Bounds,
    zone: Option<OwnedFd>,
    resolver: Resolver,
    /// The mask this process has now.
    mask: u32,
    /// Protected files with further names, once that mattered.
    twins: Option<standins::Twins>,
    /// Protected things that this run has made, by device and inode.
    born: HashSet<(u64, u64)>,
    staged: Vec<Staged>,
    pins: Pins,
    waiting: Vec<(u64, Later)>,
    /// So many calls may wait.
    room: usize,
    sockets: Option<Sockets>,
    reach: Reach,
    objects: ipc::Objects,
    /// The call at hand, for what is written down of a refusal.
    refused: Vec<Refused>,
    /// The call at hand: what was tried.
    attempts: Vec<Attempt>,
    /// How many sockets were asked where they came from.
    asked: u32,
}

/// A refusal on its way to the observer.
#[derive(Debug)]
struct Refused {
    act: &'static str,
    path: Vec<u8>,
    why: Why,
    detail: String,
}

impl Supervisor {
    /// A supervisor for these bounds; opens nothing yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            observer: Observer::default(),
            grants: None,
            reach: Reach::default(),
            tools: None,
        }
    }

    /// A supervisor for what a policy protects in a workspace.
    #[must_use]
    pub fn of(files: &Files, workspace: &Path) -> Self {
        let parts = |name: &String| name.split('/').map(|part| part.as_bytes().to_vec()).collect();
        let writable = files.write.iter().map(|root| (root.path.clone(), root.except.clone()));
        Self::new(Bounds {
            zone: workspace.to_owned(),
            // It has rules of its own.
            git: files.protect.iter().any(|name| name == GIT),
            sealed: files.protect.iter().filter(|name| *name != GIT).map(parts).collect(),
            free: files.protect_except.iter().map(|name| name.as_bytes().to_vec()).collect(),
            writable: writable.collect(),
            hidden: files.hidden.clone(),
            behind: Vec::new(),
            standins: Vec::new(),
            beside: Vec::new(),
            readable: files.read.iter().map(|root| root.path.clone()).collect(),
        })
    }

    /// The same for a run that may have sockets of the file system and System V IPC of its own.
    #[must_use]
    pub fn with_sockets(self, grants: Grants) -> Self {
        Self { grants: Some(grants), ..self }
    }

    /// The same for a run whose network ends at this machine.
    #[must_use]
    pub fn within(self, reach: Reach) -> Self {
        Self { reach, ..self }
    }

    /// Answers one held call; the listener is readable. Says how soon to come back ([`Self::retry`])
    /// although the listener stays silent.
    ///
    /// # Errors
    /// When the listener is unusable: the callers then get `ENOSYS` once it is closed.
    pub fn serve(&mut self, listener: BorrowedFd<'_>) -> io::Result<Option<Duration>> {
        let Some(notification) = notify::receive(listener)? else { return Ok(self.pause()) };
        if self.tools.is_none() {
            let tools = Tools::new(self.bounds.real(), self.grants.as_ref(), self.reach.clone());
            self.tools = Some(tools.map_err(|errno| io::Error::from_raw_os_error(errno.0))?);
            // Older kernels do without.
            drop(notify::wake_in_step(listener));
        }
        if let Some(tools) = &mut self.tools {
            tools.publish();
            tools.attempts.clear();
            let mut reply = tools.carry_out(&notification, listener);
            if matches!(reply, Err(Errno::TOO_MANY)) {
                // Nothing has been done yet: a descriptor is what everything begins with.
                tools.resolver.callers.forget();
                tools.attempts.clear();
                reply = tools.carry_out(&notification, listener);
            }
            if let Err(errno) = reply {
                tools.failed(errno);
            }
            tools.reply(listener, notification.id, reply);
        }
        self.observe();
        Ok(self.pause())
    }

    /// Tries again what waits for a partner; how soon to do so once more.
    pub fn retry(&mut self, listener: BorrowedFd<'_>) -> Option<Duration> {
        if let Some(tools) = &mut self.tools {
            tools.retry(listener);
        }
        self.observe();
        self.pause()
    }

    /// Hands on what has just been refused.
    fn observe(&mut self) {
        for refused in self.tools.iter_mut().flat_map(|tools| tools.refused.drain(..)) {
            let Refused { act, path, why, detail } = refused;
            self.observer.refused(act, &path, why, &detail);
        }
    }

    fn pause(&self) -> Option<Duration> {
        self.tools.as_ref().filter(|tools| !tools.waiting.is_empty()).map(|_| RETRY)
    }

    /// The run is over: puts in place what is still staged, removes its System V objects, and tells
    /// what was refused.
    pub fn finish(&mut self) -> (Vec<observe::Observation>, u64) {
        if let Some(tools) = &mut self.tools {
            tools.publish();
            tools.objects.remove_all();
            for staged in tools.staged.drain(..) {
                let (path, why) = (staged.path(), Why::Git);
                self.observer.refused("point", &path, why, "it leads to no guarded repository");
            }
        }
        self.observer.all()
    }
}

impl Tools {
    fn new(mut bounds: Bounds, grants: Option<&Grants>, reach: Reach) -> Result<Self> {
        standins::find(&mut bounds);
        let mut pins = Pins::default();
        for (real, _) in &bounds.standins {
            pins.add(real, &bounds.zone);
        }
        // Every caller that is remembered keeps two descriptors, every call that waits one.
        let share = usize::try_from(limits::raise_open_files() / 8).unwrap_or(usize::MAX);
        let resolver = Resolver::new(share.clamp(1, MOST_CALLERS))?;
        let zone = std::fs::File::open(&bounds.zone).ok().map(OwnedFd::from);
        // The mask can only be asked for by setting it; nothing is made in between.
        let mask = at::umask(0o077);
        at::umask(mask);
        let sockets = grants.map(|grants| Sockets::new(grants, &bounds, &resolver));
        Ok(Self {
            bounds,
            zone,
            resolver,
            mask,
            twins: None,
            born: HashSet::new(),
            staged: Vec::new(),
            pins,
            waiting: Vec::new(),
            room: share.clamp(1, MOST_WAITING),
            sockets,
            reach,
            objects: ipc::Objects::default(),
            refused: Vec::new(),
            attempts: Vec::new(),
            asked: 0,
        })
    }

    fn carry_out(&mut self, call: &Notification, listener: BorrowedFd<'_>) -> Result<Reply> {
        let thread = call.thread;
        if let Some(asked) = loopback::decode(&self.reach, call.call, &call.args) {
            let valid = || match notify::is_valid(listener, call.id) {
                true => Ok(()),
                false => Err(Errno::NOT_FOUND),
            };
            return self.carry_out_loopback(thread, asked, &valid);
        }
        let request = decode::decode(call.call, &call.args);
        // Without sockets and objects of its own a run asks for them in vain.
        let own = self.sockets.is_some();
        let request = request.filter(|request| own || !matches!(request, Request::Local(_)));
        let Some(request) = request else {
            let told = told::of(call.call, &call.args);
            return Err(told.map_or(Errno::NO_SUCH_CALL, |told| self.refuse(thread, told)));
        };
        let valid = || {
            if notify::is_valid(listener, call.id) { Ok(()) } else { Err(Errno::NOT_FOUND) }
        };
        match request {
            // What is hidden is never let go on: whoever reads it is answered below.
            Request::Open { at, flags, .. }
                if !open::changes(flags) && self.bounds.hidden.is_empty() =>
            {
                Ok(self.look(thread, at, flags, &valid))
            }
            Request::Open { at, flags, mode } => self.open(thread, at, (flags, mode), &valid),
            Request::Open2 { at, how, size } => self.open2(thread, at, (how, size), &valid),
            Request::Remove { at, flags } => self.remove(thread, at, flags, &valid),
            Request::Rename { from, to, flags } => self.rename(thread, (from, to), flags, &valid),
            Request::Link { from, to, flags } => self.link(thread, (from, to), flags, &valid),
            Request::Symlink { text, at } => self.symlink(thread, text, at, &valid),
            Request::MakeDirectory { at, mode } => self.make_directory(thread, at, mode, &valid),
            Request::MakeNode { at, mode, device } => {
                self.make_node(thread, at, (mode, device), &valid)
            }
            Request::Alter { target, change } => self.alter(thread, target, change, &valid),
            Request::Watch { watcher, at, mask } => self.watch(thread, watcher, (at, mask), &valid),
            Request::Umask => {
                self.resolver.callers.sets_mask(thread);
                Ok(Reply::Continue)
            }
            Request::Schedule(of) => {
                let told = told::of(call.call, &call.args).ok_or(Errno::NO_SUCH_CALL)?;
                self.schedule(thread, of, told)
            }
            Request::Local(request) => self.carry_out_local(thread, request, &valid),
        }
    }

    fn carry_out_local(&mut self, thread: i32, asked: Local, valid: Valid<'_>) -> Result<Reply> {
        let done = match asked {
            Local::Socket(kind, protocol) => self.socket(kind, protocol),
            Local::Bind(number, name) => self.bind(thread, number, name, valid),
            Local::Connect(number, name) => self.connect(thread, number, name, valid),
            Local::Get(family, key, size, flags) => self.get_object(family, key, (size, flags)),
            Local::Use(family, id) => self.use_object(family, id),
            Local::Control(family, id, command) => self.control_object(family, id, command),
        };
        // These do something before they may run out of descriptors: they are not tried twice.
        done.map_err(|errno| if errno == Errno::TOO_MANY { Errno::NO_ROOM } else { errno })
    }

    fn reply(&mut self, listener: BorrowedFd<'_>, id: u64, reply: Result<Reply>) {
        // That the caller is gone meanwhile is its own affair.
        match reply {
            Ok(Reply::Value(value)) => drop(notify::answer(listener, id, Answer::Value(value))),
            Ok(Reply::Continue) => drop(notify::answer(listener, id, Answer::Continue)),
            Ok(Reply::Later(waiting)) => self.wait(listener, id, waiting),
            Err(errno) => drop(notify::answer(listener, id, Answer::Fails(errno.0))),
            Ok(Reply::File(file, on_exec)) => {
                if let Err(error) = notify::hand_in(listener, id, file.as_fd(), on_exec) {
                    let errno = Errno::from(error).0;
                    drop(notify::answer(listener, id, Answer::Fails(errno)));
                }
            }
            Ok(Reply::InPlace(file, number, on_exec)) => {
                let put = notify::put_in_place(listener, id, file.as_fd(), number, on_exec);
                let answer = match put {
                    Ok(()) => Answer::Value(0),
                    Err(error) => Answer::Fails(Errno::from(error).0),
                };
                drop(notify::answer(listener, id, answer));
            }
        }
    }

    /// Tries again what waits for a partner; forgets whom nobody waits for any more.
    fn retry(&mut self, listener: BorrowedFd<'_>) {
        for (id, waiting) in std::mem::take(&mut self.waiting) {
            if notify::is_valid(listener, id) {
                let reply = match waiting {
                    Later::Open(waiting) => self.open_waiting(waiting),
                    Later::Connect(connecting) => self.connect_again(connecting),
                };
                self.reply(listener, id, reply);
            }
        }
    }

    /// Asks for a ruling; a refusal is kept for the observer and becomes the errno of the call.
    fn judge(&mut self, path: &[u8], operation: Operation<'_>, age: Age) -> Result<Ruling> {
        self.standing(path);
        self.tries(act(operation), path);
        self.notice_repository(path, operation)?;
        self.is_no_way_of_git(path, operation)?;
        if let Operation::Create(Kind::Link(text)) = operation {
            self.leads_well(path, text)?;
        }
        match self.bounds.judge(path, operation, age) {
            Ruling::Refused(why) => {
                if why != Why::Outside || wall::may_alter(path) {
                    self.note(act(operation), path, why, "");
                }
                Err(Errno::NOT_PERMITTED)
            }
            ruling => Ok(ruling),
        }
    }

    /// Where a path stands. What seems to lie outside may be inside all the same, if the workspace
    /// was renamed: then the bounds follow.
    fn standing(&mut self, path: &[u8]) -> Standing {
        match self.bounds.standing(path) {
            Standing::Outside => {
                self.follow_zone();
                self.bounds.standing(path)
            }
            other => other,
        }
    }

    fn note(&mut self, act: &'static str, path: &[u8], why: Why, detail: &str) {
        let detail = detail.to_owned();
        self.refused.push(Refused { act, path: path.to_vec(), why, detail });
    }

    /// Takes the mask of the caller on, so that the kernel makes files as it would for him.
    fn as_masked_by(&mut self, thread: i32) -> Result<()> {
        let (_, mask) = self.resolver.callers.status(thread)?;
        self.mask(mask);
        Ok(())
    }

    fn mask(&mut self, mask: u32) {
        if mask != self.mask {
            at::umask(mask);
            self.mask = mask;
        }
    }

    /// Another run may rename the workspace: what counts is where it is now.
    fn follow_zone(&mut self) {
        if let Some(path) = self.zone.as_ref().and_then(|fd| self.resolver.real(fd.as_fd()).ok())
            && path != self.bounds.zone.as_os_str().as_encoded_bytes()
        {
            use std::os::unix::ffi::OsStringExt;
            let zone = std::ffi::OsString::from_vec(path).into();
            let before = std::mem::replace(&mut self.bounds.zone, zone);
            let zone = &self.bounds.zone;
            let moved = |place: &mut PathBuf| {
                if let Ok(rest) = place.strip_prefix(&before) {
                    *place = zone.join(rest);
                }
            };
            self.bounds.behind.iter_mut().for_each(moved);
            for (real, stands) in &mut self.bounds.standins {
                moved(real);
                moved(stands);
            }
        }
    }
}

/// One word for an operation.
const fn act(operation: Operation<'_>) -> &'static str {
    match operation {
        Operation::Write => "write",
        Operation::Create(_) => "create",
        Operation::Remove => "delete",
        Operation::MoveAway | Operation::MoveHere(_) => "rename",
        Operation::LinkAway | Operation::LinkHere => "link",
        Operation::Metadata => "chmod",
    }
}

/// Whether the caller still waits: what was read of its memory counts only then.
type Valid<'v> = &'v dyn Fn() -> Result<()>;

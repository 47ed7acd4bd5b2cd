//! Signals as events: blocked, then read from a descriptor (signalfd(2)), and put back for the command.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal, sigaction};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// The signals that are received as events while a command runs.
const WATCHED: [Signal; 11] = [
    Signal::SIGCHLD,
    Signal::SIGTERM,
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
    Signal::SIGCONT,
    Signal::SIGTSTP,
    Signal::SIGTTIN,
    Signal::SIGTTOU,
];

/// One signal that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Its number.
    pub signal: i32,
    /// Whether a process sent it, rather than the kernel on behalf of the terminal.
    pub sender: Sender,
}

/// Who sent a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The kernel: a key of the terminal, a child's change.
    Kernel,
    /// A process by kill(2) or sigqueue(3).
    Process,
}

/// The real-time signal a guardian gets when its front dies.
#[must_use]
pub fn parent_death() -> i32 {
    libc::SIGRTMIN() + 1
}

/// The real-time signal that tells a guardian to end everything at once.
#[must_use]
pub fn end_everything() -> i32 {
    libc::SIGRTMIN() + 2
}

/// The number of SIGKILL.
pub const KILL: i32 = libc::SIGKILL;
/// The number of SIGTERM.
pub const TERMINATE: i32 = libc::SIGTERM;
/// The number of SIGHUP.
pub const HANG_UP: i32 = libc::SIGHUP;
/// What Ctrl-C sends.
pub const INTERRUPT: i32 = libc::SIGINT;
/// The number of SIGCONT.
pub const CONTINUE: i32 = libc::SIGCONT;
/// The number of SIGCHLD.
pub const CHILD: i32 = libc::SIGCHLD;
/// The number of SIGXFSZ.
pub const FILE_TOO_LONG: i32 = libc::SIGXFSZ;
/// SIGXCPU.
pub const OUT_OF_TIME: i32 = libc::SIGXCPU;
/// The number of SIGSTOP.
pub const STOP: i32 = libc::SIGSTOP;

/// Signals blocked in this process and read as events. The mask found before is kept for the command.
#[derive(Debug)]
pub struct Watch {
    descriptor: OwnedFd,
    before: SigSet,
    /// What SIGCHLD and SIGXFSZ did before.
    dispositions: [(Signal, SigAction); 2],
}

impl Watch {
    /// Blocks the watched signals and opens a descriptor for them.
    ///
    /// SIGCHLD is set to its default: ignored, as some callers leave it, the kernel would reap
    /// children itself and tell nobody. SIGXFSZ is ignored, so that a limit on file sizes is an
    /// error of the journal and not the end of its writer.
    ///
    /// # Errors
    /// `EMFILE` at the descriptor limit.
    pub fn start() -> io::Result<Self> {
        let mut before = SigSet::empty();
        let watched = watched_set()?;
        nix::sys::signal::sigprocmask(SigmaskHow::SIG_BLOCK, Some(&watched), Some(&mut before))?;
        let dispositions = [
            (Signal::SIGCHLD, dispose(Signal::SIGCHLD, SigHandler::SigDfl)?),
            (Signal::SIGXFSZ, dispose(Signal::SIGXFSZ, SigHandler::SigIgn)?),
        ];
        Ok(Self { descriptor: signal_descriptor(&watched)?, before, dispositions })
    }

    /// The same watch in a forked child: pending signals belong to a process, so it needs a descriptor of its own.
    ///
    /// # Errors
    /// `EMFILE` at the descriptor limit.
    pub fn renew(self) -> io::Result<Self> {
        Ok(Self { descriptor: signal_descriptor(&watched_set()?)?, ..self })
    }

    /// Puts mask and dispositions back to what a freshly started program expects: the mask found
    /// at start, and SIGPIPE at its default, which the Rust runtime had set to be ignored.
    ///
    /// # Errors
    /// None that can be expected.
    pub fn restore(&self) -> io::Result<()> {
        dispose(Signal::SIGPIPE, SigHandler::SigDfl)?;
        for (signal, before) in &self.dispositions {
            dispose(*signal, before.handler())?;
        }
        nix::sys::signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&self.before), None)?;
        Ok(())
    }

    /// The next signal that is pending; `None` when there is none.
    ///
    /// # Errors
    /// A failed read of the descriptor.
    pub fn next(&self) -> io::Result<Option<Arrival>> {
        let mut info = [0_u8; size_of::<libc::signalfd_siginfo>()];
        match nix::unistd::read(&self.descriptor, &mut info) {
            Ok(length) if length == info.len() => Ok(Some(arrival(&info))),
            Ok(_) => Err(io::Error::other("a short read from signalfd")),
            Err(nix::errno::Errno::EAGAIN | nix::errno::Errno::EINTR) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Waits until a signal is pending, `other` is readable or closed, or `limit` has passed. A
    /// signal comes first.
    ///
    /// # Errors
    /// A failed poll(2).
    pub fn wait(
        &self,
        other: Option<BorrowedFd<'_>>,
        limit: Option<Duration>,
    ) -> io::Result<Ready> {
        let timeout = match limit {
            // Rounded up, so that a wait never ends just before its time.
            Some(time) => {
                PollTimeout::try_from(time + Duration::from_millis(1)).unwrap_or(PollTimeout::MAX)
            }
            None => PollTimeout::NONE,
        };
        let own = PollFd::new(self.descriptor.as_fd(), PollFlags::POLLIN);
        let mut polled = [own.clone(), own];
        let mut count = 1;
        if let Some(fd) = other {
            polled[1] = PollFd::new(fd, PollFlags::POLLIN);
            count = 2;
        }
        let polled = polled.get_mut(..count).unwrap_or_default();
        match poll(polled, timeout) {
            Ok(0) => Ok(Ready::TimeUp),
            Ok(_) => {
                let seen = |at: usize| polled.get(at).and_then(PollFd::revents);
                let is_readable = |events: Option<PollFlags>| {
                    events.is_some_and(|e| e.contains(PollFlags::POLLIN))
                };
                Ok(match (seen(0), seen(1)) {
                    (signal, _) if is_readable(signal) => Ready::Signal,
                    (_, other) if is_readable(other) => Ready::Other,
                    _ => Ready::Closed,
                })
            }
            Err(nix::errno::Errno::EINTR) => Ok(Ready::Signal),
            Err(errno) => Err(errno.into()),
        }
    }
}

/// What ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// A signal may be pending.
    Signal,
    /// The other descriptor has something to say.
    Other,
    /// Nobody is left who could make the other descriptor say something.
    Closed,
    /// Nothing happened in time.
    TimeUp,
}

/// Stops this process as `signal` would by default, so that the shell that waits for it sees it stopped.
///
/// # Errors
/// None that can be expected.
pub fn stop_self(signal: i32) -> io::Result<()> {
    let signal = Signal::try_from(signal).unwrap_or(Signal::SIGSTOP);
    nix::sys::signal::raise(signal)?;
    let mut only = SigSet::empty();
    only.add(signal);
    // The watched stop signals are blocked: open the door for the one that was just raised.
    nix::sys::signal::sigprocmask(SigmaskHow::SIG_UNBLOCK, Some(&only), None)?;
    nix::sys::signal::sigprocmask(SigmaskHow::SIG_BLOCK, Some(&only), None)?;
    Ok(())
}

/// Sets the disposition of a signal to its default or to be ignored; the one before.
fn dispose(signal: Signal, handler: SigHandler) -> io::Result<SigAction> {
    let action = SigAction::new(handler, SaFlags::empty(), SigSet::empty());
    // SAFETY: no caller passes a handler of its own; a disposition found at start is default or
    // ignored, since execve resets handlers. So nothing of ours can be re-entered.
    Ok(unsafe { sigaction(signal, &action) }?)
}

fn watched_set() -> io::Result<SigSet> {
    let mut raw = *WATCHED.into_iter().collect::<SigSet>().as_ref();
    for number in [parent_death(), end_everything()] {
        // SAFETY: `raw` is an initialised signal set that lives on this stack.
        let result = unsafe { libc::sigaddset(&raw mut raw, number) };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    // SAFETY: `raw` was initialised by nix and changed by sigaddset only.
    Ok(unsafe { SigSet::from_sigset_t_unchecked(raw) })
}

fn signal_descriptor(watched: &SigSet) -> io::Result<OwnedFd> {
    let watch = SignalFd::with_flags(watched, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    watch.as_fd().try_clone_to_owned()
}

/// Reads the two fields that matter out of a `signalfd_siginfo`: `ssi_signo` and `ssi_code`.
fn arrival(info: &[u8]) -> Arrival {
    let word = |at: usize| {
        info.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_ne_bytes)
    };
    let signal = word(std::mem::offset_of!(libc::signalfd_siginfo, ssi_signo));
    let code = word(std::mem::offset_of!(libc::signalfd_siginfo, ssi_code));
    // SI_USER is 0 and SI_QUEUE, SI_TKILL are negative; the kernel's own codes are positive.
    Arrival { signal, sender: if code > 0 { Sender::Kernel } else { Sender::Process } }
}

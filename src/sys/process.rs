//! Processes: fork, exec, wait, groups, parent-death signals, and finding what is left of a tree.

use nix::sys::wait::{Id, WaitPidFlag};
use nix::unistd::{ForkResult, Pid};
use std::ffi::CStr;
use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::time::Duration;

/// Which side of a fork this is.
#[derive(Debug)]
pub enum Fork {
    /// The new process, which has one thread only.
    Child(Alone),
    /// The old process, with the pid of the new one.
    Parent(i32),
}

/// Proof that this process has a single thread. Nothing in this program starts threads but tests,
/// so it stays true while it is held.
#[derive(Debug)]
pub struct Alone(());

impl Alone {
    /// What a child of a fork of this room has: its only thread is the one that forked.
    pub(super) const fn child() -> Self {
        Self(())
    }

    /// Counts the threads of this process: the link count of /proc/self/task less two (proc(5)).
    ///
    /// # Errors
    /// `Other` when there is more than one.
    pub fn prove() -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        match std::fs::metadata("/proc/self/task")?.nlink().saturating_sub(2) {
            1 => Ok(Self(())),
            _ => Err(io::Error::other("this process has more than one thread")),
        }
    }
}

/// Splits this process in two (fork(2)). The proof is needed because a child of many threads may
/// not allocate.
///
/// # Errors
/// `EAGAIN` at a process limit, `ENOMEM`.
pub fn fork(_: &Alone) -> io::Result<Fork> {
    // SAFETY: this process has a single thread (proven), so no lock can be held by a
    // thread that does not exist in the child, and the child may do all that the parent may.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Child => Ok(Fork::Child(Alone::child())),
        ForkResult::Parent { child } => Ok(Fork::Parent(child.as_raw())),
    }
}

/// How much stack [`start`] gives its child: the calls between clone and execve need little.
const STACK: usize = 64 * 1024;

/// Starts a process that shares this one's memory and descriptors, and waits until it has become
/// another program or has ended (clone(2), `CLONE_VM | CLONE_VFORK | CLONE_FILES`). What `child`
/// returns is its exit status; it is meant to return only when execve failed.
///
/// Half the price of [`fork`]: no page table is copied, none is thrown away again by execve, and
/// nothing is copied on write. What the child writes to memory, the caller sees; a descriptor the
/// child opens is the caller's as well, until execve gives the child a table of its own.
///
/// The child must not allocate: killed while it holds the heap's lock, it would leave it held.
///
/// # Errors
/// `EAGAIN` at a process limit, `ENOMEM`. The proof is needed because other threads would run on,
/// on the same memory.
pub fn start<F: FnMut() -> i32>(_: &Alone, mut child: F) -> io::Result<i32> {
    let mut stack: Box<[MaybeUninit<u8>]> = Box::new_uninit_slice(STACK);
    let end = stack.as_mut_ptr_range().end;
    // It grows down, and starts aligned as the ABIs ask.
    let top = end.map_addr(|address| address & !15).cast();
    let flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::CLONE_FILES | libc::SIGCHLD;
    // SAFETY: the caller is suspended until the child has left this memory, so the two never run
    // at once; `child` and `stack` outlive that, and `enter` is given the very `F` it expects.
    let pid = unsafe { libc::clone(enter::<F>, top, flags, (&raw mut child).cast()) };
    if pid < 0 { Err(io::Error::last_os_error()) } else { Ok(pid) }
}

extern "C" fn enter<F: FnMut() -> i32>(child: *mut libc::c_void) -> libc::c_int {
    // SAFETY: `start` passes a pointer to a live `F` that nothing else uses meanwhile.
    let child = unsafe { &mut *child.cast::<F>() };
    child()
}

/// A program to become, laid out as execve(2) takes it, so that nothing is allocated by becoming it.
#[derive(Debug)]
pub struct Program<'t> {
    path: &'t CStr,
    argv: Vec<*const libc::c_char>,
    env: Vec<*const libc::c_char>,
    texts: PhantomData<&'t CStr>,
}

impl<'t> Program<'t> {
    /// Lays it out.
    #[must_use]
    pub fn new(path: &'t CStr, argv: &[&'t CStr], env: &[&'t CStr]) -> Self {
        let array = |texts: &[&CStr]| {
            texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
        };
        Self { path, argv: array(argv), env: array(env), texts: PhantomData }
    }

    /// Becomes it; returns only on failure (execve(2)).
    #[must_use]
    pub fn exec(&self) -> io::Error {
        // SAFETY: the path and all texts end with NUL and are borrowed for as long as `self`
        // lives, both arrays end with a null pointer.
        unsafe { libc::execve(self.path.as_ptr(), self.argv.as_ptr(), self.env.as_ptr()) };
        io::Error::last_os_error()
    }
}

/// Goes to a directory, without allocating (chdir(2)).
///
/// # Errors
/// `ENOENT` when it is gone, `EACCES`.
pub fn enter_directory(path: &CStr) -> io::Result<()> {
    Ok(nix::unistd::chdir(path)?)
}

/// The errno of an executable file in no known format.
pub const NO_EXEC_FORMAT: i32 = libc::ENOEXEC;

/// Ends this process at once: no destructors, no buffers flushed (_exit(2)).
pub fn exit_now(status: i32) -> ! {
    // SAFETY: _exit ends the process and touches no memory of ours.
    unsafe { libc::_exit(status) }
}

/// Orphans of this process's descendants become its children (PR_SET_CHILD_SUBREAPER).
///
/// # Errors
/// The kernel's refusal.
pub fn adopt_orphans() -> io::Result<()> {
    Ok(nix::sys::prctl::set_child_subreaper(true)?)
}

/// This process gets `signal` when its parent ends; fails when `parent` is gone already.
///
/// # Errors
/// The kernel's refusal, or `Other` when the parent was lost before the request was in place.
pub fn die_with_parent(parent: i32, signal: i32) -> io::Result<()> {
    hear_of_parents_end(signal)?;
    if parent_pid() == parent { Ok(()) } else { Err(io::Error::other("the parent is gone")) }
}

/// This process gets `signal` when its parent ends, if it has not ended yet.
///
/// # Errors
/// The kernel's refusal.
pub fn hear_of_parents_end(signal: i32) -> io::Result<()> {
    let number = libc::c_ulong::try_from(signal).map_err(io::Error::other)?;
    // SAFETY: PR_SET_PDEATHSIG takes one integer and touches no memory of ours. (nix's wrapper
    // knows no real-time signals.)
    let result = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, number) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Neither this process nor a descendant gains rights by execve (PR_SET_NO_NEW_PRIVS).
///
/// # Errors
/// The kernel's refusal.
pub fn no_new_privileges() -> io::Result<()> {
    Ok(nix::sys::prctl::set_no_new_privs()?)
}

/// This process's id.
#[must_use]
pub fn own_pid() -> i32 {
    Pid::this().as_raw()
}

/// The id of the parent; changes when the parent ends.
#[must_use]
pub fn parent_pid() -> i32 {
    Pid::parent().as_raw()
}

/// The process group this process is in.
#[must_use]
pub fn own_group() -> i32 {
    nix::unistd::getpgrp().as_raw()
}

/// Whether this process leads its session (getsid(2)).
#[must_use]
pub fn leads_session() -> bool {
    nix::unistd::getsid(None) == Ok(Pid::this())
}

/// Moves this process into group `group`, or into a new one of its own when `group` is 0 (setpgid(2)).
///
/// # Errors
/// `EPERM` when the group is of another session.
pub fn join_group(group: i32) -> io::Result<()> {
    Ok(nix::unistd::setpgid(Pid::from_raw(0), Pid::from_raw(group))?)
}

/// Sends a signal to one thread, as the kernel does for what the thread itself did (tgkill(2)).
///
/// # Errors
/// `ESRCH` when it is gone.
pub fn signal_thread(group: i32, thread: i32, signal: i32) -> io::Result<()> {
    // SAFETY: the call takes three integers and touches no memory.
    let result = unsafe { libc::syscall(libc::SYS_tgkill, group, thread, signal) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Sends a signal (kill(2)).
///
/// # Errors
/// `ESRCH` when the process is gone.
pub fn signal(pid: i32, signal: i32) -> io::Result<()> {
    // SAFETY: kill takes two integers and touches no memory of ours. (nix's wrapper knows no
    // real-time signals.)
    let result = unsafe { libc::kill(pid, signal) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// `F_SETSIG` of asm-generic/fcntl.h, which the libc crate does not have.
const F_SETSIG: libc::c_int = 10;

/// As a target of [`signal`]: every process this one may signal, but itself.
pub const EVERYBODY: i32 = -1;

/// Asks the kernel for `number` whenever something can be read from `pipe`, or its writers are
/// gone (fcntl(2), F_SETOWN, F_SETSIG, O_ASYNC).
///
/// # Errors
/// The kernel's refusal.
pub fn signal_on_input(pipe: &OwnedFd, number: i32) -> io::Result<()> {
    let fd = pipe.as_fd().as_raw_fd();
    for (command, argument) in
        [(libc::F_SETOWN, own_pid()), (F_SETSIG, number), (libc::F_SETFL, libc::O_ASYNC)]
    {
        // SAFETY: these commands take an integer and touch no memory of ours; `fd` is borrowed.
        if unsafe { libc::fcntl(fd, command, argument) } < 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// What became of a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It ended by itself with this status.
    Exited(i32),
    /// A signal of this number ended it.
    Killed(i32),
    /// A signal of this number stopped it.
    Stopped(i32),
    /// It goes on after a stop.
    Continued,
}

/// The next change of any child, without waiting; `None` when nothing changed (waitpid(2)).
///
/// # Errors
/// `ECHILD` when there is no child left.
pub fn reap() -> io::Result<Option<(i32, Change)>> {
    let mut status = 0;
    let flags = libc::WNOHANG | libc::WUNTRACED | libc::WCONTINUED;
    // SAFETY: `status` lives on this stack. (nix's wrapper loses a child that a real-time signal
    // ended: it has no name for it.)
    let pid = unsafe { libc::waitpid(-1, &raw mut status, flags) };
    match pid {
        0 => Ok(None),
        -1 => Err(io::Error::last_os_error()),
        pid => Ok(Some((pid, Change::of(status)))),
    }
}

impl Change {
    /// Reads the status word of waitpid(2).
    const fn of(status: i32) -> Self {
        if libc::WIFEXITED(status) {
            Self::Exited(libc::WEXITSTATUS(status))
        } else if libc::WIFSIGNALED(status) {
            Self::Killed(libc::WTERMSIG(status))
        } else if libc::WIFSTOPPED(status) {
            Self::Stopped(libc::WSTOPSIG(status))
        } else {
            Self::Continued
        }
    }
}

/// The children of this process's only thread, orphans it adopted included (proc(5), `children`).
///
/// # Errors
/// `NotFound` when /proc is not mounted or the kernel has no `CONFIG_PROC_CHILDREN`.
pub fn children() -> io::Result<Vec<i32>> {
    if !has_child() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string("/proc/thread-self/children")?;
    Ok(text.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect())
}

/// Waits for the end of one child (waitpid(2)).
///
/// # Errors
/// `ECHILD` when it is none, or was waited for already.
pub fn wait_for(child: i32) -> io::Result<()> {
    loop {
        match nix::sys::wait::waitpid(Pid::from_raw(child), None) {
            Err(nix::errno::Errno::EINTR) => {}
            Err(errno) => return Err(errno.into()),
            Ok(_) => return Ok(()),
        }
    }
}

/// Whether there is a child at all, ended ones included: much cheaper than listing them (waitid(2)).
fn has_child() -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    nix::sys::wait::waitid(Id::All, flags) != Err(nix::errno::Errno::ECHILD)
}

/// What the children that were waited for have used, in sum (getrusage(2)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time, user and system.
    pub cpu: Duration,
    /// The largest resident set of any of them, in KiB.
    pub peak_kib: u64,
}

/// The usage of all children reaped so far.
///
/// # Errors
/// None that can be expected.
pub fn children_usage() -> io::Result<Usage> {
    use nix::sys::time::TimeValLike;
    let usage = nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Usage {
        cpu: Duration::from_micros(u64::try_from(micros).unwrap_or(0)),
        peak_kib: u64::try_from(usage.max_rss()).unwrap_or(0),
    })
}

/// A pipe whose ends do not survive execve.
///
/// # Errors
/// `EMFILE` at the descriptor limit.
pub fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(nix::unistd::pipe2(nix::fcntl::OFlag::O_CLOEXEC)?)
}

/// Puts descriptors in the place of standard output and error (dup2(2)).
///
/// # Errors
/// None that can be expected.
pub fn replace_output_and_error(output: &OwnedFd, error: &OwnedFd) -> io::Result<()> {
    nix::unistd::dup2_stdout(output)?;
    Ok(nix::unistd::dup2_stderr(error)?)
}

/// Waits for the end of one child; its status, if it ended by itself.
#[must_use]
pub fn status_of_child(child: i32) -> Option<i32> {
    use nix::sys::wait::{WaitStatus, waitpid};
    loop {
        match waitpid(Pid::from_raw(child), None) {
            Ok(WaitStatus::Exited(_, status)) => return Some(status),
            Err(nix::errno::Errno::EINTR) => {}
            _ => return None,
        }
    }
}

/// Writes to a pipe, once; how much (write(2)).
///
/// # Errors
/// `EPIPE` when nobody reads any more.
pub fn write(pipe: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
    again(|| nix::unistd::write(pipe, bytes))
}

/// Writes all of it, and waits where the file does not: whoever shares it may have set it so.
///
/// # Errors
/// Of write(2); a part may be written then.
pub fn write_all(file: &OwnedFd, mut bytes: &[u8]) -> io::Result<()> {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    while !bytes.is_empty() {
        match write(file, bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                let mut polled = [PollFd::new(file.as_fd(), PollFlags::POLLOUT)];
                again(|| poll(&mut polled, PollTimeout::NONE))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads from a pipe, once; how much, 0 when its writers are gone (read(2)).
///
/// # Errors
/// None that can be expected.
pub fn read(pipe: &OwnedFd, bytes: &mut [u8]) -> io::Result<usize> {
    again(|| nix::unistd::read(pipe, bytes))
}

/// Whether somebody still reads from a pipe (poll(2), `POLLERR` of a writing end).
#[must_use]
pub fn has_reader(pipe: &OwnedFd) -> bool {
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    let mut polled = [PollFd::new(pipe.as_fd(), PollFlags::empty())];
    let gone =
        |polled: &PollFd<'_>| polled.revents().is_none_or(|e| e.contains(PollFlags::POLLERR));
    poll(&mut polled, PollTimeout::ZERO).is_ok() && !polled.iter().any(gone)
}

/// Tries again what a signal interrupted.
fn again<T>(mut call: impl FnMut() -> nix::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(nix::errno::Errno::EINTR) => {}
            result => return Ok(result?),
        }
    }
}

/// Marks every descriptor from 3 up to close at execve (close_range(2)).
///
/// # Errors
/// `ENOSYS` before Linux 5.9: nothing must be run then, inherited descriptors would leak.
pub fn close_on_exec_from_three() -> io::Result<()> {
    // SAFETY: close_range with CLOEXEC changes flags only; no descriptor of ours is closed before
    // an execve succeeds, after which nothing of this process remains.
    let result =
        unsafe { libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// /dev/null, to put in the place of a standard stream.
#[derive(Debug)]
pub struct Null(File);

impl Null {
    /// Opens it.
    ///
    /// # Errors
    /// When there is no /dev/null.
    pub fn open() -> io::Result<Self> {
        Ok(Self(File::options().read(true).write(true).open("/dev/null")?))
    }

    /// Puts it in the place of standard input and output, so that pipes are closed when the
    /// command closes them.
    ///
    /// # Errors
    /// None that can be expected.
    pub fn replace_input_and_output(&self) -> io::Result<()> {
        nix::unistd::dup2_stdin(self.0.as_fd())?;
        Ok(nix::unistd::dup2_stdout(self.0.as_fd())?)
    }

    /// Puts it in the place of standard error.
    ///
    /// # Errors
    /// None that can be expected.
    pub fn replace_error(&self) -> io::Result<()> {
        Ok(nix::unistd::dup2_stderr(self.0.as_fd())?)
    }
}

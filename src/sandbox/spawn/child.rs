//! What happens in the child between clone and exec: every layer put on, outermost last, then the program.
//!
//! The child shares the guardian's memory and must not allocate (see [`process::start`]): all that
//! can be made before is made before.

use super::{Ready, Stage};
use crate::sandbox::ruleset::Prepared;
use crate::sys::process::{self, Program};
use crate::sys::seccomp::Instruction;
use crate::sys::{limits, notify, seccomp, signals};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::OwnedFd;

/// What the child needs of its guardian.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ties {
    /// The guardian's pid.
    pub(super) guardian: i32,
    /// The process group of the front, which holds the terminal; `None` for a child that is born
    /// into it, where it has no number.
    pub(super) group: Option<i32>,
}

/// Everything the child puts on, ready to be used by system calls.
pub(super) struct Outfit<'r> {
    ties: Ties,
    watch: &'r signals::Watch,
    cwd: &'r CStr,
    limits: &'r [(limits::Limit, u64)],
    /// The way into the run's control group.
    entrance: Option<&'r OwnedFd>,
    inner: Option<&'r Prepared>,
    filter: &'r mut [Instruction],
    /// Whether the filter holds calls for the guardian to answer.
    attended: bool,
    /// Where the guardian hears of them, once the filter is in place.
    pub(super) listener: Option<OwnedFd>,
    program: Program<'r>,
    /// The same given to the shell, should it be in no known format.
    script: Program<'r>,
}

/// The shell that takes what execve does not.
const SHELL: &CStr = c"/bin/sh";

impl<'r> Outfit<'r> {
    /// Lays everything out.
    pub(super) fn new(ready: &'r mut Ready, ties: Ties, watch: &'r signals::Watch) -> Self {
        let texts =
            |of: &'r [CString]| -> Vec<&'r CStr> { of.iter().map(CString::as_c_str).collect() };
        let (argv, environment) = (texts(&ready.argv), texts(&ready.environment));
        let mut script = vec![SHELL, ready.program.as_c_str()];
        script.extend(argv.get(1..).unwrap_or_default());
        Self {
            ties,
            watch,
            cwd: &ready.cwd,
            limits: &ready.limits,
            entrance: ready.doors.as_ref().map(|doors| &doors.enter),
            inner: ready.inner.as_ref(),
            attended: ready.attendant.is_some(),
            listener: None,
            filter: &mut ready.filter,
            program: Program::new(&ready.program, &argv, &environment),
            script: Program::new(SHELL, &script, &environment),
        }
    }

    /// Puts on every layer and becomes the program. Returns only when a step failed.
    pub(super) fn become_command(&mut self) -> (Stage, io::Error) {
        match self.confine() {
            Ok(()) => (Stage::Exec, self.exec()),
            Err(failed) => failed,
        }
    }

    /// The order matters: the filter comes late since it would refuse some of the rest. Signals
    /// come last: one that stops the child here would stop it while the guardian waits for its
    /// exec. The guardian has dropped capabilities, forbidden new privileges and entered the
    /// policy's Landlock domain already.
    fn confine(&mut self) -> Result<(), (Stage, io::Error)> {
        let at = |stage: Stage| move |error: io::Error| (stage, error);
        process::die_with_parent(self.ties.guardian, signals::KILL).map_err(at(Stage::Lifeline))?;
        if let Some(group) = self.ties.group {
            process::join_group(group).map_err(at(Stage::Group))?;
        }
        if let Some(entrance) = self.entrance {
            process::write(entrance, b"0").map_err(at(Stage::Totals))?;
        }
        process::enter_directory(self.cwd).map_err(at(Stage::Directory))?;
        for (limit, value) in self.limits {
            limits::lower(*limit, *value).map_err(at(Stage::Limits))?;
        }
        process::close_on_exec_from_three().map_err(at(Stage::Descriptors))?;
        if let Some(inner) = self.inner {
            inner.apply().map_err(at(Stage::Landlock))?;
        }
        if self.attended {
            // The descriptors are the guardian's as well, until exec.
            self.listener = Some(notify::install(self.filter).map_err(at(Stage::Seccomp))?);
        } else if !self.filter.is_empty() {
            seccomp::install(self.filter).map_err(at(Stage::Seccomp))?;
        }
        self.watch.restore().map_err(at(Stage::Signals))
    }

    /// As execvp(3) does, a file that is executable but in no known format is given to the shell.
    fn exec(&self) -> io::Error {
        let error = self.program.exec();
        if error.raw_os_error() == Some(process::NO_EXEC_FORMAT) {
            self.script.exec()
        } else {
            error
        }
    }
}

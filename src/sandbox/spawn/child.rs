//! What happens in the child between fork and exec: every layer put on, outermost last, then the program.

use super::message::{self, Failure};
use super::{Ready, Stage};
use crate::sandbox::ruleset;
use crate::sys::{capabilities, limits, process, seccomp, signals};
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::OwnedFd;

/// What the child needs of its guardian.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ties {
    /// The guardian's pid.
    pub(super) guardian: i32,
    /// The process group of the front, which holds the terminal.
    pub(super) group: i32,
}

/// Puts on every layer and becomes the program. Never returns: a failure is written to `errors`.
pub(super) fn become_command(
    ready: Ready,
    ties: Ties,
    watch: &signals::Watch,
    errors: OwnedFd,
) -> ! {
    let (stage, error) = confine_and_exec(ready, ties, watch);
    let failure = Failure { stage, errno: error.raw_os_error().unwrap_or(0) };
    // Nobody is left to tell when the pipe is gone; the status says it in any case.
    drop(message::send_failure(&errors, failure));
    process::exit_now(125)
}

fn confine_and_exec(mut ready: Ready, ties: Ties, watch: &signals::Watch) -> (Stage, io::Error) {
    match confine(&mut ready, ties, watch) {
        Ok(()) => (Stage::Exec, exec(&ready)),
        Err(failed) => failed,
    }
}

/// The order matters: capabilities are needed to drop the bounding set, `no_new_privs` must come
/// before Landlock and seccomp, and the filter comes last since it would refuse some of the rest.
fn confine(
    ready: &mut Ready,
    ties: Ties,
    watch: &signals::Watch,
) -> Result<(), (Stage, io::Error)> {
    let at = |stage: Stage| move |error: io::Error| (stage, error);
    process::die_with_parent(ties.guardian, signals::KILL).map_err(at(Stage::Lifeline))?;
    process::join_group(ties.group).map_err(at(Stage::Group))?;
    watch.restore().map_err(at(Stage::Signals))?;
    std::env::set_current_dir(&ready.cwd).map_err(at(Stage::Directory))?;
    for (limit, value) in &ready.limits {
        limits::lower(*limit, *value).map_err(at(Stage::Limits))?;
    }
    process::close_on_exec_from_three().map_err(at(Stage::Descriptors))?;
    capabilities::drop_all().map_err(at(Stage::Capabilities))?;
    process::no_new_privileges().map_err(at(Stage::NoNewPrivileges))?;
    if let Some(ruleset) = ready.ruleset.take() {
        ruleset::apply(ruleset).map_err(|e| (Stage::Landlock, io::Error::other(e)))?;
    }
    if !ready.filter.is_empty() {
        seccomp::install(&mut ready.filter).map_err(at(Stage::Seccomp))?;
    }
    Ok(())
}

/// As execvp(3) does, a file that is executable but in no known format is given to the shell.
fn exec(ready: &Ready) -> io::Error {
    let argv: Vec<&CStr> = ready.argv.iter().map(CString::as_c_str).collect();
    let environment: Vec<&CStr> = ready.environment.iter().map(CString::as_c_str).collect();
    let error = process::execve(&ready.program, &argv, &environment);
    if error.raw_os_error() != Some(process::NO_EXEC_FORMAT) {
        return error;
    }
    let shell = c"/bin/sh";
    let mut script = vec![shell, ready.program.as_c_str()];
    script.extend(argv.get(1..).unwrap_or_default());
    process::execve(shell, &script, &environment)
}

//! Running one program with a time limit: what it wrote, how it ended, nothing left of it.

use crate::identity::Identity;
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use std::io::{PipeReader, PipeWriter, Read};
use std::os::unix::fs::fchown;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// How long a stream may stay open after the program has ended.
const LINGER: Duration = Duration::from_secs(5);
const POLL: Duration = Duration::from_millis(5);

/// What is left of a program.
#[derive(Debug)]
pub(crate) struct Done {
    /// As a shell says it: 128+n for signal n.
    pub(crate) status: i32,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Runs a command to its end. Its streams are pipes that belong to the identity, as they would be
/// had it made them: `/dev/stdout` can be opened.
pub(crate) fn run(
    command: &mut Command,
    identity: &Identity,
    limit: Duration,
) -> Result<Done, String> {
    let fault = |error: std::io::Error| format!("{command:?}: {error}");
    let (out, out_in) = own_pipe(identity).map_err(fault)?;
    let (err, err_in) = own_pipe(identity).map_err(fault)?;
    command.stdin(Stdio::null()).stdout(out_in).stderr(err_in).process_group(0);
    let child = start(command).map_err(|error| format!("{command:?}: {error}"))?;
    // The command holds the writing ends too, and no end comes before they are closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let (stdout, stderr) = (collect(out), collect(err));
    let ended = wait(child, limit);
    let stdout = received(&stdout, "standard output");
    let stderr = received(&stderr, "standard error");
    match ended {
        Ok(status) => Ok(Done { status: number(status), stdout: stdout?, stderr: stderr? }),
        Err(error) => Err(format!(
            "{error}\n  stdout: {}\n  stderr: {}",
            tail(&stdout.unwrap_or_default()),
            tail(&stderr.unwrap_or_default())
        )),
    }
}

#[expect(clippy::disallowed_methods, reason = "the law is the product's; tests start programs")]
fn start(command: &mut Command) -> std::io::Result<Child> {
    command.spawn()
}

fn own_pipe(identity: &Identity) -> std::io::Result<(PipeReader, PipeWriter)> {
    let (reader, writer) = std::io::pipe()?;
    fchown(&writer, Some(identity.uid), Some(identity.gid))?;
    Ok((reader, writer))
}

fn collect(mut from: PipeReader) -> Receiver<Vec<u8>> {
    let (send, receive) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let whole = from.read_to_end(&mut bytes);
        // Whoever waited may have given up.
        drop(whole.map(|_| send.send(bytes)));
    });
    receive
}

fn received(from: &Receiver<Vec<u8>>, stream: &str) -> Result<Vec<u8>, String> {
    from.recv_timeout(LINGER)
        .map_err(|_| format!("{stream} is still held open after the program's end"))
}

/// Waits until the program ends or its time is up, and ends what is left of its process group.
/// Not yet reaped, it keeps the group's number its own.
fn wait(mut child: Child, limit: Duration) -> Result<ExitStatus, String> {
    let deadline = Instant::now() + limit;
    let group = i32::try_from(child.id()).map(Pid::from_raw).map_err(|e| e.to_string())?;
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    let ended = loop {
        let state = waitid(Id::Pid(group), look).map_err(|error| error.to_string())?;
        if state != WaitStatus::StillAlive || Instant::now() > deadline {
            break state != WaitStatus::StillAlive;
        }
        std::thread::sleep(POLL);
    };
    killpg(group, Signal::SIGKILL).map_err(|error| format!("cannot be ended: {error}"))?;
    let status = child.wait().map_err(|error| error.to_string())?;
    match ended {
        true => Ok(status),
        false => Err(format!("still running after {} s", limit.as_secs())),
    }
}

fn number(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// The end of an output, for a message.
pub(crate) fn tail(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let skipped = text.chars().count().saturating_sub(1500);
    text.chars().skip(skipped).collect::<String>().trim_end().to_owned()
}

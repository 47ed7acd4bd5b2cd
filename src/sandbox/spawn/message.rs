//! What the guardian tells the front over a pipe: small records of fixed size, so that each write is whole.

use super::{SpawnError, Stage};
use crate::model::support::Obstacle;
use crate::sys::process::{self, Change, Usage};
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;

/// A step that failed in the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) stage: Stage,
    /// 0 when the failure was no system call's.
    pub(super) errno: i32,
}

impl Failure {
    pub(super) fn new(stage: Stage, error: &io::Error) -> Self {
        Self { stage, errno: error.raw_os_error().unwrap_or(0) }
    }

    pub(super) fn error(self) -> io::Error {
        match self.errno {
            0 => io::Error::other("the kernel applied less than was asked"),
            errno => io::Error::from_raw_os_error(errno),
        }
    }
}

impl From<Failure> for SpawnError {
    fn from(failure: Failure) -> Self {
        match failure.stage {
            Stage::Isolate(step) => Self::Isolation(Obstacle { step, errno: failure.errno }),
            stage => Self::Stage(stage, failure.error()),
        }
    }
}

/// What the guardian tells the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// The command did not start.
    NotStarted(Failure),
    /// A signal of this number stopped the command.
    Stopped(i32),
    /// The command goes on after a stop.
    Continued,
    /// The command ended and nothing of it is left. So many bytes from the attendant follow.
    Ended { change: Change, usage: Usage, leftover: u32, crowded: bool, told: usize },
}

/// kind, a, b, cpu microseconds, peak KiB, bytes that follow, whether it was crowded.
const NEWS_BYTES: usize = 56;

pub(super) fn send_news(pipe: &OwnedFd, news: News) -> io::Result<()> {
    let (kind, a, b, usage) = match news {
        News::NotStarted(failure) => {
            let stage = Stage::ALL.iter().position(|s| *s == failure.stage).unwrap_or(0);
            (0, i64::try_from(stage).unwrap_or(0), i64::from(failure.errno), Usage::default())
        }
        News::Stopped(signal) => (1, i64::from(signal), 0, Usage::default()),
        News::Continued => (4, 0, 0, Usage::default()),
        News::Ended { change: Change::Killed(signal), usage, leftover, .. } => {
            (2, i64::from(signal), i64::from(leftover), usage)
        }
        News::Ended { change, usage, leftover, .. } => {
            let status = if let Change::Exited(status) = change { status } else { 0 };
            (3, i64::from(status), i64::from(leftover), usage)
        }
    };
    let mut record = [0_u8; NEWS_BYTES];
    put(&mut record, 0, &i64::from(kind).to_ne_bytes());
    put(&mut record, 8, &a.to_ne_bytes());
    put(&mut record, 16, &b.to_ne_bytes());
    let micros = u64::try_from(usage.cpu.as_micros()).unwrap_or(u64::MAX);
    put(&mut record, 24, &micros.to_ne_bytes());
    put(&mut record, 32, &usage.peak_kib.to_ne_bytes());
    if let News::Ended { told, crowded, .. } = news {
        put(&mut record, 40, &u64::try_from(told).unwrap_or(0).to_ne_bytes());
        put(&mut record, 48, &u64::from(crowded).to_ne_bytes());
    }
    write(pipe, &record)
}

/// Reads the next news; `None` when the guardian is gone.
pub(super) fn receive_news(pipe: &OwnedFd) -> io::Result<Option<News>> {
    let Some(record) = read::<NEWS_BYTES>(pipe)? else { return Ok(None) };
    let number = |at: usize| i64::from_ne_bytes(take(&record, at));
    let small = |at: usize| i32::try_from(number(at)).unwrap_or(0);
    let usage = Usage {
        cpu: Duration::from_micros(u64::from_ne_bytes(take(&record, 24))),
        peak_kib: u64::from_ne_bytes(take(&record, 32)),
    };
    let leftover = u32::try_from(number(16)).unwrap_or(0);
    let told = usize::try_from(number(40)).unwrap_or(0);
    let crowded = number(48) != 0;
    Ok(Some(match number(0) {
        0 => {
            let stage = usize::try_from(number(8)).unwrap_or(usize::MAX);
            let stage = Stage::ALL.get(stage).copied().unwrap_or(Stage::Exec);
            News::NotStarted(Failure { stage, errno: small(16) })
        }
        1 => News::Stopped(small(8)),
        4 => News::Continued,
        2 => News::Ended { change: Change::Killed(small(8)), usage, leftover, crowded, told },
        _ => News::Ended { change: Change::Exited(small(8)), usage, leftover, crowded, told },
    }))
}

/// Sends what the attendant said, after the news of the end.
pub(super) fn send_told(pipe: &OwnedFd, told: &[u8]) -> io::Result<()> {
    let mut left = told;
    while !left.is_empty() {
        let written = process::write(pipe, left)?;
        left = left.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// Receives so many bytes of what the attendant said, less when the guardian is gone.
pub(super) fn receive_told(pipe: &OwnedFd, length: usize) -> io::Result<Vec<u8>> {
    let mut told = vec![0; length.min(MAX_TOLD)];
    let mut filled = 0;
    while let Some(rest) = told.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match process::read(pipe, rest)? {
            0 => break,
            read => filled += read,
        }
    }
    told.truncate(filled);
    Ok(told)
}

/// More than this is not taken from a guardian.
const MAX_TOLD: usize = 4 << 20;

fn write(pipe: &OwnedFd, record: &[u8]) -> io::Result<()> {
    // So little fits into a pipe or does not: the kernel never writes a part (pipe(7), PIPE_BUF).
    match process::write(pipe, record)? {
        length if length == record.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// A whole record, or `None` at the end of the pipe.
fn read<const N: usize>(pipe: &OwnedFd) -> io::Result<Option<[u8; N]>> {
    let mut record = [0_u8; N];
    match process::read(pipe, &mut record)? {
        length if length == N => Ok(Some(record)),
        0 => Ok(None),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn put(record: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(place) = record.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
}

fn take<const N: usize>(record: &[u8], at: usize) -> [u8; N] {
    record.get(at..at + N).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
}

#[cfg(test)]
mod tests {
    use super::{Failure, News, receive_news, receive_told, send_news, send_told};
    use crate::sandbox::spawn::Stage;
    use crate::sys::process::{Change, Usage, pipe};
    use std::time::Duration;

    #[test]
    fn news_arrive_as_they_were_sent() {
        let usage = Usage { cpu: Duration::from_micros(12), peak_kib: 34 };
        let failure = Failure { stage: Stage::Landlock, errno: 13 };
        for news in [
            News::NotStarted(failure),
            News::Stopped(19),
            News::Continued,
            News::Ended { change: Change::Exited(255), usage, leftover: 2, crowded: true, told: 0 },
            News::Ended {
                change: Change::Killed(9),
                usage,
                leftover: 0,
                crowded: false,
                told: 70_000,
            },
        ] {
            let (from, to) = pipe().unwrap();
            send_news(&to, news).unwrap();
            assert_eq!(receive_news(&from).unwrap(), Some(news));
        }
    }

    #[test]
    fn what_was_told_arrives_whole() {
        let (from, to) = pipe().unwrap();
        let told = vec![b'x'; 200_000];
        let sent = told.clone();
        let sender = std::thread::spawn(move || send_told(&to, &sent).unwrap());
        assert_eq!(receive_told(&from, told.len()).unwrap(), told);
        sender.join().unwrap();
        assert!(receive_told(&from, 5).unwrap().is_empty());
    }

    #[test]
    fn a_closed_pipe_says_that_the_guardian_is_gone() {
        let (from, to) = pipe().unwrap();
        drop(to);
        assert_eq!(receive_news(&from).unwrap(), None);
    }
}

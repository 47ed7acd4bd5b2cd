//! Stopping all processes below this one, where no fence ends them in one call: who is stopped starts no others, and keeps its place among those the user may have. It ends nobody.
//!
//! Ended one by one, processes that fork all the time are replaced as fast as they go.

use crate::sys::{process, remote, signals};
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

/// No longer than this; what still runs then is ended as it comes.
const PATIENCE: Duration = Duration::from_secs(2);

/// Stops them, those of `spared` and what these started excepted, until a look finds no new one.
pub(super) fn still(spared: &[i32]) {
    let begin = Instant::now();
    let mut known = BTreeSet::new();
    while begin.elapsed() < PATIENCE {
        let found = below(process::own_pid(), spared);
        // Each time: one that still ran may have set others going again.
        found.iter().for_each(|one| stop(*one));
        let before = known.len();
        known.extend(found.iter().map(|one| one.pid));
        if known.len() == before {
            return;
        }
    }
}

/// A process and its parent.
#[derive(Debug, Clone, Copy)]
struct Born {
    pid: i32,
    parent: i32,
}

/// Stops a process, if it still is the child of that parent: its number may have become another's.
fn stop(born: Born) {
    let Ok(held) = remote::hold(born.pid) else { return };
    if look(born.pid).is_some_and(|now| now.parent == born.parent) {
        remote::signal(&held, signals::STOP).ok();
    }
}

/// Everything below a process, from the top.
fn below(top: i32, spared: &[i32]) -> Vec<Born> {
    let all: Vec<Born> = fs::read_dir("/proc").map_or_else(
        |_| Vec::new(),
        |entries| {
            let numbers =
                entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
            numbers.filter_map(look).collect()
        },
    );
    let (mut found, mut at) = (Vec::new(), 0);
    let mut parent = top;
    loop {
        found.extend(all.iter().filter(|one| one.parent == parent && !spared.contains(&one.pid)));
        let Some(next): Option<&Born> = found.get(at) else { return found };
        (parent, at) = (next.pid, at + 1);
    }
}

/// A process as its `stat` has it: the parent comes second after the name, whose bracket is the last.
fn look(pid: i32) -> Option<Born> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Some(Born { pid, parent: rest.split_ascii_whitespace().nth(1)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    #[expect(clippy::disallowed_methods, reason = "tests start what they test")]
    fn all_below_is_found_and_stopped_and_what_is_spared_is_not() {
        let script = "sleep 60 & (sleep 61 & sleep 62 & wait) & echo; wait";
        let start = || {
            let mut child =
                Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn().unwrap();
            std::io::Read::read(child.stdout.as_mut().unwrap(), &mut [0]).unwrap();
            child
        };
        let (mut child, mut other) = (start(), start());
        let top = i32::try_from(child.id()).unwrap();
        let until = Instant::now() + Duration::from_secs(5);
        // Two children, and the two of one of them.
        while below(top, &[]).len() < 4 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        let found = below(top, &[]);
        assert_eq!(found.len(), 4, "{found:?}");
        found.iter().for_each(|one| stop(*one));
        let state = |pid: i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
            stat.rsplit_once(") ").unwrap().1.chars().next().unwrap()
        };
        while found.iter().any(|one| state(one.pid) != 'T') && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(found.iter().all(|one| state(one.pid) == 'T'));
        assert_ne!(state(i32::try_from(other.id()).unwrap()), 'T');
        let inner = found.iter().find(|one| below(one.pid, &[]).len() == 2).unwrap().pid;
        assert_eq!(below(top, &[inner]).len(), 1, "what a spared one started is spared");
        // A number that has become another's is left alone.
        stop(Born { pid: i32::try_from(other.id()).unwrap(), parent: 1 });
        assert_ne!(state(i32::try_from(other.id()).unwrap()), 'T');
        for child in [&mut child, &mut other] {
            for one in below(i32::try_from(child.id()).unwrap(), &[]) {
                process::signal(one.pid, signals::KILL).unwrap();
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

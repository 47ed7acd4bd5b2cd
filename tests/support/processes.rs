//! Looking at processes by /proc, and waiting for something with a deadline.

use super::World;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Asks until the answer is yes; no after ten seconds.
pub fn poll(mut question: impl FnMut() -> bool) -> bool {
    let begin = Instant::now();
    loop {
        if question() {
            return true;
        }
        if begin.elapsed() > Duration::from_secs(10) {
            return false;
        }
        sleep(Duration::from_millis(2));
    }
}

/// The state letter and the parent of a process; `None` when it is gone.
fn stat(pid: i32) -> Option<(char, i32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// The parent of a process.
pub fn parent_of(pid: i32) -> Option<i32> {
    stat(pid).map(|(_, parent)| parent)
}

/// Whether a process exists and is no zombie.
pub fn is_alive(pid: i32) -> bool {
    stat(pid).is_some_and(|(state, _)| state != 'Z')
}

/// Whether a process vanishes within the deadline, its zombie as well.
pub fn gone(pid: i32) -> bool {
    poll(|| stat(pid).is_none())
}

/// All processes that work in a world or run a program of it.
pub fn of_world(world: &World) -> Vec<i32> {
    let numbers = fs::read_dir("/proc").unwrap().flatten();
    numbers
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            ["cwd", "exe"].iter().any(|link| {
                let leads = fs::read_link(format!("/proc/{pid}/{link}"));
                leads.is_ok_and(|path| path.starts_with(&world.top))
            })
        })
        .collect()
}

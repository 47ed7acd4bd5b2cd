//! What of /proc is about the guardian itself: who is served by an open of ours must not get what the kernel shows to us alone.
//!
//! For files about a process the kernel asks whether whoever opens may look into that process, and
//! everybody may look into himself. The guardian has what it kept from the command in its memory:
//! the whole environment.

use super::Tools;
use super::resolve::Object;
use crate::sys::at::{self, Errno, Result};
use std::os::fd::AsFd;

/// Where everything about processes is looked for.
const PROC: &[u8] = b"/proc";

/// What everybody may read of any process.
const OPEN_TO_ALL: &[&[u8]] =
    &[b"stat", b"statm", b"status", b"cmdline", b"comm", b"cgroup", b"limits", b"oom_score_adj"];

impl Tools {
    /// Refuses to open for somebody what we could open only because it is about us.
    pub(super) fn is_not_about_us(&mut self, object: &Object) -> Result<()> {
        let path = object.path.as_slice();
        let about_us = if path.strip_prefix(PROC).is_some_and(begins_a_name) {
            self.resolver.is_ours(path) && !is_open_to_all(self.resolver.part_of_ours(path))
        } else {
            // Mounted elsewhere it has our directory, too, and `self` there is us.
            at::is_of_processes(object.fd.as_fd())?
        };
        if about_us {
            self.tries_to_read(path);
            return Err(Errno::ACCESS);
        }
        Ok(())
    }
}

fn begins_a_name(rest: &[u8]) -> bool {
    rest.is_empty() || rest.starts_with(b"/")
}

/// Whether the kernel shows a part of a process's directory to everybody.
fn is_open_to_all(part: &[u8]) -> bool {
    let names: Vec<&[u8]> = part.split(|byte| *byte == b'/').filter(|n| !n.is_empty()).collect();
    let names = match names.as_slice() {
        [b"task", _, rest @ ..] => rest,
        all => all,
    };
    match names {
        [] | [b"task"] => true,
        [name] => OPEN_TO_ALL.contains(name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_open_to_all;

    #[test]
    fn what_everybody_sees_is_shown() {
        for part in ["", "/", "/stat", "/task", "/task/7", "/task/7/cmdline", "/status"] {
            assert!(is_open_to_all(part.as_bytes()), "{part}");
        }
        for part in
            ["/environ", "/mem", "/maps", "/task/7/environ", "/fd", "/fdinfo/3", "/net/stat"]
        {
            assert!(!is_open_to_all(part.as_bytes()), "{part}");
        }
    }
}

//! Whose code made a call: the program's own, or the C library's for itself. For what is told, never for a ruling.

use super::caller::Callers;
use crate::sys::at::{Errno, Result};
use crate::sys::remote;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};

/// So much of a list of mappings is read.
const MAX_MAPS: u64 = 256 << 10;

/// Whether the waiting thread called by a function of the C library that another function of the
/// C library had called. What cannot be looked at counts as the program's own, but where a call
/// returns to lies on the stack on one architecture alone: elsewhere nothing can be told, and it
/// counts as the library's, which is the commoner by far.
pub(super) fn is_library(callers: &mut Callers, thread: i32) -> bool {
    !cfg!(target_arch = "x86_64") || look(callers, thread).unwrap_or(false)
}

fn look(callers: &mut Callers, thread: i32) -> Result<bool> {
    let (stack, here) = registers(callers, thread)?;
    // The functions that make system calls for others keep nothing on the stack.
    let mut word = [0_u8; 8];
    remote::read_exact(thread, stack, &mut word)?;
    let caller = u64::from_ne_bytes(word);
    let maps = File::from(callers.open(thread, b"maps", 0)?).take(MAX_MAPS);
    let (mut calls, mut called) = (false, false);
    for line in BufReader::new(maps).split(b'\n').map_while(std::result::Result::ok) {
        let line = String::from_utf8_lossy(&line);
        let Some((from, to)) = range(&line) else { continue };
        let of_library = is_c_library(line.rsplit('/').next().unwrap_or_default());
        calls |= of_library && (from..to).contains(&here);
        called |= of_library && (from..to).contains(&caller);
    }
    Ok(calls && called)
}

/// Stack pointer and program counter of a thread in a call: the last two words of
/// /proc/TID/syscall (proc(5)).
fn registers(callers: &mut Callers, thread: i32) -> Result<(u64, u64)> {
    let mut text = String::new();
    let file = File::from(callers.open(thread, b"syscall", 0)?);
    file.take(4096).read_to_string(&mut text).map_err(Errno::from)?;
    let mut words = text.split_ascii_whitespace().rev().map(hexadecimal);
    match (words.next().flatten(), words.next().flatten()) {
        (Some(here), Some(stack)) => Ok((stack, here)),
        _ => Err(Errno::INVALID),
    }
}

fn hexadecimal(word: &str) -> Option<u64> {
    u64::from_str_radix(word.strip_prefix("0x").unwrap_or(word), 16).ok()
}

/// The addresses a line of /proc/PID/maps speaks of.
fn range(line: &str) -> Option<(u64, u64)> {
    let (from, to) = line.split_once(' ')?.0.split_once('-')?;
    Some((hexadecimal(from)?, hexadecimal(to)?))
}

/// `libc.so.6`, `libc-2.31.so`, `ld-musl-x86_64.so.1`, `libc.musl-x86_64.so.1`.
fn is_c_library(name: &str) -> bool {
    ["libc.so", "libc-", "libc.musl", "ld-musl-"].iter().any(|begin| name.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::{is_c_library, range};

    #[test]
    fn mappings_are_read() {
        let line = "7f12a4c00000-7f12a4d80000 r-xp 00028000 fe:00 5 /usr/lib/libc.so.6";
        assert_eq!(range(line), Some((0x7f12_a4c0_0000, 0x7f12_a4d8_0000)));
        assert_eq!(range("nonsense"), None);
        assert!(is_c_library("libc.so.6") && is_c_library("ld-musl-x86_64.so.1"));
        assert!(!is_c_library("libcrypto.so.3") && !is_c_library(""));
    }
}

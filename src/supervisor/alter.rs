//! Carrying out changes of mode, owner, times, attributes and length, on the very object that was judged.

use super::decode::{At, Change, Clock, Target};
use super::hiding::Act;
use super::judge::Operation;
use super::resolve::{Last, Object};
use super::{Reply, Tools, Valid};
use crate::sys::at::{self, Errno, Result};
use crate::sys::metadata::{self, Times};
use crate::sys::remote;
use std::os::fd::AsFd;

/// The longest value of an attribute (`XATTR_SIZE_MAX`).
const MAX_VALUE: u64 = 65536;
/// The longest name of an attribute (`XATTR_NAME_MAX`).
const MAX_NAME: usize = 255;

/// A change with everything read that lay in the caller's memory.
enum Known {
    Length(i64),
    Mode(u32),
    Owner(u32, u32),
    Times(Option<Times>),
    Attribute(Vec<u8>, Vec<u8>, i32),
    NoAttribute(Vec<u8>),
}

impl Tools {
    /// Every call that changes what is not content, and truncate(2).
    pub(super) fn alter(
        &mut self,
        thread: i32,
        target: Target,
        change: Change,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        // As the kernel does: before it looks at the name.
        let change = known(thread, change)?;
        let object = match target {
            Target::Open(number) => self.held(thread, number)?,
            Target::Named(at, flags) => self.named(thread, at, flags)?,
        };
        valid()?;
        // What has no name, as pipes and files that were removed, is nobody's but the caller's.
        let stat = at::stat(object.fd.as_fd())?;
        if object.path.starts_with(b"/") && stat.links > 0 {
            let operation = match change {
                Known::Length(_) => Operation::Write,
                _ => Operation::Metadata,
            };
            let age = self.age(&stat);
            self.judge(&object.path, operation, age)?;
            self.is_no_twin(Act::Write, &object.path, &stat)?;
        }
        let fd = object.fd.as_fd();
        match change {
            Known::Length(length) => return self.set_length(thread, object.fd, length),
            Known::Mode(mode) => metadata::set_mode(fd, mode)?,
            Known::Owner(user, group) => metadata::set_owner(fd, user, group)?,
            Known::Times(times) => metadata::set_times(fd, times)?,
            Known::Attribute(name, value, flags) => {
                metadata::set_attribute(fd, &name, &value, flags)?;
            }
            Known::NoAttribute(name) => metadata::remove_attribute(fd, &name)?,
        }
        Ok(Reply::Value(0))
    }

    fn held(&mut self, thread: i32, number: i32) -> Result<Object> {
        let fd = self.resolver.descriptor(thread, number)?;
        let path = self.resolver.real(fd.as_fd())?;
        Ok(Object { fd, path })
    }

    fn named(&mut self, thread: i32, at: At, flags: i32) -> Result<Object> {
        if flags & !(at::LINK_ITSELF | at::EMPTY_PATH) != 0 {
            return Err(Errno::INVALID);
        }
        let text = self.resolver.text(thread, at.text)?;
        if text.is_empty() && flags & at::EMPTY_PATH != 0 && at.directory != at::HERE {
            return self.held(thread, at.directory);
        }
        let base = self.resolver.base(thread, at, &text)?;
        if text.is_empty() && flags & at::EMPTY_PATH != 0 {
            let path = self.resolver.real(base.as_fd())?;
            return Ok(Object { fd: base, path });
        }
        let last = if flags & at::LINK_ITSELF == 0 { Last::Follow } else { Last::Keep };
        self.resolver.object(thread, base, &text, last)
    }
}

/// Reads what of a change lies in the caller's memory.
fn known(thread: i32, change: Change) -> Result<Known> {
    Ok(match change {
        Change::Length(length) if length < 0 => return Err(Errno::INVALID),
        Change::Length(length) => Known::Length(length),
        Change::Mode(mode) => Known::Mode(mode & 0o7777),
        Change::Owner(user, group) => Known::Owner(user, group),
        Change::Times(clock) => Known::Times(times(thread, clock)?),
        Change::Attribute { name, value, size, flags } => {
            if size > MAX_VALUE {
                return Err(Errno::TOO_BIG);
            }
            let mut bytes = vec![0; usize::try_from(size).map_err(|_| Errno::TOO_BIG)?];
            remote::read_exact(thread, value, &mut bytes)?;
            Known::Attribute(attribute(thread, name)?, bytes, flags)
        }
        Change::NoAttribute { name } => Known::NoAttribute(attribute(thread, name)?),
    })
}

fn attribute(thread: i32, address: u64) -> Result<Vec<u8>> {
    let name = remote::text(thread, address)?;
    if name.is_empty() || name.len() > MAX_NAME { Err(Errno::RANGE) } else { Ok(name) }
}

fn times(thread: i32, clock: Clock) -> Result<Option<Times>> {
    let (Clock::Seconds(address) | Clock::Microseconds(address) | Clock::Nanoseconds(address)) =
        clock;
    if address == 0 {
        return Ok(None);
    }
    let mut bytes = [0_u8; 32];
    let length = if matches!(clock, Clock::Seconds(_)) { 16 } else { 32 };
    remote::read_exact(thread, address, bytes.get_mut(..length).unwrap_or_default())?;
    let word = |at: usize| {
        bytes.get(at * 8..at * 8 + 8).and_then(|b| b.try_into().ok()).map_or(0, i64::from_ne_bytes)
    };
    let scaled = |micros: i64| {
        if (0..1_000_000).contains(&micros) { Ok(micros * 1000) } else { Err(Errno::INVALID) }
    };
    Ok(Some(match clock {
        Clock::Seconds(_) => [word(0), 0, word(1), 0],
        Clock::Microseconds(_) => [word(0), scaled(word(1))?, word(2), scaled(word(3))?],
        Clock::Nanoseconds(_) => [word(0), word(1), word(2), word(3)],
    }))
}

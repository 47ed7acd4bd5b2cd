//! Carrying out open(2) and its kin: what is handed over is the very object that was judged.
//!
//! Nothing here may wait: leases and pipes without a partner are tried again later.

use super::decode::At;
use super::hiding::Act;
use super::judge::{Age, Kind, Operation, Ruling};
use super::resolve::{Last, MAX_LINKS, Object, Place, is_of_process};
use super::waiting::{Then, Waiting};
use super::{Reply, Tools, Valid};
use crate::sys::at::{self, Errno, How, Result, resolve};
use crate::sys::notify::OnExec;
use crate::sys::remote;
use std::os::fd::{AsFd, OwnedFd};

/// The size of the first `struct open_how`.
const HOW_SIZE: u64 = 24;
/// The largest that is looked at, as the kernel has it (`PAGE_SIZE`).
const HOW_MOST: u64 = 4096;
/// The device number of /dev/tty: major 5, minor 0.
const TERMINAL: u64 = 5 << 8;

impl Tools {
    /// open(2), openat(2), creat(2).
    pub(super) fn open(
        &mut self,
        thread: i32,
        at: At,
        (flags, mode): (i32, u32),
        valid: Valid<'_>,
    ) -> Result<Reply> {
        if flags & at::PATH != 0 {
            // A mere place, whatever the name says by now: the flag is in a register, and nothing
            // can be changed by what it opens. (A descriptor of that sort cannot be handed in.)
            return Ok(Reply::Continue);
        }
        if flags & at::CREATE != 0 && flags & at::DIRECTORY != 0 {
            return Err(Errno::INVALID);
        }
        let text = self.resolver.name(thread, at.text)?;
        let base = self.resolver.base(thread, at, &text)?;
        valid()?;
        if flags & at::NAMELESS == at::NAMELESS {
            return self.nameless(thread, base, &text, (flags, mode));
        }
        if flags & at::CREATE != 0 {
            return self.create(thread, base, text, (flags, mode));
        }
        let last = if flags & at::NO_FOLLOW == 0 { Last::Follow } else { Last::Keep };
        let object = self.resolver.object(thread, base, &text, last)?;
        self.reopen(thread, object, flags)
    }

    /// openat2(2): its flags lie in memory, so it is never let go on.
    pub(super) fn open2(
        &mut self,
        thread: i32,
        at: At,
        (address, size): (u64, u64),
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let how = open_how(thread, address, size)?;
        let flags = i32::try_from(how.flags).map_err(|_| Errno::INVALID)?;
        let mode = u32::try_from(how.mode).map_err(|_| Errno::INVALID)?;
        if flags & at::PATH != 0 {
            // Cannot be handed in; callers fall back on openat(2), as on older kernels.
            return Err(Errno::NO_SUCH_CALL);
        }
        let makes_directory = flags & at::CREATE != 0 && flags & at::DIRECTORY != 0;
        if how.resolve & !resolve::ALL != 0 || makes_directory {
            return Err(Errno::INVALID);
        }
        if how.resolve == 0 {
            if mode & !0o7777 != 0 || (mode != 0 && flags & (at::CREATE | at::NAMELESS) == 0) {
                return Err(Errno::INVALID);
            }
            return self.open(thread, at, (flags, mode), valid);
        }
        if how.resolve & resolve::CACHED != 0 {
            return Err(Errno::AGAIN);
        }
        let text = self.resolver.text(thread, at.text)?;
        let directory = At { directory: at.directory, text: 0 };
        let within = how.resolve & resolve::IN_ROOT != 0;
        let base = self.resolver.base(thread, directory, if within { b"" } else { &text })?;
        valid()?;
        self.open_restricted(thread, &base, &text, How { mode: u64::from(mode), ..how })
    }

    /// openat2(2) with restrictions: the kernel applies them, and nothing leads through /proc.
    fn open_restricted(
        &mut self,
        thread: i32,
        base: &OwnedFd,
        text: &[u8],
        how: How,
    ) -> Result<Reply> {
        let flags = i32::try_from(how.flags).map_err(|_| Errno::INVALID)?;
        let mode = u32::try_from(how.mode).map_err(|_| Errno::INVALID)?;
        let restricted = |flags: i32| How {
            flags: u64::from((flags | at::PATH | at::CLOSE_ON_EXEC).cast_unsigned()),
            mode: 0,
            resolve: how.resolve | resolve::NO_MAGIC_LINKS,
        };
        let found = at::open2(base.as_fd(), text, restricted(flags & at::NO_FOLLOW));
        match found {
            Ok(fd) if flags & (at::CREATE | at::EXCLUSIVE) != at::CREATE | at::EXCLUSIVE => {
                let path = self.resolver.real(fd.as_fd())?;
                if self.resolver.is_ours(&path) {
                    // `self` of /proc, which the kernel took for us: callers fall back on openat(2).
                    return Err(Errno::NO_SUCH_CALL);
                }
                if flags & at::NAMELESS == at::NAMELESS {
                    self.as_masked_by(thread)?;
                    let file = at::open(fd.as_fd(), b".", flags, mode)?;
                    return Ok(Reply::File(file, on_exec(flags)));
                }
                self.reopen(thread, Object { fd, path }, flags)
            }
            Err(Errno::NOT_FOUND) if flags & at::CREATE != 0 => {
                let cut = text.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
                let (directory, name) = text.split_at(cut);
                let directory = if directory.is_empty() { b"." } else { directory };
                let parent = at::open2(base.as_fd(), directory, restricted(at::DIRECTORY))?;
                let real = self.resolver.real(parent.as_fd())?;
                let name = name.to_vec();
                let place = Place { parent, directory: real, name, slashed: false };
                self.create_new(thread, &place, (flags, mode))
            }
            Ok(_) => Err(Errno::EXISTS),
            Err(errno) => Err(errno),
        }
    }

    /// `O_TMPFILE`: a file without a name, in a directory. Names are judged when it gets one.
    fn nameless(
        &mut self,
        thread: i32,
        base: OwnedFd,
        text: &[u8],
        (flags, mode): (i32, u32),
    ) -> Result<Reply> {
        let directory = self.resolver.object(thread, base, text, Last::Follow)?;
        self.as_masked_by(thread)?;
        let file = at::open(directory.fd.as_fd(), b".", flags & !at::NO_FOLLOW, mode)?;
        Ok(Reply::File(file, on_exec(flags)))
    }

    /// `O_CREAT`: makes a file at the place the name means, or opens what is there.
    fn create(
        &mut self,
        thread: i32,
        mut base: OwnedFd,
        mut text: Vec<u8>,
        (flags, mode): (i32, u32),
    ) -> Result<Reply> {
        for _ in 0..=MAX_LINKS {
            let place = self.resolver.place(thread, base, &text)?;
            if place.slashed || place.is_dots() {
                let exclusive = flags & at::EXCLUSIVE != 0 && !place.slashed;
                return Err(if exclusive { Errno::EXISTS } else { Errno::IS_DIRECTORY });
            }
            match self.create_new(thread, &place, (flags, mode)) {
                Err(Errno::EXISTS) if flags & at::EXCLUSIVE == 0 => {}
                other => return other,
            }
            let fd = match at::open(place.parent.as_fd(), &place.name, at::PATH | at::NO_FOLLOW, 0)
            {
                // Gone again meanwhile: once more.
                Err(Errno::NOT_FOUND) => {
                    base = place.parent;
                    text = place.name;
                    continue;
                }
                other => other?,
            };
            if !at::stat(fd.as_fd())?.is(at::IS_LINK) {
                let path = self.resolver.real(fd.as_fd())?;
                return self.reopen(thread, Object { fd, path }, flags);
            }
            if flags & at::NO_FOLLOW != 0 {
                return Err(Errno::LOOP);
            }
            let parent = place.parent.as_fd();
            if is_of_process(&place.directory) {
                let fd = self.resolver.jump(parent, &place.directory, &place.name)?;
                let path = self.resolver.real(fd.as_fd())?;
                return self.reopen(thread, Object { fd, path }, flags);
            }
            text = self.resolver.link_text(thread, parent, &place.directory, &place.name)?;
            let anywhere = At { directory: at::HERE, text: 0 };
            base = if text.starts_with(b"/") {
                self.resolver.base(thread, anywhere, &text)?
            } else {
                place.parent
            };
        }
        Err(Errno::LOOP)
    }

    /// Makes a file that is not there yet; `EEXIST` when it is.
    fn create_new(
        &mut self,
        thread: i32,
        place: &Place,
        (flags, mode): (i32, u32),
    ) -> Result<Reply> {
        let path = place.path();
        let ruling = self.judge(&path, Operation::Create(Kind::File), Age::Before)?;
        if reads(flags) {
            self.may_be_read(&path)?;
        }
        self.as_masked_by(thread)?;
        if ruling == Ruling::Staged {
            return self.stage(place, flags, mode & !self.mask);
        }
        // What is made only if it is not there follows no link either.
        let all = flags | at::EXCLUSIVE | at::NO_TERMINAL;
        let file = at::open(place.parent.as_fd(), &place.name, all, mode)?;
        if self.is_watched(&path) {
            self.born.insert(at::stat(file.as_fd())?.object);
        }
        Ok(Reply::File(file, on_exec(flags)))
    }

    /// Opens an object that is held, for what the flags say.
    fn reopen(&mut self, thread: i32, object: Object, flags: i32) -> Result<Reply> {
        self.is_not_about_us(&object)?;
        let stat = at::stat(object.fd.as_fd())?;
        if stat.is(at::IS_LINK) {
            return Err(Errno::LOOP);
        }
        if flags & at::CREATE != 0 && stat.is(at::IS_DIRECTORY) {
            return Err(Errno::IS_DIRECTORY);
        }
        if reads(flags) {
            self.may_be_read(&object.path)?;
        }
        if writes(flags) || !self.bounds.hidden.is_empty() {
            let act = if writes(flags) { Act::Write } else { Act::Read };
            self.is_no_twin(act, &object.path, &stat)?;
        }
        // What has no name any more, or never had one, is nothing that could be protected.
        if reads(flags) && !writes(flags) {
            self.tries_to_read(&object.path);
        }
        if stat.links > 0 && object.path.starts_with(b"/") && writes(flags) {
            let age = self.age(&stat);
            let ruling = self.judge(&object.path, Operation::Write, age)?;
            if ruling == Ruling::Staged && stat.is(at::IS_REGULAR) {
                return self.stage_existing(thread, &object, flags);
            }
        }
        if stat.is(at::IS_CHARACTER) && stat.device == TERMINAL {
            let terminal = self.terminal_of(thread)?;
            return self.open_waiting(Waiting { object: terminal, flags, then: Then::HandIn });
        }
        self.open_waiting(Waiting { object: object.fd, flags, then: Then::HandIn })
    }

    /// truncate(2): by a descriptor, since the call by name would wait here for a lease.
    pub(super) fn set_length(
        &mut self,
        thread: i32,
        object: OwnedFd,
        length: i64,
    ) -> Result<Reply> {
        let stat = at::stat(object.as_fd())?;
        if stat.is(at::IS_DIRECTORY) {
            return Err(Errno::IS_A_DIRECTORY);
        }
        if length < 0 || !stat.is(at::IS_REGULAR) {
            return Err(Errno::INVALID);
        }
        let then = Then::SetLength(thread, length);
        self.open_waiting(Waiting { object, flags: at::WRITE_ONLY, then })
    }

    /// The terminal that /dev/tty means to the caller, which may have a session of its own.
    fn terminal_of(&mut self, thread: i32) -> Result<OwnedFd> {
        use std::io::Read;
        let mut text = String::new();
        let file = std::fs::File::from(self.resolver.callers.open(thread, b"stat", 0)?);
        file.take(4096).read_to_string(&mut text).map_err(Errno::from)?;
        // After the name in parentheses: state, parent, group, session, terminal (proc(5)).
        let after = text.rsplit_once(')').map_or("", |(_, after)| after);
        let number =
            after.split_ascii_whitespace().nth(4).and_then(|word| word.parse::<i64>().ok());
        let device = number.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xf_ff00));
        let path = match major {
            136..=143 => format!("/dev/pts/{}", minor + (major - 136) * 256),
            4 => format!("/dev/tty{minor}"),
            _ => return Err(Errno::NO_DEVICE),
        };
        at::open(self.resolver.own.as_fd(), path.as_bytes(), at::PATH, 0)
    }
}

/// Whether an open may change or make something: for these flags the filter holds it in any case.
pub(super) const fn changes(flags: i32) -> bool {
    flags & (at::ACCESS_MODE | at::CREATE | at::TRUNCATE | at::NAMELESS | at::PATH) != 0
}

/// Whether an open may change what it opens.
fn writes(flags: i32) -> bool {
    flags & at::ACCESS_MODE != 0 || flags & at::TRUNCATE != 0
}

/// Whether what it opens can be read by it.
const fn reads(flags: i32) -> bool {
    flags & at::ACCESS_MODE != at::WRITE_ONLY
}

pub(super) fn on_exec(flags: i32) -> OnExec {
    if flags & at::CLOSE_ON_EXEC == 0 { OnExec::Keep } else { OnExec::Close }
}

/// `struct open_how` out of the caller's memory, with the kernel's rules for its size (openat2(2)).
fn open_how(thread: i32, address: u64, size: u64) -> Result<How> {
    if size < HOW_SIZE {
        return Err(Errno::INVALID);
    }
    if size > HOW_MOST {
        return Err(Errno::TOO_BIG);
    }
    let mut bytes = vec![0_u8; usize::try_from(size).map_err(|_| Errno::TOO_BIG)?];
    remote::read_exact(thread, address, &mut bytes)?;
    let (known, unknown) = bytes.split_at(24);
    if unknown.iter().any(|byte| *byte != 0) {
        return Err(Errno::TOO_BIG);
    }
    let word = |at: usize| {
        known.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_ne_bytes)
    };
    Ok(How { flags: word(0), mode: word(8), resolve: word(16) })
}

//! From a name as a caller gave it to the place or the object it means for that caller, held open.
//!
//! The kernel resolves, in one call, wherever a name means the same to us as to the caller. It does
//! not where the name leads through /proc: `self` is somebody else there, and magic links jump. Then
//! the name is walked part by part. What comes out is an `O_PATH` descriptor and the real path the
//! kernel tells of it; who acts on the descriptor acts on what was judged, whatever names have
//! become meanwhile.

use super::caller::Callers;
use super::decode::At;
use crate::sys::at::{self, Errno, How, Result, resolve};
use crate::sys::remote;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

/// As many links as the kernel follows (`MAXSYMLINKS`).
pub(super) const MAX_LINKS: usize = 40;

/// A name in a directory that is held open.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) parent: OwnedFd,
    /// The real path of the directory.
    pub(super) directory: Vec<u8>,
    /// The last part; never resolved.
    pub(super) name: Vec<u8>,
    /// Whether slashes followed it.
    pub(super) slashed: bool,
}

impl Place {
    /// The real path of the directory, with the name added.
    pub(super) fn path(&self) -> Vec<u8> {
        let directory = self.directory.strip_suffix(b"/").unwrap_or(&self.directory);
        [directory, b"/", &self.name].concat()
    }

    /// The name as the kernel is to see it.
    pub(super) fn raw(&self) -> Vec<u8> {
        let mut name = self.name.clone();
        if self.slashed {
            name.push(b'/');
        }
        name
    }

    /// Whether the name is one that no call can make, move or remove.
    pub(super) fn is_dots(&self) -> bool {
        matches!(self.name.as_slice(), b"." | b"..")
    }
}

/// An object held open by `O_PATH`.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) fd: OwnedFd,
    /// The real path, or what /proc tells of what has none.
    pub(super) path: Vec<u8>,
}

/// Whether a link in the last part is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Follow,
    Keep,
}

/// Resolves names for callers.
#[derive(Debug)]
pub(super) struct Resolver {
    pub(super) callers: Callers,
    /// /proc/self/fd of this process.
    pub(super) own: OwnedFd,
    root: OwnedFd,
    /// `/proc/PID` of this process: what lies there was meant for somebody else, or is none of his business.
    own_process: Vec<u8>,
}

impl Resolver {
    /// Opens what resolving needs. Must be called in the process that resolves.
    pub(super) fn new(most_callers: usize) -> Result<Self> {
        // What follows is relative to nothing: the paths are absolute.
        let null = std::fs::File::open("/dev/null").map_err(Errno::from)?;
        let place = |path: &[u8]| at::open(null.as_fd(), path, at::PATH | at::DIRECTORY, 0);
        // The root may not be readable; as a place it can always be held.
        let root = std::fs::File::open("/").map(OwnedFd::from).or_else(|_| place(b"/"))?;
        Ok(Self {
            callers: Callers::new(place(b"/proc")?, most_callers),
            own: place(b"/proc/self/fd")?,
            root,
            own_process: format!("/proc/{}", std::process::id()).into_bytes(),
        })
    }

    /// The root, as a place to begin at.
    pub(super) fn root(&self) -> Result<OwnedFd> {
        self.root.try_clone().map_err(Errno::from)
    }

    /// The text of a name.
    pub(super) fn text(&self, thread: i32, address: u64) -> Result<Vec<u8>> {
        remote::text(thread, address)
    }

    /// The text of a name that names something.
    pub(super) fn name(&self, thread: i32, address: u64) -> Result<Vec<u8>> {
        let text = self.text(thread, address)?;
        if text.is_empty() { Err(Errno::NOT_FOUND) } else { Ok(text) }
    }

    /// What a name is relative to.
    pub(super) fn base(&mut self, thread: i32, at: At, text: &[u8]) -> Result<OwnedFd> {
        if text.starts_with(b"/") {
            return self.root();
        }
        if at.directory == at::HERE {
            return self.callers.open(thread, b"cwd", at::PATH | at::DIRECTORY);
        }
        let base = self.descriptor(thread, at.directory)?;
        if !text.is_empty() && !at::stat(base.as_fd())?.is(at::IS_DIRECTORY) {
            return Err(Errno::NOT_DIRECTORY);
        }
        Ok(base)
    }

    /// What a descriptor of the caller holds.
    pub(super) fn descriptor(&mut self, thread: i32, number: i32) -> Result<OwnedFd> {
        self.callers.descriptor(thread, number)
    }

    /// The real path of what is held open.
    pub(super) fn real(&self, fd: BorrowedFd<'_>) -> Result<Vec<u8>> {
        at::read_link(self.own.as_fd(), fd.as_raw_fd().to_string().as_bytes())
    }

    /// The place a name means: everything but its last part resolved.
    pub(super) fn place(&mut self, thread: i32, base: OwnedFd, text: &[u8]) -> Result<Place> {
        let Some((directory, name, slashed)) = split(text) else {
            return Err(Errno::NOT_FOUND);
        };
        let name = name.to_vec();
        if directory.is_empty() {
            let real = self.real(base.as_fd())?;
            return settled(Place { parent: base, directory: real, name, slashed });
        }
        // What fails may fail because `self` is somebody else: only the walk can tell.
        if let Ok(parent) = at::open2(base.as_fd(), directory, path_only(at::DIRECTORY)) {
            let real = self.real(parent.as_fd())?;
            if !self.is_ours(&real) {
                return settled(Place { parent, directory: real, name, slashed });
            }
        }
        let parent = self.walk(thread, base, directory, Last::Follow)?;
        if !at::stat(parent.as_fd())?.is(at::IS_DIRECTORY) {
            return Err(Errno::NOT_DIRECTORY);
        }
        let directory = self.real(parent.as_fd())?;
        settled(Place { parent, directory, name, slashed })
    }

    /// The object a name leads to.
    pub(super) fn object(
        &mut self,
        thread: i32,
        base: OwnedFd,
        text: &[u8],
        last: Last,
    ) -> Result<Object> {
        let keep = if last == Last::Keep { at::NO_FOLLOW } else { 0 };
        if text.is_empty() {
            return Err(Errno::NOT_FOUND);
        }
        // As above.
        if let Ok(fd) = at::open2(base.as_fd(), text, path_only(keep)) {
            let path = self.real(fd.as_fd())?;
            if !self.is_ours(&path) {
                return Ok(Object { fd, path });
            }
        }
        let fd = self.walk(thread, base, text, last)?;
        // The walk passes over slashes at the end, which ask for a directory.
        if text.ends_with(b"/") && !at::stat(fd.as_fd())?.is(at::IS_DIRECTORY) {
            return Err(Errno::NOT_DIRECTORY);
        }
        let path = self.real(fd.as_fd())?;
        Ok(Object { fd, path })
    }

    /// Whether a path is, or lies in, the directory of this process in /proc.
    pub(super) fn is_ours(&self, path: &[u8]) -> bool {
        path.strip_prefix(self.own_process.as_slice())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }

    /// The rest of a path in the directory of this process.
    pub(super) fn part_of_ours<'p>(&self, path: &'p [u8]) -> &'p [u8] {
        path.strip_prefix(self.own_process.as_slice()).unwrap_or(path)
    }

    /// Resolves part by part, as the caller would see it.
    fn walk(&mut self, thread: i32, base: OwnedFd, text: &[u8], last: Last) -> Result<OwnedFd> {
        let mut here = base;
        let mut rest = parts(text);
        // Whether the end of a link asks for a directory.
        let (mut links, mut asks) = (0, false);
        while let Some(part) = rest.pop() {
            let next = at::open(here.as_fd(), &part, at::PATH | at::NO_FOLLOW, 0)?;
            let is_link = at::stat(next.as_fd())?.is(at::IS_LINK);
            let kept = rest.is_empty() && last == Last::Keep && !text.ends_with(b"/");
            if !is_link || kept {
                here = next;
                continue;
            }
            links += 1;
            if links > MAX_LINKS {
                return Err(Errno::LOOP);
            }
            let directory = self.real(here.as_fd())?;
            if is_of_process(&directory) {
                here = self.jump(here.as_fd(), &directory, &part)?;
                continue;
            }
            let target = self.link_text(thread, here.as_fd(), &directory, &part)?;
            if target.starts_with(b"/") {
                here = self.root.try_clone().map_err(Errno::from)?;
            }
            asks |= rest.is_empty() && target.ends_with(b"/");
            rest.extend(parts(&target));
        }
        if asks && !at::stat(here.as_fd())?.is(at::IS_DIRECTORY) {
            return Err(Errno::NOT_DIRECTORY);
        }
        Ok(here)
    }

    /// The text of an ordinary link; `self` and `thread-self` of /proc are the caller's.
    pub(super) fn link_text(
        &mut self,
        thread: i32,
        directory: BorrowedFd<'_>,
        real: &[u8],
        name: &[u8],
    ) -> Result<Vec<u8>> {
        match (real, name) {
            (b"/proc", b"self") => Ok(self.callers.status(thread)?.0.to_string().into_bytes()),
            (b"/proc", b"thread-self") => {
                let (group, _) = self.callers.status(thread)?;
                Ok(format!("{group}/task/{thread}").into_bytes())
            }
            _ => at::read_link(directory, name),
        }
    }

    /// Follows a magic link. Ours lead to what no command may reach; for those of others the
    /// kernel asks whether we may trace them, which holds for the run and nobody else.
    pub(super) fn jump(&self, from: BorrowedFd<'_>, real: &[u8], name: &[u8]) -> Result<OwnedFd> {
        if self.is_ours(real) {
            return Err(Errno::ACCESS);
        }
        at::open(from, name, at::PATH, 0)
    }
}

/// A place is only as good as its path: one that is cut off, or leads nowhere, cannot be judged.
fn settled(place: Place) -> Result<Place> {
    if place.directory.starts_with(b"/") { Ok(place) } else { Err(Errno::NOT_FOUND) }
}

/// Whether a directory belongs to one process in /proc: all links there are magic.
pub(super) fn is_of_process(real: &[u8]) -> bool {
    real.strip_prefix(b"/proc/").and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

fn path_only(flags: i32) -> How {
    let flags = u64::from((at::PATH | at::CLOSE_ON_EXEC | flags).cast_unsigned());
    How { flags, mode: 0, resolve: resolve::NO_MAGIC_LINKS }
}

/// The parts of a path, the first on top.
fn parts(text: &[u8]) -> Vec<Vec<u8>> {
    // A dot stays: it asks for a directory that may be searched.
    let named = |part: &&[u8]| !part.is_empty();
    text.split(|byte| *byte == b'/').rev().filter(named).map(<[u8]>::to_vec).collect()
}

/// Directory part, last part, whether slashes follow; `None` for an empty text.
fn split(text: &[u8]) -> Option<(&[u8], &[u8], bool)> {
    if text.is_empty() {
        return None;
    }
    let end = text.iter().rposition(|byte| *byte != b'/').map_or(0, |at| at + 1);
    if end == 0 {
        return Some((b"/", b".", true));
    }
    let body = text.get(..end)?;
    let slashed = end < text.len();
    match body.iter().rposition(|byte| *byte == b'/') {
        Some(at) => Some((body.get(..=at)?, body.get(at + 1..)?, slashed)),
        None => Some((b"", body, slashed)),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_of_process, split};

    #[test]
    fn names_are_split_as_the_kernel_splits_them() {
        assert_eq!(split(b"a"), Some((&b""[..], &b"a"[..], false)));
        assert_eq!(split(b"/a"), Some((&b"/"[..], &b"a"[..], false)));
        assert_eq!(split(b"a//b//"), Some((&b"a//"[..], &b"b"[..], true)));
        assert_eq!(split(b"//"), Some((&b"/"[..], &b"."[..], true)));
        assert_eq!(split(b""), None);
        assert!(is_of_process(b"/proc/12/fd") && !is_of_process(b"/proc/fs"));
    }
}

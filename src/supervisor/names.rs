//! Carrying out what makes and removes names: unlink, link, symlink, mkdir, mknod and their kin.

use super::decode::At;
use super::judge::{Age, Kind, Operation, Ruling};
use super::resolve::{Last, Object, Place};
use super::standing::{Git, Standing};
use super::{Reply, Tools, Valid};
use crate::sys::at::{self, Errno, Name, Result, Stat};
use std::os::fd::{AsFd, AsRawFd};

impl Tools {
    /// The place a name of the caller means.
    pub(super) fn place_of(&mut self, thread: i32, at: At, valid: Valid<'_>) -> Result<Place> {
        let text = self.resolver.name(thread, at.text)?;
        let base = self.resolver.base(thread, at, &text)?;
        valid()?;
        self.resolver.place(thread, base, &text)
    }

    /// unlink(2), rmdir(2), unlinkat(2).
    pub(super) fn remove(
        &mut self,
        thread: i32,
        at: At,
        flags: i32,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        if flags & !at::REMOVE_DIRECTORY != 0 {
            return Err(Errno::INVALID);
        }
        let place = self.place_of(thread, at, valid)?;
        let path = place.path();
        let watched = !place.is_dots() && self.is_watched(&path);
        // What the run made may lie where that does not matter by now, and is forgotten there, too.
        let asked = watched || !place.is_dots() && !self.born.is_empty();
        let object = asked.then(|| at::stat_name(place.parent.as_fd(), &place.name)).transpose()?;
        if let Some(stat) = object.filter(|_| watched) {
            let born = self.born.contains(&stat.object);
            let age = if born { Age::Born } else { Age::Before };
            self.judge(&path, Operation::Remove, age)?;
        }
        self.tries("delete", &path);
        at::unlink(place.parent.as_fd(), &place.raw(), flags)?;
        if let Some(stat) = object {
            self.forget(&stat);
        }
        Ok(Reply::Value(0))
    }

    /// link(2), linkat(2).
    pub(super) fn link(
        &mut self,
        thread: i32,
        (from, to): (At, At),
        flags: i32,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        if flags & !(at::EMPTY_PATH | at::FOLLOW_LINK) != 0 {
            return Err(Errno::INVALID);
        }
        let text = self.resolver.text(thread, from.text)?;
        let object = if text.is_empty() && flags & at::EMPTY_PATH != 0 {
            let fd = self.resolver.descriptor(thread, from.directory)?;
            let path = self.resolver.real(fd.as_fd())?;
            Object { fd, path }
        } else {
            let base = self.resolver.base(thread, from, &text)?;
            let last = if flags & at::FOLLOW_LINK == 0 { Last::Keep } else { Last::Follow };
            self.resolver.object(thread, base, &text, last)?
        };
        let place = self.place_of(thread, to, valid)?;
        if at::stat(object.fd.as_fd())?.links > 0 {
            self.judge(&object.path, Operation::LinkAway, Age::Before)?;
        }
        self.judge(&place.path(), Operation::LinkHere, Age::Before)?;
        if at::stat(object.fd.as_fd())?.is(at::IS_LINK) {
            let text = at::read_link(object.fd.as_fd(), b"")?;
            self.leads_well(&place.path(), &text)?;
        }
        let alias = object.fd.as_raw_fd().to_string();
        let source = Name(self.resolver.own.as_fd(), alias.as_bytes());
        at::link(source, Name(place.parent.as_fd(), &place.raw()), at::FOLLOW_LINK)?;
        Ok(Reply::Value(0))
    }

    /// symlink(2), symlinkat(2).
    pub(super) fn symlink(
        &mut self,
        thread: i32,
        text: u64,
        at: At,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let target = self.resolver.name(thread, text)?;
        let place = self.place_of(thread, at, valid)?;
        self.judge(&place.path(), Operation::Create(Kind::Link(&target)), Age::Before)?;
        at::symlink(&target, place.parent.as_fd(), &place.raw())?;
        if self.bounds.hides(&place.path()) {
            self.bear(&place, &place.path())?;
        }
        Ok(Reply::Value(0))
    }

    /// mkdir(2), mkdirat(2).
    pub(super) fn make_directory(
        &mut self,
        thread: i32,
        at: At,
        mode: u32,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let place = self.place_of(thread, at, valid)?;
        let path = place.path();
        self.judge(&path, Operation::Create(Kind::Directory), Age::Before)?;
        self.as_masked_by(thread)?;
        at::make_directory(place.parent.as_fd(), &place.raw(), mode)?;
        self.bear(&place, &path)?;
        Ok(Reply::Value(0))
    }

    /// mknod(2), mknodat(2).
    pub(super) fn make_node(
        &mut self,
        thread: i32,
        at: At,
        (mode, device): (u32, u64),
        valid: Valid<'_>,
    ) -> Result<Reply> {
        match mode & at::KIND {
            at::IS_DIRECTORY => return Err(Errno::NOT_PERMITTED),
            0 | at::IS_REGULAR | at::IS_CHARACTER | at::IS_BLOCK | at::IS_FIFO | at::IS_SOCKET => {}
            _ => return Err(Errno::INVALID),
        }
        let place = self.place_of(thread, at, valid)?;
        let path = place.path();
        let ruling = self.judge(&path, Operation::Create(Kind::Special), Age::Before)?;
        if ruling != Ruling::Free {
            return Err(Errno::NOT_PERMITTED);
        }
        self.as_masked_by(thread)?;
        at::make_node(place.parent.as_fd(), &place.raw(), mode, device)?;
        if self.bounds.hides(&path) {
            self.bear(&place, &path)?;
        }
        Ok(Reply::Value(0))
    }

    /// Something has lost a name. When that was its last, its number may be given to a thing of
    /// somebody else, which the run has not made.
    pub(super) fn forget(&mut self, gone: &Stat) {
        if gone.links <= 1 || gone.is(at::IS_DIRECTORY) {
            self.born.remove(&gone.object);
        }
    }

    /// Remembers that the run made what is at a place now, if that matters.
    pub(super) fn bear(&mut self, place: &Place, path: &[u8]) -> Result<()> {
        if self.is_watched(path) {
            self.born.insert(at::stat_name(place.parent.as_fd(), &place.name)?.object);
        }
        Ok(())
    }

    /// Whether it matters if the thing at a path is of this run.
    pub(super) fn is_watched(&mut self, path: &[u8]) -> bool {
        self.bounds.hides(path)
            || !matches!(
                self.standing(path),
                Standing::Outside | Standing::Free | Standing::Git(Git::Content | Git::Bulk)
            )
    }
}

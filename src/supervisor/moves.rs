//! Carrying out rename(2) and its kin: the two ends, all that lies below a directory, and configuration that takes its place.

use super::decode::At;
use super::git::config::{self, Offence};
use super::judge::{Age, Kind, Operation, Ruling, Why};
use super::resolve::Place;
use super::standing::{Git, Standing};
use super::{Reply, Tools, Valid};
use crate::sys::at::{self, Errno, Name, Result, Stat};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// So many names below a directory are looked at when it moves; with more, it does not move.
const MAX_BELOW: usize = 100_000;

impl Tools {
    /// rename(2), renameat(2), renameat2(2).
    pub(super) fn rename(
        &mut self,
        thread: i32,
        (from, to): (At, At),
        flags: u32,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let known = at::NO_REPLACE | at::EXCHANGE | at::WHITEOUT;
        let odd = flags & at::EXCHANGE != 0 && flags & (at::NO_REPLACE | at::WHITEOUT) != 0;
        if flags & !known != 0 || odd {
            return Err(Errno::INVALID);
        }
        let from = self.place_of(thread, from, valid)?;
        let to = self.place_of(thread, to, valid)?;
        let (mut there, mut back_here) = (Vec::new(), Vec::new());
        if !from.is_dots() && !to.is_dots() {
            let ruling = self.judge_move(&from, &to, &mut there)?;
            if flags & at::EXCHANGE != 0 {
                let back = self.judge_move(&to, &from, &mut back_here)?;
                if (ruling, back) != (Ruling::Free, Ruling::Free) {
                    self.note("rename", &to.path(), Why::Git, "exchanged");
                    return Err(Errno::NOT_PERMITTED);
                }
            }
            if ruling == Ruling::Configures {
                return self.configure(&from, &to, flags);
            }
        }
        self.keep_leading(&from, &there, (&from.path(), &to.path()))?;
        self.keep_leading(&to, &back_here, (&to.path(), &from.path()))?;
        let inherits = self.inherits(&to)?;
        let replaced = self.replaced(&from, &to, flags);
        let (old, new) = (from.raw(), to.raw());
        at::rename(Name(from.parent.as_fd(), &old), Name(to.parent.as_fd(), &new), flags)?;
        if let Some(gone) = replaced {
            self.forget(&gone);
        }
        if inherits {
            self.bear(&to, &to.path())?;
        }
        Ok(Reply::Value(0))
    }

    /// What loses its name by a move, if that can matter.
    fn replaced(&self, from: &Place, to: &Place, flags: u32) -> Option<Stat> {
        if self.born.is_empty() || to.is_dots() || flags & at::EXCHANGE != 0 {
            return None;
        }
        let at = |place: &Place| at::stat_name(place.parent.as_fd(), &place.name).ok();
        // Two names of one thing stay as they are (rename(2)).
        at(to).filter(|gone| at(from).is_some_and(|moved| moved.object != gone.object))
    }

    /// Whether what comes to a place by moving is of this run: if it takes nobody else's. git makes
    /// a new `HEAD` of `HEAD.lock`, and the run may remove the repository that it made.
    fn inherits(&mut self, to: &Place) -> Result<bool> {
        if to.is_dots() || !self.is_watched(&to.path()) {
            return Ok(false);
        }
        match at::stat_name(to.parent.as_fd(), &to.name) {
            Ok(stat) => Ok(self.age(&stat) == Age::Born),
            Err(Errno::NOT_FOUND) => Ok(true),
            Err(errno) => Err(errno),
        }
    }

    /// Puts down where below a directory that moves pointers of git lie.
    fn judge_move(
        &mut self,
        from: &Place,
        to: &Place,
        pointers: &mut Vec<PathBuf>,
    ) -> Result<Ruling> {
        let stat = at::stat_name(from.parent.as_fd(), &from.name)?;
        let (old, new) = (from.path(), to.path());
        if old == new {
            return Ok(Ruling::Free);
        }
        let over = self.stays_hidden(from, to)?;
        self.judge(&old, Operation::MoveAway, self.age(&stat))?;
        let ruling = self.judge(&new, Operation::MoveHere(kind(&stat)), over)?;
        if stat.is(at::IS_LINK) {
            let text = at::read_link(from.parent.as_fd(), &from.name)?;
            self.leads_well(&new, &text)?;
        }
        if stat.is(at::IS_DIRECTORY) {
            self.judge_below(from, (&old, &new), pointers)?;
        }
        Ok(ruling)
    }

    /// A directory does not take protected things along, nor make some out of others. What is
    /// below it cannot change meanwhile: every name of the run is made and moved here, one by one.
    fn judge_below(
        &mut self,
        from: &Place,
        (old, new): (&[u8], &[u8]),
        pointers: &mut Vec<PathBuf>,
    ) -> Result<()> {
        let is_far = |path: &[u8]| {
            matches!(self.bounds.standing(path), Standing::Outside)
                && !self.bounds.is_near_standin(path)
        };
        let by_place = self.bounds.hidden.spans_directories() || !self.bounds.behind.is_empty();
        if is_far(old) && is_far(new) && !by_place {
            return Ok(());
        }
        // Another run may be at work out there while this one looks.
        if is_far(old) && !is_far(new) {
            return Err(Errno::OTHER_DEVICE);
        }
        let fd = from.parent.as_fd().as_raw_fd();
        let top = PathBuf::from(format!("/proc/self/fd/{fd}"))
            .join(std::ffi::OsStr::from_bytes(&from.name));
        let mut seen = 0;
        let mut stack = vec![PathBuf::new()];
        while let Some(below) = stack.pop() {
            let entries = std::fs::read_dir(top.join(&below)).map_err(Errno::from)?;
            for entry in entries {
                let entry = entry.map_err(Errno::from)?;
                seen += 1;
                if seen > MAX_BELOW {
                    self.note("rename", old, Why::Protected, "too much lies below to be judged");
                    return Err(Errno::NOT_PERMITTED);
                }
                let inner = below.join(entry.file_name());
                if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
                    let will = [new, b"/", inner.as_os_str().as_bytes()].concat();
                    self.carries_well(&top, &inner, &will)?;
                }
                let (deeper, kind) = (self.stays(&top, &inner, (old, new))?, entry.file_type());
                if deeper && kind.as_ref().is_ok_and(std::fs::FileType::is_dir) {
                    stack.push(inner);
                } else if !deeper && kind.is_ok_and(|kind| kind.is_file()) {
                    pointers.push(inner);
                }
            }
        }
        Ok(())
    }

    /// Whether what lies below this, too, is to be looked at; not below what stands for a repository.
    fn stays(&mut self, top: &Path, inner: &Path, (old, new): (&[u8], &[u8])) -> Result<bool> {
        let join = |path: &[u8]| [path, b"/", inner.as_os_str().as_bytes()].concat();
        let (was, will) = (join(old), join(new));
        if self.bounds.hides(&was) && !self.bounds.hides(&will) {
            self.note("rename", &was, Why::Hidden, "to where its name is not hidden");
            return Err(Errno::ACCESS);
        }
        if self.is_part_of_repository(top, inner) {
            self.note("rename", &was, Why::Git, "it is a part of a repository");
            return Err(Errno::NOT_PERMITTED);
        }
        if self.pins.hold(&will, &self.bounds.zone) && is_link(top, inner) {
            self.is_no_way_of_git(&will, Operation::MoveHere(Kind::Link(b"")))?;
        }
        let protects = |standing: Standing| {
            matches!(standing, Standing::Sealed)
                || matches!(standing, Standing::Git(part) if !matches!(part, Git::Content | Git::Bulk | Git::Sample))
        };
        let (before, after) = (self.bounds.standing(&was), self.bounds.standing(&will));
        if protects(before) {
            let object = std::fs::symlink_metadata(top.join(inner)).map_err(Errno::from)?;
            let id = (
                std::os::unix::fs::MetadataExt::dev(&object),
                std::os::unix::fs::MetadataExt::ino(&object),
            );
            // A pointer leads where it led, see `pins.rs`; it could as well be made anew there.
            let pointer = before == Standing::Git(Git::Top) && object.is_file();
            if !pointer && !self.born.contains(&id) {
                self.note("rename", &was, Why::Protected, "it lies in the directory that is moved");
                return Err(Errno::NOT_PERMITTED);
            }
            // A repository of this run moves as a whole.
            return Ok(!matches!(before, Standing::Git(Git::Top)));
        }
        // What was free to be written must not become what is trusted: the caller may copy it.
        if protects(after)
            || after == Standing::Leads && before != Standing::Leads && is_link(top, inner)
        {
            return Err(Errno::OTHER_DEVICE);
        }
        Ok(true)
    }

    /// `config.lock` takes the place of `config`, as far as its content is harmless. What is put in
    /// place is a fresh file with the content that was judged: somebody may still hold the other.
    fn configure(&mut self, from: &Place, to: &Place, flags: u32) -> Result<Reply> {
        let (old_path, path) = (from.path(), to.path());
        if old_path != [path.as_slice(), b".lock"].concat() {
            self.note("rename", &path, Why::Git, "only its own lock file may replace it");
            return Err(Errno::NOT_PERMITTED);
        }
        let (content, stat) = read(from)?;
        let (old, before) = match read(to) {
            Ok((old, stat)) => (old, Some(stat)),
            Err(Errno::NOT_FOUND) => (Vec::new(), None),
            Err(errno) => return Err(errno),
        };
        let directory = PathBuf::from(std::ffi::OsStr::from_bytes(&to.directory));
        let zone = self.bounds.zone.clone();
        let leads_inside = |tree: &str| {
            super::git::pointer::normal(&directory.join(tree)).is_some_and(|t| t.starts_with(&zone))
        };
        if let Err(offence) = config::check(&content, &old, &leads_inside) {
            let detail = match offence {
                Offence::Unreadable => "it cannot be read as configuration".to_owned(),
                Offence::Setting(name) => format!("it sets {name}"),
            };
            self.note("configure", &path, Why::Git, &detail);
            return Err(Errno::NOT_PERMITTED);
        }
        let born = before.is_none_or(|stat| self.born.contains(&stat.object));
        // Held until it is needed: with the lock file gone there is no way back.
        let spare = self.resolver.own.try_clone().map_err(Errno::from)?;
        at::unlink(from.parent.as_fd(), &from.name, 0)?;
        self.mask(0);
        let make = at::CREATE | at::EXCLUSIVE | at::WRITE_ONLY;
        drop(spare);
        let fresh = at::open(from.parent.as_fd(), &from.name, make, stat.mode & 0o777)?;
        let object = at::stat(fresh.as_fd())?.object;
        File::from(fresh).write_all(&content).map_err(Errno::from)?;
        at::rename(
            Name(from.parent.as_fd(), &from.name),
            Name(to.parent.as_fd(), &to.name),
            flags,
        )?;
        if let Some(stat) = before {
            self.born.remove(&stat.object);
        }
        if born {
            self.born.insert(object);
        } else {
            self.born.remove(&object);
        }
        Ok(Reply::Value(0))
    }
}

fn is_link(top: &Path, inner: &Path) -> bool {
    top.join(inner).is_symlink()
}

/// What a name is, when it moves.
fn kind(stat: &Stat) -> Kind<'static> {
    if stat.is(at::IS_DIRECTORY) {
        Kind::Directory
    } else if stat.is(at::IS_REGULAR) {
        Kind::File
    } else if stat.is(at::IS_LINK) {
        Kind::Link(b"")
    } else {
        Kind::Special
    }
}

/// The content of a regular file, up to what configuration may hold.
fn read(place: &Place) -> Result<(Vec<u8>, Stat)> {
    let flags = at::NO_FOLLOW | at::NON_BLOCKING | at::NO_TERMINAL;
    let fd = at::open(place.parent.as_fd(), &place.name, flags, 0)?;
    let stat = at::stat(fd.as_fd())?;
    if !stat.is(at::IS_REGULAR) {
        return Err(Errno::NOT_PERMITTED);
    }
    let mut content = Vec::new();
    let most = u64::try_from(config::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::from(fd).take(most).read_to_end(&mut content).map_err(Errno::from)?;
    Ok((content, stat))
}

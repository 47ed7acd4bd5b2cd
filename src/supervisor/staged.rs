//! Small files whose content decides whether they may be: git writes them to memory, and they are put in place once they are harmless.
//!
//! Between opening and the next held call of anybody the file is not there yet; git makes such a
//! call after each of them. A content that never becomes harmless is never put in place.

use super::git::pointer;
use super::judge::Why;
use super::open::on_exec;
use super::resolve::{Object, Place};
use super::standing::{Git, Standing};
use super::{Reply, Tools};
use crate::sys::at::{self, Errno, Result};
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// So many may be on their way.
const MAX_STAGED: usize = 64;

/// A file on its way.
#[derive(Debug)]
pub(super) struct Staged {
    place: Place,
    mode: u32,
    memory: File,
}

impl Staged {
    pub(super) fn path(&self) -> Vec<u8> {
        self.place.path()
    }
}

impl Tools {
    /// Opens a file that is not there yet in memory.
    pub(super) fn stage(&mut self, place: &Place, flags: i32, mode: u32) -> Result<Reply> {
        match at::stat_name(place.parent.as_fd(), &place.name) {
            Err(Errno::NOT_FOUND) => {}
            Ok(_) => return Err(Errno::EXISTS),
            Err(errno) => return Err(errno),
        }
        if self.staged.len() >= MAX_STAGED {
            return Err(Errno::NOT_PERMITTED);
        }
        let memory = File::from(at::memory(b"git")?);
        let file = memory.try_clone().map_err(Errno::from)?;
        let parent = place.parent.try_clone().map_err(Errno::from)?;
        let (directory, name) = (place.directory.clone(), place.name.clone());
        let place = Place { parent, directory, name, slashed: false };
        self.staged.push(Staged { place, mode: mode & 0o666, memory });
        Ok(Reply::File(OwnedFd::from(file), on_exec(flags)))
    }

    /// Opens one that is there: what is written to it is judged before it takes effect.
    pub(super) fn stage_existing(
        &mut self,
        thread: i32,
        object: &Object,
        flags: i32,
    ) -> Result<Reply> {
        let anywhere = super::decode::At { directory: at::HERE, text: 0 };
        let base = self.resolver.base(thread, anywhere, &object.path)?;
        let place = self.resolver.place(thread, base, &object.path)?;
        if flags & at::TRUNCATE == 0 || self.staged.len() >= MAX_STAGED {
            self.note("write", &object.path, Why::Git, "only as a whole");
            return Err(Errno::NOT_PERMITTED);
        }
        let memory = File::from(at::memory(b"git")?);
        let file = memory.try_clone().map_err(Errno::from)?;
        let mode = at::stat(object.fd.as_fd())?.mode & 0o666;
        self.staged.push(Staged { place, mode, memory });
        Ok(Reply::File(OwnedFd::from(file), on_exec(flags)))
    }

    /// Puts in place what has become harmless.
    pub(super) fn publish(&mut self) {
        if self.staged.is_empty() {
            return;
        }
        for staged in std::mem::take(&mut self.staged) {
            let content = content(&staged.memory).unwrap_or_default();
            let harmless = self.is_harmless(&staged, &content);
            if !harmless || self.put(&staged, &content).is_err() {
                self.staged.push(staged);
            }
        }
    }

    fn is_harmless(&mut self, staged: &Staged, content: &[u8]) -> bool {
        if self.bounds.standing(&staged.path()) == Standing::Git(Git::Commondir) {
            return pointer::is_common(content);
        }
        // Where it lies now: its directory may have been moved since it was opened.
        let Ok(directory) = self.resolver.real(staged.place.parent.as_fd()) else { return false };
        let directory = Path::new(std::ffi::OsStr::from_bytes(&directory));
        let Some(target) = pointer::target(content, directory) else { return false };
        // No link on the way: one could be made to lead elsewhere later.
        let real = std::fs::canonicalize(&target);
        real.is_ok_and(|real| real == target)
            && pointer::is_guarded(&target, &self.bounds.zone)
            && self.is_repository(&target)
            && self.pins.add(&target, &self.bounds.zone)
    }

    /// Whether configuration and hooks at the target are guarded as such.
    fn is_repository(&self, target: &Path) -> bool {
        let stands = |name: &str| self.bounds.standing(target.join(name).as_os_str().as_bytes());
        stands("config") == Standing::Git(Git::Config)
            && stands("hooks") == Standing::Git(Git::Hooks)
    }

    fn put(&mut self, staged: &Staged, content: &[u8]) -> Result<()> {
        let Place { parent, name, .. } = &staged.place;
        let born = match at::stat_name(parent.as_fd(), name) {
            Ok(stat) if stat.is(at::IS_REGULAR) => {
                at::unlink(parent.as_fd(), name, 0)?;
                self.born.remove(&stat.object)
            }
            Ok(_) => return Err(Errno::EXISTS),
            Err(_) => true,
        };
        self.mask(0);
        let make = at::CREATE | at::EXCLUSIVE | at::WRITE_ONLY;
        let fresh = at::open(parent.as_fd(), name, make, staged.mode)?;
        if born {
            self.born.insert(at::stat(fresh.as_fd())?.object);
        }
        File::from(fresh).write_all(content).map_err(Errno::from)
    }
}

/// What was written to memory so far; the offset, which the writer shares, stays where it is.
fn content(memory: &File) -> std::io::Result<Vec<u8>> {
    let mut content = vec![0; usize::try_from(pointer::MAX_BYTES).unwrap_or(0)];
    let read = memory.read_at(&mut content, 0)?;
    content.truncate(read);
    Ok(content)
}

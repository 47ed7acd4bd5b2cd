//! System V IPC of one run: objects it made may be used, others not, and none outlives it.
//!
//! Ids and commands are in registers, so a call that was judged can be let go on. Objects are made
//! here: whose they are is known from the start.

use super::judge::Why;
use super::{Reply, Tools};
use crate::sys::at::{Errno, Result};
use crate::sys::ipc::{self, Family};
use std::collections::BTreeMap;

/// So many objects a run may have.
const MOST: usize = 1024;

/// Whether an object is still one that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    /// It is.
    Living,
    /// Removed, but attached somewhere: it can still be used by its id until the last has let go.
    Fading,
}

/// The objects of this run. Removes them when dropped.
#[derive(Debug, Default)]
pub(super) struct Objects(BTreeMap<(Family, i32), Life>);

impl Objects {
    /// Removes everything the run made; it is over.
    pub(super) fn remove_all(&mut self) {
        for ((family, id), life) in std::mem::take(&mut self.0) {
            if life == Life::Living {
                // Gone already is as good.
                ipc::remove(family, id).ok();
            }
        }
    }

    /// Whether the object of an id is of this run. What is fading may be gone, and its id another's
    /// by now: then the kernel tells who made it.
    fn has(&self, family: Family, id: i32) -> bool {
        match self.0.get(&(family, id)) {
            Some(Life::Living) => true,
            Some(Life::Fading) => ipc::maker(id) == Ok(own_pid()),
            None => false,
        }
    }

    /// Room for one more; forgets what has faded.
    fn make_room(&mut self) -> Result<()> {
        if self.0.len() >= MOST {
            let own = own_pid();
            self.0.retain(|(_, id), life| *life == Life::Living || ipc::maker(*id) == Ok(own));
        }
        if self.0.len() >= MOST { Err(ipc::NO_SPACE) } else { Ok(()) }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        self.remove_all();
    }
}

fn own_pid() -> i32 {
    i32::try_from(std::process::id()).unwrap_or(0)
}

impl Tools {
    /// shmget(2), semget(2), msgget(2).
    pub(super) fn get_object(
        &mut self,
        family: Family,
        key: i32,
        (size, flags): (u64, i32),
    ) -> Result<Reply> {
        let made = |objects: &mut Objects, id| {
            objects.0.insert((family, id), Life::Living);
            Ok(Reply::Value(i64::from(id)))
        };
        if key == ipc::PRIVATE {
            self.objects.make_room()?;
            let id = ipc::get(family, key, size, flags)?;
            return made(&mut self.objects, id);
        }
        if flags & ipc::CREATE != 0 {
            self.objects.make_room()?;
            match ipc::get(family, key, size, flags | ipc::EXCLUSIVE) {
                Ok(id) => return made(&mut self.objects, id),
                Err(Errno::EXISTS) if flags & ipc::EXCLUSIVE == 0 => {}
                Err(errno) => return Err(errno),
            }
        }
        let id = ipc::get(family, key, size, flags & !(ipc::CREATE | ipc::EXCLUSIVE))?;
        if self.objects.has(family, id) {
            return Ok(Reply::Value(i64::from(id)));
        }
        Err(self.foreign(family, &format!("key {key:#x}"), Errno::ACCESS))
    }

    /// shmat(2), semop(2), msgsnd(2) and their kin.
    pub(super) fn use_object(&mut self, family: Family, id: i32) -> Result<Reply> {
        if self.objects.has(family, id) {
            return Ok(Reply::Continue);
        }
        Err(self.foreign(family, &format!("id {id}"), Errno::ACCESS))
    }

    /// shmctl(2), semctl(2), msgctl(2).
    pub(super) fn control_object(
        &mut self,
        family: Family,
        id: i32,
        command: i32,
    ) -> Result<Reply> {
        if command != ipc::REMOVE {
            if family.concerns_one(command) {
                return self.use_object(family, id);
            }
            // It would list, or name by a place in a table, what is not of this run.
            return Err(self.foreign(family, &format!("command {command}"), Errno::ACCESS));
        }
        if !self.objects.has(family, id) {
            return Err(self.foreign(family, &format!("id {id}"), Errno::NOT_PERMITTED));
        }
        ipc::remove(family, id)?;
        match family {
            Family::Memory => {
                self.objects.0.insert((family, id), Life::Fading);
            }
            Family::Semaphores | Family::Messages => {
                self.objects.0.remove(&(family, id));
            }
        }
        Ok(Reply::Value(0))
    }

    fn foreign(&mut self, family: Family, which: &str, errno: Errno) -> Errno {
        let name = match family {
            Family::Memory => "System V shared memory",
            Family::Semaphores => "System V semaphores",
            Family::Messages => "a System V message queue",
        };
        self.note("use", format!("{name}, {which}").as_bytes(), Why::Foreign, "");
        errno
    }
}

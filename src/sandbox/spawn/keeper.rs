//! The keeper: a small process beside the front that removes the control group of a run, whatever becomes of the others.
//!
//! The guardian cannot: it lives in the policy's Landlock domain, where nothing of the tree of groups
//! may be written. Without a control group there is no keeper.

use crate::sandbox::cgroup::{Counts, Doors, Group};
use crate::sys::process::{self, Alone, Fork, Null};
use crate::sys::signals::{self, Ready as Woken, Watch};
use std::io;
use std::os::fd::{AsFd, OwnedFd};

/// A control group and who removes it.
#[derive(Debug)]
pub(super) struct Keeper {
    group: Group,
    pid: i32,
    /// A byte here says that the run is over.
    line: OwnedFd,
}

impl Keeper {
    /// Starts it, before anything else of the run is there.
    ///
    /// # Errors
    /// No process or pipe can be made; the group is removed then.
    pub(super) fn start(group: Group, alone: &Alone) -> io::Result<Self> {
        let begun = Self::begin(&group, alone);
        let (pid, line) = begun.inspect_err(|_| group.remove())?;
        Ok(Self { group, pid, line })
    }

    fn begin(group: &Group, alone: &Alone) -> io::Result<(i32, OwnedFd)> {
        let front = process::own_pid();
        let null = Null::open()?;
        let (heard, line) = process::pipe()?;
        match process::fork(alone)? {
            Fork::Parent(pid) => Ok((pid, line)),
            Fork::Child(_) => {
                drop(line);
                // Whatever fails here, the group goes: a run without a keeper is none.
                let waited = wait(front, &null, &heard);
                group.remove();
                process::exit_now(i32::from(waited.is_err()));
            }
        }
    }

    /// What the guardian and the command need of the group.
    pub(super) fn doors(&self) -> io::Result<Doors> {
        self.group.doors()
    }

    /// What was counted; then the group is removed, with all that is in it.
    pub(super) fn finish(self) -> Counts {
        let counts = self.group.counts();
        // That nobody hears it is the same as that nobody did it.
        let told = process::write(&self.line, b".").is_ok();
        if !told || process::status_of_child(self.pid) != Some(0) {
            self.group.remove();
        }
        counts
    }
}

/// Until the run is over, or its front is gone.
fn wait(front: i32, null: &Null, heard: &OwnedFd) -> io::Result<()> {
    let watch = Watch::start()?;
    process::die_with_parent(front, signals::parent_death())?;
    // What the terminal sends to the front's group is not meant for it, and its streams are not its own.
    process::join_group(0)?;
    null.replace_input_and_output()?;
    null.replace_error()?;
    loop {
        match watch.wait(Some(heard.as_fd()), None)? {
            Woken::Other | Woken::Closed => return Ok(()),
            Woken::Signal => {
                while let Some(arrival) = watch.next()? {
                    if arrival.signal == signals::parent_death() {
                        return Ok(());
                    }
                }
            }
            Woken::TimeUp => {}
        }
    }
}

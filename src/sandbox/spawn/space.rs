//! Watching the room that is left where a run may write, when its policy says how much must stay. It looks; the front acts.
//!
//! No quota is needed for it, and none is made: whoever fills the disk, the run ends. How soon it is
//! looked at again depends on what is left, so that a fast disk is not full before.

use super::SpawnError;
use crate::sandbox::isolation::{Namespaces, Scene};
use crate::sandbox::mounts;
use crate::sandbox::plan::{Rights, SandboxPlan};
use crate::sys::{file, permission, space};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A file system with less room than must stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cramped {
    /// A path on it where the run may write.
    pub path: PathBuf,
    /// What was left.
    pub free: u64,
}

/// The file systems where a run may write.
#[derive(Debug)]
pub(super) struct Space {
    least: u64,
    places: Vec<(PathBuf, OwnedFd)>,
    next: Instant,
}

/// So much is written in a second at most, is assumed: more than disks do, and many memories.
const FASTEST: u64 = 8 << 30;
const SOONEST: Duration = Duration::from_millis(4);
const LATEST: Duration = Duration::from_millis(250);

/// File systems that have no room of their own, and one that mounts others when it is looked at.
const WITHOUT: [&str; 6] = ["autofs", "cgroup", "cgroup2", "devpts", "proc", "sysfs"];

impl Space {
    /// Opens a place on each file system, before anything is started.
    ///
    /// # Errors
    /// Less room than must stay is left already; a place cannot be opened.
    pub(super) fn watch(plan: &SandboxPlan) -> Result<Option<Self>, SpawnError> {
        let Some(least) = plan.free_space else { return Ok(None) };
        let mut space = Self { least, places: Vec::new(), next: Instant::now() };
        let mut devices = Vec::new();
        for path in written(plan)? {
            let place = match file::open_place(&path) {
                Ok(place) => place,
                Err(error) if is_elsewhere(&error) => continue,
                Err(error) => return Err(SpawnError::Unwatched(path, error)),
            };
            let device = permission::identify(place.as_fd())?.object.0;
            let counted = space::free(place.as_fd());
            if !devices.contains(&device) && counted.is_ok_and(|free| free.is_some()) {
                devices.push(device);
                space.places.push((path, place));
            }
        }
        match space.look() {
            Some(Cramped { path, free }) => Err(SpawnError::Full { path, free, least }),
            None => Ok(Some(space)),
        }
    }

    /// How long until it is to be looked at again.
    pub(super) fn left(&self) -> Duration {
        self.next.saturating_duration_since(Instant::now())
    }

    /// Looks at each; the first that has too little room.
    pub(super) fn look(&mut self) -> Option<Cramped> {
        let mut headroom = u64::MAX;
        let mut cramped = None;
        for (path, place) in &self.places {
            // What cannot be asked any more, such as a mount that is gone, cannot be filled either.
            let Ok(Some(free)) = space::free(place.as_fd()) else { continue };
            headroom = headroom.min(free.saturating_sub(self.least));
            if free < self.least && cramped.is_none() {
                cramped = Some(Cramped { path: path.clone(), free });
            }
        }
        let pause = Duration::from_micros(headroom / (FASTEST / 1_000_000));
        self.next = Instant::now() + pause.clamp(SOONEST, LATEST);
        cramped
    }

    /// Whether so little is left that there is no time to ask.
    pub(super) const fn is_pressing(&self, cramped: &Cramped) -> bool {
        cramped.free < self.least / 2
    }
}

/// Where the run may write: what its rules grant, and what is mounted below.
fn written(plan: &SandboxPlan) -> io::Result<Vec<PathBuf>> {
    let scene = match &plan.namespaces {
        Namespaces::Own(scene) => Some(scene),
        Namespaces::Unasked | Namespaces::Missing(_) => None,
    };
    let later = scene.map_or(&[][..], |scene| scene.rules.as_slice());
    let rules = plan.rules.iter().chain(later);
    let granted = rules.filter(|rule| rule.rights == Rights::Write).map(|rule| rule.path.as_path());
    // What is the run's own has no room of the machine's disks, and a size of its own.
    let is_private = |path: &Path| scene.is_some_and(|scene| Scene::is_private(scene, path));
    let mut paths: Vec<PathBuf> =
        granted.filter(|path| !is_private(path)).map(Path::to_path_buf).collect();
    for mount in mounts::all()? {
        let counts = !WITHOUT.contains(&mount.kind.as_str());
        if counts && paths.iter().any(|path| mount.point.starts_with(path)) {
            paths.push(mount.point);
        }
    }
    Ok(paths)
}

/// Whether nobody of this user can write there: it is not there, or not within reach.
fn is_elsewhere(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory
    )
}

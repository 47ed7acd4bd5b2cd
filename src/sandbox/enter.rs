//! Going into namespaces of one's own, step by step, and trying whether that works. What is to lie there is the plan's word.

use super::isolation::{PROC, Scene};
use super::mounts::{self, Mount};
use super::ruleset::real_path;
use crate::model::support::{Obstacle, Step};
use crate::policy::resolved::below;
use crate::sys::namespace::{self, Ids, User};
use crate::sys::process::{self, Alone, Fork};
use crate::sys::{at, file, permission, signals};
use std::ffi::CString;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Who goes in, and by which door: known before, since inside nobody has a name at first.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    ids: Ids,
    user: User,
}

impl Door {
    /// The door of this process.
    #[must_use]
    pub fn here() -> Self {
        Self { ids: namespace::own_ids(), user: namespace::user_needed() }
    }

    /// Starts a process behind it, which still has to settle in.
    ///
    /// # Errors
    /// That it is shut, with the way to open it.
    pub fn fork(self, alone: &Alone) -> Result<Fork, Obstacle> {
        namespace::fork_into(self.user, alone).map_err(at_step(Step::Start))
    }

    /// Lays out the scene around this process, which is behind the door. Of the machine's /tmp and
    /// /proc it sees nothing any more.
    ///
    /// # Errors
    /// The step that failed. Nothing must be run then.
    pub fn settle(self, scene: &Scene) -> Result<(), Obstacle> {
        if self.user == User::New {
            namespace::keep_ids(self.ids).map_err(at_step(Step::Ids))?;
        }
        namespace::cut_off_mounts().map_err(at_step(Step::Apart))?;
        let kept = take_along(scene)?;
        let mut mounted = Vec::new();
        for (number, top) in scene.fresh.iter().enumerate() {
            // Builds fill /tmp; the others hold little.
            let share = if number == 0 { 50 } else { 25 };
            if mount_fresh(top, share).map_err(at_step(Step::Fresh))? == Mounted::Here {
                mounted.push(top.as_path());
            }
        }
        // Directories on the way to what is kept are to be passable, whatever the mask.
        let mask = at::umask(0o022);
        let placed = kept.iter().try_for_each(Kept::put_back).map_err(at_step(Step::Keep));
        let ours = |path: &&PathBuf| mounted.iter().any(|top| below(path, top));
        let made = scene.made.iter().filter(ours).try_for_each(|path| make_private(path));
        at::umask(mask);
        placed?;
        made.map_err(at_step(Step::Fresh))?;
        // The directory this process stood in may lie below what is private now.
        process::enter_directory(c"/").map_err(at_step(Step::Fresh))?;
        self.renew_proc().map_err(at_step(Step::Proc))
    }

    /// Mounts a /proc of our own, and on it whatever the old one was hidden behind in parts, as
    /// containers do. In a new user namespace the kernel refuses where there is such a thing.
    fn renew_proc(self) -> io::Result<()> {
        let hidden = match self.user {
            User::Same => mounts_below(&mounts::all()?, PROC),
            User::New => Vec::new(),
        };
        let trees: Vec<Kept<'_>> =
            hidden.iter().filter_map(|path| take(path).transpose()).collect::<Result<_, _>>()?;
        namespace::mount_proc()?;
        trees.iter().try_for_each(|tree| {
            match namespace::mount_copy(tree.tree.as_fd(), tree.path) {
                // What belongs to a process that is not seen here.
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                other => other,
            }
        })
    }
}

/// The topmost places below a directory where something is mounted.
fn mounts_below(all: &[Mount], top: &str) -> Vec<PathBuf> {
    let places = all.iter().map(|mount| mount.point.clone());
    let top = Path::new(top);
    let mut found: Vec<_> = places.filter(|place| place != top && below(place, top)).collect();
    found.sort();
    found.dedup_by(|place, above| below(place, above));
    found
}

/// Whether a process can settle in namespaces of its own here, tried in one that ends at once.
///
/// # Errors
/// The step that failed.
pub fn probe() -> Result<(), Obstacle> {
    let broken = at_step(Step::Start);
    let (answer, answer_in) = process::pipe().map_err(broken)?;
    let door = Door::here();
    let alone = Alone::prove().map_err(broken)?;
    let child = match door.fork(&alone)? {
        Fork::Child(_) => {
            let outcome = door.settle(&Scene::usual());
            let step = |obstacle: Obstacle| Step::ALL.iter().position(|s| *s == obstacle.step);
            let told = outcome.err().map_or([0; 5], |obstacle| {
                let [a, b, c, d] = obstacle.errno.to_ne_bytes();
                let number = step(obstacle).and_then(|at| u8::try_from(at + 1).ok());
                [number.unwrap_or(1), a, b, c, d]
            });
            drop(process::write(&answer_in, &told));
            process::exit_now(0);
        }
        Fork::Parent(pid) => pid,
    };
    drop(answer_in);
    let mut told = [0; 5];
    let read = process::read(&answer, &mut told);
    // It has answered, or never will.
    drop(process::signal(child, signals::KILL));
    drop(process::wait_for(child));
    let [number, errno @ ..] = told;
    let failed = usize::from(number).checked_sub(1).and_then(|at| Step::ALL.get(at));
    match (read, failed) {
        (Ok(5), None) => Ok(()),
        (Ok(5), Some(step)) => Err(Obstacle { step: *step, errno: i32::from_ne_bytes(errno) }),
        _ => Err(Obstacle { step: Step::Start, errno: 0 }),
    }
}

/// Something of the machine that is to be found in its place again.
struct Kept<'s> {
    path: &'s Path,
    is_directory: bool,
    tree: OwnedFd,
}

/// Takes what stays along, before something else is mounted over it. What is not there, or is a
/// link to elsewhere, is not granted; but the workspace must be what was judged.
fn take_along(scene: &Scene) -> Result<Vec<Kept<'_>>, Obstacle> {
    let workspace = scene.workspace.iter().map(PathBuf::as_path);
    let mut kept = Vec::new();
    for path in workspace.chain(scene.kept.iter().map(PathBuf::as_path)) {
        match take(path).map_err(at_step(Step::Keep))? {
            Some(found) => kept.push(found),
            None if scene.workspace.as_deref() == Some(path) => {
                return Err(Obstacle { step: Step::Keep, errno: 0 });
            }
            None => {}
        }
    }
    Ok(kept)
}

fn take(path: &Path) -> io::Result<Option<Kept<'_>>> {
    let Ok(place) = file::open_place(path) else { return Ok(None) };
    if real_path(&place).as_deref() != Some(path) {
        return Ok(None);
    }
    let is_directory = permission::identify(place.as_fd())?.directory;
    Ok(Some(Kept { path, is_directory, tree: namespace::copy_of(place.as_fd())? }))
}

impl Kept<'_> {
    fn put_back(&self) -> io::Result<()> {
        if let Some(above) = self.path.parent() {
            std::fs::create_dir_all(above)?;
        }
        if self.is_directory {
            std::fs::create_dir(self.path)?;
        } else {
            std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.path)?;
        }
        namespace::mount_copy(self.tree.as_fd(), self.path)
    }
}

/// Whether something is mounted at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mounted {
    Here,
    /// A machine without that directory: there is nothing to be kept apart.
    Nowhere,
}

fn mount_fresh(top: &Path, share: u8) -> io::Result<Mounted> {
    let top = CString::new(top.as_os_str().as_bytes()).map_err(io::Error::other)?;
    match namespace::mount_memory(&top, share) {
        Ok(()) => Ok(Mounted::Here),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Mounted::Nowhere),
        Err(error) => Err(error),
    }
}

fn make_private(path: &Path) -> io::Result<()> {
    if let Some(above) = path.parent() {
        std::fs::create_dir_all(above)?;
    }
    match std::fs::DirBuilder::new().mode(0o700).create(path) {
        // `TMPDIR` may be spelt in more than one way.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

fn at_step(step: Step) -> impl Fn(io::Error) -> Obstacle + Copy {
    move |error| Obstacle { step, errno: error.raw_os_error().unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::mounts_below;
    use crate::sandbox::mounts;
    use std::path::PathBuf;

    #[test]
    fn what_hides_parts_of_proc_is_found_once() {
        let text = "22 1 0:21 / /proc rw shared:5 - proc proc rw\n\
                    30 22 0:25 /null /proc/kcore rw - devtmpfs devtmpfs rw\n\
                    31 22 0:21 /sys /proc/sys ro - proc proc rw\n\
                    32 31 0:30 / /proc/sys/fs/binfmt_misc rw - binfmt_misc x rw\n\
                    33 1 0:31 / /process rw - tmpfs tmpfs rw\n";
        let all: Vec<_> = text.lines().filter_map(|line| mounts::read(line.as_bytes())).collect();
        let found = mounts_below(&all, "/proc");
        assert_eq!(found, [PathBuf::from("/proc/kcore"), PathBuf::from("/proc/sys")]);
    }
}

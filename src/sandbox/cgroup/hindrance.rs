//! Why a run cannot have a control group of its own here, and what to do about it. Nothing is looked at.

use super::Controller;
use std::fmt::{Display, Formatter};
use std::io;
use std::path::PathBuf;

/// What is in the way of a control group.
#[derive(Debug)]
pub enum Hindrance {
    /// There is no cgroup v2 on this machine, or none is mounted here.
    NotMounted,
    /// The group of this process, by this path, is not among what is mounted.
    OutOfSight(String),
    /// The controller belongs to cgroup v1.
    Version1(Controller),
    /// No group from this one up is given the controller.
    Lacks(Controller, PathBuf),
    /// This group, and those above, are not this user's.
    NotDelegated(PathBuf),
    /// Other processes are in this group.
    Crowded(PathBuf),
    /// The kernel keeps nobody from writing to control groups.
    Unwalled,
    /// The policy lets commands write where control groups are, by this path.
    Writable(PathBuf),
    /// A step failed on a file.
    Failed(&'static str, PathBuf, io::Error),
}

/// How to get a group of one's own where systemd gives them.
const SCOPE: &str = "start it with `systemd-run --user --scope -p Delegate=yes stockade run ...`, as the \
    only process of a container with a writable /sys/fs/cgroup, or as root";

impl Display for Hindrance {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotMounted => f.write_str(
                "no cgroup v2 is mounted here (/sys/fs/cgroup); it needs Linux 4.15 or later with \
                 cgroup v2, as systemd and container runtimes mount it by default",
            ),
            Self::OutOfSight(own) => write!(
                f,
                "the control group of this process ({own}) lies outside what is mounted here; \
                 mount cgroup v2 where it can be seen"
            ),
            Self::Version1(controller) => {
                let name = controller.as_str();
                write!(
                    f,
                    "the {name} controller is bound to cgroup v1 here; boot with \
                     `systemd.unified_cgroup_hierarchy=1` or `cgroup_no_v1={name}`"
                )
            }
            Self::Lacks(controller, own) => write!(
                f,
                "the {} controller is passed on to no group at or above {} that could be \
                 divided; {SCOPE}",
                controller.as_str(),
                own.display()
            ),
            Self::NotDelegated(own) => write!(
                f,
                "no delegated control group: {} and those above cannot be written; {SCOPE}",
                own.display()
            ),
            Self::Crowded(own) => write!(
                f,
                "other processes are in the control group {}, so it cannot be divided, and none above \
                 can be; {SCOPE}",
                own.display()
            ),
            Self::Unwalled => f.write_str(
                "the command could lift it: keeping it from control groups needs Landlock \
                 and seccomp filters, and this kernel offers not both",
            ),
            Self::Writable(path) => write!(
                f,
                "the command could lift it: the profile lets it write {}, where control groups \
                 are; take that out of `files.write`",
                path.display()
            ),
            Self::Failed(task, path, error) => {
                write!(f, "could not {task} ({}): {error}", path.display())
            }
        }
    }
}

impl std::error::Error for Hindrance {}

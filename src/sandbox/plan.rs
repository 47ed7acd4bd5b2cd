//! Everything the child will have applied, as plain data that can be printed, compared and journalled.

use super::cgroup::Totals;
use super::isolation::Namespaces;
use crate::model::support::{Enforcement, Promise};
use crate::policy::ports::Ports;
use crate::policy::resolved::{Network, UnixSockets};
use crate::sys::limits::Limit;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// What may be done at and below a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rights {
    /// Directories are listed.
    List,
    /// Read, list, execute.
    Read,
    /// A device: read, write, ioctl.
    Device,
    /// Everything but making devices and device ioctls.
    Write,
}

/// One Landlock rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// At and below this path.
    pub path: PathBuf,
    /// This may be done.
    pub rights: Rights,
}

/// What the command is and what it starts with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The file that is executed.
    pub program: PathBuf,
    /// Its argument vector, its own name first.
    pub argv: Vec<OsString>,
    /// Its directory.
    pub cwd: PathBuf,
}

/// Whether opens for reading are held as well, to note those that are refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reads {
    /// They are Landlock's alone, which costs nothing.
    #[default]
    Unwatched,
    /// They are looked at and go on: Landlock stays the judge.
    Watched,
}

/// The whole plan of one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxPlan {
    /// What runs.
    pub command: Command,
    /// With which environment, sorted by name.
    pub environment: Vec<(OsString, OsString)>,
    /// Which variables were held back; names only.
    pub withheld: Vec<OsString>,
    /// The Landlock ABI the rules are made for; 0 for none.
    pub landlock_abi: u32,
    /// What of the file system is granted.
    pub rules: Vec<Rule>,
    /// The workspace as it was judged: the rule that grants it must open this very path.
    pub workspace: PathBuf,
    /// A directory that no rule may reach, by whatever link: stockade's own state.
    pub sealed: Option<PathBuf>,
    /// The network.
    pub network: Network,
    /// Ports of TCP; every port where there is no network.
    pub ports: Ports,
    /// Sockets of the file system.
    pub unix_sockets: UnixSockets,
    /// Whether the seccomp filter is installed.
    pub seccomp: bool,
    /// Whether it holds the calls that change names and metadata, to be judged one by one.
    pub supervised: bool,
    /// Whether it holds opens for reading as well.
    pub reads: Reads,
    /// Whether opens that only read are held as well, because names are hidden.
    pub hides: bool,
    /// Resource limits.
    pub limits: Vec<(Limit, u64)>,
    /// How long it may run.
    pub wall: Option<Duration>,
    /// How many bytes it may print, on standard output and on standard error each.
    pub output: Option<u64>,
    /// What it may use as a whole, in a control group of its own.
    pub totals: Totals,
    /// How many bytes stay free where it may write.
    pub free_space: Option<u64>,
    /// Whether it gets namespaces of its own, and what lies in them.
    pub namespaces: Namespaces,
    /// How well each promise is held.
    pub promises: BTreeMap<Promise, Enforcement>,
}

//! The merged, resolved, immutable whole: every variable filled in, every layer folded.

use crate::model::support::Promise;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// A directory or file that is granted, with what is left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Absolute path; everything at and below it is meant.
    pub path: PathBuf,
    /// Paths at or below it that are not granted.
    pub except: Vec<PathBuf>,
}

/// What of the file system is granted. What is not named is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// May be read and executed.
    pub read: Vec<Root>,
    /// May also be changed in every way.
    pub write: Vec<Root>,
    /// Device files that may be read, written and sent ioctls.
    pub devices: Vec<PathBuf>,
    /// Cache directories that are made (mode 0700) when missing, so that tools find them writable.
    pub create: Vec<PathBuf>,
}

/// How much network there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// The machine's own network, all of it.
    Host,
    /// No socket but those between processes of the run.
    None,
}

/// Whether sockets of the file system (docker.sock, D-Bus, an ssh-agent) can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnixSockets {
    /// Every socket the person may connect to: whoever listens there acts outside the sandbox.
    Host,
    /// Socket pairs only: nothing outside the run can be asked to do something.
    None,
}

/// Which variables reach the command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Names or globs that pass.
    pub pass: Vec<String>,
    /// Names or globs that never pass, whatever `pass` says.
    pub drop: Vec<String>,
    /// Variables set in any case.
    pub set: BTreeMap<String, String>,
}

/// Bounds of the run; `None` leaves what the person has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// Processes of this user (`RLIMIT_NPROC`).
    pub processes: Option<u64>,
    /// Open descriptors a process (`RLIMIT_NOFILE`).
    pub open_files: Option<u64>,
    /// Bytes of one file (`RLIMIT_FSIZE`).
    pub file_size: Option<u64>,
    /// Bytes of a core dump (`RLIMIT_CORE`).
    pub core: Option<u64>,
    /// Bytes of address space a process (`RLIMIT_AS`).
    pub memory: Option<u64>,
    /// Seconds of processor time a process (`RLIMIT_CPU`).
    pub cpu_seconds: Option<u64>,
    /// Seconds on the wall clock; the run ends with status 124.
    pub wall_seconds: Option<u64>,
}

/// Everything that holds for a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The name of the built-in or user profile it began with.
    pub profile: String,
    /// Which files had a say, strongest first, as a person would name them.
    pub layers: Vec<String>,
    /// The file system.
    pub files: Files,
    /// The network.
    pub network: Network,
    /// Sockets of the file system.
    pub unix_sockets: UnixSockets,
    /// The environment.
    pub environment: Environment,
    /// Resource bounds.
    pub limits: Limits,
    /// Promises without which nothing runs.
    pub require: BTreeSet<Promise>,
}

//! One layer as written: what a profile, the managed, the user's or a project's file says, before any merging.

use super::error::At;
use super::ports::Ports;
use super::resolved::{Isolate, Network, UnixSockets};
use super::rule::{Rule, Text};
use super::variables::Person;
use crate::model::decision::Decision;
use crate::model::support::Promise;
use std::borrow::Cow;

/// A list that is static in the generated tables and owned in what is read from files.
pub type List<T> = Cow<'static, [T]>;

/// Which sort of file a layer comes from; it decides which keys have a place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A profile: built in, the user's own, or a file named by hand.
    Profile,
    /// The user's settings.
    User,
    /// The settings of whoever manages the machine.
    Managed,
    /// The project's file, which may only narrow.
    Project,
}

/// One layer as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Which sort of file it is.
    pub kind: Kind,
    /// The file as a person would name it, or `built-in NAME`.
    pub file: Text,
    /// Its name.
    pub name: Option<Text>,
    /// One line that says what it is for.
    pub about: Option<Text>,
    /// The profile it begins with.
    pub extends: Option<Text>,
    /// The file system.
    pub files: FilesWritten,
    /// The network.
    pub network: Option<Network>,
    /// Ports of TCP.
    pub ports: Ports,
    /// Sockets of the file system.
    pub unix_sockets: Option<UnixSockets>,
    /// Namespaces.
    pub isolate: Option<Isolate>,
    /// The environment.
    pub environment: EnvironmentWritten,
    /// Bounds; `None` inside lifts one.
    pub limits: List<(Limit, Option<u64>)>,
    /// Promises without which nothing runs.
    pub require: Option<List<Promise>>,
    /// The judge's rules.
    pub judge: JudgeWritten,
    /// What only settings files say.
    pub settings: SettingsWritten,
    /// Which keys it sets, and where: for complaints that come later.
    pub stated: Vec<(String, At)>,
}

impl Profile {
    /// A layer that says nothing.
    #[must_use]
    pub fn empty(kind: Kind, file: Text) -> Self {
        Self {
            kind,
            file,
            name: None,
            about: None,
            extends: None,
            files: FilesWritten::default(),
            network: None,
            ports: Ports::EVERY,
            unix_sockets: None,
            isolate: None,
            environment: EnvironmentWritten::default(),
            limits: List::default(),
            require: None,
            judge: JudgeWritten::default(),
            settings: SettingsWritten::default(),
            stated: Vec::new(),
        }
    }

    /// Where a key or anything below it is set in this layer.
    #[must_use]
    pub fn where_set(&self, key: &str) -> Option<&(String, At)> {
        self.stated.iter().find(|(set, _)| {
            set.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }
}

impl Entry {
    /// A path that is granted whole, to everybody.
    #[must_use]
    pub const fn whole(path: &'static str) -> Self {
        Self { path: Cow::Borrowed(path), except: Cow::Borrowed(&[]), only: None, why: None }
    }
}

/// One granted path as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The path, perhaps beginning with a variable.
    pub path: Text,
    /// What is left out, relative to it.
    pub except: List<Text>,
    /// Whom it is meant for; `None` is everybody.
    pub only: Option<Person>,
    /// Why, for people.
    pub why: Option<Text>,
}

/// In `unprotect` and `unhide`: every name of the weaker layers.
pub(super) const EVERYTHING: &str = "*";

/// `[files]` as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesWritten {
    /// Granted for reading and execution.
    pub read: List<Entry>,
    /// Granted for every change.
    pub write: List<Entry>,
    /// Granted device files.
    pub devices: List<Entry>,
    /// Sockets of others that may be reached.
    pub sockets: List<Text>,
    /// Directories made when missing.
    pub create: List<Entry>,
    /// Neither read nor written, whatever weaker layers grant.
    pub deny: List<Text>,
    /// Not written, whatever weaker layers grant; what could be written can still be read.
    pub readonly: List<Text>,
    /// Names that are protected at any depth of the workspace.
    pub protect: List<Text>,
    /// Names that weaker layers protect and that are free again.
    pub unprotect: List<Text>,
    /// Directories below which no protected name counts.
    pub protect_except: List<Text>,
    /// Names whose content is not read, at any depth of what may be written.
    pub hide: List<Text>,
    /// Names among those that are free.
    pub unhide: List<Text>,
}

/// `[environment]` as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvironmentWritten {
    /// Names or patterns that pass.
    pub pass: List<Text>,
    /// Names or patterns that never pass.
    pub drop: List<Text>,
    /// Names or patterns that pass although a weaker layer drops them.
    pub keep: List<Text>,
    /// Variables set in any case.
    pub set: List<(Text, Text)>,
}

/// `[judge]` as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JudgeWritten {
    /// What holds for an effect that no rule speaks of.
    pub otherwise: Option<Decision>,
    /// Rules of weaker layers that do not hold.
    pub off: List<Text>,
    /// Its own rules.
    pub rules: List<Rule>,
}

/// What only settings files say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsWritten {
    /// The profile used when none is named.
    pub profile: Option<Text>,
    /// Keys that weaker layers may not set.
    pub pin: List<Text>,
    /// The only profiles that may be used.
    pub profiles: Option<List<Text>>,
}

/// The bounds a profile may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Processes of this user.
    Processes,
    /// Open descriptors a process.
    OpenFiles,
    /// Bytes of one file.
    FileSize,
    /// Bytes of a core dump.
    Core,
    /// Bytes of address space a process.
    Memory,
    /// Processor time a process.
    CpuTime,
    /// Time on the wall clock.
    WallTime,
    /// Bytes on standard output, and on standard error.
    Output,
    /// Bytes of memory of the run as a whole.
    TotalMemory,
    /// Processes and threads of the run as a whole.
    TotalProcesses,
    /// Processors the run as a whole may keep busy, in thousandths.
    Cpu,
    /// Bytes that stay free where the run may write.
    FreeSpace,
}

/// How the value of a limit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A plain number.
    Count,
    /// A size.
    Bytes,
    /// A span of time.
    Seconds,
    /// A number of processors, kept in thousandths.
    Processors,
}

impl Limit {
    /// Every limit with its key and unit.
    pub const ALL: &'static [(Self, &'static str, Unit)] = &[
        (Self::Processes, "processes", Unit::Count),
        (Self::OpenFiles, "open_files", Unit::Count),
        (Self::FileSize, "file_size", Unit::Bytes),
        (Self::Core, "core", Unit::Bytes),
        (Self::Memory, "memory", Unit::Bytes),
        (Self::CpuTime, "cpu_time", Unit::Seconds),
        (Self::WallTime, "wall_time", Unit::Seconds),
        (Self::Output, "output", Unit::Bytes),
        (Self::TotalMemory, "total_memory", Unit::Bytes),
        (Self::TotalProcesses, "total_processes", Unit::Count),
        (Self::Cpu, "cpu", Unit::Processors),
        (Self::FreeSpace, "free_space", Unit::Bytes),
    ];

    /// The stricter of two bounds: the lower one, but of what stays free the higher one.
    #[must_use]
    pub fn stricter(self, one: u64, other: u64) -> u64 {
        match self {
            Self::FreeSpace => one.max(other),
            _ => one.min(other),
        }
    }
}

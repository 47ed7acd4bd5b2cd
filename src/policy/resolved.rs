//! The merged, resolved, immutable whole: every variable filled in, every layer folded.

use super::hidden::Hidden;
use super::ports::Ports;
use super::profile::Kind;
use super::rule::{Rule, glob};
use crate::model::decision::Decision;
use crate::model::support::Promise;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A directory or file that is granted, with what is left out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Absolute path; everything at and below it is meant.
    pub path: PathBuf,
    /// Paths at or below it that are not granted.
    pub except: Vec<PathBuf>,
}

impl Root {
    /// Whether a path lies at or below the root and is not left out.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        below(path, &self.path) && !self.except.iter().any(|left| below(path, left))
    }
}

/// Whether a path is another or lies below it. Both are normal (absolute, each part once), so
/// that bytes can be compared: far faster than part by part.
#[must_use]
pub fn below(path: &Path, top: &Path) -> bool {
    let (path, top) = (path.as_os_str().as_encoded_bytes(), top.as_os_str().as_encoded_bytes());
    let top = if top == b"/" { &[][..] } else { top };
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
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
    /// Sockets of others that may be reached where a run has sockets of its own.
    pub sockets: Vec<PathBuf>,
    /// Cache directories that are made (mode 0700) when missing, so that tools find them writable.
    pub create: Vec<PathBuf>,
    /// Names that are protected at any depth of the workspace, whether or not they are there: parts
    /// joined by `/`, in which one `*` stands for any run of characters. `.git` stands for what git
    /// would run or read as configuration, and leaves the rest of a repository free.
    pub protect: Vec<String>,
    /// Directories below which no protected name counts, but `.git`.
    pub protect_except: Vec<String>,
    /// Names whose content is not read wherever something may be written, there yet or not.
    pub hidden: Hidden,
}

impl Files {
    /// Whether a path is one whose content nobody reads. Hidden names count everywhere but in what
    /// is only granted for reading: a place that no root names, as a workspace that was renamed, is
    /// no way around.
    #[must_use]
    pub fn hides(&self, path: &Path) -> bool {
        if self.hidden.is_empty() {
            return false;
        }
        let holds = |path: &Path| self.hidden.holds(path.as_os_str().as_encoded_bytes());
        // The names of what holds the place are its own affair.
        let within = self.write.iter().filter_map(|root| path.strip_prefix(&root.path).ok());
        match within.min_by_key(|rest| rest.as_os_str().len()) {
            Some(rest) => holds(rest),
            None => holds(path) && !self.read.iter().any(|root| below(path, &root.path)),
        }
    }
}

/// How much network there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Network {
    /// The machine's own network, all of it.
    Host,
    /// TCP with this machine itself: nothing leaves it, and nobody else comes in.
    Loopback,
    /// No socket but those between processes of the run.
    #[default]
    None,
}

/// Whether sockets of the file system (docker.sock, D-Bus, an ssh-agent) can be reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnixSockets {
    /// Every socket the person may connect to: whoever listens there acts outside the sandbox.
    Host,
    /// Those this run makes itself, and those that are granted by name ([`Files::sockets`]); so with
    /// System V IPC, of which there is none otherwise.
    Own,
    /// Socket pairs only: nothing outside the run can be asked to do something.
    #[default]
    None,
}

/// Whether the run gets namespaces of its own: no sight of other processes, a private /tmp.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isolate {
    /// No: nothing here needs them, and many machines have none.
    #[default]
    Never,
    /// Where the machine has them; the journal says when it has not.
    WhenPossible,
    /// Nothing runs without.
    Required,
}

/// Which variables reach the command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Names or globs that pass.
    pub pass: Vec<String>,
    /// Names or globs that never pass, whatever `pass` says.
    pub drop: Vec<String>,
    /// Exceptions from the first so many entries of `drop`: [`Environment::passes`] weighs them.
    pub keep: Vec<Keep>,
    /// Variables set in any case.
    pub set: BTreeMap<String, String>,
}

impl Environment {
    /// Whether a variable of this name reaches the command.
    #[must_use]
    pub fn passes(&self, name: &str) -> bool {
        self.sieve().passes(name)
    }

    /// The rules made ready for many names.
    #[must_use]
    pub fn sieve(&self) -> Sieve<'_> {
        Sieve { rules: self, drop: self.drop.iter().map(|drop| characters(drop)).collect() }
    }
}

/// The rules of an environment, made ready for many names: a hundred globs against each of fifty
/// variables were an eighth of a launch. One fits only a name that has all its characters.
#[derive(Debug)]
pub struct Sieve<'e> {
    rules: &'e Environment,
    drop: Vec<u64>,
}

impl Sieve<'_> {
    /// Whether a variable of this name reaches the command.
    #[must_use]
    pub fn passes(&self, name: &str) -> bool {
        let Environment { pass, drop, keep, .. } = self.rules;
        let had = characters(name);
        let kept = |at: usize| keep.iter().any(|keep| at < keep.over && glob(&keep.name, name));
        let mut drops = drop.iter().zip(&self.drop).enumerate();
        pass.iter().any(|pass| glob(pass, name))
            && !drops
                .any(|(at, (glob_, asked))| asked & !had == 0 && glob(glob_, name) && !kept(at))
    }
}

/// Which characters a text has, as a set of 64; those of a glob that stand for others are no asset.
fn characters(text: &str) -> u64 {
    let plain = text.bytes().filter(|byte| !matches!(byte, b'*' | b'?'));
    plain.fold(0, |set, byte| set | 1 << (byte & 63))
}

/// An exception from weaker layers' `drop`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// A name or glob.
    pub name: String,
    /// How many entries of `drop`, from the first, it overrules: those of its own and of weaker layers.
    pub over: usize,
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
    /// Bytes on standard output, and on standard error.
    pub output: Option<u64>,
    /// Bytes of memory of the run as a whole.
    pub total_memory: Option<u64>,
    /// Processes and threads of the run as a whole.
    pub total_processes: Option<u64>,
    /// Processors the run as a whole may keep busy, in thousandths.
    pub cpu: Option<u64>,
    /// Bytes that stay free where the run may write: below them it ends.
    pub free_space: Option<u64>,
}

/// A rule of the judge with its paths resolved and its rank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The rule as written.
    pub rule: Cow<'static, Rule>,
    /// Its layer, from the weakest (0): an `allow` silences rules of lower rank only.
    pub rank: usize,
    /// Which sort of layer: a project's rule adds to what is said and never stands in for it.
    pub from: Kind,
    /// `path` of the rule, resolved.
    pub path: Vec<PathBuf>,
    /// `covers` of the rule, resolved.
    pub covers: Vec<PathBuf>,
}

/// The judge's part of a policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judge {
    /// Every rule that holds, the weakest layer first.
    pub rules: Vec<Placed>,
    /// What holds for an effect that no rule speaks of.
    pub otherwise: Decision,
}

/// Which layer each entry came from: indices into [`Policy::layers`], in the order of the entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins {
    /// Of `files.read`.
    pub read: Vec<usize>,
    /// Of `files.write`.
    pub write: Vec<usize>,
    /// Of `files.devices`.
    pub devices: Vec<usize>,
    /// Of `files.sockets`.
    pub sockets: Vec<usize>,
    /// Of `files.create`.
    pub create: Vec<usize>,
    /// Of `environment.pass`.
    pub pass: Vec<usize>,
    /// Of `environment.drop`.
    pub drop: Vec<usize>,
    /// Of `environment.keep`.
    pub keep: Vec<usize>,
    /// Of `unix_sockets`.
    pub unix_sockets: usize,
    /// Of `isolate`.
    pub isolate: usize,
    /// Of `network`.
    pub network: usize,
}

/// Everything that holds for a run. The default grants nothing and requires nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The name of the built-in or user profile it began with.
    pub profile: String,
    /// Which files had a say, strongest first, as a person would name them.
    pub layers: Vec<String>,
    /// The file system.
    pub files: Files,
    /// The network.
    pub network: Network,
    /// Ports of TCP.
    pub ports: Ports,
    /// Sockets of the file system.
    pub unix_sockets: UnixSockets,
    /// Namespaces; what is required may ask for more: see [`Policy::isolation`].
    pub isolate: Isolate,
    /// The environment.
    pub environment: Environment,
    /// Resource bounds.
    pub limits: Limits,
    /// Promises without which nothing runs.
    pub require: BTreeSet<Promise>,
    /// How effects, findings and gaps are judged.
    pub judge: Judge,
    /// Which layer each entry came from.
    pub origins: Origins,
}

impl Policy {
    /// Whether the run gets namespaces of its own, all that was said about it taken together.
    #[must_use]
    pub fn isolation(&self) -> Isolate {
        match self.require.contains(&Promise::Private) {
            true => Isolate::Required,
            false => self.isolate,
        }
    }
}

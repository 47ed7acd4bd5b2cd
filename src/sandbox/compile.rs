//! `Policy` x what is asked x `Support` -> `SandboxPlan`, or a refusal that says which promise cannot be kept.

use super::cgroup::Totals;
use super::environment::scrub;
use super::expand::{Tree, expand};
use super::filter::table::{Circumstances, Opens};
use super::isolation::Namespaces;
use super::network;
use super::plan::{Command, Reads, Rights, Rule, SandboxPlan};
use super::presence::{Presence, above};
use crate::model::invocation::Invocation;
use crate::model::support::{Enforcement, Promise, Support};
use crate::policy::resolved::{Files, Limits, Network, Policy, Root, UnixSockets};
use crate::sys::limits::Limit;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

/// The newest Landlock ABI whose every right this program knows how to grant.
///
/// Newer kernels are used as this one. ABI 8 brings no right; 9 brings connecting to sockets of the
/// file system (`ResolveUnix`), 10 UDP: both are the filter's business here, and a right that is
/// handled must be granted wherever a profile says `"host"`, which was never tried on a kernel that
/// has them. Should this number grow, they stay unhandled until somebody decides otherwise in
/// `ruleset.rs`: nothing that is granted today is lost by it.
const NEWEST_KNOWN_ABI: u32 = 7;

/// A promise that the policy requires and this machine cannot keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsupported {
    /// The promise.
    pub promise: Promise,
    /// What is missing, what that means, and how to get it.
    pub why: &'static str,
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the policy requires `{}`, which this machine cannot keep: ",
            self.promise.as_str()
        )?;
        f.write_str(self.why)
    }
}

impl std::error::Error for Unsupported {}

/// Makes the plan of one run. Asks the file system only what surrounds the holes of its roots.
///
/// # Errors
/// The first required promise that cannot be kept, or only with a hole that is no promise itself.
pub fn compile(
    policy: &Policy,
    command: Command,
    invocation: &Invocation,
    support: Support,
    tree: &dyn Tree,
) -> Result<SandboxPlan, Unsupported> {
    let places = &invocation.places;
    let mut namespaces = Namespaces::of(policy.isolation(), &policy.files, places, support);
    let mut promises: BTreeMap<Promise, Enforcement> =
        Promise::ALL.iter().map(|promise| (*promise, enforcement(*promise, support))).collect();
    if network::is_unheld(policy, support) {
        promises.insert(Promise::Network, Enforcement::Missing);
    }
    match namespaces.enforcement() {
        Some(enforcement) => promises.insert(Promise::Private, enforcement),
        None => promises.remove(&Promise::Private),
    };
    keeps(policy, support, &promises)?;
    let ports = network::ports(policy, support)?;
    let supervised = asks_for_supervision(policy)
        && enforcement(Promise::Protected, support) == Enforcement::Full;
    let mut rules = rules(&namespaces.without_holes(&policy.files), &places.home, tree);
    namespaces.take_rules(&mut rules);
    let scrubbed = scrub(&policy.environment, &invocation.env);
    Ok(SandboxPlan {
        command,
        environment: scrubbed.passed,
        withheld: scrubbed.withheld,
        landlock_abi: support.landlock_abi.min(NEWEST_KNOWN_ABI),
        rules,
        workspace: places.workspace.clone(),
        sealed: None,
        network: match policy.network {
            // Their sockets are made for them, or there are none.
            Network::Loopback if !supervised => Network::None,
            network => network,
        },
        ports,
        unix_sockets: match policy.unix_sockets {
            // Which sockets are the run's own is judged one by one, or there are none.
            UnixSockets::Own if !supervised => UnixSockets::None,
            sockets => sockets,
        },
        seccomp: support.seccomp_filter,
        supervised,
        reads: Reads::Unwatched,
        hides: !policy.files.hidden.is_empty(),
        limits: limits(&policy.limits),
        output: policy.limits.output,
        totals: totals(&policy.limits),
        free_space: policy.limits.free_space,
        wall: policy.limits.wall_seconds.map(Duration::from_secs),
        namespaces,
        promises,
    })
}

/// Refuses where a promise that is required is not kept.
fn keeps(
    policy: &Policy,
    support: Support,
    promises: &BTreeMap<Promise, Enforcement>,
) -> Result<(), Unsupported> {
    for promise in &policy.require {
        let enough = match promises.get(promise) {
            Some(Enforcement::Full) => true,
            // A hole with a name of its own is required by that name.
            Some(Enforcement::Partial) => named_hole(*promise).is_some(),
            Some(Enforcement::Missing) | None => false,
        };
        if !enough {
            let why = match promise {
                Promise::Network if support.seccomp_filter => network::UNHELD,
                other => why(*other, support),
            };
            return Err(Unsupported { promise: *promise, why });
        }
    }
    // What is hidden is not shown where nobody can hide it, whatever is required.
    if !policy.files.hidden.is_empty()
        && promises.get(&Promise::Protected) != Some(&Enforcement::Full)
    {
        let promise = Promise::Protected;
        return Err(Unsupported { promise, why: why(promise, support) });
    }
    Ok(())
}

/// What decides which system calls are refused and held under a policy, where the machine can do all.
#[must_use]
pub fn circumstances(policy: &Policy) -> Circumstances {
    let opens = if policy.files.hidden.is_empty() { Opens::Changing } else { Opens::Hiding };
    let supervisor = asks_for_supervision(policy).then_some(opens);
    let (network, unix_sockets) = (policy.network, policy.unix_sockets);
    Circumstances { network, unix_sockets, supervisor }.settled()
}

/// Whether the policy has anything for a supervisor to do. One that has not leaves system calls
/// alone, so that another stockade can run inside: a second supervisor is refused by the kernel.
fn asks_for_supervision(policy: &Policy) -> bool {
    let promised = [Promise::Protected, Promise::Metadata];
    !policy.files.protect.is_empty()
        || policy.unix_sockets == UnixSockets::Own
        || network::asks_for_supervision(policy)
        || !policy.files.hidden.is_empty()
        || promised.iter().any(|p| policy.require.contains(p))
}

/// How well a promise can be kept with what a machine offers.
#[must_use]
pub fn enforcement(promise: Promise, support: Support) -> Enforcement {
    let full_if = |there: bool| if there { Enforcement::Full } else { Enforcement::Missing };
    match promise {
        Promise::Reads => full_if(support.landlock_abi >= 1),
        // Without truncation, what may only be read can still be cut to nothing.
        Promise::Writes => match support.landlock_abi {
            0 => Enforcement::Missing,
            1 | 2 => Enforcement::Partial,
            _ => Enforcement::Full,
        },
        Promise::Truncate => full_if(support.landlock_abi >= 3),
        Promise::Devices => full_if(support.landlock_abi >= 5),
        // Any domain keeps traces and memory inside; signals and abstract sockets need ABI 6,
        // limits and shared memory the filter.
        Promise::Isolation => match (support.landlock_abi, support.seccomp_filter) {
            (0, _) => Enforcement::Missing,
            (6.., true) => Enforcement::Full,
            _ => Enforcement::Partial,
        },
        Promise::Network | Promise::Kernel => full_if(support.seccomp_filter),
        // What is carried out for a command must be bounded as the command is: by Landlock.
        Promise::Protected | Promise::Metadata => full_if(
            support.user_notification && support.seccomp_filter && support.landlock_abi >= 1,
        ),
        Promise::Cleanup => full_if(support.proc_children),
        Promise::Private => full_if(support.namespaces == Some(Ok(()))),
        Promise::Journal => Enforcement::Full,
    }
}

/// The promise that closes the only hole of another, if that is one by itself: who requires the one
/// and not the other accepts the hole.
const fn named_hole(promise: Promise) -> Option<Promise> {
    match promise {
        Promise::Writes => Some(Promise::Truncate),
        _ => None,
    }
}

/// What is missing when a promise cannot be kept wholly, and how to get it.
#[must_use]
pub const fn why(promise: Promise, support: Support) -> &'static str {
    match promise {
        Promise::Writes if support.landlock_abi > 0 => {
            "kept but for truncation: Landlock here is older than ABI 3, so that files which may \
             only be read can be cut to nothing; it needs Linux 6.2"
        }
        Promise::Isolation if support.landlock_abi >= 6 => {
            "kept but for limits and shared memory of processes outside, which the filter closes: \
             this kernel offers no seccomp filters; it needs CONFIG_SECCOMP_FILTER=y, and a \
             container runtime that lets seccomp(2) through"
        }
        Promise::Isolation if support.landlock_abi > 0 => {
            "kept but for signals and abstract sockets: Landlock here is older than ABI 6; it needs \
             Linux 6.12"
        }
        Promise::Reads | Promise::Writes => {
            "this kernel offers no Landlock, which bounds file access; boot a kernel of 5.13 or \
             later with CONFIG_SECURITY_LANDLOCK=y and `landlock` among `lsm=` (gVisor has none, \
             and neither has the inside of a run whose system calls are held)"
        }
        Promise::Truncate => {
            "Landlock here is older than ABI 3 and cannot stop truncation of files that are only \
             readable; it needs Linux 6.2"
        }
        Promise::Devices => {
            "Landlock here is older than ABI 5 and cannot stop device ioctls; it needs Linux 6.10"
        }
        Promise::Isolation => {
            "this kernel offers no Landlock, which keeps signals, traces and abstract sockets \
             inside; it needs Linux 6.12 with `landlock` among `lsm=`"
        }
        Promise::Network | Promise::Kernel => {
            "this kernel offers no seccomp filters, which close system calls; it needs \
             CONFIG_SECCOMP_FILTER=y, and a container runtime that lets seccomp(2) through"
        }
        Promise::Protected | Promise::Metadata => {
            "system calls cannot be held and judged one by one here (seccomp user notification); it \
             needs Linux 5.19, Landlock, and a container runtime that lets seccomp(2) through"
        }
        Promise::Cleanup => {
            "children cannot be listed, so nothing could be ended reliably; mount /proc, on a \
             kernel with CONFIG_PROC_CHILDREN=y"
        }
        Promise::Private => {
            "namespaces cannot be had here; `stockade doctor` says what is in the way. Nothing else \
             rests on them"
        }
        Promise::Journal => "the journal cannot be written",
    }
}

/// All Landlock rules, without those that another grants already.
///
/// A root that lies in a writable root must be left out: an agent could have put a symbolic link
/// in its place. The rest are left out because every rule costs at launch.
fn rules(files: &Files, home: &Path, tree: &dyn Tree) -> Vec<Rule> {
    let (written, read) = (Whole::of(&files.write), Whole::of(&files.read));
    let writes: Vec<&Root> =
        files.write.iter().filter(|root| !written.holds_above(&root.path)).collect();
    let covered = |path: &Path| written.holds(path) || written.holds_above(path);
    let reads: Vec<&Root> = files
        .read
        .iter()
        .filter(|root| !covered(&root.path) && !read.holds_above(&root.path))
        .collect();
    let paths = writes.iter().chain(&reads).map(|root| root.path.as_path());
    let presence = Presence::survey(paths, home, tree);
    let mut rules = Vec::new();
    for (roots, rights) in [(writes, Rights::Write), (reads, Rights::Read)] {
        for root in roots.into_iter().filter(|root| presence.may_hold(&root.path)) {
            rules.extend(expand(root, rights, tree));
        }
    }
    let devices = files.devices.iter().filter(|path| !covered(path));
    rules.extend(devices.map(|path| Rule { path: path.clone(), rights: Rights::Device }));
    rules
}

/// The roots that are granted without holes, to be asked by path. Hashed, and as bytes: there are
/// some two hundred, and comparing each with each, or part by part, took 0.4 ms a launch.
struct Whole<'p>(FxHashSet<&'p [u8]>);

impl<'p> Whole<'p> {
    fn of(roots: &'p [Root]) -> Self {
        let mut whole = FxHashSet::with_capacity_and_hasher(roots.len(), FxBuildHasher);
        let without_holes = roots.iter().filter(|root| root.except.is_empty());
        whole.extend(without_holes.map(|root| root.path.as_os_str().as_bytes()));
        Self(whole)
    }

    /// Whether the path is one of them.
    fn holds(&self, path: &Path) -> bool {
        self.0.contains(path.as_os_str().as_bytes())
    }

    /// Whether a directory that holds the path is one of them.
    fn holds_above(&self, path: &Path) -> bool {
        above(path).any(|directory| self.0.contains(directory))
    }
}

const fn totals(limits: &Limits) -> Totals {
    Totals { memory: limits.total_memory, processes: limits.total_processes, cpu: limits.cpu }
}

fn limits(limits: &Limits) -> Vec<(Limit, u64)> {
    [
        (Limit::Processes, limits.processes),
        (Limit::OpenFiles, limits.open_files),
        (Limit::FileSize, limits.file_size),
        (Limit::Core, limits.core),
        (Limit::Memory, limits.memory),
        (Limit::CpuSeconds, limits.cpu_seconds),
    ]
    .into_iter()
    .filter_map(|(limit, value)| value.map(|value| (limit, value)))
    .collect()
}

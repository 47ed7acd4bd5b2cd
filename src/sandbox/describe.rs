//! A plan in a few lines for people: what the journal keeps of it.

use super::cgroup::Totals;
use super::isolation::Namespaces;
use super::plan::{Reads, Rights, SandboxPlan};
use crate::model::support::Enforcement;
use crate::policy::amount::{show_bytes, show_processors};
use crate::policy::ports::PortSet;
use crate::policy::resolved::{Network, UnixSockets};

/// How well the promises are held, in a line.
fn promises(plan: &SandboxPlan) -> String {
    let held = |wanted: Enforcement| -> Vec<&str> {
        let those = plan.promises.iter().filter(|(_, held)| **held == wanted);
        those.map(|(promise, _)| promise.as_str()).collect()
    };
    let (partial, missing) = (held(Enforcement::Partial), held(Enforcement::Missing));
    let mut parts = Vec::new();
    if !partial.is_empty() {
        parts.push(format!("kept in part: {}", partial.join(" ")));
    }
    if !missing.is_empty() {
        parts.push(format!("not kept: {}", missing.join(" ")));
    }
    if parts.is_empty() { "all kept".to_owned() } else { parts.join("; ") }
}

/// What the command was allowed, one subject a line.
#[must_use]
pub fn lines(plan: &SandboxPlan) -> Vec<String> {
    let later = match &plan.namespaces {
        Namespaces::Own(scene) => scene.rules.as_slice(),
        Namespaces::Unasked | Namespaces::Missing(_) => &[],
    };
    let rules = plan.rules.iter().chain(later);
    let writable = rules.clone().filter(|rule| rule.rights == Rights::Write);
    let writable: Vec<String> = writable.map(|rule| rule.path.display().to_string()).collect();
    let network = match plan.network {
        Network::Host => "network: the host's",
        Network::Loopback => "network: this machine alone, by TCP",
        Network::None => "network: none",
    };
    let sockets = match plan.unix_sockets {
        UnixSockets::Host => "unix sockets: the host's",
        UnixSockets::Own => "unix sockets: the run's own",
        UnixSockets::None => "unix sockets: pairs only",
    };
    let mut lines = vec![
        format!("landlock: ABI {}, {} rules", plan.landlock_abi, rules.count()),
        format!("seccomp: {}", if plan.seccomp { "filtered" } else { "not offered here" }),
        format!("held calls: {}", held(plan)),
        format!("writable: {}", writable.join(" ")),
        network.to_owned(),
        sockets.to_owned(),
        format!("promises: {}", promises(plan)),
        format!("environment: {} passed, {} withheld", plan.environment.len(), plan.withheld.len()),
    ];
    if !plan.ports.is_every() {
        let shown = |set: &Option<PortSet>| {
            set.as_ref().map_or_else(|| "every".to_owned(), PortSet::to_string)
        };
        let (connect, bind) = (shown(&plan.ports.connect), shown(&plan.ports.bind));
        lines.push(format!("ports: connect {connect}; bind {bind}"));
    }
    lines.extend(plan.namespaces.line());
    lines.extend(totals(plan));
    lines
}

/// What the run may use as a whole; nothing when that is not bounded.
fn totals(plan: &SandboxPlan) -> Option<String> {
    let Totals { memory, processes, cpu } = plan.totals;
    let parts = [
        memory.map(|bytes| format!("memory {}", show_bytes(bytes))),
        processes.map(|most| format!("processes {most}")),
        cpu.map(|some| format!("processors {}", show_processors(some))),
        plan.free_space.map(|least| format!("leaves {} free", show_bytes(least))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("the run as a whole: {}", parts.join(", ")))
}

/// Which calls are judged one by one.
const fn held(plan: &SandboxPlan) -> &'static str {
    match (plan.supervised, plan.hides, plan.reads) {
        (false, ..) => "none",
        (true, true, _) => "judged, reads among them",
        (true, false, Reads::Unwatched) => "judged",
        (true, false, Reads::Watched) => "judged, and reads watched",
    }
}

//! A plan in a few lines for people: what the journal keeps of it.

use super::isolation::Namespaces;
use super::plan::{Rights, SandboxPlan};
use crate::policy::resolved::{Network, UnixSockets};

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
        Network::None => "network: none",
    };
    let sockets = match plan.unix_sockets {
        UnixSockets::Host => "unix sockets: the host's",
        UnixSockets::None => "unix sockets: pairs only",
    };
    let mut lines = vec![
        format!("landlock: ABI {}, {} rules", plan.landlock_abi, rules.count()),
        format!("seccomp: {}", if plan.seccomp { "filtered" } else { "not offered here" }),
        format!("held calls: {}", if plan.supervised { "judged" } else { "none" }),
        format!("writable: {}", writable.join(" ")),
        network.to_owned(),
        sockets.to_owned(),
        format!("environment: {} passed, {} withheld", plan.environment.len(), plan.withheld.len()),
    ];
    lines.extend(plan.namespaces.line());
    lines
}

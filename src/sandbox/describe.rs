//! A plan in a few lines for people: what the journal keeps of it.

use super::plan::{Rights, SandboxPlan};
use crate::policy::resolved::{Network, UnixSockets};

/// What the command was allowed, one subject a line.
#[must_use]
pub fn lines(plan: &SandboxPlan) -> Vec<String> {
    let writable = plan.rules.iter().filter(|rule| rule.rights == Rights::Write);
    let writable: Vec<String> = writable.map(|rule| rule.path.display().to_string()).collect();
    let network = match plan.network {
        Network::Host => "network: the host's",
        Network::None => "network: none",
    };
    let sockets = match plan.unix_sockets {
        UnixSockets::Host => "unix sockets: the host's",
        UnixSockets::None => "unix sockets: pairs only",
    };
    vec![
        format!("landlock: ABI {}, {} rules", plan.landlock_abi, plan.rules.len()),
        format!("seccomp: {}", if plan.seccomp { "filtered" } else { "not offered here" }),
        format!("held calls: {}", held(plan)),
        format!("writable: {}", writable.join(" ")),
        network.to_owned(),
        sockets.to_owned(),
        format!("environment: {} passed, {} withheld", plan.environment.len(), plan.withheld.len()),
    ]
}

/// Which calls are judged one by one.
const fn held(plan: &SandboxPlan) -> &'static str {
    match (plan.supervised, plan.hides) {
        (false, _) => "none",
        (true, false) => "judged",
        (true, true) => "judged, reads among them",
    }
}

//! What of a policy's network a machine can keep: a loopback that ends there, ports that are bounded. Nothing is applied here.

use super::compile::{Unsupported, enforcement};
use crate::model::support::{Enforcement, Promise, Support};
use crate::policy::ports::Ports;
use crate::policy::resolved::{Network, Policy};

/// From this Landlock ABI on the kernel bounds the ports of TCP.
const PORTS: u32 = 4;
/// What is missing for ports.
const UNBOUND: &str = "`[ports]` needs Landlock ABI 4 (Linux 6.7) and seccomp filters, else every port would be \
    open; `network = \"none\"` needs neither";
/// What is missing for a network that ends at this machine.
pub const UNHELD: &str = "`network = \"loopback\"` needs system calls that can be held (seccomp user \
    notification): Linux 5.19, Landlock, and a container runtime that lets seccomp(2) through; \
    `network = \"none\"` needs none of it";

/// Whether a network that ends at this machine is asked for where nobody can make its sockets:
/// there are none then.
#[must_use]
pub fn is_unheld(policy: &Policy, support: Support) -> bool {
    policy.network == Network::Loopback
        && enforcement(Promise::Protected, support) != Enforcement::Full
}

/// The ports of a run; every port where there is no network to bound.
///
/// # Errors
/// Where ports are named and nobody can close the others, whatever is required.
pub fn ports(policy: &Policy, support: Support) -> Result<Ports, Unsupported> {
    if policy.network == Network::None || policy.ports.is_every() {
        return Ok(Ports::EVERY);
    }
    if support.landlock_abi < PORTS || !support.seccomp_filter {
        return Err(Unsupported { promise: Promise::Network, why: UNBOUND });
    }
    Ok(policy.ports.clone())
}

/// What a machine keeps of a key that no built-in profile has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// As a profile has it.
    pub key: &'static str,
    /// How well.
    pub enforcement: Enforcement,
    /// What that means, in plain words.
    pub words: &'static str,
}

/// What this machine keeps of a network that ends at it, and of named ports.
#[must_use]
pub fn kept(support: Support) -> [Kept; 2] {
    let held = enforcement(Promise::Protected, support) == Enforcement::Full;
    let (loopback, ends) = match held {
        true => (
            Enforcement::Full,
            "TCP with this machine alone: nothing leaves it, nobody comes in from elsewhere; no datagrams, so no DNS",
        ),
        false => (Enforcement::Missing, UNHELD),
    };
    let bounded = support.landlock_abi >= PORTS && support.seccomp_filter;
    let (ports, named) = match (bounded, held && support.pidfd_getfd) {
        (false, _) => (Enforcement::Missing, UNBOUND),
        (true, true) => (Enforcement::Full, "TCP by the ports that are named, and nothing else"),
        (true, false) => (
            Enforcement::Partial,
            "no other port is open, but no server listens unless `bind` holds 0: nobody may look at its socket \
             (pidfd_getfd, which a container runtime must let through; Linux 5.6)",
        ),
    };
    let kept = |key, enforcement, words| Kept { key, enforcement, words };
    [kept("network = \"loopback\"", loopback, ends), kept("[ports]", ports, named)]
}

/// Whether the network gives a supervisor something to do.
#[must_use]
pub fn asks_for_supervision(policy: &Policy) -> bool {
    policy.network == Network::Loopback
        || (!policy.ports.is_every() && policy.network != Network::None)
}

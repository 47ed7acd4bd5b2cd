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

/// Whether the network gives a supervisor something to do.
#[must_use]
pub fn asks_for_supervision(policy: &Policy) -> bool {
    policy.network == Network::Loopback
        || (!policy.ports.is_every() && policy.network != Network::None)
}

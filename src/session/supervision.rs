//! The supervisor as the guardian's attendant, made from the policy.
//!
//! It judges nothing itself: what is protected is the policy's word, what a call does the supervisor's.

use crate::policy::resolved::{Network, Policy, UnixSockets};
use crate::sandbox::plan::SandboxPlan;
use crate::sandbox::spawn::Attendant;
use crate::supervisor::observe;
use crate::supervisor::sockets::Grants;
use crate::supervisor::{End, Reach, Supervisor};
use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// From this Landlock ABI on the kernel keeps abstract sockets inside a domain.
const SCOPES: u32 = 6;

/// Who answers held calls in a run by this plan; nobody where the machine cannot hold calls.
#[must_use]
pub fn attendant(plan: &SandboxPlan, policy: &Policy) -> Option<Box<dyn Attendant>> {
    plan.supervised.then(|| {
        let supervisor = Supervisor::of(&policy.files, &plan.workspace);
        let supervisor = match plan.unix_sockets {
            UnixSockets::Own => supervisor.with_sockets(Grants {
                sockets: policy.files.sockets.clone(),
                abstract_names: plan.landlock_abi >= SCOPES,
            }),
            UnixSockets::None | UnixSockets::Host => supervisor,
        };
        let end = match plan.network {
            Network::Loopback => End::Loopback,
            Network::Host | Network::None => End::Unasked,
        };
        let supervisor = supervisor.within(Reach { end, ports: plan.ports.clone() });
        Box::new(Supervised(supervisor)) as Box<dyn Attendant>
    })
}

#[derive(Debug)]
struct Supervised(Supervisor);

impl Attendant for Supervised {
    fn serve(&mut self, listener: BorrowedFd<'_>) -> io::Result<Option<Duration>> {
        self.0.serve(listener)
    }

    fn retry(&mut self, listener: BorrowedFd<'_>) -> Option<Duration> {
        self.0.retry(listener)
    }

    fn finish(&mut self) -> Vec<u8> {
        let (observations, beyond) = self.0.finish();
        observe::encode(&observations, beyond)
    }
}

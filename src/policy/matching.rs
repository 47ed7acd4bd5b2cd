//! Whether a rule's conditions hold for an effect, a finding or a gap; what follows from it is said in `judge`.

use super::resolved::{Network, Placed, Policy, below};
use super::rule::{EffectWhen, FindingWhen, glob};
use super::words::{Burden, Grant, Matter, Place, Words};
use crate::model::effect::{Effect, Taint};
use crate::model::finding::Finding;
use crate::model::target::{self, Resource};
use core::net::IpAddr;
use std::path::Path;

/// The effects, by index, that a rule speaks of; bounds count all of them together, so that many
/// small deletions are judged like one large.
#[must_use]
pub fn effects(policy: &Policy, placed: &Placed, when: &EffectWhen, all: &[Effect]) -> Vec<usize> {
    let hit =
        |(at, effect): (usize, &Effect)| effect_holds(policy, placed, when, effect).then_some(at);
    let hits: Vec<usize> = all.iter().enumerate().filter_map(hit).collect();
    let over = |bound: Option<u64>, of: fn(&crate::model::effect::Scale) -> u64| {
        let Some(bound) = bound else { return true };
        // What was not counted may be anything: it counts as more.
        hits.iter()
            .try_fold(0u64, |sum, at| Some(sum.saturating_add(of(all[*at].scale.as_ref()?))))
            .is_none_or(|sum| sum > bound)
    };
    if over(when.files_over, |scale| scale.files.floor())
        && over(when.bytes_over, |scale| scale.bytes.floor())
    {
        hits
    } else {
        Vec::new()
    }
}

fn effect_holds(policy: &Policy, placed: &Placed, when: &EffectWhen, effect: &Effect) -> bool {
    when.access.admits(effect.access)
        && when.scope.admits(effect.scope)
        && when.reversibility.admits(effect.reversibility)
        && when.reach.admits(effect.reach)
        && when.network.admits(policy.network)
        && when.resource.admits(matter(&effect.resource))
        && (when.place.is_any() || place_of(effect).is_some_and(|place| when.place.admits(place)))
        && (when.sandbox.is_any() || when.sandbox.admits(grant(policy, &effect.resource)))
        && carries(when.carries, &effect.carries)
        && (when.path.is_empty() || lies_below(&placed.path, &effect.resource))
        && (when.covers.is_empty() || covers(&placed.covers, &effect.resource))
        && (when.target.is_empty() || {
            let shown = effect.resource.to_string();
            when.target.iter().any(|pattern| glob(pattern, &shown))
        })
}

/// Whether a rule speaks of a finding.
#[must_use]
pub fn finding(when: &FindingWhen, finding: &Finding) -> bool {
    when.severity.admits(finding.severity)
        && (when.finding.is_empty()
            || when.finding.iter().any(|pattern| glob(pattern, finding.rule.as_str())))
}

fn matter(resource: &Resource) -> Matter {
    match resource {
        Resource::Path(_) => Matter::Path,
        Resource::Host(_) => Matter::Host,
        Resource::Process(_) => Matter::Process,
        Resource::Env(_) => Matter::Env,
        Resource::Remote { .. } => Matter::Remote,
        Resource::Machine(_) => Matter::Machine,
    }
}

fn place_of(effect: &Effect) -> Option<Place> {
    match &effect.resource {
        Resource::Path(target::Place::Exact(_)) => Some(Place::Exact),
        Resource::Path(target::Place::Below(_)) => Some(Place::Below),
        Resource::Path(target::Place::Anywhere) => Some(Place::Anywhere),
        _ => None,
    }
}

fn carries(wanted: Words<Burden>, taints: &[Taint]) -> bool {
    wanted.is_any()
        || taints.iter().any(|taint| match taint {
            Taint::Secret(_) => wanted.admits(Burden::Secret),
            Taint::Network(_) => wanted.admits(Burden::Network),
        })
}

/// Whether a host is this machine, by its name or address alone.
fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    match name.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(address) => address.is_loopback() || address.is_unspecified(),
        Err(_) => {
            matches!(name.as_str(), "localhost" | "ip6-localhost" | "ip6-loopback")
                || name.ends_with(".localhost")
        }
    }
}

/// Ends of pipes and terminals: writing there changes no file, whatever the policy grants.
const STREAMS: &[&str] = &["/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd"];

/// Whether the sandbox of this policy lets a change of the resource through.
fn grant(policy: &Policy, resource: &Resource) -> Grant {
    let place = match resource {
        Resource::Path(place) => place,
        Resource::Host(host) if policy.network == Network::Loopback => {
            // What cannot be told is left to the kernel, which knows.
            let near = host.as_deref().is_none_or(is_this_machine);
            return if near { Grant::Granted } else { Grant::Refused };
        }
        _ => return Grant::Refused,
    };
    let granted = place.known().is_some_and(|path| {
        policy.files.write.iter().any(|root| root.holds(path))
            || policy.files.devices.iter().any(|device| below(path, device))
            || STREAMS.iter().any(|stream| path.starts_with(stream))
    });
    if granted { Grant::Granted } else { Grant::Refused }
}

fn lies_below(paths: &[std::path::PathBuf], resource: &Resource) -> bool {
    let Resource::Path(place) = resource else { return false };
    place.known().is_some_and(|known| paths.iter().any(|path| below(known, path)))
}

/// Whether the effect falls on one of the paths itself or on something above it. A path known
/// only in part (`/tmp/$X`) names something below: it never covers.
fn covers(paths: &[std::path::PathBuf], resource: &Resource) -> bool {
    let Resource::Path(target::Place::Exact(exact)) = resource else { return false };
    let exact: &Path = exact;
    paths.iter().any(|path| below(path, exact))
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn this_machine_is_known_by_name_and_address() {
        for (host, wanted) in [
            ("localhost", true),
            ("app.localhost.", true),
            ("LOCALHOST", true),
            ("127.8.9.10", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", true),
            ("localhost.example.org", false),
            ("127.0.0.1.example.org", false),
            ("10.0.0.1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_this_machine(host), wanted, "{host}");
        }
    }
}

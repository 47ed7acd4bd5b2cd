//! What a project's file may not say: it narrows only. And what nobody below the managed settings may say.
//!
//! Whether a project's file is valid depends on its text alone, never on the machine or on who runs it.

use super::error::{At, ProfileError};
use super::profile::{Kind, Profile};
use super::resolved::{Isolate, Network, UnixSockets};
use crate::model::decision::Decision;
use std::borrow::Cow;

/// Refuses a project's file that would grant anything.
pub fn project(layer: &Profile) -> Result<(), ProfileError> {
    let mut rules = layer.judge.rules.iter();
    for (key, at) in &layer.stated {
        let wrong = match key.as_str() {
            "files.read" | "files.write" | "files.devices" | "files.sockets" | "files.create" => {
                Some(
                    "a project may not grant paths; it may take away with files.deny and files.readonly",
                )
            }
            "files.unprotect" | "files.protect_except" => {
                Some("a project may protect more names with files.protect, not fewer")
            }
            "files.unhide" => Some("a project may hide more names with files.hide, not fewer"),
            "environment.pass" | "environment.keep" | "environment.set" => Some(
                "a project may not let variables through or set them; it may take away with \
                 environment.drop",
            ),
            "unix_sockets" if layer.unix_sockets == Some(UnixSockets::Host) => Some(
                "a project may not open the sockets of the machine; it may only say \"none\" \
                     or \"own\", and the stricter one holds",
            ),
            "network" if layer.network == Some(Network::Host) => Some(
                "a project may not open the network; it may only say \"none\" or \
                     \"loopback\", and the stricter one holds",
            ),
            "isolate" if layer.isolate == Some(Isolate::Never) => {
                Some("a project may only ask for \"when-possible\" or \"required\" here")
            }
            "judge.off" => {
                Some("a project may not switch rules off; it may add ask and deny rules")
            }
            "judge.otherwise" if layer.judge.otherwise == Some(Decision::Allow) => {
                Some("a project may only say \"ask\" or \"deny\" here")
            }
            "judge.rule" => rules
                .next()
                .filter(|rule| rule.decision == Decision::Allow)
                .map(|_| "a project may add ask and deny rules, not allow rules"),
            _ if key.starts_with("limits.") => lifted(layer, key),
            _ => None,
        };
        if let Some(message) = wrong {
            return Err(widens(at, key, message));
        }
    }
    Ok(())
}

fn lifted(layer: &Profile, key: &str) -> Option<&'static str> {
    use super::profile::Limit;
    let name = key.trim_start_matches("limits.");
    let (limit, ..) = Limit::ALL.iter().find(|(_, known, _)| *known == name)?;
    layer
        .limits
        .iter()
        .any(|(set, amount)| set == limit && amount.is_none())
        .then_some("a project may only set a bound; the stricter one holds")
}

fn widens(at: &At, key: &str, message: &str) -> ProfileError {
    let message = format!("would widen the policy: {message}");
    ProfileError::Widens { at: at.clone(), key: key.to_owned(), message }
}

/// Refuses keys in weaker layers that the managed settings pin. What is built in may set
/// anything, and a project only narrows.
pub fn pinned(layers: &[Cow<'static, Profile>]) -> Result<(), ProfileError> {
    for manager in layers.iter().filter(|layer| layer.kind == Kind::Managed) {
        let bound = layers.iter().filter(|l| matches!(l.kind, Kind::User | Kind::Profile));
        for layer in bound {
            for pin in manager.settings.pin.iter() {
                if let Some((key, at)) = layer.where_set(pin) {
                    let by = manager.file.clone().into_owned();
                    return Err(ProfileError::Pinned { at: at.clone(), key: key.clone(), by });
                }
            }
        }
    }
    Ok(())
}

//! `stockade export seccomp`: the refusals of a profile as a seccomp profile of Docker, Podman and OCI runtimes.
//!
//! It is what the filter of an unsupervised run refuses. Held calls are not among it: without a supervisor
//! nobody can judge a name, and it is for the container's mounts to say what there is to change.

use super::profile::ProfileVerbError;
use crate::sandbox::compile::circumstances;
use crate::sandbox::filter::table::{Circumstances, Is, Rule, Test, held};
use crate::settings::{Request, load};
use serde_json::{Value, json};
use std::io::Write;
use std::slice::from_ref;

/// Families of sockets that Linux has numbers for: 0 to 45 (`AF_MAX` of linux/socket.h is 46).
const FAMILIES: u32 = 46;
const LOW: u32 = u32::MAX;

/// Writes the profile.
pub(super) fn seccomp(request: &Request<'_>, out: &mut impl Write) -> Result<(), ProfileVerbError> {
    let policy = load(request)?;
    let supervised = circumstances(&policy);
    let shown = profile(&supervised);
    Ok(writeln!(out, "{shown:#}")?)
}

fn profile(supervised: &Circumstances) -> Value {
    let alone = Circumstances { supervisor: None, ..*supervised }.settled();
    let mut calls = Vec::new();
    for rule in alone.effective() {
        let comment = format!("{}: {}", rule.set.name, rule.reason);
        for args in alternatives(rule, &alone) {
            let same = args.is_empty().then(|| calls.last_mut()).flatten();
            if let Some(last) = same.filter(|last| is_another_of(last, &comment)) {
                more(last, rule.call);
                continue;
            }
            calls.push(json!({
                "names": [rule.call],
                "action": "SCMP_ACT_ERRNO",
                "errnoRet": rule.set.answer.errno(),
                "args": args,
                "comment": comment,
                "includes": {},
                "excludes": {},
            }));
        }
    }
    calls.extend(left_to_the_container(supervised, &alone));
    json!({
        "defaultAction": "SCMP_ACT_ALLOW",
        // One architecture each, without its 32-bit and x32 ways in: they end the caller.
        "archMap": [
            { "architecture": "SCMP_ARCH_X86_64", "subArchitectures": [] },
            { "architecture": "SCMP_ARCH_AARCH64", "subArchitectures": [] },
        ],
        "syscalls": calls,
    })
}

/// Whether an entry is an outright refusal for the same reason.
fn is_another_of(entry: &Value, comment: &str) -> bool {
    entry["comment"] == comment && entry["args"].as_array().is_some_and(Vec::is_empty)
}

fn more(entry: &mut Value, call: &str) {
    if let Some(names) = entry["names"].as_array_mut() {
        names.push(call.into());
    }
}

/// What a supervisor would have held, and the container has to decide by what it mounts; runtimes
/// pass over an entry that says what holds anyway.
fn left_to_the_container(supervised: &Circumstances, alone: &Circumstances) -> Option<Value> {
    supervised.supervisor?;
    let refused: Vec<&str> = alone.effective().iter().map(|rule| rule.call).collect();
    let mut names: Vec<&str> = held()
        .filter(|rule| supervised.have(rule.set.when) && !refused.contains(&rule.call))
        .map(|rule| rule.call)
        .collect();
    names.sort_unstable();
    names.dedup();
    Some(json!({
        "names": names,
        "action": "SCMP_ACT_ALLOW",
        "args": [],
        "comment": "stockade holds these and judges each by name; without its supervisor they pass, so mount \
    what must not change read-only, and nothing of the host that must not be reached",
        "includes": {},
        "excludes": {},
    }))
}

/// The arguments of the entries a rule becomes: an entry is for all of its arguments, and names
/// each but once, since runtimes take two of one as "either".
fn alternatives(rule: &Rule, alone: &Circumstances) -> Vec<Vec<Value>> {
    match rule.test {
        Test::Outright => vec![Vec::new()],
        // Only what is held has bits that speak against it.
        Test::Bits { argument, any, .. } => (0..u32::BITS)
            .map(|at| 1 << at)
            .filter(|bit| any & bit != 0)
            .map(|bit| vec![masked(argument, bit, bit)])
            .collect(),
        Test::All(conditions) => {
            conditions.iter().fold(vec![Vec::new()], |so_far, (argument, is)| {
                let each = condition(*argument, *is, alone);
                so_far
                    .iter()
                    .flat_map(|args| each.iter().map(|one| [&args[..], from_ref(one)].concat()))
                    .collect()
            })
        }
    }
}

/// Any of these is the condition. There is no comparison of the low half for "is not": one of the
/// whole refuses more, and only what no library asks for.
fn condition(argument: u8, is: Is, alone: &Circumstances) -> Vec<Value> {
    let compared = |op: &str, value: u64| json!({ "index": argument, "value": value, "valueTwo": 0, "op": op });
    match is {
        Is::Equal(value) => vec![masked(argument, LOW, value)],
        Is::Masked(mask, value) => vec![masked(argument, mask, value)],
        Is::Not(value) => vec![compared("SCMP_CMP_NE", value.into())],
        Is::NotWide(value) => vec![compared("SCMP_CMP_NE", value)],
        Is::NotOpen => {
            let open: Vec<u32> = alone.families().map(|family| family.number).collect();
            let closed = (0..FAMILIES).filter(|family| !open.contains(family));
            let closed = closed.map(|family| masked(argument, LOW, family));
            closed.chain([compared("SCMP_CMP_GE", FAMILIES.into())]).collect()
        }
    }
}

fn masked(argument: u8, mask: u32, value: u32) -> Value {
    json!({ "index": argument, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::resolved::{Network, UnixSockets};
    use crate::sandbox::filter::examples::{deciding, examples};
    use crate::sandbox::filter::table::Opens;
    use std::collections::BTreeSet;

    fn every_circumstance() -> Vec<Circumstances> {
        let mut all = Vec::new();
        for network in [Network::Host, Network::Loopback, Network::None] {
            for unix_sockets in [UnixSockets::Own, UnixSockets::None, UnixSockets::Host] {
                for supervisor in [None, Some(Opens::Changing), Some(Opens::Hiding)] {
                    all.push(Circumstances { network, unix_sockets, supervisor }.settled());
                }
            }
        }
        all
    }

    fn keys(value: &Value) -> BTreeSet<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    /// As the runtimes' specification has it, and as moby's own profile is written.
    #[test]
    fn it_has_the_published_shape() {
        let moby = include_str!("../../tests/support/places/docker-default-seccomp.json");
        let moby: Value = serde_json::from_str(moby).unwrap();
        let known = ["names", "action", "errnoRet", "args", "comment", "includes", "excludes"];
        for circumstances in every_circumstance() {
            let shown = profile(&circumstances);
            assert!(keys(&shown).is_subset(&keys(&moby)));
            for arch in shown["archMap"].as_array().unwrap() {
                assert_eq!(keys(arch), keys(&moby["archMap"][0]));
            }
            for entry in shown["syscalls"].as_array().unwrap() {
                assert!(keys(entry).is_subset(&BTreeSet::from(known)), "{entry}");
                assert!(entry["names"].as_array().is_some_and(|names| !names.is_empty()));
                assert!(entry["comment"].as_str().is_some_and(|comment| !comment.is_empty()));
                let refused = entry["action"] == "SCMP_ACT_ERRNO";
                assert!(refused || entry["action"] == "SCMP_ACT_ALLOW", "{entry}");
                assert_eq!(entry["errnoRet"].is_u64(), refused, "{entry}");
                let args = entry["args"].as_array().unwrap();
                let indexes: BTreeSet<_> = args.iter().map(|arg| arg["index"].as_u64()).collect();
                // Runtimes take two comparisons of one argument as "either".
                assert_eq!(indexes.len(), args.len(), "{entry}");
                for arg in args {
                    assert_eq!(keys(arg), BTreeSet::from(["index", "op", "value", "valueTwo"]));
                }
            }
        }
    }

    /// The errno a runtime would answer: every entry that fits is for the call, and none contradicts.
    fn answer(profile: &Value, call: &str, arguments: &[u64; 6]) -> Vec<u64> {
        let fits = |arg: &Value| {
            let number = |key: &str| arg[key].as_u64().unwrap();
            let argument = arguments[usize::try_from(number("index")).unwrap()];
            match arg["op"].as_str().unwrap() {
                "SCMP_CMP_MASKED_EQ" => argument & number("value") == number("valueTwo"),
                "SCMP_CMP_NE" => argument != number("value"),
                "SCMP_CMP_GE" => argument >= number("value"),
                other => panic!("{other}"),
            }
        };
        let entries = profile["syscalls"].as_array().unwrap().iter();
        entries
            .filter(|entry| entry["action"] == "SCMP_ACT_ERRNO")
            .filter(|entry| entry["names"].as_array().unwrap().iter().any(|name| name == call))
            .filter(|entry| entry["args"].as_array().unwrap().iter().all(fits))
            .map(|entry| entry["errnoRet"].as_u64().unwrap())
            .collect()
    }

    #[test]
    fn it_refuses_what_an_unsupervised_run_is_refused() {
        for circumstances in every_circumstance() {
            let shown = profile(&circumstances);
            let alone = Circumstances { supervisor: None, ..circumstances }.settled();
            for rule in circumstances.effective().into_iter().chain(alone.effective()) {
                for example in examples(&circumstances, rule).iter().chain(&examples(&alone, rule))
                {
                    let by = deciding(&alone, rule.call, &example.arguments);
                    let wanted = by.map(|by| u64::from(by.set.answer.errno()));
                    let told = answer(&shown, rule.call, &example.arguments);
                    let fits = match wanted {
                        Some(errno) => told.contains(&errno),
                        None => told.is_empty(),
                    };
                    assert!(fits, "{alone:?} {rule:?} {example:?}: {told:?}");
                }
            }
        }
    }

    #[test]
    fn held_calls_are_left_to_the_container() {
        for circumstances in every_circumstance() {
            let shown = profile(&circumstances);
            let last = shown["syscalls"].as_array().unwrap().last().unwrap();
            let names: Vec<_> = last["names"].as_array().unwrap().iter().collect();
            let left = last["action"] == "SCMP_ACT_ALLOW";
            assert_eq!(left, circumstances.supervisor.is_some(), "{last}");
            assert!(
                !left
                    || (names.iter().any(|n| *n == "unlink")
                        && !names.iter().any(|n| *n == "shmget"))
            );
        }
    }
}

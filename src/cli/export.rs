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
                    .flat_map(|args| each.iter().map(|one| [&args[..], &[one.clone()]].concat()))
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

//! `stockade profile show --syscalls`: the system calls that are refused or held under a profile, and why.

use super::profile::{Form, ProfileVerbError};
use crate::sandbox::compile::circumstances;
use crate::sandbox::filter::table::{Answer, Circumstances, Is, Rule, Test};
use crate::settings::{Request, load};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Shows the rules in force, set by set.
pub(super) fn show(
    request: &Request<'_>,
    form: Form,
    out: &mut impl Write,
) -> Result<(), ProfileVerbError> {
    let policy = load(request)?;
    let circumstances = circumstances(&policy);
    match form {
        Form::Text => text(&policy.profile, &circumstances, out)?,
        Form::Json => writeln!(out, "{}", object(&policy.profile, &circumstances))?,
    }
    Ok(())
}

fn text(profile: &str, circumstances: &Circumstances, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "system calls under profile {profile}")?;
    writeln!(out, "socket families: {}", families(circumstances))?;
    writeln!(
        out,
        "supervised: {}",
        match circumstances.supervisor {
            Some(_) =>
                "yes; a held call waits until it is judged and carried out, and a told refusal is noted",
            None => "no; no call is held",
        }
    )?;
    writeln!(
        out,
        "A call that is not here passes. 32-bit calls end the caller, x32 calls meet ENOSYS."
    )?;
    let rules = circumstances.effective();
    let width = rules.iter().map(|rule| rule.call.len()).max().unwrap_or(0);
    let mut set = "";
    for rule in rules {
        if rule.set.name != set {
            set = rule.set.name;
            writeln!(out, "\n{set}: {}", rule.set.help)?;
        }
        let (call, answer, reason) = (rule.call, rule.set.answer.word(), rule.reason);
        let condition = match condition(rule) {
            Some(condition) => format!("when {condition}: "),
            None => String::new(),
        };
        writeln!(out, "  {call:width$}  {answer:6}  {condition}{reason}")?;
    }
    Ok(())
}

fn object(profile: &str, circumstances: &Circumstances) -> Value {
    let rule = |rule: &Rule| {
        json!({
            "set": rule.set.name, "call": rule.call, "condition": condition(rule),
            "answer": rule.set.answer.word(), "reason": rule.reason,
            "told": rule.set.told.is_some() && rule.set.answer == Answer::NotPermitted,
        })
    };
    let rules: Vec<Value> = circumstances.effective().into_iter().map(rule).collect();
    let families: Vec<&str> = circumstances.families().map(|family| family.name).collect();
    json!({
        "profile": profile, "families": families, "supervised": circumstances.supervisor.is_some(),
        "rules": rules,
    })
}

fn families(circumstances: &Circumstances) -> String {
    let open: Vec<&str> = circumstances.families().map(|family| family.name).collect();
    if open.is_empty() { "none".to_owned() } else { open.join(", ") }
}

/// What a rule asks of the arguments, in words.
fn condition(rule: &Rule) -> Option<String> {
    match rule.test {
        Test::Outright => None,
        Test::Bits { argument, any, unless } => {
            let some = (any != 0).then(|| format!("argument {argument} has any bit of {any:#x}"));
            let none =
                (unless != 0).then(|| format!("argument {argument} has none of {unless:#x}"));
            let both: Vec<String> = some.into_iter().chain(none).collect();
            Some(both.join(" and "))
        }
        Test::All(conditions) => {
            let each: Vec<String> =
                conditions.iter().map(|(argument, is)| one(*argument, *is)).collect();
            Some(each.join(" and "))
        }
    }
}

fn one(argument: u8, is: Is) -> String {
    match is {
        Is::Equal(value) => format!("argument {argument} is {value:#x}"),
        Is::Not(value) => format!("argument {argument} is not {value:#x}"),
        Is::NotWide(value) => format!("argument {argument} is not {value:#x} in all 64 bits"),
        Is::Masked(mask, value) => format!("argument {argument} & {mask:#x} is {value:#x}"),
        Is::NotOpen => format!("argument {argument} is another family"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::resolved::{Network, UnixSockets};
    use crate::sandbox::filter::table::Opens;

    #[test]
    fn rules_are_shown_with_condition_answer_and_reason() {
        let (network, unix_sockets) = (Network::Host, UnixSockets::Own);
        let supervisor = Some(Opens::Hiding);
        let circumstances = Circumstances { network, unix_sockets, supervisor };
        let mut out = Vec::new();
        text("tried", &circumstances, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        for part in [
            "system calls under profile tried\nsocket families: AF_UNIX, AF_INET, AF_INET6, AF_NETLINK\n",
            "\n@mounts: Mounts and roots: what paths mean\n",
            "  mount                    EPERM   changes what paths mean\n",
            "EPERM   when argument 0 is not 0x0 and argument 2 is not 0x0 in all 64 bits: sets limits",
            "  clone3                   ENOSYS  its flags lie in memory",
            "held    when argument 1 has none of 0x200000: whether it is hidden",
            "  socketpair               EPERM   when argument 1 & 0xf is 0x2: ",
            "  shmget                   held    ",
        ] {
            assert!(out.contains(part), "{part}\n{out}");
        }
        let shown = object("tried", &circumstances);
        assert_eq!(shown["rules"].as_array().unwrap().len(), circumstances.effective().len());
        assert_eq!(shown["rules"][0]["set"], "@mounts");
    }
}

//! Writes the built-in profiles down as Rust: the text of `tables.rs`. Part of the tests only.

use super::builtin;
use super::profile::{Entry, Profile};
use super::rule::{EffectWhen, Rule, Text, When};
use super::words::{Word, Words};
use std::fmt::Write;

const HEAD: &str = "\
//! The built-in profiles as static values, so that no launch has to read TOML.
//!
//! Generated from `profiles/*.toml` by `STOCKADE_BLESS=1 cargo test --lib tables`; the same test
//! without it fails when this file is stale. Not written by hand.
use super::profile::{
    Entry, EnvironmentWritten, FilesWritten, JudgeWritten, Kind, Limit, Profile, SettingsWritten,
};
use super::ports::Ports;
use super::resolved::{Isolate, Network, UnixSockets};
use super::rule::{EffectWhen, FindingWhen, Rule, Text, When};
use super::variables::Person;
use super::words::Words;
use crate::model::decision::Decision;
use crate::model::support::Promise;
use std::borrow::Cow::Borrowed as B;
";

/// The whole file.
pub(crate) fn tables() -> String {
    let mut out = HEAD.to_owned();
    told(writeln!(out, "pub(super) static ALL: &[(&str, &Profile)] = &["));
    for name in builtin::names() {
        told(writeln!(out, "    ({name:?}, &{}),", constant(name)));
    }
    out.push_str("];\nconst fn w(path: &'static str) -> Entry { Entry::whole(path) }\n");
    for name in builtin::names() {
        let profile = builtin::read(name).expect("built-in profiles are valid").expect("it exists");
        one(&mut out, name, &profile);
    }
    out
}

fn constant(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

/// A list as a constant of its own, and what lends it.
fn lent(out: &mut String, (name, field): (&str, &str), of: &str, items: &[String]) -> String {
    if items.is_empty() {
        return "B(&[])".to_owned();
    }
    let constant = format!("{}_{field}", constant(name));
    list(out, &format!("const {constant}: &[{of}] = &["), items, "];");
    format!("B({constant})")
}

fn one(out: &mut String, name: &str, p: &Profile) {
    let entries = |list: &[Entry]| list.iter().map(entry).collect::<Vec<_>>();
    let texts = |list: &[Text]| list.iter().map(|t| format!("B({t:?})")).collect::<Vec<_>>();
    let mut table =
        |field: &str, of: &str, items: Vec<String>| lent(out, (name, field), of, &items);
    let read = table("READ", "Entry", entries(&p.files.read));
    let write = table("WRITE", "Entry", entries(&p.files.write));
    let devices = table("DEVICES", "Entry", entries(&p.files.devices));
    let create = table("CREATE", "Entry", entries(&p.files.create));
    let reached = table("SOCKETS", "Text", texts(&p.files.sockets));
    let deny = table("DENY", "Text", texts(&p.files.deny));
    let readonly = table("READONLY", "Text", texts(&p.files.readonly));
    let protect = table("PROTECT", "Text", texts(&p.files.protect));
    let unprotect = table("UNPROTECT", "Text", texts(&p.files.unprotect));
    let protect_except = table("PROTECT_EXCEPT", "Text", texts(&p.files.protect_except));
    let hide = table("HIDE", "Text", texts(&p.files.hide));
    let unhide = table("UNHIDE", "Text", texts(&p.files.unhide));
    let pass = table("PASS", "Text", texts(&p.environment.pass));
    let drop = table("DROP", "Text", texts(&p.environment.drop));
    let keep = table("KEEP", "Text", texts(&p.environment.keep));
    let set = p.environment.set.iter().map(|(k, v)| format!("(B({k:?}), B({v:?}))")).collect();
    let set = table("SET", "(Text, Text)", set);
    let limits = p.limits.iter().map(|(l, n)| format!("(Limit::{l:?}, {n:?})")).collect();
    let limits = table("LIMITS", "(Limit, Option<u64>)", limits);
    let off = table("OFF", "Text", texts(&p.judge.off));
    let rules = table("RULES", "Rule", p.judge.rules.iter().map(rule).collect());
    let require = p.require.as_ref().map(|require| {
        let promises = require.iter().map(|r| format!("Promise::{r:?}")).collect();
        table("REQUIRE", "Promise", promises)
    });
    let require = require.map_or_else(|| "None".to_owned(), |list| format!("Some({list})"));
    assert!(p.ports.is_every(), "no table was made for the ports of a built-in profile yet");
    let network = named("Network", p.network);
    let sockets = named("UnixSockets", p.unix_sockets);
    let isolate = named("Isolate", p.isolate);
    let otherwise = named("Decision", p.judge.otherwise);
    let (about, extends) = (optional(p.about.as_ref()), optional(p.extends.as_ref()));
    let (constant, file, name) = (constant(name), p.file.as_ref(), optional(p.name.as_ref()));
    told(writeln!(
        out,
        "static {constant}: Profile = Profile {{
    kind: Kind::Profile, file: B({file:?}), name: {name},
    about: {about}, extends: {extends},
    files: FilesWritten {{
        read: {read}, write: {write}, devices: {devices},
        sockets: {reached}, create: {create}, deny: {deny}, readonly: {readonly},
        protect: {protect}, unprotect: {unprotect}, protect_except: {protect_except},
        hide: {hide}, unhide: {unhide},
    }},
    network: {network}, ports: Ports::EVERY,
    unix_sockets: {sockets}, isolate: {isolate},
    environment: EnvironmentWritten {{ pass: {pass}, drop: {drop}, keep: {keep}, set: {set} }},
    limits: {limits}, require: {require},
    judge: JudgeWritten {{ otherwise: {otherwise}, off: {off}, rules: {rules} }},
    settings: SettingsWritten {{ profile: None, pin: B(&[]), profiles: None }},
    stated: Vec::new(),
}};"
    ));
}

/// Items filled into lines: short ones share a line.
fn list(out: &mut String, head: &str, items: &[String], tail: &str) {
    told(writeln!(out, "{head}"));
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && line.len() + item.len() > 96 {
            told(writeln!(out, "    {}", line.trim_end()));
            line.clear();
        }
        told(write!(line, "{item}, "));
    }
    told(writeln!(out, "    {}\n{tail}", line.trim_end()));
}

fn entry(entry: &Entry) -> String {
    if *entry == Entry::whole(leak(&entry.path)) {
        return format!("w({:?})", entry.path);
    }
    let except: Vec<_> = entry.except.iter().map(|text| format!("B({text:?})")).collect();
    let only =
        entry.only.map_or_else(|| "None".to_owned(), |only| format!("Some(Person::{only:?})"));
    let why = optional(entry.why.as_ref());
    let (path, except) = (&entry.path, except.join(", "));
    format!("Entry {{ path: B({path:?}), except: B(&[{except}]), only: {only}, why: {why} }}")
}

/// A test's process is short: what it leaks is nobody's loss.
fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

fn optional(text: Option<&Text>) -> String {
    text.map_or_else(|| "None".to_owned(), |text| format!("Some(B({text:?}))"))
}

fn named<T: std::fmt::Debug>(of: &str, value: Option<T>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({of}::{value:?})"))
}

fn rule(rule: &Rule) -> String {
    let when = match &rule.when {
        When::Effect(when) => format!("When::Effect({})", effect(when)),
        When::Finding(when) => {
            let ids: Vec<_> = when.finding.iter().map(|id| format!("B({id:?})")).collect();
            format!(
                "When::Finding(FindingWhen {{ finding: B(&[{}]), severity: {} }})",
                ids.join(", "),
                words(when.severity)
            )
        }
        When::Gap(kinds) => format!("When::Gap({})", words(*kinds)),
    };
    format!(
        "Rule {{ id: B({:?}), decision: Decision::{:?},\n        when: {when},\n        reason: B({:?}), instead: {} }}",
        rule.id,
        rule.decision,
        rule.reason,
        optional(rule.instead.as_ref())
    )
}

fn effect(when: &EffectWhen) -> String {
    let mut fields = Vec::new();
    let mut set = |field: &str, shown: String, any: bool| {
        if !any {
            fields.push(format!("{field}: {shown}"));
        }
    };
    set("access", words(when.access), when.access.is_any());
    set("resource", words(when.resource), when.resource.is_any());
    set("scope", words(when.scope), when.scope.is_any());
    set("reversibility", words(when.reversibility), when.reversibility.is_any());
    set("reach", words(when.reach), when.reach.is_any());
    set("place", words(when.place), when.place.is_any());
    set("sandbox", words(when.sandbox), when.sandbox.is_any());
    set("carries", words(when.carries), when.carries.is_any());
    set("network", words(when.network), when.network.is_any());
    for (field, texts) in [("path", &when.path), ("covers", &when.covers), ("target", &when.target)]
    {
        let shown: Vec<_> = texts.iter().map(|text| format!("B({text:?})")).collect();
        set(field, format!("B(&[{}])", shown.join(", ")), texts.is_empty());
    }
    set("files_over", format!("{:?}", when.files_over), when.files_over.is_none());
    set("bytes_over", format!("{:?}", when.bytes_over), when.bytes_over.is_none());
    format!("EffectWhen {{ {}, ..EffectWhen::ANY }}", fields.join(", "))
}

fn words<T: Word>(set: Words<T>) -> String {
    format!("Words::from_bits({:#b})", set.bits())
}

/// Writing to a `String` cannot fail.
#[track_caller]
fn told(result: std::fmt::Result) {
    result.expect("a String takes everything");
}

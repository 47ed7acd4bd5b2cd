//! Writes `profiles/syscalls.toml` down as Rust: the text of `sandbox/filter/tables.rs`. Part of the tests only.
//!
//! It stands in this room because the words of the data are read here; what they mean is the filter's.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write;

const TEXT: &str = include_str!("../../profiles/syscalls.toml");

const HEAD: &str = "\
//! The system-call policy as static values, so that no launch has to read TOML.
//!
//! Generated from `profiles/syscalls.toml` by `STOCKADE_BLESS=1 cargo test --lib tables`; the same test
//! without it fails when this file is stale. Not written by hand.
use super::table::{Answer, Family, Is, Numbers, Opener, Rule, Set, Test, When};
use super::told::Closed;
use crate::sys::call::ABSENT;
const fn n(x86_64: i64, aarch64: i64) -> Numbers { Numbers { x86_64, aarch64 } }
const fn c(set: &'static Set, call: &'static str, numbers: Numbers, reason: &'static str) -> Rule {
    Rule { set, call, numbers, test: Test::Outright, reason, name: call }
}
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    set: Vec<Set>,
    family: Vec<Family>,
    passes: BTreeMap<String, String>,
    numbers: BTreeMap<String, Vec<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    name: String,
    help: String,
    answer: String,
    #[serde(rename = "in", default = "always")]
    when: String,
    told: Option<String>,
    #[serde(default)]
    calls: toml::Table,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    call: String,
    bits: Option<Bits>,
    #[serde(rename = "if", default)]
    conditions: Vec<Condition>,
    reason: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bits {
    argument: u8,
    #[serde(default)]
    any: u32,
    #[serde(default)]
    unless: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    argument: u8,
    equals: Option<u32>,
    not: Option<u64>,
    mask: Option<u32>,
    #[serde(default)]
    wide: bool,
    #[serde(default)]
    not_open: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    number: u32,
    name: String,
    #[serde(rename = "in")]
    by: String,
}

fn always() -> String {
    "always".to_owned()
}

/// The whole file.
pub(crate) fn tables() -> String {
    let file: File = toml::from_str(TEXT).expect("profiles/syscalls.toml is right");
    let mut out = HEAD.to_owned();
    let mut rules = String::new();
    let mut named = Vec::new();
    for set in &file.set {
        one(&mut out, &mut rules, set, &file.numbers);
        named.extend(set.calls.keys().chain(set.rule.iter().map(|rule| &rule.call)));
    }
    let idle: Vec<_> = file.numbers.keys().filter(|call| !named.contains(call)).collect();
    assert!(idle.is_empty(), "numbers of calls that no set names: {idle:?}");
    let both: Vec<_> = file.passes.keys().filter(|call| named.contains(call)).collect();
    assert!(both.is_empty(), "calls that pass and that a set names: {both:?}");
    told(write!(out, "pub(super) static RULES: &[Rule] = &[\n{rules}];\n"));
    out.push_str("pub(super) static FAMILIES: &[Family] = &[\n");
    for Family { number, name, by } in &file.family {
        let by = camel(by);
        told(writeln!(out, "    Family {{ number: {number}, name: {name:?}, by: Opener::{by} }},"));
    }
    out.push_str("];\n");
    out
}

fn one(out: &mut String, rules: &mut String, set: &Set, numbers: &BTreeMap<String, Vec<i64>>) {
    let constant = set.name.strip_prefix('@').expect("a set is named @so");
    let constant = constant.to_uppercase().replace('-', "_");
    let (name, help, answer) = (&set.name, &set.help, answer(&set.answer));
    let when = camel(&set.when);
    let closed = set
        .told
        .as_ref()
        .map_or_else(|| "None".to_owned(), |closed| format!("Some(Closed::{})", camel(closed)));
    told(writeln!(
        out,
        "static {constant}: Set = Set {{\n    name: {name:?}, help: {help:?},\n    answer: Answer::{answer}, when: When::{when}, told: {closed},\n}};"
    ));
    let mut rule = |call: &str, reason: &str, test: Option<(&str, &str)>| {
        let numbers = match numbers.get(call).map(Vec::as_slice) {
            Some([old]) => format!("n({old}, ABSENT)"),
            Some([old, new]) => format!("n({old}, {new})"),
            other => panic!("{call}: one or two numbers, not {other:?}"),
        };
        let Some((test, name)) = test else {
            return told(writeln!(rules, "    c(&{constant}, {call:?}, {numbers}, {reason:?}),"));
        };
        told(writeln!(
            rules,
            "    Rule {{ set: &{constant}, call: {call:?}, numbers: {numbers}, name: {name:?},\n        test: {test},\n        reason: {reason:?} }},"
        ));
    };
    for (call, reason) in &set.calls {
        rule(call, reason.as_str().expect("a reason"), None);
    }
    for Rule { call, bits, conditions, reason, name } in &set.rule {
        let test = match bits {
            Some(Bits { argument, any, unless }) if conditions.is_empty() => {
                format!("Test::Bits {{ argument: {argument}, any: {any:#x}, unless: {unless:#x} }}")
            }
            None if !conditions.is_empty() => {
                let conditions: Vec<_> = conditions.iter().map(condition).collect();
                format!("Test::All(&[{}])", conditions.join(", "))
            }
            _ => panic!("{call}: either `bits` or `if`"),
        };
        rule(call, reason, Some((&test, name.as_ref().unwrap_or(call))));
    }
}

fn condition(condition: &Condition) -> String {
    let Condition { argument, equals, not, mask, wide, not_open } = condition;
    assert!(*argument < 6, "argument {argument}");
    let is = match (equals, not, mask, wide, not_open) {
        (Some(value), None, None, false, false) => format!("Equal({value:#x})"),
        (Some(value), None, Some(mask), false, false) => format!("Masked({mask:#x}, {value:#x})"),
        (None, Some(value), None, true, false) => format!("NotWide({value:#x})"),
        (None, Some(value), None, false, false) => {
            format!("Not({:#x})", u32::try_from(*value).expect("32 bits, or `wide`"))
        }
        (None, None, None, false, true) => "NotOpen".to_owned(),
        _ => panic!("argument {argument}: one of equals, not, not_open; mask goes with equals"),
    };
    format!("({argument}, Is::{is})")
}

fn answer(word: &str) -> &'static str {
    match word {
        "EPERM" => "NotPermitted",
        "ENOSYS" => "NoSuchCall",
        "EPROTONOSUPPORT" => "NoSuchProtocol",
        "nothing" => "Nothing",
        "held" => "Held",
        other => panic!("no such answer: {other}"),
    }
}

/// `shared-ipc` is `SharedIpc`; a word that is none of the type's does not compile.
fn camel(word: &str) -> String {
    word.split('-').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// Writing to a string cannot fail.
fn told(result: std::fmt::Result) {
    result.expect("a string takes everything");
}

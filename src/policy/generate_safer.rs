//! Reads `profiles/safer.toml` and writes `safer_table.rs` from it. Part of the tests only.

use std::collections::BTreeMap;
use std::fmt::Write;

const TEXT: &str = include_str!("../../profiles/safer.toml");

const HEAD: &str = "\
//! The safer way for each rule as static values. What they mean is in `safer.rs`.
//!
//! Generated from `profiles/safer.toml` by `STOCKADE_BLESS=1 cargo test --lib tables`; the same test
//! without it fails when this file is stale. Not written by hand.
use super::safer::Safer;
";

/// One block as written, with what it is tried by.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Block {
    /// The rules it is for.
    pub(crate) rules: Vec<String>,
    /// A command that leads on without a person.
    pub(crate) command: Option<String>,
    /// What to do where no single command says it.
    pub(crate) step: Option<String>,
    /// What a person is to be asked for.
    pub(crate) person: Option<String>,
    /// Commands that the rules stop.
    #[serde(default)]
    pub(crate) stopped: Vec<String>,
    /// What is allowed beside a step or a person.
    #[serde(default)]
    pub(crate) safer: Vec<String>,
    /// By which they are judged.
    #[serde(default = "usual")]
    pub(crate) profile: String,
}

fn usual() -> String {
    super::builtin::DEFAULT.to_owned()
}

/// The blocks.
pub(crate) fn blocks() -> Vec<Block> {
    let mut all: BTreeMap<String, Vec<Block>> = toml::from_str(TEXT).expect("safer.toml is TOML");
    all.remove("safer").expect("it has blocks")
}

/// The whole file.
pub(crate) fn table() -> String {
    let mut rows = BTreeMap::new();
    for block in blocks() {
        for rule in &block.rules {
            let row = format!(
                "    ({rule:?}, Safer {{ command: {:?}, step: {:?}, person: {:?} }}),",
                block.command, block.step, block.person
            );
            assert!(rows.insert(rule.clone(), row).is_none(), "{rule} has two safer ways");
        }
    }
    let mut out = HEAD.to_owned();
    out.push_str("pub(super) static ALL: &[(&str, Safer)] = &[\n");
    for row in rows.values() {
        writeln!(out, "{row}").expect("a String takes everything");
    }
    out + "];\n"
}

//! One program's model, compiled from its TOML block; it holds knowledge and does nothing.

use super::act::{Act, Clause, Slot, clauses, slots};
use crate::model::finding::Severity;
use serde::Deserialize;
use std::sync::OnceLock;

/// Whether an option takes an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// Never.
    None,
    /// Always: attached, after `=`, or the next word.
    Required,
    /// Only attached or after `=`.
    Optional,
    /// The next two words, of which the second counts (`--bind HERE THERE`).
    Two,
}

/// One option with all its spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opt {
    /// `-r`, `--recursive`, `-name`, `if` (for `if=FILE`), `-#` (for `-20`).
    pub(super) spellings: Vec<&'static str>,
    /// Whether it takes an argument.
    pub(super) argument: Argument,
    /// What it does.
    pub(super) clauses: Vec<Clause>,
}

impl Opt {
    /// `--help` and `--version`, which every model knows.
    pub(super) fn common() -> &'static [Self] {
        static COMMON: OnceLock<[Opt; 1]> = OnceLock::new();
        COMMON.get_or_init(|| {
            let clauses = clauses("harmless").unwrap_or_default();
            let spellings = vec!["--help", "--version"];
            [Self { spellings, argument: Argument::None, clauses }]
        })
    }
}

/// A danger a model may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Danger {
    /// The rule.
    pub(super) rule: &'static str,
    /// How grave.
    pub(super) severity: Severity,
    /// Why.
    pub(super) reason: &'static str,
    /// What to do instead.
    pub(super) instead: Option<&'static str>,
}

/// Everything known of one program or subcommand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Model {
    /// Its options.
    pub(super) options: Vec<Opt>,
    /// What the keys of its `KEY=VALUE` words mean, written like options; the first that fits counts.
    pub(super) settings: Vec<Opt>,
    /// Its operands.
    pub(super) operands: Vec<Slot>,
    /// What it does at every call.
    pub(super) always: Vec<Clause>,
    /// What it does when no operand is given, or `-` stands for one.
    pub(super) absent: Vec<Clause>,
    /// The dangers it names.
    pub(super) dangers: Vec<Danger>,
    /// `elevated` or `elsewhere`, for the code it carries.
    pub(super) realm: &'static str,
    /// Its first operand is a subcommand with a model of its own (`git push`).
    pub(super) subcommands: bool,
    /// The model that reads subcommands without one (`yarn build` is `yarn run build`).
    pub(super) otherwise: Option<&'static str>,
    /// Its options may also stand after the subcommand.
    pub(super) inherit: bool,
    /// Several subcommands may follow each other, divided by this word (`tmux new ';' split`).
    pub(super) divider: Option<&'static str>,
    /// Options end at the first operand.
    pub(super) posix: bool,
    /// Options that are not listed have no consequence.
    pub(super) lenient: bool,
    /// A handler for what getopt cannot express.
    pub(super) grammar: Option<&'static str>,
}

/// The block as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Block {
    #[serde(borrow)]
    options: Vec<&'static str>,
    settings: Vec<&'static str>,
    operands: &'static str,
    always: &'static str,
    absent: &'static str,
    findings: Vec<&'static str>,
    realm: &'static str,
    subcommands: bool,
    otherwise: Option<&'static str>,
    inherit: bool,
    divider: Option<&'static str>,
    posix: Option<bool>,
    lenient: bool,
    grammar: Option<&'static str>,
}

/// Compiles a block of text.
pub(super) fn parse(text: &'static str) -> Result<Model, String> {
    let block: Block = toml::from_str(text).map_err(|e| e.to_string())?;
    let operands = slots(block.operands)?;
    let carries = operands.iter().flat_map(|slot| &slot.clauses).any(|c| takes_the_rest(&c.act));
    Ok(Model {
        options: block.options.into_iter().map(option).collect::<Result<_, _>>()?,
        settings: block.settings.into_iter().map(option).collect::<Result<_, _>>()?,
        operands,
        always: clauses(block.always)?,
        absent: clauses(block.absent)?,
        dangers: block.findings.into_iter().map(danger).collect::<Result<_, _>>()?,
        realm: block.realm,
        subcommands: block.subcommands,
        otherwise: block.otherwise,
        inherit: block.inherit,
        divider: block.divider,
        posix: block.posix.unwrap_or(block.subcommands || carries),
        lenient: block.lenient,
        grammar: block.grammar,
    })
}

/// Whether the words behind belong to the code carried, so that their options are not ours.
pub(super) const fn takes_the_rest(act: &Act) -> bool {
    matches!(act, Act::Command | Act::CommandFromStdin | Act::Joined | Act::Code(_) | Act::File(_))
}

/// `SPELLINGS` or `SPELLINGS : CLAUSES`; a last spelling that ends in `=` or `=?` takes an argument, in `==` two.
fn option(text: &'static str) -> Result<Opt, String> {
    let (names, acts) = text.split_once(" : ").unwrap_or((text, ""));
    let (names, argument) = match names.trim() {
        n if n.ends_with("==") => (n.get(..n.len() - 2).unwrap_or(n), Argument::Two),
        n if n.ends_with("=?") => (n.get(..n.len() - 2).unwrap_or(n), Argument::Optional),
        n if n.ends_with('=') => (n.get(..n.len() - 1).unwrap_or(n), Argument::Required),
        n => (n, Argument::None),
    };
    let spellings: Vec<&'static str> = names.split_whitespace().collect();
    if spellings.is_empty() || names.contains('=') {
        return Err(format!("not an option: `{text}`"));
    }
    Ok(Opt { spellings, argument, clauses: clauses(acts)? })
}

/// `RULE | severity | reason | instead`.
fn danger(text: &'static str) -> Result<Danger, String> {
    let pieces: Vec<&'static str> = text.split('|').map(str::trim).collect();
    let [rule, severity, reason, rest @ ..] = pieces.as_slice() else {
        return Err(format!("not a finding: `{text}`"));
    };
    let severity = match *severity {
        "notice" => Severity::Notice,
        "caution" => Severity::Caution,
        "danger" => Severity::Danger,
        other => return Err(format!("not a severity: `{other}`")),
    };
    Ok(Danger { rule, severity, reason, instead: rest.first().copied() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_say_their_spellings_and_argument() {
        let parsed = option("-n --lines= : read path").unwrap();
        assert_eq!(parsed.spellings, ["-n", "--lines"]);
        assert_eq!(parsed.argument, Argument::Required);
        assert_eq!(option("-i --in-place=?").unwrap().argument, Argument::Optional);
        assert_eq!(option("--bind==").unwrap().argument, Argument::Two);
        assert_eq!(option("if= : read path").unwrap().spellings, ["if"]);
        assert!(option("").is_err());
    }

    #[test]
    fn a_broken_block_is_an_error_and_not_a_panic() {
        assert!(parse("operands = 3").is_err());
        assert!(parse("operands = 'devour path'").is_err());
        assert!(parse("colour = 'red'").is_err());
    }
}

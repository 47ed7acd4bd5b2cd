//! From the table of one `[[judge.rule]]` to a [`Rule`]; examples are checked in `example`.

use super::amount;
use super::error::ProfileError;
use super::parse::path;
use super::reader::{Table, Value};
use super::rule::{EffectWhen, FindingWhen, Rule, Text, Texts, When};
use super::words::Words;

const ABOUT: &[&str] = &["id", "decision", "reason", "instead", "match", "not_match"];
const EFFECT: &[&str] = &[
    "access",
    "resource",
    "scope",
    "reversibility",
    "reach",
    "place",
    "sandbox",
    "carries",
    "network",
    "path",
    "covers",
    "target",
    "files_over",
    "bytes_over",
];
const FINDING: &[&str] = &["finding", "severity"];
const GAP: &[&str] = &["gap"];
/// What a reason may hold between braces.
const HOLES: &[&str] = &["access", "target", "files", "bytes", "lost", "scope", "what"];

/// Reads one rule.
pub(super) fn rule(table: &Table<'_>) -> Result<Rule, ProfileError> {
    table.only(&[ABOUT, EFFECT, FINDING, GAP].concat(), |_| None)?;
    let has = |keys: &[&str]| keys.iter().any(|key| table.get(key).is_some());
    let when = match (has(EFFECT), has(FINDING), has(GAP)) {
        (true, false, false) => When::Effect(effect(table)?),
        (false, true, false) => When::Finding(FindingWhen {
            finding: texts(table, "finding")?,
            severity: table.words("severity")?,
        }),
        (false, false, true) => When::Gap(table.words("gap")?),
        (false, false, false) => {
            return Err(table.wrong("a rule needs a condition: access, scope, finding, gap, ..."));
        }
        _ => {
            return Err(table.wrong(
                "a rule speaks of effects, of findings or of gaps, not of several: write one each",
            ));
        }
    };
    let needed =
        |key: &str| table.get(key).ok_or_else(|| table.wrong(&format!("a rule needs `{key}`")));
    // Read here so that a wrong form is seen at load; whether they hold is tested elsewhere.
    table.texts("match")?;
    table.texts("not_match")?;
    Ok(Rule {
        id: id(&needed("id")?)?,
        when,
        decision: needed("decision")?.word()?,
        reason: reason(&needed("reason")?)?,
        instead: table.text("instead")?.map(|text| text.to_owned().into()),
    })
}

fn effect(table: &Table<'_>) -> Result<EffectWhen, ProfileError> {
    let paths = |key| -> Result<Texts, ProfileError> {
        Ok(table.items(key)?.iter().map(path).collect::<Result<Vec<_>, _>>()?.into())
    };
    Ok(EffectWhen {
        access: table.words("access")?,
        resource: table.words("resource")?,
        scope: table.words("scope")?,
        reversibility: table.words("reversibility")?,
        reach: table.words("reach")?,
        place: table.words("place")?,
        sandbox: table.words("sandbox")?,
        carries: table.words("carries")?,
        network: if table.get("network").is_some_and(|value| value.items().is_err()) {
            let mut one = Words::default();
            if let Some(word) = table.word("network")? {
                one.insert(word);
            }
            one
        } else {
            table.words("network")?
        },
        path: paths("path")?,
        covers: paths("covers")?,
        target: texts(table, "target")?,
        files_over: bound(table, "files_over", |text| text.parse().ok())?,
        bytes_over: bound(table, "bytes_over", amount::bytes)?,
    })
}

fn bound(
    table: &Table<'_>,
    key: &str,
    read: fn(&str) -> Option<u64>,
) -> Result<Option<u64>, ProfileError> {
    let Some(value) = table.get(key) else { return Ok(None) };
    if let Some(number) = value.number() {
        return Ok(Some(number));
    }
    let read = value.text().ok().and_then(read);
    read.map(Some).ok_or_else(|| value.expected("a number, or a size such as \"1G\""))
}

fn texts(table: &Table<'_>, key: &str) -> Result<Texts, ProfileError> {
    let list: Vec<Text> = table.texts(key)?.into_iter().map(|t| t.to_owned().into()).collect();
    Ok(list.into())
}

fn id(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if text.is_empty() || text.len() > 64 || !text.chars().all(plain) {
        return Err(value.expected("a name in lower case, such as \"delete.untracked\""));
    }
    Ok(text.to_owned().into())
}

fn reason(value: &Value<'_>) -> Result<Text, ProfileError> {
    let text = value.text()?;
    for hole in text.split('{').skip(1) {
        let name = hole.split_once('}').map(|(name, _)| name);
        if !name.is_some_and(|name| HOLES.contains(&name)) {
            let known = HOLES.iter().map(|h| format!("{{{h}}}")).collect::<Vec<_>>().join(", ");
            return Err(value.wrong(format!("a reason may hold only {known}")));
        }
    }
    Ok(text.to_owned().into())
}

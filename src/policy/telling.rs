//! Puts figures and names into the sentences of rules: `deletes 3 files (41 kB) ...`; decides nothing.

use super::amount::{show_bytes, show_count};
use crate::model::effect::{Access, Count, Effect, Scale, Scope};

/// Fills the holes of a rule's reason from the effects it speaks of, all together.
#[must_use]
pub fn effects(template: &str, effects: &[&Effect]) -> String {
    fill(template, |hole| match hole {
        "access" => Some(accesses(effects)),
        "target" | "what" => Some(targets(effects)),
        "files" => Some(files(effects)),
        "bytes" => Some(bytes(effects)),
        "scope" => effects.first().map(|effect| scope(effect.scope).to_owned()),
        _ => None,
    })
}

/// Fills the holes of a rule's reason about something that was not seen.
#[must_use]
pub fn gap(template: &str, what: &str) -> String {
    fill(template, |hole| matches!(hole, "what" | "target").then(|| what.to_owned()))
}

fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = template.split('{');
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('}').and_then(|(hole, rest)| Some((value(hole)?, rest))) {
            Some((value, rest)) => {
                told.push_str(&value);
                told.push_str(rest);
            }
            None => {
                told.push('{');
                told.push_str(part);
            }
        }
    }
    told
}

fn accesses(effects: &[&Effect]) -> String {
    let mut verbs: Vec<&str> = Vec::new();
    for effect in effects {
        let verb = verb(effect.access);
        if !verbs.contains(&verb) {
            verbs.push(verb);
        }
    }
    verbs.join(" and ")
}

/// What a command does, in the third person.
#[must_use]
pub const fn verb(access: Access) -> &'static str {
    match access {
        Access::Read => "reads",
        Access::Write => "writes",
        Access::Create => "creates",
        Access::Delete => "deletes",
        Access::Rename => "renames",
        Access::Chmod => "changes mode or owner of",
        Access::Execute => "runs",
        Access::Connect => "connects to",
        Access::Listen => "listens on",
        Access::Signal => "signals",
        Access::Publish => "publishes",
        Access::RemoteChange => "changes",
    }
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Workspace => "in the workspace",
        Scope::Temp => "in the temporary directories",
        Scope::Home => "in the home directory, outside the workspace",
        Scope::System => "outside the workspace",
        Scope::Remote => "on another machine",
        Scope::Unknown => "at a place that could not be told",
    }
}

/// At most two names, then a number: a sentence, not a listing.
fn targets(effects: &[&Effect]) -> String {
    let mut names: Vec<String> = Vec::new();
    for effect in effects {
        let name = effect.resource.to_string();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(2);
    match (names.as_slice(), more) {
        ([], _) => "nothing".to_owned(),
        ([one], _) => one.clone(),
        ([one, two], _) => format!("{one} and {two}"),
        ([one, two, ..], more) => format!("{one}, {two} and {} more", show_count(more as u64)),
    }
}

fn files(effects: &[&Effect]) -> String {
    match sum(effects, |scale| scale.files) {
        None => "files that could not be counted".to_owned(),
        Some(Count::Exactly(1)) => "1 file".to_owned(),
        Some(Count::Exactly(n)) => format!("{} files", show_count(n)),
        Some(Count::AtLeast(n)) => format!("at least {} files", show_count(n)),
    }
}

fn bytes(effects: &[&Effect]) -> String {
    match sum(effects, |scale| scale.bytes) {
        None => "size unknown".to_owned(),
        Some(Count::Exactly(n)) => show_bytes(n),
        Some(Count::AtLeast(n)) => format!("at least {}", show_bytes(n)),
    }
}

/// The sum of what was counted; `None` when nothing was.
fn sum(effects: &[&Effect], of: fn(&Scale) -> Count) -> Option<Count> {
    let counted: Vec<Count> = effects.iter().filter_map(|e| e.scale.as_ref()).map(of).collect();
    let total = counted.iter().fold(0u64, |sum, count| sum.saturating_add(count.floor()));
    let exact = counted.len() == effects.len()
        && counted.iter().all(|count| matches!(count, Count::Exactly(_)));
    match (counted.is_empty(), exact) {
        (true, _) => None,
        (false, true) => Some(Count::Exactly(total)),
        (false, false) => Some(Count::AtLeast(total)),
    }
}

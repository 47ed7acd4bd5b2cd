//! Puts figures and names into the sentences of rules: `deletes 3 files (41 kB) ...`; decides nothing.

use super::amount::{show_bytes, show_count};
use crate::model::effect::{Access, Count, Effect, Scale, Scope};
use crate::model::loss::Sort;
use crate::model::target::{Place, Resource};

/// Fills the holes of a rule's reason from the effects it speaks of, all together.
#[must_use]
pub fn effects(template: &str, effects: &[&Effect]) -> String {
    let reason = fill(template, |hole| match hole {
        "lost" => Some(lost(effects)),
        "access" => Some(accesses(effects)),
        "target" | "what" => Some(targets(effects)),
        "files" => Some(files(effects)),
        "bytes" => Some(bytes(effects)),
        "scope" => effects.first().map(|effect| scope(effect.scope).to_owned()),
        _ => None,
    });
    with_notes(reason, effects)
}

/// What else is to be known of the places, behind the sentence: two things at most.
fn with_notes(mut reason: String, effects: &[&Effect]) -> String {
    let mut told: Vec<&str> = Vec::new();
    for note in
        effects.iter().filter_map(|effect| effect.loss.as_ref()).flat_map(|loss| &loss.notes)
    {
        if told.len() < 2 && !told.contains(&note.as_str()) {
            told.push(note);
        }
    }
    for note in told {
        reason.push_str("; ");
        reason.push_str(note);
    }
    reason
}

/// What of it is lost, by what git knows of it: `2 modified files (3 kB) and 1 untracked file (9 B)`.
fn lost(effects: &[&Effect]) -> String {
    const SORTS: [(Sort, &str); 4] = [
        (Sort::Modified, "modified "),
        (Sort::Untracked, "untracked "),
        (Sort::Ignored, "ignored "),
        (Sort::Unversioned, ""),
    ];
    let parts = |effect: &&Effect| effect.loss.as_ref().is_some_and(|loss| !loss.parts.is_empty());
    if !effects.iter().all(parts) {
        return format!("{} ({})", files(effects), bytes(effects));
    }
    let all: Vec<(Sort, Scale)> = effects
        .iter()
        .filter_map(|e| e.loss.as_ref())
        .flat_map(|loss| loss.parts.clone())
        .collect();
    let shown = SORTS.iter().filter_map(|(sort, word)| {
        let mine: Vec<Scale> =
            all.iter().filter(|(s, _)| s == sort).map(|(_, scale)| *scale).collect();
        let files = total(mine.iter().map(|scale| scale.files), true)?;
        let bytes = total(mine.iter().map(|scale| scale.bytes), true)?;
        Some(format!("{} ({})", number(files, word), size(bytes)))
    });
    let mut shown: Vec<String> = shown.collect();
    let last = shown.pop().unwrap_or_default();
    let all = if shown.is_empty() { last } else { format!("{} and {last}", shown.join(", ")) };
    // Which of what lies below goes is not known: these are the most.
    let below = |effect: &&Effect| matches!(effect.resource, Resource::Path(Place::Below(_)));
    if effects.iter().any(below) { format!("up to {all}") } else { all }
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
    sum(effects, |scale| scale.files)
        .map_or_else(|| "files that could not be counted".to_owned(), |count| number(count, ""))
}

fn number(count: Count, sort: &str) -> String {
    match count {
        Count::Exactly(1) => format!("1 {sort}file"),
        Count::Exactly(n) => format!("{} {sort}files", show_count(n)),
        Count::AtLeast(0) => format!("{sort}files that could not be counted"),
        Count::AtLeast(n) => format!("more than {} {sort}files", show_count(n)),
    }
}

fn size(count: Count) -> String {
    match count {
        Count::Exactly(n) => show_bytes(n),
        Count::AtLeast(n) => format!("more than {}", show_bytes(n)),
    }
}

fn bytes(effects: &[&Effect]) -> String {
    sum(effects, |scale| scale.bytes).map_or_else(|| "size unknown".to_owned(), size)
}

/// The sum of what was counted; `None` when nothing was.
fn sum(effects: &[&Effect], of: fn(&Scale) -> Count) -> Option<Count> {
    let counted: Vec<Count> = effects.iter().filter_map(|e| e.scale.as_ref()).map(of).collect();
    let all = counted.len() == effects.len();
    total(counted.into_iter(), all)
}

/// The sum of counts; not exact when one is not, or when these are not all.
fn total(counts: impl Iterator<Item = Count>, all: bool) -> Option<Count> {
    let mut sum: Option<(u64, bool)> = None;
    for count in counts {
        let (so_far, exact) = sum.unwrap_or((0, all));
        let exact = exact && matches!(count, Count::Exactly(_));
        sum = Some((so_far.saturating_add(count.floor()), exact));
    }
    sum.map(|(n, exact)| if exact { Count::Exactly(n) } else { Count::AtLeast(n) })
}

//! The examples that stand beside every model, and their verification; nothing here reads calls for real.

use super::perform::shown;
use super::reading::{Call, Carried, Code, Input, Object, Output, Reading, Realm};
use super::shelf::{Written, written};
use crate::classify::value::Value;
use crate::model::effect::Reach;
use crate::model::finding::Span;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Examples {
    r#match: Vec<String>,
    not_match: Vec<String>,
}

/// Checks every model against its own examples; what is wrong, one line each.
#[must_use]
pub fn verify_all() -> Vec<String> {
    written().flat_map(|model| verify(&model)).collect()
}

fn verify(model: &Written) -> Vec<String> {
    let place = format!("{} ({})", model.file, model.name);
    if let Err(error) = super::model::parse(model.body) {
        return vec![format!("{place}: {error}")];
    }
    let examples: Examples = match toml::from_str(model.examples) {
        Ok(examples) => examples,
        Err(error) => return vec![format!("{place}: {error}")],
    };
    let mut wrong = Vec::new();
    if examples.r#match.len() < 2 || examples.not_match.is_empty() {
        wrong.push(format!("{place}: needs two examples that match and one that does not"));
    }
    for example in &examples.r#match {
        wrong.extend(matches(example).map(|why| format!("{place}: {why}")));
    }
    for example in &examples.not_match {
        wrong.extend(differs(example).map(|why| format!("{place}: {why}")));
    }
    wrong
}

/// `LINE => FACT; FACT`: all facts hold. `LINE => nothing`: none does.
fn matches(example: &str) -> Option<String> {
    let Some((line, wanted)) = example.split_once(" => ") else {
        return Some(format!("no `=>` in `{example}`"));
    };
    let facts = summary(&read_line(line));
    if wanted.trim() == "nothing" {
        return (!facts.is_empty()).then(|| format!("`{line}` gives {facts:?}"));
    }
    let missing: Vec<&str> =
        wanted.split("; ").map(str::trim).filter(|w| !facts.iter().any(|f| f == w)).collect();
    (!missing.is_empty()).then(|| format!("`{line}` lacks {missing:?}, gives {facts:?}"))
}

/// `LINE => BEGINNING; BEGINNING`: no fact begins so.
fn differs(example: &str) -> Option<String> {
    let Some((line, unwanted)) = example.split_once(" => ") else {
        return Some(format!("no `=>` in `{example}`"));
    };
    let facts = summary(&read_line(line));
    let begins = |fact: &String| unwanted.split("; ").any(|u| fact.starts_with(u.trim()));
    let found: Vec<&String> = facts.iter().filter(|f| begins(f)).collect();
    (!found.is_empty()).then(|| format!("`{line}` must not give {found:?}"))
}

fn read_line(line: &str) -> Reading {
    let argv = words(line);
    let name = argv.first().and_then(Value::as_str).unwrap_or("").to_owned();
    super::read(&Call { name: &name, argv: &argv })
}

/// Splits a line at blanks; quotes hold words together, a bare `$NAME` is a word nobody knows.
pub(super) fn words(line: &str) -> Vec<Value> {
    let mut words = Vec::new();
    let mut chars = line.char_indices().peekable();
    while let Some(&(start, first)) = chars.peek() {
        if first == ' ' {
            chars.next();
            continue;
        }
        let (mut text, mut quote, mut end, mut vague) = (String::new(), None, start, false);
        while let Some(&(at, c)) = chars.peek() {
            match (quote, c) {
                (None, ' ') => break,
                (None, '\'' | '"') => quote = Some(c),
                (Some(q), _) if q == c => quote = None,
                (None, '$') => vague = true,
                _ if vague => {}
                _ => text.push(c),
            }
            end = at + c.len_utf8();
            chars.next();
        }
        words.push(word(text, vague, Span::new(start, end)));
    }
    words
}

fn word(text: String, vague: bool, span: Span) -> Value {
    use crate::classify::value::{Arity, Known};
    match (vague, text.is_empty()) {
        (false, _) => Value::constant(text, span),
        (true, true) => Value::unknown(span),
        (true, false) => {
            let known = Known::Prefix(text.into_bytes());
            Value { known, arity: Arity::One, taint: Vec::new(), span }
        }
    }
}

/// A reading as short lines: `delete tree path a`, `carries argv rm x`, `finding system.power`.
pub(super) fn summary(reading: &Reading) -> Vec<String> {
    let mut facts = Vec::new();
    for one in &reading.uses {
        let reach = if one.reach == Reach::Tree { "tree " } else { "" };
        facts.push(format!("{} {reach}{}", one.access, object(&one.object)));
    }
    facts.extend(reading.carried.iter().map(carried));
    facts.extend(reading.sent.iter().map(|o| format!("sends {}", object(o))));
    match reading.input {
        Input::Ignored => {}
        Input::PassedOn => facts.push("input passed-on".to_owned()),
        Input::Sent => facts.push("input sent".to_owned()),
        Input::Written => facts.push("input written".to_owned()),
    }
    match &reading.output {
        Output::Own => {}
        Output::Contents => facts.push("output contents".to_owned()),
        Output::Network => facts.push("output network".to_owned()),
        Output::Secret(name) => facts.push(format!("output secret {name}")),
        Output::Fresh { directory, template } => {
            let directory = directory.as_ref().map_or_else(|| "temp".to_owned(), shown);
            facts.push(format!("output fresh {directory} {}", shown(template)));
        }
        Output::Exactly(bytes) => {
            facts.push(format!("output exactly {}", String::from_utf8_lossy(bytes).trim_end()));
        }
    }
    facts.extend(reading.findings.iter().map(|f| format!("finding {}", f.rule)));
    facts.extend(reading.gaps.iter().map(|g| format!("gap {}", g.kind.as_str())));
    facts
}

fn object(object: &Object) -> String {
    match object {
        Object::Path(value) => format!("path {}", shown(value)),
        Object::Existing(value) => format!("existing {}", shown(value)),
        Object::Destination { path, .. } => format!("path {}", shown(path)),
        Object::Host(value) => format!("host {}", shown(value)),
        Object::Url(value) => format!("url {}", shown(value)),
        Object::Process(value) => format!("process {}", shown(value)),
        Object::Remote { kind, name } => format!("{kind} {}", shown(name)),
        Object::Directory(value) => format!("directory {}", shown(value)),
        Object::Strays { below, which } => {
            let word = |given: bool, text: &'static str| if given { text } else { "" };
            let untracked = word(which.untracked, "untracked ");
            let ignored = word(which.ignored, "ignored ");
            let directories = word(which.directories, "with directories ");
            format!("strays {untracked}{ignored}{directories}{}", shown(below))
        }
        Object::Machine(what) => format!("machine {what}"),
        Object::Env(name) => format!("env {name}"),
        Object::Credential(value) => format!("credential {}", shown(value)),
        Object::Text(value) => format!("text {}", shown(value)),
    }
}

fn carried(carried: &Carried) -> String {
    let list = |words: &[Value]| words.iter().map(shown).collect::<Vec<_>>().join(" ");
    let name = |language: &super::reading::Language| format!("{language:?}").to_lowercase();
    let code = match &carried.code {
        Code::Argv(words) => format!("argv {}", list(words)),
        Code::ArgvFromStdin(words) => format!("argv-from-stdin {}", list(words)),
        Code::ArgvPerPath { words, roots } => {
            format!("argv-per-path {} in {}", list(words), list(roots))
        }
        Code::Text { language, text, .. } => format!("{} text {}", name(language), shown(text)),
        Code::File { language, path, .. } => format!("{} file {}", name(language), shown(path)),
        Code::Stdin(language) => format!("{} stdin", name(language)),
    };
    let realm = match &carried.realm {
        Realm::Here => String::new(),
        Realm::Elevated => " elevated".to_owned(),
        Realm::Elsewhere(machine) => format!(" elsewhere {}", shown(machine)),
    };
    let directory =
        carried.directory.as_ref().map_or_else(String::new, |d| format!(" at {}", shown(d)));
    let set = carried.variables.iter().map(|(n, v)| format!(" with {n}={}", shown(v)));
    format!("carries {code}{realm}{directory}{}", set.collect::<String>())
}

#[cfg(test)]
mod tests;

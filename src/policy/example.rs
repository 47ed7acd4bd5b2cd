//! The examples rules carry (`match`, `not_match`): their small notation, and whether they hold.
//!
//! One line is one subject: `delete workspace gone $WORKSPACE/notes tree files=3 bytes=41k`,
//! `finding danger exfil.secret`, `gap opaque-code`. Read in tests and by `profile check`, never at launch.

use super::amount;
use super::error::ProfileError;
use super::matching;
use super::reader::{Source, Table};
use super::resolved::{Placed, Policy};
use super::rule::When;
use super::variables::{Person, Variables};
use super::words::Word;
use crate::model::assessment::Assessment;
use crate::model::effect::{Access, Count, Effect, Reach, Reversibility, Scale, Scope, Taint};
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::target::{Place, Resource};

/// The places examples speak of.
#[must_use]
pub fn variables() -> Variables {
    let mut variables = Variables::of(Person::User);
    for known in super::variables::KNOWN {
        let path = match (known.name, known.default) {
            ("WORKSPACE", _) => Some("/home/you/work".into()),
            ("HOME", _) => Some("/home/you".into()),
            ("TMPDIR", _) => Some("/tmp".into()),
            (_, Some((base, tail))) => variables.get(base).map(|base| base.join(tail)),
            (_, None) => None,
        };
        if let Some(path) = path {
            variables.set(known.name, path);
        }
    }
    variables
}

/// Checks every example in a text against the policy that came of it; the number that held.
pub fn verify(policy: &Policy, source: Source<'_>) -> Result<usize, ProfileError> {
    let document = source.parse()?;
    let root = Table::root(source, &document);
    let Some(judge) = root.table("judge")? else { return Ok(0) };
    let mut held = 0;
    for value in judge.items("rule")? {
        let table = value.table()?;
        let id = table.text("id")?.unwrap_or_default();
        let wrong = |message: String| ProfileError::Example {
            file: source.file.to_owned(),
            rule: id.to_owned(),
            message,
        };
        // The last of that name: within one file several rules may share it.
        let mine: Vec<&Placed> =
            policy.judge.rules.iter().filter(|placed| placed.rule.id == id).collect();
        for (key, wanted) in [("match", true), ("not_match", false)] {
            for line in table.texts(key)? {
                let subject =
                    read(line).map_err(|what| wrong(format!("example \"{line}\": {what}")))?;
                if mine.iter().any(|placed| speaks(policy, placed, &subject)) != wanted {
                    let should = if wanted { "should match" } else { "should not match" };
                    return Err(wrong(format!("{should} \"{line}\"")));
                }
                held += 1;
            }
        }
    }
    Ok(held)
}

fn speaks(policy: &Policy, placed: &Placed, subject: &Assessment) -> bool {
    match &placed.rule.when {
        When::Effect(when) => !matching::effects(policy, placed, when, &subject.effects).is_empty(),
        When::Finding(when) => subject.findings.iter().any(|seen| matching::finding(when, seen)),
        When::Gap(kinds) => subject.gaps.iter().any(|gap| kinds.admits(gap.kind)),
    }
}

/// Reads one example.
pub fn read(line: &str) -> Result<Assessment, String> {
    let mut words = line.split_whitespace();
    let mut found = Assessment::default();
    match words.next() {
        Some("finding") => {
            let severity = word::<Severity>(words.next())?;
            let rule = RuleId(words.next().unwrap_or("example").to_owned().into());
            let (span, reason) = (Span::default(), "an example".to_owned());
            found.findings.push(Finding { rule, severity, span, reason, instead: None });
        }
        Some("gap") => {
            let kind = word::<GapKind>(words.next())?;
            found.gaps.push(Gap { kind, span: Span::default(), what: "an example".to_owned() });
        }
        first => {
            let access = word::<Access>(first)?;
            let scope = word::<Scope>(words.next())?;
            let reversibility = word::<Reversibility>(words.next())?;
            found.effects.push(effect(access, scope, reversibility, words)?);
        }
    }
    Ok(found)
}

fn word<T: Word>(text: Option<&str>) -> Result<T, String> {
    let known = || T::ALL.iter().map(|(_, word)| *word).collect::<Vec<_>>().join(", ");
    T::from_word(text.unwrap_or_default()).ok_or_else(|| {
        format!("expected one of {}, found \"{}\"", known(), text.unwrap_or_default())
    })
}

fn effect<'w>(
    access: Access,
    scope: Scope,
    reversibility: Reversibility,
    words: impl Iterator<Item = &'w str>,
) -> Result<Effect, String> {
    let mut effect = Effect {
        access,
        resource: usual(scope),
        reach: Reach::Itself,
        scale: None,
        reversibility,
        scope,
        carries: Vec::new(),
        loss: None,
        span: Span::default(),
    };
    for word in words {
        let variables = variables();
        let path =
            |text: &str| variables.expand(text).ok_or_else(|| format!("\"{text}\" is unset"));
        let scale =
            effect.scale.unwrap_or(Scale { files: Count::Exactly(0), bytes: Count::Exactly(0) });
        let number =
            |text: &str| amount::bytes(text).ok_or_else(|| format!("\"{text}\" is no number"));
        match word.split_once([':', '=']) {
            None if word.starts_with(['/', '$']) => {
                effect.resource = Resource::Path(Place::Exact(path(word)?));
            }
            None if word == "tree" => effect.reach = Reach::Tree,
            None if word == "anywhere" => effect.resource = Resource::Path(Place::Anywhere),
            None if word == "secret" => effect.carries.push(Taint::Secret("a secret".to_owned())),
            None if word == "network" => effect.carries.push(Taint::Network("a host".to_owned())),
            Some(("files", n)) => {
                effect.scale = Some(Scale { files: Count::Exactly(number(n)?), ..scale });
            }
            Some(("bytes", n)) => {
                effect.scale = Some(Scale { bytes: Count::Exactly(number(n)?), ..scale });
            }
            Some(("below", text)) => effect.resource = Resource::Path(Place::Below(path(text)?)),
            Some(("host", name)) => effect.resource = Resource::Host(Some(name.to_owned())),
            Some(("process", name)) => effect.resource = Resource::Process(name.to_owned()),
            Some(("env", name)) => effect.resource = Resource::Env(name.to_owned()),
            Some(("machine", name)) => effect.resource = Resource::Machine(name.to_owned()),
            Some(("remote", both)) => {
                let (kind, name) = both.split_once('/').unwrap_or((both, ""));
                effect.resource = Resource::Remote { kind: kind.to_owned(), name: name.to_owned() };
            }
            _ => return Err(format!("\"{word}\" means nothing in an example")),
        }
    }
    Ok(effect)
}

/// What an example means when it names nothing.
fn usual(scope: Scope) -> Resource {
    let path = match scope {
        Scope::Workspace => "/home/you/work/example",
        Scope::Temp => "/tmp/example",
        Scope::Home => "/home/you/example",
        Scope::System => "/etc/example",
        Scope::Remote => return Resource::Host(Some("example.org".to_owned())),
        Scope::Unknown => return Resource::Path(Place::Anywhere),
    };
    Resource::Path(Place::Exact(path.into()))
}

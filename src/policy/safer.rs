//! The safer way that goes with a rule: `profiles/safer.toml` with its holes filled. It decides nothing, and
//! whether a command it shows passes the gate is tried by a test (`session/safer_tests.rs`), not here.

use super::safer_table::ALL;
use crate::model::effect::{Access, Effect};
use crate::model::finding::Span;
use crate::model::target::{Place, Resource};
use std::path::{Path, PathBuf};

/// What `profiles/safer.toml` says for one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Safer {
    /// A command that leads on without a person.
    pub command: Option<&'static str>,
    /// What to do where no single command says it.
    pub step: Option<&'static str>,
    /// What a person is to be asked for.
    pub person: Option<&'static str>,
}

/// More targets than these are not written out in a command.
const MOST: usize = 8;

/// What is known for a rule by its name.
#[must_use]
pub fn of(rule: &str) -> Option<&'static Safer> {
    let at = ALL.binary_search_by_key(&rule, |(name, _)| name).ok()?;
    ALL.get(at).map(|(_, safer)| safer)
}

/// The safer way in words, about the effects a rule speaks of. `own` is the sentence of whoever spoke.
#[must_use]
pub fn way(rule: &str, own: Option<&str>, about: &[&Effect]) -> Option<String> {
    let known = of(rule);
    let shown = command(rule, about).map(|command| format!("`{command}`"));
    let said = own.and_then(|own| fill(own, about)).or_else(|| {
        let known = known?;
        let step = known.step.and_then(|step| fill(step, about));
        step.or_else(|| Some(format!("ask a person to {}", known.person?)))
    });
    match (shown, said) {
        (Some(shown), Some(said)) => Some(format!("{shown} ({said})")),
        (shown, said) => shown.or(said),
    }
}

/// The command for a rule; `None` when there is none, or nobody knows what stands in its holes.
#[must_use]
pub fn command(rule: &str, about: &[&Effect]) -> Option<String> {
    fill(of(rule)?.command?, about)
}

/// Those of `effects` that a danger at `span` is about: what changes something there.
#[must_use]
pub fn near(span: Span, effects: &[Effect]) -> Vec<&Effect> {
    let touches = |effect: &&Effect| {
        effect.access != Access::Read
            && effect.span.start < span.end
            && span.start < effect.span.end
    };
    effects.iter().filter(touches).collect()
}

/// The template with its holes filled; `None` when one cannot be. Braces of the shell's own stay.
fn fill(template: &str, about: &[&Effect]) -> Option<String> {
    if !template.contains('{') {
        return Some(template.to_owned());
    }
    let mut filled = template.to_owned();
    for (hole, value) in
        [("{target}", targets as fn(&[&Effect]) -> _), ("{name}", name), ("{dir}", dir)]
    {
        if filled.contains(hole) {
            filled = filled.replace(hole, &value(about)?);
        }
    }
    Some(filled)
}

/// The paths, when every one of them is exactly known.
fn paths(about: &[&Effect]) -> Option<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    for effect in about {
        let Resource::Path(Place::Exact(path)) = &effect.resource else { return None };
        if !paths.contains(path) {
            paths.push(path.clone());
        }
    }
    (!paths.is_empty() && paths.len() <= MOST).then_some(paths)
}

fn targets(about: &[&Effect]) -> Option<String> {
    let words: Option<Vec<String>> = paths(about)?.iter().map(|path| quoted(path)).collect();
    Some(words?.join(" "))
}

fn name(about: &[&Effect]) -> Option<String> {
    quoted(Path::new(paths(about)?.first()?.file_name()?))
}

fn dir(about: &[&Effect]) -> Option<String> {
    quoted(paths(about)?.first()?.parent()?)
}

/// A path as one word of a shell; `None` for one that cannot be shown as it is.
fn quoted(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|text| !text.chars().any(char::is_control))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return Some(text.to_owned());
    }
    Some(format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::example;

    fn about(lines: &[&str]) -> Vec<Effect> {
        lines.iter().flat_map(|line| example::read(line).unwrap().effects).collect()
    }

    #[test]
    fn holes_are_filled_with_words_of_a_shell_or_the_command_is_left_out() {
        let effects = about(&["delete workspace gone /w/a", "delete workspace gone /w/it's"]);
        let effects: Vec<&Effect> = effects.iter().collect();
        assert_eq!(
            command("delete.lost", &effects).unwrap(),
            r"mkdir -p /w/.aside && mv -n -- /w/a '/w/it'\''s' /w/.aside/"
        );
        let unknown = about(&["delete unknown gone anywhere"]);
        assert_eq!(command("delete.lost", &unknown.iter().collect::<Vec<_>>()), None);
        let odd = about(&["delete workspace gone /w/a\u{1b}b"]);
        assert_eq!(command("delete.lost", &odd.iter().collect::<Vec<_>>()), None);
        assert_eq!(fill("log ..@{upstream}", &[]).as_deref(), Some("log ..@{upstream}"));
    }

    #[test]
    fn the_table_is_sorted_and_every_entry_says_something() {
        assert!(ALL.is_sorted_by_key(|(name, _)| *name));
        for (name, safer) in ALL {
            assert!(of(name) == Some(safer), "{name}");
            let said = [safer.command, safer.step, safer.person];
            assert!(said.into_iter().flatten().any(|text| !text.is_empty()), "{name}");
        }
    }
}

//! Whether what happened is covered by what was predicted, fact by fact.

use crate::observe::Fact;
use crate::predict::Prediction;
use std::path::Path;
use stockade::model::effect::{Access, Effect, Reach};
use stockade::model::gap::GapKind;
use stockade::model::target::{Place, Resource};

/// How a fact was foreseen, from best to not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// By an effect on this very path, or a program that was followed.
    Exactly,
    /// By an effect on a tree it lies in.
    Within,
    /// By an effect on a file beside it whose name it has been given with something added or taken
    /// away (`a.bak`, `a~`, `a.gz`, the parts of `split`, the name of `mktemp`): something new only.
    Beside,
    /// In git's own records (objects, refs, logs, the index), by a call of git. Not its configuration or hooks.
    Records,
    /// By an effect of which the path was not known.
    Somewhere,
    /// By a gap.
    Gap,
    /// Not at all.
    Missed,
}

/// Programs that models stand for as a whole: what the left starts by itself is of the right.
const HELPERS: &[(&str, &[&str])] = &[
    ("tar", &["gzip", "bzip2", "xz", "zstd", "sh", "bash"]),
    (
        "git",
        &["git", "git-upload-pack", "git-submodule", "sh", "basename", "sed", "uname", "dirname"],
    ),
    ("script", &["sh"]),
    ("awk", &["sh"]),
    ("gawk", &["sh"]),
    ("mawk", &["sh"]),
    ("split", &["sh"]),
    ("make", &["sh"]),
    ("zip", &["unzip"]),
    ("gunzip", &["gzip", "sh"]),
    ("zcat", &["gzip", "sh"]),
    ("rsync", &["rsync"]),
];

pub fn cover(fact: &Fact, prediction: &Prediction) -> Cover {
    let foreseen = match fact {
        Fact::Ran(program) => ran(program, prediction),
        _ => prediction.found.effects.iter().filter_map(|effect| covers(effect, fact)).min(),
    };
    let records = prediction.called.contains("git") && is_record(fact.path());
    let foreseen = foreseen.or_else(|| records.then_some(Cover::Records));
    let gap = || prediction.found.gaps.iter().any(|gap| hides(gap.kind)).then_some(Cover::Gap);
    foreseen.or_else(gap).unwrap_or(Cover::Missed)
}

/// Whether behind such a gap anything may happen. A word that is not known is not enough: what it
/// does is an effect upon an unknown path.
const fn hides(kind: GapKind) -> bool {
    match kind {
        GapKind::UnknownProgram
        | GapKind::OpaqueCode
        | GapKind::UnresolvedCommand
        | GapKind::UnparsedText
        | GapKind::BudgetSpent => true,
        GapKind::UnresolvedWord => false,
    }
}

fn covers(effect: &Effect, fact: &Fact) -> Option<Cover> {
    let Resource::Path(place) = &effect.resource else { return None };
    let path = fact.path();
    if !suits(effect.access, fact) {
        return None;
    }
    // What is moved goes with all below it.
    let whole = effect.reach == Reach::Tree || effect.access == Access::Rename;
    match place {
        Place::Exact(named) if named == path => Some(Cover::Exactly),
        Place::Exact(named) if whole && path.starts_with(named) => Some(Cover::Within),
        // `mkdir -p` makes the directories above as well.
        Place::Exact(named)
            if effect.access == Access::Create
                && whole
                && matches!(fact, Fact::New(_))
                && named.starts_with(path) =>
        {
            Some(Cover::Within)
        }
        Place::Exact(named) if matches!(fact, Fact::New(_)) && is_beside(named, path) => {
            Some(Cover::Beside)
        }
        Place::Exact(_) => None,
        Place::Below(top) => path.starts_with(top).then_some(Cover::Somewhere),
        Place::Anywhere => Some(Cover::Somewhere),
    }
}

/// Whether a name is made of the other: `a.bak` of `a`, `a` of `a.gz`, `tmp.Xy1` of `tmp.001`.
fn is_beside(named: &Path, path: &Path) -> bool {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let (Some(old), Some(new)) = (name(named), name(path)) else { return false };
    let fresh = old.find("00").is_some_and(|at| {
        old.len() == new.len() && old.get(..at).is_some_and(|begin| new.starts_with(begin))
    });
    named.parent() == path.parent() && (new.starts_with(&old) || old.starts_with(&new) || fresh)
}

/// What git writes of its own accord.
fn is_record(path: &Path) -> bool {
    let mut parts = path.iter().skip_while(|part| *part != ".git").skip(1);
    let Some(first) = parts.next().and_then(|part| part.to_str()) else { return false };
    !matches!(first, "config" | "config.worktree" | "hooks" | "modules")
}

const fn suits(access: Access, fact: &Fact) -> bool {
    match fact {
        Fact::Gone(_) => matches!(access, Access::Delete | Access::Rename),
        Fact::New(_) | Fact::Changed(_) => {
            matches!(access, Access::Create | Access::Write | Access::Rename)
        }
        Fact::Mode(_) => {
            matches!(access, Access::Chmod | Access::Create | Access::Write | Access::Rename)
        }
        Fact::Ran(_) => matches!(access, Access::Execute),
    }
}

fn ran(program: &Path, prediction: &Prediction) -> Option<Cover> {
    let name = program.file_name()?.to_str()?;
    let helped = HELPERS
        .iter()
        .any(|(caller, helpers)| prediction.called.contains(*caller) && helpers.contains(&name));
    let own = prediction.called.contains("git")
        && program.parent().is_some_and(|p| p.ends_with("git-core"));
    if prediction.called.contains(name) || helped || own {
        return Some(Cover::Exactly);
    }
    let executes = |effect: &Effect| {
        effect.access == Access::Execute
            && matches!(&effect.resource, Resource::Path(Place::Exact(path)) if path.ends_with(name))
    };
    prediction.found.effects.iter().any(executes).then_some(Cover::Exactly)
}

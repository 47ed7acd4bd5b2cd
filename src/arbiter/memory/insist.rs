//! Whether what was refused comes again: as the same deed, or by a way that nobody can look into.
//!
//! Compared is what would happen, not how it is written. It only tells; the policy decides.

use super::learn::{self, AGAIN};
use super::{Act, Deed, Memory, Refusal, path_of};
use crate::journal::record::ResourceRecord;
use crate::model::assessment::Assessment;
use crate::model::finding::{Finding, Severity};
use crate::model::gap::{Gap, GapKind};
use crate::model::invocation::{Invocation, Request};
use crate::model::verdict::{Insistence, Verdict};
use crate::model::world::{GitState, World};
use crate::policy::resolved::Policy;
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How often what a refused verdict would do was refused before.
#[must_use]
pub fn insistence(memory: &Memory, policy: &Policy, verdict: &Verdict) -> Option<Insistence> {
    if memory.refusals().is_empty() {
        return None;
    }
    let deeds = learn::refused(policy, verdict);
    let known: Vec<&Refusal> = memory
        .refusals()
        .iter()
        .filter(|refusal| deeds.iter().any(|deed| alike(deed, &refusal.deed)))
        .collect();
    let first = known.first()?;
    // One command is one attempt, however many things it would have touched.
    let mut attempts: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &known {
        let times = attempts.entry(&refusal.first).or_default();
        *times = refusal.times.max(*times);
    }
    let times = attempts.values().fold(0_u32, |all, times| all.saturating_add(*times));
    Some(Insistence { times, what: sentence(&first.deed), first: first.first.clone() })
}

/// Dangers of the same deed by a way that cannot be looked into: code that names a file whose change
/// was refused. A file that git can bring back by now, or that is gone, is no longer at stake.
#[must_use]
pub fn detours(
    memory: &Memory,
    invocation: &Invocation,
    assessment: &Assessment,
    world: &dyn World,
) -> Vec<Finding> {
    let opaque = |gap: &&Gap| {
        matches!(
            gap.kind,
            GapKind::OpaqueCode | GapKind::UnresolvedWord | GapKind::UnresolvedCommand
        )
    };
    let mut gaps = assessment.gaps.iter().filter(opaque);
    let (Some(gap), false) = (gaps.next(), memory.refusals().is_empty()) else {
        return Vec::new();
    };
    let text = text(&invocation.request);
    let mut found = Vec::new();
    for refusal in memory.refusals() {
        let Some(path) = changed(refusal) else { continue };
        let named = names(&path, invocation).iter().any(|name| holds(&text, name));
        if named && world.kind(&path).is_some() && world.git_state(&path) != GitState::Clean {
            let shown = path.display();
            let reason = format!(
                "{}, and it names {shown}: to change that was refused in this session (`{}`)",
                gap.what, refusal.first
            );
            let instead =
                "say in plain commands what is to be done with it, or ask the person".to_owned();
            found.push(Finding {
                rule: AGAIN,
                severity: Severity::Caution,
                span: gap.span,
                reason,
                instead: Some(instead),
            });
        }
    }
    found
}

/// The file whose change was refused.
fn changed(refusal: &Refusal) -> Option<PathBuf> {
    match &refusal.deed {
        Deed::Act(Act::Change, ResourceRecord::Path { path }) => path_of(path),
        _ => None,
    }
}

/// How a text may name a path: whole, or as seen from where the command starts.
fn names(path: &Path, invocation: &Invocation) -> Vec<Vec<u8>> {
    let mut names = vec![path];
    for from in [&invocation.cwd, &invocation.places.workspace, &invocation.places.home] {
        names.extend(path.strip_prefix(from).ok());
    }
    names.extend(path.file_name().map(Path::new));
    let bytes = names.into_iter().map(|name| name.as_os_str().as_bytes().to_vec());
    // A name of one or two letters stands in every text.
    bytes.filter(|name| name.len() > 2).collect()
}

/// Whether a text holds a name, not as a piece of a longer one.
fn holds(text: &[u8], name: &[u8]) -> bool {
    let part = |byte: Option<&u8>| {
        byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-') || *b >= 0x80)
    };
    let mut windows = text.windows(name.len()).enumerate().filter(|(_, window)| *window == name);
    windows.any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        !part(before) && !part(text.get(at + name.len()))
    })
}

fn text(request: &Request) -> Vec<u8> {
    match request {
        Request::Shell(text) => text.clone(),
        Request::Argv(words) => {
            words.iter().map(|word| word.as_bytes()).collect::<Vec<_>>().join(&b'\n')
        }
    }
}

/// Whether two deeds are one: the same kind of act upon the same thing, or on what holds it.
fn alike(new: &Deed, old: &Deed) -> bool {
    match (new, old) {
        (Deed::Danger(new), Deed::Danger(old)) => new == old,
        (Deed::Act(new_act, new), Deed::Act(old_act, old)) => {
            new_act == old_act && (new == old || overlap(new, old))
        }
        _ => false,
    }
}

fn overlap(new: &ResourceRecord, old: &ResourceRecord) -> bool {
    let place = |resource: &ResourceRecord| match resource {
        ResourceRecord::Path { path } | ResourceRecord::Below { path } => path_of(path),
        _ => None,
    };
    match (place(new), place(old)) {
        (Some(new), Some(old)) => new.starts_with(&old) || old.starts_with(&new),
        _ => false,
    }
}

fn sentence(deed: &Deed) -> String {
    match deed {
        Deed::Act(act, target) => {
            let verb = match act {
                Act::Change => "to change or delete",
                Act::Rights => "to change the rights of",
                Act::Read => "to read",
                Act::Execute => "to run",
                Act::Send => "to send to or change",
                Act::Listen => "to listen on",
                Act::Signal => "to signal",
            };
            format!("{verb} {target}")
        }
        Deed::Danger(reason) => format!("what {reason}"),
    }
}

//! The classifier end to end, on data: a text, a small literal world, a summary of what was found.
//!
//! Programs are played by fakes here; the real models have examples of their own.

mod agreement;
mod bounds;
mod carriers;
mod disguises;
mod everyday;
mod fakes;
mod flows;
mod hidden;
mod mounted;
mod never;
mod places;
mod scripts;
mod shells;

use super::classify_knowing;
use crate::model::assessment::Assessment;
use crate::model::effect::{Access, Effect, Reach, Reversibility};
use crate::model::invocation::{Invocation, Origin, Places, Request};
use fakes::LiteralWorld;
use std::path::PathBuf;

/// An invocation of `request` in `/home/u/w`, the workspace of user `u`.
pub(super) fn invocation(request: Request) -> Invocation {
    let env = [
        ("HOME", "/home/u"),
        ("USER", "u"),
        ("PATH", "/usr/bin:/bin"),
        ("API_TOKEN", "t0ps3cret"),
        ("EMPTY", ""),
    ];
    Invocation {
        request,
        cwd: PathBuf::from("/home/u/w"),
        env: env.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        places: Places {
            workspace: "/home/u/w".into(),
            home: "/home/u".into(),
            temp: vec!["/tmp".into()],
        },
        origin: Origin::default(),
    }
}

pub(super) fn assess(text: &str) -> Assessment {
    let invocation = invocation(Request::Shell(text.as_bytes().to_vec()));
    classify_knowing(&invocation, &LiteralWorld, &fakes::read)
}

/// The same with the real models of programs.
pub(super) fn check_for_real(text: &str) -> String {
    let invocation = invocation(Request::Shell(text.as_bytes().to_vec()));
    summary(&super::classify(&invocation, &LiteralWorld))
}

/// Effects, then `!findings`, then `?gaps`; reads are left out, duplicates too.
pub(super) fn check(text: &str) -> String {
    summary(&assess(text))
}

pub(super) fn summary(found: &Assessment) -> String {
    let mut words: Vec<String> = Vec::new();
    let shown = found.effects.iter().filter(|e| e.access != Access::Read).map(effect);
    let findings = found.findings.iter().map(|f| format!("!{}", f.rule));
    let gaps = found.gaps.iter().map(|g| format!("?{}", g.kind.as_str()));
    for word in shown.chain(findings).chain(gaps) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words.join("; ")
}

fn effect(effect: &Effect) -> String {
    let tree = if effect.reach == Reach::Tree { "/**" } else { "" };
    let loss = match effect.reversibility {
        Reversibility::Harmless => String::new(),
        loss => format!(" {}", loss.as_str()),
    };
    format!("{} {}{tree}{loss}", effect.access, effect.resource)
}

/// Checks every line of a table and shows all that are wrong.
pub(super) fn table(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, check(text)))
        .filter(|(_, expected, found)| *found != **expected)
        .map(|(text, expected, found)| format!("{text}\n  want: {expected}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

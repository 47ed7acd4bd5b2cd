//! Every rule and every named danger has a safer way, and what is shown as one passes the same gate: each
//! block of `profiles/safer.toml` tried in a workspace made for it.

use super::scene::scene;
use crate::model::decision::Decision;
use crate::model::verdict::Verdict;
use crate::policy::generate_safer::{Block, blocks};
use crate::policy::resolved::Policy;
use crate::policy::rule::When;
use crate::policy::{builtin, safer};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

#[test]
fn every_rule_and_every_danger_has_a_safer_way() {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for name in builtin::names() {
        for rule in &*builtin::profile(name).unwrap().judge.rules {
            // Rules about dangers as such speak under the danger's own name.
            let own = !matches!(&rule.when, When::Finding(when) if when.finding.is_empty());
            if rule.decision > Decision::Allow && own {
                ids.insert(rule.id.to_string());
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut code, mut models) = (Vec::new(), Vec::new());
    sources(&top.join("src/classify"), "rs", &mut code);
    sources(&top.join("profiles/programs"), "toml", &mut models);
    let (before, from_code) = (ids.len(), code.iter().flat_map(|text| named_in_code(text)));
    ids.extend(from_code);
    let middle = ids.len();
    ids.extend(models.iter().flat_map(|text| named_in_models(text)));
    ids.extend(["otherwise".to_owned(), "input.unreadable".to_owned()]);
    // The search itself still finds what it is for.
    assert!(middle >= before + 15 && ids.len() >= middle + 25, "{before} {middle} {}", ids.len());
    let missing: Vec<&String> = ids.iter().filter(|id| safer::of(id).is_none()).collect();
    assert!(missing.is_empty(), "no safer way in profiles/safer.toml for {missing:?}");
    let written: BTreeSet<String> = blocks().into_iter().flat_map(|block| block.rules).collect();
    let idle: Vec<&String> = written.difference(&ids).collect();
    assert!(idle.is_empty(), "profiles/safer.toml speaks of what nobody raises: {idle:?}");
}

fn sources(dir: &Path, ending: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_none_or(|name| name != "tests") {
            sources(&path, ending, found);
        } else if path.extension().is_some_and(|e| e == ending) {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            found.push(text.to_owned());
        }
    }
}

/// `"some.rule", Severity::...`, however the lines are broken.
fn named_in_code(text: &str) -> Vec<String> {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = flat.split(", Severity::").filter_map(|piece| piece.strip_suffix('"'));
    before.filter_map(|piece| Some(piece.rsplit_once('"')?.1.to_owned())).collect()
}

/// `"some.rule | danger | ...`.
fn named_in_models(text: &str) -> Vec<String> {
    let grave = [" | caution |", " | danger |", " | notice |"];
    let before = grave.into_iter().flat_map(|word| {
        let mut pieces: Vec<&str> = text.split(word).collect();
        pieces.pop();
        pieces
    });
    before.filter_map(|piece| Some(piece.rsplit_once('"')?.1.to_owned())).collect()
}

#[test]
fn what_is_shown_as_a_safer_way_passes_the_gate() {
    let scene = scene();
    let mut policies: BTreeMap<String, Policy> = BTreeMap::new();
    let mut wrong = Vec::new();
    for block in blocks() {
        let policy =
            policies.entry(block.profile.clone()).or_insert_with(|| scene.policy(&block.profile));
        try_block(&block, &|text| scene.judged(text, policy), &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn try_block(block: &Block, judged: &dyn Fn(&str) -> Verdict, wrong: &mut Vec<String>) {
    let mut passes = |text: &str, why: &str| {
        let verdict = judged(text);
        if verdict.decision != Decision::Allow {
            wrong.push(format!("{why} `{text}` is stopped: {} {}", verdict.rule, verdict.reason));
        }
    };
    if block.command.is_none() {
        let some = !block.safer.is_empty() || block.stopped.is_empty();
        assert!(some, "{:?} has no command and nothing that may be done meanwhile", block.rules);
    }
    for text in &block.safer {
        passes(text, "safer:");
    }
    let mut said = Vec::new();
    for text in &block.stopped {
        let verdict = judged(text);
        for seen in &verdict.findings {
            if seen.span.start >= seen.span.end
                || text.get(seen.span.start..seen.span.end).is_none()
            {
                said.push(format!("`{text}`: {} stands on no words", seen.rule));
            }
        }
        let mine = verdict.findings.iter().find(|f| block.rules.iter().any(|r| *r == *f.rule.0));
        match mine.and_then(|finding| finding.instead.as_deref()) {
            Some(instead) if verdict.decision > Decision::Allow => match shown(instead) {
                Some(command) if block.command.is_some() => passes(command, text),
                None if block.command.is_some() => {
                    said.push(format!("`{text}` shows no command: {instead}"));
                }
                _ => {}
            },
            _ => said.push(format!("`{text}` is not stopped by {:?}: {verdict:?}", block.rules)),
        }
    }
    wrong.extend(said);
}

/// The command in a safer way: what stands first, between back-ticks.
fn shown(instead: &str) -> Option<&str> {
    instead.strip_prefix('`')?.split('`').next()
}

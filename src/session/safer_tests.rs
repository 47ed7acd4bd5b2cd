//! Every rule and every named danger has a safer way, and what is shown as one passes the same gate: each
//! block of `profiles/safer.toml` tried in a workspace made for it.

use super::{invocation, judge};
use crate::arbiter::memory::Memory;
use crate::model::decision::Decision;
use crate::model::invocation::{Invocation, Places, Request};
use crate::model::verdict::Verdict;
use crate::policy::generate_safer::{Block, blocks};
use crate::policy::resolved::Policy;
use crate::policy::rule::When;
use crate::policy::{builtin, merge, safer, variables};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{borrow::Cow, fs};

/// The workspace of the examples, with a home beside it.
struct Scene {
    _keep: tempfile::TempDir,
    home: PathBuf,
    work: PathBuf,
}

/// What lies in the workspace: tracked, changed, untracked, ignored.
fn scene() -> Scene {
    // Not below the directories for temporary files: nothing there is anybody's.
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    fs::create_dir_all(&target).unwrap();
    let keep = tempfile::tempdir_in(&target).unwrap();
    let top = keep.path().canonicalize().unwrap();
    let (home, work) = (top.join("home"), top.join("home/work"));
    let put = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for name in [".gitignore", "README.md", "Cargo.toml", "a.txt", "src/main.rs", "src/changed.rs"]
    {
        put(&work.join(name), "x\n");
    }
    put(&work.join(".gitignore"), "target/\n*.log\n");
    for words in
        [&["init", "-q"][..], &["add", "-A"], &["commit", "-qm", "x"], &["branch", "topic"]]
    {
        let who = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "init.defaultBranch=main",
        ];
        let done = Command::new("git")
            .args(who)
            .args(words)
            .env("HOME", &home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .current_dir(&work)
            .output()
            .unwrap();
        assert!(done.status.success(), "git {words:?}: {done:?}");
    }
    put(&work.join("src/changed.rs"), "changed\n");
    for name in ["notes.txt", "odd name.txt", "drafts/one.md", "drafts/two.md", "target/debug/a.o"]
    {
        put(&work.join(name), "not in git\n");
    }
    for name in [".bashrc", ".bash_notes", "Documents/letter.txt", ".ssh/id_rsa"] {
        put(&home.join(name), "yours\n");
    }
    Scene { _keep: keep, home, work }
}

impl Scene {
    fn invocation(&self, text: &str) -> Invocation {
        let asked = Request::Shell(text.as_bytes().to_vec());
        let mut invocation = invocation::gather(asked, Some(&self.work)).unwrap();
        invocation.env.insert("HOME".into(), self.home.clone().into());
        invocation.env.insert("GITHUB_TOKEN".into(), "x".into());
        invocation.cwd.clone_from(&self.work);
        let temp = vec!["/tmp".into(), "/dev/shm".into()];
        let (home, workspace) = (self.home.clone(), self.work.clone());
        invocation.places = Places { workspace, home, temp };
        invocation
    }

    fn policy(&self, profile: &str) -> Policy {
        let mut variables = variables::Variables::of(variables::Person::User);
        for known in variables::KNOWN {
            let path = match (known.name, known.default) {
                ("WORKSPACE", _) => Some(self.work.clone()),
                ("HOME", _) => Some(self.home.clone()),
                ("TMPDIR", _) => Some("/tmp".into()),
                (_, Some((base, tail))) => variables.get(base).map(|base| base.join(tail)),
                (_, None) => None,
            };
            if let Some(path) = path {
                variables.set(known.name, path);
            }
        }
        let top = Cow::Borrowed(builtin::profile(profile).unwrap());
        let layers = builtin::chain(top, &|_| Ok(None)).unwrap();
        merge::fold(profile, layers, &variables).unwrap()
    }
}

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
        try_block(
            &block,
            &|text| judge(&scene.invocation(text), policy, &Memory::NOTHING),
            &mut wrong,
        );
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

//! Tests of what is remembered: facts in and out of a file, deeds that are one, code that names them.

use super::keep::{Keeper, SessionName};
use super::{Act, Deed, Fact, Memory, insist};
use crate::journal::record::{ResourceRecord, TaintRecord};
use crate::journal::text::Text;
use crate::model::assessment::Assessment;
use crate::model::effect::Taint;
use crate::model::finding::Span;
use crate::model::gap::{Gap, GapKind};
use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::model::world::{GitState, Kind, Matches, World};
use std::fs;
use std::path::{Path, PathBuf};

fn change(path: &str) -> Fact {
    let target = ResourceRecord::Path { path: Text::path(Path::new(path)) };
    Fact::Refused { deed: Deed::Act(Act::Change, target), by: format!("rm {path}") }
}

fn keeper(state: &Path, name: &str) -> Keeper {
    Keeper::new(state, &SessionName::new(name).unwrap())
}

#[test]
fn what_is_kept_comes_back() {
    let state = tempfile::tempdir().unwrap();
    let one = keeper(state.path(), "a/../b");
    assert_eq!(one.recall().unwrap(), Memory::default(), "nobody has heard of it");
    let path = Text::path(Path::new("/w/x"));
    let carries = vec![TaintRecord::Network("h".into()), TaintRecord::Secret("$T".into())];
    one.remember(&[Fact::Carries { path: path.clone(), carries }, change("/w/x")]).unwrap();
    one.remember(&[change("/w/x"), Fact::Made { path: path.clone(), since: 5 }]).unwrap();
    let memory = one.recall().unwrap();
    assert_eq!(memory.refusals().len(), 1);
    assert_eq!(memory.refusals()[0].times, 2);
    assert_eq!(memory.carried(Path::new("/w/x")).len(), 2);
    assert!(memory.made(Path::new("/w/x")).is_some());
    assert!(memory.made(Path::new("/w/x/y")).is_none(), "each name is claimed by itself");
    assert!(memory.made(Path::new("/w")).is_none());
    one.remember(&[Fact::Seen { path }]).unwrap();
    let carried = one.recall().unwrap();
    assert_eq!(carried.carried(Path::new("/w/x")), [Taint::Secret("$T".into())]);
    assert_eq!(keeper(state.path(), "other").recall().unwrap(), Memory::default());
}

#[test]
fn torn_lines_and_those_of_a_newer_stockade_are_passed_over() {
    let state = tempfile::tempdir().unwrap();
    let one = keeper(state.path(), "s");
    one.remember(&[change("/w/x")]).unwrap();
    let file = fs::read_dir(state.path().join("sessions")).unwrap().next().unwrap().unwrap().path();
    let mut text = fs::read_to_string(&file).unwrap();
    text.push_str("{\"fact\":\"dreamt\",\"of\":1}\n{\"fact\":\"ref");
    fs::write(&file, text).unwrap();
    one.remember(&[change("/w/y")]).unwrap();
    assert_eq!(one.recall().unwrap().refusals().len(), 2);
}

#[test]
fn a_long_file_is_written_anew_and_says_the_same() {
    let state = tempfile::tempdir().unwrap();
    let one = keeper(state.path(), "s");
    let many: Vec<Fact> = (0..12_000).map(|_| change("/w/a/rather/long/name/of/a/file")).collect();
    one.remember(&many).unwrap();
    one.remember(&[change("/w/x")]).unwrap();
    let memory = one.recall().unwrap();
    assert_eq!(memory.refusals().len(), 2);
    assert!(memory.refusals()[0].times > 10);
    let file = fs::read_dir(state.path().join("sessions")).unwrap().next().unwrap().unwrap();
    assert!(file.metadata().unwrap().len() < 10_000);
}

#[test]
fn a_file_of_others_is_not_believed() {
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().unwrap();
    let one = keeper(state.path(), "s");
    one.remember(&[change("/w/x")]).unwrap();
    let file = fs::read_dir(state.path().join("sessions")).unwrap().next().unwrap().unwrap().path();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    assert!(one.recall().unwrap_err().to_string().contains("sessions"));
    assert!(one.remember(&[change("/w/y")]).is_err());
    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/null", &file).unwrap();
    assert!(one.recall().is_err());
}

#[test]
fn names_of_sessions_are_checked() {
    for name in ["", "a\nb", &"x".repeat(257)] {
        assert!(SessionName::new(name).is_err(), "{name:?}");
    }
    assert!(SessionName::new("01J-c0ffee / Ä").is_ok());
}

/// A world in which everything is there, and git knows this of it.
struct There(GitState);

impl World for There {
    fn kind(&self, _: &Path) -> Option<Kind> {
        Some(Kind::File)
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
    fn glob(&self, _: &str, _: &Path) -> Matches {
        Matches { paths: Vec::new(), complete: true }
    }
    fn measure(&self, _: &Path) -> Option<crate::model::effect::Scale> {
        None
    }
    fn git_state(&self, _: &Path) -> GitState {
        self.0
    }
    fn read(&self, _: &Path, _: usize) -> Option<Vec<u8>> {
        None
    }
    fn program(&self, _: &str) -> Option<PathBuf> {
        None
    }
}

fn detours(text: &str, state: GitState, kind: GapKind) -> usize {
    let mut memory = Memory::default();
    memory.take(change("/w/data/notes.md"));
    let invocation = Invocation {
        request: Request::Shell(text.into()),
        cwd: "/w/data".into(),
        env: Default::default(),
        places: Places { workspace: "/w".into(), home: "/h".into(), temp: Vec::new() },
        origin: Origin::default(),
    };
    let gap = Gap { kind, span: Span::default(), what: "code".into() };
    let assessment = Assessment { gaps: vec![gap], ..Assessment::default() };
    insist::detours(&memory, &invocation, &assessment, &There(state)).len()
}

#[test]
fn code_that_names_what_was_refused_is_told() {
    let code = GapKind::OpaqueCode;
    for text in ["python3 -c 'x(\"notes.md\")'", "f /w/data/notes.md", "node a.js data/notes.md"] {
        assert_eq!(detours(text, GitState::Untracked, code), 1, "{text}");
        assert_eq!(detours(text, GitState::Clean, code), 0, "git has it by now: {text}");
        let plain = detours(text, GitState::Untracked, GapKind::UnknownProgram);
        assert_eq!(plain, 0, "an unknown program is no code of its own: {text}");
    }
    for text in ["python3 -c 'x(\"my-notes.md\")'", "python3 -c 'x(\"notes.mdx\")'", "pytest"] {
        assert_eq!(detours(text, GitState::Untracked, code), 0, "{text}");
    }
}

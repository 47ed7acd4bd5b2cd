//! A workspace with a real repository and a home around it, for tests that judge commands from end to end.

use super::invocation;
use super::world::{Bounds, FileSystem, Readable};
use crate::classify;
use crate::model::invocation::{Invocation, Places, Request};
use crate::model::verdict::Verdict;
use crate::policy::resolved::Policy;
use crate::policy::{self, builtin, merge, variables};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{borrow::Cow, fs};

/// The workspace of the examples, with a home beside it.
pub(super) struct Scene {
    _keep: tempfile::TempDir,
    home: PathBuf,
    pub(super) work: PathBuf,
}

/// What lies in the workspace: tracked, changed, untracked, ignored.
pub(super) fn scene() -> Scene {
    // Not below the directories for temporary files: nothing there is anybody's.
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target");
    fs::create_dir_all(&target).unwrap();
    let keep = tempfile::tempdir_in(&target).unwrap();
    let top = keep.path().canonicalize().unwrap();
    let (home, work) = (top.join("home"), top.join("home/work"));
    for name in [".gitignore", "README.md", "Cargo.toml", "a.txt", "src/main.rs", "src/changed.rs"]
    {
        put(&work.join(name), "x\n");
    }
    put(&work.join(".gitignore"), "target/\n*.log\n");
    let history: [&[&str]; 6] = [
        &["init", "-q"],
        &["add", "-A"],
        &["commit", "-qm", "x"],
        &["checkout", "-qb", "topic"],
        &["commit", "-qm", "y", "--allow-empty"],
        &["checkout", "-q", "main"],
    ];
    for words in history {
        git(&work, words);
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
    /// What the gate says of a text.
    pub(super) fn judged(&self, text: &str, policy: &Policy) -> Verdict {
        // A machine under load is no reason to see less in a test.
        let bounds = Bounds { time: Duration::from_secs(20), ..Bounds::default() };
        let invocation = self.invocation(text);
        let world = FileSystem::new(&invocation, Readable::Granted(&policy.files), bounds);
        policy::judge(policy, classify::classify(&invocation, &world))
    }

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

    pub(super) fn policy(&self, profile: &str) -> Policy {
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

/// Writes a file and the directories above it.
pub(super) fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git, with nobody's configuration.
pub(super) fn git(dir: &Path, words: &[&str]) {
    let who =
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let done = Command::new("git")
        .args(who)
        .args(words)
        .env("HOME", dir)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(done.status.success(), "git {words:?}: {done:?}");
}

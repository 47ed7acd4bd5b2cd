//! Whether transforms keep the meaning, shown by a real bash: a harmless deed and its re-spelling leave the same files behind.
//!
//! Programs that need a server, a password or a terminal are played by scripts that do what their
//! manuals say; what they are is listed here.

use crate::composing::composed;
use crate::dice::Dice;
use crate::spelling::Spelling;
use crate::transforms::{self, Transform};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Harmless deeds that leave something behind; `ROOT` is the scratch directory, `work` below it the current one.
const DEEDS: &[&str] = &[
    "touch made",
    "rm draft.txt",
    "mkdir -p docs/deep",
    "cp src/main.rs ROOT/home/you/notes.txt",
    "echo hello > draft.txt",
    "cat README.md | tee data.csv",
    "touch one && rm notes/plan.md",
    "chmod 600 ROOT/etc/hosts",
    "rm -r ROOT/home/you/Documents",
];

/// Programs played by scripts, because the real ones want a server, a password, a terminal, or may not be there.
const PLAYED: &[(&str, &str)] = &[
    (
        "sudo",
        "while [ $# -gt 0 ]; do case $1 in -u) shift 2;; -n|-E|--) shift;; *=*) export \"$1\"; shift;; *) break;; esac; done; exec \"$@\"",
    ),
    ("doas", "while [ $# -gt 0 ]; do case $1 in -u) shift 2;; *) break;; esac; done; exec \"$@\""),
    (
        "su",
        "while [ $# -gt 0 ]; do case $1 in -c) c=$2; shift 2;; --command=*) c=${1#*=}; shift;; *) shift;; esac; done; exec sh -c \"$c\"",
    ),
    ("runuser", "while [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\""),
    (
        "ssh",
        "while [ $# -gt 0 ]; do case $1 in -p|-o) shift 2;; -T) shift;; *) break;; esac; done; shift; [ \"$1\" = -- ] && shift; exec sh -c \"$*\"",
    ),
    ("busybox", "exec \"$@\""),
    ("ruby", "[ \"$1\" = -e ] || exit 9; exec perl -e \"$2\""),
    (
        "watch",
        "while [ $# -gt 0 ]; do case $1 in -n|-tn) shift 2;; -*) shift;; *) break;; esac; done; exec sh -c \"$*\"",
    ),
    (
        "parallel",
        "if [ \"$1\" = ::: ]; then exec sh -c \"$2\"; fi; c=; while [ \"$1\" != ::: ]; do c=\"$c $1\"; shift; done; c=$(printf '%s' \"$c\" | sed \"s|{}|$2|g\"); exec sh -c \"$c\"",
    ),
];

/// How many spellings of a transform are run: of different deeds, as far as it fits them.
const TRIED: usize = 3;

/// How many compositions are run.
pub const COMPOSED: usize = 200;

/// One transform: its spellings of harmless deeds do what the deeds do.
pub fn kept(transform: &Transform) {
    let mut dice = Dice::of(transform.name);
    let start = dice.below(DEEDS.len());
    let mut tried = 0;
    for nth in 0..DEEDS.len() * 2 {
        if tried == TRIED {
            break;
        }
        let deed = DEEDS[(start + nth) % DEEDS.len()];
        let scratch = Scratch::new();
        if let Some(made) = (transform.apply)(&Spelling::base(&scratch.deed(deed)), &mut dice) {
            scratch.compare(deed, &made.text, transform.name);
            tried += 1;
        }
    }
    assert!(tried > 0, "{} fits none of the deeds", transform.name);
}

/// A share of the compositions: they do what the deeds do.
pub fn composed_kept(share: usize, of: usize) {
    let all = transforms::all();
    let mut dice = Dice::of(&format!("compositions {share}"));
    let mut tried = 0;
    for _ in 0..COMPOSED * 10 {
        if tried == COMPOSED / of {
            return;
        }
        let deed = *dice.pick(DEEDS);
        let scratch = Scratch::new();
        let base = Spelling::base(&scratch.deed(deed));
        let depth = 2 + dice.below(2);
        if let Some(made) = composed(&base, depth, &all, &mut dice) {
            let steps: Vec<_> = made.steps.iter().map(|step| step.name).collect();
            scratch.compare(deed, &made.spelling.text, &steps.join(", "));
            tried += 1;
        }
    }
    panic!("only {tried} compositions could be made");
}

/// Every file below the scratch directory that matters: its name, its mode, what is in it.
type Tree = BTreeMap<String, (u32, Vec<u8>)>;

/// A place of one text: the files of the deeds, and the played programs.
#[derive(Debug)]
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        let scratch = Self(tempfile::tempdir().unwrap());
        for directory in
            ["work/src", "work/docs", "work/notes", "home/you/Documents", "etc", "tmp", "bin"]
        {
            fs::create_dir_all(scratch.path().join(directory)).unwrap();
        }
        for (file, text) in [
            ("work/README.md", "read me\n"),
            ("work/draft.txt", "draft\n"),
            ("work/data.csv", "1,2\n"),
            ("work/src/main.rs", "fn main() {}\n"),
            ("work/notes/plan.md", "plan\n"),
            ("home/you/notes.txt", "notes\n"),
            ("home/you/Documents/taxes.ods", "taxes\n"),
            ("etc/hosts", "127.0.0.1 localhost\n"),
        ] {
            fs::write(scratch.path().join(file), text).unwrap();
        }
        for (name, text) in PLAYED {
            let file = scratch.path().join("bin").join(name);
            fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        }
        scratch
    }

    /// A deed in this place.
    fn deed(&self, deed: &str) -> String {
        deed.replace("ROOT", self.path().to_str().unwrap())
    }

    /// Runs a spelling here and the deed in a place of its own: the files are the same afterwards.
    fn compare(&self, deed: &str, text: &str, by: &str) {
        let before = self.tree();
        let here = self.run(text);
        let there = after().get(deed).unwrap();
        assert!(before != *there, "the deed itself does nothing: {deed}");
        let names = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
        assert!(
            here == *there,
            "{by} changes {deed}:\n{text}\nleaves {:?}\nand not {:?}",
            names(&here),
            names(there)
        );
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs a text in it, under a bash as `stockade run -c` starts it.
    fn run(&self, text: &str) -> Tree {
        let path = format!("{}:/usr/bin:/bin", self.path().join("bin").display());
        let status = Command::new("timeout")
            .args(["-k", "1", "20", "bash", "--noprofile", "--norc", "-c", text])
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path().join("home/you"))
            .env("TMPDIR", self.path().join("tmp"))
            .current_dir(self.path().join("work"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert_ne!(status.unwrap().code(), Some(124), "it does not end: {text}");
        self.tree()
    }

    fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        for part in ["work", "home", "etc"] {
            walk(&self.path().join(part), part, &mut tree);
        }
        tree
    }
}

/// What each deed leaves behind, found once.
fn after() -> &'static BTreeMap<&'static str, Tree> {
    static ALL: OnceLock<BTreeMap<&str, Tree>> = OnceLock::new();
    ALL.get_or_init(|| {
        let one = |deed: &&'static str| {
            let scratch = Scratch::new();
            (*deed, scratch.run(&scratch.deed(deed)))
        };
        DEEDS.iter().map(one).collect()
    })
}

fn walk(directory: &Path, name: &str, tree: &mut Tree) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{name}/{}", path.file_name().unwrap().to_str().unwrap());
        let meta = fs::symlink_metadata(&path).unwrap();
        let bytes = if meta.is_file() { fs::read(&path).unwrap_or_default() } else { Vec::new() };
        tree.insert(name.clone(), (meta.permissions().mode(), bytes));
        if meta.is_dir() {
            walk(&path, &name, tree);
        }
    }
}

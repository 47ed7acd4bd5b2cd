//! The directory a command starts in: files of every kind, links, archives, a repository. Made anew for each
//! command from a template that is made once.

use crate::observe::{Thing, Tree, look};
use crate::support::{base, put};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where one command runs: its home, in it the work and a directory for temporary files.
#[derive(Debug, Clone)]
pub struct Scene {
    /// All of it, without links.
    pub top: PathBuf,
}

/// The directory of all scenes of this process: in memory where programs may be run there, since a disk that
/// others use takes a millisecond a file.
pub fn ground() -> &'static Path {
    static GROUND: OnceLock<PathBuf> = OnceLock::new();
    GROUND.get_or_init(|| {
        let made = tempfile::Builder::new().prefix("stockade-test.").tempdir_in("/dev/shm");
        let Ok(made) = made else { return base().to_path_buf() };
        let script = made.path().join("try");
        put(&script, "#!/bin/sh\n");
        fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        let runs = Command::new(&script).status().is_ok_and(|status| status.success());
        if runs { made.keep() } else { base().to_path_buf() }
    })
}

/// Removes what is left of it.
pub fn leave() {
    fs::remove_dir_all(ground()).ok();
}

const FILES: &[(&str, &str)] = &[
    ("a", "alpha\nbeta\n"),
    ("b.txt", "one\ntwo\nthree\n"),
    ("c.txt", "x\ny\nx\n"),
    ("sp ace.txt", "words\n"),
    (".hidden", "h\n"),
    ("-dash", "d\n"),
    ("list", "a\nb.txt\nc.txt\n"),
    ("run.sh", "#!/bin/sh\necho ran > made-by-run\nrm -f c.txt\n"),
    ("d1/x", "1\n"),
    ("d1/y.c", "int y;\n"),
    ("d1/z.c", "int z;\n"),
    ("d1/.dot", ".\n"),
    ("d1/sub/p", "p\n"),
    ("d1/sub/q.c", "q\n"),
    ("d2/deep/z", "zz\n"),
    ("d2/deep/m.txt", "m\n"),
    ("d2/n", "n\n"),
    ("d2/z", "another\n"),
    ("fix.patch", "--- b.txt\n+++ b.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n"),
    ("Makefile", "all: out.o\nout.o:\n\ttouch out.o\nclean:\n\trm -f a *.txt\n"),
    (".gitignore", "*.log\nbuilt/\n"),
    ("old.log", "log\n"),
    ("built/o", "o\n"),
];

const LINKS: &[(&str, &str)] = &[
    ("link", "a"),
    ("dlink", "d1"),
    ("far", "d2/deep"),
    ("broken", "nowhere"),
    ("out", "../notes"),
];

/// What a scene holds at first: relative paths, in an order in which they can be made.
type Template = Vec<(PathBuf, Thing)>;

impl Scene {
    /// The work.
    pub fn work(&self) -> PathBuf {
        self.top.join("w")
    }

    /// The home around the work.
    pub fn home(&self) -> PathBuf {
        self.top.clone()
    }

    /// For temporary files.
    pub fn temp(&self) -> PathBuf {
        self.top.join("t")
    }

    /// Makes it at `top`, with a repository around the work or without; also gives what is in it.
    pub fn make(top: PathBuf, with_git: bool) -> (Self, Tree) {
        static TEMPLATES: OnceLock<[Template; 2]> = OnceLock::new();
        let templates = TEMPLATES.get_or_init(|| [template(false), template(true)]);
        let mut tree = Tree::new();
        for (path, thing) in &templates[usize::from(with_git)] {
            // Joined with nothing a path ends in a slash.
            let path = if path.as_os_str().is_empty() { top.clone() } else { top.join(path) };
            thing.make(&path);
            tree.insert(path, thing.clone());
        }
        (Self { top }, tree)
    }
}

fn template(with_git: bool) -> Template {
    let top = ground().join(if with_git { "template.git" } else { "template" });
    let work = top.join("w");
    for dir in ["w/d1/sub", "w/d2/deep", "w/empty", "w/built", "t", "proj"] {
        fs::create_dir_all(top.join(dir)).unwrap();
    }
    for (name, text) in FILES {
        put(work.join(name), text);
    }
    for (name, target) in LINKS {
        symlink(target, work.join(name)).unwrap();
    }
    put(top.join("notes"), "of the person\n");
    put(top.join(".profile"), "# rc\n");
    put(top.join("proj/k"), "k\n");
    put(top.join(".gitconfig"), "[user]\n\tname = n\n\temail = n@example.org\n");
    fs::set_permissions(work.join("run.sh"), Permissions::from_mode(0o755)).unwrap();
    let made = "mkdir d9 && echo u > d9/u && echo v > d9/v && tar cf arch.tar d9 && tar czf arch.tgz d9 && \
                zip -qr arch.zip d9 && rm -r d9 && printf 'hello\\n' | gzip > t.gz";
    shell(&top, made);
    if with_git {
        shell(
            &top,
            "git init -q --template= -b main . && git add a b.txt d1 d2 .gitignore && git commit -qm 1 && \
             git switch -qc side && echo s > side.txt && echo changed > a && git rm -q d2/n && git add . && \
             git commit -qam 2 && git switch -q main && git tag v1 && git gc -q && echo more >> d1/x",
        );
        // What `git add .` on the other branch took is there without git knowing it, as before.
        for (name, text) in FILES.iter().filter(|(name, _)| !work.join(name).exists()) {
            put(work.join(name), text);
        }
        fs::set_permissions(work.join("run.sh"), Permissions::from_mode(0o755)).unwrap();
        shell(&top, made);
        for (name, target) in LINKS.iter().filter(|(name, _)| !work.join(name).is_symlink()) {
            symlink(target, work.join(name)).unwrap();
        }
    }
    let tree = look(&top).into_iter();
    tree.map(|(path, thing)| (path.strip_prefix(&top).unwrap().to_path_buf(), thing)).collect()
}

fn shell(top: &Path, text: &str) {
    let done = Command::new("bash")
        .args(["-c", text])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HOME", top)
        .current_dir(top.join("w"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{text}: {}", String::from_utf8_lossy(&done.stderr));
}

//! What really happened: two looks at a tree, and the programs a trace names.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    kind: Kind,
    mode: u32,
    /// What is in a file, or where a link leads.
    content: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Directory,
    Link,
    Other,
}

impl Thing {
    /// Makes it.
    pub fn make(&self, path: &Path) {
        match self.kind {
            Kind::File => fs::write(path, &self.content).unwrap(),
            Kind::Directory => fs::create_dir(path).unwrap(),
            Kind::Link => symlink(OsStr::from_bytes(&self.content), path).unwrap(),
            Kind::Other => panic!("{} is no part of a scene", path.display()),
        }
        if self.kind == Kind::File && self.mode & 0o777 != 0o644 {
            fs::set_permissions(path, fs::Permissions::from_mode(self.mode)).unwrap();
        }
    }
}

/// A tree by its paths.
pub type Tree = BTreeMap<PathBuf, Thing>;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// Something is not there any more.
    Gone(PathBuf),
    /// Something is there now.
    New(PathBuf),
    /// A file has another content, a link another target, or it is another kind of thing.
    Changed(PathBuf),
    /// The mode is another.
    Mode(PathBuf),
    /// A program was executed: its path as it was called.
    Ran(PathBuf),
}

impl Fact {
    pub fn path(&self) -> &Path {
        match self {
            Self::Gone(path)
            | Self::New(path)
            | Self::Changed(path)
            | Self::Mode(path)
            | Self::Ran(path) => path,
        }
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = match self {
            Self::Gone(_) => "gone",
            Self::New(_) => "new",
            Self::Changed(_) => "changed",
            Self::Mode(_) => "mode",
            Self::Ran(_) => "ran",
        };
        write!(f, "{verb} {}", self.path().display())
    }
}

/// Everything at and below a path, links not followed.
pub fn look(top: &Path) -> Tree {
    let mut tree = Tree::new();
    gather(top, &mut tree);
    tree
}

fn gather(path: &Path, tree: &mut Tree) {
    let Ok(meta) = path.symlink_metadata() else { return };
    let (kind, content) = match meta.file_type() {
        kind if kind.is_symlink() => {
            (Kind::Link, fs::read_link(path).unwrap().as_os_str().as_bytes().to_vec())
        }
        kind if kind.is_dir() => (Kind::Directory, Vec::new()),
        kind if kind.is_file() => (Kind::File, fs::read(path).unwrap_or_default()),
        _ => (Kind::Other, Vec::new()),
    };
    tree.insert(path.to_path_buf(), Thing { kind, mode: meta.permissions().mode(), content });
    if kind == Kind::Directory {
        for entry in fs::read_dir(path).into_iter().flatten() {
            gather(&entry.unwrap().path(), tree);
        }
    }
}

/// What is different in `after`.
pub fn changes(before: &Tree, after: &Tree) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (path, old) in before {
        match after.get(path) {
            None => facts.push(Fact::Gone(path.clone())),
            Some(new) if new.kind != old.kind || new.content != old.content => {
                facts.push(Fact::Changed(path.clone()));
            }
            Some(new) if new.mode != old.mode => facts.push(Fact::Mode(path.clone())),
            Some(_) => {}
        }
    }
    facts.extend(after.keys().filter(|path| !before.contains_key(*path)).cloned().map(Fact::New));
    facts
}

/// The programs that were executed, by the number of the text: a trace of execve(2) over all of them,
/// in which a shell called `text:NUMBER` begins each.
pub fn executed(trace: &str) -> BTreeMap<usize, Vec<Fact>> {
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    let mut all: BTreeMap<usize, Vec<Fact>> = BTreeMap::new();
    let mut now = None;
    for line in trace.lines() {
        let Some((pid, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let call = rest.strip_prefix("execve(\"");
        if rest.ends_with("<unfinished ...>") {
            begun.extend(call.map(|call| (pid, call)));
            continue;
        }
        let Some(call) = call.or_else(|| begun.remove(pid)).filter(|_| rest.ends_with("= 0"))
        else {
            continue;
        };
        let (path, words) = call.split_once('"').unwrap();
        if let Some(number) = words.strip_prefix(", [\"text:") {
            now = number.split('"').next().unwrap().parse::<usize>().ok();
            continue;
        }
        let facts = now.map(|number| all.entry(number).or_default());
        let fact = Fact::Ran(path.into());
        if let Some(facts) = facts.filter(|facts| !facts.contains(&fact)) {
            facts.push(fact);
        }
    }
    all
}

//! The `.gitignore` files of one work tree and its `info/exclude`, read as they are needed.
//! The person's global excludes are not read: without them more counts as untracked, the safe side.

use super::super::contents;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fs::symlink_metadata;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How much patterns of one work tree are read, all files together, in bytes. Some take 2 µs a byte
/// to make ready, and a repository may hold any number of them.
const LARGEST: usize = 64 * 1024;

/// The patterns of one directory.
#[derive(Debug)]
enum Level {
    /// There are none.
    Empty,
    /// These.
    Rules(Box<Gitignore>),
    /// There are some that are not understood: nothing below counts as ignored.
    Broken,
}

/// The patterns of one work tree. Paths are relative to its top.
#[derive(Debug)]
pub(super) struct Ignores {
    top: PathBuf,
    exclude: PathBuf,
    levels: RefCell<HashMap<PathBuf, Rc<Level>>>,
    /// How many bytes of patterns may still be read.
    left: Cell<usize>,
}

impl Ignores {
    /// Reads nothing yet.
    pub(super) fn new(top: &Path, exclude: &Path) -> Self {
        let (top, exclude) = (top.to_path_buf(), exclude.to_path_buf());
        Self { top, exclude, levels: RefCell::default(), left: Cell::new(LARGEST) }
    }

    /// Whether `name`, or a directory above it, is ignored.
    pub(super) fn ignored(&self, name: &Path, is_dir: bool) -> bool {
        let above: Vec<&Path> =
            name.ancestors().skip(1).filter(|dir| !dir.as_os_str().is_empty()).collect();
        // From the top down: below an ignored directory no pattern can take anything back.
        above.iter().rev().any(|dir| self.ignored_here(dir, true))
            || self.ignored_here(name, is_dir)
    }

    /// Whether `name` itself is ignored; the directories above it are known not to be.
    pub(super) fn ignored_here(&self, name: &Path, is_dir: bool) -> bool {
        for dir in name.ancestors().skip(1) {
            match self.level(dir).says(name, &self.top, is_dir) {
                Some(answer) => return answer,
                None => continue,
            }
        }
        let exclude = self.once(Path::new("/"), || self.read(&self.exclude, &self.top));
        exclude.says(name, &self.top, is_dir).unwrap_or(false)
    }

    fn level(&self, dir: &Path) -> Rc<Level> {
        self.once(dir, || {
            let at = self.top.join(dir);
            self.read(&at.join(".gitignore"), &at)
        })
    }

    /// What is kept under `key`, made when it is first asked for. The key `/` stands for
    /// `info/exclude`: no relative path is called so.
    fn once(&self, key: &Path, make: impl FnOnce() -> Level) -> Rc<Level> {
        if let Some(level) = self.levels.borrow().get(key) {
            return Rc::clone(level);
        }
        let level = Rc::new(make());
        self.levels.borrow_mut().insert(key.to_path_buf(), Rc::clone(&level));
        level
    }

    /// Reads a file of patterns that speak of what lies below `root`.
    fn read(&self, file: &Path, root: &Path) -> Level {
        if !symlink_metadata(file).is_ok_and(|meta| meta.is_file()) {
            // Nothing there; and git reads no `.gitignore` through a link.
            return Level::Empty;
        }
        let Some(bytes) = contents(file, self.left.get()) else { return Level::Broken };
        self.left.set(self.left.get().saturating_sub(bytes.len()));
        let Ok(text) = String::from_utf8(bytes) else { return Level::Broken };
        let mut builder = GitignoreBuilder::new(root);
        for line in text.trim_start_matches('\u{feff}').split('\n') {
            if builder.add_line(None, line).is_err() {
                return Level::Broken;
            }
        }
        builder.build().map_or(Level::Broken, |rules| Level::Rules(Box::new(rules)))
    }
}

impl Level {
    /// `None` when no pattern here speaks of it.
    fn says(&self, name: &Path, top: &Path, is_dir: bool) -> Option<bool> {
        match self {
            Self::Empty => None,
            Self::Broken => Some(false),
            Self::Rules(rules) => match rules.matched(top.join(name), is_dir) {
                Match::None => None,
                Match::Ignore(_) => Some(true),
                Match::Whitelist(_) => Some(false),
            },
        }
    }
}

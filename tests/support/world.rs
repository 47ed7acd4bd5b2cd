//! A scratch world: a home, a workspace, and victims outside of it, all owned by one identity.
//!
//! It lies below /var/tmp: the default profile lets a command write anywhere below /tmp.

use super::{Identity, Place, Run, put};
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static BASE: OnceLock<PathBuf> = OnceLock::new();

/// The directory of this test process, with a copy of stockade that every user may execute.
pub fn base() -> &'static Path {
    BASE.get_or_init(|| {
        let base =
            tempfile::Builder::new().prefix("stockade-test.").tempdir_in("/var/tmp").unwrap();
        let base = base.keep();
        fs::set_permissions(&base, Permissions::from_mode(0o755)).unwrap();
        let program = base.join("stockade");
        fs::copy(env!("CARGO_BIN_EXE_stockade"), &program).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        base
    })
}

/// Removes everything this test process made.
pub fn leave() {
    if let Some(base) = BASE.get() {
        fs::remove_dir_all(base).unwrap();
    }
}

/// One scratch world; removed when dropped.
#[derive(Debug)]
pub struct World {
    pub top: PathBuf,
    pub identity: Identity,
}

impl World {
    /// A world in which everything belongs to `identity`, so that no permission bit protects it.
    pub fn new(identity: Identity) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let top = base().join(format!("world{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir(&top).unwrap();
        let world = Self { top, identity };
        for dir in ["home/.ssh", "home/documents", "outside/dir", "outside/empty"] {
            fs::create_dir_all(world.top.join(dir)).unwrap();
        }
        if identity.place == Place::ReadOnly || identity.place.is_container() {
            // Where its tmpfs goes; elsewhere making it is stockade's own business.
            fs::create_dir_all(world.home().join(".local/state")).unwrap();
        }
        for dir in ["objects", "refs/heads", "hooks"] {
            fs::create_dir_all(world.workspace().join(".git").join(dir)).unwrap();
        }
        put(world.workspace().join(".git/HEAD"), "ref: refs/heads/main\n");
        put(world.workspace().join(".git/config"), "[core]\n\trepositoryformatversion = 0\n");
        put(world.workspace().join("own"), "of the workspace\n");
        put(world.home().join(".ssh/id"), "key of the person\n");
        put(world.home().join("documents/thesis"), "the only copy\n");
        put(world.outside().join("victim"), "the only copy\n");
        put(world.outside().join("dir/inner"), "the only copy\n");
        world.own(&world.top);
        world
    }

    pub fn home(&self) -> PathBuf {
        self.top.join("home")
    }

    pub fn workspace(&self) -> PathBuf {
        self.top.join("workspace")
    }

    /// What no command may change or read.
    pub fn outside(&self) -> PathBuf {
        self.top.join("outside")
    }

    /// Where stockade keeps its journal in this world.
    pub fn state(&self) -> PathBuf {
        self.home().join(".local/state/stockade")
    }

    /// Gives a path and all below it to the identity.
    pub fn own(&self, path: &Path) {
        let Some((uid, gid)) = self.identity.ids() else { return };
        std::os::unix::fs::lchown(path, Some(uid), Some(gid)).unwrap();
        if path.is_dir() && !path.is_symlink() {
            fs::read_dir(path).unwrap().for_each(|entry| self.own(&entry.unwrap().path()));
        }
    }

    /// Writes a file that belongs to the identity.
    pub fn put(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.top.join(path);
        put(&path, text);
        if let Some((uid, gid)) = self.identity.ids() {
            chown(&path, Some(uid), Some(gid)).unwrap();
        }
        path
    }

    /// `{ws}`, `{out}`, `{home}` and `{top}` in a text, filled in.
    pub fn fill(&self, text: &str) -> String {
        let show = |path: PathBuf| path.to_str().unwrap().to_owned();
        text.replace("{ws}", &show(self.workspace()))
            .replace("{out}", &show(self.outside()))
            .replace("{home}", &show(self.home()))
            .replace("{top}", &show(self.top.clone()))
    }

    /// stockade in this world.
    pub fn stockade<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Run {
        super::run::stockade(self).args(words)
    }

    /// Content, mode, owner and links of everything outside, and of what is a person's in the home.
    pub fn victims(&self) -> BTreeMap<PathBuf, String> {
        let mut seen = BTreeMap::new();
        for top in [self.outside(), self.home().join(".ssh"), self.home().join("documents")] {
            look(&top, &mut seen);
        }
        seen
    }
}

fn look(path: &Path, seen: &mut BTreeMap<PathBuf, String>) {
    let meta = path.symlink_metadata().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let (mode, links, owner) = (meta.mode(), meta.nlink(), meta.uid());
    let mut facts = format!("mode {mode:o}, {links} links, owner {owner}, inode {}", meta.ino());
    if meta.is_file() {
        let text = fs::read(path).unwrap();
        facts.push_str(&format!(", {:?}", String::from_utf8_lossy(&text)));
    }
    seen.insert(path.to_path_buf(), facts);
    if meta.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| look(&entry.unwrap().path(), seen));
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // A test that failed is what the person must see; rubbish goes with the base.
        fs::remove_dir_all(&self.top).ok();
    }
}

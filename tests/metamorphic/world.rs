//! The machine the texts are judged on, as literal values: a home, a repository, a system. Nothing is read from disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use stockade::model::effect::{Count, Scale};
use stockade::model::world::{GitState, Kind, Matches, Strays, World};

/// What exists outside the workspace: the path; a directory ends with a slash.
const OUTSIDE: &[&str] = &[
    "/bin/",
    "/dev/",
    "/etc/",
    "/etc/crontab",
    "/etc/cron.d/",
    "/etc/hosts",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/ssh/",
    "/etc/ssh/sshd_config",
    "/etc/sudoers",
    "/etc/systemd/",
    "/etc/systemd/system/",
    "/home/",
    "/home/you/",
    "/home/you/.aws/",
    "/home/you/.aws/credentials",
    "/home/you/.bash_history",
    "/home/you/.bashrc",
    "/home/you/.config/",
    "/home/you/.kube/",
    "/home/you/.kube/config",
    "/home/you/.netrc",
    "/home/you/.npmrc",
    "/home/you/.ssh/",
    "/home/you/.ssh/authorized_keys",
    "/home/you/.ssh/id_rsa",
    "/home/you/Documents/",
    "/home/you/Documents/taxes.ods",
    "/home/you/notes.txt",
    "/srv/",
    "/srv/site/",
    "/srv/site/index.html",
    "/tmp/",
    "/tmp/scratch/",
    "/tmp/scratch/a.txt",
    "/usr/",
    "/usr/bin/",
    "/usr/local/",
    "/usr/local/bin/",
    "/var/",
    "/var/lib/",
    "/var/lib/dpkg/",
    "/var/log/",
    "/var/log/auth.log",
    "/var/log/syslog",
    "/var/spool/",
];

/// What is in the workspace, and what git knows of it.
const INSIDE: &[(&str, GitState)] = &[
    ("", GitState::Untracked),
    (".git/", GitState::Unknown),
    (".git/config", GitState::Unknown),
    (".git/hooks/", GitState::Unknown),
    (".git/index", GitState::Unknown),
    (".gitignore", GitState::Clean),
    ("Cargo.lock", GitState::Clean),
    ("Cargo.toml", GitState::Clean),
    ("Makefile", GitState::Clean),
    ("README.md", GitState::Clean),
    ("build/", GitState::Ignored),
    ("build/out.o", GitState::Ignored),
    ("data.csv", GitState::Clean),
    ("docs/", GitState::Clean),
    ("docs/guide.md", GitState::Clean),
    ("draft.txt", GitState::Untracked),
    ("node_modules/", GitState::Ignored),
    ("node_modules/left-pad/", GitState::Ignored),
    ("notes/", GitState::Untracked),
    ("notes/plan.md", GitState::Untracked),
    ("notes/todo.md", GitState::Untracked),
    ("package.json", GitState::Clean),
    ("run.log", GitState::Ignored),
    ("src/", GitState::Modified),
    ("src/lib.rs", GitState::Modified),
    ("src/main.rs", GitState::Clean),
    ("src/new.rs", GitState::Untracked),
    ("target/", GitState::Ignored),
    ("target/debug/", GitState::Ignored),
    ("target/debug/app", GitState::Ignored),
    ("tests/", GitState::Clean),
    ("tests/all.rs", GitState::Clean),
];

/// Names in the workspace as the bases write them.
pub const NAMES: &[&str] = &[
    "README.md",
    "build",
    "data.csv",
    "docs",
    "docs/guide.md",
    "draft.txt",
    "node_modules",
    "notes",
    "notes/plan.md",
    "run.log",
    "src",
    "src/lib.rs",
    "src/main.rs",
    "src/new.rs",
    "target",
    "target/debug",
    ".git",
    ".git/hooks/pre-commit",
    ".git/config",
    "Cargo.toml",
    "tests/all.rs",
];

/// Programs that lie in `/usr/bin` everywhere.
pub const PROGRAMS: &[&str] = &[
    "cat", "chmod", "cp", "curl", "dd", "echo", "find", "git", "grep", "head", "kill", "ls",
    "mkdir", "mv", "printf", "rm", "sed", "shred", "sort", "tail", "tee", "touch", "truncate",
    "unlink", "wc", "wget",
];

/// Where everything happens.
pub const WORKSPACE: &str = "/home/you/work";

/// The literal machine.
#[derive(Debug)]
pub struct Literal {
    files: BTreeMap<PathBuf, (Kind, GitState)>,
}

impl Literal {
    /// All of it.
    pub fn new() -> Self {
        let mut files = BTreeMap::new();
        let mut add = |text: &str, state| {
            let kind = if text.ends_with('/') { Kind::Directory } else { Kind::File };
            files.insert(PathBuf::from(text.trim_end_matches('/')), (kind, state));
        };
        for path in OUTSIDE {
            add(path, GitState::Unknown);
        }
        for (path, state) in INSIDE {
            add(&format!("{WORKSPACE}/{path}"), *state);
        }
        for device in
            ["/dev/null", "/dev/sda", "/dev/sda1", "/dev/zero", "/dev/stdin", "/dev/stdout"]
        {
            files.insert(device.into(), (Kind::Special, GitState::Unknown));
        }
        files.insert("/".into(), (Kind::Directory, GitState::Unknown));
        Self { files }
    }

    fn below<'a>(
        &'a self,
        dir: &'a Path,
    ) -> impl Iterator<Item = (&'a PathBuf, &'a (Kind, GitState))> {
        self.files.iter().filter(move |(path, _)| path.starts_with(dir))
    }
}

impl World for Literal {
    fn kind(&self, path: &Path) -> Option<Kind> {
        self.files.get(path).map(|(kind, _)| *kind)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }

    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        let whole = cwd.join(pattern);
        let parts: Vec<&str> = whole.to_str().unwrap().split('/').collect();
        let fits = |path: &Path| {
            let names: Vec<&str> = path.to_str().unwrap().split('/').collect();
            names.len() == parts.len()
                && names.iter().zip(&parts).all(|(name, part)| {
                    let shown = !name.starts_with('.') || part.starts_with('.');
                    shown && matches(part.as_bytes(), name.as_bytes())
                })
        };
        let paths = self.files.keys().filter(|path| fits(path)).cloned().collect();
        Matches { paths, complete: true }
    }

    fn measure(&self, path: &Path) -> Option<Scale> {
        let files = self.below(path).filter(|(_, (kind, _))| *kind != Kind::Directory).count();
        let files = u64::try_from(files).ok()?;
        Some(Scale { files: Count::Exactly(files), bytes: Count::Exactly(files * 1000) })
    }

    fn git_state(&self, path: &Path) -> GitState {
        let states = self.below(path).map(|(_, (_, state))| *state);
        states.max().unwrap_or(GitState::Unknown)
    }

    fn strays(&self, dir: &Path) -> Strays {
        let listed = |wanted| {
            let below = self
                .below(dir)
                .filter(|(path, (_, state))| *state == wanted && *path != Path::new(WORKSPACE));
            below.map(|(path, _)| path.clone()).collect()
        };
        Strays {
            untracked: listed(GitState::Untracked),
            ignored: listed(GitState::Ignored),
            complete: true,
        }
    }

    fn read(&self, path: &Path, _: usize) -> Option<Vec<u8>> {
        let text: &[u8] = match path.strip_prefix(WORKSPACE).ok()?.to_str()? {
            "Makefile" => b"all:\n\tcargo build\n",
            "package.json" => b"{\"scripts\": {\"test\": \"jest\", \"build\": \"tsc\"}}\n",
            "Cargo.toml" => b"[package]\nname = \"app\"\n",
            ".gitignore" => b"target\nbuild\nnode_modules\n*.log\n",
            _ => return None,
        };
        Some(text.to_vec())
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        PROGRAMS.contains(&name).then(|| Path::new("/usr/bin").join(name))
    }
}

/// `*`, `?`, `[abc]` and backslashes.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            matches(rest, name)
                || name.split_first().is_some_and(|(_, less)| matches(pattern, less))
        }
        ([b'?', rest @ ..], [_, less @ ..]) => matches(rest, less),
        ([b'[', rest @ ..], [c, less @ ..]) => {
            let Some(end) = rest.iter().position(|b| *b == b']') else { return false };
            rest[..end].contains(c) && matches(&rest[end + 1..], less)
        }
        ([b'\\', p, rest @ ..], [c, less @ ..]) | ([p, rest @ ..], [c, less @ ..]) => {
            p == c && matches(rest, less)
        }
        _ => false,
    }
}

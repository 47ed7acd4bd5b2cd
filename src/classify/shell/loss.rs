//! What is lost when a path is changed or deleted: asked of the `World` once for each path.

use crate::classify::effects;
use crate::classify::shell::Shell;
use crate::model::effect::{Access, Count, Reversibility, Scale, Scope};
use crate::model::finding::Span;
use crate::model::loss::Loss;
use crate::model::trace::What;
use crate::model::world::{GitState, Kind};
use std::path::Path;

/// Directories that builds and installs make again, and the files beside them that say how. Without one they
/// are nobody's product, unless git is told to ignore them.
const REGENERATED: &[(&str, &[&str])] = &[
    (
        "node_modules",
        &[
            "package.json",
            "package-lock.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "bun.lock",
            "bun.lockb",
        ],
    ),
    ("target", &["Cargo.toml", "pom.xml", "build.sbt"]),
    ("build", BUILT),
    ("dist", BUILT),
    ("out", BUILT),
    (".venv", PYTHON),
    ("venv", PYTHON),
    (".eggs", PYTHON),
    ("vendor", &["composer.json", "go.mod", "Gemfile", "Cargo.toml"]),
    ("Pods", &["Podfile"]),
    (".gradle", &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"]),
    ("DerivedData", &["Package.swift", "Podfile"]),
    ("coverage", BUILT),
    (".cache", BUILT),
];

const BUILT: &[&str] = &[
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "CMakeLists.txt",
    "meson.build",
    "Makefile",
    "pubspec.yaml",
];

const PYTHON: &[&str] = &[
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "Pipfile",
    "poetry.lock",
    "uv.lock",
    "environment.yml",
];

/// Directories that tools fill and nobody writes in by hand: recognised by their names alone.
const CACHES: &[&str] = &[
    "__pycache__",
    ".tox",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".next",
    ".nuxt",
    ".turbo",
    ".parcel-cache",
    ".nyc_output",
];

/// What the world said of a path that is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    /// Whether it can be had again.
    pub(super) reversibility: Reversibility,
    /// How much it is.
    pub(super) scale: Option<Scale>,
    /// What of it exactly is lost, and what else is to be known.
    pub(super) told: Option<Box<Loss>>,
}

impl Lost {
    /// Of what nothing more is known.
    pub(super) const fn plain(reversibility: Reversibility, scale: Option<Scale>) -> Self {
        Self { reversibility, scale, told: None }
    }
}

impl Shell<'_> {
    /// Whether what `access` takes away at `path` can be had again, and how much it is.
    pub(super) fn loss(&mut self, access: Access, path: &Path, span: Span) -> Lost {
        if matches!(access, Access::Read | Access::Execute | Access::Create | Access::Chmod) {
            let harmless = access != Access::Chmod || self.world.kind(path).is_none();
            let loss = if harmless { Reversibility::Harmless } else { Reversibility::Unknown };
            return Lost::plain(loss, None);
        }
        // A build writes into its tree, and what of it cannot be told: to count the tree would take
        // longer than all the rest, and no rule asks.
        if access == Access::Write && self.world.kind(path) == Some(Kind::Directory) {
            return Lost::plain(Reversibility::Unknown, None);
        }
        if let Some(known) = self.losses.get(path) {
            return known.clone();
        }
        let mut answer = self.ask(path);
        let lost = matches!(answer.reversibility, Reversibility::Unknown | Reversibility::Gone);
        if lost && self.world.is_born(path) {
            answer.reversibility = Reversibility::Born;
        }
        if access == Access::Delete {
            self.look_closer(path, &mut answer);
        }
        if self.trace.is_some() {
            let told = self.told(path, answer.reversibility);
            self.note(span, || What::LooksAt(path.display().to_string(), told));
        }
        self.losses.insert(path.to_path_buf(), answer.clone());
        answer
    }

    fn ask(&self, path: &Path) -> Lost {
        let Some(kind) = self.world.kind(path) else {
            return Lost::plain(Reversibility::Harmless, None);
        };
        if kind == Kind::Symlink {
            let one = Scale { files: Count::Exactly(1), bytes: Count::Exactly(0) };
            return Lost::plain(from_git(self.world.git_state(path)), Some(one));
        }
        // Outside the work no rule asks how much it is, and a walk there may be long.
        let scope = effects::scope(path, &self.invocation.places);
        if kind == Kind::Directory && matches!(scope, Scope::System | Scope::Home) {
            return Lost::plain(Reversibility::Gone, None);
        }
        let scale = self.world.measure(path);
        if scale.is_some_and(|s| s.files == Count::Exactly(0)) && kind == Kind::Directory {
            return Lost::plain(Reversibility::Harmless, scale);
        }
        let state = self.world.git_state(path);
        let loss = match state {
            GitState::Ignored | GitState::Unknown | GitState::Untracked
                if self.is_regenerated(path, state) =>
            {
                Reversibility::Disposable
            }
            other => from_git(other),
        };
        Lost::plain(loss, scale)
    }

    /// What a person would want to know before this goes; what is mounted below goes with it, and no
    /// build makes that again.
    fn look_closer(&self, path: &Path, lost: &mut Lost) {
        let Some(kind) = self.world.kind(path) else { return };
        let mut told = Loss::default();
        if kind == Kind::Directory {
            let mounts = self.world.mounts(path);
            if let Some(first) = mounts.first() {
                lost.reversibility = Reversibility::Gone;
                let more = mounts.len() - 1;
                let more =
                    if more > 0 { format!(" and {more} more places") } else { String::new() };
                let note = format!("another file system is mounted at {}{more}", first.display());
                told.notes.push(note);
            }
        }
        if let Some(to) = self.world.link(path).filter(|_| kind == Kind::Symlink) {
            told.notes.push(format!("it is a link to {}, which stays", to.display()));
        }
        if let Some(owner) = self.world.stranger(path) {
            told.notes.push(format!("it belongs to the user {owner}"));
        }
        let scope = effects::scope(path, &self.invocation.places);
        if lost.reversibility == Reversibility::Gone && scope == Scope::Workspace {
            told.parts = self.world.lost(path);
        }
        lost.told = (!told.is_empty()).then(|| Box::new(told));
    }

    /// What the world said of a path, for a reader.
    fn told(&self, path: &Path, loss: Reversibility) -> String {
        let kind = match self.world.kind(path) {
            None => return "nothing is there".to_owned(),
            Some(Kind::File) => "a file",
            Some(Kind::Directory) => "a directory",
            Some(Kind::Symlink) => "a link, which goes and not what it leads to",
            Some(Kind::Special) => "a device, socket or pipe",
        };
        let scope = effects::scope(path, &self.invocation.places);
        if matches!(scope, Scope::System | Scope::Home) {
            return format!("{kind} outside the workspace");
        }
        let git = match self.world.git_state(path) {
            GitState::Clean => "git has it as it is",
            GitState::Ignored if loss == Reversibility::Disposable => {
                "ignored by git, and a build or install makes it again"
            }
            GitState::Ignored => "ignored by git, and nothing is known to make it again",
            GitState::Unknown if loss == Reversibility::Disposable => {
                "a build or install makes it again"
            }
            GitState::Unknown => "git knows nothing of it",
            GitState::Modified => "git has another version of it",
            GitState::Untracked => "git has no copy",
        };
        format!("{kind}; {git}")
    }

    /// Whether a path lies in a directory that a build or an install makes again.
    fn is_regenerated(&self, path: &Path, state: GitState) -> bool {
        // What the work itself lies in says nothing of the work (`~/build/my-project`).
        let workspace = &self.invocation.places.workspace;
        let mut within = path.ancestors().take_while(|above| above != workspace);
        within.any(|directory| {
            let Some(name) = directory.file_name().and_then(|name| name.to_str()) else {
                return false;
            };
            if CACHES.contains(&name) {
                return true;
            }
            let Some((_, manifests)) = REGENERATED.iter().find(|(known, _)| *known == name) else {
                return false;
            };
            let there = |path: &Path| self.world.kind(path).is_some();
            let beside = |file: &&str| directory.parent().is_some_and(|dir| there(&dir.join(file)));
            // A virtual environment says itself what it is.
            let own = *manifests == PYTHON && there(&directory.join("pyvenv.cfg"));
            state == GitState::Ignored || own || manifests.iter().any(beside)
        })
    }
}

const fn from_git(state: GitState) -> Reversibility {
    match state {
        GitState::Clean => Reversibility::GitClean,
        GitState::Ignored | GitState::Modified | GitState::Untracked => Reversibility::Gone,
        GitState::Unknown => Reversibility::Gone,
    }
}

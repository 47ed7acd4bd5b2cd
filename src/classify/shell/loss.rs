//! What is lost when a path is changed or deleted: asked of the `World` once for each path.

use crate::classify::effects;
use crate::classify::shell::Shell;
use crate::model::effect::{Access, Count, Reversibility, Scale, Scope};
use crate::model::finding::Span;
use crate::model::trace::What;
use crate::model::world::{GitState, Kind};
use std::path::Path;

/// Directories that builds and installs make again.
const REGENERATED: &[&str] = &[
    "node_modules",
    "target",
    "build",
    "dist",
    "out",
    "__pycache__",
    ".venv",
    "venv",
    ".tox",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".next",
    ".nuxt",
    ".cache",
    ".gradle",
    ".turbo",
    ".parcel-cache",
    "coverage",
    ".nyc_output",
    ".eggs",
    "vendor",
    "Pods",
    "DerivedData",
];

/// Regenerated directories that need no manifest to be recognised: nobody writes there by hand.
const ALWAYS: &[&str] = &[
    "node_modules",
    "__pycache__",
    ".venv",
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

/// Files beside a regenerated directory that say how it is made again.
const MANIFESTS: &[&str] = &[
    "package.json",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "requirements.txt",
    "go.mod",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "CMakeLists.txt",
    "Makefile",
    "composer.json",
    "Gemfile",
    "Podfile",
];

impl Shell<'_> {
    /// Whether what `access` takes away at `path` can be had again, and how much it is.
    pub(super) fn loss(
        &mut self,
        access: Access,
        path: &Path,
        span: Span,
    ) -> (Reversibility, Option<Scale>) {
        if matches!(access, Access::Read | Access::Execute | Access::Create | Access::Chmod) {
            let harmless = access != Access::Chmod || self.world.kind(path).is_none();
            let loss = if harmless { Reversibility::Harmless } else { Reversibility::Unknown };
            return (loss, None);
        }
        // A build writes into its tree, and what of it cannot be told: to count the tree would take
        // longer than all the rest, and no rule asks.
        if access == Access::Write && self.world.kind(path) == Some(Kind::Directory) {
            return (Reversibility::Unknown, None);
        }
        if let Some(known) = self.losses.get(path) {
            return *known;
        }
        let mut answer = self.ask(path);
        let lost = matches!(answer.0, Reversibility::Unknown | Reversibility::Gone);
        if lost && self.world.is_born(path) {
            answer.0 = Reversibility::Born;
        }
        if self.trace.is_some() {
            let told = self.told(path, answer.0);
            self.note(span, || What::LooksAt(path.display().to_string(), told));
        }
        self.losses.insert(path.to_path_buf(), answer);
        answer
    }

    fn ask(&self, path: &Path) -> (Reversibility, Option<Scale>) {
        let Some(kind) = self.world.kind(path) else {
            return (Reversibility::Harmless, None);
        };
        if kind == Kind::Symlink {
            let one = Scale { files: Count::Exactly(1), bytes: Count::Exactly(0) };
            return (from_git(self.world.git_state(path)), Some(one));
        }
        // Outside the work no rule asks how much it is, and a walk there may be long.
        let scope = effects::scope(path, &self.invocation.places);
        if kind == Kind::Directory && matches!(scope, Scope::System | Scope::Home) {
            return (Reversibility::Gone, None);
        }
        let scale = self.world.measure(path);
        if scale.is_some_and(|s| s.files == Count::Exactly(0)) && kind == Kind::Directory {
            return (Reversibility::Harmless, scale);
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
        (loss, scale)
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
        let named = |path: &Path, names: &[&str]| {
            path.file_name()
                .and_then(|name| name.to_str())
                .is_some_and(|name| names.contains(&name))
        };
        // What the work itself lies in says nothing of the work (`~/build/my-project`).
        let workspace = &self.invocation.places.workspace;
        let mut within = path.ancestors().take_while(|above| above != workspace);
        let Some(directory) = within.find(|p| named(p, REGENERATED)) else {
            return false;
        };
        if state == GitState::Ignored || named(directory, ALWAYS) {
            return true;
        }
        let Some(beside) = directory.parent() else { return false };
        MANIFESTS.iter().any(|name| self.world.kind(&beside.join(name)).is_some())
    }
}

const fn from_git(state: GitState) -> Reversibility {
    match state {
        GitState::Clean => Reversibility::GitClean,
        GitState::Ignored | GitState::Modified | GitState::Untracked => Reversibility::Gone,
        GitState::Unknown => Reversibility::Gone,
    }
}

//! What a run has for itself when it gets namespaces of its own, as data, and why it cannot have them; nothing is mounted here.

use super::plan::Rule;
use crate::model::invocation::Places;
use crate::model::support::{Enforcement, Obstacle, Step, Support};
use crate::policy::resolved::{Files, Isolate, below};
use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// Whether a run gets namespaces of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Namespaces {
    /// Nobody asked.
    Unasked,
    /// Wanted where possible, and not possible here.
    Missing(Obstacle),
    /// It gets them, with this in them; refused when that fails.
    Own(Scene),
}

/// What lies in the namespaces of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scene {
    /// Directories that are its own: empty at the start, gone at the end.
    pub fresh: Vec<PathBuf>,
    /// The workspace, when it lies below one of them: it stays what it is.
    pub workspace: Option<PathBuf>,
    /// What else is granted by name below them.
    pub kept: Vec<PathBuf>,
    /// Made in them for this user alone: what `TMPDIR` names, and a home that lies there.
    pub made: Vec<PathBuf>,
    /// What is granted on what is mounted only then: a rule holds for an object, not for a name.
    pub rules: Vec<Rule>,
}

/// The process file system, which is the run's own as well.
pub const PROC: &str = "/proc";

/// Where temporary files and shared memory lie on every machine.
const TEMPORARY: [&str; 2] = ["/tmp", "/dev/shm"];

/// Temporary files that outlive a restart. A run's own only where the policy grants it: mounting
/// it would change nothing else.
const LASTING: &str = "/var/tmp";

impl Namespaces {
    /// What a policy asks for, on a machine that offers so much.
    #[must_use]
    pub fn of(isolate: Isolate, files: &Files, places: &Places, support: Support) -> Self {
        match (isolate, support.namespaces) {
            (Isolate::Never, _) => Self::Unasked,
            (Isolate::WhenPossible, Some(Err(obstacle))) => Self::Missing(obstacle),
            (Isolate::WhenPossible | Isolate::Required, _) => Self::Own(Scene::of(files, places)),
        }
    }

    /// How well the promise of them is held; `None` when nobody asked.
    #[must_use]
    pub const fn enforcement(&self) -> Option<Enforcement> {
        match self {
            Self::Unasked => None,
            Self::Missing(_) => Some(Enforcement::Missing),
            Self::Own(_) => Some(Enforcement::Full),
        }
    }

    /// What is granted, without the holes in private directories: what was to be kept out of there
    /// is not there, and a directory with holes takes no new names.
    #[must_use]
    pub fn without_holes<'f>(&self, files: &'f Files) -> Cow<'f, Files> {
        let Self::Own(scene) = self else { return Cow::Borrowed(files) };
        let mut files = files.clone();
        for root in files.write.iter_mut().chain(&mut files.read) {
            if scene.fresh.contains(&root.path) {
                root.except.retain(|hole| scene.meets_kept(hole));
            }
        }
        Cow::Owned(files)
    }

    /// Takes the rules on what is mounted only in the namespaces out of all rules.
    pub fn take_rules(&mut self, rules: &mut Vec<Rule>) {
        if let Self::Own(scene) = self {
            scene.rules = rules.extract_if(.., |rule| scene.covers(&rule.path)).collect();
        }
    }

    /// In a line for people; nothing when nobody asked.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        match self {
            Self::Unasked => None,
            Self::Missing(obstacle) => {
                Some(format!("isolated: no, wanted where possible: {}", explain(*obstacle)))
            }
            Self::Own(scene) => {
                let fresh: Vec<_> = scene.fresh.iter().map(|path| path.display()).collect();
                let fresh = fresh.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
                Some(format!("isolated: processes and {fresh} of its own"))
            }
        }
    }
}

impl Scene {
    fn of(files: &Files, places: &Places) -> Self {
        let mut fresh: Vec<PathBuf> = TEMPORARY.map(PathBuf::from).into();
        let lasting = Path::new(LASTING);
        let mut roots = files.write.iter().chain(&files.read);
        if roots.any(|root| below(lasting, &root.path)) {
            fresh.push(lasting.to_owned());
        }
        let inside = |path: &Path| fresh.iter().any(|top| path != top && below(path, top));
        let roots = files.write.iter().chain(&files.read).map(|root| root.path.as_path());
        let mut kept: Vec<&Path> = roots
            .chain(files.devices.iter().map(PathBuf::as_path))
            .filter(|path| inside(path) && places.temp.iter().all(|temp| temp != path))
            .collect();
        // The workspace is granted, so a root above it brings it along.
        let workspace = places.workspace.as_path();
        kept.retain(|path| *path != workspace);
        kept.sort();
        kept.dedup_by(|path, above| below(path, above));
        let comes_along = |path: &Path| kept.iter().any(|above| below(path, above));
        let workspace = Some(workspace).filter(|path| inside(path) && !comes_along(path));
        let kept: Vec<PathBuf> = kept
            .iter()
            .filter(|path| workspace.is_none_or(|workspace| !below(path, workspace)))
            .map(|path| path.to_path_buf())
            .collect();
        let there = |path: &Path| {
            kept.iter().map(PathBuf::as_path).chain(workspace).any(|top| below(path, top))
        };
        let made = places.temp.iter().chain([&places.home]);
        let made = made.filter(|path| is_normal(path) && inside(path) && !there(path));
        let made = made.cloned().collect();
        let workspace = workspace.map(Path::to_path_buf);
        Self { fresh, workspace, kept, made, rules: Vec::new() }
    }

    /// What every run has, whatever is granted: enough to try it.
    #[must_use]
    pub fn usual() -> Self {
        Self { fresh: TEMPORARY.map(PathBuf::from).into(), ..Self::default() }
    }

    /// Whether a path of the machine is not there for the run: it lies in what is private, and is
    /// not kept.
    #[must_use]
    pub fn hides(&self, path: &Path) -> bool {
        let mut kept = self.kept.iter().chain(&self.workspace);
        self.fresh.iter().any(|top| path != top && below(path, top))
            && !kept.any(|top| below(path, top))
            && !self.made.iter().any(|made| path == made)
    }

    /// Whether what lies at a path is the run's own.
    #[must_use]
    pub fn is_private(&self, path: &Path) -> bool {
        self.hides(path) || self.fresh.iter().chain(&self.made).any(|own| own == path)
    }

    /// Whether a path holds something that is kept, or lies in it.
    fn meets_kept(&self, path: &Path) -> bool {
        let mut kept = self.kept.iter().chain(&self.workspace);
        kept.any(|top| below(path, top) || below(top, path))
    }

    /// Whether a path lies in what is mounted.
    fn covers(&self, path: &Path) -> bool {
        below(path, Path::new(PROC)) || self.fresh.iter().any(|top| below(path, top))
    }
}

/// Whether a path, which comes from the environment, goes nowhere but down.
fn is_normal(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::RootDir | Component::Normal(_)))
}

/// What a step does, as the object of "could not".
#[must_use]
pub const fn task(step: Step) -> &'static str {
    match step {
        Step::Start => "start a process in namespaces of its own",
        Step::Ids => "name the user in a namespace of its own",
        Step::Apart => "cut its mounts off from the machine's",
        Step::Keep => "keep what is granted below /tmp in its place",
        Step::Fresh => "mount a private /tmp",
        Step::Proc => "mount a private /proc",
        Step::Grant => "grant what was mounted (Landlock)",
    }
}

/// Which step failed, why, and how to get there. Reads the machine's settings.
#[must_use]
pub fn explain(obstacle: Obstacle) -> String {
    let task = task(obstacle.step);
    match obstacle.errno {
        0 if obstacle.step == Step::Start => format!("could not {task}: it gave no answer"),
        0 => format!(
            "could not {task}: something was moved while stockade was looking at it, or leads to \
             stockade's own state"
        ),
        errno => {
            let error = std::io::Error::from_raw_os_error(errno);
            format!("could not {task}: {error}; {}", remedy(obstacle.step))
        }
    }
}

/// What a setting of the kernel is to be for namespaces, and what it means when it is not.
const SETTINGS: &[(&str, &str, &str)] = &[
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "this machine lets only the superuser make user namespaces; as root, \
         `sysctl kernel.unprivileged_userns_clone=1` lets everybody",
    ),
    (
        "user/max_user_namespaces",
        "0",
        "this machine allows no user namespaces; as root, `sysctl user.max_user_namespaces=10000` \
         allows them",
    ),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor gives user namespaces no rights here; as root, write a profile for stockade with \
         `userns,` in it, or `sysctl kernel.apparmor_restrict_unprivileged_userns=0`",
    ),
];

fn remedy(step: Step) -> &'static str {
    let is = |name: &str, value: &str| {
        let text = std::fs::read_to_string(Path::new("/proc/sys").join(name));
        text.is_ok_and(|text| text.trim() == value)
    };
    if let Some((.., meaning)) = SETTINGS.iter().find(|(name, value, _)| is(name, value)) {
        return meaning;
    }
    match step {
        Step::Start => {
            "the container around stockade refuses namespaces, or the kernel has none \
             (CONFIG_USER_NS); Docker allows them with `--security-opt seccomp=unconfined` or \
             `--cap-add SYS_ADMIN`, both of which weaken the container"
        }
        Step::Proc => {
            "parts of /proc are hidden here, as in containers, and then the kernel mounts no other \
             in a user namespace; Docker shows them with `--security-opt systempaths=unconfined`"
        }
        Step::Ids => {
            "a superuser without CAP_SETFCAP, as in some containers, cannot name himself in a user \
             namespace, and some security modules let nobody; start stockade as an ordinary user, or \
             with that capability"
        }
        Step::Apart | Step::Keep | Step::Fresh | Step::Grant => {
            "the sandbox or container around stockade refuses mounts, as every Landlock domain does; \
             start stockade outside of it"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Namespaces, Scene, explain};
    use crate::model::invocation::Places;
    use crate::model::support::{Enforcement, Obstacle, Step};
    use crate::policy::resolved::{Files, Root};
    use crate::sandbox::plan::{Rights, Rule};
    use std::borrow::Cow;
    use std::path::{Path, PathBuf};

    fn scene(write: &[&str], workspace: &str, temp: &[&str]) -> Scene {
        let root = |path: &&str| Root { path: PathBuf::from(path), except: Vec::new() };
        let files = Files { write: write.iter().map(root).collect(), ..Files::default() };
        let temp = temp.iter().map(PathBuf::from).collect();
        let places = Places { workspace: workspace.into(), home: "/dev/shm/u".into(), temp };
        Scene::of(&files, &places)
    }

    fn paths(list: &[PathBuf]) -> Vec<&str> {
        list.iter().map(|path| path.to_str().unwrap()).collect()
    }

    #[test]
    fn what_is_granted_below_a_private_directory_stays() {
        let temp = ["/tmp", "/dev/shm", "/tmp/me"];
        let got = scene(&["/tmp/w", "/tmp", "/tmp/me", "/tmp/x/y", "/tmp/x"], "/tmp/w", &temp);
        assert_eq!(paths(&got.fresh), ["/tmp", "/dev/shm"]);
        assert_eq!(got.workspace, Some("/tmp/w".into()));
        assert_eq!(paths(&got.kept), ["/tmp/x"]);
        assert_eq!(paths(&got.made), ["/tmp/me", "/dev/shm/u"]);
        assert!(got.hides(Path::new("/tmp/other")) && got.hides(Path::new("/tmp/x2")));
        for seen in ["/tmp", "/tmp/w/a", "/tmp/x/y/z", "/tmp/me", "/tmpfile"] {
            assert!(!got.hides(Path::new(seen)), "{seen}");
        }
        let got = scene(&["/home/u/w", "/var"], "/home/u/w", &["/tmp", "/home/u/tmp"]);
        assert_eq!(paths(&got.fresh), ["/tmp", "/dev/shm", "/var/tmp"]);
        assert_eq!((got.workspace, got.kept), (None, vec![]));
    }

    #[test]
    fn what_comes_along_is_not_taken_twice() {
        let got = scene(&["/tmp/a", "/tmp/a/w"], "/tmp/a/w", &["/tmp", "/tmp/a/w/tmp"]);
        assert_eq!((got.workspace, paths(&got.kept)), (None, vec!["/tmp/a"]));
        let got = scene(&["/tmp/w", "/tmp/w/sub"], "/tmp/w", &["/tmp", "/tmp/w/tmp"]);
        assert_eq!((got.workspace, got.kept), (Some("/tmp/w".into()), vec![]));
        assert_eq!(paths(&got.made), ["/dev/shm/u"]);
    }

    #[test]
    fn a_directory_for_temporary_files_leads_nowhere_else() {
        let got = scene(&["/tmp"], "/srv/w", &["/tmp", "/tmp/../etc/x", "/tmp/a/../../etc"]);
        assert_eq!(paths(&got.made), ["/dev/shm/u"]);
    }

    #[test]
    fn holes_count_only_where_something_is() {
        let hole = |at: &str, of: &[&str]| Root {
            path: at.into(),
            except: of.iter().map(PathBuf::from).collect(),
        };
        let own = Namespaces::Own(scene(&["/tmp/w/sub"], "/tmp/w", &["/tmp"]));
        let write =
            vec![hole("/tmp", &["/tmp/x", "/tmp/w/a", "/tmp/w"]), hole("/srv", &["/srv/x"])];
        let files = Files { write, ..Files::default() };
        let got = own.without_holes(&files).into_owned().write;
        assert_eq!(got, [hole("/tmp", &["/tmp/w/a", "/tmp/w"]), hole("/srv", &["/srv/x"])]);
        assert!(matches!(Namespaces::Unasked.without_holes(&files), Cow::Borrowed(_)));
    }

    #[test]
    fn rules_on_what_is_mounted_wait_for_it() {
        let rule = |path: &str| Rule { path: path.into(), rights: Rights::Read };
        let mut rules = vec![rule("/usr"), rule("/proc"), rule("/tmp"), rule("/tmpfile")];
        let mut own = Namespaces::Own(scene(&["/tmp"], "/srv/w", &["/tmp"]));
        own.take_rules(&mut rules);
        assert_eq!(rules, [rule("/usr"), rule("/tmpfile")]);
        let Namespaces::Own(scene) = &own else { unreachable!() };
        assert_eq!(scene.rules, [rule("/proc"), rule("/tmp")]);
        assert_eq!(own.enforcement(), Some(Enforcement::Full));
    }

    #[test]
    fn a_refusal_names_the_step_and_a_way() {
        let told = explain(Obstacle { step: Step::Proc, errno: 1 });
        assert!(told.contains("/proc") && told.contains("; "), "{told}");
    }
}

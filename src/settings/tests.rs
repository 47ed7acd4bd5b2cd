//! Layers as files on a real file system: where they are looked for, whom they are believed, and which wins.

use super::error::SettingsError;
use super::places::Env;
use super::{Request, catalogue, load};
use crate::policy::error::ProfileError;
use crate::policy::resolved::{Network, Policy, Root};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A home, a workspace and a managed file of their own.
struct Stage {
    dir: TempDir,
    env: Env,
    profile: Option<String>,
    uid: u32,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let uid = dir.path().metadata().unwrap().uid();
        let managed = dir.path().join("managed.toml");
        let env = Env::from([("STOCKADE_MANAGED_FILE".into(), managed.into())]);
        let stage = Self { dir, env, profile: None, uid };
        fs::create_dir_all(stage.path("home/.config/stockade/profiles")).unwrap();
        fs::create_dir(stage.path("work")).unwrap();
        stage
    }

    fn path(&self, tail: &str) -> PathBuf {
        self.dir.path().join(tail)
    }

    fn file(&self, tail: &str, text: &str) -> &Self {
        let path = self.path(tail);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        self
    }

    fn request(&self) -> Request<'_> {
        Request {
            profile: self.profile.clone(),
            workspace: self.path("work"),
            home: self.path("home"),
            env: &self.env,
            uid: self.uid,
        }
    }

    fn load(&self) -> Result<Policy, SettingsError> {
        load(&self.request())
    }

    fn with(&mut self, profile: &str) -> Result<Policy, SettingsError> {
        self.profile = Some(profile.to_owned());
        self.load()
    }
}

const CONFIG: &str = "home/.config/stockade/config.toml";
const PROJECT: &str = "work/.stockade.toml";

#[test]
fn without_files_the_default_holds() {
    let stage = Stage::new();
    let policy = stage.load().unwrap();
    assert_eq!(policy.profile, "dev-box");
    assert_eq!(policy.network, Network::Host);
    assert_eq!(policy.layers, ["built-in dev-box", "built-in common"]);
    let holds = |path: &Path| policy.files.write.iter().any(|root| root.holds(path));
    assert!(holds(&stage.path("work/x")) && holds(&stage.path("home/.cargo/registry/x")));
}

#[test]
fn every_layer_is_found_and_ranked() {
    let stage = Stage::new();
    stage
        .file(CONFIG, "network = \"none\"\n[limits]\nprocesses = 10\nopen_files = 20")
        .file("managed.toml", "[limits]\nprocesses = 30\nfile_size = 1")
        .file("managed.d/20-b.toml", "[limits]\nfile_size = 3")
        .file("managed.d/10-a.toml", "[limits]\nfile_size = 2")
        .file("managed.d/ignored.txt", "nonsense")
        .file(PROJECT, "[limits]\nopen_files = 5");
    let policy = stage.load().unwrap();
    assert_eq!(policy.network, Network::None);
    assert_eq!(policy.limits.processes, Some(30));
    assert_eq!(policy.limits.file_size, Some(3));
    assert_eq!(policy.limits.open_files, Some(5));
    let ends = ["work/.stockade.toml", "20-b.toml", "10-a.toml", "managed.toml", "config.toml"];
    for (layer, end) in policy.layers.iter().zip(ends) {
        assert!(layer.ends_with(end), "{layer} {end}");
    }
    assert_eq!(policy.layers.len(), 7);
}

#[test]
fn profiles_are_chosen_by_name_path_and_settings() {
    let mut stage = Stage::new();
    assert_eq!(stage.with("strict").unwrap().network, Network::None);
    let mine = "name = \"mine\"\nextends = \"other\"";
    stage
        .file("home/.config/stockade/profiles/mine.toml", mine)
        .file("home/.config/stockade/profiles/other.toml", "extends = \"readonly\"")
        .file("elsewhere/p.toml", "name = \"there\"\nextends = \"mine\"");
    let policy = stage.with("mine").unwrap();
    assert_eq!((policy.profile.as_str(), policy.network), ("mine", Network::None));
    assert_eq!(policy.layers.len(), 5);
    let path = stage.path("elsewhere/p.toml").display().to_string();
    assert_eq!(stage.with(&path).unwrap().profile, "there");
    let told = stage.with("strct").unwrap_err().to_string();
    assert!(told.contains("did you mean strict?"), "{told}");
    for odd in ["", ".", "..", "a b", "./none.toml", "none.toml", "../../etc/passwd"] {
        assert!(stage.with(odd).is_err(), "{odd}");
    }
    stage.profile = None;
    stage.file(CONFIG, "profile = \"strict\"");
    assert_eq!(stage.load().unwrap().profile, "strict");
    assert_eq!(stage.with("dev-box").unwrap().profile, "dev-box");
}

#[test]
fn managed_settings_bound_the_choice() {
    let mut stage = Stage::new();
    stage.file("managed.toml", "profile = \"strict\"\nprofiles = [\"strict\", \"readonly\"]");
    assert_eq!(stage.load().unwrap().profile, "strict");
    assert_eq!(stage.with("readonly").unwrap().profile, "readonly");
    let error = stage.with("dev-box").unwrap_err();
    assert!(
        matches!(error, SettingsError::Profile(ProfileError::ProfileNotAllowed { .. })),
        "{error}"
    );
    stage.file("managed.toml", "profile = \"strict\"\npin = [\"profile\", \"network\"]");
    assert!(stage.with("readonly").is_err());
    stage.profile = None;
    stage.file(CONFIG, "network = \"host\"");
    let told = stage.load().unwrap_err().to_string();
    assert!(told.contains("config.toml:1:11: network: pinned by"), "{told}");
}

#[test]
fn files_others_could_have_written_are_refused() {
    for file in [CONFIG, "managed.toml", "managed.d/a.toml"] {
        let stage = Stage::new();
        stage.file(file, "network = \"none\"");
        assert!(stage.load().is_ok());
        fs::set_permissions(stage.path(file), fs::Permissions::from_mode(0o666)).unwrap();
        let error = stage.load().unwrap_err();
        assert!(matches!(error, SettingsError::Untrusted { .. }), "{error}");
    }
    // A project's file may only take away: whose it is does not matter.
    let stage = Stage::new();
    stage.file(PROJECT, "network = \"none\"");
    fs::set_permissions(stage.path(PROJECT), fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(stage.load().unwrap().network, Network::None);
}

#[test]
fn what_is_there_but_unreadable_is_no_absence() {
    for file in [CONFIG, PROJECT, "managed.toml"] {
        let stage = Stage::new();
        fs::create_dir_all(stage.path(file)).unwrap();
        assert!(matches!(stage.load().unwrap_err(), SettingsError::Unreadable { .. }));
    }
    let stage = Stage::new();
    stage.file(PROJECT, "[files]\nwrite = [\"/\"]");
    let told = stage.load().unwrap_err().to_string();
    assert!(told.contains(".stockade.toml:2:9: files.write: would widen"), "{told}");
}

#[test]
fn a_workspace_does_not_bring_the_keys_along() {
    let stage = Stage::new();
    let with = |workspace: PathBuf| load(&Request { workspace, ..stage.request() });
    for wide in ["/".into(), stage.path(""), "work".into(), stage.path("work/../home")] {
        assert!(matches!(with(wide).unwrap_err(), SettingsError::Workspace { .. }));
    }
    let policy = with(stage.path("home")).unwrap();
    let (read, write) = (&policy.files.read, &policy.files.write);
    let holds = |roots: &[Root], tail: &str| roots.iter().any(|r| r.holds(&stage.path(tail)));
    for secret in ["home/.ssh/id", "home/.aws/x", "home/.config/gh/x", "home/.bash_history"] {
        assert!(!holds(read, secret) && !holds(write, secret), "{secret}");
    }
    assert!(holds(read, "home/.bashrc") && !holds(write, "home/.bashrc"));
    assert!(holds(write, "home/project/x") && holds(write, "home/.cargo/registry/x"));
}

#[test]
fn the_catalogue_lists_and_checks() {
    let stage = Stage::new();
    let profiles = "home/.config/stockade/profiles";
    stage
        .file(&format!("{profiles}/mine.toml"), "about = \"my own\"\nextends = \"strict\"")
        .file(&format!("{profiles}/wrong.toml"), "about = 3");
    let all = catalogue::list(&stage.request()).unwrap();
    let names: Vec<_> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["dev-box", "ci-runner", "container", "strict", "readonly", "mine", "wrong"]);
    assert_eq!(all[5].about, "my own");
    assert!(all[6].about.contains("expected a string"), "{}", all[6].about);

    let rule =
        "[[judge.rule]]\nid = \"x\"\naccess = [\"read\"]\ndecision = \"ask\"\nreason = \"r\"\n";
    stage.file("ok.toml", &format!("{rule}match = [\"read home harmless\"]"));
    let checked = catalogue::check(&stage.request(), &stage.path("ok.toml")).unwrap();
    assert_eq!((checked.rules, checked.examples), (1, 1));
    stage.file("bad.toml", &format!("{rule}match = [\"write home harmless\"]"));
    let told = catalogue::check(&stage.request(), &stage.path("bad.toml")).unwrap_err();
    assert!(told.to_string().contains("rule x: should match"), "{told}");
    stage.file(PROJECT, "network = \"host\"");
    assert!(catalogue::check(&stage.request(), &stage.path(PROJECT)).is_err());
}

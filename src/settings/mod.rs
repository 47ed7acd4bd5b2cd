//! Finds, trusts and layers the settings: managed > user > project (narrows only) > built-in profile.
//!
//! What the files mean is `policy`'s business; here is only where they lie, who may have written
//! them, and in which order they are folded.
#![forbid(unsafe_code)]

pub mod catalogue;
pub mod error;
pub mod places;
pub mod trust;

pub use error::SettingsError;

use crate::policy::builtin;
use crate::policy::error::ProfileError;
use crate::policy::merge;
use crate::policy::parse;
use crate::policy::profile::{Kind, Profile};
use crate::policy::reader::Source;
use crate::policy::resolved::{Policy, below};
use crate::policy::variables::{Variables, is_normal};
use places::Env;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use trust::Trust;

/// What the policy is wanted for.
#[derive(Debug, Clone)]
pub struct Request<'e> {
    /// The profile a person named: a built-in name, a name of their own, or a path to a file.
    pub profile: Option<String>,
    /// The directory the work belongs to; absolute, without links.
    pub workspace: PathBuf,
    /// The person's home, from the password file and not from the environment.
    pub home: PathBuf,
    /// The environment of the caller.
    pub env: &'e Env,
    /// The user.
    pub uid: u32,
}

/// Finds, trusts, reads and folds every layer into the policy of this request.
pub fn load(request: &Request<'_>) -> Result<Policy, SettingsError> {
    let over = workspace(request)?;
    let found = Found::of(request)?;
    let name = found.choose(request.profile.as_deref())?;
    let chain = found.chain(&name)?;
    let title = chain.last().and_then(|top| top.name.clone()).map_or(name, Text::into_owned);
    let layers = chain
        .into_iter()
        .chain(over.map(Cow::Borrowed))
        .chain(found.user.map(Cow::Owned))
        .chain(found.managed.into_iter().map(Cow::Owned))
        // Last, because it only takes away: nobody above it loses by that.
        .chain(found.project.map(Cow::Owned));
    Ok(merge::fold(&title, layers.collect(), &found.variables)?)
}

/// Refuses a workspace that holds whole homes, and finds what must lie over the profile when it
/// is a home itself: writable as it would be, it would bring every key with it.
fn workspace(request: &Request<'_>) -> Result<Option<&'static Profile>, SettingsError> {
    let Request { workspace, home, .. } = request;
    let refuse = |reason| SettingsError::Workspace { path: workspace.clone(), reason };
    if !is_normal(workspace) {
        return Err(refuse("it must be an absolute path without . or .."));
    }
    if workspace == Path::new("/") {
        return Err(refuse("it would make everything writable; name a directory of the work"));
    }
    if workspace == home {
        return Ok(builtin::profile(builtin::HOME));
    }
    if below(home, workspace) {
        return Err(refuse("your home lies below it; name a directory of the work"));
    }
    Ok(None)
}

type Text = Cow<'static, str>;

/// The settings files of a request, read but not folded.
struct Found {
    variables: Variables,
    config: Option<PathBuf>,
    uid: u32,
    managed: Vec<Profile>,
    user: Option<Profile>,
    project: Option<Profile>,
}

impl Found {
    fn of(request: &Request<'_>) -> Result<Self, SettingsError> {
        let Request { workspace, home, env, uid, .. } = request;
        let variables = places::variables(workspace, home, env, *uid);
        let config = places::config(&variables, home);
        let user = match &config {
            Some(config) => read(Kind::User, &config.join("config.toml"), Trust::User(*uid))?,
            None => None,
        };
        let project = read(Kind::Project, &workspace.join(".stockade.toml"), Trust::Project)?;
        let managed = managed(request)?;
        Ok(Self { variables, config, uid: *uid, managed, user, project })
    }

    /// The name of the profile that holds: what was asked for, else the user's choice, else the
    /// managed one, else the default; bounded by what the managed settings allow.
    fn choose(&self, asked: Option<&str>) -> Result<String, SettingsError> {
        let layers = self.managed.iter().rev();
        let managed = layers.clone().find_map(|layer| layer.settings.profile.as_deref());
        let users = self.user.as_ref().and_then(|user| user.settings.profile.as_deref());
        let usual = managed.unwrap_or(builtin::DEFAULT);
        let name = asked.or(users).unwrap_or(usual).to_owned();
        let pinned = layers.clone().any(|layer| layer.settings.pin.iter().any(|p| p == "profile"));
        let listed = layers.clone().find_map(|layer| layer.settings.profiles.as_ref());
        let allowed: Vec<String> = match (pinned, listed) {
            (true, _) => vec![usual.to_owned()],
            (false, Some(list)) => list.iter().map(|text| text.clone().into_owned()).collect(),
            (false, None) => return Ok(name),
        };
        if allowed.contains(&name) {
            return Ok(name);
        }
        Err(ProfileError::ProfileNotAllowed { name, allowed }.into())
    }

    /// The profile of that name and all it extends, the ground first.
    fn chain(&self, name: &str) -> Result<Vec<Cow<'static, Profile>>, SettingsError> {
        let top = if let Some(profile) = builtin::profile(name) {
            Cow::Borrowed(profile)
        } else if is_path(name) {
            // Named by hand, so it is the person's own word wherever it lies.
            let profile = read(Kind::Profile, Path::new(name), Trust::Anyone)?;
            Cow::Owned(profile.ok_or_else(|| no_file(name))?)
        } else {
            Cow::Owned(self.own(name)?.ok_or_else(|| builtin::unknown(name))?)
        };
        // The chain itself speaks `ProfileError`; trust and reading come back through `failed`.
        let failed = std::cell::RefCell::new(None);
        let chain = builtin::chain(top, &|name| {
            self.own(name).or_else(|error| {
                failed.replace(Some(error));
                Ok(None)
            })
        });
        failed.into_inner().map_or_else(|| chain.map_err(SettingsError::from), Err)
    }

    /// A profile of the user's own.
    fn own(&self, name: &str) -> Result<Option<Profile>, SettingsError> {
        let Some(config) = self.config.as_ref().filter(|_| is_name(name)) else { return Ok(None) };
        let path = config.join("profiles").join(format!("{name}.toml"));
        read(Kind::Profile, &path, Trust::User(self.uid))
    }
}

fn no_file(name: &str) -> ProfileError {
    let hint = "there is no such file".to_owned();
    ProfileError::NoSuchProfile { name: name.to_owned(), hint }
}

/// Whether a profile argument is a path rather than a name.
fn is_path(name: &str) -> bool {
    name.contains('/') || Path::new(name).extension() == Some(OsStr::new("toml"))
}

/// Whether a name may stand for a file of the user's profiles.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}

fn read(kind: Kind, path: &Path, trust: Trust) -> Result<Option<Profile>, SettingsError> {
    let Some(text) = trust::read(path, trust)? else { return Ok(None) };
    let file = path.display().to_string();
    Ok(Some(parse::profile(kind, Source { file: &file, text: &text })?))
}

/// Where managed settings lie, unless a test build is told otherwise.
const MANAGED: &str = "/etc/stockade/managed.toml";

/// The managed file and its drop-ins, the weakest first.
fn managed(request: &Request<'_>) -> Result<Vec<Profile>, SettingsError> {
    let hooks = cfg!(debug_assertions) || cfg!(feature = "test-hooks");
    let told = request.env.get(OsStr::new("STOCKADE_MANAGED_FILE")).filter(|_| hooks);
    let file = told.map_or_else(|| PathBuf::from(MANAGED), PathBuf::from);
    // Only a test moves the file, and tests do not always run as root.
    let moved = told.is_some() && request.uid != 0;
    let trust = if moved { Trust::User(request.uid) } else { Trust::Managed };
    let mut layers = Vec::new();
    if let Some(top) = file.parent().filter(|_| told.is_none()) {
        trust::directory(top, trust)?;
    }
    layers.extend(read(Kind::Managed, &file, trust)?);
    let dropins = file.with_extension("d");
    for path in listing(&dropins)? {
        trust::directory(&dropins, trust)?;
        layers.extend(read(Kind::Managed, &path, trust)?);
    }
    Ok(layers)
}

/// The `.toml` files of a directory, sorted by name; none when there is no directory.
fn listing(dir: &Path) -> Result<Vec<PathBuf>, SettingsError> {
    let unreadable = |error: std::io::Error| SettingsError::Unreadable {
        path: dir.to_owned(),
        reason: error.to_string(),
    };
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        if path.extension() == Some(OsStr::new("toml")) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod tables {
    //! Holds the generated tables to the texts they come from. It stands here because the room
    //! of the tables may not touch files.

    #[test]
    fn tables_are_fresh() {
        held("/src/policy/tables.rs", &crate::policy::generate::tables());
    }

    #[test]
    fn tables_of_safer_ways_are_fresh() {
        held("/src/policy/safer_table.rs", &crate::policy::generate_safer::table());
    }

    #[test]
    fn tables_of_system_calls_are_fresh() {
        held("/src/sandbox/filter/tables.rs", &crate::policy::generate_syscalls::tables());
    }

    fn held(file: &str, fresh: &str) {
        let path = format!("{}{file}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("STOCKADE_BLESS").is_some() {
            std::fs::write(&path, fresh).unwrap();
        }
        let held = std::fs::read_to_string(&path).unwrap();
        assert!(held == fresh, "stale: run STOCKADE_BLESS=1 cargo test --lib tables");
    }
}

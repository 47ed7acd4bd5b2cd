//! From what stands on the command line to an `Invocation`: directory, environment, workspace, home.

use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::policy::resolved::below;
use crate::sys::passwd;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Why it cannot be told where the command would run.
#[derive(Debug)]
pub enum PlaceError {
    /// The current directory is gone or unreadable.
    Cwd(std::io::Error),
    /// The workspace that was named is not there, or is no directory.
    Workspace(PathBuf, std::io::Error),
    /// The workspace would be a place whose loss is worse than any work in it is worth.
    TooWide(PathBuf, &'static str),
}

impl std::fmt::Display for PlaceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cwd(error) => write!(f, "the current directory cannot be read: {error}"),
            Self::Workspace(path, error) => {
                write!(f, "the workspace {} cannot be used: {error}", path.display())
            }
            Self::TooWide(path, what) => write!(
                f,
                "the workspace would be {}, {what}, and everything in a workspace may be \
                 changed; go to a project's directory or name one with --workspace DIR",
                path.display()
            ),
        }
    }
}

impl std::error::Error for PlaceError {}

/// Gathers everything around a request. `workspace` is what the person named, if anything.
///
/// # Errors
/// When there is no usable directory to work in.
pub fn gather(request: Request, workspace: Option<&Path>) -> Result<Invocation, PlaceError> {
    std::env::current_dir().map_err(PlaceError::Cwd)?;
    place(surroundings(request), workspace)
}

/// Gives an invocation the workspace that was named, else the one around its directory.
///
/// # Errors
/// When that is no directory to work in.
pub fn place(
    mut invocation: Invocation,
    workspace: Option<&Path>,
) -> Result<Invocation, PlaceError> {
    let home = &invocation.places.home;
    let found = match workspace {
        Some(named) => canonical_directory(named)?,
        None => default_workspace(&invocation.cwd, home),
    };
    if let Some(what) = too_wide(&found, home) {
        return Err(PlaceError::TooWide(found, what));
    }
    invocation.places.workspace = found;
    Ok(invocation)
}

/// What surrounds a request, without asking whether the place is fit to work in.
#[must_use]
pub fn surroundings(request: Request) -> Invocation {
    let env: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
    let cwd = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let home = home(&env);
    let places = Places { workspace: cwd.clone(), home, temp: temp(&env) };
    Invocation { request, cwd, env, places, origin: Origin::default() }
}

/// `$HOME` when it is this user's own directory, else what /etc/passwd says, else nowhere.
///
/// The variable is what every tool of the command will use, so paths must be judged by it; a
/// directory of somebody else is not believed.
#[must_use]
pub fn home(env: &BTreeMap<OsString, OsString>) -> PathBuf {
    let uid = passwd::uid();
    let own = |path: &Path| path.metadata().is_ok_and(|m| m.is_dir() && m.uid() == uid);
    let named = env.get(OsStr::new("HOME")).map(PathBuf::from);
    if let Some(home) = named.filter(|p| p.is_absolute() && p.parent().is_some() && own(p)) {
        return home.canonicalize().unwrap_or(home);
    }
    std::fs::read("/etc/passwd")
        .ok()
        .and_then(|text| passwd::home_of(&text, uid))
        .map_or_else(|| PathBuf::from("/nonexistent"), |home| home.canonicalize().unwrap_or(home))
}

fn canonical_directory(path: &Path) -> Result<PathBuf, PlaceError> {
    let fault = |error| PlaceError::Workspace(path.to_path_buf(), error);
    let found = path.canonicalize().map_err(fault)?;
    match found.metadata().map_err(fault)?.is_dir() {
        true => Ok(found),
        false => Err(fault(std::io::ErrorKind::NotADirectory.into())),
    }
}

/// The top of the git work tree around `cwd`, else `cwd`. A repository that holds the whole home
/// (dotfiles under git) is not a workspace.
fn default_workspace(cwd: &Path, home: &Path) -> PathBuf {
    cwd.ancestors()
        .find(|dir| dir.join(".git").symlink_metadata().is_ok())
        .filter(|top| too_wide(top, home).is_none())
        .unwrap_or(cwd)
        .to_path_buf()
}

/// Directories that hold the machine together; nothing in or below them is a workspace.
const SYSTEM: &[&str] = &[
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run",
    "/sbin", "/sys", "/usr",
];
/// Below a system directory, yet made for work.
const WORK_BELOW_SYSTEM: &[&str] = &["/usr/src", "/usr/local/src", "/dev/shm"];
/// Directories that hold other people's things; they are no workspace, what lies below may be one.
const SHARED: &[&str] =
    &["/home", "/media", "/mnt", "/opt", "/srv", "/tmp", "/var", "/var/lib", "/var/tmp"];
/// Directories of the home that hold keys.
const KEYS: &[&str] =
    &[".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".config/gcloud"];

/// Both paths are without links, so they are normal.
fn too_wide(path: &Path, home: &Path) -> Option<&'static str> {
    let within = |list: &[&str], top: &Path| {
        let rest = path.strip_prefix(top);
        rest.is_ok_and(|rest| list.iter().any(|dir| below(rest, Path::new(dir))))
    };
    let is = |dir: &&str| path == Path::new(dir);
    let at_or_in = |dir: &&str| below(path, Path::new(dir));
    let inside = |dir: &&str| at_or_in(dir) && !is(dir);
    if path.parent().is_none() {
        Some("the whole file system")
    } else if below(home, path) {
        Some(if path == home { "your home directory" } else { "a directory around your home" })
    } else if within(KEYS, home) {
        Some("a directory of keys")
    } else if SHARED.iter().any(is) {
        Some("a directory that others share")
    } else if SYSTEM.iter().any(at_or_in) && !WORK_BELOW_SYSTEM.iter().any(inside) {
        Some("part of the system")
    } else {
        None
    }
}

fn temp(env: &BTreeMap<OsString, OsString>) -> Vec<PathBuf> {
    let named = env.get(OsStr::new("TMPDIR")).map(PathBuf::from).filter(|p| p.is_absolute());
    let mut temp: Vec<PathBuf> = ["/tmp", "/dev/shm"].map(PathBuf::from).into();
    temp.extend(named.filter(|path| !path.as_os_str().is_empty()));
    temp.dedup();
    temp
}

#[cfg(test)]
mod tests {
    use super::too_wide;
    use std::path::Path;

    #[test]
    fn projects_are_workspaces() {
        for path in
            ["/home/u/src/app", "/srv/app", "/tmp/x", "/usr/src/app", "/app", "/var/lib/ci/w"]
        {
            assert_eq!(too_wide(Path::new(path), Path::new("/home/u")), None, "{path}");
        }
    }

    #[test]
    fn what_holds_more_than_a_project_is_not() {
        for path in [
            "/",
            "/home",
            "/home/u",
            "/home/u/.ssh",
            "/home/u/.config/gcloud/x",
            "/etc",
            "/usr/bin",
            "/usr/src",
            "/tmp",
            "/proc/1",
            "/var/lib",
        ] {
            assert!(too_wide(Path::new(path), Path::new("/home/u")).is_some(), "{path}");
        }
    }
}

//! Where stockade keeps what it must remember, and that no command can reach it.

use crate::model::invocation::Invocation;
use crate::policy::resolved::{Files, Policy, below};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Why the state directory cannot be used.
#[derive(Debug)]
pub enum StateError {
    /// There is no home and no `$XDG_STATE_HOME` to keep state in.
    Nowhere,
    /// The directory cannot be made.
    Make(PathBuf, std::io::Error),
    /// The command could write there: the record of what it does would be its own to change.
    Writable {
        /// The state directory.
        state: PathBuf,
        /// The root that holds it.
        root: PathBuf,
    },
}

impl std::fmt::Display for StateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nowhere => f.write_str(
                "there is nowhere to keep the journal: the home directory does not exist; set \
                 XDG_STATE_HOME to a directory of yours",
            ),
            Self::Make(path, error) => {
                write!(
                    f,
                    "the state directory {} cannot be made: {error}; set XDG_STATE_HOME to a \
                     writable directory",
                    path.display()
                )
            }
            Self::Writable { state, root } => write!(
                f,
                "the state directory {} lies inside {}, which the command may write, so it could \
                 change the record of what it does; set XDG_STATE_HOME to a directory outside",
                state.display(),
                root.display()
            ),
        }
    }
}

impl std::error::Error for StateError {}

/// The state directory, made (mode 0700) when it is not there; links resolved.
///
/// # Errors
/// When there is no place for it.
pub fn directory(invocation: &Invocation) -> Result<PathBuf, StateError> {
    let path = path(invocation).ok_or(StateError::Nowhere)?;
    let fault = |error| StateError::Make(path.clone(), error);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(fault)?;
    path.canonicalize().map_err(fault)
}

/// Where the state directory is or would be (XDG Base Directory Specification).
#[must_use]
pub fn path(invocation: &Invocation) -> Option<PathBuf> {
    let named = invocation.var("XDG_STATE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let base = match named {
        Some(base) => base,
        None => {
            let home = &invocation.places.home;
            home.is_dir().then(|| home.join(".local/state"))?
        }
    };
    Some(base.join("stockade"))
}

/// The policy with the state directory taken out of what may be read; refused when it could be written.
///
/// Compares names; that no link leads around it is checked where the rules are opened
/// (`sandbox::ruleset`).
///
/// # Errors
/// When a writable root holds the state directory.
pub fn guard(mut policy: Policy, state: &Path) -> Result<Policy, StateError> {
    if let Some(root) = policy.files.write.iter().find(|root| below(state, &root.path)) {
        return Err(StateError::Writable { state: state.to_path_buf(), root: root.path.clone() });
    }
    for root in policy.files.read.iter_mut().filter(|root| below(state, &root.path)) {
        root.except.push(state.to_path_buf());
    }
    Ok(policy)
}

/// Makes cache directories that tools expect to be writable. One that cannot be made is not granted, no more.
///
/// What lies inside a directory that the command may write is the command's to make: an earlier
/// run could have put a link on the way there, and would have stockade make directories outside.
pub fn make_caches(files: &Files) {
    let within = |cache: &Path, root: &Path| cache != root && below(cache, root);
    let theirs = |cache: &Path| {
        files.write.iter().any(|root| within(cache, &root.path) && root.path.is_dir())
    };
    for cache in files.create.iter().filter(|cache| !cache.exists() && !theirs(cache)) {
        drop(std::fs::DirBuilder::new().recursive(true).mode(0o700).create(cache));
    }
}

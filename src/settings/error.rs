//! Why settings could not be had: a file that may not be trusted or read, or a profile that is wrong.

use crate::policy::error::ProfileError;
use std::fmt;
use std::path::PathBuf;

/// Why there is no policy. Whoever gets it runs nothing.
#[derive(Debug)]
pub enum SettingsError {
    /// A file that somebody else could have written.
    Untrusted {
        /// Which.
        path: PathBuf,
        /// What is wrong with it, and what would put it right.
        reason: String,
    },
    /// A file that is there and cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A workspace that holds more than a workspace.
    Workspace {
        /// Which.
        path: PathBuf,
        /// Why it cannot be one.
        reason: &'static str,
    },
    /// A file that says something wrong.
    Profile(ProfileError),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted { path, reason } => {
                write!(f, "settings: {}: not trusted: {reason}", path.display())
            }
            Self::Unreadable { path, reason } => {
                write!(f, "settings: {}: cannot be read: {reason}", path.display())
            }
            Self::Workspace { path, reason } => {
                write!(f, "settings: {} cannot be the workspace: {reason}", path.display())
            }
            Self::Profile(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SettingsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Profile(error) => Some(error),
            Self::Untrusted { .. } | Self::Unreadable { .. } | Self::Workspace { .. } => None,
        }
    }
}

impl From<ProfileError> for SettingsError {
    fn from(error: ProfileError) -> Self {
        Self::Profile(error)
    }
}

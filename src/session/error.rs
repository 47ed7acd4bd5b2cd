//! Why a session could not do its job: every room's error under one roof, with the exit status it means.

use super::invocation::PlaceError;
use super::outcome::status;
use super::program::NotFound;
use super::state::StateError;
use crate::arbiter::Unsettled;
use crate::arbiter::memory::keep::MemoryError;
use crate::journal::JournalError;
use crate::journal::refusal::RefusalRecord;
use crate::sandbox::compile::Unsupported;
use crate::sandbox::spawn::{SpawnError, Stage};
use crate::settings;
use std::io::ErrorKind;
use std::path::PathBuf;

/// Why a command did not run.
#[derive(Debug)]
pub enum SessionError {
    /// There is no usable place to run in.
    Place(PlaceError),
    /// The settings cannot be used.
    Settings(settings::SettingsError),
    /// The state directory cannot be used.
    State(StateError),
    /// The journal cannot be written.
    Journal(JournalError),
    /// The name of the session is none.
    Name(String),
    /// The memory of the session cannot be used.
    Memory(MemoryError),
    /// There is no such program.
    NotFound(NotFound),
    /// A required promise cannot be kept here.
    Unsupported(Unsupported),
    /// The command needs a file of a directory that an isolated run has for itself.
    Hidden(PathBuf),
    /// The command could not be started.
    Spawn(SpawnError),
    /// The program must not be executed: no rule grants it.
    Walled(Box<RefusalRecord>),
}

impl SessionError {
    /// The exit status that says so.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::NotFound(_) => status::NOT_FOUND,
            Self::Spawn(SpawnError::Stage(Stage::Exec, error)) => match error.kind() {
                ErrorKind::NotFound => status::NOT_FOUND,
                _ => status::REFUSED,
            },
            Self::Walled(_) => status::REFUSED,
            _ => status::FAILED,
        }
    }
}

impl std::fmt::Display for SessionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Place(error) => error.fmt(f),
            Self::Settings(error) => error.fmt(f),
            Self::State(error) => error.fmt(f),
            Self::Journal(error) => error.fmt(f),
            Self::Name(fault) => f.write_str(fault),
            Self::Memory(error) => error.fmt(f),
            Self::NotFound(error) => error.fmt(f),
            Self::Unsupported(error) => error.fmt(f),
            Self::Hidden(path) => write!(
                f,
                "{} is not there in an isolated run, whose /tmp and /dev/shm are its own; work in \
                 the workspace, grant the path by name (`files.read`), or run without --isolate",
                path.display()
            ),
            Self::Spawn(error) => error.fmt(f),
            Self::Walled(record) => f.write_str(&record.sentence(record.target.as_str(), 0)),
        }
    }
}

impl std::error::Error for SessionError {}

macro_rules! from {
    ($($error:ty => $variant:ident),* $(,)?) => {$(
        impl From<$error> for SessionError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from! {
    PlaceError => Place,
    settings::SettingsError => Settings,
    StateError => State,
    JournalError => Journal,
    MemoryError => Memory,
    NotFound => NotFound,
    Unsupported => Unsupported,
    SpawnError => Spawn,
}

impl From<Unsettled> for SessionError {
    fn from(error: Unsettled) -> Self {
        match error {
            Unsettled::Journal(error) => Self::Journal(error),
            Unsettled::Memory(error) => Self::Memory(error),
        }
    }
}

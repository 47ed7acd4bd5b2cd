//! Opens a settings file once, judges by its descriptor who could have written it, and reads it; what it says is not known here.

use super::error::SettingsError;
use crate::sys::file::{open_nofollow, open_without_waiting};
use std::fs::{self, Metadata};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Whose word a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The superuser's: owned by root, writable by nobody else.
    Managed,
    /// The person's: owned by this user or root, not writable by others.
    User(u32),
    /// Nobody's: it may only take away, and it must lie where it is looked for.
    Project,
    /// Nobody's in particular: a person named it by hand.
    Anyone,
}

/// A settings file longer than this is none.
const LIMIT: u64 = 1 << 20;

/// The text of a file; `None` when there is none.
pub fn read(path: &Path, trust: Trust) -> Result<Option<String>, SettingsError> {
    let unreadable = |reason: String| SettingsError::Unreadable { path: path.to_owned(), reason };
    // Asked before opening, because opening a pipe would wait for its other end.
    match fs::metadata(path) {
        Ok(facts) if facts.is_file() => {}
        Ok(_) => return Err(unreadable("it is not a regular file".to_owned())),
        Err(error) if absent(&error) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    }
    let opened = match trust {
        // A link in a workspace leads where an agent wants it to.
        Trust::Project => open_nofollow(path),
        Trust::Managed | Trust::User(_) | Trust::Anyone => open_without_waiting(path),
    };
    let file = match opened {
        Ok(file) => file,
        Err(error) if absent(&error) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    // What counts is what was opened, whatever the name means by now.
    let facts = file.metadata().map_err(|error| unreadable(error.to_string()))?;
    if !facts.is_file() {
        return Err(unreadable("it is not a regular file".to_owned()));
    }
    check(path, trust, Facts::of(&facts))?;
    let mut bytes = Vec::new();
    let read = file.take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > LIMIT {
        return Err(unreadable("it is longer than 1 MiB".to_owned()));
    }
    String::from_utf8(bytes).map(Some).map_err(|_| unreadable("it is not UTF-8 text".to_owned()))
}

/// Checks the directory that holds managed files: who can write there can replace them.
pub fn directory(path: &Path, trust: Trust) -> Result<(), SettingsError> {
    match fs::metadata(path) {
        Ok(facts) => check(path, trust, Facts::of(&facts)),
        Err(error) if absent(&error) => Ok(()),
        Err(error) => {
            Err(SettingsError::Unreadable { path: path.to_owned(), reason: error.to_string() })
        }
    }
}

fn absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// What trust depends on.
#[derive(Debug, Clone, Copy)]
struct Facts {
    owner: u32,
    mode: u32,
}

impl Facts {
    fn of(facts: &Metadata) -> Self {
        Self { owner: facts.uid(), mode: facts.mode() }
    }
}

fn check(path: &Path, trust: Trust, facts: Facts) -> Result<(), SettingsError> {
    let shown = path.display();
    let reason = match trust {
        Trust::Project | Trust::Anyone => return Ok(()),
        Trust::Managed if facts.owner != 0 => {
            format!("owned by user {}, not by root: chown root {shown}", facts.owner)
        }
        Trust::Managed if facts.mode & 0o022 != 0 => {
            format!("others than root may write it: chmod go-w {shown}")
        }
        Trust::User(me) if facts.owner != me && facts.owner != 0 => {
            format!("owned by user {}, neither by you nor by root", facts.owner)
        }
        Trust::User(_) if facts.mode & 0o002 != 0 => {
            format!("everybody may write it: chmod o-w {shown}")
        }
        Trust::Managed | Trust::User(_) => return Ok(()),
    };
    Err(SettingsError::Untrusted { path: path.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(trust: Trust, owner: u32, mode: u32) -> bool {
        check(Path::new("f"), trust, Facts { owner, mode }).is_ok()
    }

    #[test]
    fn managed_files_are_roots_alone() {
        assert!(verdict(Trust::Managed, 0, 0o100_644));
        assert!(!verdict(Trust::Managed, 1000, 0o100_644));
        assert!(!verdict(Trust::Managed, 0, 0o100_664));
        assert!(!verdict(Trust::Managed, 0, 0o100_646));
    }

    #[test]
    fn user_files_are_the_users_or_roots() {
        assert!(verdict(Trust::User(1000), 1000, 0o100_664));
        assert!(verdict(Trust::User(1000), 0, 0o100_644));
        assert!(!verdict(Trust::User(1000), 1001, 0o100_644));
        assert!(!verdict(Trust::User(1000), 1000, 0o100_646));
        assert!(verdict(Trust::Anyone, 1001, 0o100_666));
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read(dir.path(), Trust::Anyone).is_err());
        assert!(read(&dir.path().join("none"), Trust::Anyone).unwrap().is_none());
        let latin = dir.path().join("latin");
        fs::write(&latin, b"\xff").unwrap();
        assert!(read(&latin, Trust::Anyone).is_err());
        fs::write(&latin, vec![b'#'; 1 << 21]).unwrap();
        assert!(read(&latin, Trust::Anyone).is_err());
    }
}

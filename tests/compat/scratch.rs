//! One directory below /var/tmp for everything this suite makes: the binary, two homes, the work.

use crate::identity::{Identity, Who, is_root};
use crate::{loopback, toolchain};
use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What git wants to know of everybody.
const GITCONFIG: &str = "[user]\n\tname = Compat\n\temail = compat@example.invalid\n\
                         [init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n";

/// The scratch directory and who works in it.
#[derive(Debug)]
pub(crate) struct Scratch {
    directory: PathBuf,
    /// The stockade that is tested, where everybody can execute it.
    pub(crate) stockade: PathBuf,
    root: Option<Identity>,
    user: Identity,
}

impl Scratch {
    /// Makes everything. State goes to `$HOME/.local/state`, which is why this is not in /tmp:
    /// there the command could write it.
    pub(crate) fn make() -> Result<Self, String> {
        let fault = |error: std::io::Error| format!("scratch: {error}");
        let directory = tempfile::Builder::new()
            .prefix("stockade-compat.")
            .tempdir_in("/var/tmp")
            .map_err(fault)?
            .keep();
        fs::set_permissions(&directory, Permissions::from_mode(0o755)).map_err(fault)?;
        let stockade = directory.join("stockade");
        fs::copy(env!("CARGO_BIN_EXE_stockade"), &stockade).map_err(fault)?;
        fs::set_permissions(&stockade, Permissions::from_mode(0o755)).map_err(fault)?;
        let root = is_root().then(|| settle(Who::Root, &directory)).transpose();
        let user = settle(Who::User, &directory);
        match (root, user) {
            (Ok(root), Ok(user)) => Ok(Self { directory, stockade, root, user }),
            (Err(error), _) | (_, Err(error)) => {
                fs::remove_dir_all(&directory).map_err(fault)?;
                Err(error)
            }
        }
    }

    /// One of the two.
    pub(crate) fn identity(&self, who: Who) -> Result<&Identity, String> {
        match who {
            Who::Root => self.root.as_ref().ok_or_else(|| "not started as root".to_owned()),
            Who::User => Ok(&self.user),
        }
    }

    /// Takes everything away again. What was ended a moment ago may still be writing its last.
    pub(crate) fn remove(&self) -> std::io::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            match fs::remove_dir_all(&self.directory) {
                Err(_) if Instant::now() < deadline => sleep(Duration::from_millis(50)),
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                Ok(()) | Err(_) => return Ok(()),
            }
        }
    }
}

/// A home with what a person would have in it.
fn settle(who: Who, directory: &Path) -> Result<Identity, String> {
    let mut identity = Identity::find(who, directory.join(who.word()))?;
    let home = identity.home.clone();
    identity.directory(&home)?;
    identity.directory(&home.join("work"))?;
    identity.file(&home.join(".gitconfig"), GITCONFIG)?;
    for directory in [".config", ".config/stockade", ".config/stockade/profiles"] {
        identity.directory(&home.join(directory))?;
    }
    let profile = home.join(".config/stockade/profiles").join(format!("{}.toml", loopback::NAME));
    identity.file(&profile, loopback::PROFILE)?;
    toolchain::lay_out(&mut identity)?;
    Ok(identity)
}

//! Who a workload runs as: the superuser, or the ordinary user that `scripts/test-needs.sh` makes.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The user that `scripts/test-needs.sh` makes.
const ORDINARY: &str = "stockade-test";

/// The two identities everything must work for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Root,
    User,
}

impl Who {
    pub(crate) const BOTH: [Self; 2] = [Self::Root, Self::User];

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
        }
    }
}

/// One identity with its home and environment.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) home: PathBuf,
    pub(crate) environment: Vec<(OsString, OsString)>,
}

impl Identity {
    /// Finds the user and names its home; nothing is made yet.
    pub(crate) fn find(who: Who, home: PathBuf) -> Result<Self, String> {
        let (name, uid, gid) = account(who)?;
        let mut environment: Vec<(OsString, OsString)> = [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("SHELL", "/bin/bash"),
            ("LANG", "C.UTF-8"),
            ("TERM", "xterm-256color"),
            ("TZ", "UTC"),
        ]
        .map(|(name, value)| (name.into(), value.into()))
        .into();
        environment.push(("HOME".into(), home.clone().into()));
        environment.push(("USER".into(), name.clone().into()));
        environment.push(("LOGNAME".into(), name.into()));
        Ok(Self { uid, gid, home, environment })
    }

    /// A command of this identity in `directory`, with its environment and nothing else.
    pub(crate) fn command(&self, program: impl AsRef<Path>, directory: &Path) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().current_dir(directory);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if self.uid != nix::unistd::geteuid().as_raw() {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes a directory that belongs to this identity.
    pub(crate) fn directory(&self, path: &Path) -> Result<(), String> {
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::create_dir(path).map_err(fault)?;
        self.own(path).map_err(fault)
    }

    /// Makes a file that belongs to this identity.
    pub(crate) fn file(&self, path: &Path, text: &str) -> Result<(), String> {
        let fault = |error: std::io::Error| format!("{}: {error}", path.display());
        std::fs::write(path, text).map_err(fault)?;
        self.own(path).map_err(fault)
    }

    fn own(&self, path: &Path) -> std::io::Result<()> {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
    }
}

/// Whether this program may become somebody else.
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// Name, user and group; without the superuser's rights the ordinary user is whoever runs this.
fn account(who: Who) -> Result<(String, u32, u32), String> {
    let own = nix::unistd::geteuid().as_raw().to_string();
    let passwd = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    for line in passwd.lines() {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, uid, gid, ..] = fields.as_slice() else { continue };
        let wanted = match who {
            Who::User if is_root() => *name == ORDINARY,
            Who::Root | Who::User => *uid == own,
        };
        if let (true, Ok(uid), Ok(gid)) = (wanted, uid.parse(), gid.parse()) {
            return Ok(((*name).to_owned(), uid, gid));
        }
    }
    Err(format!("there is no user {ORDINARY}: run scripts/test-needs.sh"))
}

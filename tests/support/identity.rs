//! As whom a test runs: the superuser, or the ordinary user that scripts/test-needs.sh makes.

use std::fs;
use std::os::unix::fs::MetadataExt;

/// The ordinary user's name in /etc/passwd.
const USER: &str = "stockade-test";

/// As whom stockade is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// The superuser.
    Root,
    /// An ordinary user.
    User,
}

impl Identity {
    pub const BOTH: [Self; 2] = [Self::Root, Self::User];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::User => "user",
        }
    }

    /// Whether this test process is the superuser.
    pub fn is_root() -> bool {
        fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
    }

    /// Whether tests can be run as this identity: without being root only as oneself.
    pub fn possible(self) -> bool {
        Self::is_root() || self == Self::User
    }

    /// The user and group to change to; `None` when this process is it already.
    pub fn ids(self) -> Option<(u32, u32)> {
        match self {
            Self::User if Self::is_root() => Some(user()),
            Self::User | Self::Root => None,
        }
    }

    /// The user id it has.
    pub fn uid(self) -> u32 {
        match self.ids() {
            Some((uid, _)) => uid,
            None => fs::metadata("/proc/self").unwrap().uid(),
        }
    }
}

fn user() -> (u32, u32) {
    let passwd = fs::read_to_string("/etc/passwd").unwrap();
    let ids = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(USER)).then_some(())?;
        Some((fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?))
    });
    ids.unwrap_or_else(|| panic!("no user {USER}: run scripts/test-needs.sh"))
}

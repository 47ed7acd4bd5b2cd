//! As whom a test runs, and where: the superuser or the ordinary user that scripts/test-needs.sh makes.

use super::Place;
use std::fs;
use std::os::unix::fs::MetadataExt;

/// The ordinary user's name in /etc/passwd.
const USER: &str = "stockade-test";

/// As whom stockade is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The superuser.
    Root,
    /// An ordinary user.
    User,
}

/// Who starts stockade, and what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    pub who: Who,
    pub place: Place,
}

impl Identity {
    pub const ROOT: Self = Self { who: Who::Root, place: Place::Plain };
    pub const USER: Self = Self { who: Who::User, place: Place::Plain };
    pub const BOTH: [Self; 2] = [Self::ROOT, Self::USER];

    /// `root`, or `root@docker`.
    pub fn name(self) -> String {
        let who = match self.who {
            Who::Root => "root",
            Who::User => "user",
        };
        match self.place {
            Place::Plain => who.to_owned(),
            place => format!("{who}@{}", place.name()),
        }
    }

    /// The same person elsewhere.
    pub const fn at(self, place: Place) -> Self {
        Self { who: self.who, place }
    }

    /// Whether this test process is the superuser.
    pub fn is_root() -> bool {
        fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
    }

    /// Whether tests can be run as this identity: without being root only as oneself, and not
    /// in places that take the superuser to get there.
    pub fn possible(self) -> bool {
        Self::is_root() || (self.who == Who::User && !self.place.takes_the_superuser())
    }

    /// The user and group to change to; `None` when this process is it already.
    pub fn ids(self) -> Option<(u32, u32)> {
        match self.who {
            Who::User if Self::is_root() => Some(user()),
            Who::User | Who::Root => None,
        }
    }

    /// The user id it has.
    pub fn uid(self) -> u32 {
        match self.ids() {
            Some((uid, _)) => uid,
            None => fs::metadata("/proc/self").unwrap().uid(),
        }
    }

    /// A user it is not.
    pub const fn somebody_else(self) -> u32 {
        match self.who {
            Who::Root => 65534,
            Who::User => 0,
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

//! What one session is remembered by: what it was refused, what it made, what it let flow where.
//!
//! Plain values, as they are kept (`keep`), learned from a verdict (`learn`) and compared with a new
//! one (`insist`). Nothing is decided here, and nothing is forgotten but for room.

pub mod insist;
pub mod keep;
pub mod learn;

#[cfg(test)]
mod tests;

use crate::journal::record::{ResourceRecord, TaintRecord};
use crate::journal::text::Text;
use crate::model::effect::{Access, Taint};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How many made paths and files with a flow are remembered, of each.
const KEPT: usize = 4_096;

/// How many different refusals: each new one is compared with all.
const REFUSALS: usize = 512;

/// One thing worth remembering of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "lowercase")]
pub enum Fact {
    /// It was not let.
    Refused {
        /// What.
        deed: Deed,
        /// The command, cut when it is long.
        by: String,
    },
    /// Nothing was there, and the command would make it.
    Made {
        /// What it would make.
        path: Text,
        /// When, in milliseconds since 1970: what is older was not made by it.
        since: u64,
    },
    /// Something else was put in its place: what is there now was not made by the session.
    Replaced {
        /// The name.
        path: Text,
    },
    /// Something flowed into a file.
    Carries {
        /// The file.
        path: Text,
        /// What flowed into it.
        carries: Vec<TaintRecord>,
    },
    /// The file was looked at by itself, so that it is no stranger's code any more.
    Seen {
        /// The file.
        path: Text,
    },
}

/// What somebody tried to do, whatever the spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// An act upon a target.
    Act(Act, ResourceRecord),
    /// A named danger, by the sentence that names the exact thing.
    Danger(String),
}

/// Acts that come to the same for who is refused one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// What was there is no longer, or is another: written, emptied, moved, deleted.
    Change,
    /// Modes, owners, times.
    Rights,
    /// Looked at.
    Read,
    /// Run.
    Execute,
    /// Sent, published, changed elsewhere.
    Send,
    /// Opened for others.
    Listen,
    /// Signalled.
    Signal,
}

impl From<Access> for Act {
    fn from(access: Access) -> Self {
        match access {
            Access::Write | Access::Create | Access::Delete | Access::Rename => Self::Change,
            Access::Chmod => Self::Rights,
            Access::Read => Self::Read,
            Access::Execute => Self::Execute,
            Access::Connect | Access::Publish | Access::RemoteChange => Self::Send,
            Access::Listen => Self::Listen,
            Access::Signal => Self::Signal,
        }
    }
}

/// A deed that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was not let.
    pub deed: Deed,
    /// The command by which it came first.
    pub first: String,
    /// How often.
    pub times: u32,
}

/// All that is remembered of a session. Empty for a session that nobody named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    refusals: Vec<Refusal>,
    made: BTreeMap<PathBuf, SystemTime>,
    carried: BTreeMap<PathBuf, Vec<Taint>>,
}

impl Memory {
    /// The memory of a session that nobody named.
    pub const NOTHING: Self =
        Self { refusals: Vec::new(), made: BTreeMap::new(), carried: BTreeMap::new() };

    /// Takes one fact in.
    pub fn take(&mut self, fact: Fact) {
        match fact {
            Fact::Refused { deed, by } => self.refused(deed, by),
            Fact::Made { path, since } => {
                let Some(path) = path_of(&path) else { return };
                if self.made.len() < KEPT {
                    self.made.insert(path, SystemTime::UNIX_EPOCH + Duration::from_millis(since));
                }
            }
            Fact::Replaced { path } => {
                path_of(&path).and_then(|path| self.made.remove(&path));
            }
            Fact::Carries { path, carries } => {
                let Some(path) = path_of(&path) else { return };
                if self.carried.len() < KEPT || self.carried.contains_key(&path) {
                    let carried = self.carried.entry(path).or_default();
                    carried.extend(carries.into_iter().map(Taint::from));
                    carried.sort();
                    carried.dedup();
                }
            }
            Fact::Seen { path } => {
                if let Some(carried) = path_of(&path).and_then(|p| self.carried.get_mut(&p)) {
                    carried.retain(|taint| matches!(taint, Taint::Secret(_)));
                }
            }
        }
    }

    fn refused(&mut self, deed: Deed, by: String) {
        let known = self.refusals.iter_mut().find(|refusal| refusal.deed == deed);
        if let Some(known) = known {
            known.times = known.times.saturating_add(1);
        } else if self.refusals.len() < REFUSALS {
            self.refusals.push(Refusal { deed, first: by, times: 1 });
        }
    }

    /// Since when the session claims to have made this very path.
    #[must_use]
    pub fn made(&self, path: &Path) -> Option<SystemTime> {
        self.made.get(path).copied()
    }

    /// What flowed into `path` by earlier commands.
    #[must_use]
    pub fn carried(&self, path: &Path) -> &[Taint] {
        self.carried.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether anything flowed into any file.
    #[must_use]
    pub fn has_carried(&self) -> bool {
        !self.carried.is_empty()
    }

    /// What was refused.
    #[must_use]
    pub fn refusals(&self) -> &[Refusal] {
        &self.refusals
    }

    /// The same as facts, the fewest that say it.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let refused = self.refusals.iter().flat_map(|refusal| {
            // A count above this says no more than that somebody insists.
            let times = refusal.times.min(16) as usize;
            let (deed, by) = (refusal.deed.clone(), refusal.first.clone());
            std::iter::repeat_n(Fact::Refused { deed, by }, times)
        });
        let made = self.made.iter().map(|(path, since)| Fact::Made {
            path: Text::path(path),
            since: learn::millis(*since),
        });
        let carried = self.carried.iter().map(|(path, carries)| Fact::Carries {
            path: Text::path(path),
            carries: carries.iter().map(TaintRecord::from).collect(),
        });
        refused.chain(made).chain(carried).collect()
    }
}

/// The path a text stands for; `None` when it cannot be had from it.
fn path_of(text: &Text) -> Option<PathBuf> {
    text.to_bytes().map(|bytes| PathBuf::from(OsString::from_vec(bytes)))
}

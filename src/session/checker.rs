//! Judging many commands in one process: what does not change between them is found once.

use super::error::SessionError;
use super::{invocation, judge, load};
use crate::model::invocation::{Invocation, Request};
use crate::model::verdict::Verdict;
use crate::policy::resolved::Policy;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};

/// Judges commands one after the other by the same profile.
#[derive(Debug)]
pub struct Checker {
    base: Invocation,
    profile: Option<String>,
    named: Option<PathBuf>,
    policies: HashMap<PathBuf, Policy>,
}

impl Checker {
    /// A checker for a profile and workspace, where such were named.
    ///
    /// # Errors
    /// When the current directory cannot be worked in, or the settings cannot be used: found out
    /// before the first command.
    pub fn new(profile: Option<&str>, workspace: Option<&Path>) -> Result<Self, SessionError> {
        let base = invocation::gather(Request::Shell(Vec::new()), workspace)?;
        let policy = load(&base, profile)?;
        let policies = HashMap::from([(base.places.workspace.clone(), policy)]);
        let (profile, named) = (profile.map(str::to_owned), workspace.map(Path::to_path_buf));
        Ok(Self { base, profile, named, policies })
    }

    /// Judges one shell text, in a directory of its own when one is given.
    ///
    /// # Errors
    /// When that directory cannot be worked in, or has settings that cannot be used.
    pub fn judge(&mut self, text: Vec<u8>, cwd: Option<&Path>) -> Result<Verdict, SessionError> {
        let mut invocation = Invocation { request: Request::Shell(text), ..self.base.clone() };
        if let Some(cwd) = cwd {
            invocation.cwd = self.base.cwd.join(cwd);
            invocation = invocation::place(invocation, self.named.as_deref())?;
        }
        let policy = match self.policies.entry(invocation.places.workspace.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(load(&invocation, self.profile.as_deref())?),
        };
        Ok(judge(&invocation, policy))
    }
}

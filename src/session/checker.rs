//! Judging many commands in one process: what does not change between them is found once.

use super::error::SessionError;
use super::{invocation, judge, load, remembered};
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
    /// A checker for a profile, a workspace and a session, where such were named.
    ///
    /// # Errors
    /// When the current directory cannot be worked in, or the settings cannot be used: found out
    /// before the first command.
    pub fn new(
        profile: Option<&str>,
        workspace: Option<&Path>,
        session: Option<&str>,
    ) -> Result<Self, SessionError> {
        let base = invocation::gather(Request::Shell(Vec::new()), workspace)?;
        let base = remembered::name(base, session)?;
        let policy = load(&base, profile)?;
        let policies = HashMap::from([(base.places.workspace.clone(), policy)]);
        let (profile, named) = (profile.map(str::to_owned), workspace.map(Path::to_path_buf));
        Ok(Self { base, profile, named, policies })
    }

    /// Judges one shell text, in a directory and a session of its own when such are given. What it
    /// would do is not remembered: nobody has said that it was done.
    ///
    /// # Errors
    /// When that directory cannot be worked in, or has settings that cannot be used, or the session
    /// cannot be recalled.
    pub fn judge(
        &mut self,
        text: Vec<u8>,
        cwd: Option<&Path>,
        session: Option<&str>,
    ) -> Result<Verdict, SessionError> {
        let mut invocation = Invocation { request: Request::Shell(text), ..self.base.clone() };
        if session.is_some() {
            invocation = remembered::name(invocation, session)?;
        }
        if let Some(cwd) = cwd {
            invocation.cwd = self.base.cwd.join(cwd);
            invocation = invocation::place(invocation, self.named.as_deref())?;
        }
        let policy = match self.policies.entry(invocation.places.workspace.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(load(&invocation, self.profile.as_deref())?),
        };
        let session = remembered::look_up(&invocation)?;
        Ok(judge(&invocation, policy, session.memory()))
    }
}

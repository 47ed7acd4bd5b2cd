//! The session a command belongs to: who names it, what is remembered of it, what the command adds.
//! How facts are kept and compared is the arbiter's business.

use super::error::SessionError;
use super::state;
use crate::arbiter::memory::keep::{Keeper, SessionName};
use crate::arbiter::memory::{Fact, Memory, learn};
use crate::model::decision::Decision;
use crate::model::invocation::{Invocation, Request};
use crate::model::verdict::Verdict;
use crate::policy::resolved::Policy;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::SystemTime;

/// The variable that names the session where no option does.
pub const VARIABLE: &str = "STOCKADE_SESSION";

/// The session of a command: its file and what stood in it when the command came; nothing when none
/// was named.
#[derive(Debug, Default)]
pub struct Remembered(Option<(Keeper, Memory)>);

impl Remembered {
    /// Where it is kept.
    #[must_use]
    pub fn keeper(&self) -> Option<&Keeper> {
        self.0.as_ref().map(|(keeper, _)| keeper)
    }

    /// What stood there.
    #[must_use]
    pub fn memory(&self) -> &Memory {
        static NOTHING: Memory = Memory::NOTHING;
        self.0.as_ref().map_or(&NOTHING, |(_, memory)| memory)
    }

    /// What a judged command adds.
    #[must_use]
    pub fn lessons(&self, asked: &Invocation, policy: &Policy, verdict: &Verdict) -> Vec<Fact> {
        let Some((_, memory)) = &self.0 else { return Vec::new() };
        match verdict.decision {
            Decision::Allow => {
                let world = super::world(asked, policy);
                learn::of_run(verdict, memory, &world, SystemTime::now())
            }
            Decision::Ask | Decision::Deny => {
                learn::of_refusal(policy, verdict, &spelled(&asked.request))
            }
        }
    }
}

/// Puts the name of the session, by option or variable, into the invocation.
///
/// # Errors
/// A name that is none.
pub fn name(mut invocation: Invocation, option: Option<&str>) -> Result<Invocation, SessionError> {
    let variable = invocation.var(VARIABLE).filter(|name| !name.is_empty());
    let named = match (option, variable) {
        (Some(option), _) => Some(option.to_owned()),
        (None, Some(name)) => {
            let fault =
                || SessionError::Name(format!("${VARIABLE} is not UTF-8, so it names no session"));
            Some(name.to_str().ok_or_else(fault)?.to_owned())
        }
        (None, None) => None,
    };
    let named =
        named.map(|name| SessionName::new(&name)).transpose().map_err(SessionError::Name)?;
    invocation.origin.session = named.map(|name| name.as_str().to_owned());
    Ok(invocation)
}

/// What is remembered of the session of an invocation.
///
/// # Errors
/// A memory that cannot be read or trusted.
pub fn recall(invocation: &Invocation, state: &Path) -> Result<Remembered, SessionError> {
    let Some(name) = &invocation.origin.session else { return Ok(Remembered::default()) };
    let keeper = Keeper::new(state, &SessionName::new(name).map_err(SessionError::Name)?);
    let memory = keeper.recall()?;
    Ok(Remembered(Some((keeper, memory))))
}

/// The same where nothing is to be made: also when there is no state directory yet.
///
/// # Errors
/// A memory that cannot be read or trusted.
pub fn look_up(invocation: &Invocation) -> Result<Remembered, SessionError> {
    match state::path(invocation) {
        Some(state) => recall(invocation, &state),
        None => Ok(Remembered::default()),
    }
}

fn spelled(request: &Request) -> String {
    match request {
        Request::Shell(text) => String::from_utf8_lossy(text).into_owned(),
        Request::Argv(words) => {
            let words = words.iter().map(|word| String::from_utf8_lossy(word.as_bytes()));
            words.collect::<Vec<_>>().join(" ")
        }
    }
}

//! What can be written down: a run started, was refused, finished or failed, or a torn line was found.
//! The fields of each record; how lines are chained is `chain`'s business.

use super::record::VerdictRecord;
use super::refusal::RefusalRecord;
use super::run::RunId;
use super::text::{KEPT, Text, Whole, clip, head, sha256_hex};
use crate::model::invocation::{Invocation, Request};
use crate::model::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::os::unix::ffi::OsStrExt;

/// How many effects, findings and gaps (of each) one record keeps; `left_out` counts the rest.
const KEPT_ITEMS: usize = 256;

/// One line of the journal as read back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The version of the schema.
    pub v: u32,
    /// When it was written: RFC 3339, UTC, microseconds.
    pub time: String,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
    /// The number of the record, from 1.
    pub seq: u64,
    /// The `hash` of the record before; 64 zeros in the first.
    pub prev: String,
    /// SHA-256 in hexadecimal over the line without this field: see `docs/journal.md`.
    pub hash: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// Both gates are passed; the command is about to run.
    Started(Box<Opening>),
    /// The command did not run: denied, or nobody was there to ask. Status 126.
    Refused(Box<Opening>),
    /// The command ended.
    Finished(Closing),
    /// Stockade could not do its job. Status 125.
    Failed(Failure),
    /// A writer found that the journal did not end in a whole record.
    Torn(Torn),
    /// Something a newer stockade wrote; never written by this one.
    #[serde(other, skip_serializing)]
    Unknown,
}

impl Event {
    /// The run it tells of.
    #[must_use]
    pub const fn run(&self) -> Option<RunId> {
        match self {
            Self::Started(opening) | Self::Refused(opening) => Some(opening.run),
            Self::Finished(closing) => Some(closing.run),
            Self::Failed(failure) => failure.run,
            Self::Torn(_) | Self::Unknown => None,
        }
    }

    /// The word of the `event` field.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Started(_) => "started",
            Self::Refused(_) => "refused",
            Self::Finished(_) => "finished",
            Self::Failed(_) => "failed",
            Self::Torn(_) => "torn",
            Self::Unknown => "unknown",
        }
    }
}

/// What was asked, what was predicted, and what was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Opening {
    /// The run.
    pub run: RunId,
    /// The profile the person chose.
    pub profile: String,
    /// The directory the work belongs to.
    pub workspace: Text,
    /// Where the command starts.
    pub cwd: Text,
    /// What was asked; cut when it is huge.
    pub request: RequestRecord,
    /// Only when the request was cut: what the whole of it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Whole>,
    /// The agent client that asked, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Its conversation, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What was decided and why, with everything predicted.
    #[serde(flatten)]
    pub verdict: VerdictRecord,
    /// How many effects, findings and gaps are not written down.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
    /// The layers the policy was merged from, strongest first.
    #[serde(default)]
    pub layers: Vec<String>,
    /// The sandbox the command was given, in lines for people.
    #[serde(default)]
    pub plan: Vec<String>,
    /// The exit status of stockade, when the command did not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u8>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Opening {
    /// The record of an invocation and its verdict, with no layers and no plan yet.
    #[must_use]
    pub fn new(run: RunId, profile: &str, invocation: &Invocation, verdict: &Verdict) -> Self {
        let (request, whole) = RequestRecord::of(&invocation.request);
        let mut verdict = VerdictRecord::from(verdict);
        let left_out =
            [keep(&mut verdict.effects), keep(&mut verdict.findings), keep(&mut verdict.gaps)];
        Self {
            run,
            profile: clip(profile),
            workspace: Text::path(&invocation.places.workspace),
            cwd: Text::path(&invocation.cwd),
            request,
            whole,
            agent: invocation.origin.agent.as_deref().map(clip),
            session: invocation.origin.session.as_deref().map(clip),
            verdict,
            left_out: left_out.iter().sum(),
            layers: Vec::new(),
            plan: Vec::new(),
            status: None,
        }
    }

    /// The event of a run that is about to begin.
    #[must_use]
    pub fn started(self) -> Event {
        Event::Started(Box::new(Self { status: None, ..self }))
    }

    /// The event of a run that will not be.
    #[must_use]
    pub fn refused(self) -> Event {
        Event::Refused(Box::new(Self { status: Some(126), ..self }))
    }
}

fn keep<T>(items: &mut Vec<T>) -> u64 {
    let over = items.len().saturating_sub(KEPT_ITEMS);
    items.truncate(KEPT_ITEMS);
    over as u64
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum RequestRecord {
    /// Shell text.
    Shell(Text),
    /// An argument vector.
    Argv(Vec<Text>),
}

impl RequestRecord {
    fn of(request: &Request) -> (Self, Option<Whole>) {
        match request {
            Request::Shell(text) => {
                let whole = (text.len() > KEPT)
                    .then(|| Whole { bytes: text.len() as u64, sha256: sha256_hex([&text[..]]) });
                (Self::Shell(Text::of(head(text, KEPT))), whole)
            }
            Request::Argv(argv) => {
                let pieces = || argv.iter().flat_map(|arg| [arg.as_bytes(), b"\0".as_slice()]);
                let bytes: usize = pieces().map(<[u8]>::len).sum();
                let whole = (bytes > KEPT)
                    .then(|| Whole { bytes: bytes as u64, sha256: sha256_hex(pieces()) });
                let mut room = KEPT;
                let mut kept = Vec::new();
                for arg in argv {
                    if room == 0 {
                        break;
                    }
                    kept.push(Text::of(head(arg.as_bytes(), room)));
                    room = room.saturating_sub(arg.len() + 1);
                }
                (Self::Argv(kept), whole)
            }
        }
    }
}

/// How a run ended and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Closing {
    /// The run.
    pub run: RunId,
    /// How the command ended.
    pub end: Ending,
    /// The exit status of stockade.
    pub status: u8,
    /// From start to end, milliseconds.
    pub wall_ms: u64,
    /// User and system time of the whole run, milliseconds.
    pub cpu_ms: u64,
    /// The largest resident set of one process, KiB (as getrusage(2) gives it).
    pub max_rss_kib: u64,
    /// Processes that outlived the command and were killed.
    pub leftovers: u64,
    /// What was seen, in lines for people.
    #[serde(default)]
    pub observed: Vec<String>,
    /// What the wall refused meanwhile, the first first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<RefusalRecord>,
    /// How many refusals are not written down.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refusals_left_out: u64,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// By itself, with this exit status.
    Exit(i32),
    /// By this signal.
    Signal(i32),
}

/// An error of stockade's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Failure {
    /// The run, when it had a name already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunId>,
    /// The exit status of stockade: 125, or 127 when the program was not found.
    pub status: u8,
    /// What could not be done and why.
    pub reason: String,
}

/// A piece of the journal that is no whole record: what was left of a write that a crash cut short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Torn {
    /// Where it begins, bytes from the start of the file.
    pub offset: u64,
    /// How long it is in bytes, without the newline that the finder put after it.
    pub length: u64,
    /// SHA-256 of these bytes in hexadecimal.
    pub sha256: String,
}

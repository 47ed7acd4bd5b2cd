//! `stockade check`: the verdict only, as a line for people, as JSON, or one JSON line for each line of input.

use super::arguments;
use super::printable::printable;
use super::{tell, trace};
use crate::journal::record::VerdictRecord;
use crate::model::decision::Decision;
use crate::model::finding::RuleId;
use crate::model::invocation::Request;
use crate::model::verdict::Verdict;
use crate::policy::resolved::Isolate;
use crate::session::checker::Checker;
use crate::session::outcome::status;
use crate::session::{self, Ask};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// Judges what stands on the command line or on standard input.
pub(super) fn check(arguments: arguments::Check) -> u8 {
    if arguments.jsonl {
        return match many(&arguments) {
            Ok(status) => status,
            // Whoever read the answers has stopped reading: not our mistake.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => status::ALLOW,
            Err(error) => {
                tell::error(&format!("check --jsonl: {error}"));
                status::FAILED
            }
        };
    }
    one(arguments)
}

fn one(arguments: arguments::Check) -> u8 {
    let request = match arguments.text {
        Some(text) => Request::Shell(text.into_vec()),
        None => Request::Argv(arguments.argv),
    };
    let profile = arguments.setting.profile.as_deref();
    let workspace = arguments.setting.workspace.as_deref();
    let session = arguments.setting.session.as_deref();
    let form =
        Form { json: arguments.json, asked: arguments.trace.then(|| tell::text_of(&request)) };
    let ask = Ask { request, profile, workspace, session, isolate: Isolate::Never };
    let (verdict, text) = match judged(ask, &form) {
        Ok(judged) => judged,
        Err(fault) => {
            tell::error(&fault);
            return status::FAILED;
        }
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => status_of(verdict.decision),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => status_of(verdict.decision),
        Err(error) => {
            tell::error(&format!("standard output cannot be written: {error}"));
            status::FAILED
        }
    }
}

/// In which form an answer is wanted.
struct Form {
    json: bool,
    /// The text asked about, when every step is to be shown.
    asked: Option<String>,
}

fn judged(ask: Ask<'_>, form: &Form) -> Result<(Verdict, String), String> {
    let fault = |error: session::error::SessionError| error.to_string();
    let broken = |error| format!("the verdict cannot be written as JSON: {error}");
    if let Some(asked) = &form.asked {
        let traced = session::trace(ask).map_err(fault)?;
        let text = match form.json {
            true => trace::json(&traced, asked).map_err(broken)? + "\n",
            false => trace::told(&traced, asked),
        };
        return Ok((traced.verdict, text));
    }
    let (_, verdict) = session::check(ask).map_err(fault)?;
    let text = match form.json {
        true => serde_json::to_string(&VerdictRecord::from(&verdict)).map_err(broken)? + "\n",
        false => line(&verdict),
    };
    Ok((verdict, text))
}

/// The exit status that says a decision.
pub(super) const fn status_of(decision: Decision) -> u8 {
    match decision {
        Decision::Allow => status::ALLOW,
        Decision::Ask => status::ASK,
        Decision::Deny => status::DENY,
    }
}

/// The verdict on a line, and the safer way on another.
fn line(verdict: &Verdict) -> String {
    let reason = printable(&verdict.reason);
    let mut text = format!("{} {}: {reason}\n", verdict.decision, verdict.rule);
    if let Some(insists) = &verdict.insists {
        text.push_str(&format!("again: {}\n", tell::again(insists)));
    }
    if let Some(instead) = &verdict.instead {
        text.push_str(&format!("instead: {}\n", printable(instead)));
    }
    text
}

/// One line of input.
#[derive(Debug, Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    cmd: String,
    #[serde(default)]
    cwd: Option<PathBuf>,
    #[serde(default)]
    session: Option<String>,
}

/// One line of output.
#[derive(Debug, Serialize)]
struct Answer {
    id: Value,
    #[serde(flatten)]
    verdict: VerdictRecord,
}

/// A line longer than this is not read into memory; it is answered like a malformed one.
const MAX_LINE: u64 = 64 << 20;

fn many(arguments: &arguments::Check) -> io::Result<u8> {
    let setting = &arguments.setting;
    let checker = Checker::new(
        setting.profile.as_deref(),
        setting.workspace.as_deref(),
        setting.session.as_deref(),
    );
    let mut checker = checker.map_err(|error| io::Error::other(error.to_string()))?;
    let mut input = io::BufReader::new(io::stdin());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let (mut line, mut number, mut faults) = (Vec::new(), 0_u64, 0_u64);
    while next_line(&mut input, &mut line)? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(&mut checker, &line).unwrap_or_else(|(id, fault)| {
            faults += 1;
            unreadable(id, number, &fault)
        });
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        if input.buffer().is_empty() {
            // Nothing more is waiting: whoever asks one at a time gets the answer now.
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(if faults == 0 { status::ALLOW } else { status::FAILED })
}

fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if io::Read::take(&mut *input, MAX_LINE).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE {
        // The rest of an endless line is skipped; what is kept is no JSON and is said so.
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

fn answer(checker: &mut Checker, line: &[u8]) -> Result<Answer, (Value, String)> {
    let question: Question = serde_json::from_slice(line).map_err(|error| {
        let id = serde_json::from_slice::<Value>(line).ok();
        let id = id.and_then(|value| value.get("id").cloned()).unwrap_or(Value::Null);
        (id, error.to_string())
    })?;
    let (cwd, session) = (question.cwd.as_deref(), question.session.as_deref());
    match checker.judge(question.cmd.into_bytes(), cwd, session) {
        Ok(verdict) => Ok(Answer { id: question.id, verdict: VerdictRecord::from(&verdict) }),
        Err(error) => Err((question.id, error.to_string())),
    }
}

/// A line that cannot be judged is answered all the same, and never with "allow".
fn unreadable(id: Value, number: u64, fault: &str) -> Answer {
    let verdict = VerdictRecord {
        decision: Decision::Deny,
        rule: RuleId::named("input.unreadable"),
        reason: format!("line {number} cannot be judged: {fault}"),
        instead: None,
        insists: None,
        effects: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
    };
    Answer { id, verdict }
}

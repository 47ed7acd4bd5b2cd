//! `stockade check`: the verdict only, as a line for people, as JSON, or one JSON line for each line of input.

use super::arguments;
use super::jsonl;
use super::printable::printable;
use super::{tell, trace};
use crate::journal::record::VerdictRecord;
use crate::model::decision::Decision;
use crate::model::invocation::Request;
use crate::model::verdict::Verdict;
use crate::policy::resolved::Isolate;
use crate::session::checker::Checker;
use crate::session::outcome::status;
use crate::session::{self, Ask};
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;

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
    let faults = jsonl::answer_each(&mut input, &mut output, |asked| {
        checker.judge(asked.text, asked.cwd, asked.session)
    })?;
    Ok(if faults == 0 { status::ALLOW } else { status::FAILED })
}

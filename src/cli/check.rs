//! `stockade check`: the verdict only, as a line for people, as JSON, or one JSON line for each line of input.

use super::arguments;
use super::jsonl;
use super::printable::printable;
use super::tell;
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
    let ask = Ask { request, profile, workspace, isolate: Isolate::Never };
    let verdict = match session::check(ask) {
        Ok((_, verdict)) => verdict,
        Err(error) => {
            tell::error(&error.to_string());
            return status::FAILED;
        }
    };
    let text = if arguments.json {
        match serde_json::to_string(&VerdictRecord::from(&verdict)) {
            Ok(json) => json + "\n",
            Err(error) => {
                tell::error(&format!("the verdict cannot be written as JSON: {error}"));
                return status::FAILED;
            }
        }
    } else {
        line(&verdict)
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

/// The exit status that says a decision.
pub(super) const fn status_of(decision: Decision) -> u8 {
    match decision {
        Decision::Allow => status::ALLOW,
        Decision::Ask => status::ASK,
        Decision::Deny => status::DENY,
    }
}

fn line(verdict: &Verdict) -> String {
    let reason = printable(&verdict.reason);
    let mut text = format!("{} {}: {reason}\n", verdict.decision, verdict.rule);
    if let Some(instead) = &verdict.instead {
        text.push_str(&format!("instead: {}\n", printable(instead)));
    }
    text
}

fn many(arguments: &arguments::Check) -> io::Result<u8> {
    let setting = &arguments.setting;
    let checker = Checker::new(setting.profile.as_deref(), setting.workspace.as_deref());
    let mut checker = checker.map_err(|error| io::Error::other(error.to_string()))?;
    let mut input = io::BufReader::new(io::stdin());
    let mut output = io::BufWriter::new(io::stdout().lock());
    let faults = jsonl::answer_each(&mut input, &mut output, |text, cwd| checker.judge(text, cwd))?;
    Ok(if faults == 0 { status::ALLOW } else { status::FAILED })
}

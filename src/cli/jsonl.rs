//! One answer for each line of questions, in the order they came, whatever the lines hold.
//!
//! How a command is judged is the caller's business; here lines are read and written, no more.

use crate::journal::record::VerdictRecord;
use crate::model::decision::Decision;
use crate::model::finding::RuleId;
use crate::model::verdict::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// What one line asks about.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The shell text.
    pub text: Vec<u8>,
    /// Where it would start, when that is said.
    pub cwd: Option<&'a Path>,
    /// The session it belongs to, when that is said.
    pub session: Option<&'a str>,
}

/// Answers every line that is not blank; how many could not be judged.
///
/// # Errors
/// When the questions cannot be read or the answers not be written.
pub fn answer_each<E: Display>(
    input: &mut BufReader<impl Read>,
    output: &mut impl Write,
    mut judge: impl FnMut(Asked<'_>) -> Result<Verdict, E>,
) -> io::Result<u64> {
    let (mut line, mut number, mut faults) = (Vec::new(), 0_u64, 0_u64);
    while next_line(input, &mut line)? {
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(&mut judge, &line).unwrap_or_else(|(id, fault)| {
            faults += 1;
            unreadable(id, number, &fault)
        });
        serde_json::to_writer(&mut *output, &answer)?;
        output.write_all(b"\n")?;
        if input.buffer().is_empty() {
            // Nothing more is waiting: whoever asks one at a time gets the answer now.
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(faults)
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

fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if Read::take(&mut *input, MAX_LINE).read_until(b'\n', line)? == 0 {
        return Ok(false);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == MAX_LINE {
        // The rest of an endless line is skipped; what is kept is no JSON and is said so.
        input.skip_until(b'\n')?;
    }
    Ok(true)
}

fn answer<E: Display>(
    judge: &mut impl FnMut(Asked<'_>) -> Result<Verdict, E>,
    line: &[u8],
) -> Result<Answer, (Value, String)> {
    let question: Question = serde_json::from_slice(line).map_err(|error| {
        let id = serde_json::from_slice::<Value>(line).ok();
        let id = id.and_then(|value| value.get("id").cloned()).unwrap_or(Value::Null);
        (id, error.to_string())
    })?;
    let (cwd, session) = (question.cwd.as_deref(), question.session.as_deref());
    match judge(Asked { text: question.cmd.into_bytes(), cwd, session }) {
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

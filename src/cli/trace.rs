//! `check --trace`: every step from the text to the verdict, for a terminal of 80 columns or as JSON.

use super::effects::phrase;
use super::printable::{printable, shortened};
use crate::journal::record::VerdictRecord;
use crate::model::assessment::Assessment;
use crate::model::finding::Span;
use crate::model::trace::{Step, What};
use crate::policy::heard::{About, Heard};
use crate::session::Traced;
use serde::Serialize;

/// Columns of a terminal nobody has widened.
const WIDTH: usize = 80;
/// Where what a step says begins.
const LABEL: usize = 10;
/// How much a level of carried code is set in; deeper than `DEEPEST` no further.
const INDENT: usize = 2;
const DEEPEST: usize = 8;

/// All steps in plain words.
pub(super) fn told(traced: &Traced, text: &str) -> String {
    let found = &traced.verdict.assessment;
    let mut out = String::new();
    let mut last: Option<(usize, String)> = None;
    for step in &traced.steps {
        let line = line(step, text, found);
        // A loop takes the same step again and again.
        if last.as_ref() != Some(&line) {
            put(&mut out, line.0, &line.1);
        }
        last = Some(line);
    }
    if traced.steps.is_empty() {
        out.push_str("nothing in it is a command\n");
    }
    rules(&mut out, traced);
    let verdict = &traced.verdict;
    out.push_str("\nverdict\n");
    put(
        &mut out,
        INDENT,
        &format!("{}\t{}: {}", verdict.decision, verdict.rule, printable(&verdict.reason)),
    );
    if let Some(instead) = &verdict.instead {
        put(&mut out, INDENT, &format!("instead\t{}", printable(instead)));
    }
    out
}

/// A line with what does not fit set below it.
fn put(out: &mut String, indent: usize, line: &str) {
    let (label, said) = line.split_once('\t').unwrap_or(("", line));
    let margin = " ".repeat(indent);
    let room = WIDTH.saturating_sub(indent + LABEL).max(20);
    for (nth, piece) in wrapped(said, room).iter().enumerate() {
        let label = if nth == 0 { label } else { "" };
        out.push_str(format!("{margin}{label:<LABEL$}{piece}").trim_end());
        out.push('\n');
    }
}

/// The text in pieces of at most `room` characters, cut at blanks where there are any.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        loop {
            let used = pieces.last().map_or(0, |piece| piece.chars().count());
            let blank = usize::from(used > 0);
            let Some(piece) = pieces.last_mut() else { break };
            if used + blank + word.len() <= room {
                piece.push_str(if blank == 1 { " " } else { "" });
                piece.extend(word);
                break;
            }
            if used == 0 {
                let rest = word.split_off(room.min(word.len()));
                piece.extend(std::mem::replace(&mut word, rest));
            }
            pieces.push(String::new());
        }
    }
    pieces
}

/// Indentation, then a label, a tab, and what is said.
fn line(step: &Step, text: &str, found: &Assessment) -> (usize, String) {
    let base = step.depth.min(DEEPEST) * INDENT;
    let (label, said) = parts(step, text, found);
    let inner = if matches!(step.what, What::Command(_) | What::Enters(..)) { 0 } else { INDENT };
    (base + inner, format!("{label}\t{said}"))
}

fn parts(step: &Step, text: &str, found: &Assessment) -> (&'static str, String) {
    match &step.what {
        What::Command(words) => {
            let written = piece(text, step.span).filter(|_| step.depth == 0);
            // The parser counts what ends a command as a part of it.
            let written =
                written.map(|text| text.trim_end_matches([';', '&', '|', ' ', '\n', '\t']));
            ("command", shortened(written.unwrap_or(words), 2 * WIDTH))
        }
        What::Word { written, becomes, unknown } => {
            let written = piece(text, step.span).filter(|_| step.depth == 0).unwrap_or(written);
            let becomes = shortened(becomes, 2 * WIDTH);
            let said = match unknown {
                None => becomes,
                Some(why) if becomes == "?" => format!("not known: {why}"),
                Some(why) => format!("{becomes} and not known how on: {why}"),
            };
            ("word", format!("{} -> {said}", shortened(written, WIDTH)))
        }
        What::Directory(all) if all.is_empty() => ("moves", "to where is not known".to_owned()),
        What::Directory(all) => ("moves", format!("to {}", printable(&all.join(" or ")))),
        What::ReadBy(who) => ("read by", shortened(who, WIDTH)),
        What::Enters(form, code) if code.is_empty() => ("runs", format!("what is in {form}:")),
        What::Enters(form, code) => ("runs", format!("{form}: {}", shortened(code, WIDTH))),
        What::LooksAt(path, answer) => {
            ("looks at", format!("{}: {}", printable(path), printable(answer)))
        }
        What::Effect(at) => (
            "effect",
            found.effects.get(*at).map_or_else(String::new, |effect| printable(&phrase(effect))),
        ),
        What::Finding(at) => (
            "danger",
            found.findings.get(*at).map_or_else(String::new, |one| {
                format!("{}: {}", one.rule, printable(&one.reason))
            }),
        ),
        What::Gap(at) => (
            "not seen",
            found.gaps.get(*at).map_or_else(String::new, |gap| {
                format!("{} ({})", printable(&gap.what), gap.kind.as_str())
            }),
        ),
        What::More => ("", "there were more steps than are shown".to_owned()),
    }
}

/// The piece of the text a step stands on.
fn piece(text: &str, span: Span) -> Option<&str> {
    text.get(span.start..span.end).filter(|piece| !piece.is_empty())
}

fn rules(out: &mut String, traced: &Traced) {
    if traced.heard.is_empty() {
        return;
    }
    out.push_str("\nrules\n");
    let mut last = String::new();
    for one in &traced.heard {
        let about = about(one, &traced.verdict.assessment);
        let note = if one.silenced {
            "  (silenced)"
        } else if decides(one, traced) {
            "  <- decides"
        } else {
            ""
        };
        let line = format!("{}\t{}: {about}{note}", one.decision, one.rule);
        // Several rules may share a name.
        if line != last {
            put(out, INDENT, &line);
        }
        last = line;
    }
}

/// Whether the verdict is what this rule said.
fn decides(one: &Heard, traced: &Traced) -> bool {
    let verdict = &traced.verdict;
    let named = match one.about {
        About::Finding(at) => {
            verdict.assessment.findings.get(at).is_some_and(|seen| seen.rule == verdict.rule)
        }
        About::Effects(_) | About::Gap(_) => one.rule == verdict.rule.as_str(),
    };
    named && !one.silenced && one.decision == verdict.decision
}

fn about(one: &Heard, found: &Assessment) -> String {
    match &one.about {
        About::Effects(all) => {
            let short = |at: &usize| {
                let effect = found.effects.get(*at)?;
                Some(printable(&format!("{} {}", effect.access, effect.resource)))
            };
            let shown: Vec<String> = all.iter().take(3).filter_map(short).collect();
            let more = all.len().saturating_sub(3);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}", shown.join(", "))
        }
        About::Finding(at) => {
            found.findings.get(*at).map_or_else(String::new, |seen| seen.rule.to_string())
        }
        About::Gap(at) => found.gaps.get(*at).map_or_else(String::new, |gap| {
            format!("{} ({})", shortened(&gap.what, WIDTH / 2), gap.kind.as_str())
        }),
    }
}

/// The verdict with its steps and rules.
#[derive(Debug, Serialize)]
struct Record {
    #[serde(flatten)]
    verdict: VerdictRecord,
    steps: Vec<StepRecord>,
    rules: Vec<RuleRecord>,
}

#[derive(Debug, Serialize)]
struct StepRecord {
    depth: usize,
    span: Span,
    step: &'static str,
    said: String,
}

#[derive(Debug, Serialize)]
struct RuleRecord {
    rule: String,
    decision: String,
    about: String,
    silenced: bool,
    decides: bool,
}

/// The same as one JSON object: that of `check --json` with `steps` and `rules`.
pub(super) fn json(traced: &Traced, text: &str) -> serde_json::Result<String> {
    let found = &traced.verdict.assessment;
    let steps = traced.steps.iter().map(|step| {
        let (label, said) = parts(step, text, found);
        let name = if label.is_empty() { "more" } else { label };
        StepRecord { depth: step.depth, span: step.span, step: name, said }
    });
    let rules = traced.heard.iter().map(|one| RuleRecord {
        rule: one.rule.clone(),
        decision: one.decision.to_string(),
        about: about(one, found),
        silenced: one.silenced,
        decides: decides(one, traced),
    });
    serde_json::to_string(&Record {
        verdict: VerdictRecord::from(&traced.verdict),
        steps: steps.collect(),
        rules: rules.collect(),
    })
}

//! `stockade explain`: the verdict drawn into the text it stands on, with effects, gaps and a safer way.

use super::arguments;
use super::check::status_of;
use super::effects::phrase;
use super::printable::printable;
use super::tell;
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::finding::{Finding, Severity, Span};
use crate::model::verdict::Verdict;
use crate::policy::resolved::Isolate;
use crate::session::outcome::status;
use crate::session::{self, Ask};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::io::Write;

/// Explains a command; the exit status is that of `check`.
pub(super) fn explain(arguments: arguments::Explain) -> u8 {
    let request = arguments.command.request();
    // Control characters become one visible character each byte, so that spans stay true.
    let text = visible(&tell::text_of(&request));
    let profile = arguments.setting.profile.as_deref();
    let workspace = arguments.setting.workspace.as_deref();
    let session = arguments.setting.session.as_deref();
    let ask = Ask { request, profile, workspace, session, isolate: Isolate::Never };
    let verdict = match session::check(ask) {
        Ok((_, verdict)) => verdict,
        Err(error) => {
            tell::error(&error.to_string());
            return status::FAILED;
        }
    };
    let told = told(&verdict, &text);
    match std::io::stdout().lock().write_all(told.as_bytes()) {
        Ok(()) => status_of(verdict.decision),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => status_of(verdict.decision),
        Err(error) => {
            tell::error(&format!("standard output cannot be written: {error}"));
            status::FAILED
        }
    }
}

fn told(verdict: &Verdict, text: &str) -> String {
    let mut told = drawn(verdict, text);
    told.push('\n');
    effects(&mut told, &verdict.assessment);
    for gap in &verdict.assessment.gaps {
        told.push_str(&format!("not seen: {} ({})\n", printable(&gap.what), gap.kind.as_str()));
    }
    if let Some(insists) = &verdict.insists {
        told.push_str(&format!("again: {}\n", tell::again(insists)));
    }
    if let Some(instead) = &verdict.instead {
        told.push_str(&format!("instead: {}\n", printable(instead)));
    }
    told
}

fn drawn(verdict: &Verdict, text: &str) -> String {
    let reason = printable(&verdict.reason);
    let title = format!("{}: {reason}", verdict.decision);
    let level = match verdict.decision {
        Decision::Allow => Level::NOTE.with_name("allow"),
        Decision::Ask => Level::WARNING.with_name("ask"),
        Decision::Deny => Level::ERROR.with_name("deny"),
    };
    let mut snippet = Snippet::source(text).line_start(1).fold(true);
    let mut marked = false;
    for (index, finding) in verdict.findings.iter().enumerate() {
        let Some(range) = within(finding.span, text) else { continue };
        let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        // What the title says already is not said again.
        let titled = finding.reason == verdict.reason && finding.rule == verdict.rule;
        let label = if titled { short(finding) } else { label(finding) };
        snippet = snippet.annotation(kind.span(range).label(label));
        marked = true;
    }
    if !marked {
        return format!("{title}\n  rule: {}\n", verdict.rule);
    }
    let group: Group<'_> =
        level.primary_title(reason.as_str()).id(verdict.rule.as_str()).element(snippet);
    Renderer::plain().render(&[group])
}

fn label(finding: &Finding) -> String {
    format!("{}: {}", short(finding), printable(&finding.reason))
}

fn short(finding: &Finding) -> String {
    let grave = match finding.severity {
        Severity::Notice => "notice",
        Severity::Caution => "caution",
        Severity::Danger => "danger",
    };
    format!("{grave} {}", finding.rule)
}

/// A span as a range of whole characters within the text, or nothing.
fn within(span: Span, text: &str) -> Option<std::ops::Range<usize>> {
    let end = span.end.min(text.len());
    (span.start < end && text.is_char_boundary(span.start) && text.is_char_boundary(end))
        .then_some(span.start..end)
}

fn effects(told: &mut String, assessment: &Assessment) {
    const SHOWN: usize = 20;
    if assessment.effects.is_empty() {
        told.push_str("effects: none that matters\n");
        return;
    }
    told.push_str("effects:\n");
    for effect in assessment.effects.iter().take(SHOWN) {
        told.push_str(&format!("  {}\n", printable(&phrase(effect))));
    }
    let more = assessment.effects.len().saturating_sub(SHOWN);
    if more > 0 {
        told.push_str(&format!("  and {more} more\n"));
    }
}

fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let width = if c.is_control() && c != '\n' && c != '\t' { c.len_utf8() } else { 0 };
            let shown = if width == 0 { Some(c) } else { None };
            shown.into_iter().chain(std::iter::repeat_n('?', width))
        })
        .collect()
}

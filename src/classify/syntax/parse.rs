//! The door of the parser: text in, tree out, whatever the text is.
//!
//! A syntax error never hides what stands before it: a shell runs a script line by line, so the
//! part that parses is kept and the rest becomes a gap. Nothing here interprets the tree.

use super::certain::never_runs;
use super::depth::too_deep;
use super::documents::{self, Document};
use super::lower::Lowering;
use super::shown::shown;
use super::tree::Script;
use super::weight::{self, too_heavy};
use crate::model::finding::Span;
use crate::model::gap::{Gap, GapKind};
use shuck_parser::parser::{ParseResult, ParseStatus, Parser};

/// Texts larger than this are read up to here only. Linux hands no program a longer word, so no
/// `sh -c` can have one; the parser is fast on what is shorter.
const MAX_TEXT: usize = 128 << 10;
/// How often a broken text is cut shorter before it is given up.
const MAX_CUTS: usize = 6;
/// Substitutions inside substitutions, as parsed texts.
pub(super) const MAX_NESTING: usize = 24;

/// Where a text stands in the text that was asked.
#[derive(Debug, Clone, Copy)]
pub(in crate::classify) enum Origin {
    /// Its first byte is this byte.
    At(usize),
    /// It is not a slice of it (decoded, computed): everything in it stands on these words.
    Within(Span),
}

impl Origin {
    /// The span of a byte range of the text.
    pub(super) fn span(self, start: usize, end: usize) -> Span {
        match self {
            Self::At(base) => Span::new(base + start, base + end),
            Self::Within(span) => span,
        }
    }

    /// Where the text that begins at byte `start` of this one stands.
    pub(super) fn inner(self, start: usize) -> Self {
        match self {
            Self::At(base) => Self::At(base + start),
            Self::Within(span) => Self::Within(span),
        }
    }
}

/// Reads `text` as shell.
#[must_use]
pub(in crate::classify) fn parse(text: &str, origin: Origin) -> Script {
    parse_nested(text, origin, 0)
}

/// Reads `text`, `depth` substitutions deep.
pub(super) fn parse_nested(text: &str, origin: Origin, depth: usize) -> Script {
    let mut script = Script::default();
    if depth > MAX_NESTING {
        let what = "substitutions are nested too deep to be read".to_owned();
        let span = origin.span(0, text.len());
        script.gaps.push(Gap { kind: GapKind::BudgetSpent, span, what });
        return script;
    }
    // What weighs may be data: then it need not be parsed.
    if text.len() <= MAX_TEXT
        && !fits(text, depth)
        && let Some(light) = without_documents(text, origin, depth)
    {
        return light;
    }
    let deep = too_deep(text).unwrap_or(MAX_TEXT);
    let heavy = too_heavy(text, most_at(depth)).unwrap_or(MAX_TEXT);
    let kept = prefix(text, deep.min(heavy).min(MAX_TEXT));
    if kept.len() < text.len() {
        let what = format!("the text after byte {} was not read", kept.len());
        let span = origin.span(kept.len(), text.len());
        script.gaps.push(Gap { kind: GapKind::BudgetSpent, span, what });
    }
    read(kept, origin, depth, &mut script);
    script
}

/// What a text may weigh so many substitutions deep: each level is parsed within all others.
const fn most_at(depth: usize) -> usize {
    if depth < 4 { weight::MOST >> depth } else { weight::MOST >> 4 }
}

/// Whether the parser can take the whole text in its stride.
fn fits(text: &str, depth: usize) -> bool {
    text.len() <= MAX_TEXT && too_deep(text).is_none() && too_heavy(text, most_at(depth)).is_none()
}

/// The tree of `text` when it parses without any error.
pub(in crate::classify) fn parse_clean(text: &str, origin: Origin, depth: usize) -> Option<Script> {
    if depth > MAX_NESTING || !fits(text, depth) {
        return Some(parse_nested(text, origin, depth));
    }
    let result = Parser::new(&shown(text)).parse();
    (result.status == ParseStatus::Clean).then(|| {
        let mut script = Script::default();
        lower(&result, text, (origin, depth), &mut script);
        script
    })
}

/// The tree of a text whose weight lies in its here-documents: these are hidden from the parser,
/// which has to find each of them where it was guessed. `None` where anything is in doubt.
fn without_documents(text: &str, origin: Origin, depth: usize) -> Option<Script> {
    let mut hidden = documents::guess(text);
    for _ in 0..2 {
        let light = documents::without(text, &hidden)?;
        if hidden.is_empty() || !fits(&light, depth) {
            return None;
        }
        let result = Parser::new(&shown(&light)).parse();
        if result.status != ParseStatus::Clean {
            return None;
        }
        let mut script = Script::default();
        let met = lower(&result, text, (origin, depth), &mut script);
        let guessed = hidden.len();
        hidden.retain(|guess| met.iter().any(|met| met.holds(guess)));
        if hidden.len() == guessed {
            return Some(script);
        }
    }
    None
}

/// Lowers what parses; cuts the text at the error and tries again while nothing does.
fn read(text: &str, origin: Origin, depth: usize, script: &mut Script) {
    let mut kept = text;
    let mut left = 2 * most_at(depth);
    for _ in 0..MAX_CUTS {
        let Some(less) = left.checked_sub(weight::weight(kept)) else { break };
        left = less;
        let result = Parser::new(&shown(kept)).parse();
        let error = fault(&result, kept);
        let stuck = error.is_some() && result.file.body.is_empty();
        if !stuck {
            lower(&result, kept, (origin, depth), script);
        }
        let Some(at) = error else { break };
        if kept.len() == text.len() && !(depth == 0 && never_runs(text)) {
            let what = "the text has a syntax error from here on".to_owned();
            let span = origin.span(at, text.len());
            script.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
        }
        let shorter = prefix(kept, at.min(kept.len().saturating_sub(1)));
        if !stuck || shorter.trim().is_empty() {
            break;
        }
        kept = shorter;
    }
}

/// Lowers a parsed text; the here-documents that were met.
fn lower<'a>(
    result: &ParseResult,
    text: &'a str,
    place: (Origin, usize),
    script: &mut Script,
) -> Vec<Document<'a>> {
    let mut lowering = Lowering::new(text, place);
    script.body.extend(lowering.block(&result.file.body));
    script.gaps.append(&mut lowering.gaps);
    lowering.documents
}

/// The byte at which the parser gave up, if it did.
fn fault(result: &ParseResult, text: &str) -> Option<usize> {
    (result.status != ParseStatus::Clean)
        .then(|| result.diagnostics.first().map_or(0, |d| d.span.start.offset()).min(text.len()))
}

/// At most `limit` bytes of `text`, cut between characters.
fn prefix(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

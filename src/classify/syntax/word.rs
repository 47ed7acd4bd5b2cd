//! The inside of a word: quotes, escapes and the places where something is expanded.
//!
//! The reader sees every byte itself, so nothing that opens a substitution can stay behind as
//! harmless text. What follows a `$` is read in `dollar`.

use super::closing;
use super::parse::{self, Origin};
use super::tree::{Direction, Expansion, Part, Quoting, Word};
use crate::model::gap::{Gap, GapKind};

/// Expansions inside expansions of one word.
const MAX_LEVEL: usize = 48;

/// A text's origin and how many substitutions deep it is.
pub(super) type Place = (Origin, usize);

/// Which characters are alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Outside quotes.
    Bare,
    /// Between double quotes.
    Double,
    /// In the body of a here-document.
    Here,
}

/// A word of a command.
pub(super) fn bare(text: &str, range: (usize, usize), place: Place, gaps: &mut Vec<Gap>) -> Word {
    let mut reader = Reader::new(text, range, place, gaps);
    Word { parts: reader.parts(Style::Bare, b""), span: place.0.span(range.0, range.1) }
}

/// The words in a range, however many: blanks outside quotes end one.
pub(super) fn bare_words(
    text: &str,
    range: (usize, usize),
    place: Place,
    gaps: &mut Vec<Gap>,
) -> Vec<Word> {
    let mut reader = Reader::new(text, range, place, gaps);
    let mut words = Vec::new();
    while let Some(byte) = reader.peek(0) {
        if BLANKS.contains(&byte) {
            reader.at += 1;
            continue;
        }
        let start = reader.at;
        let parts = reader.parts(Style::Bare, BLANKS);
        words.push(Word { parts, span: place.0.span(start, reader.at) });
    }
    words
}

/// What ends a word and nothing else.
const BLANKS: &[u8] = b" \t";

/// Text that is expanded as if it stood in double quotes (arithmetic).
pub(super) fn double(text: &str, range: (usize, usize), place: Place, gaps: &mut Vec<Gap>) -> Word {
    let mut reader = Reader::new(text, range, place, gaps);
    Word { parts: reader.parts(Style::Here, b""), span: place.0.span(range.0, range.1) }
}

/// The same of a text that is not a piece of another: a value that is expanded once more.
pub(in crate::classify) fn double_quoted(text: &str, origin: Origin) -> (Word, Vec<Gap>) {
    let mut gaps = Vec::new();
    let word = double(text, (0, text.len()), (origin, 0), &mut gaps);
    (word, gaps)
}

/// The body of a here-document: data when its delimiter was quoted, else expanded.
pub(super) fn here_body(
    text: &str,
    range: (usize, usize),
    place: Place,
    (quoted, tabs): (bool, bool),
    gaps: &mut Vec<Gap>,
) -> Word {
    let span = place.0.span(range.0, range.1);
    let raw = text.get(range.0..range.1).unwrap_or_default();
    let stripped: String = if tabs {
        raw.split_inclusive('\n').map(|l| l.trim_start_matches('\t')).collect()
    } else {
        String::new()
    };
    match (quoted, tabs) {
        (true, true) => Word::literal(stripped, span),
        (true, false) => Word::literal(raw, span),
        (false, false) => double(text, range, place, gaps),
        (false, true) => {
            let whole = (0, stripped.len());
            double(&stripped, whole, (Origin::Within(span), place.1), gaps)
        }
    }
}

/// Reads parts of a word from a range of a text.
pub(super) struct Reader<'a, 'g> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    pub(super) end: usize,
    pub(super) place: Place,
    pub(super) level: usize,
    pub(super) gaps: &'g mut Vec<Gap>,
}

impl<'a, 'g> Reader<'a, 'g> {
    fn new(text: &'a str, (at, end): (usize, usize), place: Place, gaps: &'g mut Vec<Gap>) -> Self {
        // The parser counts bytes of broken texts wrongly at times: whole characters are read.
        let whole = |mut at: usize| {
            while !text.is_char_boundary(at) {
                at += 1;
            }
            at
        };
        let (at, end) = (whole(at.min(text.len())), whole(end.min(text.len())));
        Self { text, at, end, place, level: 0, gaps }
    }

    /// Everything up to one of `stops` outside quotes, or to the end.
    pub(super) fn parts(&mut self, style: Style, stops: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        if self.level > MAX_LEVEL {
            let rest = self.text.get(self.at..self.end).unwrap_or_default();
            self.at = self.end;
            parts.push(self.opaque(rest, style));
            return parts;
        }
        self.level += 1;
        while let Some(byte) = self.peek(0) {
            if stops.contains(&byte) {
                break;
            }
            let before = self.at;
            self.part(byte, style, stops, &mut parts);
            if self.at <= before {
                // Whatever was not understood, it is not read again.
                let rest = self.text.get(before..self.end).unwrap_or_default();
                self.at = self.end;
                parts.push(self.opaque(rest, style));
            }
        }
        self.level -= 1;
        parts
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// One part that begins with `byte`.
    fn part(&mut self, byte: u8, style: Style, stops: &[u8], parts: &mut Vec<Part>) {
        match (byte, style) {
            (b'\\', _) => self.escape(style, stops, parts),
            (b'$', Style::Bare) if self.peek(1) == Some(b'\'') => self.ansi(parts),
            // Of all quotes but these, single ones mean themselves in `"${x:-...}"`.
            (b'$', Style::Double) if stops == b"}" && self.peek(1) == Some(b'\'') => {
                self.ansi(parts)
            }
            (b'$', Style::Bare) if self.peek(1) == Some(b'"') => {
                self.at += 1;
                self.quoted_run(parts);
            }
            (b'$', _) => self.dollar(style, parts),
            (b'`', _) => self.back_ticks(style, parts),
            (b'\'', Style::Bare) => self.single(parts),
            // Also within `"${x:-"a }"}"`, where inner quotes protect a brace.
            (b'"', Style::Bare | Style::Double) => self.quoted_run(parts),
            (b'<' | b'>', Style::Bare) if self.peek(1) == Some(b'(') => self.process(byte, parts),
            _ => self.text_run(style, stops, parts),
        }
    }

    /// Characters that mean themselves, up to the next that may not.
    fn text_run(&mut self, style: Style, stops: &[u8], parts: &mut Vec<Part>) {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            if stops.contains(&byte) || b"\\$`'\"<>".contains(&byte) {
                break;
            }
            self.at += 1;
        }
        let piece = self.slice(start, self.at);
        push_text(parts, piece, style);
    }

    fn escape(&mut self, style: Style, stops: &[u8], parts: &mut Vec<Part>) {
        let start = self.at + 1;
        let Some(next) = self.slice(start, self.end).chars().next() else {
            self.at += 1;
            return push_text(parts, "\\", style);
        };
        self.at = start + next.len_utf8();
        let piece = self.slice(start, self.at);
        let alive = match style {
            Style::Bare => true,
            Style::Double => "$`\"\\\n".contains(next) || (next == '}' && stops.contains(&b'}')),
            Style::Here => "$`\\\n".contains(next),
        };
        match (next, alive) {
            ('\n', true) => {}
            (_, true) => push_quoted(parts, piece),
            (_, false) => {
                push_quoted(parts, "\\");
                push_quoted(parts, piece);
            }
        }
    }

    fn single(&mut self, parts: &mut Vec<Part>) {
        let start = self.at + 1;
        let rest = self.slice(start, self.end);
        let length = rest.find('\'').unwrap_or(rest.len());
        self.at = (start + length + 1).min(self.end);
        push_quoted(parts, rest.get(..length).unwrap_or_default());
    }

    /// `$'...'`.
    fn ansi(&mut self, parts: &mut Vec<Part>) {
        let start = self.at + 2;
        let mut at = start;
        while at < self.end {
            match self.text.as_bytes().get(at) {
                Some(b'\\') => at += 2,
                Some(b'\'') => break,
                _ => at += 1,
            }
        }
        let raw = self.slice(start, at.min(self.end));
        self.at = (at + 1).min(self.end);
        let bytes = super::ansi::decode(raw.as_bytes());
        push_quoted(parts, &String::from_utf8_lossy(&bytes));
    }

    /// `"..."`.
    fn quoted_run(&mut self, parts: &mut Vec<Part>) {
        self.at += 1;
        push_quoted(parts, "");
        for part in self.parts(Style::Double, b"\"") {
            match part {
                Part::Plain(text) | Part::Quoted(text) => push_quoted(parts, &text),
                expansion @ Part::Expansion(..) => parts.push(expansion),
            }
        }
        self.at = (self.at + 1).min(self.end);
    }

    /// Back-ticks: one layer of backslashes is taken off, the rest is a text of its own.
    fn back_ticks(&mut self, style: Style, parts: &mut Vec<Part>) {
        let start = self.at + 1;
        let (mut at, mut inner, mut escaped) = (start, String::new(), false);
        let mut closed = false;
        for c in self.slice(start, self.end).chars() {
            at += c.len_utf8();
            match (c, escaped) {
                ('\\', false) => escaped = true,
                ('`', false) => {
                    closed = true;
                    break;
                }
                (_, true) => {
                    let kept = "$`\\".contains(c) || (style == Style::Double && c == '"');
                    if !kept {
                        inner.push('\\');
                    }
                    inner.push(c);
                    escaped = false;
                }
                _ => inner.push(c),
            }
        }
        let raw = self.slice(start, at.saturating_sub(1));
        let whole = self.place.0.span(self.at, at);
        let same = raw == inner;
        let origin = if same { self.place.0.inner(start) } else { Origin::Within(whole) };
        self.at = at;
        if !closed {
            return parts.push(self.opaque(&inner, style));
        }
        let script = parse::parse_nested(&inner, origin, self.place.1 + 1);
        parts.push(Part::Expansion(Box::new(Expansion::Command(script.into())), style.quoting()));
    }

    /// `<(...)` and `>(...)`.
    fn process(&mut self, byte: u8, parts: &mut Vec<Part>) {
        let (script, end) = closing::substitution(self, self.at + 2);
        self.at = end;
        let direction = if byte == b'<' { Direction::In } else { Direction::Out };
        let expansion = Expansion::Process(script.into(), direction);
        parts.push(Part::Expansion(Box::new(expansion), Quoting::Double));
    }

    /// Text that opens an expansion but is not understood; says so.
    pub(super) fn opaque(&mut self, text: &str, style: Style) -> Part {
        let span = self.place.0.span(self.at.min(self.end), self.end);
        let what = format!("the expansion {} was not understood", shorten(text));
        self.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
        Part::Expansion(Box::new(Expansion::Opaque), style.quoting())
    }
}

impl Style {
    pub(super) const fn quoting(self) -> Quoting {
        match self {
            Self::Bare => Quoting::Bare,
            Self::Double | Self::Here => Quoting::Double,
        }
    }
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn push_text(parts: &mut Vec<Part>, piece: &str, style: Style) {
    match (style, parts.last_mut()) {
        (Style::Bare, Some(Part::Plain(text))) => text.push_str(piece),
        (Style::Bare, _) => parts.push(Part::Plain(piece.to_owned())),
        (Style::Double | Style::Here, _) => push_quoted(parts, piece),
    }
}

fn push_quoted(parts: &mut Vec<Part>, piece: &str) {
    match parts.last_mut() {
        Some(Part::Quoted(text)) => text.push_str(piece),
        _ => parts.push(Part::Quoted(piece.to_owned())),
    }
}

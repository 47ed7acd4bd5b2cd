//! Where a `$(` ends: a scanner proposes closing parentheses, the parser says which is right.
//!
//! The scanner knows quotes, comments and here-documents; it does not know `case`, whose patterns
//! close parentheses that nobody opened, and need not: such a proposal does not parse.

use super::parse;
use super::tree::Script;
use super::word::Reader;
use crate::model::gap::{Gap, GapKind};

/// How many closing parentheses are tried.
const MAX_PROPOSALS: usize = 12;
/// How deep quotes and substitutions are followed into each other; deeper ones have no end.
const MAX_LEVEL: usize = 48;

/// The text of the substitution that begins at `start`, parsed, and the byte after its `)`.
pub(super) fn substitution(reader: &mut Reader<'_, '_>, start: usize) -> (Script, usize) {
    let text = reader.slice(0, reader.end);
    let (origin, depth) = (reader.place.0.inner(start), reader.place.1 + 1);
    let mut first = None;
    for end in Proposals::new(text, start).take(MAX_PROPOSALS) {
        let inner = text.get(start..end).unwrap_or_default();
        if let Some(script) = parse::parse_clean(inner, origin, depth) {
            return (script, end + 1);
        }
        first = first.or(Some(end));
    }
    let end = first.unwrap_or(text.len());
    let inner = text.get(start..end).unwrap_or_default();
    let mut script = parse::parse_nested(inner, origin, depth);
    if first.is_none() {
        let span = reader.place.0.span(start, end);
        let what = "a substitution is not closed".to_owned();
        script.gaps.push(Gap { kind: GapKind::UnparsedText, span, what });
    }
    (script, (end + 1).min(reader.end))
}

/// Where the expression of `$((` that begins at `start` ends: the byte of the first of its `))`.
pub(super) fn arithmetic(text: &str, start: usize) -> Option<usize> {
    let end = Proposals::new(text, start).next()?;
    (text.as_bytes().get(end + 1) == Some(&b')')).then_some(end)
}

/// The closing parentheses that may end a text.
struct Proposals<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Inside how many quotes and substitutions this begins.
    level: usize,
    /// Delimiters of here-documents whose bodies begin on the next line.
    pending: Vec<String>,
}

impl<'a> Proposals<'a> {
    const fn new(text: &'a str, at: usize) -> Self {
        Self::within(text, at, 0)
    }

    const fn within(text: &'a str, at: usize, level: usize) -> Self {
        Self { text, at, depth: 0, level, pending: Vec::new() }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or_default()
    }

    /// The byte after the quote that closes the one before `at`.
    fn after_quote(&self, at: usize, quote: u8) -> usize {
        match quote {
            b'"' => self.after_double(at, b'"', self.level + 1),
            _ => self.after_plain(at, quote),
        }
    }

    /// The same where nothing but the quote is alive.
    fn after_plain(&self, at: usize, quote: u8) -> usize {
        let mut at = at;
        while let Some(byte) = self.byte(at) {
            match byte {
                _ if byte == quote => return at + 1,
                b'\\' if quote != b'\'' => at += 2,
                _ => at += 1,
            }
        }
        self.text.len()
    }

    /// The byte after the `"`, or after the `}` of a `${` between such quotes.
    fn after_double(&self, at: usize, close: u8, level: usize) -> usize {
        let mut at = at;
        if level > MAX_LEVEL {
            return self.text.len();
        }
        while let Some(byte) = self.byte(at) {
            at = match (byte, self.byte(at + 1)) {
                _ if byte == close => return at + 1,
                (b'\\', _) => at + 2,
                (b'"', _) => self.after_double(at + 1, b'"', level + 1),
                (b'$', Some(b'{')) => self.after_double(at + 2, b'}', level + 1),
                (b'$', Some(b'\'')) if close == b'}' => self.after_ansi(at + 2),
                (b'$', Some(b'(')) => {
                    let inner = Proposals::within(self.text, at + 2, level + 1).next();
                    inner.map_or(self.text.len(), |end| end + 1)
                }
                _ => at + 1,
            };
        }
        self.text.len()
    }

    /// The byte after the quote that closes `$'`.
    fn after_ansi(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(byte) = self.byte(at) {
            match byte {
                b'\'' => return at + 1,
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
        self.text.len()
    }

    /// Whether a `#` at `at` begins a comment.
    fn comment(&self, at: usize) -> bool {
        at == 0 || self.byte(at - 1).is_some_and(|c| b" \t\n;&|(".contains(&c))
    }

    /// Notes the delimiter after `<<`.
    fn here_document(&mut self) {
        if self.byte(self.at) == Some(b'<') {
            self.at += 1;
            return;
        }
        let begin = self.rest(self.at);
        let rest = begin.trim_start_matches('-').trim_start_matches([' ', '\t']);
        let word: String = rest.chars().take_while(|c| !" \t\n;&|()<>".contains(*c)).collect();
        self.at += begin.len() - rest.len() + word.len();
        self.pending.push(word.replace(['\'', '"', '\\'], ""));
    }

    /// Passes over the bodies that begin after the newline before `self.at`.
    fn bodies(&mut self) {
        for delimiter in std::mem::take(&mut self.pending) {
            while let Some(line) = self.rest(self.at).split_inclusive('\n').next() {
                self.at += line.len();
                if line.trim_start_matches('\t').trim_end_matches('\n') == delimiter {
                    break;
                }
            }
        }
    }
}

impl Iterator for Proposals<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while let Some(byte) = self.byte(self.at) {
            let at = self.at;
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'$' if self.byte(self.at) == Some(b'\'') => self.at = self.after_ansi(self.at + 1),
                b'\'' | b'"' | b'`' => self.at = self.after_quote(self.at, byte),
                b'#' if self.comment(at) => {
                    self.at += self.rest(self.at).find('\n').unwrap_or(self.text.len());
                }
                b'<' if self.byte(self.at) == Some(b'<') => {
                    self.at += 1;
                    self.here_document();
                }
                b'\n' => self.bodies(),
                b'(' => self.depth += 1,
                b')' if self.depth == 0 => return Some(at),
                b')' => self.depth -= 1,
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Proposals;

    #[test]
    fn proposals_pass_over_quotes_comments_and_documents() {
        let cases = [
            ("ls) x", Some(2)),
            ("echo ')' \")\" \\) ) x", Some(16)),
            ("a # )\nb) x", Some(7)),
            ("cat <<'E'\nit's )\nE\n) x", Some(19)),
            ("(a) b)", Some(5)),
            ("echo \"$(echo ')')\")", Some(18)),
            ("echo $'\\')' ) x", Some(12)),
            ("echo \"${x:+\"'}\"}\" ) x", Some(18)),
            ("never", None),
        ];
        for (text, end) in cases {
            assert_eq!(Proposals::new(text, 0).next(), end, "{text}");
        }
    }
}

//! Bodies of here-documents, guessed from the text alone, so that heavy ones need not be parsed.
//!
//! A guess is only used after the parser has confirmed it: what is hidden from it must turn out to
//! be the body of a document with that very delimiter, which is read from the text itself in any
//! case (`lower.rs`). Where later text decides what earlier text means, nothing is guessed.

use std::ops::Range;

/// Stands for what is in a body: means nothing to a shell.
const ORDINARY: u8 = b'%';
/// What may be one thing or another depending on how it ends: an end in a body would be hidden.
const UNDECIDED: &[&str] = &["((", "[[", "$[", "?(", "*(", "+(", "@(", "!(", "=("];

/// A document: what ends it, and its body without that line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document<'a> {
    pub(super) delimiter: &'a str,
    pub(super) body: Range<usize>,
}

impl Document<'_> {
    /// Whether the other is this one, or its beginning or end.
    pub(super) fn holds(&self, other: &Self) -> bool {
        let (body, inner) = (&self.body, &other.body);
        self.delimiter == other.delimiter && body.start <= inner.start && inner.end <= body.end
    }
}

/// The documents there seem to be.
pub(super) fn guess(text: &str) -> Vec<Document<'_>> {
    let (mut found, mut pending) = (Vec::new(), Vec::new().into_iter());
    let (mut at, mut start, mut open) = (0, 0, None);
    for line in text.split_inclusive('\n') {
        let after = at + line.len();
        match open {
            None => {
                pending = delimiters(line).into_iter();
                (open, start) = (pending.next(), after);
            }
            // Tabs may stand before it or not: the shorter body is hidden.
            Some(delimiter)
                if line.trim_start_matches('\t').trim_end_matches('\n') == delimiter =>
            {
                found.push(Document { delimiter, body: start..at });
                (open, start) = (pending.next(), after);
            }
            Some(_) => {}
        }
        at = after;
    }
    found.retain(|document| !document.body.is_empty());
    found
}

/// The delimiters of the documents that a line opens, where they are plain.
fn delimiters(line: &str) -> Vec<&str> {
    let openers = line.match_indices("<<").filter(|(at, _)| {
        let before = line.as_bytes().get(at.wrapping_sub(1));
        before != Some(&b'<') && line.as_bytes().get(at + 2) != Some(&b'<')
    });
    openers.filter_map(|(at, _)| plain(line.get(at + 2..)?)).collect()
}

/// The delimiter that `rest` begins with: a plain word, or one in a pair of quotes.
fn plain(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let rest = if quote.is_some() { rest.get(1..)? } else { rest };
    let is_plain = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let (name, rest) = rest.split_at(rest.find(|c| !is_plain(c))?);
    let rest = quote.map_or(Some(rest), |quote| rest.strip_prefix(quote))?;
    let ends = rest.starts_with([' ', '\t', '\n', ';', '&', '|', '>', ')']);
    (ends && !name.is_empty()).then_some(name)
}

/// The text with these bodies made ordinary characters of the same length, lines kept; `None` where
/// what is left could be read in more ways than one.
pub(super) fn without(text: &str, hidden: &[Document<'_>]) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    for document in hidden {
        for byte in bytes.get_mut(document.body.clone()).into_iter().flatten() {
            if *byte != b'\n' {
                *byte = ORDINARY;
            }
        }
    }
    // Whole lines were replaced, so no character was cut.
    let shown = String::from_utf8(bytes).ok()?;
    (!UNDECIDED.iter().any(|form| shown.contains(form))).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::{guess, without};

    #[test]
    fn bodies_are_found_and_hidden() {
        let text = "cat <<'E' > x\né $(a)\nb\nE\ncat <<-A <<\"B\"; c\n\ta\n\tA\nb\nB\nd <<< x\ncat <<F\nopen";
        let found = guess(text);
        let inside: Vec<&str> = found.iter().map(|d| &text[d.body.clone()]).collect();
        assert_eq!(inside, ["é $(a)\nb\n", "\ta\n", "b\n"]);
        let shown = without(text, &found).unwrap();
        assert_eq!(shown.len(), text.len());
        assert!(shown.starts_with("cat <<'E' > x\n%%%%%%%\n%\nE\ncat <<-A"), "{shown}");
    }

    #[test]
    fn doubtful_ones_are_left_alone() {
        for opener in
            ["cat <<E\"x\"", "cat <<E\\", "cat <<'E", "cat <<$E", "cat <<E-F", "cat <<\\E"]
        {
            assert_eq!(guess(&format!("{opener}\nEx\nrm\nE\n")), [], "{opener}");
        }
        let text = "((cat <<E\n))\nrm -rf ~\nE\n))\n";
        assert_eq!(without(text, &guess(text)), None);
    }
}

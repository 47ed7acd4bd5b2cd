//! Code of other languages that does nothing but print literals: what it prints is known, as for `echo`.
//!
//! A text that is any more than that prints nobody knows what.

use crate::classify::programs::reading::Language;

/// How each language prints, and what it writes after each text.
const PRINTERS: &[(Language, &str, &str)] = &[
    (Language::Python, "print", "\n"),
    (Language::Python, "sys.stdout.write", ""),
    (Language::Perl, "print", ""),
    (Language::Perl, "printf", ""),
    (Language::Perl, "say", "\n"),
    (Language::Ruby, "puts", "\n"),
    (Language::Ruby, "print", ""),
    (Language::JavaScript, "console.log", "\n"),
    (Language::JavaScript, "process.stdout.write", ""),
    (Language::Other, "echo", ""),
    (Language::Other, "print", ""),
];

/// What the code prints, when that is all it does.
pub(super) fn printed(
    language: Language,
    code: &str,
    literal: impl Fn(&str) -> Option<(String, &str)>,
) -> Option<Vec<u8>> {
    let mut out = String::new();
    let mut rest = code.trim();
    while let Some(import) = rest.strip_prefix("import ") {
        rest = import.split_once(['\n', ';'])?.1.trim_start();
    }
    while !rest.is_empty() {
        // the longest name that fits
        let (name, end) = PRINTERS
            .iter()
            .filter(|(of, name, _)| *of == language && rest.starts_with(name))
            .map(|(_, name, end)| (*name, *end))
            .max_by_key(|(name, _)| name.len())?;
        let argument = rest.get(name.len()..)?.trim_start();
        let (opened, argument) = match argument.strip_prefix('(') {
            Some(inside) => (true, inside.trim_start()),
            None => (false, argument),
        };
        let (text, after) = literal(argument)?;
        out.push_str(&text);
        if language != Language::Ruby || !text.ends_with('\n') {
            out.push_str(end);
        }
        let after = after.trim_start_matches(' ');
        let after = if opened { after.strip_prefix(')')? } else { after };
        let after = after.trim_start_matches(' ');
        if !after.is_empty() && !after.starts_with([';', '\n']) {
            return None;
        }
        rest = after.trim_start_matches([';', '\n', ' ', '\t']);
    }
    (!out.is_empty()).then(|| out.into_bytes())
}

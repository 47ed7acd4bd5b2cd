//! What is said on standard error, and how texts from outside are made fit for a terminal.

use crate::model::decision::Decision;
use crate::model::invocation::Request;
use crate::model::verdict::Verdict;
use crate::sandbox::spawn::{End, Report};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

/// An error of stockade's own, in one line.
pub(super) fn error(message: &str) {
    say(&format!("stockade: {}\n", printable(message)));
}

/// Why a command was refused, and what to do instead.
pub(super) fn refusal(verdict: &Verdict, text: &str) {
    let (word, next) = match verdict.decision {
        Decision::Deny => ("refused", "the command did not run"),
        Decision::Ask | Decision::Allow => (
            "refused: it needs a person",
            "the command did not run; a person can run it outside stockade, or change the profile",
        ),
    };
    let mut told = format!(
        "stockade: {word}: {}\n  command: {}\n  rule:    {}\n",
        printable(&verdict.reason),
        shortened(text, 200),
        verdict.rule
    );
    if let Some(instead) = &verdict.instead {
        told.push_str(&format!("  instead: {}\n", printable(instead)));
    }
    told.push_str(&format!("  {next}\n"));
    say(&told);
}

/// What a person would want to know of an end: that a limit was hit, that something was cleaned up.
pub(super) fn ending(report: &Report) {
    if report.end == End::TimeUp {
        say(&format!(
            "stockade: the time limit was reached after {} s; the command was ended\n",
            report.wall.as_secs()
        ));
    }
}

/// The command as text for people.
pub(super) fn text_of(request: &Request) -> String {
    match request {
        Request::Shell(text) => String::from_utf8_lossy(text).into_owned(),
        Request::Argv(words) => {
            let words: Vec<_> =
                words.iter().map(|w| String::from_utf8_lossy(w.as_bytes()).into_owned()).collect();
            words.join(" ")
        }
    }
}

/// The text with everything that could drive a terminal made visible; line breaks stay.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => "\n".to_owned(),
            c if c.is_control() || is_direction(c) => c.escape_unicode().to_string(),
            c => c.to_string(),
        })
        .collect()
}

/// The text on one line of at most `width` characters.
pub(super) fn shortened(text: &str, width: usize) -> String {
    let line: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    let line = printable(line.trim());
    if line.chars().count() <= width {
        return line;
    }
    let mut short: String = line.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Characters that change the order in which others are shown (Unicode Bidi, UAX #9).
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// A message that cannot be delivered changes nothing: the exit status says the same.
fn say(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

#[cfg(test)]
mod tests {
    use super::{printable, shortened};

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c\n"), "a\\u{1b}[2Jb\\u{202e}c\n");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(shortened("one\ntwo three", 8), "one two…");
    }
}

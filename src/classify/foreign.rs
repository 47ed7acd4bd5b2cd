//! Small filters in other languages that certainly do nothing but change text: most `awk` and `sed`.
//!
//! Not an interpreter: a script is either plainly harmless or left to be a gap. The doubt goes
//! against the script, so words that could open a file or start a program anywhere in it count.

use crate::classify::programs::reading::Language;
use crate::model::finding::Severity;

/// Whether the script can only read its input and write to standard output.
pub(super) fn is_plain_filter(language: Language, script: &str) -> bool {
    match language {
        Language::Awk => is_plain_awk(script),
        Language::Sed => is_plain_sed(script),
        _ => false,
    }
}

/// What code says in plain words, in languages whose words are read by people: all of a line's words
/// must be there.
const PLAIN_WORDS: &[(&[&str], &str, Severity, &str)] = &[
    (
        &["with administrator privileges"],
        "privilege.elevated",
        Severity::Caution,
        "runs with the rights of the administrator",
    ),
    (
        &["display dialog", "hidden answer"],
        "secret.asked",
        Severity::Danger,
        "asks the person for a password in a window of its own",
    ),
    (
        &["Remove-Item", "-Recurse"],
        "delete.foreign-tree",
        Severity::Caution,
        "removes whole directories, and which could not be told",
    ),
    (
        &["to delete POSIX file"],
        "delete.foreign-file",
        Severity::Caution,
        "removes a file by way of the desktop, and where it leads could not be told",
    ),
    (
        &["IEX", "Net.WebClient"],
        "run.from-network",
        Severity::Danger,
        "runs what it fetches, unseen",
    ),
    (&["IEX", "IWR"], "run.from-network", Severity::Danger, "runs what it fetches, unseen"),
    (
        &["Invoke-Expression", "Invoke-WebRequest"],
        "run.from-network",
        Severity::Danger,
        "runs what it fetches, unseen",
    ),
];

/// The first danger that code states in plain words.
pub(super) fn plain_words(code: &str) -> Option<(&'static str, Severity, &'static str)> {
    PLAIN_WORDS
        .iter()
        .find(|(words, ..)| words.iter().all(|word| code.contains(word)))
        .map(|(_, rule, severity, reason)| (*rule, *severity, *reason))
}

/// No call of a program, no other file, no pipe: `>` is refused even where it compares.
fn is_plain_awk(script: &str) -> bool {
    let without_or = script.replace("||", "");
    let opens = ["system", "getline", "ENVIRON", "printf |", "@"];
    !opens.iter().any(|word| script.contains(word)) && !without_or.contains(['|', '>'])
}

/// Addresses and the commands `s`, `y`, `d`, `p`, `q`, `=`, `n`, `N`, `D`, `P`, `h`, `H`, `g`, `G`, `x`.
fn is_plain_sed(script: &str) -> bool {
    let mut rest = script;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == '}');
        if rest.is_empty() {
            return true;
        }
        match command(rest) {
            Some(after) if after.len() < rest.len() => rest = after,
            _ => return false,
        }
    }
}

/// What follows one plain command.
fn command(script: &str) -> Option<&str> {
    let mut rest = address(script)?;
    if let Some(after) = rest.strip_prefix(',') {
        rest = address(after.trim_start_matches(['+', '~']))?;
    }
    rest = rest.trim_start_matches([' ', '!']);
    let letter = rest.chars().next()?;
    let after = rest.get(letter.len_utf8()..)?;
    match letter {
        '{' => Some(after),
        's' | 'y' => {
            let separator = after.chars().next().filter(char::is_ascii_punctuation)?;
            let after = after.get(1..)?;
            let after = delimited(delimited(after, separator)?, separator)?;
            // the flags `e` and `w` run and write
            let flags =
                after.trim_start_matches(|c: char| "gpiIm".contains(c) || c.is_ascii_digit());
            ends(flags).then_some(flags)
        }
        'q' | 'Q' => {
            let after = after.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
            ends(after).then_some(after)
        }
        'd' | 'p' | '=' | 'n' | 'N' | 'D' | 'P' | 'h' | 'H' | 'g' | 'G' | 'x' | 'l' => {
            ends(after).then_some(after)
        }
        _ => None,
    }
}

/// Whether a command ends here.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches(' ');
    rest.is_empty() || rest.starts_with([';', '\n', '}'])
}

/// What follows an address, if there is one: `12`, `$`, `/pattern/`.
fn address(script: &str) -> Option<&str> {
    if let Some(after) = script.strip_prefix('/') {
        return delimited(after, '/').map(|rest| rest.trim_start_matches('I'));
    }
    if let Some(after) = script.strip_prefix('$') {
        return Some(after);
    }
    Some(script.trim_start_matches(|c: char| c.is_ascii_digit() || c == '~'))
}

/// What follows the next `separator` that is not escaped.
fn delimited(text: &str, separator: char) -> Option<&str> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == separator => return text.get(at + c.len_utf8()..),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_plain_filter;
    use crate::classify::programs::reading::Language;

    #[test]
    fn only_plain_filters_are_plain() {
        let cases = [
            (Language::Awk, "{print $1}", true),
            (Language::Awk, "NR==1 || /x/ {next} END {print n}", true),
            (Language::Awk, "{system(\"rm \" $1)}", false),
            (Language::Awk, "{print > \"x\"}", false),
            (Language::Awk, "{print | \"sh\"}", false),
            (Language::Awk, "BEGIN {\"id\" | getline}", false),
            (Language::Sed, "s/a/b/g", true),
            (Language::Sed, "s|/a|/b|; /^#/d; 1,5p", true),
            (Language::Sed, "/a/,/b/{s/x/y/;p}", true),
            (Language::Sed, "$d", true),
            (Language::Sed, "s/a/b/e", false),
            (Language::Sed, "s/a/b/w out", false),
            (Language::Sed, "1e rm x", false),
            (Language::Sed, "w out", false),
            (Language::Sed, "r /etc/passwd", false),
            (Language::Sed, "s/a", false),
            (Language::Python, "1", false),
        ];
        for (language, script, plain) in cases {
            assert_eq!(is_plain_filter(language, script), plain, "{script}");
        }
    }
}

//! What code of other languages says in plain words that people read, and commands in its back-quotes.

use crate::classify::programs::reading::Language;
use crate::model::finding::Severity;

/// Commands that Perl and Ruby run in back-quotes, `qx` and `%x`; in other languages these are strings.
pub(super) fn backquoted(language: Language, code: &str) -> Vec<&str> {
    const MOST: usize = 16;
    if !matches!(language, Language::Perl | Language::Ruby) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (open, close) in [
        ("`", '`'),
        ("qx{", '}'),
        ("qx(", ')'),
        ("qx/", '/'),
        ("%x(", ')'),
        ("%x{", '}'),
        ("%x[", ']'),
    ] {
        let mut rest = code;
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inside, after)) = after.split_once(close) else { break };
            // what is computed in it is not known
            if !inside.contains(['$', '#', '@', '\n']) && found.len() < MOST {
                found.push(inside);
            }
            rest = after;
        }
    }
    found
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

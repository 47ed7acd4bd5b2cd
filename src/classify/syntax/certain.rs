//! The syntax error of which every shell is certain: a redirection to nothing (`ps -p <pid>`).
//!
//! A shell reads a whole line before it runs any of it, so of a text of one line with such an error
//! nothing runs. All other errors stay unread text: a quote that is left open, say, may be closed by
//! the next line where one shell is given line after line. In doubt this says no.

/// Whether `text` is one line that no shell would run any part of.
pub(super) fn never_runs(text: &str) -> bool {
    let text = text.trim_end_matches('\n');
    // Substitutions, here-documents and continued lines are read by rules of their own.
    let plain = !text.contains(['\n', '\r', '`', '\0'])
        && !["$(", "$'", "<<", "${", "((", "[["].iter().any(|form| text.contains(form));
    plain && leads_nowhere(text)
}

/// What stands outside of quotes, and where; `None` when a quote stays open.
fn outside(text: &str) -> Option<Vec<(usize, u8)>> {
    let (mut bare, mut quote, mut escaped) = (Vec::new(), None, false);
    for (at, c) in text.bytes().enumerate() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (None | Some(b'"'), b'\\') => escaped = true,
            (None, b'\'' | b'"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, _) => bare.push((at, c)),
        }
    }
    quote.is_none().then_some(bare)
}

/// Whether a redirection is followed by the end, a pipe, `;` or a parenthesis instead of a word.
fn leads_nowhere(text: &str) -> bool {
    let Some(bare) = outside(text).filter(|bare| bare.iter().all(|(_, c)| *c != b'#')) else {
        return false;
    };
    bare.iter().filter(|(_, c)| matches!(c, b'<' | b'>')).any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or("x");
        // `>|`, `>&`, `<>`, `>(` and `>>` are forms of their own
        if rest.starts_with(['|', '&', '<', '>', '(']) {
            return false;
        }
        let next = rest.trim_start_matches([' ', '\t']);
        next.is_empty() || next.starts_with(['|', ';', ')'])
    })
}

#[cfg(test)]
mod tests {
    use super::never_runs;

    #[test]
    fn only_what_no_shell_runs() {
        for text in ["cat <name>", "grep x <a> | wc -l", "ls >", "a > ;"] {
            assert!(never_runs(text), "{text}");
        }
        for text in [
            "echo '<a>'",
            "echo \"<a>\"",
            "cat <a >b",
            "ls >|x",
            "a <(b)",
            "rm -r x; echo 'open",
            "rm x\ncat <n>",
            "echo it # isn't",
            "echo \\' x",
            "cat <<E",
            "echo $'a\\'b'",
            "echo a\\> ",
            "(a > x)",
            "a >&2",
            "x `echo '`",
        ] {
            assert!(!never_runs(text), "{text}");
        }
    }
}

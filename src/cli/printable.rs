//! Text from commands, made fit for a terminal: nothing in it moves the cursor, sets colours, turns the
//! direction of writing or hides. It is for eyes only: what it made cannot be turned back.

/// The text on one line, with every character that is not plainly visible written as an escape
/// (`\n`, `\u{1b}`).
#[must_use]
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if hides(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// As [`printable`], and at most `width` characters; `…` ends what was cut.
#[must_use]
pub(super) fn shortened(text: &str, width: usize) -> String {
    // An escape is no shorter than its character, so no more of the text than this is ever shown.
    let head: String = text.chars().take(width.saturating_add(1)).collect();
    let shown = printable(&head);
    if shown.chars().count() <= width {
        return shown;
    }
    let mut cut: String = shown.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Control characters, and the invisible ones that reorder, join or fill (Unicode's bidirectional
/// controls, zero-width characters, separators, fillers, tags, variation selectors).
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_drives_the_terminal() {
        assert_eq!(printable("a\x1b[2Jb\r\nc\td"), "a\\u{1b}[2Jb\\r\\nc\\td");
        assert_eq!(printable("\u{9b}31m \u{202e}x\u{200b}"), "\\u{9b}31m \\u{202e}x\\u{200b}");
        assert_eq!(printable("naïve 日本"), "naïve 日本");
        assert_eq!(shortened("abcdef", 6), "abcdef");
        assert_eq!(shortened("abcdefg", 6), "abcde…");
        assert_eq!(shortened("\x1b\x1b", 8), "\\u{1b}\\…");
    }
}

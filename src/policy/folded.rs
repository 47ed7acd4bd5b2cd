//! Names made comparable: what some file systems take for the same name is one name here. Pure, and no full case folding.
//!
//! Case is passed over, as in directories with the casefold flag (ext4, f2fs) and on FAT. So are
//! code points that HFS+ and the kernel's folding leave out, and those few that fold to plain
//! letters: git itself refuses `.g\u{200c}it` for the same reason (protectHFS).

use std::borrow::Cow;

/// A path in the form in which paths are compared. Only one with bytes beyond ASCII is changed.
#[must_use]
pub fn folded(path: &[u8]) -> Cow<'_, [u8]> {
    if path.is_ascii() {
        return Cow::Borrowed(path);
    }
    // What is no text cannot be folded by any file system either.
    let Ok(text) = std::str::from_utf8(path) else { return Cow::Borrowed(path) };
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_passed_over(*c)) {
        match letters(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain.into_bytes())
}

/// `Default_Ignorable_Code_Point` of Unicode, which holds those that HFS+ passes over.
const fn is_passed_over(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The characters beyond ASCII that fold to letters of it (CaseFolding.txt, C and F; NFD).
const fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{17f}' => "s",
        '\u{212a}' => "k",
        '\u{df}' | '\u{1e9e}' => "ss",
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

/// Whether a part fits a piece of a pattern with one star at most.
#[must_use]
pub fn fits(piece: &[u8], part: &[u8]) -> bool {
    match piece.iter().position(|byte| *byte == b'*') {
        None => piece.eq_ignore_ascii_case(part),
        Some(at) => {
            let (head, tail) = (piece.get(..at), piece.get(at + 1..));
            let (Some(head), Some(tail)) = (head, tail) else { return false };
            part.len() >= head.len() + tail.len()
                && part.get(..head.len()).is_some_and(|p| p.eq_ignore_ascii_case(head))
                && part.get(part.len() - tail.len()..).is_some_and(|p| p.eq_ignore_ascii_case(tail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn what_is_one_name_somewhere_is_one_name_here() {
        for (name, plain) in [
            (".git", ".git"),
            (".g\u{200c}it", ".git"),
            ("\u{feff}.git", ".git"),
            (".v\u{17f}code", ".vscode"),
            (".hus\u{212a}y", ".husky"),
            (".kiro\u{e0041}", ".kiro"),
            ("caf\u{e9}", "caf\u{e9}"),
        ] {
            assert_eq!(&*folded(name.as_bytes()), plain.as_bytes(), "{name:?}");
        }
        assert_eq!(&*folded(b"\xff.git"), b"\xff.git");
    }
}

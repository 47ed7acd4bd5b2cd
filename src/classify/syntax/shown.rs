//! The text as the parser is to see it: braces that are part of a word, and the option that makes it replace aliases, made ordinary characters of the same length.
//!
//! The parser takes `{` at the head of a word for the beginning of something that must end: without
//! an end it takes all that follows, commands and all, for one word (`echo {a; rm -r x`), and behind
//! an end it begins a new word (`{1..4}"x"`). Where words begin and end is all it is asked, so what it
//! is not to see it is not shown. What stands in a word is read from the text itself (`word.rs`).
//!
//! It does not know where quotes are, on purpose: who could confuse it about quotes could hide a
//! brace from it. Inside quotes, one ordinary character is as good as another.

use std::borrow::Cow;

/// Stands for what is hidden: means nothing to a shell, at no place of a word.
const ORDINARY: u8 = b'%';

/// The text as the parser is to see it.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    match (without_braces_of_words(text), without_alias_option(text)) {
        (braces, None) => braces,
        (Cow::Borrowed(_), Some(hidden)) => as_text(hidden, text),
        (Cow::Owned(braces), Some(mut hidden)) => {
            for (place, byte) in hidden.iter_mut().zip(braces.bytes()) {
                if byte == ORDINARY {
                    *place = byte;
                }
            }
            as_text(hidden, text)
        }
    }
}

/// One ASCII character took the place of another.
fn as_text(hidden: Vec<u8>, text: &str) -> Cow<'_, str> {
    String::from_utf8(hidden).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Hides what makes the parser replace aliases by itself: it gives their words places outside of the
/// text, and falls over them. Aliases are the walk's business (`shell/call.rs`).
fn without_alias_option(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    // Without its underscore, or an escape for it, nobody spells the option.
    if !bytes.contains(&b'_') && !bytes.windows(2).any(|pair| pair == b"$'") {
        return None;
    }
    let mut hidden: Option<Vec<u8>> = None;
    for at in 0..bytes.len() {
        let escape = || bytes.get(at.wrapping_sub(1)) == Some(&b'\\');
        let place = match bytes.get(at) {
            Some(b'e') if spells(bytes, at, b"expand_aliases") => at,
            Some(b'0'..=b'7' | b'x' | b'u' | b'U') if escape() => at,
            _ => continue,
        };
        if let Some(byte) = hidden.get_or_insert_with(|| bytes.to_vec()).get_mut(place) {
            *byte = ORDINARY;
        }
    }
    hidden
}

/// Whether a word begins at `at`, whatever quotes and backslashes stand between its letters.
fn spells(bytes: &[u8], at: usize, word: &[u8]) -> bool {
    let mut letters = word.iter();
    let mut rest = bytes.iter().skip(at).filter(|byte| !b"'\"\\\n$".contains(byte));
    letters.all(|letter| rest.next() == Some(letter))
}

/// The text with the braces of words hidden.
fn without_braces_of_words(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut hidden: Option<Vec<u8>> = None;
    let braces = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'{');
    for (nth, at) in braces.map(|(at, _)| at).enumerate() {
        if is_escaped(bytes, at)
            || is_parameter(bytes, at)
            || stands_alone(bytes, at)
            || names_descriptor(bytes, at)
        {
            continue;
        }
        let hidden = hidden.get_or_insert_with(|| bytes.to_vec());
        // The end of a `${` is its own.
        let end = if nth > MOST || in_parameter(bytes, at) { None } else { closing(bytes, at) };
        for place in std::iter::once(at).chain(end) {
            if let Some(byte) = hidden.get_mut(place) {
                *byte = ORDINARY;
            }
        }
    }
    for at in closing_by_themselves(text) {
        let hidden = hidden.get_or_insert_with(|| bytes.to_vec());
        if let Some(byte) = hidden.get_mut(at) {
            *byte = ORDINARY;
        }
    }
    hidden.map_or(Cow::Borrowed(text), |hidden| as_text(hidden, text))
}

/// Closing braces that are part of a word although no brace of it is seen to open them: in `\{}`, and
/// at the end of a place holder among arguments (`--name {{ NAME }}`).
fn closing_by_themselves(text: &str) -> Vec<usize> {
    // Where parameters stand, a brace may be the end of one.
    if !text.contains('}') || text.contains("${") {
        return Vec::new();
    }
    let bytes = text.as_bytes();
    let escaped = text.match_indices("{}").filter(|(at, _)| is_escaped(bytes, *at));
    let holders = text.match_indices("{{ ").filter_map(|(at, _)| {
        let rest = text.get(at + 3..)?;
        let name = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.')?;
        let ends = rest.get(name..)?.starts_with(" }}") && name > 0;
        let behind = rest.as_bytes().get(name + 3);
        let closed = behind.is_none_or(|byte| b" \t\n".contains(byte));
        // As a command it would begin a group for other shells.
        let before = text.get(..at)?.strip_suffix(' ')?.trim_end().as_bytes().last().copied();
        let argument = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'=');
        (ends && closed && argument).then_some(at + 3 + name + 1)
    });
    let escaped = escaped.map(|(at, _)| at + 1);
    escaped.chain(holders.flat_map(|at| [at, at + 1])).collect()
}

/// Whether an odd number of backslashes stands before it: the parser knows these.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    run_before(bytes, at, b'\\') % 2 == 1
}

fn run_before(bytes: &[u8], at: usize, byte: u8) -> usize {
    bytes.get(..at).unwrap_or_default().iter().rev().take_while(|b| **b == byte).count()
}

/// Whether it belongs to a `$` that is one: not escaped, and not the second of `$$`.
fn is_parameter(bytes: &[u8], at: usize) -> bool {
    let dollars = run_before(bytes, at, b'$');
    let escaped = is_escaped(bytes, at - dollars.min(at));
    (dollars - usize::from(escaped && dollars > 0)) % 2 == 1
}

/// Whether it seems to stand in a `${` that is not closed yet.
fn in_parameter(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(NEAR)..at).unwrap_or_default();
    let word = before.rsplit(|byte| b" \t\n;".contains(byte)).next().unwrap_or_default();
    let opens = word.windows(2).rposition(|pair| pair == b"${");
    opens.is_some_and(|opens| !word.get(opens..).unwrap_or_default().contains(&b'}'))
}

/// So far back the beginning of a `${` is looked for.
const NEAR: usize = 256;

/// Whether it is a word by itself, which begins a group where a command may begin.
fn stands_alone(bytes: &[u8], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| bytes.get(at));
    let begins = before.is_none_or(|byte| b" \t\n;&|()`!".contains(byte));
    begins && bytes.get(at + 1).is_none_or(|byte| b" \t\n\r".contains(byte))
}

/// `{name}>file`: the descriptor's number goes into a variable.
fn names_descriptor(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let name = rest.iter().take_while(|b| **b == b'_' || b.is_ascii_alphanumeric()).count();
    name > 0
        && rest.get(name) == Some(&b'}')
        && rest.get(name + 1).is_some_and(|byte| b"<>".contains(byte))
}

/// How far the end of a brace is looked for.
const FARTHEST: usize = 1024;
/// Of so many braces the end is looked for; later ones look as if they had none, which no text gains by.
const MOST: usize = 2000;

/// The brace that closes the one at `open` in the same word.
fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let word = bytes.get(..bytes.len().min(open + FARTHEST)).unwrap_or_default();
    let (mut at, mut depth) = (open + 1, 0_usize);
    while let Some(byte) = word.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\'' | b'`' => at = end_of_quote(word, at, *byte)?,
            b'"' => at = end_of_quote(word, at, b'"')?,
            b'$' if word.get(at + 1) == Some(&b'{') => at = end_of_parameter(word, at + 2)?,
            b'$' if word.get(at + 1) == Some(&b'(') => at = end_of_parentheses(word, at + 2)?,
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_quote(word: &[u8], open: usize, quote: u8) -> Option<usize> {
    let mut at = open + 1;
    while let Some(byte) = word.get(at) {
        match byte {
            b'\\' if quote != b'\'' => at += 1,
            byte if *byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn end_of_parameter(word: &[u8], start: usize) -> Option<usize> {
    end_of(word, start, (b'{', b'}'))
}

fn end_of_parentheses(word: &[u8], start: usize) -> Option<usize> {
    end_of(word, start, (b'(', b')'))
}

fn end_of(word: &[u8], start: usize, (opens, closes): (u8, u8)) -> Option<usize> {
    let (mut at, mut depth) = (start, 0_usize);
    while let Some(byte) = word.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\'' | b'"' | b'`' => at = end_of_quote(word, at, *byte)?,
            byte if *byte == closes && depth == 0 => return Some(at),
            byte if *byte == closes => depth -= 1,
            byte if *byte == opens => depth += 1,
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{shown, without_braces_of_words};

    #[test]
    fn the_parser_never_replaces_aliases() {
        let cases = [
            ("shopt -s expand_aliases", "shopt -s %xpand_aliases"),
            ("shopt -s 'ex'pan\\d_ali\"as\"es {a,b}", "shopt -s '%x'pan\\d_ali\"as\"es %a,b%"),
            ("shopt -s $'expand\\x5faliases'", "shopt -s $'expand\\%5faliases'"),
            ("alias a=b; a", "alias a=b; a"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn braces_of_words_are_hidden_and_others_are_not() {
        let cases = [
            ("echo {a; rm x", "echo %a; rm x"),
            ("echo {1..4}\"x\"", "echo %1..4%\"x\""),
            ("echo a{b,{c,d}}e", "echo a%b,%c,d%%e"),
            ("echo \\{a ${b:-\\{c}", "echo \\{a ${b:-\\{c}"),
            ("find . -exec {} +", "find . -exec %% +"),
            ("{ echo {a,'b }'}; }", "{ echo %a,'b }'%; }"),
            ("f(){ x; }; ${y} \"${z:-{a}}\"", "f(){ x; }; ${y} \"${z:-%a}}\""),
            ("echo \\${a $${b $$${c}", "echo \\$%a $$%b $$${c}"),
            ("exec {fd}>x {a}", "exec {fd}>x %a%"),
            ("echo {a,${b} {a,$(c }) }", "echo %a,${b} %a,$(c }) }"),
            ("{\n x\n}", "{\n x\n}"),
            ("é{ü,ß}", "é%ü,ß%"),
            ("find . -exec cat \\{} \\; | wc", "find . -exec cat \\{% \\; | wc"),
            ("x --name {{ A.b }}", "x --name %% A.b %%"),
            ("{{ a }}", "%% a }}"),
            ("x; {{ a }}", "x; %% a }}"),
            ("x {{ a }};", "x %% a }};"),
            ("x {{ a b }}", "x %% a b }}"),
        ];
        for (text, shown) in cases {
            assert_eq!(without_braces_of_words(text), shown);
        }
    }
}

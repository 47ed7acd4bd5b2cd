//! Shell patterns on text that is known: `*`, `?`, `[...]` and backslashes.
//!
//! Used by `${x#p}`, `${x/p/w}` and their kin; the file system is matched by the `World`.

/// Whether the bytes hold a character that matches others.
pub(in crate::classify) fn is_pattern(bytes: &[u8]) -> bool {
    bytes.iter().any(|c| b"*?[".contains(c))
}

/// Adds `bytes` so that each matches itself only.
pub(in crate::classify) fn escape(bytes: &[u8], pattern: &mut Vec<u8>) {
    for byte in bytes {
        if b"*?[]\\".contains(byte) {
            pattern.push(b'\\');
        }
        pattern.push(*byte);
    }
}

/// What every match certainly begins with.
pub(in crate::classify) fn literal_prefix(pattern: &[u8]) -> Vec<u8> {
    let mut literal = Vec::new();
    let mut bytes = pattern.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'*' | b'?' | b'[' => break,
            b'\\' => literal.extend(bytes.next()),
            other => literal.push(*other),
        }
    }
    literal
}

/// Whether the whole of `text` matches; `false` too when `steps` come to nothing.
pub(in crate::classify) fn matches(pattern: &[u8], text: &[u8], steps: &mut usize) -> bool {
    step(pattern, text, steps)
}

fn step(pattern: &[u8], text: &[u8], steps: &mut usize) -> bool {
    if *steps == 0 {
        return false;
    }
    *steps -= 1;
    let Some((&first, rest)) = pattern.split_first() else { return text.is_empty() };
    match first {
        b'*' => (0..=text.len()).any(|n| step(rest, text.get(n..).unwrap_or_default(), steps)),
        b'?' => text.split_first().is_some_and(|(_, tail)| step(rest, tail, steps)),
        b'[' => match (class(rest), text.split_first()) {
            (Some((members, after)), Some((c, tail))) => {
                in_class(members, *c) && step(after, tail, steps)
            }
            (None, Some((b'[', tail))) => step(rest, tail, steps),
            _ => false,
        },
        b'\\' if !rest.is_empty() => match (rest.split_first(), text.split_first()) {
            (Some((want, rest)), Some((c, tail))) => want == c && step(rest, tail, steps),
            _ => false,
        },
        want => text.split_first().is_some_and(|(c, tail)| *c == want && step(rest, tail, steps)),
    }
}

/// The members of the class after `[`, and what follows its `]`.
fn class(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let negated = usize::from(matches!(rest.first(), Some(b'!' | b'^')));
    let end = rest.iter().skip(negated + 1).position(|c| *c == b']')? + negated + 1;
    Some((rest.get(..end)?, rest.get(end + 1..)?))
}

fn in_class(members: &[u8], c: u8) -> bool {
    let (negated, mut members) = match members.split_first() {
        Some((b'!' | b'^', rest)) => (true, rest),
        _ => (false, members),
    };
    let mut found = false;
    while let Some((&low, rest)) = members.split_first() {
        members = rest;
        match rest {
            [b'-', high, tail @ ..] => {
                found |= (low..=*high).contains(&c);
                members = tail;
            }
            _ => found |= low == c,
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_in_a_shell() {
        let cases = [
            ("*.txt", "a.txt", true),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[!a]x", "ax", false),
            (r"\*", "*", true),
            (r"\*", "x", false),
            ("", "", true),
            ("*", "", true),
            ("[", "[", true),
        ];
        for (pattern, text, expected) in cases {
            let found = matches(pattern.as_bytes(), text.as_bytes(), &mut 100);
            assert_eq!(found, expected, "{pattern} {text}");
        }
    }
}

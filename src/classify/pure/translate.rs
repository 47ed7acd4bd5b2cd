//! `tr`: characters for characters, as in rot13.

use crate::classify::syntax::decode_escapes;

pub(super) fn tr(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let (mut deletes, mut squeezes, mut complements) = (false, false, false);
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let Some(letters) = first.strip_prefix(b"-").filter(|l| !l.is_empty()) else { break };
        for letter in letters {
            match letter {
                b'd' => deletes = true,
                b's' => squeezes = true,
                b'c' | b'C' => complements = true,
                _ => return None,
            }
        }
        rest = after;
    }
    let from = set(rest.first()?)?;
    let member = |c: u8| from.contains(&c) != complements;
    if deletes {
        return Some(input.iter().copied().filter(|c| !member(*c)).collect());
    }
    let Some(to) = rest.get(1) else {
        return squeezes.then(|| squeeze(input, member));
    };
    let to = set(to)?;
    let last = *to.last()?;
    let change = |c: u8| match (complements, from.iter().position(|f| *f == c)) {
        (false, Some(at)) => to.get(at).copied().unwrap_or(last),
        (true, None) => last,
        _ => c,
    };
    let out: Vec<u8> = input.iter().map(|c| change(*c)).collect();
    Some(if squeezes { squeeze(&out, |c| to.contains(&c)) } else { out })
}

fn squeeze(input: &[u8], member: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(input.len());
    for c in input {
        if out.last() != Some(c) || !member(*c) {
            out.push(*c);
        }
    }
    out
}

/// The name of a class and its members.
type Class = (&'static [u8], fn(&u8) -> bool);

/// The characters of a set: ranges, classes, escapes.
fn set(raw: &[u8]) -> Option<Vec<u8>> {
    let classes: &[Class] = &[
        (b"[:lower:]", u8::is_ascii_lowercase),
        (b"[:upper:]", u8::is_ascii_uppercase),
        (b"[:digit:]", u8::is_ascii_digit),
        (b"[:alpha:]", u8::is_ascii_alphabetic),
        (b"[:alnum:]", u8::is_ascii_alphanumeric),
        (b"[:space:]", u8::is_ascii_whitespace),
        (b"[:punct:]", u8::is_ascii_punctuation),
    ];
    let mut out = Vec::new();
    let decoded = decode_escapes(raw);
    let mut rest = decoded.as_slice();
    while let Some((&first, after)) = rest.split_first() {
        if let Some((class, is_in)) = classes.iter().find(|(class, _)| rest.starts_with(class)) {
            out.extend((0..=127_u8).filter(is_in));
            rest = rest.get(class.len()..)?;
            continue;
        }
        match after {
            [b'-', high, tail @ ..] if *high >= first => {
                out.extend(first..=*high);
                rest = tail;
            }
            _ => {
                out.push(first);
                rest = after;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::tr;

    #[test]
    fn characters_are_translated() {
        let cases: [(&[&[u8]], &str, &str); 5] = [
            (&[b"a-zA-Z", b"n-za-mN-ZA-M"], "ez -es", "rm -rf"),
            (&[b"-d", b"x"], "rxmx", "rm"),
            (&[b"[:upper:]", b"[:lower:]"], "RM", "rm"),
            (&[b"-s", b" "], "a   b", "a b"),
            (&[b"_", b" "], "rm_-rf", "rm -rf"),
        ];
        for (words, input, output) in cases {
            assert_eq!(tr(words, input.as_bytes()).as_deref(), Some(output.as_bytes()), "{input}");
        }
    }
}

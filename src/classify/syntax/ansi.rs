//! Backslash escapes of `$'...'`, `echo -e` and `printf`: text in, bytes out.

/// The bytes that `raw` stands for.
#[must_use]
pub(in crate::classify) fn decode(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        match (first, tail.split_first()) {
            (b'\\', Some((&letter, after))) => rest = escape(letter, after, &mut out),
            _ => out.push(first),
        }
    }
    out
}

/// Writes what one escape means; gives what follows it.
fn escape<'a>(letter: u8, after: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    let simple = match letter {
        b'a' => 7,
        b'b' => 8,
        b'e' | b'E' => 27,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        b'\\' | b'\'' | b'"' | b'?' => letter,
        b'x' => return number(after, (16, 2), letter, out),
        b'u' => return number(after, (16, 4), letter, out),
        b'U' => return number(after, (16, 8), letter, out),
        b'0' => return number(after, (8, 3), letter, out),
        b'1'..=b'7' => {
            let digits = octal(letter, after);
            return number_bytes(digits.0, digits.1, out);
        }
        b'c' => {
            let Some((&c, tail)) = after.split_first() else { return after };
            out.push(c.to_ascii_uppercase() ^ 64);
            return tail;
        }
        _ => {
            out.push(b'\\');
            letter
        }
    };
    out.push(simple);
    after
}

/// `\123`: the first digit is already taken.
fn octal(first: u8, after: &[u8]) -> (u32, &[u8]) {
    let mut value = u32::from(first - b'0');
    let count = after.iter().take(2).take_while(|c| (b'0'..=b'7').contains(c)).count();
    let (digits, tail) = after.split_at(count);
    for digit in digits {
        value = value * 8 + u32::from(digit - b'0');
    }
    (value, tail)
}

fn number_bytes<'a>(value: u32, tail: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
    out.push(value.to_le_bytes()[0]);
    tail
}

/// `\x41`, `\u00e9`, `\0101`: up to `most` digits in `radix`.
fn number<'a>(
    after: &'a [u8],
    (radix, most): (u32, usize),
    letter: u8,
    out: &mut Vec<u8>,
) -> &'a [u8] {
    let count = after.iter().take(most).take_while(|c| char::from(**c).is_digit(radix)).count();
    let (digits, tail) = after.split_at(count);
    if count == 0 && letter != b'0' {
        out.extend([b'\\', letter]);
        return tail;
    }
    let value = digits.iter().fold(0_u32, |value, digit| {
        value.wrapping_mul(radix) + char::from(*digit).to_digit(radix).unwrap_or(0)
    });
    match (letter, char::from_u32(value)) {
        (b'u' | b'U', Some(c)) => out.extend(c.to_string().bytes()),
        _ => out.push(value.to_le_bytes()[0]),
    }
    tail
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_become_bytes() {
        let cases: [(&str, &[u8]); 7] = [
            (r"\x72\x6d", b"rm"),
            (r"\162\155", b"rm"),
            (r"\u0072m", b"rm"),
            (r"a\tb\n", b"a\tb\n"),
            (r"\q\", b"\\q\\"),
            (r"\cA", b"\x01"),
            (r"\0162m", b"rm"),
        ];
        for (raw, bytes) in cases {
            assert_eq!(decode(raw.as_bytes()), bytes, "{raw}");
        }
    }
}

//! `echo` and `printf` as bash has them.

use super::text;
use crate::classify::syntax::decode_escapes;

/// How often a format is used again for arguments that are left.
const MAX_ROUNDS: usize = 512;

pub(super) fn echo(words: &[&[u8]]) -> Vec<u8> {
    let (mut newline, mut escapes) = (true, false);
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let Some(letters) = first.strip_prefix(b"-").filter(|l| !l.is_empty()) else { break };
        if !letters.iter().all(|c| b"neE".contains(c)) {
            break;
        }
        for letter in letters {
            match letter {
                b'n' => newline = false,
                b'e' => escapes = true,
                _ => escapes = false,
            }
        }
        rest = after;
    }
    let mut out = rest.join(&b' ');
    if escapes {
        out = decode_escapes(&out);
    }
    if newline {
        out.push(b'\n');
    }
    out
}

pub(super) fn printf(words: &[&[u8]]) -> Option<Vec<u8>> {
    let words = words.strip_prefix(&[b"--".as_slice()]).unwrap_or(words);
    let (format, mut args) = words.split_first()?;
    let mut out = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let before = args.len();
        args = round(format, args, &mut out)?;
        if args.is_empty() || args.len() == before {
            return Some(out);
        }
    }
    None
}

/// Writes the format once; gives the arguments that are left.
fn round<'a>(format: &[u8], args: &'a [&'a [u8]], out: &mut Vec<u8>) -> Option<&'a [&'a [u8]]> {
    let (mut rest, mut args) = (format, args);
    while let Some(at) = rest.iter().position(|c| *c == b'%') {
        let (plain, tail) = rest.split_at(at);
        out.extend(decode_escapes(plain));
        let spec: usize =
            tail.iter().skip(1).take_while(|c| b"-+ #0123456789.".contains(c)).count();
        let letter = *tail.get(spec + 1)?;
        let flags = text(tail.get(1..=spec)?)?;
        rest = tail.get(spec + 2..)?;
        if letter == b'%' {
            out.push(b'%');
            continue;
        }
        let (arg, left) = match args.split_first() {
            Some((first, left)) => (*first, left),
            None => (b"".as_slice(), args),
        };
        args = left;
        out.extend(pad(&convert(letter, flags, arg)?, flags)?);
    }
    out.extend(decode_escapes(rest));
    Some(args)
}

fn convert(letter: u8, flags: &str, arg: &[u8]) -> Option<Vec<u8>> {
    let number = || {
        let text = text(arg)?.trim();
        if let Some(c) = text.strip_prefix(['\'', '"']) {
            return c.chars().next().map(|c| i64::from(u32::from(c)));
        }
        match text.strip_prefix("0x") {
            Some(hex) => i64::from_str_radix(hex, 16).ok(),
            None if text.len() > 1 && text.starts_with('0') => i64::from_str_radix(text, 8).ok(),
            None if text.is_empty() => Some(0),
            None => text.parse().ok(),
        }
    };
    let precision = flags.split_once('.').map(|(_, n)| n.parse::<usize>().unwrap_or(0));
    Some(match letter {
        b's' => arg.get(..precision.unwrap_or(arg.len()).min(arg.len()))?.to_vec(),
        b'b' => decode_escapes(arg),
        b'c' => arg.get(..1.min(arg.len()))?.to_vec(),
        b'd' | b'i' | b'u' => number()?.to_string().into_bytes(),
        b'x' => format!("{:x}", number()?).into_bytes(),
        b'X' => format!("{:X}", number()?).into_bytes(),
        b'o' => format!("{:o}", number()?).into_bytes(),
        _ => return None,
    })
}

fn pad(piece: &[u8], flags: &str) -> Option<Vec<u8>> {
    let spec = flags.split('.').next().unwrap_or_default();
    let digits = spec.trim_start_matches(['-', '+', ' ', '#', '0']);
    let width = if digits.is_empty() { 0 } else { digits.parse::<usize>().ok()? };
    let missing = width.min(4096).saturating_sub(piece.len());
    let left = spec.contains('-');
    let zero = spec.trim_start_matches(['+', ' ', '#']).starts_with('0') && !left;
    let fill = vec![if zero { b'0' } else { b' ' }; missing];
    Some(if left { [piece, &fill].concat() } else { [fill.as_slice(), piece].concat() })
}

//! Programs that are functions of their words: what they print is known when the words are.

use super::super::reader::Reader;
use super::super::reading::Output;
use crate::classify::value::Value;

/// More output than this is not worth knowing.
const MOST: usize = 4096;

/// The words, when all are certain.
fn certain(words: &[Value]) -> Option<Vec<&[u8]>> {
    words.iter().map(Value::as_const).collect()
}

fn print(reader: &mut Reader, bytes: Option<Vec<u8>>) {
    if let Some(bytes) = bytes.filter(|b| b.len() <= MOST) {
        reader.reading.output = Output::Exactly(bytes);
    }
}

/// `echo [-neE] words`.
pub(super) fn echo(reader: &mut Reader, words: &[Value]) {
    print(reader, certain(words).and_then(|words| echoed(&words)));
}

fn echoed(words: &[&[u8]]) -> Option<Vec<u8>> {
    let is_option = |w: &&[u8]| {
        w.len() > 1 && w.first() == Some(&b'-') && w.iter().skip(1).all(|b| b"neE".contains(b))
    };
    let options = words.iter().take_while(|w| is_option(w)).count();
    let (options, words) = words.split_at_checked(options)?;
    let mut text = words.join(&b' ');
    if options.iter().any(|o| o.contains(&b'e')) {
        text = escaped(&text)?;
    }
    if !options.iter().any(|o| o.contains(&b'n')) {
        text.push(b'\n');
    }
    Some(text)
}

/// Backslash escapes; `None` for those that need more than a letter or a few digits.
fn escaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(&letter) = text.get(at) else {
            out.push(b'\\');
            break;
        };
        at += 1;
        match letter {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'v' => out.push(11),
            b'e' => out.push(27),
            b'\\' => out.push(b'\\'),
            b'x' => at += number(text, at, Digits { radix: 16, most: 2 }, &mut out)?,
            b'0' => at += number(text, at, Digits { radix: 8, most: 3 }, &mut out).unwrap_or(0),
            b'1'..=b'7' => {
                at +=
                    number(text, at - 1, Digits { radix: 8, most: 3 }, &mut out)?.checked_sub(1)?;
            }
            b'u' | b'U' | b'c' => return None,
            other => out.extend([b'\\', other]),
        }
    }
    Some(out)
}

struct Digits {
    radix: u32,
    most: usize,
}

/// Reads digits at `at` as one byte; how many there were.
fn number(text: &[u8], at: usize, digits: Digits, out: &mut Vec<u8>) -> Option<usize> {
    let rest = text.get(at..)?;
    let count = rest
        .iter()
        .take(digits.most)
        .take_while(|b| char::from(**b).is_digit(digits.radix))
        .count();
    let text = std::str::from_utf8(rest.get(..count)?).ok()?;
    let value = u32::from_str_radix(text, digits.radix).ok()?;
    out.push(u8::try_from(value & 0xff).ok()?);
    Some(count)
}

/// `printf FORMAT words`, for formats of text, escapes, `%s`, `%d`, `%b` and `%%`.
pub(super) fn printf(reader: &mut Reader, words: &[Value]) {
    let words = match words.first().and_then(Value::as_const) {
        Some(b"--") => words.get(1..).unwrap_or(&[]),
        _ => words,
    };
    print(reader, certain(words).and_then(|words| formatted(&words)));
}

fn formatted(words: &[&[u8]]) -> Option<Vec<u8>> {
    let (format, args) = words.split_first()?;
    let mut out = Vec::new();
    let mut args = args.iter();
    loop {
        let before = args.len();
        once(format, &mut args, &mut out)?;
        if args.len() == 0 || args.len() == before || out.len() > MOST {
            return Some(out);
        }
    }
}

/// One pass over the format.
fn once(format: &[u8], args: &mut std::slice::Iter<'_, &[u8]>, out: &mut Vec<u8>) -> Option<()> {
    let mut at = 0;
    while at < format.len() {
        let next =
            format.get(at..)?.iter().position(|b| *b == b'%').map_or(format.len(), |n| at + n);
        out.extend(escaped(format.get(at..next)?)?);
        at = next + 2;
        match format.get(next + 1) {
            Some(b'%') => out.push(b'%'),
            Some(b's' | b'd') => out.extend_from_slice(args.next().unwrap_or(&&b""[..])),
            Some(b'b') => out.extend(escaped(args.next().unwrap_or(&&b""[..]))?),
            None if next == format.len() => return Some(()),
            _ => return None,
        }
    }
    Some(())
}

/// `basename PATH [SUFFIX]`.
pub(super) fn basename(reader: &mut Reader, words: &[Value]) {
    let text = certain(words).and_then(|words| {
        let (path, suffix): (&[u8], &[u8]) = match words.as_slice() {
            [path] if !path.starts_with(b"-") => (path, b""),
            [path, suffix] if !path.starts_with(b"-") => (path, suffix),
            _ => return None,
        };
        let path = trimmed(path);
        let from = path.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1);
        let name = path.get(from..).filter(|n| !n.is_empty()).unwrap_or(path);
        let name = name.strip_suffix(suffix).filter(|n| !n.is_empty()).unwrap_or(name);
        Some([name, b"\n"].concat())
    });
    print(reader, text);
}

/// `dirname PATH...`.
pub(super) fn dirname(reader: &mut Reader, words: &[Value]) {
    let text = certain(words).and_then(|words| {
        let mut out = Vec::new();
        for path in words {
            if path.starts_with(b"-") {
                return None;
            }
            let path = trimmed(path);
            out.extend_from_slice(match path.iter().rposition(|b| *b == b'/') {
                Some(at) => trimmed(path.get(..=at)?),
                None => b".",
            });
            out.push(b'\n');
        }
        Some(out)
    });
    print(reader, text);
}

/// The path without the slashes at its end; the root stays.
fn trimmed(path: &[u8]) -> &[u8] {
    let last = path.iter().rposition(|b| *b != b'/');
    let end = last.map_or_else(|| usize::from(!path.is_empty()), |at| at + 1);
    path.get(..end).unwrap_or(path)
}

/// `seq [FIRST [STEP]] LAST` of small whole numbers.
pub(super) fn seq(reader: &mut Reader, words: &[Value]) {
    let numbers: Option<Vec<i64>> =
        words.iter().map(|w| w.as_str().and_then(|t| t.parse().ok())).collect();
    let (first, step, last) = match numbers.as_deref() {
        Some([last]) => (1, 1, *last),
        Some([first, last]) => (*first, 1, *last),
        Some([first, step, last]) => (*first, *step, *last),
        _ => return,
    };
    let mut out = Vec::new();
    let mut n = first;
    while step != 0 && (step > 0) == (n <= last) | (n == last) && out.len() <= MOST {
        out.extend_from_slice(format!("{n}\n").as_bytes());
        match n.checked_add(step) {
            Some(next) => n = next,
            None => break,
        }
    }
    print(reader, Some(out));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &[&str], of: fn(&[&[u8]]) -> Option<Vec<u8>>) -> Option<String> {
        let words: Vec<&[u8]> = words.iter().map(|w| w.as_bytes()).collect();
        of(&words).map(|b| String::from_utf8(b).unwrap())
    }

    #[test]
    fn echo_and_printf_print_what_the_shell_would() {
        assert_eq!(text(&["-n", "a", "b"], echoed).unwrap(), "a b");
        assert_eq!(text(&["-e", r"a\x41\101\n"], echoed).unwrap(), "aAA\n\n");
        assert_eq!(text(&["-x"], echoed).unwrap(), "-x\n");
        assert_eq!(text(&["%s-%d\\n", "a", "1", "b", "2"], formatted).unwrap(), "a-1\nb-2\n");
        assert_eq!(text(&["\\162\\155"], formatted).unwrap(), "rm");
        assert_eq!(text(&["%5s", "a"], formatted), None);
    }

    #[test]
    fn slashes_are_trimmed() {
        assert_eq!(trimmed(b"/"), b"/");
        assert_eq!(trimmed(b"a/b//"), b"a/b");
        assert_eq!(trimmed(b""), b"");
    }
}

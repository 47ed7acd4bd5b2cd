//! Filters over lines: `cat`, `rev`, `head`, `tail`, `cut`, the simplest of `sed`, and name arithmetic.

use super::text;

pub(super) fn basename(words: &[&[u8]]) -> Option<Vec<u8>> {
    let (path, suffix) = match words {
        [path] => (text(path)?, ""),
        [path, suffix] if !path.starts_with(b"-") => (text(path)?, text(suffix)?),
        _ => return None,
    };
    let name = path.trim_end_matches('/').rsplit('/').next()?;
    let name = name.strip_suffix(suffix).filter(|n| !n.is_empty()).unwrap_or(name);
    Some(format!("{}\n", if path.starts_with('/') && name.is_empty() { "/" } else { name }).into())
}

pub(super) fn dirname(words: &[&[u8]]) -> Option<Vec<u8>> {
    let [path] = words else { return None };
    let path = text(path)?.trim_end_matches('/');
    let directory = match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None if path.is_empty() => "/",
        None => ".",
    };
    Some(format!("{directory}\n").into())
}

pub(super) fn seq(words: &[&[u8]]) -> Option<Vec<u8>> {
    let numbers: Option<Vec<i64>> =
        words.iter().map(|word| text(word).and_then(|t| t.parse().ok())).collect();
    let (first, step, last) = match numbers?.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] if *step != 0 => (*first, *step, *last),
        _ => return None,
    };
    let mut out = String::new();
    let mut at = first;
    for _ in 0..1_000 {
        if (step > 0 && at > last) || (step < 0 && at < last) {
            return Some(out.into_bytes());
        }
        out.push_str(&format!("{at}\n"));
        at = at.checked_add(step)?;
    }
    None
}

/// Operands of `cat` are read by the interpreter; what arrives here is already their contents.
pub(super) fn cat(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let plain = words.iter().all(|word| !word.starts_with(b"-") || matches!(*word, b"-" | b"-u"));
    plain.then(|| input.to_vec())
}

pub(super) fn rev(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    if !words.is_empty() {
        return None;
    }
    let input = text(input)?;
    let mut out = String::with_capacity(input.len());
    for line in input.split_inclusive('\n') {
        let body = line.strip_suffix('\n');
        out.extend(body.unwrap_or(line).chars().rev());
        out.extend(body.map(|_| '\n'));
    }
    Some(out.into_bytes())
}

pub(super) fn tac(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let mut lines = lines(words.is_empty().then_some(input)?);
    lines.reverse();
    Some(lines.concat())
}

pub(super) fn head(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    Some(match amount(words)? {
        (b'c', count) => input.get(..count.min(input.len()))?.to_vec(),
        (_, count) => lines(input).into_iter().take(count).collect::<Vec<_>>().concat(),
    })
}

pub(super) fn tail(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    if let Some(words) = from_start(words) {
        return Some(match amount(&words.iter().map(Vec::as_slice).collect::<Vec<_>>())? {
            (b'c', count) => input.get(count.saturating_sub(1).min(input.len())..)?.to_vec(),
            (_, count) => {
                lines(input).into_iter().skip(count.saturating_sub(1)).collect::<Vec<_>>().concat()
            }
        });
    }
    Some(match amount(words)? {
        (b'c', count) => input.get(input.len().saturating_sub(count)..)?.to_vec(),
        (_, count) => {
            let lines = lines(input);
            lines.get(lines.len().saturating_sub(count)..)?.concat()
        }
    })
}

/// `tail -n +3`: the words without the `+`, when there is one.
fn from_start(words: &[&[u8]]) -> Option<Vec<Vec<u8>>> {
    let plus = |word: &&[u8]| word.contains(&b'+');
    words.iter().any(plus).then(|| {
        words.iter().map(|word| word.iter().copied().filter(|c| *c != b'+').collect()).collect()
    })
}

/// `-n 3`, `-n3`, `-3`, `-c 5`: the unit and how many.
fn amount(words: &[&[u8]]) -> Option<(u8, usize)> {
    match words {
        [] => Some((b'n', 10)),
        [one] => {
            let text = text(one)?.strip_prefix('-')?;
            match text.strip_prefix(['n', 'c']) {
                Some(count) => Some((*text.as_bytes().first()?, count.parse().ok()?)),
                None => Some((b'n', text.parse().ok()?)),
            }
        }
        [unit, count] => match *unit {
            b"-n" => Some((b'n', text(count)?.parse().ok()?)),
            b"-c" => Some((b'c', text(count)?.parse().ok()?)),
            _ => None,
        },
        _ => None,
    }
}

fn lines(input: &[u8]) -> Vec<&[u8]> {
    input.split_inclusive(|c| *c == b'\n').collect()
}

/// `cut -c LIST`, `cut -d X -f LIST`.
pub(super) fn cut(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let (mut delimiter, mut list, mut unit) = (b'\t', None, b'f');
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let letter = *word.strip_prefix(b"-")?.first()?;
        let attached = word.get(2..).filter(|rest| !rest.is_empty());
        let argument = attached.or_else(|| words.next().copied())?;
        match letter {
            b'd' => delimiter = *argument.first()?,
            b'f' | b'c' | b'b' => {
                unit = letter;
                list = Some(ranges(text(argument)?)?);
            }
            _ => return None,
        }
    }
    let list = list?;
    let chosen = |n: usize| list.iter().any(|(from, to)| (*from..=*to).contains(&(n + 1)));
    let mut out = Vec::new();
    for line in lines(input) {
        let body = line.strip_suffix(b"\n").unwrap_or(line);
        if unit == b'f' {
            let fields: Vec<&[u8]> = body.split(|c| *c == delimiter).collect();
            let kept = fields.iter().enumerate().filter(|(n, _)| fields.len() == 1 || chosen(*n));
            let kept: Vec<&[u8]> = kept.map(|(_, field)| *field).collect();
            out.extend(kept.join(&delimiter));
        } else {
            out.extend(body.iter().enumerate().filter(|(n, _)| chosen(*n)).map(|(_, c)| *c));
        }
        out.push(b'\n');
    }
    Some(out)
}

/// `1,3-5,7-`.
fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let number = |text: &str, otherwise: usize| {
        if text.is_empty() { Some(otherwise) } else { text.parse().ok() }
    };
    list.split(',')
        .map(|piece| match piece.split_once('-') {
            Some((from, to)) => Some((number(from, 1)?, number(to, usize::MAX)?)),
            None => piece.parse().ok().map(|n| (n, n)),
        })
        .collect()
}

/// `sed s/LITERAL/LITERAL/g`: anything with a pattern in it is left alone.
pub(super) fn sed(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let script = match words {
        // these pass everything on
        [b"-n", b"p"] | [b"" | b"n"] => return Some(input.to_vec()),
        [script] => text(script)?,
        [b"-e", script] => text(script)?,
        _ => return None,
    };
    let rest = script.strip_prefix('s')?;
    let separator = rest.chars().next().filter(char::is_ascii_punctuation)?;
    let mut pieces = rest.get(separator.len_utf8()..)?.split(separator);
    let (from, to, flags) = (pieces.next()?, pieces.next()?, pieces.next()?);
    let (from, start) = from.strip_prefix('^').map_or((from, false), |rest| (rest, true));
    let (from, end) = from.strip_suffix('$').map_or((from, false), |rest| (rest, true));
    let literal = |text: &str| !text.contains(['\\', '.', '*', '[', ']', '^', '$', '&', '+', '?']);
    if (from.is_empty() && !start && !end)
        || !literal(from)
        || !literal(to)
        || !matches!(flags, "" | "g")
    {
        return None;
    }
    let mut out = String::new();
    for line in text(input)?.split_inclusive('\n') {
        let (line, newline) = line.strip_suffix('\n').map_or((line, ""), |body| (body, "\n"));
        let count = if flags == "g" { usize::MAX } else { 1 };
        match (start, end) {
            (false, false) => out.push_str(&line.replacen(from, to, count)),
            (true, false) if line.starts_with(from) => {
                out.extend([to, line.get(from.len()..)?]);
            }
            (false, true) if line.ends_with(from) => {
                out.extend([line.strip_suffix(from)?, to]);
            }
            (true, true) if line == from => out.push_str(to),
            _ => out.push_str(line),
        }
        out.push_str(newline);
    }
    Some(out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::{basename, cut, dirname, head, rev, sed, seq, tail};

    #[test]
    fn filters_do_what_their_programs_do() {
        let s = |result: Option<Vec<u8>>| String::from_utf8(result.unwrap_or_default()).unwrap();
        assert_eq!(s(rev(&[], b"~ fr- mr\n")), "rm -rf ~\n");
        assert_eq!(s(head(&[b"-n1"], b"a\nb\n")), "a\n");
        assert_eq!(s(head(&[b"-c", b"2"], b"rmx")), "rm");
        assert_eq!(s(tail(&[b"-1"], b"a\nb\n")), "b\n");
        assert_eq!(s(cut(&[b"-c1-2"], b"rmx\n")), "rm\n");
        assert_eq!(s(cut(&[b"-d:", b"-f2"], b"a:rm:c\n")), "rm\n");
        assert_eq!(s(sed(&[b"s/x//g"], b"rxmx\n")), "rm\n");
        assert_eq!(s(sed(&[b"s/^x//"], b"xrx\n")), "rx\n");
        assert_eq!(s(sed(&[b"s/x$/y/"], b"xrx\nr\n")), "xry\nr\n");
        assert_eq!(s(sed(&[b"s/^/rm /"], b"x\n")), "rm x\n");
        assert_eq!(s(sed(&[b"-n", b"p"], b"x\n")), "x\n");
        assert_eq!(s(basename(&[b"/bin/rm"])), "rm\n");
        assert_eq!(s(dirname(&[b"/a/b"])), "/a\n");
        assert_eq!(s(seq(&[b"3"])), "1\n2\n3\n");
        assert_eq!(sed(&[b"s/.*/x/"], b"a"), None);
    }
}

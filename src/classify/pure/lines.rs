//! Filters that choose lines or fields: `grep` of plain text, `sort`, `tee`, the simplest of `awk`.
//!
//! A pattern that is one, or a script that does more than print, gives nothing.

use super::text;

fn lines(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    input.split_inclusive(|c| *c == b'\n')
}

/// `grep [-v] TEXT`; what a file operand names is already in the input.
pub(super) fn grep(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let (mut inverted, mut fixed, mut rest) = (false, false, words);
    while let Some((first, after)) = rest.split_first() {
        match first.strip_prefix(b"-").filter(|letters| !letters.is_empty()) {
            None => break,
            Some(b"-" | b"e") => {
                rest = after;
                break;
            }
            Some(letters) => {
                for letter in letters {
                    match letter {
                        b'v' => inverted = true,
                        b'F' => fixed = true,
                        b'a' | b'h' | b's' => {}
                        _ => return None,
                    }
                }
            }
        }
        rest = after;
    }
    let ([pattern] | [pattern, _]) = rest else { return None };
    let special = |c: &u8| b"\\.*[]^$+?(){}|".contains(c);
    let any = *pattern == b"." && !fixed;
    if !fixed && !any && pattern.iter().any(special) {
        return None;
    }
    let fits = |line: &[u8]| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if any || pattern.is_empty() {
            return !any || !line.is_empty();
        }
        line.windows(pattern.len()).any(|piece| piece == *pattern)
    };
    let mut out = Vec::new();
    for line in lines(input).filter(|line| fits(line) != inverted) {
        out.extend(line);
        if !line.ends_with(b"\n") {
            out.push(b'\n');
        }
    }
    Some(out)
}

/// `dd` that copies all of its input; what `if=` names is already there.
pub(super) fn dd(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let copies = |word: &&[u8]| {
        [b"if=".as_slice(), b"bs=", b"ibs=", b"obs=", b"status="]
            .iter()
            .any(|start| word.starts_with(start))
    };
    words.iter().all(copies).then(|| input.to_vec())
}

/// How often `yes` says it here: without end, but nobody reads on for ever.
const OFTEN: usize = 8;

/// `yes TEXT`, its beginning.
pub(super) fn yes(words: &[&[u8]]) -> Option<Vec<u8>> {
    let line = if words.is_empty() { b"y".to_vec() } else { words.join(&b' ') };
    Some([line.as_slice(), b"\n"].concat().repeat(OFTEN))
}

/// `sort` without keys.
pub(super) fn sort(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let mut all: Vec<&[u8]> =
        lines(input).map(|line| line.strip_suffix(b"\n").unwrap_or(line)).collect();
    all.sort_unstable();
    for word in words {
        match *word {
            b"-r" => all.reverse(),
            b"-u" => all.dedup(),
            _ => return None,
        }
    }
    Some(all.iter().flat_map(|line| [line, b"\n".as_slice()].concat()).collect())
}

/// `awk '{print $2}'`, `awk -F: '{print $NF}'`, `awk 'BEGIN {print "text"}'`.
pub(super) fn awk(words: &[&[u8]], input: Option<&[u8]>) -> Option<Vec<u8>> {
    let (separator, script) = match words {
        [script] => (None, text(script)?),
        [b"-F", separator, script] => (Some(text(separator)?), text(script)?),
        [option, script] => (Some(text(option.strip_prefix(b"-F")?)?), text(script)?),
        _ => return None,
    };
    let script = script.trim();
    let once = script.strip_prefix("BEGIN").map(str::trim_start);
    let body = once.unwrap_or(script).strip_prefix('{')?.strip_suffix('}')?;
    let body = body.trim().trim_end_matches(';');
    let (items, end) = match body.strip_prefix("printf") {
        Some(rest) => (rest, ""),
        None => (body.strip_prefix("print")?, "\n"),
    };
    let items: Vec<Item<'_>> = match items.trim() {
        "" => vec![Item::Field(0)],
        list => list.split(',').map(|item| Item::of(item.trim())).collect::<Option<_>>()?,
    };
    let prints = |line: &str| {
        let fields: Vec<&str> = match separator {
            None | Some(" ") => line.split_ascii_whitespace().collect(),
            // one character is itself, more are a pattern
            Some(one) if one.chars().count() == 1 && one != "|" => line.split(one).collect(),
            Some(_) => return None,
        };
        let shown: Vec<String> = items.iter().map(|item| item.shown(line, &fields)).collect();
        Some(format!("{}{end}", shown.join(" ")))
    };
    if once.is_some() {
        return prints("").map(String::into_bytes);
    }
    let each: Option<Vec<String>> = text(input?)?.lines().map(prints).collect();
    each.map(|all| all.concat().into_bytes())
}

/// One thing that is printed.
enum Item<'a> {
    Field(usize),
    Last,
    Text(&'a str),
}

impl<'a> Item<'a> {
    fn of(text: &'a str) -> Option<Self> {
        if text == "$NF" {
            return Some(Self::Last);
        }
        if let Some(number) = text.strip_prefix('$') {
            return number.parse().ok().map(Self::Field);
        }
        let inside = text.strip_prefix('"')?.strip_suffix('"')?;
        (!inside.contains(['"', '\\', '%'])).then_some(Self::Text(inside))
    }

    fn shown(&self, line: &str, fields: &[&str]) -> String {
        match self {
            Self::Field(0) => line.to_owned(),
            Self::Field(nth) => fields.get(nth - 1).copied().unwrap_or_default().to_owned(),
            Self::Last => fields.last().copied().unwrap_or_default().to_owned(),
            Self::Text(text) => (*text).to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{awk, grep, sort};

    #[test]
    fn lines_and_fields_are_chosen() {
        let s = |result: Option<Vec<u8>>| String::from_utf8(result.unwrap_or_default()).unwrap();
        assert_eq!(s(grep(&[b""], b"a\nb")), "a\nb\n");
        assert_eq!(s(grep(&[b"-v", b"x"], b"ax\nb\n")), "b\n");
        assert_eq!(s(grep(&[b"."], b"\nb\n")), "b\n");
        assert_eq!(grep(&[b"a.*"], b"a"), None);
        assert_eq!(s(sort(&[b"-u"], b"b\na\nb\n")), "a\nb\n");
        assert_eq!(s(awk(&[b"{print $2}"], Some(b"x rm y\n"))), "rm\n");
        assert_eq!(s(awk(&[b"-F:", b"{ print $1, $NF }"], Some(b"rm:x:-r\n"))), "rm -r\n");
        assert_eq!(s(awk(&[b"BEGIN{printf \"rm -r\"}"], None)), "rm -r");
        assert_eq!(awk(&[b"{system($1)}"], Some(b"id\n")), None);
        assert_eq!(awk(&[b"/x/ {print}"], Some(b"id\n")), None);
    }
}

//! Sorts words into options and operands as getopt does; it does not know what any of them mean.
//!
//! Words that are known only in part are sorted by what is known: `--output=$X` is that option
//! with an unknown argument, `$X` is an operand that may have been an option.

use super::act::Act;
use super::model::{Argument, Model, Opt};
use crate::classify::value::{Arity, Known, Value};
use crate::model::finding::Span;

/// An option that was given.
#[derive(Debug, Clone)]
pub(super) struct Hit<'m> {
    /// Which.
    pub(super) option: &'m Opt,
    /// Its argument.
    pub(super) argument: Option<Value>,
    /// The words it stands on.
    pub(super) span: Span,
}

/// The words of a call, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted<'m> {
    /// Options in order.
    pub(super) hits: Vec<Hit<'m>>,
    /// Operands in order.
    pub(super) operands: Vec<Value>,
    /// Words behind an option that ends scanning with a command (`fd -x rm`).
    pub(super) behind: Vec<Value>,
    /// How many operands stand before a `--`, when there is one.
    pub(super) dashes: Option<usize>,
    /// Options without a model.
    pub(super) unknown: Vec<(String, Span)>,
    /// Words that are an option in some cases and not in others.
    pub(super) undecided: Vec<Span>,
    /// A word that may have been an option.
    pub(super) uncertain: Option<Span>,
}

/// Which options there are, and how they are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Syntax<'s, 'm> {
    /// The models whose options are known, nearest first.
    pub(super) models: &'s [&'m Model],
    /// `--help` and its like.
    pub(super) common: &'m [Opt],
}

impl<'m> Syntax<'_, 'm> {
    fn all(&self) -> impl Iterator<Item = &'m Opt> {
        self.models.iter().flat_map(|m| &m.options).chain(self.common)
    }

    fn spelled(&self, dashes: &str, name: &str) -> Option<&'m Opt> {
        self.all().find(|o| o.spellings.iter().any(|s| s.strip_prefix(dashes) == Some(name)))
    }

    fn short(&self, letter: u8) -> Option<&'m Opt> {
        self.all().find(|o| o.spellings.iter().any(|s| s.as_bytes() == [b'-', letter]))
    }

    /// `--name`, `-name` written with two dashes, or a unique beginning of a long name.
    fn long(&self, name: &str) -> Option<&'m Opt> {
        if let Some(found) = self.spelled("--", name) {
            return Some(found);
        }
        if let Some(found) = self.spelled("-", name).filter(|_| name.len() > 1) {
            return Some(found);
        }
        let mut candidates = self.all().filter(|o| {
            o.spellings.iter().any(|s| s.strip_prefix("--").is_some_and(|l| l.starts_with(name)))
        });
        let first = candidates.next()?;
        // Where not all options are listed, `--upgrade` is not short for `--upgrade-strategy`.
        let relief = first.clauses.iter().any(|c| c.act.is_relief());
        if (first.argument != Argument::None || relief) && self.models.iter().any(|m| m.lenient) {
            return None;
        }
        candidates.all(|other| std::ptr::eq(other, first)).then_some(first)
    }

    fn posix(&self) -> bool {
        self.models.first().is_some_and(|m| m.posix)
    }
}

/// Sorts `words`, the program's own name not among them.
pub(super) fn sort<'m>(syntax: Syntax<'_, 'm>, words: &[Value]) -> Sorted<'m> {
    let mut sorter = Sorter { syntax, sorted: Sorted::default(), pending: None, another: false };
    for word in words {
        sorter.word(word);
    }
    if let Some((option, span)) = sorter.pending.take() {
        sorter.sorted.hits.push(Hit { option, argument: None, span });
    }
    sorter.sorted
}

struct Sorter<'s, 'm> {
    syntax: Syntax<'s, 'm>,
    sorted: Sorted<'m>,
    /// An option that waits for its argument.
    pending: Option<(&'m Opt, Span)>,
    /// Whether it waits for another one after that.
    another: bool,
}

impl<'m> Sorter<'_, 'm> {
    fn word(&mut self, word: &Value) {
        if let Some((option, span)) = self.pending.take() {
            let span = span.join(word.span);
            if std::mem::take(&mut self.another) {
                self.pending = Some((option, span));
                return;
            }
            return self.hit(option, Some(word.clone()), span);
        }
        if self.last_says(&[Act::Final, Act::Command]) || self.last_says(&[Act::Final, Act::Joined])
        {
            return self.sorted.behind.push(word.clone());
        }
        let ended = self.syntax.posix() && !self.sorted.operands.is_empty();
        if self.sorted.dashes.is_some() || ended || self.last_says(&[Act::Final]) {
            return self.operand(word);
        }
        match &word.known {
            Known::Const(bytes) => self.certain(word, bytes),
            Known::OneOf(several) => self.alternatives(word, several),
            Known::Prefix(bytes) => self.beginning(word, bytes),
            Known::Unknown => {
                self.sorted.uncertain.get_or_insert(word.span);
                self.operand(word);
            }
        }
    }

    /// Whether the last option has all these acts.
    fn last_says(&self, acts: &[Act]) -> bool {
        let last = self.sorted.hits.last();
        last.is_some_and(|h| acts.iter().all(|a| h.option.clauses.iter().any(|c| c.act == *a)))
    }

    fn operand(&mut self, word: &Value) {
        self.sorted.operands.push(word.clone());
    }

    fn hit(&mut self, option: &'m Opt, argument: Option<Value>, span: Span) {
        self.sorted.hits.push(Hit { option, argument, span });
    }

    fn take(&mut self, option: &'m Opt, attached: Option<Value>, span: Span) {
        match (option.argument, &attached) {
            (Argument::Required, None) => self.pending = Some((option, span)),
            (Argument::Two, given) => {
                self.pending = Some((option, span));
                self.another = given.is_none();
            }
            _ => self.hit(option, attached, span),
        }
    }

    fn unknown(&mut self, option: &str, span: Span) {
        if !self.syntax.models.iter().any(|m| m.lenient) {
            self.sorted.unknown.push((option.to_owned(), span));
        }
    }

    fn certain(&mut self, word: &Value, bytes: &[u8]) {
        match bytes {
            b"--" => self.sorted.dashes = Some(self.sorted.operands.len()),
            [b'-', b'-', name @ ..] => self.long(word, name),
            [b'-', _, ..] => self.single(word, bytes),
            _ => match self.keyword(bytes) {
                Some((option, at)) => self.hit(option, Some(tail(word, bytes, at)), word.span),
                None => self.operand(word),
            },
        }
    }

    /// `if=FILE`, `+COMMAND`: an option spelled without a dash.
    fn keyword(&self, bytes: &[u8]) -> Option<(&'m Opt, usize)> {
        if let [b'+', _, ..] = bytes
            && let Some(option) = self.syntax.spelled("", "+")
        {
            return Some((option, 1));
        }
        let at = bytes.iter().position(|b| *b == b'=')?;
        let name = std::str::from_utf8(bytes.get(..at)?).ok()?;
        let plain = !name.is_empty() && !name.starts_with('-');
        self.syntax.spelled("", name).filter(|_| plain).map(|found| (found, at + 1))
    }

    fn long(&mut self, word: &Value, name: &[u8]) {
        let at = name.iter().position(|b| *b == b'=');
        let text = String::from_utf8_lossy(name.get(..at.unwrap_or(name.len())).unwrap_or(name));
        let attached = at.map(|at| tail(word, name, at + 1));
        match self.syntax.long(&text) {
            Some(option) => self.take(option, attached, word.span),
            None => self.unknown(&format!("--{text}"), word.span),
        }
    }

    /// `-name`, `-name=value`, or a cluster of letters.
    fn single(&mut self, word: &Value, bytes: &[u8]) {
        let at = bytes.iter().position(|b| *b == b'=');
        if bytes.len() > 2 {
            let name =
                String::from_utf8_lossy(bytes.get(1..at.unwrap_or(bytes.len())).unwrap_or(b""));
            if let Some(option) = self.syntax.spelled("-", &name).filter(|_| name.len() > 1) {
                let attached = at.map(|at| tail(word, bytes, at + 1));
                return self.take(option, attached, word.span);
            }
        }
        self.cluster(word, bytes);
    }

    fn cluster(&mut self, word: &Value, bytes: &[u8]) {
        let mut at = 1;
        while let Some(&letter) = bytes.get(at) {
            let rest = bytes.get(at + 1..).unwrap_or(b"");
            if letter.is_ascii_digit()
                && self.syntax.short(letter).is_none_or(|_| !rest.is_empty())
                && let Some(option) = self.syntax.spelled("-", "#")
            {
                let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                self.hit(option, None, word.span);
                at += 1 + digits;
                continue;
            }
            at += 1;
            let Some(option) = self.syntax.short(letter) else {
                self.unknown(&format!("-{}", char::from(letter)), word.span);
                continue;
            };
            let open = matches!(word.known, Known::Prefix(_));
            if option.argument != Argument::None && (!rest.is_empty() || open) {
                let skip = usize::from(rest.first() == Some(&b'='));
                return self.hit(option, Some(tail(word, bytes, at + skip)), word.span);
            }
            self.take(option, None, word.span);
        }
    }

    /// Each alternative that is an option counts as given; the others are one operand.
    fn alternatives(&mut self, word: &Value, several: &[Vec<u8>]) {
        let (options, others): (Vec<_>, Vec<_>) =
            several.iter().cloned().partition(|b| b.starts_with(b"-") && b.len() > 1);
        if !options.is_empty() {
            self.sorted.undecided.push(word.span);
        }
        let before = self.sorted.hits.len();
        for bytes in options {
            let one = Value { known: Known::Const(bytes.clone()), ..word.clone() };
            if bytes != b"--" {
                self.certain(&one, &bytes);
                self.pending = None;
            }
        }
        // What would make the call harmless is only one of the cases.
        let relief = |hit: &Hit<'_>| hit.option.clauses.iter().any(|c| c.act.is_relief());
        let hits = self.sorted.hits.split_off(before);
        self.sorted.hits.extend(hits.into_iter().filter(|hit| !relief(hit)));
        if !others.is_empty() {
            self.operand(&Value { known: Known::OneOf(others), ..word.clone() });
        }
    }

    /// A word of which only the beginning is known.
    fn beginning(&mut self, word: &Value, bytes: &[u8]) {
        match bytes {
            [b'-', b'-', name @ ..] if name.contains(&b'=') => self.long(word, name),
            [b'-', letter, ..] if *letter != b'-' => {
                self.sorted.uncertain.get_or_insert(word.span);
                self.single(word, bytes);
            }
            [] | [b'-', ..] => {
                self.sorted.uncertain.get_or_insert(word.span);
                self.operand(word);
            }
            _ => match self.keyword(bytes) {
                Some((option, at)) => self.hit(option, Some(tail(word, bytes, at)), word.span),
                None => self.operand(word),
            },
        }
    }
}

/// The word from byte `at` on, as far known as the word itself.
fn tail(word: &Value, bytes: &[u8], at: usize) -> Value {
    let rest = bytes.get(at..).unwrap_or(b"").to_vec();
    let known = match &word.known {
        Known::Prefix(_) if rest.is_empty() => Known::Unknown,
        Known::Prefix(_) => Known::Prefix(rest),
        _ => Known::Const(rest),
    };
    Value { known, arity: Arity::One, taint: word.taint.clone(), span: word.span }
}

#[cfg(test)]
mod tests {
    use super::super::model::parse;
    use super::*;

    const TEXT: &str = r#"
        options = ["-r -R --recursive", "-n --lines=", "-i --in-place=?", "--line-buffered", "-#", "of=", "-name="]
    "#;

    fn word(text: &str) -> Value {
        Value::constant(text, Span::default())
    }

    /// Options as `first-spelling=argument`, then operands.
    fn show(text: &'static str, words: &[Value]) -> String {
        let model = parse(text).unwrap();
        let sorted = sort(Syntax { models: &[&model], common: &[] }, words);
        let mut parts: Vec<String> = Vec::new();
        for hit in &sorted.hits {
            let argument = hit.argument.as_ref().map(|a| match &a.known {
                Known::Const(b) => format!("={}", String::from_utf8_lossy(b)),
                other => format!("={other:?}"),
            });
            parts.push(format!("{}{}", hit.option.spellings[0], argument.unwrap_or_default()));
        }
        parts.extend(sorted.unknown.iter().map(|(name, _)| format!("?{name}")));
        parts.extend(sorted.operands.iter().map(|o| o.as_str().unwrap_or("$").to_owned()));
        parts.join(" ")
    }

    fn of(line: &str) -> String {
        show(TEXT, &line.split(' ').map(word).collect::<Vec<_>>())
    }

    #[test]
    fn clusters_and_attached_arguments() {
        assert_eq!(of("-rn5 a"), "-r -n=5 a");
        assert_eq!(of("-rn 5 a"), "-r -n=5 a");
        assert_eq!(of("-20 a"), "-# a");
        assert_eq!(of("-rXr a"), "-r -r ?-X a");
    }

    #[test]
    fn long_options_and_their_beginnings() {
        assert_eq!(of("--lines=5 --lines 6"), "-n=5 -n=6");
        assert_eq!(of("--rec a"), "-r a");
        assert_eq!(of("--line a"), "?--line a");
        assert_eq!(of("--in-place=.bak a"), "-i=.bak a");
        assert_eq!(of("--in-place a"), "-i a");
        assert_eq!(of("-i.bak a"), "-i=.bak a");
    }

    #[test]
    fn beginnings_are_not_trusted_where_options_are_missing() {
        let words: Vec<Value> = ["--up", "a", "--verb"].into_iter().map(word).collect();
        let text = "lenient = true\noptions = ['--upgrade-strategy=', '--verbose']";
        assert_eq!(show(text, &words), "--verbose a");
    }

    #[test]
    fn dashes_end_options_and_operands_may_stand_first() {
        assert_eq!(of("a -r -- -r"), "-r a -r");
        assert_eq!(of("- a"), "- a");
    }

    #[test]
    fn keywords_and_single_dash_names() {
        assert_eq!(of("of=x y=z"), "of=x y=z");
        assert_eq!(of("-name x --name=y -r"), "-name=x -name=y -r");
    }

    #[test]
    fn posix_order_stops_at_the_first_operand() {
        let words: Vec<Value> = ["-r", "a", "-r"].into_iter().map(word).collect();
        assert_eq!(show("options = ['-r']\nposix = true", &words), "-r a -r");
    }

    #[test]
    fn words_known_in_part() {
        let prefix = Value { known: Known::Prefix(b"--lines=".to_vec()), ..word("") };
        assert_eq!(show(TEXT, &[prefix]), "-n=Unknown");
        let attached = Value { known: Known::Prefix(b"-n/tmp/".to_vec()), ..word("") };
        assert_eq!(show(TEXT, &[attached]), "-n=Prefix([47, 116, 109, 112, 47])");
        let either = Value { known: Known::OneOf(vec![b"-r".to_vec(), b"a".to_vec()]), ..word("") };
        assert_eq!(show(TEXT, &[either]), "-r $");
        assert_eq!(show(TEXT, &[Value::unknown(Span::default())]), "$");
    }
}

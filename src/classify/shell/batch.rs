//! `xargs` and its like: words read from standard input become words of a command.
//!
//! How the input is cut into words is said by the options before the command; where it is not known
//! what the input holds, the words are any of what it lists.

use super::Shell;
use super::call::Lookup;
use super::carried::filled;
use super::reading::whole_span;
use super::state::State;
use crate::classify::flow::Stream;
use crate::classify::programs::reading::Call;
use crate::classify::value::Value;
use crate::model::finding::Span;
use std::rc::Rc;

/// Commands that are followed one by one, and words that are given to one of them.
const MAX_BATCHES: usize = 64;
const MAX_WORDS: usize = 256;

/// Options of `xargs` that take a word of their own.
const WITH_WORD: &[u8] = b"dEILnPsaJRS";

impl Shell<'_> {
    /// Starts the command once for each batch of words.
    pub(super) fn with_input(
        &mut self,
        words: &[Value],
        (call, state): (&Call<'_>, &mut State),
    ) -> Stream {
        let span = whole_span(words);
        let feeding = Feeding::of(call, words.len());
        let input = std::mem::take(&mut state.input);
        let given: Vec<Value> = match input.bytes() {
            Some(bytes) => {
                let items = feeding.items(bytes).into_iter();
                items.map(|item| Value::constant(item, span).tainted_by(&input.taint)).collect()
            }
            None => Stream::clone(&input).into_words(span),
        };
        let mut output = Stream::empty();
        if let Some(mark) = &feeding.mark(words) {
            for item in given.iter().take(MAX_BATCHES) {
                let words = filled(words, mark, item, state);
                output.append(self.start(&words, state, span));
            }
            return output;
        }
        let most = feeding.most.unwrap_or(MAX_WORDS).clamp(1, MAX_WORDS);
        let mut batches = given.chunks(most).take(MAX_BATCHES);
        // without words it is started all the same
        let first = batches.next().unwrap_or_default();
        for batch in std::iter::once(first).chain(batches) {
            let argv = [words, batch].concat();
            output.append(self.start(&argv, state, span));
        }
        output
    }

    fn start(&mut self, words: &[Value], state: &mut State, span: Span) -> Stream {
        state.input = Rc::default();
        self.dispatch(words, state, span, Lookup::ProgramsOnly)
    }
}

/// How the input becomes words.
#[derive(Debug, Default)]
struct Feeding {
    /// The one character between words; blanks, and quotes around them, when there is none.
    between: Option<u8>,
    /// What stands for a word within the command.
    replaced: Option<Vec<u8>>,
    /// Words a command is given at most.
    most: Option<usize>,
    /// Whether a line is one word.
    by_lines: bool,
}

impl Feeding {
    /// Reads the options of a call whose last `carried` words are the command.
    fn of(call: &Call<'_>, carried: usize) -> Self {
        let mut feeding = Self { by_lines: !call.name.ends_with("xargs"), ..Self::default() };
        let end = call.argv.len().saturating_sub(carried);
        let mut words =
            call.argv.get(1..end).unwrap_or_default().iter().filter_map(Value::as_const);
        while let Some(word) = words.next() {
            if let Some(long) = word.strip_prefix(b"--") {
                feeding.long(long, &mut words);
                continue;
            }
            let Some(letters) = word.strip_prefix(b"-") else { continue };
            for (at, letter) in letters.iter().enumerate() {
                let attached = letters.get(at + 1..).filter(|rest| !rest.is_empty());
                let optional = matches!(letter, b'i' | b'e' | b'l');
                let argument = match attached {
                    None if WITH_WORD.contains(letter) => words.next(),
                    attached => attached,
                };
                feeding.option(*letter, argument);
                if optional || WITH_WORD.contains(letter) {
                    break;
                }
            }
        }
        feeding
    }

    fn long<'w>(&mut self, long: &'w [u8], words: &mut impl Iterator<Item = &'w [u8]>) {
        let mut pieces = long.splitn(2, |c| *c == b'=');
        let (name, attached) = (pieces.next().unwrap_or_default(), pieces.next());
        let letter = match name {
            b"null" => b'0',
            b"delimiter" => b'd',
            b"replace" => b'i',
            b"max-args" => b'n',
            b"max-lines" => b'l',
            b"arg-file" | b"eof" | b"max-procs" | b"max-chars" | b"process-slot-var" => b'a',
            _ => return,
        };
        let own = matches!(letter, b'd' | b'n') || (letter == b'a' && name != b"eof");
        let argument = attached.or_else(|| if own { words.next() } else { None });
        self.option(letter, argument);
    }

    fn option(&mut self, letter: u8, argument: Option<&[u8]>) {
        let number = || argument.and_then(|a| std::str::from_utf8(a).ok()?.parse().ok());
        match letter {
            b'0' => self.between = Some(0),
            b'd' => self.between = argument.map(delimiter),
            b'I' | b'i' | b'J' => {
                let mark = argument.filter(|mark| !mark.is_empty()).unwrap_or(b"{}");
                self.replaced = Some(mark.to_vec());
                self.by_lines = true;
            }
            b'n' => self.most = number(),
            _ => {}
        }
    }

    /// What is replaced in the command, if anything is.
    fn mark(&self, words: &[Value]) -> Option<Vec<u8>> {
        let holds = |mark: &[u8]| {
            let mut constants = words.iter().filter_map(Value::as_const);
            constants.any(|word| word.windows(mark.len()).any(|piece| piece == mark))
        };
        match &self.replaced {
            Some(mark) => Some(mark.clone()),
            // GNU parallel knows the mark without being told
            None => (self.by_lines && holds(b"{}")).then(|| b"{}".to_vec()),
        }
    }

    fn items(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        match self.between {
            Some(between) => {
                let bytes = bytes.strip_suffix(&[between]).unwrap_or(bytes);
                bytes.split(|c| *c == between).map(<[u8]>::to_vec).collect()
            }
            None if self.by_lines => bytes
                .split(|c| *c == b'\n')
                .map(|line| words(line, |_| false).concat())
                .filter(|line| !line.is_empty())
                .collect(),
            None => words(bytes, |c| c.is_ascii_whitespace()),
        }
    }
}

/// `\n`, `\0`, `\x41`, `\101`, or the character itself.
fn delimiter(text: &[u8]) -> u8 {
    let decoded = crate::classify::syntax::decode_escapes(text);
    decoded.first().copied().unwrap_or(0)
}

/// Words between separators, with quotes and backslashes taken off.
fn words(bytes: &[u8], separates: fn(u8) -> bool) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut rest = bytes.trim_ascii_start().iter().copied();
    while let Some(c) = rest.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, b'\'' | b'"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, b'\\') => word.get_or_insert_default().extend(rest.next()),
            (None, c) if separates(c) => all.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

#[cfg(test)]
mod tests {
    use super::{Feeding, words};
    use crate::classify::programs::reading::Call;
    use crate::classify::value::Value;
    use crate::model::finding::Span;

    #[test]
    fn input_is_cut_as_the_options_say() {
        let cases: [(&str, &str, &[&str]); 9] = [
            ("xargs rm", "a 'b c'\n\"d\" e\\ f\n", &["a", "b c", "d", "e f"]),
            ("xargs -0 rm", "a b\0c\0", &["a b", "c"]),
            ("xargs -d \\n -n1 rm", "a b\nc\n", &["a b", "c"]),
            ("xargs -d, rm", "a,b", &["a", "b"]),
            ("xargs --delimiter=\\n rm", "a b\n", &["a b"]),
            ("xargs -I % rm", " a b\nc\n", &["a b", "c"]),
            ("xargs -r0P 4 rm", "a\0b", &["a", "b"]),
            ("xargs --null rm", "a\0b", &["a", "b"]),
            ("parallel rm", "a b\nc\n", &["a b", "c"]),
        ];
        for (line, input, expected) in cases {
            let argv: Vec<Value> =
                line.split(' ').map(|word| Value::constant(word, Span::default())).collect();
            let name = line.split(' ').next().unwrap_or_default();
            let items = Feeding::of(&Call { name, argv: &argv }, 1).items(input.as_bytes());
            let items: Vec<_> = items.iter().map(|i| String::from_utf8_lossy(i)).collect();
            assert_eq!(items, expected, "{line}");
        }
        assert_eq!(words(b"", |c| c == b' '), Vec::<Vec<u8>>::new());
    }
}

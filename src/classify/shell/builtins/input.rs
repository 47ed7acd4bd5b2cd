//! `read`, `mapfile`, `getopts`: variables filled from data.

use crate::classify::flow::Stream;
use crate::classify::shell::Shell;
use crate::classify::shell::state::{Descriptor, State, Variable};
use crate::classify::value::{Arity, Value};
use crate::model::finding::Span;
use std::rc::Rc;

/// Options of `read` that take a word.
const WITH_WORD: &[u8] = b"adinNptu";

impl Shell<'_> {
    /// `read`: one line, split into the named variables.
    pub(super) fn read_line(&mut self, rest: &[Value], state: &mut State) -> Stream {
        let Asked { names, array, other_input, end } = Asked::of(rest);
        self.evaluated_words(rest, state);
        let span = rest.first().map(|v| v.span).unwrap_or_default();
        let input = match other_input {
            Some(number) => match state.descriptors.get(&number) {
                Some(open) => Rc::new(self.contents(open)),
                None => Rc::default(),
            },
            None => Rc::clone(&state.input),
        };
        let Some(line) = next_line(&input, (other_input, end), state) else {
            let value = unknown_line(&input, span);
            for name in names.iter().chain(&array) {
                state.assign(name, value.clone());
            }
            return Stream::empty();
        };
        let taint = &input.taint;
        let value = |bytes: &[u8]| Value::constant(bytes, span).tainted_by(taint);
        let separators = self.separators(state).unwrap_or_else(|| b" \t\n".to_vec());
        let words: Vec<&[u8]> =
            line.split(|c| separators.contains(c)).filter(|w| !w.is_empty()).collect();
        if let Some(array) = array {
            let elements = words.iter().enumerate().map(|(n, w)| (n.to_string(), value(w)));
            state.set(&array, Variable::Array(elements.collect()));
            return Stream::empty();
        }
        for (nth, name) in names.iter().enumerate() {
            let last = nth + 1 == names.len();
            let words = words.get(nth..).unwrap_or_default();
            let text = match (last, nth) {
                (true, 0) => line.trim_ascii().to_vec(),
                (true, _) => words.join(separators.first().unwrap_or(&b' ')),
                (false, _) => words.first().copied().unwrap_or_default().to_vec(),
            };
            state.assign(name, value(&text));
        }
        Stream::empty()
    }

    /// `mapfile`: all lines into an array.
    pub(super) fn read_lines(&mut self, rest: &[Value], state: &mut State) -> Stream {
        for pair in rest.windows(2) {
            if let [option, code] = pair
                && option.as_str() == Some("-C")
            {
                self.callback(code, state);
            }
        }
        let name = rest.iter().rev().filter_map(Value::as_str).find(|text| !text.starts_with('-'));
        let name = name.unwrap_or("MAPFILE").to_owned();
        let span = rest.first().map(|v| v.span).unwrap_or_default();
        let input = Rc::clone(&state.input);
        let lines = match input.bytes() {
            Some(bytes) => {
                let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
                let lines = text.split(|c| *c == b'\n').enumerate();
                lines
                    .map(|(n, l)| {
                        (n.to_string(), Value::constant(l, span).tainted_by(&input.taint))
                    })
                    .collect()
            }
            None => {
                let value = Value { arity: Arity::Any, ..unknown_line(&input, span) };
                vec![("0".to_owned(), value)]
            }
        };
        state.set(&name, Variable::Array(lines));
        Stream::empty()
    }

    pub(super) fn next_option(&mut self, rest: &[Value], state: &mut State) -> Stream {
        let unknown = Value { arity: Arity::One, ..Value::unknown(Span::default()) };
        if let Some(name) = rest.get(1).and_then(Value::as_str) {
            state.assign(name, unknown.clone());
        }
        state.assign("OPTARG", unknown);
        Stream::empty()
    }
}

/// Takes one line from the input when all of it is known; a loop then reads the next.
fn next_line(
    input: &Rc<Stream>,
    (from, end): (Option<i32>, u8),
    state: &mut State,
) -> Option<Vec<u8>> {
    let bytes = input.bytes()?;
    let mut lines = bytes.splitn(2, |c| *c == end);
    let line = lines.next().unwrap_or_default().to_vec();
    let rest = lines.next().unwrap_or_default().to_vec();
    let taint = input.taint.clone();
    let rest = Rc::new(Stream { taint, ..Stream::exactly(rest) });
    match from {
        Some(number) => {
            Rc::make_mut(&mut state.descriptors).insert(number, Descriptor::Data(rest));
        }
        None => state.input = rest,
    }
    Some(line)
}

/// A line of which only the source is known: where the paths lie that it lists.
fn unknown_line(input: &Stream, span: Span) -> Value {
    let paths = Stream { known: crate::classify::value::Known::Unknown, ..input.clone() };
    Value { arity: Arity::One, ..paths.into_word(span) }
}

/// What a `read` is asked for.
struct Asked {
    names: Vec<String>,
    /// The array after `-a`.
    array: Option<String>,
    /// The other descriptor it reads; an impossible one when it is not known.
    other_input: Option<i32>,
    /// The character a line ends with.
    end: u8,
}

impl Asked {
    fn of(rest: &[Value]) -> Self {
        let mut asked = Self { names: Vec::new(), array: None, other_input: None, end: b'\n' };
        let mut words = rest.iter().filter_map(Value::as_str);
        while let Some(word) = words.next() {
            let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) else {
                asked.names.push(word.to_owned());
                continue;
            };
            let Some(at) = letters.bytes().position(|c| WITH_WORD.contains(&c)) else { continue };
            let attached = letters.get(at + 1..).filter(|rest| !rest.is_empty());
            let argument = attached.or_else(|| words.next());
            match letters.as_bytes().get(at) {
                Some(b'a') => asked.array = argument.map(str::to_owned),
                Some(b'u') => {
                    asked.other_input = Some(argument.and_then(|a| a.parse().ok()).unwrap_or(-1));
                }
                // an empty word is a NUL, which no text holds: all of it is one line
                Some(b'd') => asked.end = argument.and_then(|a| a.bytes().next()).unwrap_or(0),
                _ => {}
            }
        }
        if asked.names.is_empty() && asked.array.is_none() {
            asked.names.push("REPLY".to_owned());
        }
        asked
    }
}

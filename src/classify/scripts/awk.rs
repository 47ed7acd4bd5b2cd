//! AWK programs: what they start by `system`, `|` and `|&`, and which files they write and read.
//!
//! Variables that are set to one constant are known; everything else a command is put together from is a
//! hole. No control flow: what stands anywhere in the program is taken to happen.

use super::awk_words::{Word, words};
use super::text::Text;
use super::{Deed, Script};
use crate::classify::programs::reading::Language;
use crate::model::effect::Access;
use crate::model::finding::Severity;
use std::collections::BTreeMap;

/// Names by which a program reaches what is not read here: the environment, files by its arguments.
const BEYOND: &[&str] = &["ENVIRON", "ARGV", "ARGC", "PROCINFO"];

/// What an AWK program does, given these words (`NAME=VALUE` and files).
pub(super) fn read(program: &str, given: &[&str]) -> Script {
    let Some(words) = words(program) else { return Script::opaque() };
    let mut constants = constants(&words);
    for (name, value) in given.iter().filter_map(|word| word.split_once('=')) {
        if name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_') {
            constants.entry(name).or_insert_with(|| Text::known(value));
        }
    }
    let mut reader = Reader { constants, words: &words, script: Script::default() };
    reader.walk();
    reader.script
}

struct Reader<'w> {
    words: &'w [Word],
    /// Variables that are set once, to this.
    constants: BTreeMap<&'w str, Text>,
    script: Script,
}

impl Reader<'_> {
    fn walk(&mut self) {
        // whether a `print` is under way, and in how many brackets since
        let mut printing: Option<usize> = None;
        for (at, word) in self.words.iter().enumerate() {
            match word {
                Word::End | Word::Mark("}" | "{") => printing = None,
                Word::Strange | Word::Mark("@") => self.script.unread = true,
                Word::Name(name) => match name.as_str() {
                    "print" | "printf" => printing = Some(0),
                    "system" => self.system(at),
                    "getline" => self.getline(at),
                    name => self.script.unread |= BEYOND.contains(&name),
                },
                Word::Mark("(" | "[") => printing = printing.map(|depth| depth + 1),
                Word::Mark(")" | "]") => printing = printing.and_then(|depth| depth.checked_sub(1)),
                Word::Mark("|" | "|&") => self.pipe(at),
                Word::Mark(">" | ">>") if printing == Some(0) => {
                    let file = self.text(at + 1, self.end_of_expression(at + 1));
                    self.script.touches(Access::Write, file);
                }
                _ => {}
            }
        }
    }

    /// `system(TEXT)`.
    fn system(&mut self, at: usize) {
        match self.words.get(at + 1) {
            Some(Word::Mark("(")) => {
                let text = self.text(at + 2, self.end_of_expression(at + 2));
                self.run(text);
            }
            _ => self.script.unread = true,
        }
    }

    /// `TEXT | getline`, or `print ... | TEXT`.
    fn pipe(&mut self, at: usize) {
        let gets = matches!(self.words.get(at + 1), Some(Word::Name(name)) if name == "getline");
        let text = if gets {
            self.text(self.begin_of_expression(at), at)
        } else {
            self.text(at + 1, self.end_of_expression(at + 1))
        };
        if !gets && text.constant().is_some_and(reads_code) {
            // What is printed into a shell is run by it.
            let prints =
                |word: &Word| matches!(word, Word::Name(n) if n == "print" || n == "printf");
            let from = self.words.get(..at).unwrap_or_default().iter().rposition(prints);
            let printed = self.text(from.map_or(at, |from| from + 1), at);
            // A format is no text yet; what becomes of it nobody has read.
            let formats = matches!(from.and_then(|from| self.words.get(from)), Some(Word::Name(n)) if n == "printf");
            if printed.constant().is_some_and(|text| !formats || !text.contains('%')) {
                self.run(printed);
            }
        }
        self.run(text);
    }

    /// `getline [NAME] < TEXT`: the one word behind the mark.
    fn getline(&mut self, at: usize) {
        let mark = (at + 1..at + 3).find(|at| matches!(self.words.get(*at), Some(Word::Mark("<"))));
        if let Some(mark) = mark {
            let file = match self.words.get(mark + 1) {
                Some(Word::Str(_) | Word::Name(_)) => self.text(mark + 1, mark + 2),
                _ => Text::hole(),
            };
            self.script.touches(Access::Read, file);
        }
    }

    fn run(&mut self, text: Text) {
        // `/inet/tcp/0/host/port` is a socket, not a command
        if text.beginning().starts_with("/inet") {
            let reason = format!("connects to {} by itself", text.beginning());
            let instead = "use a program made for it, so that it is seen what goes where";
            self.script.does(Deed::Danger("net.raw-socket", Severity::Caution, reason, instead));
            self.script.unread = true;
        } else {
            self.script.does(Deed::Run(Language::Shell, text));
        }
    }

    /// Where an expression that begins at `from` ends.
    fn end_of_expression(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        for (at, word) in self.words.iter().enumerate().skip(from) {
            match word {
                Word::Mark("(" | "[") => depth += 1,
                Word::Mark(")" | "]") if depth > 0 => depth -= 1,
                Word::Mark(")" | "]" | "}" | ",") | Word::End if depth == 0 => return at,
                _ => {}
            }
        }
        self.words.len()
    }

    /// Where the expression that ends before `to` begins.
    fn begin_of_expression(&self, to: usize) -> usize {
        let mut depth = 0_usize;
        for at in (0..to).rev() {
            match self.words.get(at) {
                Some(Word::Mark(")" | "]")) => depth += 1,
                Some(Word::Mark("(" | "[")) if depth > 0 => depth -= 1,
                Some(
                    Word::Mark("(" | "[" | "{" | "}" | "," | "&&" | "||" | "!" | "=") | Word::End,
                ) if depth == 0 => {
                    return at + 1;
                }
                _ => {}
            }
        }
        0
    }

    fn text(&self, from: usize, to: usize) -> Text {
        joined(self.words.get(from..to).unwrap_or(&[]), &self.constants)
    }
}

/// Whether a command is a shell that reads what it is to run.
fn reads_code(command: &str) -> bool {
    let mut words = command.split_ascii_whitespace();
    let name = words.next().and_then(|word| word.rsplit('/').next());
    let shell = matches!(name, Some("sh" | "bash" | "dash" | "zsh" | "ksh"));
    shell && words.all(|word| word.starts_with('-') && !word.contains('c'))
}

/// The text that an expression of strings and names stands for.
fn joined(words: &[Word], constants: &BTreeMap<&str, Text>) -> Text {
    if words.contains(&Word::Mark("?")) {
        return Text::hole();
    }
    let mut out = Text::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        match word {
            Word::Str(text) => out.push(text),
            Word::Name(_) if matches!(words.get(at), Some(Word::Mark("(" | "["))) => {
                out.push_hole();
                at = behind_bracket(words, at);
            }
            Word::Name(name) => match constants.get(name.as_str()) {
                Some(text) => out.append(text),
                None => out.push_hole(),
            },
            Word::Mark("(" | ")") => {}
            _ => out.push_hole(),
        }
    }
    out
}

/// Behind the bracket that opens at `from`.
fn behind_bracket(words: &[Word], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(from) {
        match word {
            Word::Mark("(" | "[") => depth += 1,
            Word::Mark(")" | "]") => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    words.len()
}

/// Which names are set to one text and nothing else.
fn constants(words: &[Word]) -> BTreeMap<&str, Text> {
    let mut found: BTreeMap<&str, Option<Text>> = BTreeMap::new();
    for (at, word) in words.iter().enumerate() {
        let Word::Name(name) = word else { continue };
        match words.get(at + 1) {
            Some(Word::Mark("=")) => {
                let rest = words.get(at + 2..).unwrap_or(&[]);
                let end = rest
                    .iter()
                    .position(|w| matches!(w, Word::End | Word::Mark("}" | ")" | "," | "{" | "]")));
                let value = rest.get(..end.unwrap_or(rest.len())).unwrap_or(&[]);
                let only = value.iter().all(|w| matches!(w, Word::Str(_)));
                let text = (only && !value.is_empty()).then(|| joined(value, &BTreeMap::new()));
                let known = found.entry(name).or_insert_with(|| text.clone());
                if *known != text {
                    *known = None;
                }
            }
            Some(Word::Mark(
                "+=" | "-=" | "*=" | "/=" | "%=" | "^=" | "**=" | "++" | "--" | "[",
            )) => {
                found.insert(name, None);
            }
            _ => {
                let gets = |w: Option<&Word>| matches!(w, Some(Word::Name(n)) if n == "getline");
                let loops = matches!(words.get(at + 1), Some(Word::Name(n)) if n == "in");
                if loops || gets(at.checked_sub(1).and_then(|at| words.get(at))) {
                    found.insert(name, None);
                }
            }
        }
    }
    found.into_iter().filter_map(|(name, text)| text.map(|text| (name, text))).collect()
}

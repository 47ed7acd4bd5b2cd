//! Splitting into words and matching patterns against the file system: the last two expansions.

use super::{Piece, pattern};
use crate::classify::shell::Shell;
use crate::classify::shell::state::State;
use crate::classify::syntax::tree::Quoting;
use crate::classify::value::{Arity, Known, Value, add_taint};
use crate::model::finding::Span;
use crate::model::world::Matches;
use std::path::Path;

/// More matches than this are one word of which only the directory is known.
const MAX_MATCHES: usize = 64;

/// A word that is being put together.
#[derive(Debug)]
pub(super) struct Draft {
    value: Value,
    /// The same as a pattern, while all of it is known.
    pattern: Vec<u8>,
    /// Whether the pattern has characters that match others.
    globs: bool,
    /// Whether the word exists although it may be empty.
    present: bool,
}

/// Words that are being put together from pieces.
pub(super) struct Fields {
    done: Vec<Draft>,
    current: Draft,
    span: Span,
    separators: Option<Vec<u8>>,
}

impl Fields {
    pub(super) fn new(span: Span, separators: Option<Vec<u8>>) -> Self {
        Self { done: Vec::new(), current: Draft::new(span), span, separators }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        match piece {
            Piece::Alive(text) => self.current.alive(text.as_bytes()),
            Piece::Dead(text) => self.current.dead(&Value::constant(text, self.span)),
            Piece::One(value, Quoting::Double) => self.current.dead(&value),
            Piece::One(value, Quoting::Bare) => self.bare(&value),
            Piece::Many(values, quoting) => self.many(&values, quoting),
            Piece::Several(pieces) => pieces.into_iter().for_each(|piece| self.push(piece)),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Draft> {
        self.cut();
        self.done
    }

    fn many(&mut self, values: &[Value], quoting: Quoting) {
        for (nth, value) in values.iter().enumerate() {
            if nth > 0 {
                self.cut();
            }
            match quoting {
                Quoting::Double => self.current.dead(value),
                Quoting::Bare => self.bare(value),
            }
        }
    }

    /// A value outside quotes: split where a separator stands.
    fn bare(&mut self, value: &Value) {
        let Some(separators) = self.separators.clone() else {
            return self.current.unknown(&value.taint);
        };
        let splits = |bytes: &[u8]| bytes.iter().any(|c| separators.contains(c));
        let Some(bytes) = value.as_const() else {
            let whole = value.alternatives();
            let stays = !whole.is_empty()
                && !whole.iter().any(|bytes| splits(bytes) || pattern::is_pattern(bytes));
            if stays {
                // an empty value alone is no word at all
                if !self.current.present && whole.iter().any(Vec::is_empty) {
                    self.current.value.arity = Arity::Any;
                }
                return self.current.dead(value);
            }
            let begins = match &value.known {
                Known::Prefix(bytes) if !splits(bytes) => Known::Prefix(bytes.clone()),
                _ => Known::Unknown,
            };
            return self.current.open(&begins, &value.taint);
        };
        let mut pieces = bytes.split(|c| separators.contains(c));
        let first = pieces.next().unwrap_or_default();
        add_taint(&mut self.current.value.taint, &value.taint);
        self.current.alive(first);
        for piece in pieces {
            self.cut();
            add_taint(&mut self.current.value.taint, &value.taint);
            self.current.alive(piece);
        }
    }

    /// Ends the current word.
    fn cut(&mut self) {
        let draft = std::mem::replace(&mut self.current, Draft::new(self.span));
        if draft.present {
            self.done.push(draft);
        }
    }
}

impl Draft {
    fn new(span: Span) -> Self {
        let value = Value::constant(Vec::new(), span);
        Self { value, pattern: Vec::new(), globs: false, present: false }
    }

    fn alive(&mut self, bytes: &[u8]) {
        self.present |= !bytes.is_empty();
        self.globs |= pattern::is_pattern(bytes);
        self.pattern.extend(bytes);
        self.value.known.push(&Known::Const(bytes.to_vec()));
    }

    fn dead(&mut self, value: &Value) {
        self.present = true;
        if let Some(bytes) = value.as_const() {
            pattern::escape(bytes, &mut self.pattern);
        }
        if value.arity == Arity::Any {
            self.value.arity = Arity::Any;
        }
        self.value.known.push(&value.known);
        add_taint(&mut self.value.taint, &value.taint);
    }

    fn unknown(&mut self, taint: &[crate::model::effect::Taint]) {
        self.open(&Known::Unknown, taint);
    }

    /// Something that may become any number of words.
    fn open(&mut self, begins: &Known, taint: &[crate::model::effect::Taint]) {
        self.present = true;
        self.value.arity = Arity::Any;
        self.value.known.push(begins);
        add_taint(&mut self.value.taint, taint);
    }
}

impl Shell<'_> {
    /// The words a draft becomes: its matches on the file system when it is a pattern.
    pub(super) fn glob(&mut self, draft: Draft, state: &State, values: &mut Vec<Value>) {
        let Draft { mut value, pattern, globs, .. } = draft;
        if !globs {
            return values.push(value);
        }
        if value.as_const().is_none() {
            // What it begins with is known up to the first character that matches others.
            let alternatives = value.alternatives().to_vec();
            for bytes in &alternatives {
                let end =
                    bytes.iter().position(|c| pattern::is_pattern(&[*c])).unwrap_or(bytes.len());
                let known = Known::prefix(bytes.get(..end).unwrap_or_default().to_vec());
                values.push(Value { known, arity: Arity::Any, ..value.clone() });
            }
            if alternatives.is_empty() {
                value.arity = Arity::Any;
                values.push(value);
            }
            return;
        }
        let literal = pattern::literal_prefix(&pattern);
        if self.globs_among_made((&pattern, &literal), &value, state, values) {
            return;
        }
        let directory = match (literal.first(), state.directories.as_slice()) {
            (Some(b'/'), _) => Some(Path::new("/")),
            (_, [only]) => Some(only.as_path()),
            _ => None,
        };
        if state.is_on("noglob") {
            values.push(value.clone());
        }
        let matches = match (directory, std::str::from_utf8(&pattern)) {
            (Some(directory), Ok(text)) => self.matches(text, directory, state),
            _ => None,
        };
        match matches {
            Some(found) if found.complete && (1..=MAX_MATCHES).contains(&found.paths.len()) => {
                let relative = literal.first() != Some(&b'/');
                for path in &found.paths {
                    let shown = directory
                        .filter(|_| relative)
                        .and_then(|directory| path.strip_prefix(directory).ok())
                        .unwrap_or(path);
                    let bytes = shown.as_os_str().as_encoded_bytes();
                    values.push(Value::constant(bytes, value.span).tainted_by(&value.taint));
                }
            }
            // nothing there: the shell passes the pattern itself, except where it means "all of it"
            Some(found) if found.complete && found.paths.is_empty() && !matches_all(&pattern) => {
                values.push(value);
            }
            _ => {
                value.known =
                    Known::prefix(if literal.is_empty() { b"./".to_vec() } else { literal });
                value.arity = Arity::Any;
                values.push(value);
            }
        }
    }
}

/// `**` is followed so many directories down.
const MAX_DEPTH: usize = 5;

impl Shell<'_> {
    /// The matches of a pattern under the options of the shell that may be on.
    fn matches(&mut self, pattern: &str, directory: &Path, state: &State) -> Option<Matches> {
        let mut patterns = vec![pattern.to_owned()];
        if state.is_on("globstar") && pattern.contains("**") {
            patterns = (0..=MAX_DEPTH)
                .map(|depth| match depth {
                    0 => pattern.replace("**/", ""),
                    _ => pattern.replace("**", &vec!["*"; depth].join("/")),
                })
                .collect();
        }
        if state.is_on("nocaseglob") {
            let either = |c: char| match c.is_ascii_alphabetic() {
                true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
                false => c.to_string(),
            };
            // within brackets it cannot be said so simply
            patterns.retain(|pattern| !pattern.contains('['));
            patterns =
                patterns.iter().map(|pattern| pattern.chars().map(either).collect()).collect();
        }
        if state.is_on("dotglob") {
            let dotted = patterns.iter().filter_map(|pattern| {
                let (lead, last) = pattern
                    .rsplit_once('/')
                    .map_or(("", pattern.as_str()), |(lead, last)| (lead, last));
                let slash = if pattern.contains('/') { "/" } else { "" };
                last.starts_with(['*', '?', '[']).then(|| format!("{lead}{slash}.{last}"))
            });
            let dotted: Vec<String> = dotted.collect();
            patterns.extend(dotted);
        }
        let mut all: Option<Matches> = None;
        for pattern in patterns {
            if !self.budget.glob() {
                return None;
            }
            let found = self.world.glob(&pattern, directory);
            let all = all.get_or_insert(Matches { paths: Vec::new(), complete: true });
            all.complete &= found.complete;
            all.paths.extend(found.paths.into_iter().filter(|path| {
                !matches!(path.file_name().and_then(|name| name.to_str()), None | Some("." | ".."))
            }));
        }
        let mut all = all?;
        all.paths.sort();
        all.paths.dedup();
        Some(all)
    }

    /// A pattern in a directory that is reached by names of this text's making, or in which it made
    /// some: matched where the directory really is. Whether there was such a directory.
    fn globs_among_made(
        &mut self,
        (pattern, literal): (&[u8], &[u8]),
        value: &Value,
        state: &State,
        values: &mut Vec<Value>,
    ) -> bool {
        let end = literal.iter().rposition(|c| *c == b'/').map_or(0, |at| at + 1);
        let (Some(lead), Some(rest)) = (pattern.get(..end), pattern.get(end..)) else {
            return false;
        };
        let (Ok(lead), Ok(rest)) = (std::str::from_utf8(lead), std::str::from_utf8(rest)) else {
            return false;
        };
        let [here] = state.directories.as_slice() else { return false };
        let found = self.among_made(&here.join(lead), rest);
        let Some((names, whole)) = found else { return false };
        for name in names.iter().take(MAX_MATCHES) {
            let bytes = [lead.as_bytes(), name.as_slice()].concat();
            values.push(Value::constant(bytes, value.span).tainted_by(&value.taint));
        }
        if !whole || names.is_empty() || names.len() > MAX_MATCHES {
            let begins = if lead.is_empty() { "./" } else { lead };
            let known = Known::prefix(begins.as_bytes().to_vec());
            values.push(Value { known, arity: Arity::Any, ..value.clone() });
        }
        true
    }
}

/// Whether the last component matches whatever is there.
fn matches_all(pattern: &[u8]) -> bool {
    let last = pattern.rsplit(|c| *c == b'/').next().unwrap_or_default();
    !last.is_empty() && last.iter().all(|c| b"*?.".contains(c))
}

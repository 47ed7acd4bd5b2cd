//! What a single act does to a reading: uses, carried code, payload, findings.

use super::act::{Act, Clause, Payload, Thing};
use super::grammars;
use super::operands::joined;
use super::reader::Reader;
use super::reading::{Carried, Code, Input, Language, Object, Output, Realm, Use};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::{Finding, RuleId, Span};
use crate::model::gap::GapKind;
use std::borrow::Cow;

/// The word an act is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'w> {
    /// The word, unless the act is about the call as a whole.
    pub(super) value: Option<&'w Value>,
    /// Where it stands, its option included.
    pub(super) span: Span,
    /// Whether it is an operand, to which `tree` and `elsewhere` apply.
    pub(super) operand: bool,
}

impl<'w> Word<'w> {
    /// The word where it stands.
    pub(super) const fn of(value: &'w Value) -> Self {
        Self { value: Some(value), span: value.span, operand: false }
    }

    /// No word: the call as a whole.
    pub(super) const fn none(span: Span) -> Self {
        Self { value: None, span, operand: false }
    }
}

impl Reader {
    /// Performs every clause that holds.
    pub(super) fn clauses(&mut self, clauses: &[Clause], word: Word<'_>) {
        for clause in clauses {
            if self.holds(clause, word.value) {
                self.perform(&clause.act, word);
            }
        }
    }

    /// Whether the modes and the word let the clause speak. A word that is not known may be any,
    /// except where that would be taken for harmless.
    pub(super) fn holds(&self, clause: &Clause, word: Option<&Value>) -> bool {
        let relief = clause.act.is_relief();
        clause.within.iter().all(|mode| self.is(mode))
            && !clause.unless.iter().any(|mode| self.is(mode))
            && (clause.except.is_empty()
                || word.and_then(Value::as_str).is_some_and(|t| !fits_any(&clause.except, t)))
            && (clause.when.is_empty()
                || word.is_some_and(|w| {
                    w.as_str().map_or(!relief, |text| fits_any(&clause.when, text))
                }))
    }

    fn perform(&mut self, act: &Act, word: Word<'_>) {
        match act {
            Act::Use { access, tree, thing, literal } => {
                let fixed = literal.map(|text| match text {
                    "?" => Value { arity: Arity::One, ..Value::unknown(word.span) },
                    _ => Value::constant(text, word.span),
                });
                let whole = self.tree && word.operand && *thing != Thing::Archive;
                let reach = if *tree || whole { Reach::Tree } else { Reach::Itself };
                if let Some(value) = fixed.as_ref().or(word.value) {
                    for one in alternatives(value) {
                        self.use_of(
                            *access,
                            reach,
                            thing,
                            Word { span: word.span, ..Word::of(&one) },
                        );
                    }
                } else if let Thing::Machine(text) = thing {
                    self.act_on(*access, reach, Object::Machine((*text).to_owned()), word.span);
                }
            }
            Act::Sent(payload) => {
                if let Some(value) = word.value {
                    self.send(*payload, value);
                }
            }
            Act::Input(to) => self.reading.input = input(to),
            Act::Output(from, name) => self.reading.output = output(from, name),
            Act::Finding(rule) => self.finding(rule, word.span),
            Act::Opaque(what) => self.gap(GapKind::OpaqueCode, word.span, (*what).to_owned()),
            Act::Special(name) => {
                if let Some(value) = word.value {
                    grammars::special(name, self, value);
                }
            }
            Act::Setting => {
                if let Some(value) = word.value {
                    self.setting(value);
                }
            }
            Act::Mode(name) if word.operand => self.modes.push(name),
            Act::Realm if word.operand => self.machine = word.value.cloned(),
            Act::Chdir if word.operand => self.directory = word.value.map(|v| self.below(v)),
            _ => self.code_act(act, word),
        }
    }

    /// Acts by which code is carried.
    fn code_act(&mut self, act: &Act, word: Word<'_>) {
        match act {
            Act::Code(language) => self.text(*language, word, self.given.clone()),
            Act::File(language) => self.file(*language, word, self.given.clone()),
            Act::FixedFile(language, path) => {
                let path = Value::constant(*path, self.span);
                self.file(*language, Word { value: Some(&path), ..word }, self.given.clone());
            }
            Act::SubcommandFile(language, path) => {
                let path = Value::constant(*path, self.span);
                let script = self.name.rsplit(' ').next().unwrap_or("").to_owned();
                let mut args = vec![Value::constant(script, self.span)];
                args.extend_from_slice(&self.given);
                self.file(*language, Word { value: Some(&path), ..word }, args);
            }
            Act::Command => {
                let words = word.value.into_iter().chain(&self.behind).cloned().collect();
                self.carry(Code::Argv(words), word);
            }
            Act::Stdin(language) => self.carry(Code::Stdin(*language), word),
            Act::Joined => {
                let words: Vec<Value> =
                    word.value.into_iter().chain(&self.behind).cloned().collect();
                let text = joined(&words);
                self.text(Language::Shell, Word { value: Some(&text), ..word }, Vec::new());
            }
            Act::Program(Some(program)) => {
                self.program = Some(Value::constant(*program, self.span));
            }
            Act::Words(program) => self.words_of(program, word),
            _ => {}
        }
    }

    /// One act upon one object, unless it is a standard stream.
    pub(super) fn use_of(&mut self, access: Access, reach: Reach, thing: &Thing, word: Word<'_>) {
        let Some(value) = word.value else { return };
        let span = word.span;
        let stream = value.as_const() == Some(b"-")
            && matches!(access, Access::Read | Access::Write | Access::Create);
        let object = match thing {
            Thing::Path | Thing::Archive | Thing::Dest | Thing::Merge | Thing::Place if stream => {
                return;
            }
            Thing::Archive => Object::Path(value.clone()),
            Thing::Place if is_remote(value) => {
                self.act_on(Access::Connect, Reach::Itself, Object::Host(host_of(value)), span);
                if access == Access::Read {
                    return;
                }
                let remote = Object::Remote { kind: "remote file".to_owned(), name: value.clone() };
                let adds = access == Access::Create;
                let access = if adds { access } else { Access::RemoteChange };
                return self.act_on(access, reach, remote, span);
            }
            Thing::Path | Thing::Dest | Thing::Merge | Thing::Place => {
                Object::Path(self.below(value))
            }
            Thing::Directory => Object::Directory(self.below(value)),
            Thing::Basename => Object::Path(self.below(&last_component(value))),
            Thing::Host => Object::Host(value.clone()),
            Thing::Url => Object::Url(value.clone()),
            Thing::Process => Object::Process(value.clone()),
            Thing::Env => Object::Env(shown(value)),
            Thing::Remote(kind) => Object::Remote { kind: (*kind).to_owned(), name: value.clone() },
            Thing::Machine(text) => Object::Machine(text.replace("{}", &shown(value))),
        };
        self.act_on(access, reach, object, span);
    }

    /// Records a use.
    pub(super) fn act_on(&mut self, access: Access, reach: Reach, object: Object, span: Span) {
        self.reading.uses.push(Use { access, object, reach, span });
    }

    /// The path as seen from where the call stands, when the program changes directory first.
    pub(super) fn below(&self, path: &Value) -> Value {
        let Some(directory) = &self.directory else { return path.clone() };
        let (Some(base), bytes) = (directory.as_const(), leading(path)) else {
            let absolute = leading(path).first() == Some(&b'/');
            let unknown = Value { known: Known::Unknown, ..path.clone() };
            return if absolute { path.clone() } else { unknown };
        };
        if bytes.first() == Some(&b'/') || bytes.first() == Some(&b'~') {
            return path.clone();
        }
        let joined = match bytes {
            b"." => base.to_vec(),
            _ => [base.strip_suffix(b"/").unwrap_or(base), b"/", bytes].concat(),
        };
        let known = match path.known {
            Known::Const(_) => Known::Const(joined),
            _ => Known::Prefix(joined),
        };
        Value { known, ..path.clone() }
    }

    /// Records carried code.
    pub(super) fn carry(&mut self, code: Code, word: Word<'_>) {
        let realm = match self.realm {
            "elevated" => Realm::Elevated,
            "elsewhere" if word.operand => {
                Realm::Elsewhere(self.machine.clone().unwrap_or_else(|| Value::unknown(self.span)))
            }
            _ => Realm::Here,
        };
        self.reading.carried.push(Carried {
            code,
            directory: self.directory.clone(),
            variables: self.variables.clone(),
            realm,
        });
    }

    /// Carried program text.
    pub(super) fn text(&mut self, language: Language, word: Word<'_>, args: Vec<Value>) {
        if let Some(mut text) = word.value.cloned() {
            // aliases of git, gh and hg mark shell text so
            if language == Language::Shell
                && let Known::Const(bytes) = &mut text.known
                && matches!(bytes.as_slice(), [b'!', next, ..] if !next.is_ascii_whitespace())
            {
                bytes.remove(0);
            }
            self.carry(Code::Text { language, text, args }, word);
        }
    }

    /// A carried file of code; `-` is standard input.
    pub(super) fn file(&mut self, language: Language, word: Word<'_>, args: Vec<Value>) {
        match word.value {
            Some(path) if is_stdin(path) => self.carry(Code::Stdin(language), word),
            Some(path) => {
                let path = path.clone();
                self.carry(Code::File { language, path, args }, word);
            }
            None => {}
        }
    }

    fn send(&mut self, payload: Payload, value: &Value) {
        let bytes = leading(value);
        let at = match payload {
            Payload::Text | Payload::Login => None,
            Payload::Path => Some(0),
            Payload::Credential => (bytes.first() == Some(&b'@')).then_some(1),
            Payload::At => file_mark(bytes),
        };
        let Some(at) = at else {
            if payload == Payload::Credential {
                return self.reading.sent.push(Object::Credential(value.clone()));
            }
            if payload == Payload::Login {
                let header = Known::Const(b"authorization: ".to_vec()).then(&value.known);
                let header = Value { known: header, ..value.clone() };
                return self.reading.sent.push(Object::Credential(header));
            }
            return self.reading.sent.push(Object::Text(value.clone()));
        };
        let rest = bytes.get(at..).unwrap_or(b"").to_vec();
        if rest == b"-" && value.as_const().is_some() {
            self.reading.input = Input::Sent;
            return;
        }
        let known = match &value.known {
            Known::Const(_) => Known::Const(rest),
            Known::Prefix(_) if !rest.is_empty() => Known::Prefix(rest),
            other if at == 0 => other.clone(),
            _ => Known::Unknown,
        };
        let path = self.below(&Value { known, ..value.clone() });
        self.act_on(Access::Read, Reach::Itself, Object::Path(path.clone()), value.span);
        self.reading.sent.push(Object::Path(path));
    }

    /// A danger by its name.
    pub(super) fn finding(&mut self, rule: &str, span: Span) {
        if let Some(danger) = self.dangers.iter().find(|d| d.rule == rule) {
            self.reading.findings.push(Finding {
                rule: RuleId(Cow::Borrowed(danger.rule)),
                severity: danger.severity,
                span,
                reason: danger.reason.to_owned(),
                instead: danger.instead.map(str::to_owned),
            });
        }
    }
}

/// Standard input, by the names it has.
fn is_stdin(path: &Value) -> bool {
    let names: [&[u8]; 4] = [b"-", b"/dev/stdin", b"/dev/fd/0", b"/proc/self/fd/0"];
    path.as_const().is_some_and(|path| names.contains(&path))
}

/// Whether a word is one of these, in which `*` stands for any characters.
fn fits_any(patterns: &[&str], text: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, text))
}

/// Whether `text` is `pattern`, in which `*` stands for any characters, or else `#` for a digit.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((begin, rest)) = pattern.split_once('*') else {
        let same = |(p, t): (u8, u8)| p == t || p == b'#' && t.is_ascii_digit();
        return pattern.len() == text.len() && pattern.bytes().zip(text.bytes()).all(same);
    };
    let Some(mut left) = text.strip_prefix(begin) else { return false };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return left.ends_with(piece);
        }
        match left.find(piece).and_then(|at| left.get(at + piece.len()..)) {
            Some(after) => left = after,
            None => return false,
        }
    }
    true
}

fn input(word: &str) -> Input {
    match word {
        "passed-on" => Input::PassedOn,
        "sent" => Input::Sent,
        "written" => Input::Written,
        _ => Input::Ignored,
    }
}

fn output(word: &str, name: &str) -> Output {
    match word {
        "contents" => Output::Contents,
        "network" => Output::Network,
        "secret" => Output::Secret(name.to_owned()),
        _ => Output::Own,
    }
}

/// Where the file name begins in `@file`, `name=@file` and `name=<file`.
fn file_mark(bytes: &[u8]) -> Option<usize> {
    if bytes.first() == Some(&b'@') {
        return Some(1);
    }
    let at = bytes.windows(2).position(|pair| pair == b"=@" || pair == b"=<")?;
    Some(at + 2)
}

/// What is certain of the beginning of a word.
pub(super) fn leading(value: &Value) -> &[u8] {
    match &value.known {
        Known::Const(bytes) | Known::Prefix(bytes) => bytes,
        Known::OneOf(_) | Known::Unknown => b"",
    }
}

/// Every word this may be, each as a word of its own.
pub(super) fn alternatives(value: &Value) -> Vec<Value> {
    match &value.known {
        Known::OneOf(several) => several
            .iter()
            .map(|bytes| Value { known: Known::Const(bytes.clone()), ..value.clone() })
            .collect(),
        _ => vec![value.clone()],
    }
}

/// The word for people: its text, or as much as is known of it.
pub(super) fn shown(value: &Value) -> String {
    match &value.known {
        Known::Const(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Known::Prefix(bytes) => format!("{}…", String::from_utf8_lossy(bytes)),
        Known::OneOf(_) | Known::Unknown => "…".to_owned(),
    }
}

/// `host:path`, `user@host:path`, `rsync://host/path`: a colon before any slash.
pub(super) fn is_remote(value: &Value) -> bool {
    let bytes = leading(value);
    let colon = bytes.iter().position(|b| *b == b':');
    let slash = bytes.iter().position(|b| *b == b'/').unwrap_or(bytes.len());
    colon.is_some_and(|at| at > 0 && at < slash)
}

/// The host of a remote place.
fn host_of(value: &Value) -> Value {
    let bytes = leading(value);
    let bytes = match bytes.windows(3).position(|w| w == b"://") {
        Some(at) => bytes.get(at + 3..).unwrap_or(b""),
        None => bytes,
    };
    let end = bytes.iter().position(|b| matches!(b, b':' | b'/')).unwrap_or(bytes.len());
    let host = bytes.get(..end).unwrap_or(b"").to_vec();
    Value { known: Known::Const(host), arity: Arity::One, ..value.clone() }
}

/// What stands behind the last slash, query and fragment not included.
pub(super) fn last_component(value: &Value) -> Value {
    let known = match &value.known {
        Known::Const(bytes) => {
            let end = bytes.iter().position(|b| matches!(b, b'?' | b'#')).unwrap_or(bytes.len());
            let path = bytes.get(..end).unwrap_or(b"");
            let path = path.strip_suffix(b"/").unwrap_or(path);
            let from = path.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1);
            Known::Const(path.get(from..).unwrap_or(b"").to_vec())
        }
        _ => Known::Prefix(b"./".to_vec()),
    };
    Value { known, ..value.clone() }
}

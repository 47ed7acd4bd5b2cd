//! find: starting points, then an expression of tests and actions.

use super::super::act::Thing;
use super::super::perform::{Word, leading};
use super::super::reader::Reader;
use super::super::reading::{Code, Output};
use crate::classify::secrets;
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::{Finding, RuleId, Severity};
use crate::model::gap::GapKind;
use std::path::Path;

/// Tests and actions with one argument that touch nothing by themselves.
const ONE: &[&str] = &[
    "-amin",
    "-atime",
    "-cmin",
    "-ctime",
    "-fstype",
    "-gid",
    "-group",
    "-ilname",
    "-inum",
    "-ipath",
    "-iregex",
    "-iwholename",
    "-links",
    "-lname",
    "-mmin",
    "-mtime",
    "-path",
    "-perm",
    "-printf",
    "-regex",
    "-size",
    "-type",
    "-uid",
    "-used",
    "-user",
    "-wholename",
    "-xtype",
    "-context",
    "-maxdepth",
    "-mindepth",
    "-regextype",
    "-D",
];
/// The same without an argument.
const NONE: &[&str] = &[
    "-daystart",
    "-depth",
    "-d",
    "-follow",
    "-ignore_readdir_race",
    "-mount",
    "-xdev",
    "-noleaf",
    "-empty",
    "-executable",
    "-false",
    "-true",
    "-nogroup",
    "-nouser",
    "-readable",
    "-writable",
    "-print",
    "-print0",
    "-prune",
    "-quit",
    "-ls",
    "-not",
    "-a",
    "-and",
    "-o",
    "-or",
    "-H",
    "-L",
    "-P",
    "-O0",
    "-O1",
    "-O2",
    "-O3",
    "-warn",
    "-nowarn",
    "-noignore_readdir_race",
];
/// Options rather than tests: they do not narrow what is found.
const GLOBAL: &[&str] = &[
    "-daystart",
    "-depth",
    "-d",
    "-follow",
    "-ignore_readdir_race",
    "-mount",
    "-xdev",
    "-noleaf",
    "-maxdepth",
    "-regextype",
    "-print",
    "-print0",
    "-a",
    "-and",
    "-true",
    "-H",
    "-L",
    "-P",
    "-D",
    "-warn",
    "-nowarn",
];

/// Programs that show, pack or carry away what is found.
const COPIERS: &[&str] = &[
    "base64", "cat", "cp", "dd", "ditto", "gcp", "install", "mv", "rsync", "scp", "strings", "tar",
    "xxd", "zip",
];

/// Whether a file or directory of that name in somebody's home is a secret.
fn is_secret(name: &str) -> bool {
    let (home, path) = (Path::new("/home"), Path::new("/home").join(name));
    secrets::file(&path, home).or_else(|| secrets::directory(&path, home)).is_some()
}

/// Reads the words of a find command.
pub(super) fn read(reader: &mut Reader, words: &[Value]) {
    if matches!(words.first().and_then(Value::as_str), Some("--help" | "-help" | "--version")) {
        return;
    }
    let mut walk = Walk {
        reader,
        roots: Vec::new(),
        narrowed: false,
        secret: false,
        directories: false,
        joined: true,
        at: 0,
        words,
    };
    walk.roots();
    walk.expression();
}

struct Walk<'r, 'w> {
    reader: &'r mut Reader,
    roots: Vec<Value>,
    /// Whether tests leave part of the tree out.
    narrowed: bool,
    /// Whether what is looked for is called like a secret.
    secret: bool,
    /// Whether only directories are left.
    directories: bool,
    /// Whether all tests so far must hold together.
    joined: bool,
    at: usize,
    words: &'w [Value],
}

impl Walk<'_, '_> {
    fn roots(&mut self) {
        while let Some(word) = self.words.get(self.at) {
            let bytes = leading(word);
            match bytes {
                b"-H" | b"-L" | b"-P" => {}
                [b'-', b'O', ..] => {}
                b"-D" => self.at += 1,
                [b'-', ..] | [b'('] | [b'!'] => break,
                [] if word.as_const().is_none() => {
                    let what = "a word of `find` that may be a test or an action".to_owned();
                    self.reader.gap(GapKind::UnresolvedWord, word.span, what);
                    self.roots.push(word.clone());
                }
                _ => self.roots.push(word.clone()),
            }
            self.at += 1;
        }
        if self.roots.is_empty() {
            self.roots.push(Value::constant(".", self.reader.span));
        }
        for root in self.roots.clone() {
            self.reader.use_of(Access::Read, Reach::Tree, &Thing::Path, Word::of(&root));
        }
    }

    fn expression(&mut self) {
        while let Some(word) = self.words.get(self.at).cloned() {
            self.at += 1;
            let Some(name) = word.as_str() else {
                let what = "a test or an action of `find`".to_owned();
                self.reader.gap(GapKind::UnresolvedWord, word.span, what);
                continue;
            };
            self.primary(name, &word);
        }
    }

    fn primary(&mut self, name: &str, word: &Value) {
        match name {
            "-delete" => self.delete(word),
            "-exec" | "-execdir" | "-ok" | "-okdir" => self.exec(name, word),
            "-fprint" | "-fprint0" | "-fls" => self.argument(Access::Write),
            "-fprintf" => {
                self.argument(Access::Write);
                self.at += 1;
            }
            "-files0-from" => self.argument(Access::Read),
            "-samefile" | "-newer" | "-anewer" | "-cnewer" => {
                self.argument(Access::Read);
                self.narrowed = true;
            }
            _ if name.starts_with("-newer") => self.skip(true),
            "(" | ")" | "!" | "," | "-not" | "-o" | "-or" => {
                self.narrowed |= !matches!(name, "(" | ")" | ",");
                self.joined = false;
            }
            "-name" | "-iname" => {
                let name = self.words.get(self.at).and_then(Value::as_str);
                self.secret |= name.is_some_and(is_secret);
                self.skip(true);
            }
            "-type" => {
                let kind = self.words.get(self.at).and_then(Value::as_str);
                self.directories |= kind == Some("d");
                self.skip(true);
            }
            _ if ONE.contains(&name) => self.skip(!GLOBAL.contains(&name)),
            _ if NONE.contains(&name) => self.narrowed |= !GLOBAL.contains(&name),
            _ => {
                let what = format!("what `find {name}` does");
                self.reader.gap(GapKind::UnknownProgram, word.span, what);
            }
        }
    }

    fn skip(&mut self, narrows: bool) {
        self.at += 1;
        self.narrowed |= narrows;
    }

    fn argument(&mut self, access: Access) {
        if let Some(path) = self.words.get(self.at).cloned() {
            self.reader.use_of(access, Reach::Itself, &Thing::Path, Word::of(&path));
        }
        self.at += 1;
    }

    /// Everything below the roots, or something below them when tests leave part out.
    fn delete(&mut self, word: &Value) {
        for root in self.roots.clone() {
            let span = root.span.join(word.span);
            if !self.narrowed {
                self.reader.use_of(
                    Access::Delete,
                    Reach::Tree,
                    &Thing::Path,
                    Word { span, ..Word::of(&root) },
                );
                continue;
            }
            let known = match leading(&root) {
                [] => Known::Unknown,
                base => Known::Prefix([base.strip_suffix(b"/").unwrap_or(base), b"/"].concat()),
            };
            let some = Value { known, arity: Arity::Any, ..root };
            self.reader.use_of(
                Access::Delete,
                Reach::Itself,
                // a directory that is not empty stays
                if self.directories && self.joined { &Thing::Directory } else { &Thing::Path },
                Word { span, ..Word::of(&some) },
            );
        }
    }

    /// The words up to `;`, or up to `+` behind `{}`.
    fn exec(&mut self, name: &str, word: &Value) {
        let mut words: Vec<Value> = Vec::new();
        while let Some(next) = self.words.get(self.at).cloned() {
            self.at += 1;
            let after_braces = words.last().is_some_and(|w| w.as_const() == Some(b"{}"));
            match next.as_const() {
                Some(b";") => break,
                Some(b"+") if after_braces => break,
                _ => words.push(next),
            }
        }
        let copier =
            words.first().and_then(Value::as_str).map(|t| t.rsplit('/').next().unwrap_or(t));
        if self.secret && copier.is_some_and(|name| COPIERS.contains(&name)) {
            self.reader.reading.findings.push(Finding {
                rule: RuleId::named("secret.read"),
                severity: Severity::Caution,
                span: word.span,
                reason: "copies files that are called like secrets, wherever they are found".into(),
                instead: None,
            });
        }
        let roots = self.roots.clone();
        let word = Word { value: None, span: word.span, operand: true };
        if name.ends_with("dir") {
            // in the directory of each thing found
            for root in roots {
                let base = crate::classify::flow::below(&root, root.span);
                let words = words.clone();
                self.reader.carry(Code::ArgvPerPath { words, roots: vec![root] }, word);
                if let Some(last) = self.reader.reading.carried.last_mut() {
                    last.directory = Some(base);
                }
            }
        } else {
            self.reader.carry(Code::ArgvPerPath { words, roots }, word);
        }
        self.reader.reading.output = Output::Contents;
    }
}

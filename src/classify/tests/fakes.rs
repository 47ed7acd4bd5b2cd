//! Fakes for tests: a literal world and a handful of programs, just true enough.

use crate::classify::programs::reading::{
    Call, Carried, Code, Input, Language, Object, Output, Reading, Realm, Use,
};
use crate::classify::value::Value;
use crate::model::effect::{Access, Count, Reach, Scale};
use crate::model::gap::{Gap, GapKind};
use crate::model::world::{GitState, Kind, Matches, Strays, World};
use std::path::{Path, PathBuf};

/// What exists: the path, what it is, what git knows.
const FILES: &[(&str, Kind, GitState)] = &[
    ("/", Kind::Directory, GitState::Unknown),
    ("/etc", Kind::Directory, GitState::Unknown),
    ("/etc/passwd", Kind::File, GitState::Unknown),
    ("/home", Kind::Directory, GitState::Unknown),
    ("/home/u", Kind::Directory, GitState::Unknown),
    ("/home/u/notes.txt", Kind::File, GitState::Unknown),
    ("/home/u/.bashrc", Kind::File, GitState::Unknown),
    ("/home/u/.ssh/id_rsa", Kind::File, GitState::Unknown),
    ("/home/u/w", Kind::Directory, GitState::Untracked),
    ("/home/u/w/a", Kind::File, GitState::Clean),
    ("/home/u/w/b", Kind::File, GitState::Untracked),
    ("/home/u/w/src", Kind::Directory, GitState::Modified),
    ("/home/u/w/src/main.c", Kind::File, GitState::Modified),
    ("/home/u/w/src/x.o", Kind::File, GitState::Ignored),
    ("/home/u/w/target", Kind::Directory, GitState::Ignored),
    ("/home/u/w/Cargo.toml", Kind::File, GitState::Clean),
    ("/home/u/w/out", Kind::Symlink, GitState::Clean),
    ("/home/u/w/clean.sh", Kind::File, GitState::Clean),
    ("/tmp", Kind::Directory, GitState::Unknown),
];

/// A world of a few files.
#[derive(Debug)]
pub(super) struct LiteralWorld;

impl World for LiteralWorld {
    fn kind(&self, path: &Path) -> Option<Kind> {
        FILES.iter().find(|(p, ..)| Path::new(p) == path).map(|(_, kind, _)| *kind)
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        match path.strip_prefix("/home/u/w/out") {
            Ok(rest) if rest.as_os_str().is_empty() => "/home/u/notes.txt".into(),
            _ => path.into(),
        }
    }
    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        let whole = cwd.join(pattern).display().to_string();
        let (directory, last) = whole.rsplit_once('/').unwrap_or_default();
        let directory = if directory.is_empty() { "/" } else { directory };
        let suffix = last.trim_start_matches('*');
        let paths = FILES.iter().map(|(path, ..)| PathBuf::from(path)).filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            path.parent() == Some(Path::new(directory))
                && last.starts_with('*')
                && !name.starts_with('.')
                && name.ends_with(suffix)
        });
        Matches { paths: paths.collect(), complete: true }
    }
    fn measure(&self, _: &Path) -> Option<Scale> {
        Some(Scale { files: Count::Exactly(1), bytes: Count::Exactly(10) })
    }
    fn git_state(&self, path: &Path) -> GitState {
        let state = FILES.iter().find(|(p, ..)| Path::new(p) == path).map(|(.., state)| *state);
        state.unwrap_or(GitState::Unknown)
    }
    fn strays(&self, dir: &Path) -> Strays {
        let listed = |wanted: GitState| {
            let below = FILES.iter().filter(|(p, ..)| Path::new(p).starts_with(dir));
            let files = below.filter(|(p, ..)| Path::new(p) != dir);
            files.filter(|(.., state)| *state == wanted).map(|(p, ..)| p.into()).collect()
        };
        let (untracked, ignored) = (listed(GitState::Untracked), listed(GitState::Ignored));
        Strays { untracked, ignored, complete: true }
    }
    fn read(&self, path: &Path, _: usize) -> Option<Vec<u8>> {
        let text: &[u8] = b"#!/bin/sh\nrm -rf \"$1\"\n";
        (path == Path::new("/home/u/w/clean.sh")).then(|| text.to_vec())
    }
    fn program(&self, _: &str) -> Option<PathBuf> {
        None
    }
}

/// What the fakes do with their words.
pub(super) fn read(call: &Call<'_>) -> Reading {
    let words = call.argv.get(1..).unwrap_or_default();
    let is_option = |v: &&Value| v.as_str().is_some_and(|t| t.starts_with('-') && t.len() > 1);
    let operands: Vec<&Value> = words.iter().filter(|v| !is_option(v)).collect();
    let has = |flag: &str| words.iter().any(|v| v.as_str() == Some(flag));
    let recursive = words.iter().filter(is_option).any(|v| v.describe().contains('r'));
    let reach = if recursive { Reach::Tree } else { Reach::Itself };
    let all = |access: Access| operands.iter().map(|v| path(access, v, reach)).collect::<Vec<_>>();
    match call.name {
        "rm" => Reading { uses: all(Access::Delete), ..Reading::default() },
        "mkdir" | "touch" => Reading { uses: all(Access::Create), ..Reading::default() },
        "chmod" => {
            let uses = operands.iter().skip(1).map(|v| path(Access::Chmod, v, reach)).collect();
            Reading { uses, ..Reading::default() }
        }
        "cat" | "base64" | "head" | "sort" | "grep" | "tr" | "rev" | "cut" | "xxd" => {
            let files = if call.name == "cat" { all(Access::Read) } else { Vec::new() };
            Reading {
                uses: files,
                input: Input::PassedOn,
                output: Output::Contents,
                ..Reading::default()
            }
        }
        "ls" => Reading { uses: all(Access::Read), ..Reading::default() },
        "cp" | "mv" => copy(call.name, &operands),
        "tee" => Reading { uses: all(Access::Write), input: Input::Written, ..Reading::default() },
        "curl" | "wget" => fetch(words),
        "sh" | "bash" => shell(words),
        "python3" => {
            let text = words.get(1).filter(|_| has("-c")).cloned();
            carry(text.map_or(Code::Stdin(Language::Python), |text| Code::Text {
                language: Language::Python,
                text,
                args: vec![],
            }))
        }
        "env" => {
            let n = words.iter().take_while(|v| v.describe().contains('=')).count();
            carry(Code::Argv(words.get(n..).unwrap_or_default().to_vec()))
        }
        "timeout" => carry(Code::Argv(words.get(1..).unwrap_or_default().to_vec())),
        "xargs" => carry(Code::ArgvFromStdin(operands_after(words))),
        "sudo" => realm(Code::Argv(words.to_vec()), Realm::Elevated),
        "ssh" => ssh(words),
        "find" => find(words),
        "echo" | "printf" | "git" | "make" | "true" | "kill" => Reading::default(),
        _ => unknown(call),
    }
}

fn path(access: Access, value: &Value, reach: Reach) -> Use {
    Use { access, object: Object::Path(value.clone()), reach, span: value.span }
}

fn copy(name: &str, operands: &[&Value]) -> Reading {
    let from = if name == "mv" { Access::Rename } else { Access::Read };
    let mut uses = Vec::new();
    if let [source, target] = operands {
        uses.push(path(from, source, Reach::Itself));
        uses.push(path(Access::Write, target, Reach::Itself));
    }
    Reading { uses, ..Reading::default() }
}

fn fetch(words: &[Value]) -> Reading {
    let mut reading = Reading { output: Output::Network, ..Reading::default() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            Some("-d" | "-T") => match words.next() {
                Some(data) if data.as_str().is_some_and(|t| matches!(t, "@-" | "-")) => {
                    reading.input = Input::Sent;
                }
                Some(data) => match data.as_str().and_then(|t| t.strip_prefix('@')) {
                    Some(file) => {
                        let file = Value::constant(file, data.span);
                        reading.sent.push(Object::Path(file));
                    }
                    None => reading.sent.push(Object::Url(data.clone())),
                },
                None => {}
            },
            Some("-o" | "-O") => {
                reading.output = Output::Own;
                reading.uses.extend(words.next().map(|v| path(Access::Write, v, Reach::Itself)));
            }
            Some(text) if text.starts_with('-') => {}
            _ => reading.uses.push(Use {
                access: Access::Connect,
                object: Object::Url(word.clone()),
                reach: Reach::Itself,
                span: word.span,
            }),
        }
    }
    reading
}

fn shell(words: &[Value]) -> Reading {
    match words {
        [flag, text, args @ ..] if flag.as_str() == Some("-c") => {
            carry(Code::Text { language: Language::Shell, text: text.clone(), args: args.to_vec() })
        }
        [file, args @ ..] if file.as_str() != Some("-s") => {
            carry(Code::File { language: Language::Shell, path: file.clone(), args: args.to_vec() })
        }
        _ => carry(Code::Stdin(Language::Shell)),
    }
}

fn ssh(words: &[Value]) -> Reading {
    let Some((host, rest)) = words.split_first() else { return Reading::default() };
    let text = rest.iter().map(Value::describe).collect::<Vec<_>>().join(" ");
    let text = Value::constant(text, host.span);
    let code = Code::Text { language: Language::Shell, text, args: vec![] };
    realm(code, Realm::Elsewhere(host.clone()))
}

fn find(words: &[Value]) -> Reading {
    let roots = words.iter().take_while(|v| !v.describe().starts_with('-')).count();
    let (roots, rest) = words.split_at(roots);
    let mut reading = Reading::default();
    reading.uses.extend(roots.iter().map(|root| path(Access::Read, root, Reach::Tree)));
    if rest.iter().any(|v| v.as_str() == Some("-delete")) {
        reading.uses.extend(roots.iter().map(|root| path(Access::Delete, root, Reach::Tree)));
    }
    if let Some(at) = rest.iter().position(|v| v.as_str() == Some("-exec")) {
        let words = rest.get(at + 1..).unwrap_or_default();
        let words = words.iter().take_while(|v| !matches!(v.as_str(), Some(";" | "+")));
        let code = Code::ArgvPerPath { words: words.cloned().collect(), roots: roots.to_vec() };
        reading.carried = carry(code).carried;
    }
    reading
}

fn operands_after(words: &[Value]) -> Vec<Value> {
    words
        .iter()
        .skip_while(|v| v.describe().starts_with('-') || v.as_str() == Some("{}"))
        .cloned()
        .collect()
}

fn carry(code: Code) -> Reading {
    realm(code, Realm::Here)
}

fn realm(code: Code, realm: Realm) -> Reading {
    let carried = Carried { code, directory: None, variables: vec![], realm };
    Reading { carried: vec![carried], ..Reading::default() }
}

fn unknown(call: &Call<'_>) -> Reading {
    let span = call.argv.first().map(|v| v.span).unwrap_or_default();
    let what = format!("there is no model of {}", call.name);
    Reading { gaps: vec![Gap { kind: GapKind::UnknownProgram, span, what }], ..Reading::default() }
}

//! The same path in other words, and the same place by way of another directory.

use super::words::Chosen;
use super::{Transform, same};
use crate::dice::Dice;
use crate::spelling::{Spelling, Token, joined, plain, quoted};
use std::path::Path;

pub const ALL: &[Transform] = &[
    same("path.doubled", "two slashes are one", |s, d| {
        on_paths(s, d, |p, _| Some(p.replace('/', "//")))
    }),
    same("path.dots", "a directory of itself", |s, d| {
        on_paths(s, d, |p, _| Some(p.replacen('/', "/./", 1)))
    }),
    same("path.detour", "up and down again", |s, d| {
        on_paths(s, d, |p, _| {
            let first = p.strip_prefix('/')?.split_once('/')?.0;
            Some(format!("/{first}/..{p}"))
        })
    }),
    same("path.root", "above the root is the root", |s, d| {
        on_paths(s, d, |p, _| p.strip_prefix('/').map(|rest| format!("/../../{rest}")))
    }),
    same("path.relative", "seen from where we are", |s, d| {
        on_paths(s, d, |p, _| {
            p.strip_prefix('/').map(|rest| format!("../../../../../../../../../../{rest}"))
        })
    }),
    same("path.here", "./ is where we are", |s, d| on_names(s, d, |p, _| Some(format!("./{p}")))),
    same("path.pwd", "$PWD is where we are", |s, d| {
        on_names(s, d, |p, dice| {
            let here = *dice.pick(&["$PWD", "$(pwd)", "${PWD}", "`pwd`"]);
            Some(format!("\"{here}\"/{p}"))
        })
    }),
    same("path.tilde-plus", "~+ is where we are", |s, d| {
        on_names(s, d, |p, _| Some(format!("~+/{p}"))).map(Spelling::for_bash)
    }),
    same("path.up-and-back", "out of this directory and in again", |s, d| {
        on_names(s, d, |p, _| Some(format!("\"../${{PWD##*/}}\"/{p}")))
    }),
    same("path.home", "$HOME for its value", |s, d| {
        let mut chosen = Chosen::of(s, d)?;
        chosen.each(|word, _, dice| {
            let (_, rest) =
                word.split_once(HOME).filter(|(b, _)| b.is_empty() || b.starts_with('/'))?;
            if !rest.is_empty() && !rest.starts_with('/') {
                return None;
            }
            let spelled = *dice.pick(&["$HOME", "${HOME}", "\"$HOME\"", "~", "${HOME%/}"]);
            plain(rest).then(|| format!("{spelled}{rest}"))
        })?;
        Some(chosen.done())
    }),
    same("path.cd-root", "relative to the root", |s, d| from(s, d, "/")),
    same("path.cd-parent", "relative to its own directory", |s, _| {
        let words = s.constants()?;
        let (at, path) = single_path(&words)?;
        let parent = Path::new(path).parent()?.to_str()?;
        let name = Path::new(path).file_name()?.to_str()?;
        let mut all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        all[at] = quoted(name);
        Some(s.with(format!("(cd {} && {})", quoted(parent), all.join(" "))))
    }),
    same("path.pushd", "pushd changes the directory", |s, _| {
        let words = s.constants()?;
        let (at, path) = single_path(&words)?;
        let mut all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        all[at] = format!(".{}", quoted(path));
        Some(s.with(format!("(pushd / >/dev/null; {}; popd >/dev/null)", all.join(" "))).for_bash())
    }),
    same("path.cd-and-back", "away and back again", |s, _| {
        Some(s.with(format!("cd / && cd - >/dev/null && {{\n{}\n}}", s.text)))
    }),
    same("path.glob", "a pattern that only one file matches", |s, d| {
        on_paths(s, d, |p, _| {
            let (directory, name) = p.rsplit_once('/')?;
            let (head, _) = name.split_at_checked(name.len().checked_sub(1)?)?;
            (unique(p) && !head.is_empty()).then(|| format!("{directory}/{head}?"))
        })
    }),
    same("path.glob-class", "a class of one character", |s, d| {
        on_paths(s, d, |p, _| {
            let (directory, name) = p.rsplit_once('/')?;
            let mut letters = name.chars();
            let first = letters.next().filter(char::is_ascii_alphanumeric)?;
            unique(p).then(|| format!("{directory}/[{first}]{}", letters.as_str()))
        })
    }),
];

/// The home of the literal world; in scratch directories, where spellings are run for real, its end.
const HOME: &str = "/home/you";

/// Paths of the literal world which no other name resembles.
const UNIQUE: &[&str] = &[
    "/etc/hosts",
    "/etc/passwd",
    "/etc/shadow",
    "/etc/crontab",
    "/home/you/.ssh/id_rsa",
    "/home/you/Documents",
    "/var/log/syslog",
    "/home/you/.bash_history",
    "/home/you/.aws/credentials",
    "/home/you/notes.txt",
    "/home/you/.bashrc",
    "/srv/site",
];

fn unique(path: &str) -> bool {
    UNIQUE.iter().any(|known| path.ends_with(known))
}

/// Absolute paths among the words, `/dev/` and programs left out.
fn on_paths(
    spelling: &Spelling,
    dice: &mut Dice,
    change: fn(&str, &mut Dice) -> Option<String>,
) -> Option<Spelling> {
    changed(spelling, dice, |value, dice| {
        if !absolute(value) || !plain(value) {
            return None;
        }
        change(value, dice)
    })
}

/// Names of files where we are.
fn on_names(
    spelling: &Spelling,
    dice: &mut Dice,
    change: fn(&str, &mut Dice) -> Option<String>,
) -> Option<Spelling> {
    changed(spelling, dice, |value, dice| {
        let known = crate::world::NAMES.contains(&value);
        if known { change(value, dice) } else { None }
    })
}

fn changed(
    spelling: &Spelling,
    dice: &mut Dice,
    change: impl Fn(&str, &mut Dice) -> Option<String>,
) -> Option<Spelling> {
    let mut tokens = spelling.tokens()?;
    let mut any = false;
    for at in 1..tokens.len() {
        let after_operator = matches!(tokens.get(at - 1), Some(Token::Operator(o)) if !["<", ">", ">>"].contains(&o.as_str()));
        if let Some(Token::Word(_, Some(value))) = tokens.get(at)
            && !after_operator
            && let Some(text) = change(value, dice)
        {
            tokens[at] = Token::Word(text, None);
            any = true;
        }
    }
    any.then(|| spelling.with(joined(&tokens)))
}

fn absolute(word: &str) -> bool {
    word.starts_with('/')
        && word.len() > 1
        && !["/dev/", "/proc/", "/bin/", "/usr/"].iter().any(|d| word.starts_with(d))
}

/// The only path among the words, when it is absolute.
fn single_path(words: &[String]) -> Option<(usize, &str)> {
    let mut paths = words.iter().enumerate().skip(1).filter(|(_, w)| w.contains('/'));
    let (at, path) = paths.next()?;
    let names = words.iter().any(|w| crate::world::NAMES.contains(&w.as_str()) || w == ".");
    (paths.next().is_none() && !names && absolute(path)).then_some((at, path.as_str()))
}

/// The only path of the command, relative to a directory above it.
fn from(spelling: &Spelling, dice: &mut Dice, directory: &str) -> Option<Spelling> {
    let words = spelling.constants()?;
    let (at, path) = single_path(&words)?;
    let rest = path.strip_prefix(directory)?;
    let mut all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
    all[at] = quoted(rest);
    let command = all.join(" ");
    Some(spelling.with(match dice.below(3) {
        0 => format!("(cd {directory} && {command})"),
        1 => format!("(cd {directory}; {command})"),
        _ => format!("sh -c {}", quoted(&format!("cd {directory}\n{command}"))),
    }))
}

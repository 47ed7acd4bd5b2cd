//! The plain forms of `stockade run`, read without building the parser of all verbs, which takes a tenth of a launch.
//!
//! It declares nothing and reports no mistake: what it does not know, or what is not right, is left
//! to the declaration in `arguments.rs`, and whatever it does read that declaration reads alike
//! (tested below).

use super::arguments::{Command, Run, Setting};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Reads the words after the program's name; `None` for all but `run` with plain options, each
/// given once and apart from its value.
pub(super) fn run(words: impl Iterator<Item = OsString>) -> Option<Run> {
    let mut words = words.peekable();
    words.next_if(|word| word == "run")?;
    let mut setting = Setting { profile: None, workspace: None, session: None };
    let mut quiet = None;
    let command = loop {
        let word = words.next()?;
        match word.to_str()? {
            "-q" | "--quiet" => once(&mut quiet, ())?,
            "-p" | "--profile" => {
                once(&mut setting.profile, value(words.next()?)?.into_string().ok()?)?;
            }
            "-w" | "--workspace" => {
                once(&mut setting.workspace, PathBuf::from(value(words.next()?)?))?;
            }
            "-s" | "--session" => {
                once(&mut setting.session, value(words.next()?)?.into_string().ok()?)?;
            }
            "-c" => {
                let text = words.next()?;
                break words
                    .next()
                    .is_none()
                    .then_some(Command { text: Some(text), argv: vec![] })?;
            }
            "--" => {
                words.peek()?;
                break Command { text: None, argv: words.collect() };
            }
            _ => return None,
        }
    };
    Some(Run { setting, quiet: quiet.is_some(), why: false, isolate: false, command })
}

/// Fills in what was not given yet.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

/// A value that cannot be taken for an option, and is there.
fn value(word: OsString) -> Option<OsString> {
    let plain = |word: &OsStr| !word.is_empty() && !word.as_encoded_bytes().starts_with(b"-");
    plain(&word).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::super::arguments::{Arguments, Verb};
    use clap::Parser;
    use proptest::prelude::*;
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    /// What stands on command lines, right and wrong.
    const WORDS: &[&[u8]] = &[
        b"run",
        b"check",
        b"-q",
        b"--quiet",
        b"-p",
        b"--profile",
        b"--profile=x",
        b"-w",
        b"-s",
        b"--session",
        b"--workspace",
        b"-c",
        b"-cx",
        b"--",
        b"-",
        b"",
        b"strict",
        b"/w",
        b"ls -l",
        b"-l",
        b"--help",
        b"-h",
        b"\xff",
        b"-qc",
    ];

    fn read(words: &[OsString]) -> Option<String> {
        super::run(words.iter().cloned()).map(|run| format!("{run:?}"))
    }

    fn declared(words: &[OsString]) -> Option<String> {
        let all = std::iter::once(OsString::from("stockade")).chain(words.iter().cloned());
        match Arguments::try_parse_from(all).ok()?.verb {
            Verb::Run(run) => Some(format!("{run:?}")),
            _ => None,
        }
    }

    fn words(texts: &[&[u8]]) -> Vec<OsString> {
        texts.iter().map(|text| OsString::from_vec(text.to_vec())).collect()
    }

    #[test]
    fn the_forms_of_every_day_are_read() {
        for form in [
            words(&[b"run", b"--", b"ls", b"-l", b"--", b"\xff"]),
            words(&[b"run", b"-c", b"-x; echo \xff"]),
            words(&[b"run", b"-q", b"-p", b"strict", b"--workspace", b"/w\xff", b"-c", b"ls"]),
        ] {
            assert!(read(&form).is_some(), "{form:?}");
            assert_eq!(read(&form), declared(&form));
        }
    }

    #[test]
    fn what_is_not_plain_is_left_alone() {
        for form in [
            words(&[b"run"]),
            words(&[b"run", b"--"]),
            words(&[b"run", b"ls"]),
            words(&[b"run", b"-p", b"-q", b"-c", b"ls"]),
            words(&[b"run", b"-q", b"-q", b"-c", b"ls"]),
            words(&[b"run", b"-c", b"ls", b"-q"]),
            words(&[b"check", b"-c", b"ls"]),
        ] {
            assert_eq!(read(&form), None, "{form:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_declared_so(picks in prop::collection::vec(0..WORDS.len(), 0..7)) {
            let rest: Vec<&[u8]> = picks.into_iter().map(|pick| WORDS[pick]).collect();
            let form = words(&[&[b"run".as_slice()], rest.as_slice()].concat());
            if let Some(read) = read(&form) {
                prop_assert_eq!(Some(read), declared(&form));
            }
        }
    }
}

//! The law of the house, held by `cargo test`: arrows point down, rooms stay small, every file
//! says what it is for, outside crates have one door, and only `sys` may be unsafe.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]

use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up. A room imports rooms of lower floors only, never a neighbour.
const FLOORS: &[&[&str]] = &[
    &["model", "sys"],
    &["classify", "policy", "journal"],
    &["arbiter", "sandbox", "settings"],
    &["supervisor"],
    &["session"],
    &["cli"],
];

/// Rooms that do no I/O, and the words that would betray it.
const PURE: &[&str] = &["model", "classify", "policy"];
const IMPURE: &[&str] =
    &["std::fs", "std::net", "std::process", "std::env", "tokio::", "libc::", "nix::"];
/// Beside them: a test that compares what is computed with what the real shell does.
const COMPARES: &str = "classify/tests/agreement.rs";

/// One door for each outside crate: the rooms that may name it.
const DOORS: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["cli"]),
    ("caps", &["sys"]),
    ("clap", &["cli"]),
    ("gix_index", &["session"]),
    ("ignore", &["session"]),
    ("jiff", &["cli", "journal"]),
    ("landlock", &["sandbox"]),
    ("libc", &["sys"]),
    ("nix", &["sys"]),
    ("seccompiler", &["sandbox"]),
    ("serde_json", &["cli", "journal"]),
    ("sha2", &["journal"]),
    ("shuck_ast", &["classify"]),
    ("shuck_parser", &["classify"]),
    ("toml", &["classify", "policy", "settings"]),
    ("uuid", &["journal"]),
];

const MAX_LINES: usize = 500;

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn each_file(check: &mut dyn FnMut(&str, &Path, &str)) {
    for room in FLOORS.iter().flat_map(|rooms| rooms.iter()) {
        let mut stack = vec![source().join(room)];
        while let Some(dir) = stack.pop() {
            for entry in fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    stack.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    check(room, &path, &fs::read_to_string(&path).unwrap());
                }
            }
        }
    }
}

/// The text without line comments, so that prose may name what code may not.
fn code(text: &str) -> String {
    text.lines().map(|l| l.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// Every name that follows `crate::` in code, one-level brace lists included.
fn names_after_crate(text: &str) -> Vec<String> {
    let ident = |s: &str| -> String {
        s.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = Vec::new();
    for rest in code(text).split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.push(ident(rest));
            continue;
        };
        let (mut depth, mut item) = (1, String::new());
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 1 => found.push(ident(&std::mem::take(&mut item))),
                _ if depth == 1 => item.push(c),
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        found.push(ident(&item));
    }
    found.retain(|name| !name.is_empty());
    found
}

#[test]
fn every_room_has_a_floor() {
    for entry in fs::read_dir(source()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            floor(&name).is_some() || ["lib", "main"].contains(&name.as_str()),
            "{}: a room without a floor",
            path.display()
        );
    }
}

#[test]
fn arrows_point_down() {
    each_file(&mut |room, path, text| {
        for target in names_after_crate(text) {
            assert!(
                floor(&target).is_some(),
                "{}: `crate::{target}` goes through lib.rs",
                path.display()
            );
            assert!(
                target == room || floor(&target) < floor(room),
                "{}: `{room}` may not import `{target}`",
                path.display()
            );
        }
    });
}

#[test]
fn only_sys_is_unsafe_and_the_pure_stay_pure() {
    each_file(&mut |room, path, text| {
        if path.ends_with(format!("{room}/mod.rs")) && room != "sys" {
            assert!(text.contains("#![forbid(unsafe_code)]"), "{}: no fence", path.display());
        }
        if PURE.contains(&room) && !path.ends_with(COMPARES) {
            for word in IMPURE {
                assert!(!code(text).contains(word), "{}: pure, yet names {word}", path.display());
            }
        }
    });
}

#[test]
fn every_file_is_small_and_says_what_it_is_for() {
    each_file(&mut |_, path, text| {
        assert!(text.starts_with("//!"), "{}: opens without //!", path.display());
        assert!(text.lines().count() <= MAX_LINES, "{}: over {MAX_LINES} lines", path.display());
    });
}

#[test]
fn each_outside_crate_has_one_door() {
    each_file(&mut |room, path, text| {
        let code = code(text);
        for (name, rooms) in DOORS {
            let named = code.match_indices(&format!("{name}::")).any(|(at, _)| {
                !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            });
            assert!(
                !named || rooms.contains(&room),
                "{}: `{name}` belongs to {rooms:?}",
                path.display()
            );
        }
    });
}

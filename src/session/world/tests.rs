//! Tests of the real world on scratch trees: links, loops, pipes, bounds, patterns, programs.

use super::{Bounds, FileSystem};
use crate::model::effect::{Count, Scale};
use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::model::world::{Kind, World};
use crate::session::world::Readable;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An invocation that would start in `cwd`.
pub(super) fn invocation(cwd: &Path) -> Invocation {
    Invocation {
        request: Request::Shell(Vec::new()),
        cwd: cwd.to_path_buf(),
        env: BTreeMap::from([("PATH".into(), "bin::/usr/bin".into())]),
        places: Places { workspace: cwd.to_path_buf(), home: "/h".into(), temp: Vec::new() },
        origin: Origin::default(),
    }
}

/// Bounds that nothing here reaches.
pub(super) const WIDE: Bounds =
    Bounds { time: Duration::from_secs(60), entries: 1_000_000, matches: 100_000 };

/// A scratch directory whose path holds no link.
pub(super) fn scratch() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().canonicalize().unwrap();
    (dir, path)
}

fn exactly(files: u64, bytes: u64) -> Scale {
    Scale { files: Count::Exactly(files), bytes: Count::Exactly(bytes) }
}

#[test]
fn only_what_came_into_being_since_is_born() {
    use crate::arbiter::memory::{Fact, Memory};
    use crate::journal::text::Text;
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    fs::write(dir.join("old"), b"x").unwrap();
    std::thread::sleep(Duration::from_millis(30));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let since = u64::try_from(now.as_millis()).unwrap() - 10;
    let mut memory = Memory::default();
    for name in ["old", "new", "tree", "tree/a", "tree/a/b", "tree/a/old"] {
        memory.take(Fact::Made { path: Text::path(&dir.join(name)), since });
    }
    fs::write(dir.join("new"), b"x").unwrap();
    fs::create_dir_all(dir.join("tree/a")).unwrap();
    fs::write(dir.join("tree/a/b"), b"x").unwrap();
    fs::write(dir.join("other"), b"x").unwrap();
    let world = || FileSystem::new(&call, Readable::Everything, WIDE).remembering(&memory);
    let born = |name: &str| world().is_born(Path::new(name));
    assert!(born("new") && born("tree") && born("tree/a/b"));
    assert!(!born("old"), "it is older than it is said to be");
    assert!(!born("other"), "nobody said so");
    assert!(!born("none"));
    assert!(!FileSystem::new(&call, Readable::Everything, WIDE).is_born(Path::new("new")));
    fs::write(dir.join("tree/a/more"), b"x").unwrap();
    assert!(!born("tree"), "nobody said so of all that lies in it");
    fs::remove_file(dir.join("tree/a/more")).unwrap();
    fs::hard_link(dir.join("old"), dir.join("tree/a/old")).unwrap();
    assert!(!born("tree"), "something older lies in it");
}

#[test]
fn kinds_are_told_without_following() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    fs::write(dir.join("file"), b"x").unwrap();
    symlink("nowhere", dir.join("link")).unwrap();
    std::process::Command::new("mkfifo").arg(dir.join("pipe")).status().unwrap();
    for (name, kind) in [
        ("file", Some(Kind::File)),
        ("link", Some(Kind::Symlink)),
        ("pipe", Some(Kind::Special)),
        (".", Some(Kind::Directory)),
        ("none", None),
    ] {
        assert_eq!(world.kind(Path::new(name)), kind, "{name}");
        assert_eq!(world.kind(&dir.join(name)), kind, "{name}");
    }
    assert_eq!(world.read(Path::new("pipe"), 10), None, "a pipe is never opened");
    assert_eq!(world.read(Path::new("/dev/zero"), 10), None);
    assert_eq!(world.measure(Path::new("pipe")), Some(exactly(0, 0)));
}

#[test]
fn links_lead_where_the_kernel_goes() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    fs::create_dir_all(dir.join("real/deep")).unwrap();
    symlink("real/deep", dir.join("short")).unwrap();
    symlink(dir.join("short"), dir.join("again")).unwrap();
    symlink("loop2", dir.join("loop1")).unwrap();
    symlink("loop1", dir.join("loop2")).unwrap();
    symlink("nowhere/x", dir.join("broken")).unwrap();
    for (from, to) in [
        ("again/new/file", "real/deep/new/file"),
        ("again/..", "real"),
        ("short/../../short", "real/deep"),
        ("none/../short/x", "real/deep/x"),
        ("none/a/../../short", "real/deep"),
        ("broken/y", "nowhere/x/y"),
        ("./real//deep/.", "real/deep"),
    ] {
        assert_eq!(world.resolve(Path::new(from)), dir.join(to), "{from}");
    }
    let looped = world.resolve(Path::new("loop1/x"));
    assert!(looped.starts_with(&dir) && looped.ends_with("x"), "{looped:?}");
    assert_eq!(world.resolve(Path::new("/../../etc")), Path::new("/etc"));
    let endless = "a/../".repeat(200_000);
    assert_eq!(world.resolve(Path::new(&endless)), dir);
}

#[test]
fn a_measure_follows_nothing_and_stops_at_its_bounds() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    fs::create_dir_all(dir.join("a/b")).unwrap();
    fs::create_dir(dir.join("other")).unwrap();
    fs::write(dir.join("a/one"), b"123").unwrap();
    fs::write(dir.join("a/b/two"), b"4567").unwrap();
    fs::write(dir.join("other/three"), b"8").unwrap();
    symlink("../other", dir.join("a/link")).unwrap();
    symlink("a", dir.join("top")).unwrap();
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    assert_eq!(world.measure(Path::new("a")), Some(exactly(3, 7 + 8)));
    assert_eq!(world.measure(Path::new("top")), Some(exactly(1, 1)));
    assert_eq!(world.measure(Path::new("none")), Some(exactly(0, 0)));
    let few = FileSystem::new(&call, Readable::Everything, Bounds { entries: 2, ..WIDE });
    assert!(matches!(few.measure(Path::new("a")).unwrap().files, Count::AtLeast(0..=2)));
    let hasty =
        FileSystem::new(&call, Readable::Everything, Bounds { time: Duration::ZERO, ..WIDE });
    assert_eq!(hasty.measure(Path::new("a")).unwrap().files, Count::AtLeast(0));
}

#[test]
fn a_huge_directory_costs_no_more_than_its_bounds() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    for n in 0..3000 {
        fs::write(dir.join(format!("f{n:04}")), b"").unwrap();
    }
    let bounds = Bounds { entries: 1000, matches: 500, ..WIDE };
    let found = FileSystem::new(&call, Readable::Everything, bounds).glob("*", &dir);
    assert_eq!((found.paths.len(), found.complete), (500, false));
    let world = FileSystem::new(&call, Readable::Everything, bounds);
    assert_eq!(world.measure(&dir).unwrap().files, Count::AtLeast(1000));
    assert!(!world.glob("*", &dir).complete, "the budget is one for all questions");
}

#[test]
fn patterns_expand_as_in_bash() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    for name in ["src/a.rs", "src/b.rs", "src/.c.rs", "src/sub/d.rs", "x y", "[z]", ".hid/e", "é"]
    {
        fs::create_dir_all(dir.join(name).parent().unwrap()).unwrap();
        fs::write(dir.join(name), b"").unwrap();
    }
    symlink("src", dir.join("lnk")).unwrap();
    symlink("nowhere", dir.join("dead")).unwrap();
    let patterns = [
        "*",
        ".*",
        "*/",
        "src/*.rs",
        "src/**",
        "**/*.rs",
        "src/sub/../*.rs",
        "s?c/[ab].rs",
        "[[]z]",
        "\\[z]",
        "lnk/*",
        "d*",
        "dead",
        "none",
        "none*",
        "src/.c*",
        "?",
        "x\\ ?",
        "./src/*.rs",
    ];
    for pattern in patterns {
        let ours = world.glob(pattern, &dir);
        let script = format!(
            "shopt -s nullglob; for f in {pattern}; do [ -e \"$f\" -o -L \"$f\" ] && realpath -sz -- \"$f\"; done | LC_ALL=C sort -z"
        );
        let bash = std::process::Command::new("bash")
            .args(["--norc", "-c", &script])
            .env("LC_ALL", "C.UTF-8")
            .current_dir(&dir)
            .output()
            .unwrap();
        let mut theirs: Vec<PathBuf> = bash
            .stdout
            .split(|b| *b == 0)
            .filter(|p| !p.is_empty())
            .map(|p| PathBuf::from(String::from_utf8(p.to_vec()).unwrap()))
            .collect();
        // Bash before 5.2 counts `.` and `..` in.
        theirs.retain(|path| path.starts_with(&dir) && *path != dir);
        assert!(ours.complete);
        assert_eq!(ours.paths, theirs, "{pattern}");
    }
    assert_eq!(world.glob("", &dir).paths, [] as [PathBuf; 0]);
    let absolute = format!("{}/sr*", dir.display());
    assert_eq!(world.glob(&absolute, Path::new("/")).paths, [dir.join("src")]);
}

#[test]
fn reading_is_bounded_and_goes_through_links() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    fs::write(dir.join("script"), b"echo").unwrap();
    symlink("script", dir.join("link")).unwrap();
    assert_eq!(world.read(Path::new("link"), 4), Some(b"echo".to_vec()));
    assert_eq!(world.read(Path::new("script"), 3), None);
    assert_eq!(world.read(Path::new("script"), usize::MAX), Some(b"echo".to_vec()));
    assert_eq!(world.read(Path::new("."), 3), None);
    assert_eq!(world.read(Path::new("none"), 3), None);
}

#[test]
fn programs_are_found_on_the_path_of_the_invocation() {
    let (_keep, dir) = scratch();
    let call = invocation(&dir);
    fs::create_dir(dir.join("bin")).unwrap();
    for (name, mode) in [("bin/tool", 0o755), ("bin/data", 0o644), ("here", 0o700)] {
        fs::write(dir.join(name), b"#!/bin/sh\n").unwrap();
        fs::set_permissions(dir.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    for (name, at) in [
        ("tool", Some(dir.join("bin/tool"))),
        ("data", None),
        ("here", Some(dir.join("here"))),
        ("./here", Some(dir.join("./here"))),
        ("env", Some("/usr/bin/env".into())),
        ("bin", None),
        ("", None),
    ] {
        assert_eq!(world.program(name), at, "{name}");
        assert_eq!(world.program(name), at, "{name}, from memory");
    }
}

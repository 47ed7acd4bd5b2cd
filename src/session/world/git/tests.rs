//! Tests of git states on scratch repositories made by git itself.

use super::super::tests::{WIDE, invocation, scratch};
use super::super::{Bounds, FileSystem};
use crate::model::world::GitState::{self, Clean, Ignored, Modified, Unknown, Untracked};
use crate::model::world::World;
use crate::session::world::Readable;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

fn git(dir: &Path, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"])
        .args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"])
        .args(args)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", dir)
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn put(path: PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A repository with clean, changed, ignored and untracked files.
fn repository() -> (tempfile::TempDir, PathBuf) {
    let (keep, dir) = scratch();
    git(&dir, &["init", "-q"]);
    put(dir.join(".gitignore"), "target/\n*.log\n!keep.log\n/only-here\n");
    put(dir.join("src/main.rs"), "fn main() {}\n");
    put(dir.join("src/changed.rs"), "old\n");
    put(dir.join("src/tool.sh"), "#!/bin/sh\n");
    put(dir.join("docs/a.md"), "a\n");
    put(dir.join("docs/.gitignore"), "*.pdf\n!good.pdf\n");
    put(dir.join("target/kept"), "tracked although ignored\n");
    symlink("main.rs", dir.join("src/link")).unwrap();
    git(&dir, &["add", "-A"]);
    git(&dir, &["add", "-f", "target/kept"]);
    git(&dir, &["commit", "-qm", "x"]);
    put(dir.join("src/changed.rs"), "new\n");
    put(dir.join("target/debug/a.o"), "o");
    put(dir.join("docs/b.pdf"), "p");
    put(dir.join("new/file"), "n");
    (keep, dir)
}

fn expect(dir: &Path, wanted: &[(&str, GitState)]) {
    let call = invocation(dir);
    let world = FileSystem::new(&call, Readable::Everything, WIDE);
    for (name, state) in wanted {
        assert_eq!(world.git_state(&dir.join(name)), *state, "{name}");
    }
}

#[test]
fn files_and_directories_have_the_state_git_gives_them() {
    let (_keep, dir) = repository();
    put(dir.join("docs/good.pdf"), "g");
    expect(
        &dir,
        &[
            ("src/main.rs", Clean),
            ("src/link", Clean),
            ("src/changed.rs", Modified),
            ("src", Modified),
            ("target/kept", Clean),
            ("target/debug/a.o", Ignored),
            ("target/debug", Ignored),
            ("target", Ignored),
            ("target/not-there", Ignored),
            ("docs/a.md", Clean),
            ("docs/b.pdf", Ignored),
            ("docs/good.pdf", Untracked),
            ("docs", Untracked),
            ("x.log", Ignored),
            ("keep.log", Untracked),
            ("only-here", Ignored),
            ("src/only-here", Untracked),
            ("new", Untracked),
            ("new/file", Untracked),
            (".git", Unknown),
            (".git/config", Unknown),
            ("src/../target/debug", Ignored),
            ("", Untracked),
        ],
    );
    expect(Path::new("/"), &[("proc/self/status", Unknown)]);
}

#[test]
fn a_clean_tree_is_clean_but_its_top_holds_the_repository() {
    let (_keep, dir) = repository();
    fs::remove_dir_all(dir.join("new")).unwrap();
    git(&dir, &["checkout", "-q", "."]);
    expect(&dir, &[("src", Clean), ("docs", Ignored), ("", Unknown)]);
    put(dir.join("target/kept"), "changed\n");
    expect(&dir, &[("target", Modified)]);
}

#[test]
fn what_changes_without_changing_its_times_is_found_out() {
    let (_keep, dir) = repository();
    // Equal size and times put back: the change time still tells.
    let path = dir.join("src/main.rs");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    put(path.clone(), "fn niam() {}\n");
    fs::File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
    expect(&dir, &[("src/main.rs", Modified)]);
    // New times, old contents: clean.
    put(path.clone(), "fn main() {}\n");
    expect(&dir, &[("src/main.rs", Clean)]);
    // Changed in the instant the index was written, and later.
    put(path.clone(), "fn main() { }\n");
    git(&dir, &["add", "src/main.rs"]);
    put(path.clone(), "fn main() {x}\n");
    expect(&dir, &[("src/main.rs", Modified)]);
    git(&dir, &["add", "src/main.rs"]);
    let index = fs::File::options().append(true).open(dir.join(".git/index")).unwrap();
    index.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    expect(&dir, &[("src/main.rs", Clean)]);
    // Modes and types count; flags that tell git not to look do not.
    fs::set_permissions(dir.join("src/tool.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(dir.join("src/link")).unwrap();
    put(dir.join("src/link"), "main.rs");
    git(&dir, &["update-index", "--assume-unchanged", "docs/a.md"]);
    put(dir.join("docs/a.md"), "b\n");
    expect(&dir, &[("src/tool.sh", Modified), ("src/link", Modified), ("docs/a.md", Modified)]);
    fs::remove_file(dir.join("docs/a.md")).unwrap();
    expect(&dir, &[("docs/a.md", Modified)]);
    put(dir.join("intent"), "x");
    git(&dir, &["add", "-N", "intent"]);
    expect(&dir, &[("intent", Modified)]);
}

#[test]
fn other_repositories_work_trees_and_odd_ones() {
    let (_keep, dir) = repository();
    git(&dir, &["worktree", "add", "-q", "target/tree"]);
    expect(&dir, &[("target", Unknown), ("target/tree/src", Clean)]);
    let other = dir.join("vendor/lib");
    fs::create_dir_all(&other).unwrap();
    git(&other, &["init", "-q"]);
    put(other.join("f"), "f");
    git(&other, &["add", "f"]);
    expect(&dir, &[("vendor", Unknown), ("vendor/lib/f", Clean), ("vendor/lib", Unknown)]);
    put(dir.join("fake/.git/x"), "no repository");
    expect(&dir, &[("fake/file", Unknown)]);
    git(&dir, &["update-index", "--index-version", "4"]);
    expect(&dir, &[("docs/a.md", Clean), ("src", Modified)]);
    put(dir.join(".git/info/exclude"), "*.tmp\n");
    expect(&dir, &[("x.tmp", Ignored)]);
    put(dir.join("docs/.gitignore"), "good[\n\\\n");
    expect(&dir, &[("docs/b.pdf", Untracked)]);
    put(dir.join("docs/.gitignore"), &"*.pdf\n".repeat(11_000));
    expect(&dir, &[("docs/b.pdf", Untracked), ("x.tmp", Ignored)]);
    git(&dir, &["update-index", "--split-index"]);
    expect(&dir, &[("docs/a.md", Unknown)]);
    let (_keep, sha256) = scratch();
    git(&sha256, &["init", "-q", "--object-format=sha256"]);
    put(sha256.join("f"), "f");
    expect(&sha256, &[("f", Unknown)]);
}

#[test]
fn a_damaged_index_is_unknown_and_no_panic() {
    let (_keep, dir) = repository();
    let index = fs::read(dir.join(".git/index")).unwrap();
    for cut in (0..index.len()).step_by(37) {
        fs::write(dir.join(".git/index"), &index[..cut]).unwrap();
        let call = invocation(&dir);
        FileSystem::new(&call, Readable::Everything, WIDE).git_state(&dir.join("src"));
    }
    for at in 0..index.len() {
        let mut bad = index.clone();
        bad[at] ^= 0xff;
        fs::write(dir.join(".git/index"), &bad).unwrap();
        let call = invocation(&dir);
        FileSystem::new(&call, Readable::Everything, WIDE).git_state(&dir.join("src"));
    }
    fs::write(dir.join(".git/index"), b"rubbish").unwrap();
    expect(&dir, &[("src/main.rs", Unknown)]);
}

#[test]
fn without_time_nothing_is_known() {
    let (_keep, dir) = repository();
    let call = invocation(&dir);
    let world =
        FileSystem::new(&call, Readable::Everything, Bounds { time: Duration::ZERO, ..WIDE });
    assert_eq!(world.git_state(&dir.join("src")), Unknown);
    let world = FileSystem::new(&call, Readable::Everything, Bounds { entries: 1, ..WIDE });
    assert_eq!(world.git_state(&dir.join("docs")), Unknown);
}

const NAMES: &[&str] = &[
    "a",
    "b.o",
    "d/b.o",
    "d/e/b.o",
    "d/e/f",
    "build",
    "x/build",
    "x/build/y",
    "build/y",
    " s",
    "s ",
    "#c",
    "!n",
    "a\\b",
    "[z]",
    "é",
    "D/E",
    "d/.h",
    ".h",
    "x/y/z",
    "foo/bar",
    "q/foo/bar",
    "t\tt",
];

const PATTERNS: &[&str] = &[
    "a",
    "*.o",
    "/b.o",
    "/*.o",
    "d/*.o",
    "d/**/b.o",
    "**/b.o",
    "d/**",
    "build",
    "build/",
    "/build",
    "x/build",
    "**/build/",
    "build/*",
    "*\n!d",
    "*\n!*/\n!*.o",
    "\\ s",
    "s\\ ",
    "s ",
    "#c",
    "\\#c",
    "!n",
    "\\!n",
    "a\\\\b",
    "[[]z]",
    "[z]",
    "?",
    "é",
    "d/e",
    "d/e/",
    "*/e",
    ".*",
    ".h",
    "x/*/z",
    "x/?/z",
    "x/**/z",
    "foo/bar",
    "**/foo/bar",
    "foo/**/bar",
    "foo**bar",
    "[!a]",
    "[^a]",
    "*\r",
    "\t",
    "t*",
    "**",
    "/",
    "//",
    "/**/",
    "d/e/f\n!d/e/f",
    "d/e\n!d/e/f",
    "[a-",
    "[",
    "***",
    "a/**b",
    "**o",
    "\\",
];

#[test]
fn patterns_ignore_what_git_ignores() {
    let (_keep, dir) = scratch();
    git(&dir, &["init", "-q"]);
    let list = NAMES.join("\0");
    let mut both = 0;
    for pattern in PATTERNS {
        put(dir.join(".gitignore"), &format!("{pattern}\n"));
        put(dir.join("list"), &list);
        let theirs = Command::new("sh")
            .args(["-c", "git check-ignore --no-index -z --stdin < list"])
            .env("HOME", &dir)
            .current_dir(&dir)
            .output()
            .unwrap();
        let theirs = String::from_utf8(theirs.stdout).unwrap();
        let theirs: Vec<&str> = theirs.split_terminator('\0').collect();
        let call = invocation(&dir);
        let world = FileSystem::new(&call, Readable::Everything, WIDE);
        for name in NAMES {
            let ours = world.git_state(&dir.join(name)) == Ignored;
            assert!(!ours || theirs.contains(name), "{pattern:?} ignores {name:?}, says only we");
            assert!(ours == theirs.contains(name), "{pattern:?} ignores {name:?}, says only git");
            both += u32::from(ours);
        }
    }
    assert!(both > 200, "{both}");
}

/// `cargo test --release --lib session -- --ignored --nocapture` prints what git states cost.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "a person reads the measurement")]
fn what_a_git_state_costs() {
    let (_keep, dir) = scratch();
    git(&dir, &["init", "-q"]);
    put(dir.join(".gitignore"), "target/\n*.log\n*.o\nnode_modules\n/dist\n**/cache/*.bin\n");
    for n in 0..10_000 {
        put(dir.join(format!("src/d{}/f{n}.rs", n / 100)), "x");
    }
    git(&dir, &["add", "-A"]);
    for n in 0..2000 {
        put(dir.join(format!("target/t{n}.o")), "x");
    }
    let call = invocation(&dir);
    for name in ["src/d7/f777.rs", "src/d7", "target", "new.log", "src"] {
        let mut times: Vec<Duration> = Vec::new();
        let mut state = Unknown;
        for _ in 0..21 {
            let world = FileSystem::new(&call, Readable::Everything, WIDE);
            let since = Instant::now();
            state = world.git_state(&dir.join(name));
            times.push(since.elapsed());
        }
        times.sort_unstable();
        let world = FileSystem::new(&call, Readable::Everything, WIDE);
        let mut again: Vec<Duration> = (0..22)
            .map(|_| {
                let since = Instant::now();
                world.git_state(&dir.join(name));
                since.elapsed()
            })
            .collect();
        again.sort_unstable();
        eprintln!("{name}: {state:?} {:?} first, {:?} then (medians)", times[10], again[11]);
    }
    for (text, what) in [("*.a*b?[a-z]*/**/x*y", "hostile"), ("/build/", "plain")] {
        let lines: String = (0..).map(|n| format!("{text}{n}\n")).take(4000).collect();
        put(dir.join(".gitignore"), &lines[..32 * 1024]);
        let since = Instant::now();
        FileSystem::new(&call, Readable::Everything, WIDE).git_state(&dir.join("none"));
        eprintln!("32 KiB of {what} patterns: {:?}", since.elapsed());
    }
    let since = Instant::now();
    let bytes = super::contents(&dir.join(".git/index"), usize::MAX).unwrap().len();
    let read = since.elapsed();
    let index = super::Index::read(&dir.join(".git/index"));
    eprintln!("index: {bytes} bytes, read {read:?}, read + decoded {:?}", since.elapsed() - read);
    drop(index);
    let since = Instant::now();
    let scale = FileSystem::new(&call, Readable::Everything, WIDE).measure(&dir.join("src"));
    eprintln!("measure src: {scale:?} {:?}", since.elapsed());
}

//! The command line: unknown options, odd workspaces, programs that are none, words of odd bytes.

use super::support::{World, put};
use super::{MARK, Test, expect, fails, marked};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

pub const TESTS: &[Test] = &[
    ("usage_mistakes_are_125", usage),
    ("help_and_version_are_0", help),
    ("workspaces_that_are_none", no_workspaces),
    ("workspaces_too_wide", too_wide),
    ("programs_that_are_none", no_programs),
    ("a_file_without_format_goes_to_the_shell", no_format),
    ("words_and_names_not_in_utf8", odd_bytes),
    ("long_texts", long_texts),
    ("check_statuses", check_statuses),
];

fn usage(world: &World) {
    for words in [
        &[][..],
        &["no-such-verb"],
        &["run"],
        &["run", "--no-such-option", "-c", MARK],
        &["run", "-c"],
        &["run", "-c", MARK, "--", "touch", "mark"],
        &["run", "touch", "mark"],
        &["run", "--profile"],
        &["check"],
        &["check", "--jsonl", "-c", MARK],
        &["check", "--json", "--jsonl"],
        &["log", "no-such-verb"],
        &["\u{1b}[31m"],
    ] {
        let ended = expect(world, words, 125);
        assert!(!ended.err.is_empty() && ended.out.is_empty(), "{words:?}: {ended:?}");
        assert!(!marked(world), "{words:?} ran");
    }
}

fn help(world: &World) {
    for words in [&["--help"][..], &["--version"], &["run", "--help"], &["check", "-h"]] {
        let ended = expect(world, words, 0);
        assert!(!ended.out.is_empty() && ended.err.is_empty(), "{words:?}: {ended:?}");
    }
}

fn no_workspaces(world: &World) {
    for workspace in ["{top}/missing", "{ws}/own", "{ws}/own/below", "", "/dev/null"] {
        let workspace = world.fill(workspace);
        fails(world.stockade(["run", "--workspace", &workspace, "-c", MARK]), world, "workspace");
        fails(world.stockade(["check", "--workspace", &workspace, "-c", MARK]), world, "workspace");
    }
}

fn too_wide(world: &World) {
    for workspace in [
        "/",
        "//",
        "/.",
        "{home}",
        "{home}/",
        "{ws}/../home",
        "{top}",
        "/var",
        "/etc",
        "/usr",
        "/tmp",
    ] {
        let workspace = world.fill(workspace);
        fails(world.stockade(["run", "--workspace", &workspace, "-c", MARK]), world, "workspace");
    }
    // Not named, but the directory one is in.
    for directory in ["/", "{home}", "{home}/.ssh", "/etc"] {
        let run = world.stockade(["run", "-c", MARK]).cwd(world.fill(directory));
        fails(run, world, "workspace");
    }
}

fn no_programs(world: &World) {
    world.put("workspace/plain", "echo ran\n");
    world.put("workspace/broken", "#!/no/such/interpreter\n");
    put(world.workspace().join("noise"), b"\x7fELF no program");
    for name in ["broken", "noise"] {
        let path = world.workspace().join(name);
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        world.own(&path);
    }
    std::os::unix::fs::symlink("nowhere", world.workspace().join("dangling")).unwrap();
    for (word, status) in [
        ("no-such-program-anywhere", 127),
        ("./missing", 127),
        ("./missing/below", 127),
        ("/no/such/path", 127),
        ("./dangling", 127),
        ("./plain/below", 127),
        ("", 127),
        ("./plain", 126),
        ("./.git", 126),
        ("/", 126),
        (".", 127),
        ("./broken", 127),
        ("own", 127),
    ] {
        let ended = expect(world, &["run", "--", word], status);
        assert!(!ended.err.is_empty() && ended.out.is_empty(), "{word:?}: {ended:?}");
    }
}

/// As execvp(3) does.
fn no_format(world: &World) {
    let script = world.put("workspace/script", "echo \"ran $1\"\n");
    fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(expect(world, &["run", "--", "./script", "it"], 0).out, "ran it\n");
}

fn odd_bytes(world: &World) {
    let odd = OsStr::from_bytes(b"odd\xff\xfe");
    let directory = world.workspace().join(odd);
    fs::create_dir(&directory).unwrap();
    world.own(&directory);
    let text = OsStr::from_bytes(b"printf '%s' \"$ODD\" '\xff' | od -An -tx1; pwd > out");
    let run = world.stockade(["run", "-c"]).args([text]).env("ODD", odd).cwd(&directory);
    let ended = run.end().expect(0);
    assert_eq!(ended.out.trim(), "6f 64 64 ff fe ff");
    assert!(fs::read(directory.join("out")).unwrap().starts_with(directory.as_os_str().as_bytes()));
    let run = world.stockade(["run", "--", "printf", "%s"]).args([odd]).cwd(&directory);
    run.end().expect(0);
    let run = world.stockade(["run", "--workspace"]).args([directory.as_os_str()]);
    run.args(["-c", "true"]).end().expect(0);
    world.stockade(["run", "--"]).args([odd]).end().expect(127);
    let run = world.stockade(["run", "-c", "true"]).env(OsStr::from_bytes(b"N\xffAME"), "x");
    run.end().expect(0);
    world.stockade(["log", "verify"]).end().expect(0);
    world.stockade(["log"]).end().expect(0);
    world.stockade(["check", "--json", "-c"]).args([text]).end();
}

/// The kernel takes 128 KiB a word; what it takes, stockade takes.
fn long_texts(world: &World) {
    let longest = format!("true {}", "x".repeat(128 * 1024 - 6));
    let ended = world.stockade(["run", "-c", &longest]).end();
    assert!([0, 126].contains(&ended.code()), "{}", ended.code());
    let many = format!("{}true", "true; ".repeat(20_000));
    let ended = world.stockade(["run", "-c", &many]).end();
    assert!([0, 126].contains(&ended.code()), "{}", ended.code());
    let deep = format!("{}true{}", "$(".repeat(20_000), ")".repeat(20_000));
    let ended = world.stockade(["check", "-c", &deep]).end();
    assert!([0, 10, 11].contains(&ended.code()), "{ended:?}");
    for open in ["(", "{ ", "$((", "${x:-", "\"$(", "[[ ( ", "if ", "case x in x) ", "<(", "`"] {
        let deep = open.repeat(120_000 / open.len());
        let ended = world.stockade(["check", "-c", &deep]).end();
        assert!([0, 10, 11].contains(&ended.code()), "{open}: {:?} {}", ended.status, ended.err);
    }
    let script = format!("{}echo ran\n", "# a comment\n".repeat(100_000));
    world.put("workspace/script", script);
    let ended = world.stockade(["run", "--", "bash", "script"]).end();
    assert!([0, 126].contains(&ended.code()), "{ended:?}");
    // Words beyond what a record holds.
    let words = std::iter::repeat_n("word", 20_000);
    world.stockade(["run", "--", "true"]).args(words).end().expect(0);
    world.stockade(["log", "verify"]).end().expect(0);
}

fn check_statuses(world: &World) {
    expect(world, &["check", "-c", "ls"], 0);
    expect(world, &["check", "-c", &world.fill("rm -rf {home}")], 11);
    let ended = expect(world, &["check", "--json", "-c", "ls"], 0);
    assert!(ended.out.contains("\"decision\":\"allow\""), "{ended:?}");
    expect(world, &["check", "-c", ""], 0);
    expect(world, &["run", "-c", ""], 0);
    assert!(!marked(world));
}

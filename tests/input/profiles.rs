//! Profiles and settings that cannot be used: missing, unreadable, malformed, not to be trusted.

use super::support::{Who, World};
use super::{MARK, Test, fails};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

pub const TESTS: &[Test] = &[
    ("profiles_that_are_none", none),
    ("malformed_profiles_are_named_by_line_and_key", malformed),
    ("malformed_settings_of_the_project", project),
    ("malformed_settings_of_the_user", user),
    ("profile_check", profile_check),
];

/// Text, and what must be named: its line and its key.
const MALFORMED: &[(&str, &str, &str)] = &[
    ("name = \n", ":1", ""),
    ("name = \"x\"\nno_such_key = 1\n", ":2", "no_such_key"),
    ("name = \"x\"\nabout = 5\n", ":2", "about"),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\nwall_time = \"soon\"\n", ":4", "wall_time"),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\nprocesses = -1\n", ":4", "processes"),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\ncpu = 0\n", ":4", "from 0.01 on"),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\ncpu = \"150%\"\n", ":4", "from 0.01 on"),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\ncpu = 0.5\n", ":4", "from 0.01 on"),
    (
        "name = \"x\"\nextends = \"dev-box\"\n[limits]\ntotal_memory = \"much\"\n",
        ":4",
        "total_memory",
    ),
    ("name = \"x\"\nextends = \"dev-box\"\n[limits]\nfree_space = true\n", ":4", "free_space"),
    ("name = \"x\"\nextends = \"dev-box\"\nnetwork = \"some\"\n", ":3", "network"),
    ("name = \"x\"\nextends = \"dev-box\"\n[files]\nwrite = \"/tmp\"\n", ":4", "write"),
    ("name = \"x\"\nextends = \"dev-box\"\n[files]\nwrite = [\"relative\"]\n", ":4", "write"),
    ("name = \"x\"\nextends = \"dev-box\"\n[files]\nwrite = [\"$NO_SUCH/x\"]\n", ":4", "write"),
    ("name = \"x\"\nextends = \"dev-box\"\nrequire = [\"wings\"]\n", ":3", "require"),
];

fn with(profile: &str) -> [&str; 5] {
    ["run", "--profile", profile, "-c", MARK]
}

fn none(world: &World) {
    for profile in
        ["no-such-profile", "", "{top}/missing.toml", "{ws}", "/dev/null/x", "../x", "./x.toml"]
    {
        fails(world.stockade(with(&world.fill(profile))), world, "");
    }
    let secret = world.put("secret.toml", "name = \"x\"\n");
    fs::set_permissions(&secret, Permissions::from_mode(0o000)).unwrap();
    // The superuser reads it all the same, and a profile that grants nothing runs nothing.
    match world.identity.who {
        Who::User => fails(world.stockade(with(secret.to_str().unwrap())), world, "secret.toml"),
        Who::Root => drop(world.stockade(with(secret.to_str().unwrap())).end().expect(126)),
    }
    let pipe = world.top.join("pipe.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fails(world.stockade(with(pipe.to_str().unwrap())), world, "pipe.toml");
    let binary = world.put("binary.toml", b"name = \"\xff\"\n");
    fails(world.stockade(with(binary.to_str().unwrap())), world, "binary.toml");
    let endless = world.put("endless.toml", "#".repeat(3 << 20));
    fails(world.stockade(with(endless.to_str().unwrap())), world, "endless.toml");
    let orphan = world.put("orphan.toml", "name = \"x\"\nextends = \"no-such-profile\"\n");
    fails(world.stockade(with(orphan.to_str().unwrap())), world, "no-such-profile");
}

fn malformed(world: &World) {
    for (text, line, key) in MALFORMED {
        let path = world.put("bad.toml", text);
        let path = path.to_str().unwrap();
        for words in [with(path), ["check", "--profile", path, "-c", MARK]] {
            let ended = world.stockade(words).end();
            assert_eq!(ended.code(), 125, "{text:?}: {ended:?}");
            assert!(ended.err.contains(&format!("bad.toml{line}")), "{text:?}: {ended:?}");
            assert!(ended.err.contains(key), "{text:?}: {ended:?}");
            assert!(!super::marked(world), "{text:?}: it ran");
        }
    }
}

fn project(world: &World) {
    world.put("workspace/.stockade.toml", "[files]\nwrite = [\n");
    fails(world.stockade(["run", "-c", MARK]), world, ".stockade.toml");
    fs::remove_file(world.workspace().join(".stockade.toml")).unwrap();
    fs::create_dir(world.workspace().join(".stockade.toml")).unwrap();
    fails(world.stockade(["run", "-c", MARK]), world, ".stockade.toml");
}

fn user(world: &World) {
    let directory = world.home().join(".config/stockade");
    fs::create_dir_all(&directory).unwrap();
    world.put("home/.config/stockade/config.toml", "profile = 7\n");
    world.own(&world.home());
    fails(world.stockade(["run", "-c", MARK]), world, "config.toml:1");
    let settings = world.put("home/.config/stockade/config.toml", "profile = \"dev-box\"\n");
    fs::set_permissions(&settings, Permissions::from_mode(0o666)).unwrap();
    fails(world.stockade(["run", "-c", MARK]), world, "config.toml");
    fs::set_permissions(&settings, Permissions::from_mode(0o600)).unwrap();
    world.stockade(["run", "-c", MARK]).end().expect(0);
}

fn profile_check(world: &World) {
    let good = world.put("good.toml", "name = \"x\"\nabout = \"x\"\nextends = \"dev-box\"\n");
    world.stockade(["profile", "check", good.to_str().unwrap()]).end().expect(0);
    for (text, line, key) in MALFORMED {
        let bad = world.put("bad.toml", text);
        let ended = world.stockade(["profile", "check", bad.to_str().unwrap()]).end();
        assert_ne!(ended.code(), 0, "{text:?}: {ended:?}");
        let told = format!("{}{}", ended.out, ended.err);
        assert!(
            told.contains(&format!("bad.toml{line}")) && told.contains(key),
            "{text:?}: {told}"
        );
    }
    for verb in ["list", "show"] {
        world.stockade(["profile", verb]).end().expect(0);
    }
}

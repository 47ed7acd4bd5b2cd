//! Surroundings that are not what they should be: homes that are missing, directories that are gone.

use super::support::{Run, World, base};
use super::{MARK, Test, fails, marked};
use std::fs;

pub const TESTS: &[Test] = &[
    ("homes_that_are_none", homes),
    ("no_environment_at_all", empty),
    ("deleted_directory", deleted),
    ("odd_paths", odd_paths),
];

/// Without a home of one's own that of /etc/passwd counts; where nothing can be written, nothing runs.
fn homes(world: &World) {
    for home in ["/nonexistent", "", "relative", "/", "{ws}/own"] {
        let state = world.top.join("state");
        let run = world.stockade(["run", "-c", MARK]).env("HOME", world.fill(home));
        run.env("XDG_STATE_HOME", &state).end();
        assert!(!world.outside().join("mark").exists());
        fs::remove_dir_all(&state).ok();
        marked(world);
    }
    for state in ["/proc/nothing", "/dev/null/state", "{ws}/own"] {
        let run = world.stockade(["run", "-c", MARK]).env("XDG_STATE_HOME", world.fill(state));
        fails(run, world, "");
    }
}

fn empty(world: &World) {
    let mut run = world.stockade(["run", "-c", "echo \"$PATH\"; ls / > /dev/null"]);
    run.command.env_clear().env("XDG_STATE_HOME", world.home().join("state"));
    run.end().expect(0);
}

fn deleted(world: &World) {
    let program = base().join("stockade");
    for words in ["run -c true", "check -c true", "run --workspace .. -c true"] {
        let text =
            format!("mkdir gone && cd gone && rmdir ../gone && exec {} {words}", program.display());
        let ended = Run::new(world, "/bin/bash").args(["-c", &text]).end().expect(125);
        assert!(ended.err.starts_with("stockade: "), "{ended:?}");
    }
}

fn odd_paths(world: &World) {
    for path in ["", ":", "relative:.", "/nonexistent", "/etc/passwd", ":::", "/proc/self/fd/0"] {
        let run = world.stockade(["run", "-c", "exit 3"]).env("PATH", path);
        run.end().expect(3);
        let run = world.stockade(["run", "--", "no-such-program"]).env("PATH", path);
        run.end().expect(127);
    }
    // A shell that an agent put on the PATH does not read the text.
    let fake = world.put("workspace/bash", "#!/bin/sh\necho fake\n");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&fake, mode).unwrap();
    let run = world.stockade(["run", "-c", "echo real"]).env("PATH", world.workspace());
    assert_eq!(run.end().expect(0).out, "real\n");
}

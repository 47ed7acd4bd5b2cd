//! Runs many texts for real: one `stockade run` for all, each in a scene of its own, execve(2) traced.

use crate::predict::environment;
use crate::scene::Scene;
use crate::support::{base, put};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The shell that runs them one by one. A text gets ten seconds; what it leaves running is ended with the run.
const DRIVER: &str = r#"
for scene in "$@"; do
    cd "$scene/w" || continue
    HOME=$scene TMPDIR=$scene/t timeout -s KILL 10 \
        strace -f -qq --seccomp-bpf -e trace=execve -e signal=none -o "$scene.trace" \
        bash --noprofile --norc -c "$(<"$scene.text")" </dev/null >"$scene.out" 2>&1
done
exit 0
"#;

/// Inside, everything is as outside but for what lies elsewhere: protected names may be made too.
const PROFILE: &str = "name = \"differential\"\nabout = \"a scratch directory\"\nextends = \"dev-box\"\n\
                       [files]\nunprotect = [\"*\"]\n";

/// Runs each text in its scene, all of which lie in `batch`.
#[expect(clippy::disallowed_methods, reason = "tests start what they test")]
pub fn run(batch: &Path, all: &[(Scene, &str)]) {
    let Some((first, _)) = all.first() else { return };
    for (scene, text) in all {
        put(scene.top.with_extension("text"), text);
    }
    let (driver, profile) = (batch.join("driver"), batch.join("profile.toml"));
    put(&driver, DRIVER);
    put(&profile, PROFILE);
    let home = batch.with_extension("home");
    fs::create_dir(&home).unwrap();
    let ended = Command::new(base().join("stockade"))
        .args(["run", "--profile"])
        .arg(&profile)
        .arg("--workspace")
        .arg(batch)
        .args(["--", "bash"])
        .arg(&driver)
        .args(all.iter().map(|(scene, _)| &scene.top))
        .env_clear()
        .envs(environment(first))
        .env("HOME", &home)
        .current_dir(batch)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// What the trace of a scene says, which is never empty: the shell itself is in it.
pub fn trace(scene: &Scene) -> String {
    let path = scene.top.with_extension("trace");
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

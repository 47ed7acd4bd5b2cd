//! Runs many texts for real: one `stockade run` for all, each in a scene of its own, execve(2) traced.

use crate::observe::{Fact, executed};
use crate::predict::environment;
use crate::scene::Scene;
use crate::support::{base, put};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The shell that runs them one by one, under a name by which the trace tells them apart. A text gets ten
/// seconds of processor; what waits for ever or is left running is ended with the run, or by the alarm.
const DRIVER: &str = r#"
ulimit -t 10
number=0
for scene in "$@"; do
    (
        cd "$scene/w" && export HOME=$scene TMPDIR=$scene/t &&
            exec -a "text:$number" bash --noprofile --norc -c "$(<"$scene.text")" bash
    ) </dev/null >"$scene.out" 2>&1
    number=$((number + 1))
done
exit 0
"#;

/// Inside, everything is as outside but for what lies elsewhere: protected names may be made too.
fn profile(batch: &Path) -> String {
    format!(
        "name = \"differential\"\nabout = \"a scratch directory\"\nextends = \"dev-box\"\n[files]\n\
         unprotect = [\"*\"]\nwrite = [\"{}\"]\n",
        batch.display()
    )
}

/// Runs each text in its scene, all of which lie in `batch`.
#[expect(clippy::disallowed_methods, reason = "tests start what they test")]
pub fn run(batch: &Path, all: &[(Scene, &str)]) {
    let Some((first, _)) = all.first() else { return };
    for (scene, text) in all {
        put(scene.top.with_extension("text"), text);
    }
    let aside = base().join(batch.file_name().unwrap());
    let (workspace, home, profile_file) =
        (aside.join("workspace"), aside.join("home"), aside.join("profile.toml"));
    fs::create_dir_all(&workspace).unwrap();
    fs::create_dir(&home).unwrap();
    let driver = batch.join("driver");
    put(&driver, DRIVER);
    put(&profile_file, profile(batch));
    let ended = Command::new(base().join("stockade"))
        .args(["run", "--profile"])
        .arg(&profile_file)
        .arg("--workspace")
        .arg(&workspace)
        .args(
            "-- timeout -s KILL 100 strace -f -qq --seccomp-bpf -e trace=execve -e signal=none -o"
                .split(' '),
        )
        .arg(batch.join("trace"))
        .arg("bash")
        .arg(&driver)
        .args(all.iter().map(|(scene, _)| &scene.top))
        .env_clear()
        .envs(environment(first))
        .env("HOME", &home)
        .current_dir(&workspace)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

/// What the trace of a batch says, which is never empty: the shells themselves are in it.
pub fn trace(batch: &Path) -> BTreeMap<usize, Vec<Fact>> {
    let path = batch.join("trace");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert!(text.contains("\"text:0\""), "the first text never ran: {text}");
    executed(&text)
}

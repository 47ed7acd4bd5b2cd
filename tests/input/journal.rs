//! A journal that cannot be written: what is not written down does not run.

use super::support::{Run, World, base};
use super::{MARK, Test, fails, marked};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

pub const TESTS: &[Test] = &[
    ("journal_replaced", replaced),
    ("state_directory_not_writable", not_writable),
    ("state_directory_of_others", of_others),
    ("state_directory_inside_a_write_root", inside),
    ("full_disk", full_disk),
    ("torn_and_forged_journals", torn),
];

/// Those for which only the superuser can make what they need, for the ordinary user, too.
pub const MOUNTS: &[&str] = &["full_disk"];

/// A first run, so that there is a journal.
fn begin(world: &World) {
    world.stockade(["run", "-c", MARK]).end().expect(0);
    assert!(marked(world));
}

fn replaced(world: &World) {
    let journal = world.state().join("journal.jsonl");
    begin(world);
    let kinds: [fn(&World); 5] = [
        |world| {
            symlink(world.outside().join("victim"), world.state().join("journal.jsonl")).unwrap()
        },
        |world| symlink("/dev/full", world.state().join("journal.jsonl")).unwrap(),
        |world| {
            let path = world.state().join("journal.jsonl");
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
        },
        |world| fs::create_dir(world.state().join("journal.jsonl")).unwrap(),
        |world| {
            let path = world.state().join("journal.jsonl");
            fs::write(&path, "").unwrap();
            world.own(&path);
            fs::set_permissions(path, Permissions::from_mode(0o666)).unwrap();
        },
    ];
    for replace in kinds {
        fs::remove_file(&journal).or_else(|_| fs::remove_dir(&journal)).unwrap();
        replace(world);
        let victims = world.victims();
        fails(world.stockade(["run", "-c", MARK]), world, "journal");
        assert_eq!(world.victims(), victims, "something was written through the journal's name");
    }
}

fn not_writable(world: &World) {
    begin(world);
    fs::set_permissions(world.state(), Permissions::from_mode(0o500)).unwrap();
    fs::set_permissions(world.state().join("journal.jsonl"), Permissions::from_mode(0o400))
        .unwrap();
    // The superuser may write all the same.
    if world.identity.who == super::Who::User {
        fails(world.stockade(["run", "-c", MARK]), world, "journal");
    }
    fs::set_permissions(world.state(), Permissions::from_mode(0o777)).unwrap();
    fails(world.stockade(["run", "-c", MARK]), world, "others may write");
    fs::set_permissions(world.state(), Permissions::from_mode(0o700)).unwrap();
}

fn of_others(world: &World) {
    begin(world);
    if super::Identity::is_root() {
        let other = world.identity.somebody_else();
        std::os::unix::fs::chown(world.state(), Some(other), None).unwrap();
        fails(world.stockade(["run", "-c", MARK]), world, "");
    }
}

fn inside(world: &World) {
    for state in ["{ws}", "{ws}/.git", "{ws}/a/b/c", "/tmp/stockade-test-state", "/dev/shm/x"] {
        let run = world.stockade(["run", "-c", MARK]).env("XDG_STATE_HOME", world.fill(state));
        fails(run, world, "state directory");
    }
    assert!(!world.workspace().join("a/b/c/stockade/journal.jsonl").exists());
}

/// Needs a file system of its own ([`MOUNTS`]); both are tried on it.
fn full_disk(world: &World) {
    let state = world.home().join("state");
    fs::create_dir(&state).unwrap();
    let ids = world.identity.ids().unwrap_or_default();
    let text = format!(
        r#"
set -eu
as() {{ setpriv --reuid {uid} --regid {gid} --clear-groups env -i HOME="$HOME" PATH="$PATH" XDG_STATE_HOME={state} "$@"; }}
mount -t tmpfs -o size=64k,uid={uid},gid={gid},mode=700 none {state}
as {stockade} run -c 'echo ran > mark'
rm mark
# The disk is filled to the last byte, then a little is given back: a record does not fit.
for room in 0 1 2 3; do
  cat /dev/zero > {state}/filler 2> /dev/null || true
  journal=$(sha256sum < {state}/stockade/journal.jsonl)
  size=$(stat -c %s {state}/stockade/journal.jsonl)
  # What is left of the last page is filled by runs themselves.
  status=0; tries=0
  while [ $status -eq 0 ] && [ $tries -lt 60 ]; do
    rm -f mark
    journal=$(sha256sum < {state}/stockade/journal.jsonl)
    as {stockade} run -c 'echo ran > mark' 2> told || status=$?
    tries=$((tries + 1))
  done
  [ $status -eq 125 ] || {{ echo "status $status"; cat told; exit 1; }}
  grep -q 'no space left' told || {{ cat told; exit 1; }}
  [ ! -e mark ] || {{ echo 'it ran'; exit 1; }}
  [ "$journal" = "$(sha256sum < {state}/stockade/journal.jsonl)" ] || {{ echo 'the journal was changed'; exit 1; }}
  as {stockade} log verify > verified 2>&1 || {{ cat verified; exit 1; }}
  rm {state}/filler
  as {stockade} run -c 'echo ran > mark'
  rm mark
done
as {stockade} log verify > /dev/null
echo whole
"#,
        uid = ids.0,
        gid = ids.1,
        state = state.display(),
        stockade = base().join("stockade").display(),
    );
    // The mount is in a namespace of its own and goes with it.
    let mut run = Run::new(world, "unshare").args(["-m", "bash", "-c", &text]);
    std::os::unix::process::CommandExt::uid(&mut run.command, 0);
    std::os::unix::process::CommandExt::gid(&mut run.command, 0);
    let ended = run.end();
    assert!(ended.out.ends_with("whole\n") && ended.code() == 0, "{ended:?}");
}

fn torn(world: &World) {
    begin(world);
    let journal = world.state().join("journal.jsonl");
    let whole = fs::read(&journal).unwrap();
    // Torn in its last record: told, and work goes on.
    fs::write(&journal, &whole[..whole.len() - 20]).unwrap();
    world.stockade(["run", "-c", MARK]).end().expect(0);
    world.stockade(["log"]).end();
    // Changed, cut, reordered, not text: each is found.
    let text = String::from_utf8(whole.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for forged in [
        text.replacen("echo ran", "echo ham", 1),
        lines[1..].join("\n") + "\n",
        lines.iter().rev().copied().collect::<Vec<_>>().join("\n") + "\n",
        format!("{}\n{text}", lines[0]),
        "not json\n".to_owned() + &text,
    ] {
        fs::write(&journal, forged.as_bytes()).unwrap();
        let ended = world.stockade(["log", "verify"]).end();
        assert_eq!(ended.code(), 1, "{forged:.80}: {ended:?}");
    }
    for noise in [&b"\xff\xfe\x00"[..], b"\n\n\n", b"{}", b""] {
        fs::write(&journal, noise).unwrap();
        world.stockade(["log"]).end();
        world.stockade(["log", "verify"]).end();
        let ended = world.stockade(["run", "-c", MARK]).end();
        assert!([0, 125].contains(&ended.code()), "{noise:?}: {ended:?}");
        assert_eq!(marked(world), ended.code() == 0, "{noise:?}: {ended:?}");
    }
}

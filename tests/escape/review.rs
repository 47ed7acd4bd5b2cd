//! What a hostile review found, kept found: readers that tell secrets, storms, and callers with odd habits.

use super::case::{Case, nothing_left};
use super::support::{Identity, Run, World, base, is_alive};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::process::Command;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("gate_one_tells_no_secret").attack_code(tells_no_secret).twin_code(reads_ours),
        Case::new("project_file_by_a_link").attack_code(project_file_by_a_link),
        Case::new("storm_of_processes").attack_code(storm).everywhere(),
        Case::new("row_70_shared_memory_by_number").attack_code(shared_memory),
        Case::new("terminals_of_others_under_strict").attack_code(terminals),
        Case::new("caller_ignores_its_children").twin_code(caller_ignores_its_children),
        Case::new("caller_has_older_children").twin_code(caller_has_older_children),
        Case::new("stopped_and_continued_from_inside").twin_code(stopped_and_continued),
    ]
}

const SECRET: &str = "hunter2secret";

/// Gate one quotes what it reads; what the command may not read it must not read for it.
fn tells_no_secret(who: Identity) {
    let world = World::new(who);
    let creds =
        format!("TOKEN={SECRET}\nmachine(){{ rm -rf /opt/{SECRET}; }}\nall:\n\trm /{SECRET}\n");
    world.put("home/creds", creds);
    let texts = [
        "source ~/creds; rm -rf /opt/$TOKEN",
        "machine(){ rm -rf /opt/$1; }; . ~/creds",
        "bash ~/creds",
        "make -f ~/creds",
        "sed -f ~/creds x",
        "python3 ~/creds",
        "X=$(cat ~/creds); rm -rf /opt/$X",
        "read X < ~/creds; rm -rf \"/opt/$X\"",
        "ln -s ~/creds here; source ./here; rm -rf /opt/$TOKEN",
    ];
    for text in texts {
        for verb in [&["run"][..], &["check"], &["check", "--json"], &["explain"]] {
            for profile in ["dev-box", "strict"] {
                let words = verb.iter().copied().chain(["-p", profile, "-c", text]);
                let ended = world.stockade(words).end();
                let told = format!("{}{}", ended.out, ended.err);
                assert!(!told.contains(SECRET), "{verb:?} {text}: {told}");
            }
        }
    }
    let journal = fs::read_to_string(world.state().join("journal.jsonl")).unwrap();
    assert!(!journal.contains(SECRET), "the journal holds it");
}

/// A script of the workspace is read, so that what it does is judged.
fn reads_ours(who: Identity) {
    let world = World::new(who);
    world.put("workspace/clean.sh", "rm -rf ~/documents\n");
    world.stockade(["run", "-c", "bash clean.sh"]).end().expect(126).says("documents");
}

fn project_file_by_a_link(who: Identity) {
    let world = World::new(who);
    world.put("home/creds", format!("{SECRET} = 1\n"));
    std::os::unix::fs::symlink(
        world.home().join("creds"),
        world.workspace().join(".stockade.toml"),
    )
    .unwrap();
    let ended = world.stockade(["run", "--", "true"]).end().expect(125);
    assert!(!ended.err.contains(SECRET), "{ended:?}");
}

/// Processes that fork and exit to stay ahead of whoever ends them.
const STORM: &str = r#"
#include <time.h>
#include <unistd.h>
int main(void) {
    time_t end = time(0) + 90;
    for (int i = 0; i < 60; i++)
        if (!fork()) {
            setsid();
            for (;;) {
                if (fork() > 0) _exit(0);
                if (time(0) > end) _exit(0);
            }
        }
    usleep(30000);
    return 0;
}
"#;

fn storm(who: Identity) {
    let world = World::new(who);
    let source = world.put("workspace/storm.c", STORM);
    let program = world.workspace().join("storm");
    let built = Command::new("gcc").arg("-o").arg(&program).arg(source).output().unwrap();
    assert!(built.status.success(), "{built:?}");
    world.own(&program);
    // It would blow for longer than any run of a test may take.
    world.stockade(["run", "--", "./storm"]).end().expect(0);
    nothing_left(&world);
}

/// System V objects have numbers, not places: whoever has the number has the object. A profile
/// without sockets of its own has none of them either; one that has is attacked in `sockets.rs`.
fn shared_memory(who: Identity) {
    let world = World::new(who);
    for kind in ["-M 4096", "-Q", "-S 1"] {
        let text = format!("ipcmk {kind} && echo made");
        let ended = world.stockade(["run", "-p", "strict", "-c", &text]).end();
        assert!(!ended.out.contains("made"), "{kind}: {ended:?}");
    }
}

const OPEN_TERMINALS: &str = "\
import os
for name in ['/dev/ptmx', '/dev/pts/0', '/dev/pts']:
    try:
        os.open(name, os.O_RDONLY)
        print('opened', name)
    except OSError as error:
        print(error.strerror)
";

fn terminals(who: Identity) {
    let world = World::new(who);
    world.put("workspace/terminals.py", OPEN_TERMINALS);
    let words = ["run", "-p", "strict", "--", "/usr/bin/python3", "terminals.py"];
    let ended = world.stockade(words).end();
    assert!(!ended.out.contains("opened"), "{ended:?}");
}

/// Daemons leave SIGCHLD ignored; the kernel then reaps children itself and tells nobody.
fn caller_ignores_its_children(who: Identity) {
    let world = World::new(who);
    let program = base().join("stockade");
    let text = format!(
        "import os, signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n\
         os.execv('{0}', ['{0}', 'run', '-c', 'exit 3'])\n",
        program.display()
    );
    Run::new(&world, "/usr/bin/python3").args(["-c", &text]).end().expect(3);
}

/// `server & exec stockade ...`: what was there before is not the run's to end.
fn caller_has_older_children(who: Identity) {
    let world = World::new(who);
    world.put("workspace/noexec", "not a program\n");
    let text = format!(
        "sleep 60 >/dev/null 2>&1 & echo $! > older; exec {} run -- ./noexec",
        base().join("stockade").display()
    );
    Run::new(&world, "/bin/sh").args(["-c", &text]).end().expect(126);
    let older: i32 =
        fs::read_to_string(world.workspace().join("older")).unwrap().trim().parse().unwrap();
    let alive = is_alive(older);
    kill(Pid::from_raw(older), Signal::SIGKILL).ok();
    assert!(alive, "the caller's own child was ended");
}

/// The front stops with the command, and goes on with it whoever continues it.
fn stopped_and_continued(who: Identity) {
    let world = World::new(who);
    let text = "(sleep 0.3; kill -CONT $$)& kill -STOP $$; exit 4";
    world.stockade(["run", "-c", text]).end().expect(4);
}

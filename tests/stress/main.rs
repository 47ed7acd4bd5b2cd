//! Many of everything, bounded and not timed: pipelines, runs at once, short-lived processes. Nothing hangs, no child is lost, nothing is left.
//!
//! How fast it is is the benches' business.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]

#[path = "../support/mod.rs"]
#[expect(clippy::allow_attributes, reason = "each test uses its own part of what is shared")]
#[allow(dead_code, unused_imports, reason = "each test uses its own part of what is shared")]
mod support;

use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use support::{Identity, World, of_world, poll};

/// A test by name; each is run once for each identity.
type Test = (&'static str, fn(&World));

const TESTS: &[Test] = &[
    ("row_91_pipelines_in_one_run", pipelines_in_one_run),
    ("row_91_pipelines_each_in_a_run", pipelines_each_in_a_run),
    ("runs_at_once", runs_at_once),
    ("short_processes", short_processes),
    ("orphans", orphans),
];

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // They are many by themselves.
    arguments.test_threads = arguments.test_threads.or(Some(1));
    let trials = TESTS.iter().flat_map(|test| Identity::BOTH.map(|who| trial(test, who)));
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    support::leave();
    conclusion.exit_code()
}

fn trial((name, test): &'static Test, who: Identity) -> Trial {
    let must = std::env::var_os("CI").is_some_and(|value| value == "true");
    let run = move || {
        assert!(who.possible(), "only the superuser can run the tests of the superuser");
        let world = World::new(who);
        test(&world);
        let left = || of_world(&world);
        assert!(poll(|| left().is_empty()), "left behind: {:?}", left());
        Ok(())
    };
    Trial::test(format!("{name}/{}", who.name()), run).with_ignored_flag(!who.possible() && !must)
}

/// A shell whose SIGCHLD restarts nothing loses a child when a held call is torn: it would wait for
/// ever, or print less. Each pipeline makes a file, which is a held call.
fn pipelines_in_one_run(world: &World) {
    let text = "n=0; while [ $n -lt 500 ]; do n=$((n + 1)); echo $n | tee file | cat; done\n";
    world.put("workspace/script", text);
    for shell in ["dash", "bash"] {
        let ended = world.stockade(["run", "--", shell, "script"]).end().expect(0);
        let wanted: String = (1..=500).map(|n| format!("{n}\n")).collect();
        assert!(ended.out == wanted, "{shell} lost something: {} bytes", ended.out.len());
    }
}

fn pipelines_each_in_a_run(world: &World) {
    world.put("workspace/script", "echo through | tee file | cat; exit 7\n");
    for _ in 0..125 {
        for shell in ["dash", "bash"] {
            let ended = world.stockade(["run", "--", shell, "script"]).end().expect(7);
            assert_eq!(ended.out, "through\n", "{ended:?}");
        }
    }
    let journal = std::fs::read_to_string(world.state().join("journal.jsonl")).unwrap();
    assert_eq!(journal.lines().count(), 500, "two records a run");
}

/// Each with a daemon that is to be ended, and a status of its own.
fn runs_at_once(world: &World) {
    world.put("workspace/script", "setsid sleep 60 & echo $1 >file.$1; exit $1\n");
    let runs: Vec<_> = (1..=64)
        .map(|n: i32| world.stockade(["run", "--", "dash", "script", &n.to_string()]).start())
        .collect();
    for (n, run) in (1..).zip(runs) {
        run.end().expect(n);
        let file = std::fs::read_to_string(world.workspace().join(format!("file.{n}"))).unwrap();
        assert_eq!(file, format!("{n}\n"));
    }
    world.stockade(["log", "verify"]).end().expect(0);
}

fn short_processes(world: &World) {
    let text = "n=0; good=0; while [ $n -lt 10000 ]; do n=$((n + 1)); \
                /bin/true && good=$((good + 1)); done; echo $good\n";
    world.put("workspace/script", text);
    let ended = world.stockade(["run", "--", "dash", "script"]).end().expect(0);
    assert_eq!(ended.out, "10000\n");
}

/// They fall to the guardian, who leaves none of them a zombie while the run goes on.
fn orphans(world: &World) {
    let text = "n=0; while [ $n -lt 1000 ]; do n=$((n + 1)); (/bin/true &); done; sleep 0.5\n\
                cat /proc/[0-9]*/stat 2>/dev/null | grep -c \") Z $PPID \"; exit 0\n";
    world.put("workspace/script", text);
    let ended = world.stockade(["run", "--", "dash", "script"]).end().expect(0);
    assert_eq!(ended.out, "0\n", "zombies");
}

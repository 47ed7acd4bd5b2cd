//! Standard streams that are closed, full, or read by nobody.

use super::support::{Run, World, base};
use super::{Test, marked};

pub const TESTS: &[Test] = &[
    ("closed_streams", closed),
    ("closed_streams_do_not_become_the_journal", not_the_journal),
    ("full_output", full),
    ("broken_pipe", broken_pipe),
];

fn shell(world: &World, text: &str) -> super::Ended {
    let program = base().join("stockade");
    let text = text.replace("STOCKADE", program.to_str().unwrap());
    Run::new(world, "/bin/bash").args(["-c", &text]).end()
}

const CLOSED: &[&str] = &["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"];

fn closed(world: &World) {
    for closed in CLOSED {
        shell(world, &format!("STOCKADE run -c 'echo ran > mark; exit 4' {closed}")).expect(4);
        assert!(marked(world), "{closed}: it did not run");
        shell(world, &format!("STOCKADE run -- true {closed}")).expect(0);
        shell(world, &format!("STOCKADE run --workspace / -- true {closed}")).expect(125);
        shell(world, &format!("STOCKADE run -- no-such-program {closed}")).expect(127);
        shell(world, &format!("STOCKADE run --bad-option {closed}")).expect(125);
    }
    shell(world, "STOCKADE log verify").expect(0);
}

/// The first file that is opened gets the lowest free descriptor: what the command prints must
/// not land in a file of ours.
fn not_the_journal(world: &World) {
    for closed in CLOSED {
        let text = "echo loose; echo loose >&2; cat > /dev/null; true";
        shell(world, &format!("STOCKADE run -c '{text}' {closed}"));
        shell(world, "STOCKADE log verify").expect(0);
    }
    let journal = std::fs::read_to_string(world.state().join("journal.jsonl")).unwrap();
    assert!(!journal.contains("\nloose"), "{journal}");
}

fn full(world: &World) {
    shell(world, "STOCKADE run -- true > /dev/full 2>&1").expect(0);
    shell(world, "STOCKADE check -c ls > /dev/full").expect(125);
    shell(world, "STOCKADE check --json -c ls > /dev/full").expect(125);
    shell(world, "echo '{\"id\":1,\"cmd\":\"ls\"}' | STOCKADE check --jsonl > /dev/full")
        .expect(125);
    for verb in ["--help", "doctor", "log", "log --json", "profile list", "profile show"] {
        let ended = shell(world, &format!("STOCKADE {verb} > /dev/full 2>&1"));
        assert_eq!(ended.code(), 125, "{verb}: {ended:?}");
    }
}

/// Whoever reads has read enough: nothing is said, and nobody is ended by a panic.
fn broken_pipe(world: &World) {
    shell(world, "STOCKADE run -- true").expect(0);
    for verb in [
        "check -c ls",
        "check --json -c ls",
        "log",
        "log --json",
        "doctor",
        "profile show",
        "--help",
    ] {
        let ended = shell(world, &format!("STOCKADE {verb} | true; echo ${{PIPESTATUS[0]}}"));
        assert!(ended.err.is_empty(), "{verb}: {ended:?}");
    }
    let text = "yes '{\"id\":1,\"cmd\":\"ls\"}' | STOCKADE check --jsonl | head -2 > /dev/null";
    assert!(shell(world, text).err.is_empty());
}

//! What a sandbox must not change: exit statuses, signals, streams, words, directory (row 73).

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, World, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_73_exit_statuses").twin_code(exit_statuses).everywhere(),
        Case::new("row_73_deaths_by_signal").twin_code(deaths),
        Case::new("row_73_clean_signals").twin(&["signals_clean"]),
        Case::new("row_73_ignored_hangup_stays_ignored").twin_code(nohup),
        Case::new("row_73_forwarded_signals").twin_code(forwarded),
        Case::new("row_73_streams").twin_code(streams),
        Case::new("row_73_words_and_place").twin_code(words_and_place),
        Case::new("row_73_statuses_of_our_own").attack_code(no_impostor),
    ]
}

fn exit_statuses(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    for status in [0, 1, 2, 10, 11, 77, 124, 125, 126, 127, 128, 143, 255] {
        world.put("workspace/orders", format!("exit {status}\n"));
        world.stockade(["run", "--", "./probe", "@orders"]).end().expect(status);
        let text = format!("exit {status}");
        world.stockade(["run", "-c", &text]).end().expect(status);
    }
}

fn deaths(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    for signal in [1, 2, 3, 4, 6, 8, 9, 10, 11, 13, 14, 15, 24, 31, 34, 64] {
        world.put("workspace/orders", format!("die {signal}\n"));
        let run = world.stockade(["run", "--", "./probe", "@orders"]);
        run.end().expect(128 + signal);
        assert!(!world.workspace().join("core").exists(), "a core dump in the workspace");
    }
    nothing_left(&world);
}

fn nohup(who: Identity) {
    let world = World::new(who);
    let program = super::support::base().join("stockade");
    let read = "/proc/self/status";
    let text = format!("trap '' HUP; exec {} run -- grep SigIgn {read}", program.display());
    let ended = super::support::Run::new(&world, "/bin/bash").args(["-c", &text]).end().expect(0);
    assert!(ended.out.trim_end().ends_with('1'), "{ended:?}");
}

/// A signal to stockade is one to the command, which may answer it in its own way.
fn forwarded(who: Identity) {
    for (signal, name) in [
        (Signal::SIGTERM, "TERM"),
        (Signal::SIGINT, "INT"),
        (Signal::SIGHUP, "HUP"),
        (Signal::SIGUSR1, "USR1"),
        (Signal::SIGUSR2, "USR2"),
        (Signal::SIGQUIT, "QUIT"),
    ] {
        let world = World::new(who);
        let text = format!(
            "trap 'echo got {name}; exit 9' {name}; echo ready; while :; do sleep 0.02; done\n"
        );
        world.put("workspace/script", text);
        let running = world.stockade(["run", "--", "bash", "script"]).start();
        assert!(poll(|| running.printed().contains("ready")), "{}", running.printed());
        kill(Pid::from_raw(running.pid()), signal).unwrap();
        let ended = running.end().expect(9);
        assert!(ended.out.ends_with(&format!("got {name}\n")), "{ended:?}");
    }
}

fn streams(who: Identity) {
    let world = World::new(who);
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let sum = world.stockade(["run", "--", "sha256sum"]).input(bytes.clone()).end().expect(0);
    world.put("workspace/bytes", &bytes);
    let same = super::support::Run::new(&world, "sha256sum").input(bytes).end();
    assert_eq!(sum.out, same.out);
    let ended = world.stockade(["run", "-c", "echo out; echo err >&2"]).end().expect(0);
    assert_eq!((ended.out.as_str(), ended.err.as_str()), ("out\n", "err\n"));
    // A reader that goes away ends the writer, as in every pipeline.
    let program = super::support::base().join("stockade");
    let text = format!("{} run -- yes | head -1; echo ${{PIPESTATUS[0]}}", program.display());
    let ended = super::support::Run::new(&world, "/bin/bash").args(["-c", &text]).end().expect(0);
    assert_eq!(ended.out, "y\n141\n");
}

fn words_and_place(who: Identity) {
    let world = World::new(who);
    let words = ["run", "--", "printf", "<%s>", "", "a b", "*", "$HOME", "-c", "--", "\n", "é"];
    let ended = world.stockade(words).end().expect(0);
    assert_eq!(ended.out, "<><a b><*><$HOME><-c><--><\n><é>");
    let ended = world.stockade(["run", "--", "pwd"]).end().expect(0);
    assert_eq!(ended.out.trim_end(), world.workspace().to_str().unwrap());
    let git = world.workspace().join(".git");
    let ended = world.stockade(["run", "-c", "pwd; umask"]).cwd(&git).end().expect(0);
    assert!(ended.out.starts_with(git.to_str().unwrap()), "{ended:?}");
}

/// A command that ends like a refusal is no refusal: the journal tells them apart.
fn no_impostor(who: Identity) {
    let world = World::new(who);
    world.stockade(["run", "-c", "echo 'stockade: refused' >&2; exit 126"]).end().expect(126);
    let journal = world.stockade(["log", "--json"]).end().expect(0).out;
    assert!(journal.contains("\"finished\"") && !journal.contains("\"refused\""), "{journal}");
}

//! Attacks by using up what there is: processes, memory, disk, processor, output (row 72). Each ends in time, and the message names the limit.

use super::case::{Case, nothing_left};
use super::support::{Identity, Run, Who, World, base};
use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// No run here takes longer, its clean-up included.
const SOON: Duration = Duration::from_secs(40);

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_72_processes").attack_code(processes).twin_code(make),
        Case::new("row_72_processes_that_multiply").attack_code(multiplying),
        Case::new("row_72_memory").attack_code(memory).twin_code(some_memory),
        Case::new("row_72_disk").attack_code(disk).twin_code(small_file),
        Case::new("row_72_output").attack_code(output),
        Case::new("row_72_output_bounded").attack_code(flood).twin_code(some_output),
        Case::new("row_72_output_that_goes_nowhere").attack_code(full).twin_code(unhurried),
        Case::new("row_72_status_of_a_limit").twin_code(status_alone),
        Case::new("row_72_processor").attack_code(processor),
        Case::new("row_72_time").attack_code(time),
        Case::new("row_72_small_disk")
            .attack_code(disk_fillers)
            .twin_code(some_of_the_disk)
            .mounts()
            .goes_itself(),
        Case::new("row_72_full_disk").attack_code(full_disk).mounts().goes_itself(),
    ]
}

/// Runs a script under limits. What it says on standard error, and how it ended.
fn run(who: Identity, limits: &str, program: &str, text: &str) -> (Option<i32>, String) {
    let world = World::new(who);
    let profile = format!("about = \"x\"\nextends = \"dev-box\"\n[limits]\n{limits}\n");
    let profile = world.put("limits.toml", profile);
    world.put("workspace/script", text);
    let begin = Instant::now();
    let words = ["run", "--profile", profile.to_str().unwrap(), "--", program, "script"];
    let ended = world.stockade(words).end();
    assert!(begin.elapsed() < SOON, "it took {:?}", begin.elapsed());
    nothing_left(&world);
    let journal = world.stockade(["log", "--json"]).end().out;
    let told = ended.err.lines().find(|line| line.contains("limits."));
    if let Some(told) = told.and_then(|line| line.strip_prefix("stockade: ")) {
        let told = told.replace('"', "\\\"");
        assert!(journal.contains(&told), "the journal has it as well: {told}\n{journal}");
    }
    (ended.status.code(), ended.err)
}

#[track_caller]
fn names(err: &str, key: &str) {
    let line = err.lines().find(|line| line.starts_with("stockade: ") && line.contains(key));
    assert!(line.is_some(), "nothing names {key}: {err}");
}

/// Many processes that stay. The kernel counts none of the superuser's, whom time alone bounds.
fn processes(who: Identity) {
    let text = "n=0; while [ $n -lt 300 ]; do sleep 30 & n=$((n + 1)); done; wait\n";
    let limits = "processes = 120\nwall_time = \"5s\"";
    let (status, err) = run(who, limits, "dash", text);
    if who.who == Who::Root {
        assert_eq!(status, Some(124), "{err}");
        names(&err, "limits.wall_time = \"5s\"");
    } else {
        assert_eq!(status, Some(2), "the shell could not fork: {err}");
        names(&err, "limits.processes = 120");
    }
}

/// Each makes another, seven times over: nothing that could outgrow the machine, were it not bounded.
fn multiplying(who: Identity) {
    let text = "import os, time\nfor _ in range(7): os.fork()\ntime.sleep(30)\n";
    let (status, err) = run(who, "processes = 90\nwall_time = \"3s\"", "python3", text);
    let key = if status == Some(124) { "limits.wall_time" } else { "limits.processes" };
    names(&err, key);
    assert_ne!(status, Some(0));
}

fn make(who: Identity) {
    let text = "printf 'all: a b c d\\n%%:\\n\\tsleep 0.05; echo $@ >$@\\n' >Makefile\n\
                make -s -j2 && cat a b c d | wc -l\n";
    let limits = "processes = 2000\nfile_size = \"1M\"\nmemory = \"4G\"\nwall_time = \"60s\"";
    let (status, err) = run(who, limits, "sh", text);
    assert_eq!((status, err.as_str()), (Some(0), ""));
}

fn memory(who: Identity) {
    let text = "kept = []\nwhile True: kept.append(bytearray(b'x') * (1 << 20))\n";
    let (status, err) = run(who, "memory = \"192M\"", "python3", text);
    assert_eq!(status, Some(1), "{err}");
    assert!(err.contains("MemoryError"), "{err}");
    names(&err, "limits.memory = \"192M\"");
}

fn some_memory(who: Identity) {
    let (status, err) = run(who, "memory = \"192M\"", "python3", "len(bytearray(1 << 24))\n");
    assert_eq!((status, err.as_str()), (Some(0), ""));
}

fn disk(who: Identity) {
    let text = "head -c 100000000 /dev/zero >big\n";
    let (status, err) = run(who, "file_size = \"1M\"", "sh", text);
    assert_eq!(status, Some(153), "{err}");
    names(&err, "limits.file_size = \"1M\"");
}

fn small_file(who: Identity) {
    let (status, err) = run(who, "file_size = \"1M\"", "sh", "head -c 1000000 /dev/zero >small\n");
    assert_eq!((status, err.as_str()), (Some(0), ""));
}

/// Where its output goes to a file, what it prints is bounded as any other file is.
fn output(who: Identity) {
    let (status, err) = run(who, "file_size = \"2M\"", "sh", "exec yes\n");
    assert_eq!(status, Some(153), "{err}");
    names(&err, "limits.file_size = \"2M\"");
}

/// It hears neither that it shall end nor that nobody reads, but what its own writes say.
const DEAF: &str = "trap '' TERM PIPE; x=$(head -c 20000 /dev/zero | tr '\\0' x)\n\
                    while echo $x; do :; done; exit 9\n";

/// On a pipe, which has no size, only a bound of its own ends it; nothing beyond it comes through.
fn flood(who: Identity) {
    let limits = "output = \"1M\"\nwall_time = \"20s\"";
    for text in ["exec yes\n", "yes >&2\n", DEAF] {
        let (status, err) = run(who, limits, "sh", text);
        assert!(matches!(status, Some(9 | 141 | 143)), "{text}: {status:?}");
        names(&err, "limits.output = \"1M\"");
        assert!(err.len() < (1 << 20) + 2000, "{} bytes", err.len());
    }
}

/// All of it arrives, and the status is the command's.
fn some_output(who: Identity) {
    let world = World::new(who);
    let profile = "about = \"x\"\nextends = \"dev-box\"\n[limits]\noutput = \"1M\"\n";
    let profile = world.put("limits.toml", profile);
    world.put("workspace/script", "seq 100000; seq 50000 >&2; exit 7\n");
    let words = ["run", "--profile", profile.to_str().unwrap(), "--", "sh", "script"];
    let ended = world.stockade(words).end().expect(7);
    let lines = |n: u32| (1..=n).map(|n| format!("{n}\n")).collect::<String>();
    assert!(ended.out == lines(100_000) && ended.err == lines(50_000), "not all, or not in turn");
    nothing_left(&world);
}

/// On a device that is full: bounded or not, the run ends as bare, and never as if all was well.
fn full(who: Identity) {
    let world = World::new(who);
    let profile = "about = \"x\"\nextends = \"dev-box\"\n[limits]\noutput = \"1M\"\n";
    let profile = world.put("limits.toml", profile).to_str().unwrap().to_owned();
    for text in ["echo x", "seq 200000", "yes | head -c 900000", "seq 9; exit 7"] {
        let onto = |mut run: Run| {
            let (full, err) =
                (fs::File::options().write(true).open("/dev/full"), world.put("err", ""));
            let err = fs::File::options().append(true).open(err).unwrap();
            run.command.stdin(Stdio::null()).stdout(full.unwrap()).stderr(err);
            let status = run.start_as_set().end().code();
            (status, fs::read_to_string(world.top.join("err")).unwrap())
        };
        let (bare, _) = onto(Run::new(&world, "/bin/bash").args(["-c", text]));
        let (open, _) = onto(world.stockade(["run", "-c", text]));
        let (bounded, told) = onto(world.stockade(["run", "-p", &profile, "-c", text]));
        assert_eq!((bare, open), (bounded, bounded), "{text}: {told}");
        assert_ne!(bounded, 0, "{text}");
        names(&told, "standard output of the run could not be written: No space left on device");
        let journal = world.stockade(["log", "--json"]).end().out;
        assert!(journal.contains("could not be written"), "{journal}");
    }
    nothing_left(&world);
}

/// A reader that takes its time, on a pipe whose other holders do not wait: all of it arrives.
const SLOWLY: &str = "import fcntl, os, subprocess, sys, time\n\
    r, w = os.pipe(); fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)\n\
    run = subprocess.Popen(sys.argv[1:], stdout=w); os.close(w); got = 0\n\
    while part := os.read(r, 8192): got += len(part); time.sleep(0.001)\n\
    print(got, run.wait())\n";

fn unhurried(who: Identity) {
    let world = World::new(who);
    let profile = "about = \"x\"\nextends = \"dev-box\"\n[limits]\noutput = \"10M\"\n";
    let profile = world.put("limits.toml", profile).to_str().unwrap().to_owned();
    let caller = world.put("slowly.py", SLOWLY).to_str().unwrap().to_owned();
    let stockade = base().join("stockade").to_str().unwrap().to_owned();
    let words = [&caller, &stockade, "run", "-p", &profile, "-c", "seq 100000"];
    let ended = Run::new(&world, "/usr/bin/python3").args(words).end().expect(0);
    assert_eq!(ended.out, "588895 0\n", "{ended:?}");
}

/// A program may end with 153 for reasons of its own: it is told as a guess, and only where there is
/// a limit; one that was ended for its file is told for sure.
fn status_alone(who: Identity) {
    let guess = "perhaps a file grew to the limit of file sizes";
    let (status, err) = run(who, "file_size = \"1M\"", "sh", "exit 153\n");
    assert_eq!(status, Some(153));
    names(&err, guess);
    let (status, err) = run(who, "file_size = \"unlimited\"", "sh", "exit 153\n");
    assert_eq!((status, err.as_str()), (Some(153), ""));
    let text = "exec head -c 100000000 /dev/zero >big\n";
    let (status, err) = run(who, "file_size = \"1M\"", "sh", text);
    assert_eq!(status, Some(153));
    assert!(err.contains("a file grew to the limit") && !err.contains("perhaps"), "{err}");
    let (status, err) = run(who, "cpu_time = \"9s\"", "sh", "exit 152\n");
    assert_eq!((status, err.as_str()), (Some(152), ""));
}

fn processor(who: Identity) {
    let (status, err) = run(who, "cpu_time = \"1s\"", "sh", "while :; do :; done\n");
    assert_eq!(status, Some(137), "{err}");
    names(&err, "limits.cpu_time = \"1s\"");
}

fn time(who: Identity) {
    let (status, err) = run(who, "wall_time = \"1s\"", "sh", "sleep 30\n");
    assert_eq!(status, Some(124), "{err}");
    names(&err, "limits.wall_time = \"1s\"");
}

/// Runs a script where the workspace has a small disk at `small`, in a mount namespace of its own, after
/// `first`. How it ended, and what it said.
fn on_a_small_disk(who: Identity, first: &str, text: &str) -> (Option<i32>, String) {
    let world = World::new(who);
    let small = world.workspace().join("small");
    fs::create_dir(&small).unwrap();
    let profile = "about = \"x\"\nextends = \"dev-box\"\n[limits]\nfree_space = \"12M\"\nwall_time = \"20s\"\n";
    let profile = world.put("limits.toml", profile);
    world.put("workspace/script", text);
    let way = "mount -t tmpfs -o size=48M,mode=777 small \"$1\" && sh -c \"$2\" && shift 2 && exec \"$@\"";
    let mut words: Vec<String> =
        ["-m", "sh", "-c", way, "sh", small.to_str().unwrap(), first].map(str::to_owned).into();
    if let Some((uid, gid)) = who.ids() {
        let as_user = ["setpriv", "--reuid", &uid.to_string(), "--regid", &gid.to_string()];
        words.extend(as_user.map(str::to_owned));
        words.push("--clear-groups".to_owned());
    }
    words.push(base().join("stockade").to_str().unwrap().to_owned());
    let run = ["run", "--profile", profile.to_str().unwrap(), "--", "bash", "script"];
    words.extend(run.map(str::to_owned));
    let mut run = Run::new(&world, "unshare").args(words);
    // The superuser mounts; on the way to stockade he becomes who it is for.
    run.command.uid(0).gid(0);
    let begin = Instant::now();
    let ended = run.end();
    assert!(begin.elapsed() < Duration::from_secs(15), "it took {:?}", begin.elapsed());
    nothing_left(&world);
    (ended.status.code(), ended.err)
}

/// In one file, in many, in one without a name, at a stroke; heeding what asks them to end, or not.
fn disk_fillers(who: Identity) {
    for text in [
        "exec cat /dev/zero >small/big\n",
        "n=0; while :; do head -c 300000 /dev/zero >small/$n; n=$((n + 1)); done\n",
        "exec 3>small/big; rm small/big; exec cat /dev/zero >&3\n",
        "fallocate -l 40M small/big; sleep 30\n",
        "(cat /dev/zero >small/a; sleep 30) & (cat /dev/zero >small/b; sleep 30) & wait\n",
    ] {
        let (status, err) = on_a_small_disk(who, "true", text);
        assert!(matches!(status, Some(143 | 137)), "{text}: {status:?} {err}");
        names(&err, "small had only ");
        names(&err, "limits.free_space = \"12M\"");
    }
    let deaf = "trap '' TERM; n=0; while :; do head -c 100000 /dev/zero >>small/big; done\n";
    let (status, err) = on_a_small_disk(who, "true", deaf);
    assert_eq!(status, Some(137), "{err}");
    names(&err, "limits.free_space = \"12M\"");
}

fn some_of_the_disk(who: Identity) {
    let text = "for n in 1 2 3 4; do head -c 20000000 /dev/zero >small/$n; sleep 0.05; rm small/$n; done\n";
    assert_eq!(on_a_small_disk(who, "true", text), (Some(0), String::new()));
}

/// What is full already is not filled further.
fn full_disk(who: Identity) {
    let (status, err) =
        on_a_small_disk(who, "head -c 40M /dev/zero >small/old", "echo ran >small/x\n");
    assert_eq!(status, Some(125), "{err}");
    names(&err, "`limits.free_space` keeps 12 MB free");
    assert!(err.contains("/workspace/small has "), "{err}");
}

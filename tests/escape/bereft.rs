//! Attacks by a run whose guardian is killed while it has calls to answer: they fail, nothing of them is done, nothing lives on (row 93).
//!
//! The front would end such a run at once. It is held still, so that what the run can do without a
//! guardian is seen.

use super::case::{Case, nothing_left};
use super::lifecycle::child_of;
use super::support::{Identity, Place, Run, Running, World, of_world, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_93_guardian_killed_while_calls_are_held")
            .attack_code(held)
            .twin_code(answered)
            .everywhere(),
        Case::new("row_95_guardian_that_does_not_answer").attack_code(unanswered),
        Case::new("row_93_guardian_killed_at_any_time").attack_code(at_any_time),
        Case::new("row_93_isolated_guardian_killed").attack_code(isolated).goes_itself(),
    ]
}

/// The calls that wait for a guardian that stands still; `fifo` has been taken up by it before.
const CALLS: [&str; 13] = [
    "fifo", "mkdir", "create", "append", "truncate", "unlink", "rename", "link", "symlink",
    "chmod", "mkfifo", "bind", "socket",
];
/// What is tried by each of them afterwards.
const AFTER: usize = 7;

fn world(who: Identity) -> World {
    let world = World::new(who);
    world.put("bereft.c", include_str!("bereft/bereft.c"));
    let text = world.fill(
        "cc -O1 -Wall -Werror -o {ws}/bereft {top}/bereft.c && cd {ws} && mkfifo fifo && \
         for name in cut going moving mode; do echo $name >$name; done",
    );
    Run::at(&world, Place::Plain, "/bin/bash").args(["-ec", &text]).end().expect(0);
    world
}

/// Everything in the workspace: its kind, mode, size and content.
fn tree(world: &World) -> BTreeMap<String, String> {
    let text =
        "find . ! -name . -printf '%p %y %m %s\\n'; cat own cut going moving mode .git/config";
    let ended = Run::at(world, Place::Plain, "/bin/bash").args(["-c", text]).end();
    let lines = ended.out.lines().enumerate();
    lines.map(|(at, line)| (format!("{at:04}"), line.to_owned())).collect()
}

/// A run with calls that its guardian has not answered, and does not look at.
struct Waiting {
    world: World,
    front: Running,
    guardian: i32,
}

impl Waiting {
    fn start(who: Identity, more: &[&str]) -> Self {
        let world = world(who);
        let words = ["run", "-q"].into_iter().chain(more.iter().copied());
        let front = world.stockade(words.chain(["--", "./bereft", "calls"])).start();
        let says = |word: &str| poll(|| front.printed().contains(word));
        assert!(says("ready\n") && says("fifo begins\n"), "{}", front.printed());
        let guardian = child_of(front.pid());
        // Time to take the call up.
        sleep(Duration::from_millis(200));
        send(guardian, Signal::SIGSTOP);
        assert!(poll(|| state(guardian) == Some('T')), "the guardian goes on");
        Self { world, front, guardian }
    }

    /// Has the other calls made. None of them is answered.
    fn go(&self) {
        self.world.put("workspace/go", "");
        let begun = |name: &&str| self.front.printed().contains(&format!("{name} begins\n"));
        assert!(poll(|| CALLS.iter().all(begun)), "{}", self.front.printed());
        sleep(Duration::from_millis(100));
        assert!(self.answers().is_empty(), "{}", self.front.printed());
    }

    /// What was answered so far, by name.
    fn answers(&self) -> Vec<(String, String)> {
        answers(&self.front.printed())
    }
}

fn answers(printed: &str) -> Vec<(String, String)> {
    let told = printed.lines().filter_map(|line| line.rsplit_once(' '));
    let told = told.filter(|(_, answer)| *answer != "begins");
    told.map(|(name, answer)| (name.to_owned(), answer.to_owned())).collect()
}

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

fn state(pid: i32) -> Option<char> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    text.rsplit_once(") ")?.1.chars().next()
}

/// Keeps a process as it is, though it is told to go on; let go when this is dropped.
struct Held(Running, Option<std::io::PipeWriter>);

impl Held {
    fn new(world: &World, pid: i32) -> Self {
        let mut run = Run::at(world, Place::Plain, "./bereft").args(["hold", &pid.to_string()]);
        let (ours, theirs) = std::io::pipe().unwrap();
        run.command.stdin(ours);
        let out = world.put("held", "");
        run.command.stdout(fs::File::options().write(true).open(&out).unwrap());
        let held = run.start_as_set();
        let says = || fs::read_to_string(&out).is_ok_and(|text| text == "held\n");
        assert!(poll(says), "the front cannot be held");
        Self(held, Some(theirs))
    }

    fn let_go(mut self) {
        drop(self.1.take());
        self.0.end().expect(0);
    }
}

fn held(who: Identity) {
    let run = Waiting::start(who, &[]);
    let before = (tree(&run.world), run.world.victims());
    run.go();
    let go = run.world.workspace().join("go");
    let held = Held::new(&run.world, run.front.pid());
    send(run.guardian, Signal::SIGKILL);
    let wanted = CALLS.len() * (1 + AFTER);
    assert!(poll(|| run.answers().len() == wanted), "{}", run.front.printed());
    for (name, answer) in run.answers() {
        assert_eq!(answer, "ENOSYS", "{name}: {}", run.front.printed());
    }
    held.let_go();
    let ended = run.front.end().expect(125).says("the guardian process was killed from outside");
    nothing_left(&run.world);
    fs::remove_file(go).unwrap();
    assert_eq!((tree(&run.world), run.world.victims()), before, "{ended:?}");
}

/// Its guardian stands still for a while and then answers: all is done, as bare.
fn answered(who: Identity) {
    let run = Waiting::start(who, &[]);
    run.go();
    send(run.guardian, Signal::SIGCONT);
    let pipe = run.world.workspace().join("fifo");
    fs::read(pipe).unwrap();
    let ended = run.front.end().expect(0);
    let told = answers(&ended.out);
    assert_eq!(told.len(), CALLS.len(), "{ended:?}");
    assert!(told.iter().all(|(_, answer)| answer == "ok"), "{ended:?}");
    let there = |name: &str| run.world.workspace().join(name).exists();
    assert!(there("made") && there("moved") && there("socket") && !there("going"), "{ended:?}");
}

/// Nothing goes on by itself because nobody answers; and the run can be ended.
fn unanswered(who: Identity) {
    let run = Waiting::start(who, &[]);
    let before = (tree(&run.world), run.world.victims());
    run.go();
    sleep(Duration::from_secs(2));
    assert!(run.answers().is_empty(), "{}", run.front.printed());
    fs::remove_file(run.world.workspace().join("go")).unwrap();
    assert_eq!((tree(&run.world), run.world.victims()), before);
    send(run.front.pid(), Signal::SIGKILL);
    send(run.guardian, Signal::SIGCONT);
    run.front.end().expect(137);
    nothing_left(&run.world);
}

/// Whatever the guardian is doing when it dies.
fn at_any_time(who: Identity) {
    for round in 0..12 {
        let world = world(who);
        let before = (protected(&world.workspace()), world.victims());
        let front = world.stockade(["run", "-q", "--", "./bereft", "storm"]).start();
        assert!(poll(|| front.printed().contains("ready\n")), "{}", front.printed());
        sleep(Duration::from_micros(20_000 + round * 3_700));
        send(child_of(front.pid()), Signal::SIGKILL);
        let ended = front.end().expect(125);
        assert_eq!(ended.out, "ready\n", "{ended:?}");
        nothing_left(&world);
        assert_eq!((protected(&world.workspace()), world.victims()), before);
        for number in 0..4 {
            // Moved or not, and nothing between.
            let there = |name: &str| world.workspace().join(format!("{name}{number}")).exists();
            assert!(there("a") != there("b") || !(there("a") || there("b")), "{ended:?}");
        }
    }
}

fn protected(workspace: &Path) -> (Vec<u8>, bool) {
    let config = fs::read(workspace.join(".git/config")).unwrap();
    (config, workspace.join(".git/hooks/pre-commit").exists())
}

/// Its guardian is process 1 of its namespaces: with it everything ends, by the kernel.
fn isolated(who: Identity) {
    let run = Waiting::start(who, &["--isolate"]);
    let before = (tree(&run.world), run.world.victims());
    run.go();
    let held = Held::new(&run.world, run.front.pid());
    send(run.guardian, Signal::SIGKILL);
    let spared = [run.front.pid(), held.0.pid()];
    let rest = || of_world(&run.world).into_iter().filter(|pid| !spared.contains(pid));
    assert!(poll(|| rest().next().is_none()), "without its guardian it lives on");
    held.let_go();
    let ended = run.front.end().expect(125);
    // It closes what it held before its namespace is ended.
    assert!(answers(&ended.out).iter().all(|(_, answer)| answer == "ENOSYS"), "{ended:?}");
    nothing_left(&run.world);
    fs::remove_file(run.world.workspace().join("go")).unwrap();
    assert_eq!((tree(&run.world), run.world.victims()), before, "{ended:?}");
}

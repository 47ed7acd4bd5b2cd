//! Attacks by outliving the run: daemons in sessions of their own, whatever ends stockade (row 71).

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, Running, World, gone, is_alive, parent_of, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::process::Stdio;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_71_daemon_after_the_end")
            .attack_code(after_the_end)
            .twin_code(during_the_run),
        Case::new("row_71_swarm_of_daemons").attack_code(swarm),
        Case::new("row_71_front_terminated")
            .attack_code(|who| front_gets(who, Signal::SIGTERM, 143)),
        Case::new("row_71_front_interrupted")
            .attack_code(|who| front_gets(who, Signal::SIGINT, 130)),
        Case::new("row_71_front_hung_up").attack_code(|who| front_gets(who, Signal::SIGHUP, 129)),
        Case::new("row_71_front_quit").attack_code(|who| front_gets(who, Signal::SIGQUIT, 131)),
        Case::new("row_71_front_killed")
            .attack_code(|who| front_gets(who, Signal::SIGKILL, 137))
            .everywhere(),
        Case::new("row_71_guardian_killed").attack_code(guardian_killed).everywhere(),
        Case::new("row_71_guardian_killed_while_counted").attack_code(guardian_of_counted_killed),
        Case::new("row_71_nobody_reads_what_is_counted").attack_code(nobody_reads),
        Case::new("row_71_front_killed_while_stopped").attack_code(killed_while_stopped),
        Case::new("row_71_group_of_the_front_killed").attack_code(group_killed),
        Case::new("row_71_time_limit").attack_code(time_limit).twin_code(within_the_time),
        Case::new("row_71_deaf_command_at_the_time_limit").attack_code(deaf_at_the_time_limit),
        Case::new("row_71_guardian_signalled").attack_code(guardian_signalled),
    ]
}

/// A run with a daemon of which everybody's pid is known.
struct Tree {
    world: World,
    front: Running,
    guardian: i32,
    command: i32,
    daemon: i32,
}

const TIMED: &str = "name = \"timed\"\nabout = \"one second\"\nextends = \"dev-box\"\n\
                     [limits]\nwall_time = \"1s\"\n";

/// What the run prints is counted, by processes of the front's own.
const COUNTED: &str = "name = \"counted\"\nabout = \"one second, counted\"\nextends = \"dev-box\"\n\
                       [limits]\noutput = \"1G\"\n";

impl Tree {
    /// Starts a command that makes a daemon and stays.
    fn start(who: Identity, then: &str, more: &[&'static str]) -> Self {
        let world = World::new(who);
        put_probe(&world);
        world.put("timed.toml", TIMED);
        world.put("counted.toml", COUNTED);
        world.put("workspace/orders", world.fill(&format!("daemon {{ws}}/daemon.pid\n{then}\n")));
        let (timed, counted) = (world.fill("{top}/timed.toml"), world.fill("{top}/counted.toml"));
        let named = |word: &&'static str| match *word {
            "TIMED" => timed.clone(),
            "COUNTED" => counted.clone(),
            other => other.to_owned(),
        };
        let more: Vec<String> = more.iter().map(named).collect();
        let more = more.iter().map(String::as_str);
        let words = ["run"].into_iter().chain(more).chain(["--", "./probe", "@orders"]);
        let front = world.stockade(words).start();
        let daemon = world.workspace().join("daemon.pid");
        let pid = || fs::read_to_string(&daemon).ok()?.trim_end().parse().ok();
        assert!(poll(|| pid().is_some()), "no daemon came up: {}", front.printed());
        let daemon = pid().unwrap();
        // Counters have no children.
        let parents = children(front.pid()).into_iter().filter(|pid| !children(*pid).is_empty());
        let [guardian] = parents.collect::<Vec<_>>()[..] else { panic!("not one guardian") };
        let command = children(guardian).into_iter().find(|pid| *pid != daemon).unwrap();
        Self { guardian, command, daemon, front, world }
    }

    /// Fails the test unless all of it is gone and the front ended with this status.
    fn vanishes(self, status: i32) {
        self.front.end().expect(status);
        for (name, pid) in
            [("daemon", self.daemon), ("command", self.command), ("guardian", self.guardian)]
        {
            assert!(gone(pid), "the {name} lives on: {pid}");
        }
        nothing_left(&self.world);
    }
}

fn children(pid: i32) -> Vec<i32> {
    let numbers = fs::read_dir("/proc").unwrap().flatten();
    let numbers = numbers.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    numbers.filter(|child| parent_of(*child) == Some(pid)).collect()
}

pub fn child_of(pid: i32) -> i32 {
    let children = children(pid);
    assert_eq!(children.len(), 1, "the front has one child, the guardian");
    children[0]
}

fn send(pid: i32, signal: Signal) {
    kill(Pid::from_raw(pid), signal).unwrap();
}

fn after_the_end(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", world.fill("daemon {ws}/daemon.pid\nexit 7\n"));
    world.stockade(["run", "--", "./probe", "@orders"]).end().expect(7);
    let pid = fs::read_to_string(world.workspace().join("daemon.pid")).unwrap();
    // Not a moment later: when stockade has ended, nothing of the run is left.
    assert!(!is_alive(pid.trim_end().parse().unwrap()), "the daemon outlived the run");
    nothing_left(&world);
}

/// While the run goes on a daemon is left alone: build servers and test fixtures are daemons.
fn during_the_run(who: Identity) {
    let tree = Tree::start(who, "stay", &[]);
    assert!(is_alive(tree.daemon) && is_alive(tree.command));
    assert_eq!(parent_of(tree.daemon), Some(tree.guardian), "the guardian adopts orphans");
    send(tree.front.pid(), Signal::SIGTERM);
    tree.vanishes(143);
}

fn swarm(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", world.fill("swarm {ws}/pid 30\n"));
    world.stockade(["run", "--", "./probe", "@orders"]).end().expect(0);
    for number in 0..30 {
        let pid = fs::read_to_string(world.workspace().join(format!("pid.{number}"))).unwrap();
        assert!(!is_alive(pid.trim_end().parse().unwrap()), "daemon {number} lives on");
    }
    nothing_left(&world);
}

fn front_gets(who: Identity, signal: Signal, status: i32) {
    let tree = Tree::start(who, "stay", &[]);
    send(tree.front.pid(), signal);
    tree.vanishes(status);
}

fn guardian_killed(who: Identity) {
    let tree = Tree::start(who, "stay", &[]);
    send(tree.guardian, Signal::SIGKILL);
    tree.vanishes(125);
}

/// Nobody else may hold what tells the front that its guardian is gone.
fn guardian_of_counted_killed(who: Identity) {
    let tree = Tree::start(who, "stay", &["--profile", "COUNTED"]);
    send(tree.guardian, Signal::SIGKILL);
    tree.vanishes(125);
    let tree = Tree::start(who, "stay", &["--profile", "COUNTED"]);
    send(tree.front.pid(), Signal::SIGKILL);
    tree.vanishes(137);
}

/// A reader that never reads holds neither the time limit nor a person's signal up.
fn nobody_reads(who: Identity) {
    let world = World::new(who);
    world.put("timed.toml", format!("{COUNTED}wall_time = \"1s\"\n"));
    world.put("counted.toml", COUNTED);
    for (profile, signal, status) in [("timed", None, 124), ("counted", Some(Signal::SIGTERM), 143)]
    {
        let profile = world.fill(&format!("{{top}}/{profile}.toml"));
        let (reader, writer) = std::io::pipe().unwrap();
        let mut run = world.stockade(["run", "-p", &profile, "--", "yes"]);
        run.command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::null());
        let running = run.start_as_set();
        if let Some(signal) = signal {
            assert!(poll(|| children(running.pid()).len() == 3), "no counters came up");
            std::thread::sleep(std::time::Duration::from_millis(300));
            send(running.pid(), signal);
            std::thread::sleep(std::time::Duration::from_millis(300));
            // The command has ended by now; what it printed still waits for a reader.
            kill(Pid::from_raw(running.pid()), signal).ok();
        }
        running.end().expect(status);
        drop(reader);
        nothing_left(&world);
    }
}

fn killed_while_stopped(who: Identity) {
    let tree = Tree::start(who, "stay", &[]);
    send(tree.daemon, Signal::SIGSTOP);
    send(tree.command, Signal::SIGSTOP);
    send(tree.front.pid(), Signal::SIGKILL);
    tree.vanishes(137);
}

/// `kill -9 -PGID`, as job control and build servers end what they started.
fn group_killed(who: Identity) {
    let tree = Tree::start(who, "stay", &[]);
    send(-tree.front.pid(), Signal::SIGKILL);
    tree.vanishes(137);
}

fn time_limit(who: Identity) {
    Tree::start(who, "stay", &["--profile", "TIMED"]).vanishes(124);
}

fn deaf_at_the_time_limit(who: Identity) {
    Tree::start(who, "stay_deaf", &["--profile", "TIMED"]).vanishes(124);
}

fn within_the_time(who: Identity) {
    let world = World::new(who);
    let profile = world.put("timed.toml", TIMED);
    let words = ["run", "--profile", profile.to_str().unwrap(), "-c", "sleep 0.2; exit 3"];
    world.stockade(words).end().expect(3);
}

/// What other programs send to the guardian by mistake does not lose the run.
fn guardian_signalled(who: Identity) {
    let tree = Tree::start(who, "stay", &[]);
    send(tree.guardian, Signal::SIGTERM);
    tree.vanishes(143);
    let tree = Tree::start(who, "stay", &[]);
    send(tree.guardian, Signal::SIGSTOP);
    send(tree.front.pid(), Signal::SIGKILL);
    send(tree.guardian, Signal::SIGCONT);
    tree.vanishes(137);
}

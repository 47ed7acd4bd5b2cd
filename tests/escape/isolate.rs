//! `--isolate`: what lies outside is not seen, what was made inside is not left, and where it cannot be had nothing runs.
//!
//! All attacks that consist of orders are carried out in isolated runs as well: see `Place::Isolated`.

use super::case::{Case, nothing_left, put_probe, put_probe_at};
use super::lifecycle::child_of;
use super::support::{Ended, Identity, Place, Run, Who, World, base, gone, of_world, poll};
use super::witness::Witness;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

pub fn cases() -> Vec<Case> {
    let cases = [
        Case::new("row_39_isolated_sees_no_outsider")
            .attack_code(sees_nobody)
            .twin_code(sees_itself),
        Case::new("row_70_isolated_shares_no_memory")
            .attack_code(meets_nobody)
            .twin_code(own_memory),
        Case::new("row_70_isolated_workspace_below_tmp").twin_code(workspace_below_tmp),
        Case::new("row_70_isolated_home_below_tmp").twin_code(home_below_tmp),
        Case::new("row_70_isolated_hides_what_is_beside").twin_code(hidden),
        Case::new("row_71_isolated_front_killed")
            .attack_code(|who| killed(who, &[Victim::Front]))
            .twin_code(statuses),
        Case::new("row_71_isolated_guardian_killed")
            .attack_code(|who| killed(who, &[Victim::Guardian])),
        Case::new("row_71_isolated_both_killed_at_once")
            .attack_code(|who| killed(who, &[Victim::Front, Victim::Guardian])),
        Case::new("row_97_isolated_with_a_hidden_proc").attack_code(hidden_proc).mounts(),
        Case::new("row_97_isolated_or_not_at_all").attack_code(refused).twin_code(where_possible),
    ];
    cases.map(Case::goes_itself).into()
}

/// A run with `--isolate` of the probe with these orders, one a line.
fn probed(world: &World, orders: &str) -> Ended {
    put_probe(world);
    world.put("workspace/orders", world.fill(orders));
    world.stockade(["run", "--isolate", "--", "./probe", "@orders"]).end()
}

/// A run with `--isolate` of shell text.
fn shell(world: &World, text: &str) -> Ended {
    world.stockade(["run", "--isolate", "-c", text]).end()
}

fn sees_nobody(who: Identity) {
    let world = World::new(who);
    let witness = Witness::new(&world);
    let orders = ["kill {pid} 0", "kill {pid} 9", "pidfd_signal {pid} 9", "read /proc/{pid}/stat"];
    let told = probed(&world, &witness.fill(&orders.join("\n")));
    let answers = "kill ESRCH\nkill ESRCH\npidfd_signal ESRCH\nread ENOENT\n";
    assert_eq!(told.out, answers, "{told:?}");
    // Nobody but the guardian, the shell and what it starts.
    let told = shell(&world, "cd /proc && echo [0-9]*").expect(0);
    assert_eq!(told.out, "1 2\n", "{told:?}");
    witness.saw_nothing();
    nothing_left(&world);
}

fn sees_itself(who: Identity) {
    let world = World::new(who);
    let told = shell(&world, "sleep 20 & until [ \"$(ps -o comm= $!)\" = sleep ]; do :; done; ps -e -o comm=; kill $!; wait $!; echo $?").expect(0);
    let mut seen: Vec<_> = told.out.lines().collect();
    seen.sort_unstable();
    assert_eq!(seen, ["143", "bash", "ps", "sleep", "stockade"], "{told:?}");
    for kind in ["pid", "mnt", "ipc"] {
        let link = format!("/proc/self/ns/{kind}");
        let inside = shell(&world, &format!("readlink {link}")).expect(0).out;
        assert_ne!(inside.trim_end(), fs::read_link(&link).unwrap().to_str().unwrap());
    }
}

/// The directories that are private, with a name in each that nobody else has.
fn shared_names(world: &World) -> [PathBuf; 2] {
    let name = world.top.to_str().unwrap().replace(['/', '.'], "-");
    ["/tmp", "/dev/shm"].map(|top| Path::new(top).join(format!("stockade-test{name}")))
}

/// Removes what a test had put into a directory that everybody shares.
struct Litter(Vec<PathBuf>);

impl Drop for Litter {
    fn drop(&mut self) {
        for path in &self.0 {
            fs::remove_dir_all(path).or_else(|_| fs::remove_file(path)).ok();
        }
    }
}

fn meets_nobody(who: Identity) {
    let world = World::new(who);
    for path in shared_names(&world) {
        let (theirs, ours) = (path.with_extension("theirs"), path.with_extension("ours"));
        let _litter = Litter(vec![theirs.clone(), ours.clone()]);
        fs::write(&theirs, "of an outsider\n").unwrap();
        world.own(&theirs);
        let orders = format!(
            "read {0}\nwrite {0}\nunlink {0}\ncreate {1}\nread {1}\nlink {1} {{ws}}/linked\n",
            theirs.display(),
            ours.display()
        );
        let told = probed(&world, &orders);
        let answers = "read ENOENT\nwrite ENOENT\nunlink ENOENT\ncreate ok\nread ok\nlink EXDEV\n";
        assert_eq!(told.out, answers, "{told:?}");
        assert_eq!(fs::read_to_string(&theirs).unwrap(), "of an outsider\n");
        assert!(!ours.exists(), "what an isolated run made in /tmp is left");
    }
    nothing_left(&world);
}

fn own_memory(who: Identity) {
    let world = World::new(who);
    let text = "set -e; mktemp >/dev/null; echo x > /tmp/f; mv /tmp/f f; cat f
        python3 -c 'from multiprocessing import shared_memory as m
s = m.SharedMemory(create=True, size=9); s.buf[0] = 7
t = m.SharedMemory(s.name); print(t.buf[0]); t.close(); s.close(); s.unlink()'
        grep -cE '^tmpfs (/tmp|/dev/shm) tmpfs rw,nosuid,nodev' /proc/mounts";
    let told = shell(&world, text).expect(0);
    assert_eq!(told.out, "x\n7\n2\n", "{told:?}");
    // A directory of this person's own for temporary files is empty, private, and can be used.
    let [own, _] = shared_names(&world);
    let _litter = Litter(vec![own.clone()]);
    fs::create_dir(&own).unwrap();
    fs::write(own.join("before"), "x").unwrap();
    world.own(&own);
    let run = world.stockade(["run", "--isolate", "-c", "ls $TMPDIR; mktemp; stat -c %a $TMPDIR"]);
    let told = run.env("TMPDIR", &own).end().expect(0);
    let mut lines = told.out.lines();
    assert!(lines.next().unwrap().starts_with(own.to_str().unwrap()), "{told:?}");
    assert_eq!(lines.next(), Some("700"), "{told:?}");
    assert_eq!(fs::read_dir(&own).unwrap().count(), 1, "what it made there is left");
}

/// The workspace stays what and where it is, and nothing beside it is seen.
fn workspace_below_tmp(who: Identity) {
    let world = World::new(who);
    for top in shared_names(&world) {
        let _litter = Litter(vec![top.clone()]);
        let workspace = top.join("deep/work");
        fs::create_dir_all(workspace.join(".git/hooks")).unwrap();
        fs::write(top.join("beside"), "x").unwrap();
        fs::write(workspace.join("own"), "mine\n").unwrap();
        world.own(&top);
        put_probe_at(&world, &workspace.join("probe"));
        let orders = "read own\nrename own ../moved\nread ../../beside\n\
                      create .git/hooks/pre-commit\n";
        fs::write(workspace.join("orders"), orders).unwrap();
        let within = |words: &[&str]| {
            let run = world.stockade(["run", "--isolate", "--workspace"]).args([&workspace]);
            run.args(words).cwd(&workspace).end()
        };
        let told = within(&["--", "./probe", "@orders"]);
        // Beside it there is nothing, and what leads out of it is another file system.
        let answers = "read ok\nrename EXDEV\nread ENOENT\ncreate EPERM\n";
        assert_eq!(told.out, answers, "{told:?}");
        let told = within(&["-c", "echo new > new; pwd; stat -c %i .; ls ../.."]).expect(0);
        let inode = workspace.metadata().unwrap().ino();
        assert_eq!(told.out, format!("{}\n{inode}\ndeep\n", workspace.display()), "{told:?}");
        assert_eq!(fs::read_to_string(workspace.join("new")).unwrap(), "new\n");
    }
    nothing_left(&world);
}

/// A home below /tmp, as some build servers have it, is empty but for what is granted in it.
fn home_below_tmp(who: Identity) {
    let world = World::new(who);
    let [home, _] = shared_names(&world);
    let _litter = Litter(vec![home.clone()]);
    fs::create_dir_all(home.join(".cargo/registry")).unwrap();
    fs::create_dir(home.join(".ssh")).unwrap();
    fs::write(home.join(".ssh/id"), "key").unwrap();
    fs::write(home.join(".cargo/registry/kept"), "kept\n").unwrap();
    world.own(&home);
    let text =
        "ls -A $HOME; cat ~/.cargo/registry/kept; echo x > ~/.new; echo x > ~/.cargo/registry/made";
    let run = world.stockade(["run", "--isolate", "-c", text]).env("HOME", &home);
    let told = run.env("XDG_STATE_HOME", world.state()).end().expect(0);
    assert!(told.out.ends_with("kept\n") && !told.out.contains(".ssh"), "{told:?}");
    assert!(!home.join(".new").exists() && home.join(".cargo/registry/made").exists());
}

/// A directory or program that an isolated run does not see is refused by name.
fn hidden(who: Identity) {
    let world = World::new(who);
    let [top, _] = shared_names(&world);
    let _litter = Litter(vec![top.clone()]);
    fs::create_dir(&top).unwrap();
    put_probe_at(&world, &top.join("probe"));
    world.own(&top);
    let (tool, workspace) = (top.join("probe"), world.workspace());
    let run = world.stockade(["run", "--isolate", "--"]).args([&tool]);
    run.args(["exit", "0"]).end().expect(125).says(tool.to_str().unwrap());
    let run = world.stockade(["run", "--isolate", "--workspace"]).args([&workspace]);
    run.args(["--", "true"]).cwd(&top).end().expect(125).says(top.to_str().unwrap());
    // Granted by name, they are there.
    let text = format!(
        "name = \"p\"\nabout = \"x\"\nextends = \"dev-box\"\nisolate = \"required\"\n\
         [files]\nread = [{top:?}]\n"
    );
    let profile = world.put("profile.toml", text);
    let run = world.stockade(["run", "--profile", profile.to_str().unwrap(), "--workspace"]);
    let run = run.args([&workspace]).args(["--".as_ref(), tool.as_os_str()]);
    run.args(["exit", "3"]).cwd(&top).end().expect(3);
}

/// Who is killed from outside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Victim {
    Front,
    Guardian,
}

/// Whoever is killed: no process is left, hence no namespace and no mount in it.
fn killed(who: Identity, victims: &[Victim]) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", world.fill("daemon {ws}/daemon.pid\nstay\n"));
    let front = world.stockade(["run", "--isolate", "--", "./probe", "@orders"]).start();
    let daemon = world.workspace().join("daemon.pid");
    assert!(poll(|| daemon.metadata().is_ok_and(|file| file.len() > 0)), "{}", front.printed());
    // The guardian works at the root of its own tree, the others here.
    assert_eq!(of_world(&world).len(), 3, "front, command and daemon");
    let guardian = child_of(front.pid());
    for victim in victims {
        let pid = if *victim == Victim::Front { front.pid() } else { guardian };
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    }
    let status = if victims.contains(&Victim::Front) { 137 } else { 125 };
    front.end().expect(status);
    nothing_left(&world);
    assert!(gone(guardian), "the guardian lives on");
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(world.top.to_str().unwrap()), "{mounts}");
}

/// Ends are told as they are without namespaces.
fn statuses(who: Identity) {
    let world = World::new(who);
    shell(&world, "exit 7").expect(7);
    shell(&world, "kill -9 $$").expect(137);
    world.stockade(["run", "--isolate", "--", "./none"]).end().expect(127);
    put_probe(&world);
    world.put("workspace/orders", world.fill("daemon {ws}/daemon.pid\nstay\n"));
    let profile = "name = \"timed\"\nabout = \"one second\"\nextends = \"dev-box\"\n\
                   isolate = \"required\"\n[limits]\nwall_time = \"1s\"\n";
    let profile = world.put("timed.toml", profile);
    let words = ["run", "--profile", profile.to_str().unwrap(), "--", "./probe", "@orders"];
    world.stockade(words).end().expect(124);
    fs::remove_file(world.workspace().join("daemon.pid")).unwrap();
    let front = world.stockade(["run", "--isolate", "--", "./probe", "@orders"]).start();
    let daemon = world.workspace().join("daemon.pid");
    assert!(poll(|| daemon.metadata().is_ok_and(|file| file.len() > 0)));
    kill(Pid::from_raw(front.pid()), Signal::SIGTERM).unwrap();
    front.end().expect(143);
    nothing_left(&world);
}

/// Where namespaces or mounts are refused, what was required is refused, with the reason.
fn refused(who: Identity) {
    for (place, step) in [
        (Place::Docker, "could not start a process in namespaces"),
        (Place::Landlock, "could not cut its mounts off"),
    ] {
        let world = World::new(who.at(place));
        let wants = |profile: &str| {
            let text = format!("name = \"p\"\nabout = \"x\"\nextends = \"dev-box\"\n{profile}\n");
            world.put("profile.toml", text).to_str().unwrap().to_owned()
        };
        let profile = wants("isolate = \"required\"");
        for words in [&["--isolate"][..], &["--profile", &profile]] {
            let words = ["run"].iter().chain(words).chain(&["-c", "echo ran"]).copied();
            let ended = world.stockade(words).end().expect(125).says("isolated").says(step);
            assert_eq!(ended.out, "");
        }
        // The same as a promise, and by a project.
        let profile = wants("require = [\"private\"]");
        world.stockade(["run", "--profile", &profile, "-c", "echo ran"]).end().expect(125);
        world.put("workspace/.stockade.toml", "isolate = \"required\"\n");
        world.stockade(["run", "-c", "echo ran"]).end().expect(125).says(step);
        nothing_left(&world);
    }
}

/// A /proc with something hidden, as containers have it, may not be seen anew by a user namespace;
/// the superuser of the machine needs none.
fn hidden_proc(who: Identity) {
    let world = World::new(who);
    let state = world.home().join(".local/state");
    fs::create_dir_all(&state).unwrap();
    world.own(&world.home());
    let options = [
        "--read-only",
        "--volume",
        "/proc",
        "--tmpfs",
        state.to_str().unwrap(),
        "--tmpfs",
        "/proc/irq",
    ];
    let run = Run::entering(&world, &options, base().join("stockade"));
    let ended = run.args(["run", "--isolate", "-c", "ls /proc/irq; echo ran"]).end();
    match who.who {
        // What was hidden stays hidden.
        Who::Root => assert_eq!(ended.expect(0).out, "ran\n"),
        Who::User => {
            let ended =
                ended.expect(125).says("could not mount a private /proc").says("systempaths");
            assert_eq!(ended.out, "");
        }
    }
}

/// Where they cannot be had, what was only wished for goes on, and the journal says so.
fn where_possible(who: Identity) {
    let ways = [
        (Place::Plain, "of its own"),
        (Place::FakeRoot, "of its own"),
        (Place::Docker, "isolated: no"),
        (Place::Landlock, "isolated: no"),
    ];
    for (place, told) in ways {
        // The superuser of a user namespace is made from anybody.
        if place == Place::FakeRoot && who.who == Who::Root {
            continue;
        }
        let world = World::new(who.at(place));
        world.put("workspace/.stockade.toml", "isolate = \"when-possible\"\n");
        let ended = world.stockade(["run", "-c", "echo ran"]).end().expect(0);
        assert_eq!(ended.out, "ran\n");
        let log = Run::new(&world, base().join("stockade")).args(["log", "--json"]).end().expect(0);
        assert!(log.out.contains(told), "{place:?}: {log:?}");
    }
}

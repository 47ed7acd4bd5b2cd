//! Attacks by unix sockets: doors to daemons that do more for their callers than the sandbox lets them.
//!
//! A run has sockets of its own, so that the servers it starts work; what an outsider listens on, it
//! does not reach, by whatever name, descriptor or race.

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, Run, World, poll};
use std::fs;
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

/// A profile without any.
const NONE: &str = "\
name = \"none\"
about = \"no sockets\"
extends = \"dev-box\"
unix_sockets = \"none\"
[judge]
otherwise = \"allow\"
";

/// A person lets the run talk to one door.
const GRANTED: &str = "\
name = \"granted\"
about = \"one door of an outsider\"
extends = \"dev-box\"
[files]
sockets = [\"/var/tmp/DOOR\"]
";

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_59_no_sockets_at_all")
            .profile(NONE)
            .attack(&[
                "unix {top}/door/stream -> EPERM",
                "bind_name {ws}/socket 1 -> EPERM",
                "bind_socket {ws}/socket -> EACCES",
                "bind_socket {ws}/.envrc -> EACCES",
                "bind_socket {ws}/.git/hooks/pre-push -> EACCES",
                "shm_key 0 0600 -> EPERM [unproven]",
            ])
            .twin(&["pair 1", "pair 5"]),
        named(),
        moved(),
        races(),
        Case::new("row_60_not_to_one_partner")
            .attack(&[
                "pair_sendto {top}/door/datagram -> EPERM",
                "pair_connect {top}/door/datagram -> EPERM",
                "pair_stream_connect {top}/door/stream -> EINVAL|EISCONN|EPERM [unproven]",
                "dial {top}/door/datagram 2 -> EPERM",
                "bind_name {ws}/s 3 -> EPERM",
                "addressed {top}/door/stream -> EISCONN [unproven]",
            ])
            .twin(&["pair 1", "pair 5", "own {ws}/s 5"]),
        Case::new("row_61_abstract_socket")
            .attack(&[
                "unix {abstract}s -> EPERM",
                "dial {abstract}s 1 -> EPERM",
                "pair_sendto {abstract}d -> EPERM",
                "pair_connect {abstract}d -> EPERM",
                "race_name @own-{pid} {abstract}s 300 -> ECONNABORTED [unproven]",
            ])
            .twin(&["own @stockade-twin-{pid} 1", "own @stockade-twin-{pid} 5"]),
        Case::new("socket_at_protected_names")
            .attack(&[
                "bind_name {ws}/.git/hooks/post-checkout 1 -> EPERM",
                "bind_name {ws}/.git/config.worktree 5 -> EPERM",
                "bind_name {ws}/.envrc 1 -> EPERM",
                "bind_name {out}/socket 1 -> EACCES",
                "bind_name {home}/.ssh/agent 1 -> EACCES",
                "symlink {ws}/.git/hooks {ws}/l;bind_name {ws}/l/x 1 -> EPERM",
                "bind_name /proc/self/cwd/.vscode 1 -> EPERM",
                "race_bind {ws}/.git/hooks/post-merge 20000 -> ECONNABORTED",
                "bind_socket {ws}/.git/hooks/pre-push -> EACCES",
            ])
            .twin(&[
                "bind_name {ws}/socket 1",
                "own {ws}/.git/fsmonitor.ipc 1",
                "own /proc/self/cwd/s 1 -> ENOTNAM",
            ]),
        Case::new("socket_race_that_a_naive_judge_loses").twin_code(naive).goes_itself(),
        Case::new("socket_of_an_inode_used_again").attack_code(used_again),
        Case::new("socket_of_an_outsider_in_tmp").attack_code(in_tmp).twin_code(left_behind),
        Case::new("socket_moved_while_it_is_bound").attack_code(moved_meanwhile).goes_itself(),
        Case::new("socket_that_is_granted").attack_code(granted),
    ]
}

fn named() -> Case {
    Case::new("row_59_pathname_socket")
        .attack(&[
            "unix {top}/door/stream -> EACCES",
            "dial {top}/door/stream 1 -> EACCES",
            "symlink {top}/door/stream {ws}/s;unix {ws}/s -> EACCES",
            "unix /proc/self/root{top}/door/stream -> EACCES",
            "bound_dial {ws}/b {top}/door/stream -> EINVAL",
            "listening_dial {ws}/c {top}/door/stream -> EINVAL [unproven]",
            "twice_dial {ws}/d {top}/door/stream -> EISCONN [unproven]",
            "passed {top}/door/stream -> EACCES",
            "copied {top}/door/stream -> EACCES",
            "held_dial {top}/door/stream -> EACCES",
            "recycled {top}/door/stream 700 -> EACCES",
        ])
        .twin(&[
            "own socket 1",
            "own socket 5",
            "own ./socket 1",
            "own {ws}/socket 1",
            "own ../workspace/socket 1",
            "long_name 107",
            "long_name 108",
            "crowd {ws}/socket",
            "hoard 200",
            "mkfifo {ws}/p;dial {ws}/p 1 -> ECONNREFUSED",
            "dial {ws}/nothing 1 -> ENOENT",
            "bind_name {ws}/s 1;bind_name {ws}/s 1 -> EADDRINUSE",
            "bind_name {ws}/s 1;unlink {ws}/s;own {ws}/s 1",
        ])
}

/// The outsider's socket has a name where the run may write.
fn moved() -> Case {
    let link = |world: &World| {
        let theirs = world.workspace().join("theirs");
        fs::hard_link(world.top.join("door/stream"), &theirs).unwrap();
        world.own(&theirs);
    };
    Case::new("socket_of_an_outsider_in_the_workspace").prepare(link).attack(&[
        "dial {ws}/theirs 1 -> EACCES",
        "dial theirs 1 -> EACCES",
        "bind_name {ws}/s 1;rename {ws}/theirs {ws}/s;dial {ws}/s 1 -> EACCES",
        "bind_name {ws}/s 1;unlink {ws}/s;link {ws}/theirs {ws}/s;dial {ws}/s 1 -> EACCES",
        "symlink theirs {ws}/s;dial {ws}/s 1 -> EACCES",
    ])
}

/// Threads that are faster than whoever looks. Bare they win, and so does a supervisor that lets
/// the kernel go on with what was judged.
fn races() -> Case {
    Case::new("socket_races").attack(&[
        "race_name {ws}/ours {top}/door/stream 20000 -> ECONNABORTED",
        "race_descriptor {top}/door/stream 20000 -> ECONNABORTED",
    ])
}

/// The race is one: who lets the kernel go on with an address that was judged loses it.
fn naive(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let source = world.put("naive.c", include_str!("sockets/naive.c"));
    let naive = world.top.join("naive");
    let built = Command::new("gcc").args(["-O1", "-o"]).arg(&naive).arg(source).output().unwrap();
    assert!(built.status.success(), "{built:?}");
    let theirs = world.top.join("theirs");
    let listener = UnixListener::bind(&theirs).unwrap();
    world.own(&theirs);
    listener.set_nonblocking(true).unwrap();
    let ours = world.workspace().join("ours");
    let words =
        [&ours, &world.workspace().join("probe")].map(|path| path.to_str().unwrap().to_owned());
    let race = ["race_name", ours.to_str().unwrap(), theirs.to_str().unwrap(), "20000"];
    let ended = Run::new(&world, &naive).args(words).args(race).end();
    assert_eq!(ended.out, "race_name ok\n", "{ended:?}");
    assert!(listener.accept().is_ok(), "nobody came");
}

/// What the run made is gone; outsiders come by the inode numbers it leaves behind.
const USED_AGAIN: &str = "\
import os, socket, sys, time
def at(name):
    s = socket.socket(socket.AF_UNIX)
    s.bind(name)
    s.listen()
    return s
mine = [at(f'mine{n}') for n in range(40)]
inodes = {os.stat(f'mine{n}').st_ino for n in range(40)}
for s in mine: s.close()
for n in range(40): os.unlink(f'mine{n}')
open('left', 'w').close()
while not os.path.exists('taken'): time.sleep(0.02)
theirs = [name for name in os.listdir() if name.startswith('theirs')]
for name in theirs:
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        print('reached', name)
    except PermissionError: pass
print(len(theirs), 'tried')
";

fn used_again(who: Identity) {
    let world = World::new(who);
    world.put("workspace/work.py", USED_AGAIN);
    let running = world.stockade(["run", "--", "/usr/bin/python3", "work.py"]).start();
    let at = |name: &str| world.workspace().join(name);
    assert!(poll(|| at("left").exists()), "it leaves nothing");
    let bind = |n: usize| {
        let path = at(&format!("theirs{n}"));
        let listener = UnixListener::bind(&path).unwrap();
        world.own(&path);
        listener.set_nonblocking(true).unwrap();
        listener
    };
    let listeners: Vec<UnixListener> = (0..200).map(bind).collect();
    fs::write(at("taken"), "").unwrap();
    let ended = running.end();
    assert!(ended.out.contains("200 tried"), "{ended:?}");
    assert!(!ended.out.contains("reached"), "{ended:?}");
    assert!(listeners.iter().all(|listener| listener.accept().is_err()), "somebody came");
    nothing_left(&world);
}

/// Binds by a directory that somebody else moves meanwhile: judged is one in which an outsider
/// listens at the name, bound in one where nobody does.
const MOVED_MEANWHILE: &str = "\
import collections, os, socket
came = collections.Counter()
for n in range(6000):
    s = socket.socket(socket.AF_UNIX)
    try:
        s.bind('d/s')
        came['bound'] += 1
    except OSError as error: came[error.errno] += 1
    try:
        socket.socket(socket.AF_UNIX).connect('one/s')
        print('reached')
        break
    except PermissionError: pass
    s.close()
    if os.path.lexists('two/s'): os.unlink('two/s')
print('tried', dict(came))
";

fn moved_meanwhile(who: Identity) {
    let world = World::new(who);
    world.put("workspace/work.py", MOVED_MEANWHILE);
    let at = |name: &str| world.workspace().join(name);
    for name in ["one", "two"] {
        fs::create_dir(at(name)).unwrap();
    }
    let listener = UnixListener::bind(at("one/s")).unwrap();
    listener.set_nonblocking(true).unwrap();
    std::os::unix::fs::symlink("one", at("d")).unwrap();
    world.own(&world.workspace());
    let running = world.stockade(["run", "--quiet", "--", "/usr/bin/python3", "work.py"]).start();
    let over = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                for name in ["two", "one"] {
                    std::os::unix::fs::symlink(name, at("next")).unwrap();
                    fs::rename(at("next"), at("d")).unwrap();
                }
            }
        });
        let ended = running.end();
        over.store(true, Ordering::Relaxed);
        ended
    });
    assert!(ended.out.contains("tried"), "{ended:?}");
    assert!(!ended.out.contains("reached"), "{ended:?}");
    assert!(listener.accept().is_err(), "somebody came");
}

/// A directory of the person's in /tmp, as those of terminals, agents and screens.
fn private_in_tmp(world: &World) -> tempfile::TempDir {
    let directory = tempfile::Builder::new().prefix("stockade-test.").tempdir_in("/tmp").unwrap();
    world.own(directory.path());
    directory
}

/// A run may write there, and a terminal of the person's listens there. The refusal says so.
fn in_tmp(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let directory = private_in_tmp(&world);
    let door = directory.path().join("default");
    let listener = UnixListener::bind(&door).unwrap();
    world.own(&door);
    listener.set_nonblocking(true).unwrap();
    world.put("workspace/orders", format!("dial {} 1\n", door.display()));
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    assert_eq!(ended.out, "dial EACCES\n", "{ended:?}");
    ended.says("refused to connect to").says("this run has not made it").says("files.sockets");
    assert!(listener.accept().is_err(), "somebody came");
}

/// What nobody listens on any more answers as it does bare, so that a server takes its place.
fn left_behind(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let directory = private_in_tmp(&world);
    let door = directory.path().join("default");
    drop(UnixListener::bind(&door).unwrap());
    world.own(&door);
    let door = door.display();
    world.put("workspace/orders", format!("dial {door} 1\nunlink {door}\nown {door} 1\n"));
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    assert_eq!(ended.out, "dial ECONNREFUSED\nunlink ok\nown ok\n", "{ended:?}");
}

/// One door is granted: that very socket, and not what gets its name.
fn granted(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let doors = ["granted", "other"].map(|name| {
        let path = world.workspace().join(name);
        let listener = UnixListener::bind(&path).unwrap();
        world.own(&path);
        listener.set_nonblocking(true).unwrap();
        listener
    });
    let door = world.workspace().join("granted");
    let text = GRANTED.replace("/var/tmp/DOOR", door.to_str().unwrap());
    let profile = world.put("profile.toml", text);
    world.put(
        "workspace/orders",
        "dial granted 1\ndial other 1\nrename other granted\ndial granted 1\n",
    );
    let words = ["run", "-p", profile.to_str().unwrap(), "--", "./probe", "@orders"];
    let ended = world.stockade(words).end();
    assert_eq!(ended.out, "dial ok\ndial EACCES\nrename ok\ndial EACCES\n", "{ended:?}");
    assert!(doors[0].accept().is_ok() && doors[0].accept().is_err(), "once and no more");
    assert!(doors[1].accept().is_err(), "the other was reached");
    // Nor is a link followed that an earlier run may have left there.
    for name in ["granted", "other"] {
        fs::remove_file(world.workspace().join(name)).ok();
    }
    let elsewhere = world.outside().join("door");
    let door = UnixListener::bind(&elsewhere).unwrap();
    world.own(&elsewhere);
    door.set_nonblocking(true).unwrap();
    std::os::unix::fs::symlink(&elsewhere, world.workspace().join("granted")).unwrap();
    world.put("workspace/orders", "dial granted 1\n");
    let ended = world.stockade(words).end();
    assert_eq!(ended.out, "dial EACCES\n", "{ended:?}");
    assert!(door.accept().is_err(), "a link was followed");
    // A project does not widen.
    world.put("workspace/.stockade.toml", "[files]\nsockets = [\"/run/docker.sock\"]\n");
    world.stockade(["run", "--", "true"]).end().expect(125).says("a project may not grant");
}

//! Stockade where something else confines it already (rows 101, 102): the places themselves, and their limits.
//!
//! The cases of the other subjects are carried out in each place too, see `main.rs`.

use super::case::{Case, nothing_left, probe, put_probe};
use super::support::{Identity, Place, Run, Who, World, base};
use std::fs;

/// What is carried out in containers of a real runtime: a handful, since each takes its time.
pub const CONTAINED: &[&str] = &[
    "row_01_write",
    "row_06_symlink_out",
    "row_08_proc_alias",
    "row_14_metadata_by_descriptor",
    "row_22_hooks_and_settings_of_git",
    "row_29_settings_not_there_yet",
    "row_36_reads",
    "row_39_proc_of_the_supervisor_and_of_init",
    "row_43_no_network",
    "row_59_pathname_socket",
    "row_66_signals",
    "row_67_memory_and_descriptors",
    "row_81_capabilities",
    "row_84_namespaces",
    "row_87_foreign_call_numbers",
];

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_101_launch_in_containers").twin_code(containers).goes_itself().mounts(),
        Case::new("row_101_docker_refuses_what_docker_refuses").twin_code(docker).goes_itself(),
        Case::new("row_101_read_only_but_for_the_state")
            .attack_code(read_only)
            .twin_code(works)
            .goes_itself()
            .mounts(),
        Case::new("row_102_fake_root_is_one").twin_code(fake_root).goes_itself(),
        Case::new("row_102_layers").attack_code(layers).goes_itself(),
        Case::new("row_102_nested_thrice").twin_code(thrice).goes_itself(),
    ]
}

/// What the probe is answered in a place, without stockade.
fn answers(world: &World, place: Place, orders: &[&str]) {
    let texts = orders.iter().map(|order| order.split_once(" -> ").unwrap());
    let (ask, want): (Vec<_>, Vec<_>) = texts.unzip();
    world.put("workspace/orders", ask.join("\n"));
    let ended = Run::at(world, place, probe()).args(["@orders"]).end();
    let told: Vec<_> = ended.out.lines().filter_map(|line| line.split_once(' ')).collect();
    let told: Vec<_> = told.into_iter().map(|(_, answer)| answer).collect();
    assert_eq!(told, want, "{ask:?}: {ended:?}");
}

fn docker(who: Identity) {
    let world = World::new(who);
    let common = [
        "status Seccomp 2 -> ok",
        "pidfd_getfd self 0 -> EPERM",
        "unshare 0x10000000 -> EPERM",
        "clone 0x10000000 -> EPERM",
        "clone 0 -> ok",
        "clone3 0 -> ENOSYS",
        "socket 2 1 0 -> ok",
        "socket 16 3 0 -> ok",
        "socket 40 1 0 -> EPERM",
        "socket 38 5 0 -> EPERM",
        "raw 425 1 0 0 -> EPERM",
        "raw 444 0 0 1 -> ok",
        "mptcp {tcp} -> ECONNREFUSED",
        "openat2 / {ws}/own 0x10 -> ok",
    ]
    .map(|order| world.fill(order).replace("{tcp}", "1"));
    answers(&world, Place::Docker, &common.each_ref().map(String::as_str));
    let own = match who.who {
        Who::Root => ["status CapEff 00000000a80425fb -> ok", "status NoNewPrivs 0 -> ok"],
        Who::User => ["status CapBnd 0000000000000000 -> ok", "status NoNewPrivs 1 -> ok"],
    };
    answers(&world, Place::Docker, &own);
}

/// By two runtimes, as process 1: judged, confined, written down, its status passed on; and what
/// a container has no namespaces for is refused.
fn containers(who: Identity) {
    for place in [Place::Crun, Place::Podman] {
        let world = World::new(who.at(place));
        let text = "cat own; echo x > new; { echo x > {home}/documents/thesis; } 2>&1 | grep -c denied; exit 7";
        let ended = world.stockade(["run", "-c", &world.fill(text)]).end();
        assert_eq!((ended.code(), ended.out.as_str()), (126, ""), "{ended:?}");
        world.put("workspace/work.py", world.fill(PYTHON));
        let ended = world.stockade(["run", "--", "python3", "work.py"]).end().expect(7);
        assert_eq!(ended.out, "of the workspace\n13\n1\n", "{ended:?}");
        assert_eq!(fs::read_to_string(world.workspace().join("new")).unwrap(), "x");
        world.stockade(["run", "--isolate", "-c", "echo ran"]).end().expect(125).says("isolated");
        nothing_left(&world);
    }
}

/// Its errno where it may not write, and whether git may be armed.
const PYTHON: &str = r#"
import sys
print(open("own").read(), end="")
open("new", "w").write("x")
for path in ("{home}/documents/thesis", ".git/hooks/pre-commit"):
    try: open(path, "w")
    except OSError as error: print(error.errno)
sys.exit(7)
"#;

fn fake_root(who: Identity) {
    let world = World::new(who);
    let orders = ["is_uid 0 -> ok", "unshare 0x00020000 -> ok", "become 1 -> EINVAL"];
    answers(&world, Place::FakeRoot, &orders);
}

/// stockade where only these directories can be written.
fn only(world: &World, memory: &[&str]) -> Run {
    let dirs = memory.iter().flat_map(|dir| ["--tmpfs".to_owned(), world.fill(dir)]);
    let options: Vec<_> = ["--read-only".to_owned()].into_iter().chain(dirs).collect();
    let options: Vec<_> = options.iter().map(String::as_str).collect();
    Run::entering(world, &options, base().join("stockade"))
}

/// Without a place for the record nothing runs.
fn read_only(who: Identity) {
    let world = World::new(who);
    fs::create_dir_all(world.state()).unwrap();
    world.own(&world.home());
    let ended = only(&world, &[]).args(["run", "-c", "echo ran"]).end().expect(125);
    assert_eq!(ended.out, "");
    // Below /tmp every command could write it.
    let run = only(&world, &["/tmp"]).env("XDG_STATE_HOME", "/tmp/state");
    let ended = run.args(["run", "-c", "echo ran"]).end().expect(125);
    assert_eq!(ended.out, "");
}

fn works(who: Identity) {
    let world = World::new(who);
    fs::create_dir_all(world.home().join(".local/state")).unwrap();
    world.own(&world.home());
    let text =
        "cat own && { echo x > new; echo x > /tmp/new; } 2>&1 | grep -c 'Read-only file system'";
    let ended = only(&world, &["{home}/.local/state"]).args(["run", "-c", text]).end().expect(0);
    assert_eq!(ended.out, "of the workspace\n2\n");
}

/// The kernel stacks sixteen Landlock domains and no more: with too few left, nothing runs.
fn layers(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/orders", world.fill("read own\nread {home}/.ssh/id\n"));
    let mut ran = Vec::new();
    for around in 0..=16 {
        let options = vec!["--landlock"; around];
        let run = Run::entering(&world, &options, base().join("stockade"));
        let ended = run.args(["run", "--", "./probe", "@orders"]).end();
        let told = ["", "read ok\nread EACCES\n"][usize::from(ended.code() == 1)];
        assert!([1, 125].contains(&ended.code()), "{around} around: {ended:?}");
        assert_eq!(ended.out, told, "{around} around: {ended:?}");
        ran.push(ended.code() == 1);
    }
    assert!(ran[..12].iter().all(|ran| *ran), "it needs too many layers: {ran:?}");
    assert!(!ran[16], "a domain too many was not noticed");
    nothing_left(&world);
}

/// Each is told what its command is told.
fn thrice(who: Identity) {
    let world = World::new(who);
    fs::create_dir(world.home().join("middle")).unwrap();
    world.own(&world.home());
    let program = base().join("stockade");
    let program = program.display();
    let around = |name: &str, write: &str, state: &str| {
        let profile = format!(
            "name = \"{name}\"\nabout = \"what is inside\"\nextends = \"dev-box\"\nunix_sockets = \"none\"\n\
             require = [\"writes\", \"reads\"]\n[files]\nunprotect = [\"*\"]\nread = [\"{program}\", \"{{top}}\"]\nwrite = [\"{{home}}/{write}\"]\n\
             [judge]\notherwise = \"allow\"\n"
        );
        world.put(format!("{name}.toml"), world.fill(&profile));
        world.fill(&format!(
            "XDG_STATE_HOME={{top}}/{state} {program} run -p {{top}}/{name}.toml --"
        ))
    };
    let text = format!(
        "{} env {} env XDG_STATE_HOME={}/home/middle/inner {program} run -c 'echo deep; exit 7'",
        around("outer", "", "outer"),
        around("inner", "middle", "home/second"),
        world.top.display(),
    );
    let ended = Run::new(&world, "/bin/bash").args(["-c", &text]).end().expect(7);
    assert_eq!(ended.out, "deep\n", "{ended:?}");
}

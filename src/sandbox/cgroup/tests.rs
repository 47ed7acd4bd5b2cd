//! Finding a place for a group, on directories made to look like cgroupfs; and which steps are taken there. The kernel's part is tried by `make test-cgroups`.

use super::find::{Place, find};
use super::*;
use std::os::unix::fs::PermissionsExt;

/// A group as the kernel shows it: what it is given, what it passes on, who is in it.
struct Shown<'t> {
    path: &'t str,
    given: &'t str,
    passes: &'t str,
    members: &'t str,
}

const EVERY: &str = "cpuset cpu io memory pids";

fn group<'t>(path: &'t str, passes: &'t str, members: &'t str) -> Shown<'t> {
    Shown { path, given: EVERY, passes, members }
}

/// A made tree; the first group is the root of all, and `own` is where this process is.
struct Tree {
    scratch: tempfile::TempDir,
}

impl Tree {
    fn new(groups: &[Shown<'_>]) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        for (at, group) in groups.iter().enumerate() {
            let directory = scratch.path().join(group.path);
            fs::create_dir_all(&directory).unwrap();
            let put = |file: &str, text: &str| fs::write(directory.join(file), text).unwrap();
            put("cgroup.controllers", group.given);
            put("cgroup.subtree_control", group.passes);
            put("cgroup.procs", group.members);
            if at > 0 {
                put("cgroup.type", "domain\n");
                put("memory.max", "max\n");
                put("pids.max", "max\n");
                put("cpu.max", "max 100000\n");
            }
        }
        Self { scratch }
    }

    fn put(&self, file: &str, text: &str) {
        fs::write(self.scratch.path().join(file), text).unwrap();
    }

    fn hierarchy(&self, own: &str) -> Hierarchy {
        let top = self.scratch.path().to_owned();
        Hierarchy { own: top.join(own), points: vec![top.clone()], top, taken: Vec::new() }
    }

    fn find(&self, own: &str, needed: &[Controller]) -> Result<(String, Place), String> {
        let found = find(&self.hierarchy(own), needed).map_err(|error| error.to_string())?;
        let parent = found.parent.strip_prefix(self.scratch.path()).unwrap();
        Ok((parent.to_string_lossy().into_owned(), found))
    }
}

fn own_pid() -> String {
    format!("{}\n", process::own_pid())
}

const MEMORY: &[Controller] = &[Controller::Memory];

#[test]
fn beside_a_scope_whose_slice_passes_on_what_is_needed() {
    let shell = format!("1\n{}", own_pid());
    let tree = Tree::new(&[
        group("", "memory pids", "1\n"),
        group("app.slice", "memory pids", ""),
        group("app.slice/term.scope", "", &shell),
    ]);
    let (parent, place) = tree.find("app.slice/term.scope", MEMORY).unwrap();
    assert_eq!((parent.as_str(), place.step_aside), ("app.slice", false));
    assert_eq!(place.enable, []);
    // What it does not pass on yet is switched on where nobody is inside.
    let (parent, place) = tree.find("app.slice/term.scope", &Controller::ALL).unwrap();
    assert_eq!((parent.as_str(), place.step_aside), ("app.slice", false));
    assert_eq!(place.enable, [Controller::Cpu]);
}

#[test]
fn within_a_group_of_ones_own_by_stepping_aside() {
    let own = own_pid();
    let tree = Tree::new(&[group("", "memory pids cpu", "1\n"), group("run.scope", "", &own)]);
    let (parent, place) = tree.find("run.scope", &Controller::ALL).unwrap();
    assert_eq!((parent.as_str(), place.step_aside), ("run.scope", true));
    assert_eq!(place.enable, Controller::ALL);
    let (aside, directory) = (Path::new("/t/outside"), Path::new("/t/run"));
    let begun = Begun { place: &place, aside: Some(aside), directory };
    let bounds = Totals { memory: Some(4096), processes: Some(7), cpu: Some(1500) };
    let write = |file: &str, text: &str| Step::Write(file.into(), text.to_owned());
    let control = place.parent.join("cgroup.subtree_control");
    assert_eq!(
        begun.steps(&bounds),
        [
            Step::Make(aside.into()),
            write("/t/outside/cgroup.procs", "0"),
            Step::Write(control, "+memory +pids +cpu".to_owned()),
            Step::Make(directory.into()),
            write("/t/run/memory.max", "4096"),
            write("/t/run/memory.swap.max", "0"),
            write("/t/run/memory.oom.group", "1"),
            write("/t/run/pids.max", "7"),
            write("/t/run/cpu.max", "150000 100000"),
        ]
    );
}

#[test]
fn directly_below_the_root_of_all() {
    let tree = Tree::new(&[group("", "", "1\n2\n3\n")]);
    let (parent, place) = tree.find("", MEMORY).unwrap();
    assert_eq!((parent.as_str(), place.step_aside), ("", false));
    assert_eq!(place.enable, MEMORY);
}

#[test]
fn bounds_of_what_is_left_are_carried_along() {
    let tree = Tree::new(&[
        group("", "memory pids cpu", "1\n"),
        group("a", "memory pids cpu", ""),
        group("a/b.scope", "", "1\n2\n"),
    ]);
    tree.put("a/b.scope/memory.max", "1048576\n");
    tree.put("a/b.scope/pids.max", "50\n");
    tree.put("a/b.scope/cpu.max", "20000 100000\n");
    // The slice stays above the run, whose bound of it need not be carried.
    tree.put("a/memory.max", "7\n");
    let (_, place) = tree.find("a/b.scope", MEMORY).unwrap();
    let bounds = Totals { memory: Some(1 << 20), processes: Some(50), cpu: Some(200) };
    assert_eq!(place.carried, bounds);
    let asked = Totals { memory: Some(4 << 20), processes: Some(9), cpu: None };
    let lower = Totals { memory: Some(1 << 20), processes: Some(9), cpu: Some(200) };
    assert_eq!(asked.lower(place.carried), lower);
    // A place that could not carry them is none.
    let tree = Tree::new(&[
        Shown { path: "", given: "memory", passes: "memory", members: "1\n" },
        group("b.scope", "", "1\n2\n"),
    ]);
    tree.put("b.scope/pids.max", "50\n");
    tree.find("b.scope", MEMORY).unwrap_err();
}

#[test]
fn what_cannot_be_divided_is_said_with_its_reason() {
    let crowd = Tree::new(&[
        Shown { path: "", given: "", passes: "", members: "1\n" },
        group("x.scope", "", "1\n2\n"),
    ]);
    let told = crowd.find("x.scope", MEMORY).unwrap_err();
    assert!(
        told.contains("other processes are in") && told.contains("systemd-run --user"),
        "{told}"
    );
    let bare = Tree::new(&[Shown { path: "", given: "cpu", passes: "", members: "1\n" }]);
    let told = bare.find("", MEMORY).unwrap_err();
    assert!(told.contains("the memory controller is passed on to no group"), "{told}");
    // Threaded groups hold no processes that memory could be counted for.
    let odd = Tree::new(&[
        Shown { path: "", given: "", passes: "", members: "1\n" },
        group("t", "memory", ""),
    ]);
    odd.put("t/cgroup.type", "threaded\n");
    let told = odd.find("t", MEMORY).unwrap_err();
    assert!(told.contains("no delegated control group"), "{told}");
}

#[test]
fn another_users_group_is_none() {
    let own = own_pid();
    let tree = Tree::new(&[group("", "memory", "1\n"), group("run.scope", "", &own)]);
    for path in ["", "run.scope"] {
        let mode = fs::Permissions::from_mode(0o555);
        fs::set_permissions(tree.scratch.path().join(path), mode).unwrap();
    }
    let found = tree.find("run.scope", MEMORY);
    for path in ["", "run.scope"] {
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(tree.scratch.path().join(path), mode).unwrap();
    }
    // Permission bits do not bind the superuser.
    match crate::sys::file::acting_user() {
        0 => assert!(found.unwrap().1.step_aside),
        _ => assert!(found.unwrap_err().contains("no delegated control group")),
    }
}

#[test]
fn where_this_process_stands_is_read_from_proc() {
    let mount = |root: &str, point: &str| Mount {
        root: root.into(),
        point: point.into(),
        kind: "cgroup2".to_owned(),
    };
    let whole = [mount("/", "/sys/fs/cgroup")];
    let found = Hierarchy::of("0::/user.slice/a.scope\n", &whole).unwrap();
    assert_eq!(found.own, Path::new("/sys/fs/cgroup/user.slice/a.scope"));
    assert_eq!((found.top.as_path(), found.taken), (Path::new("/sys/fs/cgroup"), vec![]));
    // Both versions at once: what belongs to the first is not there in the second.
    let hybrid = "9:name=systemd:/\n8:pids:/\n4:memory,blkio:/a:b\n1:cpuacct:/\n0::/\n";
    let found = Hierarchy::of(hybrid, &[mount("/", "/sys/fs/cgroup/unified")]).unwrap();
    assert_eq!(found.own, Path::new("/sys/fs/cgroup/unified"));
    assert_eq!(found.taken, [Controller::Memory, Controller::Pids]);
    let told = find(&found, MEMORY).unwrap_err().to_string();
    assert!(told.starts_with("the memory controller is bound to cgroup v1 here"), "{told}");
    // A part of the tree alone.
    let found = Hierarchy::of("0::/docker/1/x\n", &[mount("/docker/1", "/c")]).unwrap();
    assert_eq!((found.top.as_path(), found.own.as_path()), (Path::new("/c"), Path::new("/c/x")));
    for (groups, mounts) in [
        ("0::/other\n", vec![mount("/docker/1", "/c")]),
        ("0::/../above\n", vec![mount("/", "/c")]),
    ] {
        let told = Hierarchy::of(groups, &mounts).unwrap_err().to_string();
        assert!(told.contains("lies outside what is mounted"), "{told}");
    }
    for (groups, mounts) in [("0::/\n", vec![]), ("4:memory:/\n", vec![mount("/", "/c")])] {
        let told = Hierarchy::of(groups, &mounts).unwrap_err().to_string();
        assert!(told.starts_with("no cgroup v2 is mounted"), "{told}");
    }
}

#[test]
fn what_was_counted_is_read() {
    let events = "low 0\nhigh 0\nmax 12\noom 1\noom_kill 3\noom_group_kill 1\n";
    assert_eq!(
        (value(events, "oom_kill"), value(events, "max"), value(events, "oom_")),
        (3, 12, 0)
    );
    assert_eq!(value("", "max"), 0);
}

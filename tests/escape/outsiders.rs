//! Attacks on processes outside: their /proc, signals, memory, descriptors (rows 39, 66-68).

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, World};
use super::witness::Witness;
use std::os::unix::process::CommandExt;

/// With no call held.
const UNHELD: &str = "about = \"x\"\nextends = \"dev-box\"\nunix_sockets = \"none\"\n\
                      require = [\"writes\", \"reads\"]\n[files]\nunprotect = [\"*\"]\n";
/// With every open held.
const HIDES: &str = "about = \"x\"\nextends = \"dev-box\"\n[files]\nhide = [\".env\"]\n";

pub fn cases() -> Vec<Case> {
    let mut cases = vec![
        proc_of_outsiders(),
        proc_of_our_own(),
        proc_of_whoever_opens(),
        signals(),
        traced(),
        limits(),
        scheduling(),
        scheduling_unsupervised(),
    ];
    cases.push(
        Case::new("row_66_own_process_group")
            .attack_code(own_group)
            .twin(&["script {ws}/jobs"])
            .prepare(|world| {
                world.put("workspace/jobs", "sleep 30 & kill $!; wait $!; [ $? = 143 ]\n");
            }),
    );
    cases
}

fn proc_of_outsiders() -> Case {
    Case::new("row_39_proc_of_an_outsider")
        .attack(&[
            "read /proc/{pid}/environ -> EACCES|EPERM",
            "read /proc/{pid}/maps -> EACCES|EPERM",
            "read /proc/{pid}/smaps -> EACCES|EPERM",
            "read /proc/{pid}/auxv -> EACCES|EPERM",
            "read /proc/{pid}/task/{pid}/environ -> EACCES|EPERM",
            "readlink /proc/{pid}/fd/{fd} -> EACCES|EPERM",
            "read /proc/{pid}/root/etc/passwd -> EACCES|EPERM",
            "read /proc/{pid}/cwd/etc/passwd -> EACCES|EPERM",
            "readlink /proc/{pid}/root -> EACCES|EPERM",
            "readlink /proc/{pid}/cwd -> EACCES|EPERM",
            "readlink /proc/{pid}/exe -> EACCES|EPERM",
            "steal_fds /proc/{pid}/fd -> EACCES|EPERM",
            "steal_fds /proc/{pid}/map_files -> EACCES|EPERM|ENOENT [unproven]",
            "mem_file {pid} {secret} -> EACCES|EPERM",
        ])
        .plain(&["cat /proc/{pid}/environ"])
        .twin(&[
            "read /proc/self/environ",
            "read /proc/self/maps",
            "read /proc/self/fd",
            "read /proc/self/root/etc/passwd",
            "readlink /proc/self/exe",
            "read /proc/{pid}/stat [not isolated]",
            "read /proc/meminfo",
        ])
}

fn proc_of_our_own() -> Case {
    Case::new("row_39_proc_of_the_supervisor_and_of_init")
        .attack(&[
            "read /proc/parent/environ -> EACCES|EPERM [root]",
            "read /proc/parent/maps -> EACCES|EPERM [root]",
            "read /proc/parent/mem -> EACCES|EPERM [unproven]",
            "read_openat2 /proc/parent/environ 0 -> EACCES|EPERM [root]",
            "read_openat2 /proc/parent/environ 4 -> ENOSYS [root]",
            "read_openat2 /proc/parent/maps 2 -> ENOSYS [root]",
            "read_openat2 /proc/parent/mem 0 -> EACCES|EPERM [unproven]",
            "read_openat2 /proc/parent/auxv 0 -> EACCES|EPERM [root]",
            "read_openat2 /proc/front/environ 0 -> EACCES|EPERM [root]",
            "read_openat2 /proc/1/environ 0 -> EACCES|EPERM [unproven]",
            "readlink /proc/parent/root -> EACCES|EPERM [root]",
            "readlink /proc/parent/cwd -> EACCES|EPERM [root]",
            "steal_fds /proc/parent/fd -> EACCES|EPERM [root]",
            "read /proc/front/environ -> EACCES|EPERM [root]",
            "read /proc/front/maps -> EACCES|EPERM [root]",
            "read /proc/front/mem -> EACCES|EPERM [unproven]",
            "readlink /proc/front/cwd -> EACCES|EPERM [root]",
            "steal_fds /proc/front/fd -> EACCES|EPERM [root]",
            "read /proc/1/environ -> EACCES|EPERM [unproven]",
            "read /proc/1/maps -> EACCES|EPERM [unproven]",
            "readlink /proc/1/fd/0 -> EACCES|EPERM [unproven]",
            "read /proc/1/mem -> EACCES|EPERM [unproven]",
            "readlink /proc/1/root -> EACCES|EPERM [unproven]",
            "readlink /proc/1/cwd -> EACCES|EPERM [unproven]",
        ])
        .plain(&["cat /proc/1/environ"])
        .twin(&[
            "read /proc/parent/stat",
            "read /proc/1/stat",
            "read_openat2 /proc/parent/stat 0",
            "read_openat2 /proc/parent/cmdline 0",
            "read_openat2 /proc/self/environ 0",
        ])
}

/// Where names are hidden the supervisor carries out every open, and it may look into itself.
fn proc_of_whoever_opens() -> Case {
    Case::new("row_39_proc_of_the_supervisor_that_opens_for_all")
        .profile(HIDES)
        .attack(&[
            "read /proc/parent/environ -> EACCES|EPERM [root]",
            "read /proc/parent/maps -> EACCES|EPERM [root]",
            "read /proc/parent/mem -> EACCES|EPERM [unproven]",
            "read /proc/parent/auxv -> EACCES|EPERM [root]",
            "read /proc/1/environ -> EACCES|EPERM [unproven]",
        ])
        .twin(&[
            "read /proc/parent/stat",
            "read /proc/parent/cmdline",
            "read /proc/self/environ",
            "read /proc/self/maps",
        ])
}

fn signals() -> Case {
    // What is aimed at the supervisor, at init or at everybody is not tried bare.
    Case::new("row_66_signals")
        .attack(&[
            "kill {pid} 9 -> EPERM",
            "kill {pid} 15 -> EPERM",
            "kill {pid} 19 -> EPERM",
            "kill {pid} 18 -> EPERM",
            "kill {pid} 0 -> EPERM",
            "tgkill {pid} 10 -> EPERM",
            "kill_group {pid} 10 -> EPERM",
            "pidfd_signal {pid} 10 -> EPERM",
            "sigqueue {pid} 10 -> EPERM",
            "sigio {pid} 10 -> ok",
            "kill -1 23 -> ok|EPERM [unproven]",
            "kill parent 9 -> EPERM [unproven]",
            "kill parent 19 -> EPERM [unproven]",
            "kill_group parent 15 -> EPERM [unproven]",
            "pidfd_signal parent 9 -> EPERM [unproven]",
            "sigio parent 9 -> ok [unproven]",
            "kill front 9 -> EPERM [unproven]",
            "kill front 19 -> EPERM [unproven]",
            "tgkill front 15 -> EPERM [unproven]",
            "sigqueue front 9 -> EPERM [unproven]",
            "kill 1 0 -> EPERM [unproven]",
        ])
        .twin(&["kill self 0", "sigio self 23", "sibling"])
}

fn traced() -> Case {
    Case::new("row_67_memory_and_descriptors")
        .attack(&[
            "attach {pid} -> EPERM",
            "seize {pid} -> EPERM",
            "memory_read {pid} {secret} -> EPERM",
            "memory_write {pid} {secret} -> EPERM",
            "mem_file {pid} {secret} -> EACCES",
            "pidfd_getfd {pid} {fd} -> EPERM",
            "attach parent -> EPERM [unproven]",
            "seize parent -> EPERM [unproven]",
            "memory_read parent 0x400000 -> EPERM [unproven]",
            "memory_write parent 0x400000 -> EPERM [unproven]",
            "pidfd_getfd parent 0 -> EPERM [root]",
            "attach front -> EPERM [unproven]",
            "seize front -> EPERM [unproven]",
            "memory_read front 0x400000 -> EPERM [unproven]",
            "pidfd_getfd front 0 -> EPERM [root]",
            "seize 1 -> EPERM [unproven]",
        ])
        .twin(&[
            "sibling",
            "memory_read self {secret} -> ok|EFAULT",
            "pidfd_getfd self 0 [not docker]",
        ])
}

/// A file size of 0 would end the supervisor before it has written down the end of the run.
fn limits() -> Case {
    Case::new("row_68_limits_of_others")
        .attack(&[
            "prlimit {pid} -> EPERM",
            "prlimit parent -> EPERM [unproven]",
            "prlimit front -> EPERM [unproven]",
        ])
        .twin(&["prlimit 0", "script {ws}/own_limit"])
        .prepare(|world| {
            world.put("workspace/own_limit", "ulimit -n 64 && [ $(ulimit -n) = 64 ]\n");
        })
}

/// Slowing down or stopping the person's other programs, and the supervisor, by how they run.
fn scheduling() -> Case {
    Case::new("row_68_scheduling_of_others")
        .attack(&[
            "setpriority 0 {pid} -> EPERM",
            "setpriority 0 parent -> EPERM [unproven]",
            "setpriority 0 front -> EPERM [unproven]",
            "setpriority 1 0 -> EPERM [unproven]",
            "setpriority 1 {pid} -> EPERM [unproven]",
            "setpriority 2 0 -> EPERM [unproven]",
            "ioprio 1 {pid} -> EPERM",
            "ioprio 1 front -> EPERM [unproven]",
            "ioprio 2 0 -> EPERM [unproven]",
            "ioprio 3 0 -> EPERM [unproven]",
            "affinity {pid} -> EPERM",
            "affinity_dirty {pid} -> EPERM",
            "affinity parent -> EPERM [unproven]",
            "affinity front -> EPERM [unproven]",
            "affinity 1 -> EPERM [unproven]",
            "scheduler {pid} -> EPERM",
            "scheduler parent -> EPERM [unproven]",
            "schedparam {pid} -> EPERM",
            "schedattr {pid} -> EPERM",
            "schedattr front -> EPERM [unproven]",
        ])
        .twin(&[
            "setpriority 0 0",
            "ioprio 1 0",
            "affinity 0",
            "scheduler 0",
            "schedattr 0",
            "schedule_own [not stockade]",
            "setpriority 0 1073741823 -> ESRCH [not stockade]",
            "affinity 1073741823 -> ESRCH [not stockade]",
            "affinity -1 -> ESRCH [not stockade]",
        ])
}

/// Nobody is there to tell the run's own threads from others: only one's own pass.
fn scheduling_unsupervised() -> Case {
    Case::new("row_68_scheduling_of_others_unsupervised")
        .profile(UNHELD)
        .attack(&[
            "setpriority 0 {pid} -> EPERM",
            "setpriority 1 0 -> EPERM [unproven]",
            "setpriority 2 0 -> EPERM [unproven]",
            "ioprio 1 {pid} -> EPERM",
            "ioprio 3 0 -> EPERM [unproven]",
            "affinity {pid} -> EPERM",
            "affinity_dirty {pid} -> EPERM",
            "scheduler {pid} -> EPERM",
            "schedparam {pid} -> EPERM",
            "schedattr {pid} -> EPERM",
        ])
        .twin(&["setpriority 0 0", "ioprio 1 0", "affinity 0", "scheduler 0", "schedattr 0"])
}

/// A signal to the group reaches the command and whatever it started, not the others in it: the
/// person's pipeline, stockade's front.
fn own_group(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let witness = Witness::new(&world);
    world.put("workspace/orders", "kill 0 15\nstay\n");
    let mut run = world.stockade(["run", "--", "./probe", "@orders"]);
    run.command.process_group(witness.group());
    run.end().expect(143);
    witness.saw_nothing();
    nothing_left(&world);
}

//! Attacks on the machine by its files: devices, settings of the kernel, control groups, races (rows 15-16, 18-20).

use super::case::Case;
use std::fs;
use std::os::unix::fs::symlink;

pub fn cases() -> Vec<Case> {
    vec![devices(), kernel_settings(), control_groups(), prefixes(), odd_names(), swapped_paths()]
}

fn devices() -> Case {
    Case::new("row_15_devices")
        .attack(&[
            "read /dev/mem -> EACCES|EPERM|ENOENT [unproven]",
            "write /dev/mem -> EACCES|EPERM|ENOENT [unproven]",
            "read /dev/kmsg -> EACCES|EPERM|ENOENT [unproven]",
            "write /dev/kmsg -> EACCES|EPERM|ENOENT [unproven]",
            "read /dev/port -> EACCES|EPERM|ENOENT [unproven]",
            "read /dev/sda -> EACCES|EPERM|ENOENT [unproven]",
            "read /dev/vda -> EACCES|EPERM|ENOENT [unproven]",
            "write /dev/vda -> EACCES|EPERM|ENOENT [unproven]",
            "rdwr /dev/loop-control -> EACCES|EPERM|ENOENT [unproven]",
            "rdwr /dev/fuse -> EACCES|EPERM|ENOENT [unproven]",
            "rdwr /dev/kvm -> EACCES|EPERM|ENOENT [unproven]",
            "rdwr /dev/net/tun -> EACCES|EPERM|ENOENT [unproven]",
            "create /dev/stockade -> EACCES|EPERM|EROFS [unproven]",
        ])
        .plain(&["dd if=/dev/zero of=/dev/vda"])
        .twin(&["write /dev/null", "read /dev/zero", "read /dev/urandom", "read /dev/random"])
}

fn kernel_settings() -> Case {
    Case::new("row_16_kernel_settings")
        .attack(&[
            "write /proc/sys/kernel/core_pattern -> EACCES|EPERM|EROFS [unproven]",
            "write /proc/sys/kernel/modprobe -> EACCES|EPERM|EROFS|ENOENT [unproven]",
            "write /proc/sys/kernel/hostname -> EACCES|EPERM|EROFS [unproven]",
            "write /proc/sys/vm/drop_caches -> EACCES|EPERM|EROFS [unproven]",
            "write /proc/sys/fs/binfmt_misc/register -> EACCES|EPERM|EROFS|ENOENT [unproven]",
            "write /proc/sysrq-trigger -> EACCES|EPERM|EROFS|ENOENT [unproven]",
            "write /proc/self/oom_score_adj -> EACCES|EPERM [unproven]",
            "write /proc/{pid}/oom_score_adj -> EACCES|EPERM [unproven]",
            "write /proc/parent/oom_score_adj -> EACCES|EPERM [unproven]",
            "write /proc/self/coredump_filter -> EACCES|EPERM [unproven]",
            "write /proc/self/uid_map -> EACCES|EPERM [unproven]",
            "write /sys/kernel/uevent_helper -> EACCES|EPERM|EROFS|ENOENT [unproven]",
            "write /sys/power/state -> EACCES|EPERM|EROFS|ENOENT [unproven]",
            "write /sys/kernel/mm/transparent_hugepage/enabled -> EACCES|EPERM|EROFS|ENOENT [unproven]",
        ])
        .plain(&["echo '|/tmp/x' > /proc/sys/kernel/core_pattern", "echo b > /proc/sysrq-trigger"])
        .twin(&[
            "read /proc/sys/kernel/osrelease",
            "read /proc/sys/vm/overcommit_memory",
            "read /sys/devices/system/cpu/online",
        ])
}

fn control_groups() -> Case {
    Case::new("row_20_control_groups").attack(&[
        "write /sys/fs/cgroup/cgroup.procs -> EACCES|EPERM|EROFS|ENOENT [unproven]",
        "write /sys/fs/cgroup/cgroup.subtree_control -> EACCES|EPERM|EROFS|ENOENT [unproven]",
        "mkdir /sys/fs/cgroup/stockade-test -> EACCES|EPERM|EROFS [unproven]",
    ])
}

/// What begins like a granted path is another one.
fn prefixes() -> Case {
    Case::new("row_19_path_prefixes")
        .prepare(|world| {
            for dir in ["workspace2", "workspace.bak"] {
                fs::create_dir(world.top.join(dir)).unwrap();
                world.own(&world.top.join(dir));
                world.put(format!("{dir}/file"), "of somebody else\n");
            }
        })
        .attack(&[
            "read {ws}2/file -> EACCES|EROFS",
            "write {ws}2/file -> EACCES|EROFS",
            "write {ws}.bak/file -> EACCES|EROFS",
            "create {ws}2/new -> EACCES|EROFS",
            "rename {ws}/own {ws}2/own -> EACCES|EXDEV|EROFS",
        ])
        .plain(&["echo x > {ws}2/file", "rm -r {ws}.bak"])
        .twin(&["mkdir {ws}/workspace2;create {ws}/workspace2/file"])
}

/// Names that a list of paths would stumble over: the wall keeps none.
fn odd_names() -> Case {
    Case::new("row_21_odd_names")
        .prepare(|world| {
            for name in ["new\nline", "*", "[a]", "-rf", "\u{202e}x", "\u{1}"] {
                world.put(format!("outside/{name}"), "the only copy\n");
                symlink(world.outside().join(name), world.workspace().join(name)).unwrap();
            }
            let script = "for f in *; do [ -L \"$f\" ] && echo x > \"./$f\" && exit 0; done; exit 13\n";
            world.put("workspace/script", script);
            let twin = "for f in $'a\\nb' '*x' '[b]' -n; do echo x > \"./$f\" && rm \"./$f\" || exit 5; done\n";
            world.put("workspace/honest", twin);
        })
        .attack(&["script {ws}/script -> EACCES"])
        .twin(&["script {ws}/honest"])
}

/// A thread changes what a path means while it is opened. Judged by name this is lost in a moment;
/// the kernel judges what was opened.
fn swapped_paths() -> Case {
    Case::new("row_18_swapped_paths")
        .prepare(|world| {
            let real = world.workspace().join("real");
            fs::create_dir(&real).unwrap();
            world.own(&real);
            world.put("workspace/real/victim", "of the workspace\n");
            symlink(world.outside(), world.workspace().join("link")).unwrap();
        })
        .attack(&["race {ws}/real {ws}/link victim {out}/victim 3000 -> EACCES"])
        .twin(&["race {ws}/real {ws}/link victim {ws}/real/victim 3000"])
}

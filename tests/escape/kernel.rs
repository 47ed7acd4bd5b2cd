//! Attacks by the kernel's side entrances: foreign call numbers, namespaces, mounts, execution past paths (rows 76-77, 84-88).

use super::case::{Case, put_probe_at};
use super::support::World;

fn tool_outside(world: &World) {
    put_probe_at(world, &world.outside().join("tool"));
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_87_foreign_call_numbers")
            .attack(&[
                // The filter ends the caller: SIGSYS, which the probe reads as EOPNOTSUPP.
                "int80 -> EOPNOTSUPP [unproven]",
                "x32 39 -> ENOSYS [unproven]",
                "x32 2 -> ENOSYS [unproven]",
                "x32 59 -> ENOSYS [unproven]",
            ])
            .twin(&["raw 39 0 0 0", "raw 102 0 0 0"]),
        Case::new("row_86_io_uring")
            .attack(&[
                "raw 425 1 0 0 -> ENOSYS [unproven]",
                "raw 426 0 0 0 -> ENOSYS [unproven]",
                "raw 427 0 0 0 -> ENOSYS [unproven]",
            ])
            // What programs wait with instead: epoll_create1, eventfd2, timerfd_create, inotify_init1.
            .twin(&["raw 291 0 0 0", "raw 290 0 0 0", "raw 283 1 0 0", "raw 294 0 0 0"]),
        namespaces(),
        Case::new("row_84_paths_given_another_meaning")
            .attack(&[
                "bind_mount {out} {ws}/.git -> EPERM [unproven]",
                "chroot {ws} -> EPERM [root]",
                "raw 155 0 0 0 -> EPERM [unproven]", // pivot_root
                "raw 166 0 0 0 -> EPERM [unproven]", // umount2
                "raw 428 0 0 0 -> EPERM [unproven]", // open_tree
                "raw 429 0 0 0 -> EPERM [unproven]", // move_mount
                "raw 430 0 0 0 -> EPERM [unproven]", // fsopen
                "raw 442 0 0 0 -> EPERM [unproven]", // mount_setattr
            ])
            .twin(&[
                "symlink {ws}/own {ws}/l;read {ws}/l",
                "link {ws}/own {ws}/l;read {ws}/l",
                "raw 80 0x0 0 0 -> EFAULT",
            ]),
        Case::new("row_88_dangerous_calls").attack(&[
            "raw 323 1 0 0 -> EPERM",             // userfaultfd
            "raw 321 0 0 0 -> EPERM [unproven]",  // bpf
            "raw 298 0 0 0 -> EPERM [unproven]",  // perf_event_open
            "raw 250 0 -3 0 -> EPERM [unproven]", // keyctl: the session keyring
            "raw 248 0 0 0 -> EPERM [unproven]",  // add_key
            "raw 249 0 0 0 -> EPERM [unproven]",  // request_key
            "raw 304 0 0 0 -> EPERM [unproven]",  // open_by_handle_at
            "raw 175 0 0 0 -> EPERM [unproven]",  // init_module
            "raw 313 -1 0 0 -> EPERM [unproven]", // finit_module
            "raw 246 0 0 0 -> EPERM [unproven]",  // kexec_load
            "raw 103 10 0 0 -> EPERM [root]",     // syslog
        ]),
        Case::new("row_76_execution_past_paths")
            .prepare(tool_outside)
            .attack(&[
                "exec {out}/tool -> EACCES",
                "run /proc/self/root{out}/tool env x -> EACCES",
                "run /lib64/ld-linux-x86-64.so.2 {out}/tool env -> EKEYEXPIRED",
                "memory_exec {out}/tool env x -> EACCES",
                "symlink {out}/tool {ws}/t;exec {ws}/t -> EACCES",
                "link {out}/tool {ws}/t -> EXDEV|EACCES",
            ])
            .twin(&["exec {ws}/probe", "exec /usr/bin/env", "memory_exec {ws}/probe env x"]),
    ]
}

fn namespaces() -> Case {
    Case::new("row_84_namespaces")
        .attack(&[
            "unshare 0x10000000 -> EPERM", // CLONE_NEWUSER
            "unshare 0x10000600 -> EPERM", // with CLONE_FS and CLONE_FILES beside it
            "unshare 0x10020000 -> EPERM", // with CLONE_NEWNS
            "unshare 0x7e020000 -> EPERM", // all of them
            "unshare 0x110000000 -> EPERM [unproven]",
            "unshare 0x00020000 -> EPERM [root]",
            "unshare 0x02000000 -> EPERM [root]",
            "unshare 0x04000000 -> EPERM [root]",
            "unshare 0x08000000 -> EPERM [root]",
            "unshare 0x20000000 -> EPERM [root]",
            "unshare 0x40000000 -> EPERM [root]",
            "unshare 0x00000080 -> EPERM [root]", // CLONE_NEWTIME
            "clone 0x10000000 -> EPERM",
            "clone 0x10020000 -> EPERM",
            "clone 0x50000000 -> EPERM",
            "clone 0x110000000 -> EPERM",
            "clone 0x00020000 -> EPERM [root]",
            "clone3 0 -> ENOSYS",
            "clone3 0x10000000 -> ENOSYS",
            "setns /proc/self/ns/net -> EPERM [root]",
            "setns /proc/self/ns/mnt -> EPERM [unproven]",
            "setns /proc/1/ns/mnt -> EPERM|EACCES [unproven]",
        ])
        .plain(&["unshare -Ur rm -rf {out}"])
        .twin(&["unshare 0x600 [not docker]", "clone 0", "sibling"])
}

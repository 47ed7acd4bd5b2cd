//! Attacks on what is known of a file outside: mode, owner, times, attributes (row 14). Landlock has no
//! say in it.

use super::case::Case;
use super::support::{Run, World};

fn opened(world: &World, file: &str, words: Vec<String>) -> Run {
    let text = world.fill(&format!("exec 0<{file}; exec \"$@\""));
    Run::new(world, "/bin/bash").args(["-c", &text, "bash"]).args(words)
}

pub fn cases() -> Vec<Case> {
    vec![by_path(), by_descriptor(), by_link(), of_others()]
}

fn by_path() -> Case {
    Case::new("row_14_metadata_by_path")
        .attack(&[
            "chmod {out}/victim -> EACCES|EPERM",
            "chmod {out}/dir -> EACCES|EPERM",
            "chmod {home}/.ssh/id -> EACCES|EPERM",
            "chmod {ws}/../outside/victim -> EACCES|EPERM",
            "chmod /proc/self/root{out}/victim -> EACCES|EPERM",
            "fchmodat {out}/victim -> EACCES|EPERM",
            "fchmodat2 {out}/victim -> EACCES|EPERM|ENOSYS",
            "chown {out}/victim -> EACCES|EPERM",
            "lchown {out}/victim -> EACCES|EPERM",
            "fchownat {out}/victim -> EACCES|EPERM",
            "utimensat {out}/victim -> EACCES|EPERM",
            "utimensat_link {out}/victim -> EACCES|EPERM",
            "utimes {out}/victim -> EACCES|EPERM",
            "utime {out}/victim -> EACCES|EPERM",
            "futimesat {out}/victim -> EACCES|EPERM",
            "setxattr {out}/victim -> EACCES|EPERM",
            "lsetxattr {out}/victim -> EACCES|EPERM",
            "chmod {top} -> EACCES|EPERM",
            "utimensat {home} -> EACCES|EPERM",
        ])
        .plain(&["chmod 777 {out}/victim", "chown -R $(id -u) {out}", "touch -d @1 {out}/victim"])
        .twin(&[
            "chmod {ws}/own",
            "fchmodat {ws}/own",
            "chown {ws}/own",
            "lchown {ws}/own",
            "fchownat {ws}/own",
            "utimensat {ws}/own",
            "utimensat_link {ws}/own",
            "utimes {ws}/own",
            "utime {ws}/own",
            "futimesat {ws}/own",
            "setxattr {ws}/own",
            "setxattr {ws}/own;removexattr {ws}/own",
            "create /tmp/stockade-twin-{tcp};chmod /tmp/stockade-twin-{tcp};unlink /tmp/stockade-twin-{tcp}",
        ])
}

fn by_descriptor() -> Case {
    Case::new("row_14_metadata_by_descriptor")
        .launch(|world, words| opened(world, "{out}/victim", words))
        .attack(&[
            "fchmod 0 -> EACCES|EPERM",
            "fchown 0 -> EACCES|EPERM",
            "futimens 0 -> EACCES|EPERM",
            "fsetxattr 0 -> EACCES|EPERM",
            "chmod /proc/self/fd/0 -> EACCES|EPERM",
            "chmod /dev/stdin -> EACCES|EPERM",
            "chmod_empty {out}/victim -> EACCES|EPERM|ENOSYS",
            "chmod_magic {out}/victim -> EACCES|EPERM",
            "chown_empty {out}/victim -> EACCES|EPERM",
            "utimensat_empty {out}/victim -> EACCES|EPERM",
            "setxattr_magic {out}/victim -> EACCES|EPERM",
        ])
        .twin(&["fchmod_own {ws}/own", "chmod_magic {ws}/own", "chown_empty {ws}/own"])
}

fn by_link() -> Case {
    Case::new("row_14_metadata_by_a_link")
        .attack(&[
            "symlink {out}/victim {ws}/l;chmod {ws}/l -> EACCES|EPERM",
            "symlink {out} {ws}/d;chmod {ws}/d/victim -> EACCES|EPERM",
            "symlink {out} {ws}/d;utimensat {ws}/d/victim -> EACCES|EPERM",
            "symlink {out}/victim {ws}/l;setxattr {ws}/l -> EACCES|EPERM",
            "symlink {out}/victim {ws}/l;chown {ws}/l -> EACCES|EPERM",
        ])
        // The link itself lies inside.
        .twin(&["symlink {out}/victim {ws}/l;lchown {ws}/l", "symlink own {ws}/l;chmod {ws}/l"])
}

fn of_others() -> Case {
    Case::new("row_14_nodes_and_owners").attack(&[
        "chown_to {out}/victim {other} -> EACCES|EPERM [root]",
        "mknod_null {out}/null -> EACCES|EPERM [root]",
    ])
}

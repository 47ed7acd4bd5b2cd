//! Attacks that give a file outside another name: links, `..`, /proc, directory descriptors (rows 6-10).

use super::case::Case;
use super::support::World;
use std::os::unix::fs::symlink;

fn plant_links(world: &World) {
    symlink(world.outside(), world.workspace().join("door")).unwrap();
    symlink(world.outside().join("victim"), world.workspace().join("leaf")).unwrap();
    symlink("../outside", world.workspace().join("relative")).unwrap();
    symlink(".git", world.workspace().join("inside")).unwrap();
}

pub fn cases() -> Vec<Case> {
    vec![symlink_out(), dot_dot(), proc_alias(), magic_descriptor(), directory_descriptor()]
}

fn symlink_out() -> Case {
    Case::new("row_06_symlink_out")
        .prepare(plant_links)
        .attack(&[
            "write {ws}/door/victim -> EACCES",
            "write {ws}/leaf -> EACCES",
            "write {ws}/relative/victim -> EACCES",
            "creat {ws}/leaf -> EACCES",
            "truncate {ws}/leaf -> EACCES",
            "create {ws}/door/new -> EACCES",
            "unlink {ws}/door/victim -> EACCES",
            "rename {ws}/own {ws}/door/planted -> EACCES|EXDEV",
            "symlink {out} {ws}/fresh;write {ws}/fresh/victim -> EACCES",
            "symlink / {ws}/fresh;write {ws}/fresh{out}/victim -> EACCES",
        ])
        .plain(&["echo x > door/victim", "echo x > leaf", "rm door/victim"])
        .twin(&[
            "create {ws}/inside/new",
            "symlink own {ws}/fresh;write {ws}/fresh",
            "unlink {ws}/leaf",
        ])
}

fn dot_dot() -> Case {
    Case::new("row_07_dot_dot")
        .attack(&[
            "write ../outside/victim -> EACCES",
            "write {ws}/../outside/victim -> EACCES",
            "write {ws}/.git/../../outside/victim -> EACCES",
            "write /../..{out}/victim -> EACCES",
            "write //{out}/./victim -> EACCES",
            "unlink ../outside/victim -> EACCES",
            "rename ../outside/victim own -> EACCES|EXDEV",
        ])
        .plain(&["echo x > ../outside/victim", "cd .. && rm outside/victim"])
        .twin(&["write .git/../own", "write ../workspace/own", "write /..{ws}/own"])
}

fn proc_alias() -> Case {
    Case::new("row_08_proc_alias")
        .attack(&[
            "write /proc/self/root{out}/victim -> EACCES",
            "write /proc/thread-self/root{out}/victim -> EACCES",
            "write /proc/self/cwd/../outside/victim -> EACCES",
            "write /proc/self/task/../cwd/../outside/victim -> EACCES",
            "write /proc/parent/root{out}/victim -> EACCES [root]",
            "write /proc/front/root{out}/victim -> EACCES [root]",
            "write /proc/parent/cwd/../outside/victim -> EACCES [unproven]",
            "write /proc/1/root{out}/victim -> EACCES [unproven]",
            "write /proc/{pid}/root{out}/victim -> EACCES",
            "write /proc/{pid}/fd/{fd} -> EACCES",
        ])
        .plain(&[
            "echo x > /proc/self/root{out}/victim",
            "echo x > /proc/self/cwd/../outside/victim",
        ])
        .twin(&["write /proc/self/root{ws}/own", "write /proc/self/cwd/own"])
}

fn magic_descriptor() -> Case {
    Case::new("row_09_magic_descriptor")
        .attack(&[
            "fd_above {ws} ../outside/victim -> EACCES",
            "fd_above {ws}/.git ../../outside/victim -> EACCES",
            "fd_above / {out}/victim -> EACCES",
        ])
        .twin(&["fd_above {ws} own", "fd_above {ws}/.git ../own"])
}

fn directory_descriptor() -> Case {
    Case::new("row_10_directory_descriptor")
        .attack(&[
            "path_openat {out} victim -> EACCES",
            "path_openat {ws} ../outside/victim -> EACCES",
            "reopen_path {out}/victim -> EACCES",
            "openat2 {out} victim 0 -> EACCES",
            "openat2 {ws} ../outside/victim 0 -> EACCES",
            // RESOLVE_IN_ROOT, RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS
            "openat2 / {out}/victim 0x10 -> EACCES",
            "openat2 {out} victim 0x08 -> EACCES",
            "openat2 {out} victim 0x04 -> EACCES",
            "openat2 {out} victim 0x02 -> EACCES",
            "creat {out}/victim -> EACCES",
            "handle {out} {out}/victim -> EPERM|EACCES [root]",
        ])
        .twin(&[
            "path_openat {ws} own",
            "reopen_path {ws}/own",
            "openat2 {ws} own 0",
            "openat2 {ws} own 0x08",
            "openat2 / {ws}/own 0x10",
        ])
}

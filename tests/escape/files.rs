//! Attacks on files outside: written, truncated, deleted, moved, linked, made (rows 1-5, 13, 36).

use super::case::Case;

pub fn cases() -> Vec<Case> {
    vec![write(), truncate(), delete(), rename(), hard_link_in(), special_files(), reads()]
}

fn write() -> Case {
    Case::new("row_01_write")
        .attack(&[
            "write {out}/victim -> EACCES",
            "append {out}/victim -> EACCES",
            "rdwr {out}/victim -> EACCES",
            "map_write {out}/victim -> EACCES",
            "create {out}/new -> EACCES",
            "mkdir {out}/new -> EACCES",
            "tmpfile {out} -> EACCES",
            "write {home}/documents/thesis -> EACCES",
            "create {home}/.bashrc -> EACCES",
            "create {home}/.config -> EACCES",
            "mkdir {home}/.ssh/x -> EACCES",
        ])
        .plain(&[
            "echo x > {out}/victim",
            "echo x >> {out}/victim",
            "touch {out}/new",
            "tee {out}/victim < /dev/null",
            "echo x > ~/.bashrc",
        ])
        .twin(&[
            "write {ws}/own",
            "append {ws}/own",
            "rdwr {ws}/own",
            "map_write {ws}/own",
            "create {ws}/new",
            "mkdir {ws}/new",
            "tmpfile {ws}",
            "tmpfile /tmp",
        ])
}

fn truncate() -> Case {
    Case::new("row_02_truncate")
        .attack(&[
            "truncate {out}/victim -> EACCES",
            "open_trunc {out}/victim -> EACCES",
            "write_trunc {out}/victim -> EACCES",
            "creat {out}/victim -> EACCES",
            "creat {out}/new -> EACCES",
        ])
        .plain(&["truncate -s 0 {out}/victim", ": > {out}/victim"])
        .twin(&[
            "truncate {ws}/own",
            "open_trunc {ws}/own",
            "write_trunc {ws}/own",
            "creat {ws}/own",
            "creat {ws}/new",
        ])
}

fn delete() -> Case {
    Case::new("row_03_delete")
        .attack(&[
            "unlink {out}/victim -> EACCES",
            "rmdir {out}/empty -> EACCES",
            "path_unlinkat {out} victim -> EACCES",
            "unlink {home}/.ssh/id -> EACCES",
        ])
        .plain(&["rm {out}/victim", "rm -rf {out}", "rmdir {out}/empty", "find {out} -delete"])
        .twin(&["unlink {ws}/own", "mkdir {ws}/d;rmdir {ws}/d", "path_unlinkat {ws} own"])
}

fn rename() -> Case {
    Case::new("row_04_rename")
        .attack(&[
            "rename {out}/victim {ws}/taken -> EACCES|EXDEV",
            "rename {ws}/own {out}/planted -> EACCES|EXDEV",
            "rename {ws}/own {out}/victim -> EACCES|EXDEV",
            "rename {out}/victim {out}/moved -> EACCES|EXDEV",
            "rename {out}/dir {ws}/dir -> EACCES|EXDEV",
            "rename {home}/documents {ws}/documents -> EACCES|EXDEV",
            "exchange {ws}/own {out}/victim -> EACCES|EXDEV",
            "exchange {out}/victim {out}/dir/inner -> EACCES|EXDEV",
            "exchange {ws}/.git {out}/dir -> EACCES|EPERM|EXDEV",
        ])
        .plain(&["mv {out}/victim taken", "mv own {out}/planted", "mv {out} ./dir"])
        .twin(&[
            "rename {ws}/own {ws}/moved",
            "mkdir {ws}/d;rename {ws}/own {ws}/d/own",
            "create {ws}/b;exchange {ws}/own {ws}/b",
        ])
}

fn hard_link_in() -> Case {
    Case::new("row_05_hard_link_in")
        .attack(&[
            "link {out}/victim {ws}/linked -> EACCES|EXDEV",
            "link_fd {out}/victim {ws}/linked -> EACCES|EXDEV|ENOENT [root]",
            "link {ws}/own {out}/planted -> EACCES|EXDEV",
            "link {out}/victim {ws}/linked;write {ws}/linked -> ENOENT",
        ])
        .twin(&["link {ws}/own {ws}/linked;write {ws}/linked"])
}

fn special_files() -> Case {
    Case::new("row_13_special_files")
        .attack(&[
            "mkfifo {out}/pipe -> EACCES",
            "mknod_file {out}/file -> EACCES",
            "mknod_null {out}/null -> EACCES|EPERM [root]",
            "mknod_disk {out}/disk -> EACCES|EPERM [root]",
            "mknod_null {ws}/null -> EACCES|EPERM [root]",
            "mknod_disk {ws}/disk -> EACCES|EPERM [root]",
            "bind_socket {out}/socket -> EACCES",
            "bind_name {out}/socket 1 -> EACCES",
            "symlink /etc {out}/link -> EACCES",
        ])
        .plain(&["mkfifo {out}/pipe", "ln -s /etc {out}/link"])
        .twin(&[
            "mkfifo {ws}/pipe",
            "mknod_file {ws}/file",
            "bind_name {ws}/socket 1",
            "symlink /etc {ws}/link",
        ])
}

fn reads() -> Case {
    Case::new("row_36_reads")
        .attack(&[
            "read {home}/.ssh/id -> EACCES",
            "read {home}/.ssh -> EACCES",
            "read {home}/documents/thesis -> EACCES",
            "read {out}/victim -> EACCES",
            "read {out} -> EACCES",
            "symlink {home}/.ssh/id {ws}/key;read {ws}/key -> EACCES",
            "read /etc/shadow -> EACCES [root]",
            "read /proc/self/root{home}/.ssh/id -> EACCES",
        ])
        .twin(&["read {ws}/own", "read /etc/passwd", "read /usr/bin/env", "read {ws}"])
}

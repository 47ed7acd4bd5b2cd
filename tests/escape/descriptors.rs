//! Attacks by descriptors that were open before the sandbox was closed (rows 11, 12).

use super::case::Case;
use super::support::{Run, World};

/// Starts the command by way of a shell that opens files first.
fn opened(world: &World, redirections: &str, words: Vec<String>) -> Run {
    let text = world.fill(&format!("exec {redirections}; exec \"$@\""));
    Run::new(world, "/bin/bash").args(["-c", &text, "bash"]).args(words)
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_11_reopen_for_writing")
            .launch(|world, words| opened(world, "0<{out}/victim", words))
            .attack(&[
                "reopen 0 -> EACCES",
                "write /dev/stdin -> EACCES",
                "write /proc/self/fd/0 -> EACCES",
                "reopen_path /proc/self/fd/0 -> EACCES",
                "write_fd 0 -> EBADF [unproven]",
            ])
            .twin(&["read_fd 0", "write_fd 1"]),
        Case::new("row_11_standard_input_of_the_workspace")
            .launch(|world, words| opened(world, "0<{ws}/own", words))
            .twin(&["reopen 0", "write /dev/stdin"]),
        Case::new("row_11_directory_as_standard_input")
            .launch(|world, words| opened(world, "0<{out}", words))
            .attack(&[
                "fd_openat 0 victim -> EACCES",
                "write /proc/self/fd/0/victim -> EACCES",
                "fd_openat 0 dir/inner -> EACCES",
            ]),
        Case::new("row_12_inherited")
            .launch(|world, words| {
                opened(world, "9<>{out}/victim 10<{out} 200<>{out}/victim 0<{ws}/own", words)
            })
            .attack(&[
                "write_fd 9 -> EBADF",
                "read_fd 9 -> EBADF",
                "write_fd 200 -> EBADF",
                "fd_openat 10 victim -> EBADF",
                "write /proc/self/fd/9 -> ENOENT",
            ])
            .twin(&["read_fd 0", "write_fd 1", "write_fd 2"]),
    ]
}

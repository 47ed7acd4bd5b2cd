//! A harness for the supervisor alone, without Landlock: `supervise [--bare|--nofd] WORKSPACE -- ARGV...`. Not shipped.
#![expect(
    unsafe_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::exit,
    clippy::disallowed_methods,
    reason = "a tool of the tests"
)]

use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use stockade::sandbox::filter::held;
use stockade::supervisor::{Supervisor, standing::Bounds};
use stockade::sys::{notify, process};

const SEALED: &[&str] = &[
    ".vscode",
    ".idea",
    ".envrc",
    ".mcp.json",
    ".codex",
    ".cursor",
    ".gemini",
    ".claude/settings.json",
    ".claude/commands",
    ".claude/agents",
    ".bashrc",
    ".zshrc",
    ".profile",
    ".gitconfig",
    "*.code-workspace",
];

fn filter() -> Vec<stockade::sys::seccomp::Instruction> {
    let program =
        stockade::sandbox::filter::compile_groups(held::groups().unwrap(), held::outright())
            .unwrap();
    program
        .into_iter()
        .map(|i| stockade::sys::seccomp::Instruction { code: i.code, jt: i.jt, jf: i.jf, k: i.k })
        .collect()
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let bare = args[0] == "--bare";
    if bare {
        args.remove(0);
    }
    let zone = std::fs::canonicalize(args.remove(0)).unwrap();
    assert_eq!(args.remove(0), "--");
    let (from, to) = process::pipe().unwrap();
    let (go, go_in) = process::pipe().unwrap();
    let child = match process::fork().unwrap() {
        process::Fork::Child => {
            drop((from, go_in));
            process::no_new_privileges().unwrap();
            if !bare {
                let listener = notify::install(&mut filter()).unwrap();
                let number = listener.as_raw_fd().to_ne_bytes();
                use std::io::Write;
                std::fs::File::from(to).write_all(&number).unwrap();
                use std::io::Read;
                drop(std::fs::File::from(go).read(&mut [0]));
                std::mem::forget(listener);
            }
            let argv: Vec<std::ffi::CString> =
                args.iter().map(|a| std::ffi::CString::new(a.as_str()).unwrap()).collect();
            let env: Vec<std::ffi::CString> = std::env::vars()
                .map(|(k, v)| std::ffi::CString::new(format!("{k}={v}")).unwrap())
                .collect();
            let argv: Vec<&std::ffi::CStr> = argv.iter().map(|c| c.as_c_str()).collect();
            let env: Vec<&std::ffi::CStr> = env.iter().map(|c| c.as_c_str()).collect();
            let path = std::env::var("PATH").unwrap();
            let mut candidates = vec![args[0].clone()];
            if !args[0].contains('/') {
                candidates = path.split(':').map(|d| format!("{d}/{}", args[0])).collect();
            }
            for c in candidates {
                drop(process::execve(&std::ffi::CString::new(c).unwrap(), &argv, &env));
            }
            process::exit_now(127)
        }
        process::Fork::Parent(pid) => pid,
    };
    drop((to, go));
    let mut status = 0;
    if bare {
        unsafe { libc::waitpid(child, &raw mut status, 0) };
        std::process::exit(libc::WEXITSTATUS(status));
    }
    let mut number = [0_u8; 4];
    use std::io::Read;
    std::fs::File::from(from).read_exact(&mut number).unwrap();
    let pidfd = unsafe { libc::syscall(libc::SYS_pidfd_open, child, 0) };
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_getfd, pidfd, i32::from_ne_bytes(number), 0) };
    let listener = unsafe { OwnedFd::from_raw_fd(i32::try_from(fd).unwrap()) };
    drop(go_in);
    let writable = vec![(zone.clone(), vec![]), ("/tmp".into(), vec![])];
    let parts = |n: &&str| n.split('/').map(|p| p.as_bytes().to_vec()).collect();
    let bounds = Bounds {
        zone,
        sealed: SEALED.iter().map(parts).collect(),
        free: vec![b"node_modules".to_vec()],
        writable,
    };
    let mut supervisor = Supervisor::new(bounds);
    let mut wait = None;
    loop {
        let mut p = [libc::pollfd { fd: listener.as_raw_fd(), events: libc::POLLIN, revents: 0 }];
        let t = wait.map_or(-1, |d: std::time::Duration| i32::try_from(d.as_millis()).unwrap());
        unsafe { libc::poll(p.as_mut_ptr(), 1, t) };
        if p[0].revents & libc::POLLHUP != 0 {
            break;
        }
        wait = supervisor.serve(listener.as_fd()).unwrap();
        let mut s = 0;
        if unsafe { libc::waitpid(child, &raw mut s, libc::WNOHANG) } == child {
            status = s;
        }
    }
    if status == 0 {
        unsafe { libc::waitpid(child, &raw mut status, 0) };
    }
    if std::env::var_os("QUIET").is_none() {
        let (seen, more) = supervisor.finish();
        for o in seen {
            eprintln!("[refused] {} {} {:?} {} x{}", o.act, o.path, o.why, o.detail, o.times);
        }
        if more > 0 {
            eprintln!("[refused] and {more} more");
        }
    } else {
        supervisor.finish();
    }
    let code = if libc::WIFEXITED(status) {
        libc::WEXITSTATUS(status)
    } else {
        128 + libc::WTERMSIG(status)
    };
    std::process::exit(code);
}

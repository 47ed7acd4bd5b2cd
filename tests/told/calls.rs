//! Refused system calls: sockets, mounts, namespaces and their kin.

use super::support::World;
use super::{Test, last_record, python, silent, tells};
use std::os::unix::net::UnixListener;

pub const TESTS: &[Test] = &[
    ("no_network", no_network),
    ("curl_without_network", curl),
    ("predicted_connection", predicted),
    ("unix_socket", unix_socket),
    ("datagrams", datagrams),
    ("kernel_calls", kernel_calls),
    ("namespaces", namespaces),
    ("ports", ports),
    ("ports_and_what_has_none", not_tcp),
    ("inode_flags", inode_flags),
    ("same_errno", same_errno),
    ("name_service", name_service),
    ("probing_calls", probing),
];

/// `strict` with a gate one that lets everything through.
const OPEN_STRICT: &str = "name = \"open-strict\"\nabout = \"strict, judged by nobody\"\n\
                           extends = \"strict\"\n[judge]\notherwise = \"allow\"\n\
                           off = [\"strict.unseen\", \"network.none\"]\n";

fn strict(world: &World) -> String {
    world.put("open.toml", OPEN_STRICT).to_str().unwrap().to_owned()
}

fn no_network(world: &World) {
    let profile = strict(world);
    let code = "import socket; socket.socket(socket.AF_INET)";
    let ended = python(world, &["--profile", &profile], code).expect(1);
    let line = ["refused to use an IPv4 socket", "no network", "`network = \"host\"`"];
    tells(world, &ended, &line);
    assert!(last_record(world).contains("an IPv4 socket"));
}

fn curl(world: &World) {
    let profile = strict(world);
    let words =
        ["run", "--profile", &profile, "--", "curl", "-s", "-m", "2", "http://127.0.0.1:9/"];
    let ended = world.stockade(words).end();
    assert_ne!(ended.code(), 0, "{ended:?}");
    tells(world, &ended, &["IPv4 socket", "`network = \"host\"`"]);
}

/// Where no calls are held nothing is seen, but gate one knew what the command wanted.
fn predicted(world: &World) {
    let text = OPEN_STRICT.replace(
        "[judge]",
        "require = [\"writes\"]\n[files]\nunprotect = [\"*\"]\nunhide = [\"*\"]\n[judge]",
    );
    let profile = world.put("bare.toml", text).to_str().unwrap().to_owned();
    let words =
        ["run", "--profile", &profile, "--", "curl", "-s", "-m", "2", "http://127.0.0.1:9/"];
    let ended = world.stockade(words).end();
    assert_ne!(ended.code(), 0, "{ended:?}");
    tells(world, &ended, &["may have failed", "connect to 127.0.0.1", "`network = \"host\"`"]);
}

fn unix_socket(world: &World) {
    let listener = UnixListener::bind(world.top.join("outside/docker.sock")).unwrap();
    let code = "import socket; socket.socket(socket.AF_UNIX).connect('{out}/docker.sock')";
    let ended = python(world, &[], code).expect(1);
    let line = ["connect to {out}/docker.sock", "`files.sockets = [\"{out}/docker.sock\"]`"];
    tells(world, &ended, &line);
    drop(listener);
    let profile = strict(world);
    let ended = python(world, &["--profile", &profile], code).expect(1);
    tells(world, &ended, &["refused to use an AF_UNIX socket", "`unix_sockets = \"own\"`"]);
}

/// Whatever sockets of its own a run has, datagrams are not among them; what the C library tries for
/// itself is told to nobody.
fn datagrams(world: &World) {
    let profile = strict(world);
    for profile in [&[][..], &["--profile", &profile]] {
        for (made, name) in [("socket", "an AF_UNIX socket"), ("socketpair", "a socketpair")] {
            let code = format!("import socket; socket.{made}(socket.AF_UNIX, socket.SOCK_DGRAM)");
            let ended = python(world, profile, &code).expect(1);
            let line = [&format!("use {name} for datagrams"), "`unix_sockets = \"host\"`"];
            tells(world, &ended, &line.map(|part| part as &str));
        }
        silent(&python(world, profile, "import syslog, sys; syslog.syslog('x'); sys.exit(1)"));
    }
}

/// A system call by number, whose failure ends the program with the errno.
const BY_NUMBER: &str = "import ctypes, sys\nlibc = ctypes.CDLL(None, use_errno=True)\n\
                         got = libc.syscall(*ARGS)\n\
                         sys.exit(ctypes.get_errno() if got < 0 else 0)";

/// Number and arguments on x86_64, and the word it is told by.
const REFUSED: &[(&str, &str)] = &[
    ("165, b'x', b'/mnt', b'tmpfs', 0, 0", "mount"),
    ("272, 0x10000000", "unshare"),
    ("56, 0x10000011, 0, 0, 0, 0", "clone with namespaces"),
    ("308, 0, 0", "setns"),
    ("321, 0, 0, 0", "bpf"),
    ("298, 0, 0, 0, 0, 0", "perf_event_open"),
    ("250, 0, 0, 0, 0, 0", "keyctl"),
    ("16, 0, 0x5412, b'x'", "ioctl TIOCSTI"),
    ("16, 0, 0x100005412, b'x'", "ioctl TIOCSTI"),
    ("302, 1, 1, b'0123456789abcdef', 0", "prlimit"),
    ("41, 38, 5, 0", "an AF_ALG socket"),
    ("41, 16, 3, 15", "a netlink socket"),
];

fn kernel_calls(world: &World) {
    for (arguments, name) in REFUSED {
        let code = BY_NUMBER.replace("ARGS", &format!("[{arguments}]"));
        let ended = python(world, &[], &code).expect(1);
        let line =
            [&format!("refused to use {name}:"), "no line of a profile allows it", "instead"];
        tells(world, &ended, &line);
    }
}

/// What browsers want for their own sandbox, under every profile: refused, and it is said what to do.
fn namespaces(world: &World) {
    for profile in ["dev-box", "ci-runner", "container", "strict", "readonly"] {
        let text = OPEN_STRICT.replace("\"strict\"\n", &format!("\"{profile}\"\n"));
        let off = if profile == "strict" { "\"strict.unseen\", \"network.none\"" } else { "" };
        let text = text.replace("\"strict.unseen\", \"network.none\"", off);
        let profile = world.put("open.toml", text).to_str().unwrap().to_owned();
        // A user namespace to find out, then one with processes and a network; unshare(2) as well.
        for (arguments, name) in [
            ("56, 0x10000011, 0, 0, 0, 0", "clone with namespaces"),
            ("56, 0x70000011, 0, 0, 0, 0", "clone with namespaces"),
            ("272, 0x10000000", "unshare"),
        ] {
            let code = BY_NUMBER.replace("ARGS", &format!("[{arguments}]"));
            let ended = python(world, &["--profile", &profile], &code).expect(1);
            let line = [&format!("refused to use {name}:"), "promise `kernel`", "`--no-sandbox`"];
            tells(world, &ended, &line);
        }
    }
}

/// Ports that are not named: the line that opens one more keeps what is open, and it is right.
fn ports(world: &World) {
    let text = |ports: &str| {
        let text = OPEN_STRICT.replace("strict\"\n[", "dev-box\"\nnetwork = \"NETWORK\"\n[");
        let text = text.replace("\"strict.unseen\", \"network.none\"", "");
        format!("{text}[ports]\n{ports}")
    };
    const SERVE: &str = "import socket; s = socket.socket(); ";
    for network in ["host", "loopback"] {
        for (code, open, words) in [
            (
                "s.connect(('127.0.0.1', 9))",
                "connect = [\"80-82\"]\nbind = []\n",
                ["refused to connect to 127.0.0.1:9:", "`ports.connect = [9, \"80-82\"]`"],
            ),
            (
                "s.connect(('127.0.0.1', 9))",
                "connect = []\n",
                ["refused to connect to 127.0.0.1:9:", "`ports.connect = [9]`"],
            ),
            (
                "s = socket.socket(socket.AF_INET6); s.connect(('::1', 83))",
                "connect = [\"80-82\"]\n",
                ["refused to connect to [::1]:83:", "`ports.connect = [\"80-83\"]`"],
            ),
            (
                "s.bind(('', 2999)); s.listen()",
                "bind = [3000, 0]\n",
                ["refused to listen on 0.0.0.0:2999:", "`ports.bind = [0, \"2999-3000\"]`"],
            ),
            (
                "s.bind(('127.0.0.1', 0)); s.listen()",
                "bind = [3000]\n",
                ["refused to listen on 127.0.0.1:0:", "`ports.bind = [0, 3000]`"],
            ),
            (
                "s.listen()",
                "bind = [3000]\n",
                ["a server on a port of the kernel's choosing", "`ports.bind = [0, 3000]`"],
            ),
        ] {
            let with = |ports: &str| {
                let text = text(ports).replace("NETWORK", network);
                let profile = world.put("ports.toml", text).to_str().unwrap().to_owned();
                python(world, &["--profile", &profile], &format!("{SERVE}{code}"))
            };
            let refused = with(open);
            assert!(refused.code() == 1 && refused.err.contains("Error: [Errno"), "{refused:?}");
            tells(world, &refused, &words);
            tells(world, &refused, &["`[ports]` of this profile", "(promise `network`)"]);
            // With the line in its place the wall has no part in what comes of it.
            let line = words[1].trim_matches('`').trim_start_matches("ports.");
            let key = line.split_once(' ').unwrap().0;
            let others = open.lines().filter(|line| !line.starts_with(key));
            let allowed = with(&format!("{line}\n{}\n", others.collect::<String>()));
            silent(&allowed);
            assert!(!allowed.err.contains("Errno 13]"), "{allowed:?}");
        }
    }
}

/// What names no port is refused whatever is open.
fn not_tcp(world: &World) {
    for (network, instead) in [("host", "by plain TCP"), ("loopback", "`network = \"host\"`")] {
        let text =
            OPEN_STRICT.replace("strict\"\n[", &format!("dev-box\"\nnetwork = \"{network}\"\n["));
        let text = text.replace("\"strict.unseen\", \"network.none\"", "");
        let text = format!("{text}[ports]\nconnect = [80]\n");
        let profile = world.put("ports.toml", text).to_str().unwrap().to_owned();
        let code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)";
        let ended = python(world, &["--profile", &profile], code).expect(1);
        tells(world, &ended, &["an IP socket that is not plain TCP", instead]);
    }
}

/// Only where calls are held: files that are open for reading are enough for it.
fn inode_flags(world: &World) {
    let code = BY_NUMBER.replace("ARGS", "[16, 0, 0x40086602, b'12345678']");
    let ended = python(world, &[], &code).expect(1);
    tells(world, &ended, &["refused to use ioctl for inode flags", "`metadata`"]);
}

/// Held to be told, they fail exactly as where nothing is held.
fn same_errno(world: &World) {
    let bare = "name = \"bare\"\nabout = \"holds no calls\"\nextends = \"dev-box\"\n\
                require = [\"writes\", \"reads\", \"kernel\", \"cleanup\"]\nunix_sockets = \"none\"\n\
                [files]\nunprotect = [\"*\"]\n";
    let profile = world.put("bare.toml", bare).to_str().unwrap().to_owned();
    for (arguments, name) in REFUSED {
        let code = BY_NUMBER.replace("ARGS", &format!("[{arguments}]"));
        let plain = python(world, &["--profile", &profile], &code);
        silent(&plain);
        assert_eq!(plain.code(), python(world, &["-q"], &code).code(), "{name}");
    }
}

/// Looking up a user asks a name service by a socket, which is not why anything fails.
fn name_service(world: &World) {
    silent(&python(world, &[], "import pwd, sys; pwd.getpwuid(12345) if 0 else None; sys.exit(1)"));
    let code = "import pwd, sys\ntry: pwd.getpwuid(54321)\nexcept KeyError: sys.exit(1)";
    silent(&python(world, &[], code).expect(1));
    let record = last_record(world);
    let asked = !record.contains("AF_UNIX") || record.contains("asked for by the C library");
    assert!(asked, "{record}");
}

/// What programs probe for is refused by the filter itself and told to nobody.
fn probing(world: &World) {
    for arguments in ["435, 0, 0", "425, 1, 0"] {
        let code = BY_NUMBER.replace("ARGS", &format!("[{arguments}]"));
        silent(&python(world, &[], &code).expect(38));
        assert!(!last_record(world).contains("\"refusals\""), "{}", last_record(world));
    }
}

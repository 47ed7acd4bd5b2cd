//! Attacks by the network where a profile gives none (row 43), and by protocols that walk past rules.

use super::case::Case;
use super::support::World;

/// `strict` with a gate one that asks nothing: what is refused is refused by the sandbox.
const NO_NETWORK: &str = r#"
name = "no-network"
about = "strict, judged by nobody"
extends = "strict"
[judge]
otherwise = "allow"
off = ["strict.unseen"]
"#;

fn scripts(world: &World) {
    let out = [
        ("tcp", "exec 3<>/dev/tcp/127.0.0.1/{tcp} && echo leak >&3"),
        ("udp", "exec 3<>/dev/udp/127.0.0.1/{udp} && echo leak >&3"),
        ("curl", "curl -s -m 1 http://127.0.0.1:{tcp}/ || [ $? = 28 ]"),
    ];
    // The ports are passed by the order, as $1.
    for (name, text) in out {
        let text = text.replace("{tcp}", "$PORT").replace("{udp}", "$PORT");
        world.put(format!("workspace/{name}"), format!("{text}\n"));
    }
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_43_no_network")
            .profile(NO_NETWORK)
            .prepare(scripts)
            .attack(&[
                "tcp {tcp} -> EPERM",
                "udp {udp} -> EPERM",
                "fastopen {tcp} -> EPERM",
                // Inside another stockade its filter answers: a refusal comes before a held call.
                "mptcp {tcp} -> EPERM|EPROTONOSUPPORT",
                "resolve localhost {tcp} -> EPERM|EHOSTUNREACH",
                "socket 2 3 1 -> EPERM [root]",
                "socket 2 2 1 -> EPERM [unproven]",
                "socket 10 1 0 -> EPERM",
                "socket 10 2 0 -> EPERM",
                "socket 16 3 0 -> EPERM",
                "socket 17 3 768 -> EPERM [root]",
                "socket 1 1 0 -> EPERM",
                "unix {top}/door/stream -> EPERM",
                "script_with {ws}/tcp {tcp} -> EPERM|ESRCH|EINTR",
                "script_with {ws}/udp {udp} -> EPERM|ESRCH|EINTR",
                "script_with {ws}/curl {tcp} -> ENXIO|E2BIG|ENOEXEC|EPERM",
                "python connect {tcp} -> EPERM",
            ])
            .twin(&["pair 1", "pair 5", "read /etc/hosts", "write {ws}/own"]),
        Case::new("row_43_network_of_the_default_profile")
            .prepare(scripts)
            .attack(&[
                "mptcp {tcp} -> EPROTONOSUPPORT",
                "socket 16 3 9 -> EPERM",
                "socket 16 3 15 -> EPERM",
            ])
            .twin(&[
                "tcp {tcp}",
                "udp {udp}",
                "resolve localhost {tcp}",
                "socket 10 1 0",
                "socket 16 3 0",
                "script_with {ws}/tcp {tcp}",
                "python connect {tcp}",
            ]),
        Case::new("row_62_other_families")
            .attack(&[
                "socket 40 1 0 -> EPERM [unproven]",
                "socket 38 5 0 -> EPERM [unproven]",
                "socket 17 3 768 -> EPERM [root]",
                "socket 31 3 1 -> EPERM [unproven]",
                "socket 44 3 0 -> EPERM [unproven]",
                "socket 30 1 0 -> EPERM [unproven]",
                "socket 1 2 0 -> EPERM",
            ])
            .twin(&[
                "socket 2 1 0",
                "socket 2 2 17",
                "socket 10 1 6",
                "socket 16 3 0",
                "socket 1 5 0",
            ]),
    ]
}

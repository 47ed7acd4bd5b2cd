//! Attacks by unix sockets: doors to daemons that do more for their callers than the sandbox lets them.

use super::case::Case;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_59_pathname_socket")
            .attack(&[
                "unix {top}/door/stream -> EPERM",
                "symlink {top}/door/stream {ws}/s;unix {ws}/s -> EPERM",
            ])
            .twin(&["pair 1", "pair 5", "bind_socket {ws}/socket"]),
        // Without socket(2): an end of a pair of datagram sockets can be pointed at any name.
        Case::new("row_60_datagram_by_a_pair").attack(&[
            "pair_sendto {top}/door/datagram -> EPERM",
            "pair_connect {top}/door/datagram -> EPERM",
            "pair_stream_connect {top}/door/stream -> EINVAL|EISCONN|EPERM [unproven]",
        ]),
        Case::new("row_61_abstract_socket").attack(&[
            "unix {abstract}s -> EPERM",
            "pair_sendto {abstract}d -> EPERM",
            "pair_connect {abstract}d -> EPERM",
        ]),
    ]
}

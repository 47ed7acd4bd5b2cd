//! What holds between the tables of the filter, the decoder and the profiles. No call is held here.

use super::Supervisor;
use super::decode::decode;
use super::judge::{Age, Kind, Operation, Ruling};
use crate::policy::resolved::{Files, Root};
use crate::sandbox::filter::{held, local};
use crate::sys::call;
use std::path::Path;

#[test]
fn every_held_call_is_decoded() {
    let by_flags = held::BY_FLAGS.iter().map(|(number, _)| number);
    for number in held::WHOLLY.iter().chain(held::BY_DESCRIPTOR).chain(by_flags) {
        assert!(*number < 0 || decode(*number, &[0; 6]).is_some(), "{number}");
    }
    // socket(2) is held by its arguments, and not among the numbers.
    assert!(decode(call::SOCKET, &[1, 1, 0, 0, 0, 0]).is_some());
    for number in local::outright().keys() {
        assert!(decode(*number, &[0; 6]).is_some(), "{number}");
    }
}

#[test]
fn a_policy_becomes_bounds() {
    let root = Root { path: "/nowhere/ws".into(), except: vec!["/nowhere/ws/out".into()] };
    let files = Files {
        write: vec![root],
        protect: vec![".git".into(), ".codex".into(), "*.key".into()],
        ..Files::default()
    };
    let supervisor = Supervisor::of(&files, Path::new("/nowhere/ws"));
    let refused = |path: &str, operation| {
        let ruling = supervisor.bounds.judge(path.as_bytes(), operation, Age::Before);
        matches!(ruling, Ruling::Refused(_))
    };
    assert!(refused("/nowhere/ws/a/.codex/x", Operation::Create(Kind::File)));
    assert!(refused("/nowhere/ws/a.key", Operation::Write));
    assert!(refused("/nowhere/ws/.git/hooks/x", Operation::Write));
    assert!(!refused("/nowhere/ws/.git/index", Operation::Write));
    assert!(refused("/nowhere/ws/out/x", Operation::Metadata));
}

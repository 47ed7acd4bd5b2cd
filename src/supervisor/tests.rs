//! What holds between the tables of the filter, the decoder and the profiles. No call is held here.

use super::Supervisor;
use super::decode::decode;
use super::judge::{Age, Kind, Operation, Ruling};
use crate::policy::resolved::{Files, Root};
use crate::sandbox::filter::table;
use std::path::Path;

#[test]
fn every_held_call_is_decoded() {
    for rule in table::held() {
        let here = rule.numbers.here();
        let family = [u64::from(rule.call == "socket"), 1, 0, 0, 0, 0];
        assert!(here < 0 || decode(here, &family).is_some(), "{}", rule.call);
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

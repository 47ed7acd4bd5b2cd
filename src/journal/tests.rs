//! Tests of the journal as a whole: chain, tampering, tearing, many writers, schema.

use super::event::{Closing, Ending, Event, Opening, Record, RequestRecord};
use super::read::{FindError, Line, find, lines, record, records};
use super::text::{KEPT, Text};
use super::{Journal, JournalError, Report, RunId, new_run_id, path_in, verify};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::effect::{Access, Count, Effect, Reach, Reversibility, Scale, Scope, Taint};
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::model::target::{Place, Resource};
use crate::model::verdict::Verdict;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

fn invocation(request: Request) -> Invocation {
    Invocation {
        request,
        cwd: "/w".into(),
        env: BTreeMap::new(),
        places: Places { workspace: "/w".into(), home: "/h".into(), temp: vec!["/tmp".into()] },
        origin: Origin { agent: Some("claude".into()), session: None },
    }
}

fn effect(resource: Resource) -> Effect {
    Effect {
        access: Access::Delete,
        resource,
        reach: Reach::Tree,
        scale: Some(Scale { files: Count::AtLeast(3), bytes: Count::Exactly(9) }),
        reversibility: Reversibility::Gone,
        scope: Scope::Home,
        carries: vec![Taint::Secret("$TOKEN".into())],
        loss: None,
        span: Span::new(0, 2),
    }
}

fn verdict(effects: usize) -> Verdict {
    Verdict {
        decision: Decision::Ask,
        rule: RuleId::named("delete.untracked"),
        reason: "because".into(),
        instead: None,
        findings: vec![Finding {
            rule: RuleId::named("delete.untracked"),
            severity: Severity::Caution,
            span: Span::new(0, 2),
            reason: "why".into(),
            instead: Some("trash".into()),
        }],
        insists: None,
        assessment: Assessment {
            effects: vec![effect(Resource::Path(Place::Exact("/w/x".into()))); effects],
            findings: Vec::new(),
            gaps: vec![Gap {
                kind: GapKind::OpaqueCode,
                span: Span::default(),
                what: "code".into(),
            }],
        },
    }
}

fn started(run: RunId, request: Request) -> Event {
    Opening::new(run, "dev-box", &invocation(request), &verdict(2)).started()
}

fn finished(run: RunId) -> Event {
    Event::Finished(Closing {
        run,
        end: Ending::Exit(0),
        status: 0,
        wall_ms: 12,
        cpu_ms: 3,
        max_rss_kib: 2048,
        leftovers: 0,
        observed: vec!["2 writes".into()],
        refusals: Vec::new(),
        refusals_left_out: 0,
    })
}

fn shell(text: &str) -> Request {
    Request::Shell(text.as_bytes().to_vec())
}

/// A state directory with a journal of so many runs, two records each.
fn journal_of(runs: usize) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let journal = Journal::open(&state).unwrap();
    for n in 0..runs {
        let run = new_run_id();
        journal.append(&started(run, shell(&format!("rm -rf build{n}")))).unwrap();
        journal.append(&finished(run)).unwrap();
    }
    (scratch, path_in(&state))
}

fn text_lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn rewritten(path: &Path, lines: &[String]) -> Report {
    fs::write(path, lines.iter().map(|l| format!("{l}\n")).collect::<String>()).unwrap();
    verify(path).unwrap()
}

#[test]
fn what_is_written_is_read_back_and_verifies() {
    let (_scratch, path) = journal_of(5);
    let report = verify(&path).unwrap();
    assert_eq!((report.records, report.intact(), report.torn.len()), (10, true, 0));
    let all: Vec<Record> = records(&path).unwrap().map(Result::unwrap).collect();
    assert_eq!(all.iter().map(|r| r.seq).collect::<Vec<_>>(), (1..=10).collect::<Vec<_>>());
    assert!(all.is_sorted_by_key(|r| r.time.clone()));
    assert_eq!(all[0].time.len(), "2026-11-23T00:44:15.000000Z".len());
    let run = all[2].event.run().unwrap();
    assert_eq!(find(&path, &run.to_string()).unwrap(), all[2..4]);
    assert!(matches!(find(&path, "0"), Err(FindError::Several(_))));
    assert!(matches!(find(&path, "zz"), Err(FindError::None)));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_third_party_verifies_with_sha256sum() {
    let (_scratch, path) = journal_of(3);
    let script = r#"prev=$(printf '0%.0s' $(seq 64)); while IFS= read -r line; do
        said=$(printf %s "$line" | tail -c 66 | head -c 64)
        made=$(printf %s "$line" | sed -E 's/,"hash":"[0-9a-f]{64}"\}$/}/' | sha256sum | cut -c1-64)
        before=$(printf %s "$line" | tail -c 140 | head -c 64)
        [ "$said" = "$made" ] && [ "$before" = "$prev" ] || exit 1
        prev=$said; done < "$1""#;
    let run = |path: &Path| {
        let mut sh = std::process::Command::new("bash");
        sh.args(["-c", script, "bash"]).arg(path).status().unwrap().success()
    };
    assert!(run(&path));
    let changed = fs::read_to_string(&path).unwrap().replacen("build1", "build9", 1);
    fs::write(&path, changed).unwrap();
    assert!(!run(&path));
}

#[test]
fn tampering_is_told_with_its_place() {
    let (_scratch, path) = journal_of(4);
    let good = text_lines(&path);
    let offset = |n: usize| good[..n].iter().map(|l| l.len() as u64 + 1).sum::<u64>();
    let place = |lines: &[String]| {
        let found = rewritten(&path, lines).first_break.unwrap();
        (found.line, found.offset)
    };
    let mut changed = good.clone();
    changed[3] = changed[3].replacen("\"status\":0", "\"status\":1", 1);
    assert_eq!(place(&changed), (4, offset(3)), "a changed line");
    let mut last = good.clone();
    last[7] = last[7].replacen("\"status\":0", "\"status\":1", 1);
    assert_eq!(place(&last), (8, offset(7)), "the last line changed");
    let mut deleted = good.clone();
    deleted.remove(2);
    assert_eq!(place(&deleted), (3, offset(2)), "a deleted line");
    let mut doubled = good.clone();
    doubled.insert(5, good[4].clone());
    assert_eq!(place(&doubled), (6, offset(5)), "an inserted line");
    let mut swapped = good.clone();
    swapped.swap(1, 2);
    assert_eq!(place(&swapped).0, 2, "lines reordered");
    let mut cut = good.clone();
    cut[4].truncate(40);
    assert_eq!(place(&cut), (5, offset(4)), "a line cut short");
    let mut first = good.clone();
    first.remove(0);
    assert_eq!(place(&first), (1, 0), "the first line gone");
    assert!(rewritten(&path, &good).intact());
}

#[test]
fn a_changed_last_line_is_not_washed_clean_by_the_next_writer() {
    let (scratch, path) = journal_of(2);
    let mut lines = text_lines(&path);
    lines[3].truncate(30);
    rewritten(&path, &lines);
    let journal = Journal::open(&scratch.path().join("state")).unwrap();
    journal.append(&finished(new_run_id())).unwrap();
    assert_eq!(verify(&path).unwrap().first_break.unwrap().line, 4);
}

#[test]
fn a_torn_end_is_told_healed_and_kept() {
    for keep in [1_usize, 50, 200] {
        let (scratch, path) = journal_of(3);
        let bytes = fs::read(&path).unwrap();
        let start = bytes[..bytes.len() - 1].iter().rposition(|b| *b == b'\n').unwrap() + 1;
        let torn = &bytes[..start + keep];
        fs::write(&path, torn).unwrap();
        let before = verify(&path).unwrap();
        assert!(before.intact());
        assert_eq!((before.torn[0].offset, before.torn[0].told), (start as u64, false));
        let damaged = records(&path).unwrap().filter(Result::is_err).count();
        assert_eq!(damaged, 1);
        let journal = Journal::open(&scratch.path().join("state")).unwrap();
        journal.append(&finished(new_run_id())).unwrap();
        let after = fs::read(&path).unwrap();
        assert!(after.starts_with(torn), "no byte was lost");
        let report = verify(&path).unwrap();
        assert!(report.intact(), "{report:?}");
        assert_eq!((report.records, report.torn[0].length), (7, keep as u64));
        assert!(report.torn[0].told);
        journal.append(&finished(new_run_id())).unwrap();
        assert_eq!(verify(&path).unwrap().records, 8);
    }
}

#[test]
fn a_lost_newline_loses_no_record_and_rubbish_is_no_obstacle() {
    let (scratch, path) = journal_of(1);
    let state = scratch.path().join("state");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    Journal::open(&state).unwrap().append(&finished(new_run_id())).unwrap();
    let report = verify(&path).unwrap();
    assert!(report.intact(), "{report:?}");
    assert_eq!(report.records, 4);
    // A file that never was a journal, torn twice.
    fs::write(&path, b"\0\0\0rubbish\nmore").unwrap();
    Journal::open(&state).unwrap().append(&finished(new_run_id())).unwrap();
    let report = verify(&path).unwrap();
    assert_eq!((report.records, report.torn[0].offset, report.torn[0].length), (2, 0, 15));
}

#[test]
fn a_torn_end_beyond_the_near_part_is_healed_too() {
    let (scratch, path) = journal_of(1);
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&vec![0; 5 * 1024 * 1024]).unwrap();
    Journal::open(&scratch.path().join("state")).unwrap().append(&finished(new_run_id())).unwrap();
    let report = verify(&path).unwrap();
    assert!(report.intact() && report.torn[0].told, "{report:?}");
    assert_eq!(report.records, 4);
}

#[test]
fn many_writers_lose_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path();
    fs::set_permissions(state, fs::Permissions::from_mode(0o700)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            // Each opens the file itself: the lock belongs to the open file, as between processes.
            scope.spawn(|| {
                let journal = Journal::open(state).unwrap();
                for n in 0..200 {
                    journal.append(&started(new_run_id(), shell(&"x".repeat(n * 7)))).unwrap();
                }
            });
        }
    });
    let report = verify(&path_in(state)).unwrap();
    assert_eq!((report.records, report.torn.len(), report.first_break), (1600, 0, None));
}

/// Runs one of the ignored tests below in so many processes at once, for at most so many seconds.
fn in_processes(count: usize, seconds: &str, test: &str, state: &Path) {
    std::thread::scope(|scope| {
        for _ in 0..count {
            scope.spawn(|| {
                std::process::Command::new("timeout")
                    .args(["--signal=KILL", seconds])
                    .arg(std::env::current_exe().unwrap())
                    .args(["--exact", "--ignored", test])
                    .env("STOCKADE_TEST_STATE", state)
                    .output()
                    .unwrap();
            });
        }
    });
}

#[test]
#[ignore = "one process of many_processes_lose_nothing"]
fn append_200() {
    let Some(state) = std::env::var_os("STOCKADE_TEST_STATE") else { return };
    let journal = Journal::open(Path::new(&state)).unwrap();
    for n in 0..200 {
        journal.append(&started(new_run_id(), shell(&"x".repeat(n * 7)))).unwrap();
    }
}

#[test]
#[ignore = "one process of killed_processes_break_nothing"]
fn append_for_ever() {
    let Some(state) = std::env::var_os("STOCKADE_TEST_STATE") else { return };
    let journal = Journal::open(Path::new(&state)).unwrap();
    let event = started(new_run_id(), shell(&"y".repeat(30_000)));
    loop {
        journal.append(&event).unwrap();
    }
}

#[test]
fn many_processes_lose_nothing() {
    let (scratch, path) = journal_of(0);
    in_processes(8, "60", "journal::tests::append_200", &scratch.path().join("state"));
    let report = verify(&path).unwrap();
    assert_eq!((report.records, report.torn.len(), report.first_break), (1600, 0, None));
}

#[test]
fn killed_processes_break_nothing() {
    let (scratch, path) = journal_of(1);
    for seconds in ["0.05", "0.08", "0.11"] {
        let state = scratch.path().join("state");
        in_processes(3, seconds, "journal::tests::append_for_ever", &state);
        Journal::open(&state).unwrap().append(&finished(new_run_id())).unwrap();
        let report = verify(&path).unwrap();
        assert!(report.intact(), "{report:?}");
        assert!(report.records > 3);
    }
}

/// With `TMPDIR` on a small tmpfs this fills it up; elsewhere it ends after 4 MiB.
#[test]
fn a_disk_that_fills_up_tears_nothing() {
    let (scratch, path) = journal_of(1);
    let journal = Journal::open(&scratch.path().join("state")).unwrap();
    let event = started(new_run_id(), shell(&"z".repeat(5_000)));
    let full = (0..700).find_map(|_| journal.append(&event).err());
    assert!(matches!(full, None | Some(JournalError::Full(_))), "{full:?}");
    let report = verify(&path).unwrap();
    assert!(report.intact() && report.torn.is_empty(), "{report:?}");
}

#[test]
fn a_huge_request_makes_a_small_record_and_odd_bytes_survive() {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let journal = Journal::open(&state).unwrap();
    let huge = "é".repeat(5 * 1024 * 1024);
    journal.append(&started(new_run_id(), shell(&huge))).unwrap();
    let odd = b"rm \xff\n\x1b[2J".to_vec();
    journal.append(&started(new_run_id(), Request::Shell(odd.clone()))).unwrap();
    let many = Opening::new(new_run_id(), "p", &invocation(shell("x")), &verdict(5000)).refused();
    journal.append(&many).unwrap();
    let argv = vec!["a".repeat(KEPT).into(), "b".into()];
    journal.append(&started(new_run_id(), Request::Argv(argv))).unwrap();
    assert!(fs::metadata(journal.path()).unwrap().len() < 400 * 1024);
    let all: Vec<Record> = records(journal.path()).unwrap().map(Result::unwrap).collect();
    let opening = |n: usize| match &all[n].event {
        Event::Started(opening) | Event::Refused(opening) => opening.clone(),
        other => panic!("{other:?}"),
    };
    let whole = opening(0).whole.unwrap();
    assert_eq!((whole.bytes, whole.sha256.len()), (huge.len() as u64, 64));
    let RequestRecord::Shell(text) = opening(1).request else { panic!() };
    assert_eq!(text.to_bytes().unwrap(), odd);
    assert_eq!((opening(2).left_out, opening(2).status), (5000 - 256, Some(126)));
    assert_eq!(opening(3).request, RequestRecord::Argv(vec![Text::Plain("a".repeat(KEPT))]));
    assert!(opening(3).whole.is_some());
}

#[test]
fn an_unfit_journal_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let refused = |state: &Path| match Journal::open(state) {
        Err(JournalError::Unfit { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    let state = scratch.path().join("linked");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    symlink("/etc/passwd", path_in(&state)).unwrap();
    assert_eq!(refused(&state), "not a regular file");
    fs::remove_file(path_in(&state)).unwrap();
    fs::write(path_in(&state), b"").unwrap();
    fs::set_permissions(path_in(&state), fs::Permissions::from_mode(0o620)).unwrap();
    assert_eq!(refused(&state), "others may write to it (chmod go-w)");
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).unwrap();
    assert_eq!(refused(&state), "others may write to it (chmod go-w)");
    let file = scratch.path().join("file");
    fs::write(&file, b"").unwrap();
    assert_eq!(refused(&file), "not a directory");
}

#[test]
fn a_journal_that_was_moved_away_is_begun_anew() {
    let (scratch, path) = journal_of(1);
    let journal = Journal::open(&scratch.path().join("state")).unwrap();
    fs::rename(&path, scratch.path().join("old")).unwrap();
    journal.append(&finished(new_run_id())).unwrap();
    assert_eq!(verify(&path).unwrap().records, 1);
}

#[test]
fn an_event_of_a_newer_stockade_is_read_as_unknown() {
    let line = r#"{"v":2,"time":"t","event":"sang","song":1,"seq":1,"prev":"","hash":""}"#;
    let line =
        Line { number: 1, offset: 0, length: line.len() as u64, bytes: line.into(), ended: true };
    assert_eq!(record(&line).unwrap().event, Event::Unknown);
    let (_scratch, path) = journal_of(0);
    let journal = Journal::open(path.parent().unwrap()).unwrap();
    assert!(matches!(journal.append(&Event::Unknown), Err(JournalError::Event)));
}

#[test]
fn the_schema_in_docs_is_the_one_of_the_types() {
    let schema = schemars::schema_for!(Record);
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/journal.schema.json");
    if std::env::var_os("STOCKADE_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "docs/journal.schema.json is stale: STOCKADE_BLESS=1 cargo test");
}

/// `cargo test --release --lib journal -- --ignored --nocapture` prints what one append costs.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "a person reads the measurement")]
fn what_one_append_costs() {
    let (_scratch, path) = journal_of(500);
    let run = new_run_id();
    let event = started(run, shell("cargo test --workspace -- --nocapture | tail -20"));
    let journal = Journal::open(path.parent().unwrap()).unwrap();
    let mut times: Vec<_> = (0..5000)
        .map(|n| {
            let since = std::time::Instant::now();
            if n % 2 == 0 {
                journal.append(&event).unwrap();
            } else {
                Journal::open(path.parent().unwrap()).unwrap().append(&event).unwrap();
            }
            (n % 2, since.elapsed())
        })
        .collect();
    times.sort_unstable();
    eprintln!("append {:?}, open + append {:?} (medians)", times[1250].1, times[3750].1);
    let since = std::time::Instant::now();
    let report = verify(&path).unwrap();
    eprintln!("verify {} records in {:?}", report.records, since.elapsed());
}

proptest! {
    #[test]
    fn readers_never_panic_and_miss_no_byte(bytes: Vec<u8>, cut in 0_usize..2000) {
        let (_scratch, path) = journal_of(1);
        let mut text = fs::read(&path).unwrap();
        text.truncate(cut);
        text.extend_from_slice(&bytes);
        fs::write(&path, &text).unwrap();
        let seen: u64 = lines(&path).unwrap().map(|l| l.map(|l| l.end() - l.offset).unwrap()).sum();
        prop_assert_eq!(seen, text.len() as u64);
        records(&path).unwrap().for_each(drop);
        verify(&path).unwrap();
        Journal::open(path.parent().unwrap()).unwrap().append(&finished(new_run_id())).unwrap();
        prop_assert!(fs::read(&path).unwrap().starts_with(&text));
        prop_assert!(records(&path).unwrap().last().unwrap().is_ok());
    }
}

//! Tests of `stockade log` on journals written here, hostile texts and closed pipes included.

use super::{Listing, NO, OK, Streams, TROUBLE, json, list, run, verify};
use crate::journal::event::{Closing, Ending, Event, Failure, Opening};
use crate::journal::refusal::{Known, RefusalRecord};
use crate::journal::text::Text;
use crate::journal::{Journal, RunId, new_run_id, path_in};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::effect::{Access, Count, Effect, Reach, Reversibility, Scale, Scope, Taint};
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::model::target::{Place, Resource};
use crate::model::verdict::Verdict;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

fn opening(run: RunId, request: Request) -> Opening {
    let invocation = Invocation {
        request,
        cwd: "/w".into(),
        env: Default::default(),
        places: Places { workspace: "/w".into(), home: "/h".into(), temp: Vec::new() },
        origin: Origin { agent: Some("claude".into()), session: Some("s1".into()) },
    };
    let rule = RuleId::named("delete.home");
    let verdict = Verdict {
        decision: Decision::Ask,
        rule: rule.clone(),
        reason: "it deletes\x1b[31m".into(),
        instead: Some("keep it".into()),
        findings: vec![Finding {
            rule,
            severity: Severity::Danger,
            span: Span::default(),
            reason: "gone for good".into(),
            instead: None,
        }],
        insists: None,
        assessment: Assessment {
            effects: vec![Effect {
                access: Access::Delete,
                resource: Resource::Path(Place::Exact("/w/x".into())),
                reach: Reach::Tree,
                scale: Some(Scale { files: Count::AtLeast(3), bytes: Count::Exactly(9) }),
                reversibility: Reversibility::Gone,
                scope: Scope::Home,
                carries: vec![Taint::Secret("$TOKEN".into())],
                loss: None,
                span: Span::default(),
            }],
            ..Assessment::default()
        },
    };
    Opening::new(run, "dev-box", &invocation, &verdict)
}

fn closing(run: RunId, end: Ending) -> Event {
    let observed = vec!["2 files deleted".to_owned()];
    let (wall_ms, cpu_ms, max_rss_kib) = (1234, 56, 2048);
    Event::Finished(Closing {
        run,
        end,
        status: 0,
        wall_ms,
        cpu_ms,
        max_rss_kib,
        leftovers: 2,
        observed,
        refusals: vec![RefusalRecord {
            known: Known::Seen,
            act: "write".into(),
            target: Text::of(b"/o\x1b[2J"),
            times: 2,
            promise: "writes".into(),
            why: "it lies outside".into(),
            allow: Some("files.write = [\"/o\"]".into()),
            instead: None,
        }],
        refusals_left_out: 7,
    })
}

/// A state directory with four runs: ended, refused, failed, and one without an end.
fn state() -> (tempfile::TempDir, PathBuf, Vec<RunId>) {
    let scratch = tempfile::tempdir().unwrap();
    let state = scratch.path().join("state");
    let journal = Journal::open(&state).unwrap();
    let runs: Vec<RunId> = (0..4).map(|_| new_run_id()).collect();
    let shell = |text: &str| Request::Shell(text.as_bytes().to_vec());
    let argv = Request::Argv(vec!["echo".into(), "it's".into(), "".into()]);
    let events = [
        opening(runs[0], shell("rm -rf x\x1b]0;owned\x07\nls")).started(),
        closing(runs[0], Ending::Signal(9)),
        opening(runs[1], argv).refused(),
        opening(runs[2], shell("true")).started(),
        Event::Failed(Failure { run: Some(runs[2]), status: 125, reason: "no room".into() }),
        opening(runs[3], shell(&"y".repeat(300))).started(),
    ];
    events.iter().for_each(|event| journal.append(event).unwrap());
    (scratch, state, runs)
}

fn output(verb: impl FnOnce(&mut Streams<'_>) -> u8) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let status = verb(&mut Streams { out: &mut out, err: &mut err });
    (status, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn one_line_a_run_that_cannot_drive_the_terminal() {
    let (_keep, state, runs) = state();
    let how = Listing { width: Some(100), last: None };
    let (status, out, err) = output(|s| list(&state, how, s));
    assert_eq!((status, err.as_str()), (OK, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(lines.iter().all(|line| line.chars().count() <= 100), "{out}");
    assert!(!out.contains('\x1b') && !out.contains('\x07'));
    assert!(lines[0].contains("signal 9") && lines[0].contains("1.2 s"), "{out}");
    assert!(lines[0].ends_with(r"rm -rf x\u{1b}]0;owned\u{7}\nls"), "{out}");
    assert!(lines[1].contains("refused") && lines[1].ends_with(r"echo 'it'\''s' ''"), "{out}");
    assert!(lines[2].contains("failed"), "{out}");
    assert!(lines[3].contains("no end") && lines[3].ends_with("y…"), "{out}");
    assert!(lines[3].contains(&runs[3].short()));
    let (_, out, _) = output(|s| list(&state, Listing { width: None, last: Some(2) }, s));
    assert_eq!(out.lines().count(), 2);
    assert!(out.contains(&"y".repeat(300)));
}

#[test]
fn everything_about_one_run() {
    let (_keep, state, runs) = state();
    let (status, out, _) = output(|s| run(&state, &runs[0].to_string(), s));
    assert_eq!(status, OK);
    for text in [
        "asked     rm -rf x\\u{1b}]0;owned\\u{7}\n          ls\n",
        "by        claude, session s1\n",
        "decision  ask (delete.home): it deletes\\u{1b}[31m\n",
        "instead   keep it\n",
        "effect    delete /w/x and below: at least 3 files, 9 bytes; home, gone; carries the secret $TOKEN\n",
        "finding   delete.home (danger): gone for good\n",
        "end       signal 9 after 1.2 s (56 ms of CPU, 2 MiB at most)\n",
        "leftovers 2 processes were killed\n",
        "observed  2 files deleted\n",
        "refused   refused to write /o\\u{1b}[2J (2 times): it lies outside (promise `writes`); `files.write",
        "… and 7 more refusals, not written down\n",
    ] {
        assert!(out.contains(text), "{text}\n{out}");
    }
    let (status, out, err) = output(|s| run(&state, "nothing", s));
    assert_eq!((status, out.as_str()), (NO, ""));
    assert!(err.contains("no run"));
    let (status, _, err) = output(|s| run(&state, "0", s));
    assert!(status == NO && err.contains("more than one"), "{err}");
}

#[test]
fn json_is_the_file_itself() {
    let (_keep, state, runs) = state();
    let file = fs::read_to_string(path_in(&state)).unwrap();
    let (status, out, err) = output(|s| json(&state, None, s));
    assert_eq!((status, out, err.as_str()), (OK, file.clone(), ""));
    let (_, out, _) = output(|s| json(&state, Some(&runs[2].to_string()), s));
    assert_eq!(out.lines().count(), 2);
    fs::write(path_in(&state), file + "\x1brubbish\n").unwrap();
    let (status, out, err) = output(|s| json(&state, None, s));
    assert_eq!((status, out.lines().count()), (OK, 6));
    assert!(err.contains("1 lines") && err.contains("line 7") && !err.contains('\x1b'), "{err}");
}

#[test]
fn verify_tells_the_place() {
    let (_keep, state, _) = state();
    let (status, out, _) = output(|s| verify(&state, s));
    assert!(status == OK && out.starts_with("intact: 6 records\nhead: 6 "), "{out}");
    let path = path_in(&state);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"wall_ms\":1234", "\"wall_ms\":1", 1)).unwrap();
    let (status, out, _) = output(|s| verify(&state, s));
    assert!(status == NO && out.contains("broken: line 2 (byte "), "{out}");
    fs::write(&path, &text[..text.len() - 9]).unwrap();
    let (status, out, _) = output(|s| verify(&state, s));
    assert!(status == OK && out.contains("torn: line 6") && out.contains("since"), "{out}");
}

struct Closed(io::ErrorKind);

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn a_closed_pipe_is_quiet_and_other_trouble_is_not() {
    let (_keep, state, runs) = state();
    let id = runs[0].to_string();
    let verbs: [&dyn Fn(&mut Streams<'_>) -> u8; 4] = [
        &|s| list(&state, Listing::default(), s),
        &|s| run(&state, &id, s),
        &|s| json(&state, None, s),
        &|s| verify(&state, s),
    ];
    for verb in verbs {
        let mut err = Vec::new();
        let mut closed = Closed(io::ErrorKind::BrokenPipe);
        assert_eq!(verb(&mut Streams { out: &mut closed, err: &mut err }), OK);
        assert!(err.is_empty());
        let mut full = Closed(io::ErrorKind::StorageFull);
        assert_eq!(verb(&mut Streams { out: &mut full, err: &mut err }), TROUBLE);
        assert!(!err.is_empty());
    }
    let none = Path::new("/nonexistent/state");
    assert_eq!(output(|s| list(none, Listing::default(), s)).0, OK);
    assert_eq!(output(|s| verify(none, s)).0, NO);
}

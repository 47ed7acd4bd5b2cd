//! `check --jsonl`: one answer a line, in order, and never "allow" for what could not be read.

use super::Test;
use super::support::{Ended, World};

pub const TESTS: &[Test] = &[
    ("jsonl_malformed_lines", malformed),
    ("jsonl_order_and_ids", order),
    ("jsonl_huge_line", huge),
    ("jsonl_directories", directories),
    ("jsonl_sessions", sessions),
    ("jsonl_nothing", nothing),
];

fn ask(world: &World, input: impl Into<Vec<u8>>) -> (Vec<serde_json::Value>, Ended) {
    let ended = world.stockade(["check", "--jsonl"]).input(input).end();
    let answers = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (answers, ended)
}

fn malformed(world: &World) {
    let lines: &[&[u8]] = &[
        b"not json",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b"\"ls\"",
        b"{\"id\":1}",
        b"{\"id\":2,\"cmd\":5}",
        b"{\"id\":3,\"cmd\":null}",
        b"{\"id\":4,\"cmd\":[\"ls\"]}",
        b"{\"id\":5,\"cmd\":\"ls\",\"cwd\":7}",
        b"{\"id\":6,\"cmd\":\"ls\"} trailing",
        b"{\"id\":7,\"cmd\":\"\xff\xfe\"}",
        b"{\"id\":8,\"cmd\":\"ls\",\"cmd\":\"ls\"}",
        b"{\"cmd\":\"ls\"\x00}",
        b"\xef\xbb\xbf{\"cmd\":\"ls\"}",
        b"{\"id\":9,\"cmd\":\"\\ud800\"}",
    ];
    let (answers, ended) = ask(world, lines.join(&b'\n'));
    assert_eq!(answers.len(), lines.len(), "{ended:?}");
    for (answer, line) in answers.iter().zip(lines) {
        let line = String::from_utf8_lossy(line);
        assert_ne!(answer["decision"], "allow", "{line}");
        assert!(answer["reason"].is_string() && answer["rule"].is_string(), "{line}: {answer}");
    }
    assert_eq!(answers[7]["id"], 2, "an id that can be read is given back");
    ended.expect(125);
    let nested = "[".repeat(1_000_000);
    let (answers, _) = ask(world, nested);
    assert_eq!(answers.len(), 1);
    assert_ne!(answers[0]["decision"], "allow");
}

fn order(world: &World) {
    let ids = ["1", "\"a\"", "null", "[1,{}]", "-5.5", "\"\\u0000\"", "99999999999999999999"];
    let mut input = String::new();
    for number in 0..500 {
        let id = ids[number % ids.len()];
        let cmd = if number % 3 == 0 { "rm -rf ~" } else { "ls" };
        input.push_str(&format!("{{\"id\":{id},\"cmd\":\"{cmd}\",\"more\":{number}}}\n"));
        if number % 7 == 0 {
            // Empty lines are no questions.
            input.push_str("\n  \r\n");
        }
    }
    let (answers, ended) = ask(world, input.trim_end());
    assert_eq!(answers.len(), 500, "{}", ended.err);
    for (number, answer) in answers.iter().enumerate() {
        let id: serde_json::Value = serde_json::from_str(ids[number % ids.len()]).unwrap();
        assert_eq!(answer["id"], id);
        let wanted = if number % 3 == 0 { "deny" } else { "allow" };
        assert_eq!(answer["decision"], wanted, "{number}");
    }
    ended.expect(0);
}

fn huge(world: &World) {
    let text = "x".repeat(10 << 20);
    let asked = format!("{{\"id\":1,\"cmd\":\"ls {text}\"}}\n{{\"id\":2,\"cmd\":\"ls\"}}");
    let (answers, ended) = ask(world, asked);
    assert_eq!(answers.len(), 2, "{}", ended.err);
    assert_eq!(answers[1]["id"], 2);
    assert_eq!(answers[1]["decision"], "allow");
    // Beyond what is read at all: answered, skipped to its end, and the next line is itself again.
    let asked =
        format!("{{\"id\":1,\"cmd\":\"{}\"}}\n{{\"id\":2,\"cmd\":\"ls\"}}\n", "y".repeat(65 << 20));
    let (answers, _) = ask(world, asked);
    assert_eq!(answers.len(), 2);
    assert_ne!(answers[0]["decision"], "allow");
    assert_eq!(answers[1]["decision"], "allow");
}

fn directories(world: &World) {
    for cwd in ["/", "{home}", "{home}/.ssh", "/etc", "{out}/../home", "/proc/self/root"] {
        let cwd = world.fill(cwd);
        let (answers, _) =
            ask(world, format!("{{\"id\":1,\"cmd\":\"touch x\",\"cwd\":\"{cwd}\"}}\n"));
        assert_eq!(answers.len(), 1, "{cwd}");
        assert_ne!(answers[0]["decision"], "allow", "{cwd}: {answers:?}");
    }
    let (answers, _) = ask(world, "{\"id\":1,\"cmd\":\"ls\",\"cwd\":\".git\"}");
    assert_eq!(answers[0]["decision"], "allow");
}

fn nothing(world: &World) {
    for input in ["", "\n", "\n\n\n", "   "] {
        let (answers, ended) = ask(world, input);
        assert!(answers.is_empty(), "{input:?}");
        ended.expect(0);
    }
}

/// A line may name its session; that it is none is an answer like any other.
fn sessions(world: &World) {
    world.stockade(["run", "-s", "one", "-c", "rm -r /etc"]).end().expect(126);
    let input = "{\"id\":1,\"cmd\":\"rm -r /etc\",\"session\":\"one\"}\n\
                 {\"id\":2,\"cmd\":\"rm -r /etc\",\"session\":\"two\"}\n\
                 {\"id\":3,\"cmd\":\"rm -r /etc\"}\n\
                 {\"id\":4,\"cmd\":\"true\",\"session\":\"\"}\n";
    let ended = world.stockade(["check", "--jsonl"]).input(input).end().expect(125);
    let insists: Vec<bool> = ended.out.lines().map(|l| l.contains("\"insists\"")).collect();
    assert_eq!(insists, [true, false, false, false], "{ended:?}");
    assert!(ended.out.contains("input.unreadable"), "{ended:?}");
    let all = world.stockade(["check", "--jsonl", "-s", "one"]);
    let ended = all.input("{\"id\":1,\"cmd\":\"rm -r /etc\"}\n").end().expect(0);
    assert!(ended.out.contains("\"times\":1"), "nothing is added by a check: {ended:?}");
}

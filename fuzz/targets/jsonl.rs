//! Any bytes as the input of `check --jsonl`: one answer for each line that is not blank, in their
//! order, and none for what was not asked.
#![no_main]

mod shared;

use serde_json::Value;
use std::io::BufReader;
use stockade::cli::jsonl::Asked;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let (mut output, mut judged) = (Vec::new(), Vec::new());
    let judge = |question: Asked<'_>| {
        // A directory that cannot be worked in is a fault of its line alone.
        if question.cwd.is_some_and(|cwd| cwd.starts_with("/nowhere")) {
            return Err("nowhere");
        }
        let verdict = shared::judge(&question.text);
        judged.push(question.text);
        Ok(verdict)
    };
    let faults = stockade::cli::jsonl::answer_each(&mut BufReader::new(input), &mut output, judge)
        .expect("memory can be read and written");
    let questions: Vec<&[u8]> = lines(input).filter(|line| !line.trim_ascii().is_empty()).collect();
    let answers: Vec<&[u8]> =
        output.strip_suffix(b"\n").map(|all| lines(all).collect()).unwrap_or_default();
    assert_eq!(questions.len(), answers.len(), "one answer a line");
    let (mut judged, mut unreadable) = (judged.into_iter(), 0);
    for (question, answer) in questions.iter().zip(answers) {
        let answer: Value = serde_json::from_slice(answer).expect("an answer is JSON");
        let decision = answer["decision"].as_str().expect("a decision");
        assert!(["allow", "ask", "deny"].contains(&decision));
        let text = if answer["rule"] == "input.unreadable" {
            unreadable += 1;
            assert_eq!(decision, "deny", "what is not understood is not let through");
            None
        } else {
            Some(judged.next().expect("whatever is answered was judged"))
        };
        // What is broken where nobody looks is passed over by the reader, and not by this one.
        if let Ok(question) = serde_json::from_slice::<Value>(question) {
            belongs(&question, &answer, text.as_deref());
        }
    }
    assert_eq!(judged.next(), None, "what was judged was answered");
    assert_eq!(faults, unreadable, "each fault is counted");
});

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n')
}

/// Each answer has the id of its question, and is about its command.
fn belongs(question: &Value, answer: &Value, text: Option<&[u8]>) {
    // A list of the fields is a question as well.
    let field = |name: &str, nth: usize| question.get(name).or_else(|| question.get(nth));
    let id = field("id", 0).unwrap_or(&Value::Null);
    // The last digit of a fraction may change on its way.
    if text.is_some() && !id.to_string().contains('.') && !id.to_string().contains('e') {
        assert_eq!(id, &answer["id"], "each answer has the id of its question");
    }
    if let Some(text) = text {
        let command = field("cmd", 1).and_then(Value::as_str);
        assert_eq!(command.map(str::as_bytes), Some(text), "each answer is about its command");
    }
}

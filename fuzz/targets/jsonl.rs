//! Any bytes as the input of `check --jsonl`: one answer for each line that is not blank, in their
//! order, and none for what was not asked.
#![no_main]

mod shared;

use serde_json::Value;
use std::io::BufReader;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let mut output = Vec::new();
    let mut asked = Vec::new();
    let faults =
        stockade::cli::jsonl::answer_each(&mut BufReader::new(input), &mut output, |question| {
            asked.push(question.text.clone());
            // A directory that cannot be worked in is a fault of its line alone.
            if question.cwd.is_some_and(|cwd| cwd.starts_with("/nowhere")) {
                Err("nowhere")
            } else {
                Ok(shared::judge(&question.text))
            }
        });
    let faults = faults.expect("memory can be read and written");
    let questions: Vec<&[u8]> =
        input.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let answers: Vec<&[u8]> = output
        .strip_suffix(b"\n")
        .map(|all| all.split(|byte| *byte == b'\n').collect())
        .unwrap_or_default();
    assert_eq!(questions.len(), answers.len(), "one answer a line");
    let mut asked = asked.into_iter();
    let mut unreadable = 0;
    for (question, answer) in questions.iter().zip(answers) {
        let answer: Value = serde_json::from_slice(answer).expect("an answer is JSON");
        let question: Value = serde_json::from_slice(question).unwrap_or_default();
        assert_eq!(
            question.get("id").unwrap_or(&Value::Null),
            &answer["id"],
            "each answer has the id of its question"
        );
        let decision = answer["decision"].as_str().expect("a decision");
        assert!(["allow", "ask", "deny"].contains(&decision));
        if answer["rule"] == "input.unreadable" {
            unreadable += 1;
            assert_eq!(decision, "deny", "what is not understood is not let through");
        } else {
            let text = asked.next().expect("whatever is judged was asked");
            assert_eq!(question["cmd"].as_str().map(str::as_bytes), Some(text.as_slice()));
        }
    }
    assert_eq!(faults, unreadable, "each fault is counted");
});

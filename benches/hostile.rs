//! Texts of one megabyte made to cost time or memory: what each takes gate one, and what it says of it.
//!
//! Each text is judged in a process of its own, so that the peak of memory is its own. Time is that
//! of the processor, user and system, so that it counts on a busy machine as well. Bounds as such
//! are tested by counts (`src/classify/tests/bounds.rs`), not here.

#![expect(clippy::expect_used, reason = "a table that cannot be made has nothing to show")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

mod surroundings;
#[path = "hostile/texts.rs"]
mod texts;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::process::Command;
use stockade::classify::classify;
use stockade::model::decision::Decision;
use stockade::model::world::EmptyWorld;
use surroundings::{invocation, policy};

/// What no text may take.
const MOST_MILLISECONDS: f64 = 50.0;
const MOST_MEGABYTES: f64 = 64.0;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--one"), Some(name)) => one(&name),
        (filter, _) => all(filter.unwrap_or_default()),
    }
}

/// Judges one text and prints milliseconds, the peak in megabytes and the decision.
fn one(name: &str) {
    let text =
        texts::all().into_iter().find(|text| text.name == name).expect("a name of the table");
    let invocation = invocation(text.request());
    let policy = policy();
    let before = processor_time();
    let assessment = classify(&invocation, &EmptyWorld);
    let gaps = assessment.gaps.len();
    let verdict = stockade::policy::judge(&policy, assessment);
    let spent = processor_time() - before;
    println!("{spent} {} {} {} {gaps}", peak(), verdict.decision, verdict.rule);
}

fn all(filter: &str) {
    let me = std::env::current_exe().expect("a program has a file");
    println!("{:32}{:>9}{:>9}  verdict", "text of 1 MB", "ms", "MB");
    let mut beyond = 0;
    for text in texts::all().iter().filter(|text| text.name.contains(filter)) {
        let run = || {
            let output = Command::new(&me).args(["--one", text.name]).output().expect("it starts");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        // The least of three: the rest is other people's work.
        let told =
            (0..3).map(|_| run()).min_by(|a, b| first(a).total_cmp(&first(b))).unwrap_or_default();
        let mut fields = told.split_whitespace();
        let (time, memory) = (number(fields.next()), number(fields.next()));
        let rest: Vec<&str> = fields.collect();
        let allowed = rest.first().is_none_or(|decision| *decision == Decision::Allow.as_str());
        let wrong =
            time > MOST_MILLISECONDS || memory > MOST_MEGABYTES || allowed != text.is_honest;
        beyond += usize::from(wrong);
        let mark = if wrong { "  <--" } else { "" };
        println!("{:32}{time:9.1}{memory:9.1}  {}{mark}", text.name, rest.join(" "));
    }
    println!(
        "{beyond} beyond {MOST_MILLISECONDS} ms, {MOST_MEGABYTES} MB or with the wrong verdict"
    );
}

fn first(told: &str) -> f64 {
    number(told.split_whitespace().next())
}

fn number(field: Option<&str>) -> f64 {
    field.and_then(|field| field.parse().ok()).unwrap_or(f64::INFINITY)
}

/// Milliseconds of processor this process has had.
fn processor_time() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the kernel counts");
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    microseconds as f64 / 1000.0
}

/// The peak of this process's memory in megabytes.
fn peak() -> f64 {
    getrusage(UsageWho::RUSAGE_SELF).expect("the kernel counts").max_rss() as f64 / 1024.0
}

//! What is said on standard error: errors of stockade's own, refusals, and ends that need a word.

use super::printable::{printable, shortened};
use crate::journal::RunId;
use crate::model::decision::Decision;
use crate::model::invocation::Request;
use crate::model::verdict::{Insistence, Verdict};
use crate::session::error::SessionError;
use crate::session::limits::Hit;
use crate::session::telling::Refusals;
use crate::sys::probe;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;

/// An error of stockade's own, in one line.
pub(super) fn error(message: &str) {
    say(&format!("stockade: {}\n", printable(message)));
}

/// The same for a run that did not begin. Most who start stockade inside stockade do not know it.
pub(super) fn not_begun(failure: &SessionError) {
    error(&failure.to_string());
    let may_be_nested = matches!(
        failure,
        SessionError::Journal(_) | SessionError::State(_) | SessionError::Unsupported(_)
    );
    if may_be_nested && probe::is_confined() {
        say(
            "  a sandbox is around this process already; if it is a run of stockade, its promises hold \
             for all that it\n  starts, and the command needs no second one: run it plainly \
             (SECURITY.md, \"Inside a supervised run\")\n",
        );
    }
}

/// Why a command was refused, and what to do instead.
pub(super) fn refusal(verdict: &Verdict, text: &str) {
    let (word, next) = match verdict.decision {
        Decision::Deny => ("refused", "the command did not run"),
        Decision::Ask | Decision::Allow => (
            "refused: it needs a person",
            "the command did not run; a person can run it outside stockade, or change the profile",
        ),
    };
    let mut told = format!(
        "stockade: {word}: {}\n  command: {}\n  rule:    {}\n",
        printable(&verdict.reason),
        shortened(text, 200),
        verdict.rule
    );
    if let Some(insists) = &verdict.insists {
        told.push_str(&format!("  again:   {}\n", again(insists)));
    }
    if let Some(instead) = &verdict.instead {
        told.push_str(&format!("  instead: {}\n", printable(instead)));
    }
    told.push_str(&format!("  {next}\n"));
    say(&told);
}

/// That the same was refused before, and what that means for who tries.
pub(super) fn again(insists: &Insistence) -> String {
    let Insistence { times, what, first } = insists;
    let times = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
    format!(
        "{} was refused {times} before in this session, first as `{}`; another spelling changes \
         nothing: go another way, or ask the person",
        printable(what),
        printable(first)
    )
}

/// Which limits the run met.
pub(super) fn limits(hits: &[Hit]) {
    for hit in hits {
        say(&format!("stockade: {}\n", printable(&hit.sentence())));
    }
}

/// What was refused while the command ran.
pub(super) fn refusals(refusals: &Refusals, run: RunId) {
    say(&super::refusals::text(refusals, run));
}

/// The command as text for people.
pub(super) fn text_of(request: &Request) -> String {
    match request {
        Request::Shell(text) => String::from_utf8_lossy(text).into_owned(),
        Request::Argv(words) => {
            let words: Vec<_> =
                words.iter().map(|w| String::from_utf8_lossy(w.as_bytes()).into_owned()).collect();
            words.join(" ")
        }
    }
}

/// A message that cannot be delivered changes nothing: the exit status says the same.
fn say(text: &str) {
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

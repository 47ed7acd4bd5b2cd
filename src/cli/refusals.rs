//! What the wall refused while a command ran, on standard error: a line each, a few of them, then where the rest is.

use super::printable::{printable, shortened};
use crate::journal::RunId;
use crate::session::telling::{Hint, Refusals, Told};

/// So many lines at most, beside the one that says where the rest is.
const MAX_LINES: usize = 5;
/// So much of a path is shown; the line of the profile has the whole of it.
const MAX_TARGET: usize = 200;

/// The lines; empty when there is nothing to tell.
pub(super) fn text(refusals: &Refusals, run: RunId) -> String {
    let mut text = String::new();
    for Told { record, alike } in refusals.told.iter().take(MAX_LINES) {
        let target = shortened(record.target.as_str(), MAX_TARGET);
        let sentence = record.sentence(&target, *alike);
        text.push_str(&format!("stockade: {}\n", printable(&sentence)));
    }
    let more = refusals.told.len().saturating_sub(MAX_LINES) as u64;
    // What was counted and not kept is of the sort that is told, as far as anybody knows.
    let more = if text.is_empty() { 0 } else { more.saturating_add(refusals.beyond) };
    if more > 0 {
        text.push_str(&format!("stockade: and {more} more: stockade log --run {run}\n"));
    }
    text.push_str(match refusals.hint {
        Some(Hint::MoreMayBeRefused) => {
            "stockade: reads that nothing grants are not among these; `stockade run --why` shows them, too\n"
        }
        Some(Hint::NotExecuted) => {
            "stockade: exit status 126: something could not be executed; `stockade run --why` \
             shows what could not be read\n"
        }
        Some(Hint::NotWatched) => {
            "stockade: --why saw nothing: no system calls are held in this run, because the profile \
             protects nothing or the machine cannot hold them (`stockade doctor`)\n"
        }
        None => "",
    });
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::new_run_id;
    use crate::journal::refusal::{Known, RefusalRecord};
    use crate::journal::text::Text;

    fn told(path: &str) -> Told {
        let record = RefusalRecord {
            known: Known::Seen,
            act: "write".into(),
            target: Text::of(path.as_bytes()),
            times: 1,
            promise: "writes".into(),
            why: "why".into(),
            allow: Some("files.write = [\"/x\"]".into()),
            instead: None,
        };
        Told { record, alike: 0 }
    }

    #[test]
    fn lines_are_few_and_drive_no_terminal() {
        let told: Vec<Told> = (0..40).map(|n| told(&format!("/x\n\u{1b}[2J{n}"))).collect();
        let refusals = Refusals { told, beyond: 7, ..Refusals::default() };
        let run = new_run_id();
        let text = text(&refusals, run);
        assert_eq!(text.lines().count(), MAX_LINES + 1, "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(text.ends_with(&format!("and 42 more: stockade log --run {run}\n")), "{text}");
        assert!(super::text(&Refusals::default(), run).is_empty());
    }
}

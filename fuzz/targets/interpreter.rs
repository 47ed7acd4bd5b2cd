//! Shell texts grown from a grammar, so that the interpreter is reached behind the parser: it never panics,
//! says the same of the same text, and nothing that stands before or after a harmful line hides it.
#![no_main]

mod grammar;
mod shared;

use stockade::model::decision::Decision;
use stockade::model::gap::GapKind;
use stockade::model::verdict::Verdict;

/// Harmful whatever the variables, aliases and directories are.
const HARMFUL: &str = "/bin/rm -rf /home/you/documents";

libfuzzer_sys::fuzz_target!(|choices: &[u8]| {
    let Some((form, choices)) = choices.split_first() else { return };
    if form % 2 == 0 {
        // A shell runs a text line by line: the first line is run, whatever the others are.
        let text = grammar::tokens(choices);
        let verdict = shared::judge(text.as_bytes());
        assert_eq!(
            verdict,
            shared::judge(text.as_bytes()),
            "the same text, the same verdict: {text}"
        );
        let text = format!("{HARMFUL}\n{text}");
        refused(&shared::judge(text.as_bytes()), &text, &[GapKind::BudgetSpent]);
    } else {
        // Whole statements, none of which ends the shell: the last line is run.
        let text = grammar::statements(choices);
        let verdict = shared::judge(text.as_bytes());
        assert_eq!(
            verdict,
            shared::judge(text.as_bytes()),
            "the same text, the same verdict: {text}"
        );
        let text = format!("{text}\n{HARMFUL}\n");
        let excuses = [GapKind::BudgetSpent, GapKind::UnparsedText];
        refused(&shared::judge(text.as_bytes()), &text, &excuses);
    }
});

/// Denied, or asked for where something is said to have been left out: more is done than is followed, or
/// the parser has given up on statements nested deep.
fn refused(verdict: &Verdict, text: &str, excuses: &[GapKind]) {
    let excused = verdict.assessment.gaps.iter().any(|gap| excuses.contains(&gap.kind));
    let least = if excused { Decision::Ask } else { Decision::Deny };
    assert!(verdict.decision >= least, "{} by {}: {text}", verdict.decision, verdict.rule);
}

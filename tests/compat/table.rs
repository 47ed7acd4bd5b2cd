//! What came of it all: workload x profile x identity.

use crate::identity::Who;
use crate::workload::Workload;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The columns; the profiles are those that people work in, then those for special work.
const PROFILES: &[&str] = &["dev-box", "ci-runner", "readonly", "strict", "isolated", "loopback"];

/// Collects outcomes; every workload enters its own.
#[derive(Debug, Default)]
pub(crate) struct Table(Mutex<BTreeMap<&'static str, Row>>);

/// A workload: its cells by profile and identity, and its reason where there is one.
#[derive(Debug, Default)]
struct Row {
    cells: BTreeMap<(String, &'static str), &'static str>,
    why: String,
}

impl Table {
    pub(crate) fn enter(
        &self,
        workload: &Workload,
        profile: &str,
        who: Who,
        outcome: &Result<(), String>,
    ) {
        let (word, why) = match (outcome, workload.owed()) {
            (Err(why), _) => ("FAILED", why.lines().next().unwrap_or_default()),
            (Ok(()), Some(why)) => ("owed", why),
            (Ok(()), None) => ("ok", ""),
        };
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let row = rows.entry(workload.name).or_default();
        row.cells.insert((profile.to_owned(), who.word()), word);
        if why.len() > row.why.len() {
            why.clone_into(&mut row.why);
        }
    }

    /// The table as text; empty when nothing ran.
    pub(crate) fn text(&self) -> String {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.is_empty() {
            return String::new();
        }
        let width = rows.keys().map(|name| name.len()).max().unwrap_or(0);
        let mut lines = vec![format!("{:width$}", ""), format!("{:width$}", "workload")];
        for profile in PROFILES {
            lines[0].push_str(&format!("  {profile:14}"));
            lines[1].push_str("  root    user  ");
        }
        for (name, row) in rows.iter() {
            let mut line = format!("{name:width$}");
            for profile in PROFILES {
                let cell = |who: Who| {
                    let word = row.cells.get(&((*profile).to_owned(), who.word()));
                    word.copied().unwrap_or("-")
                };
                line.push_str(&format!("  {:6}  {:6}", cell(Who::Root), cell(Who::User)));
            }
            lines.push(format!("{line}  {}", row.why));
        }
        lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n") + "\n"
    }
}

//! What came of it all: workload x identity.

use crate::identity::Who;
use crate::workload::Workload;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Collects outcomes; every workload enters its own.
#[derive(Debug, Default)]
pub(crate) struct Table(Mutex<BTreeMap<&'static str, [Option<Line>; 2]>>);

/// One cell: a word, and a reason where there is one.
#[derive(Debug, Clone)]
struct Line {
    word: &'static str,
    why: String,
}

impl Table {
    pub(crate) fn enter(&self, workload: &Workload, who: Who, outcome: &Result<(), String>) {
        let line = match (outcome, workload.owed()) {
            (Err(why), _) => {
                Line { word: "FAILED", why: why.lines().next().unwrap_or_default().to_owned() }
            }
            (Ok(()), Some(why)) => Line { word: "owed", why: why.to_owned() },
            (Ok(()), None) => Line { word: "ok", why: String::new() },
        };
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [root, user] = rows.entry(workload.name).or_default();
        match who {
            Who::Root => *root = Some(line),
            Who::User => *user = Some(line),
        }
    }

    /// The table as text; empty when nothing ran.
    pub(crate) fn text(&self) -> String {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = Vec::new();
        if rows.is_empty() {
            return String::new();
        }
        let width = rows.keys().map(|name| name.len()).max().unwrap_or(0);
        lines.push(format!("{:width$}  root    user", "workload"));
        for (name, cells) in rows.iter() {
            let [root, user] =
                cells.each_ref().map(|cell| cell.as_ref().map_or("-", |line| line.word));
            let why = cells.iter().flatten().map(|line| line.why.as_str());
            let why = why.max_by_key(|why| why.len()).unwrap_or_default();
            lines.push(format!("{name:width$}  {root:6}  {user:6}  {why}"));
        }
        lines.join("\n") + "\n"
    }
}

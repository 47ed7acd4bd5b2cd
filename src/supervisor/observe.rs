//! What was refused, counted and bounded: material for the journal and for the line a person reads.

use super::judge::Why;
use std::collections::BTreeMap;

/// So many different refusals are kept; of more only the number is known.
const MAX_KEPT: usize = 200;

/// One refusal, however often it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What was asked, one word.
    pub act: &'static str,
    /// The real path.
    pub path: String,
    /// Why it was refused.
    pub why: Why,
    /// A word more, such as the setting that was not harmless.
    pub detail: String,
    /// How often.
    pub times: u64,
}

/// Everything refused so far.
#[derive(Debug, Default)]
pub struct Observer {
    kept: BTreeMap<(&'static str, String, Why, String), u64>,
    beyond: u64,
}

impl Observer {
    /// Counts one refusal.
    pub fn refused(&mut self, act: &'static str, path: &[u8], why: Why, detail: &str) {
        let path = String::from_utf8_lossy(path).into_owned();
        let key = (act, path, why, detail.to_owned());
        if self.kept.len() >= MAX_KEPT && !self.kept.contains_key(&key) {
            self.beyond = self.beyond.saturating_add(1);
            return;
        }
        let times = self.kept.entry(key).or_default();
        *times = times.saturating_add(1);
    }

    /// The refusals, sorted, and how many more there were.
    #[must_use]
    pub fn all(&self) -> (Vec<Observation>, u64) {
        let one =
            |((act, path, why, detail), times): (&(&'static str, String, Why, String), &u64)| {
                Observation {
                    act,
                    path: path.clone(),
                    why: *why,
                    detail: detail.clone(),
                    times: *times,
                }
            };
        (self.kept.iter().map(one).collect(), self.beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_counted_and_bounded() {
        let mut observer = Observer::default();
        for n in 0..1000 {
            observer.refused("write", format!("/{}", n % 300).as_bytes(), Why::Git, "");
        }
        let (kept, beyond) = observer.all();
        assert_eq!(kept.len(), 200);
        assert_eq!(kept.iter().map(|o| o.times).sum::<u64>() + beyond, 1000);
    }
}

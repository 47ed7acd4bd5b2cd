//! What was refused, counted and bounded: material for the journal and for the lines a person reads.
//!
//! It puts nothing into words. What it kept goes to the front as bytes ([`encode`], [`decode`]).

use super::judge::Why;
use crate::sandbox::filter::told::Closed;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// So many different refusals are kept for one reason; of more only the number is known. One
/// reason that is met without end does not crowd the others out.
const MAX_KEPT: usize = 64;
/// So many bytes of paths and details are kept in all.
const MAX_BYTES: usize = 32 << 10;

/// One refusal, however often it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What was asked, one word; empty for a call that is refused as such.
    pub act: Cow<'static, str>,
    /// The real path, or the name of a call.
    pub what: Vec<u8>,
    /// Why it was refused.
    pub why: Why,
    /// A word more, such as the setting that was not harmless.
    pub detail: String,
    /// How often.
    pub times: u64,
}

/// What makes two refusals the same.
type Key = (Why, &'static str, Vec<u8>, String);

/// Everything refused so far, in the order in which it first came.
#[derive(Debug, Default)]
pub struct Observer {
    kept: Vec<(Key, u64)>,
    places: BTreeMap<Key, usize>,
    bytes: usize,
    beyond: u64,
}

impl Observer {
    /// Counts one refusal.
    pub fn refused(&mut self, act: &'static str, what: &[u8], why: Why, detail: &str) {
        let key = (why, act, what.to_vec(), detail.to_owned());
        if let Some((_, times)) = self.places.get(&key).and_then(|at| self.kept.get_mut(*at)) {
            *times = times.saturating_add(1);
            return;
        }
        let bytes = self.bytes + what.len() + detail.len();
        let alike = self.kept.iter().filter(|((other, ..), _)| *other == why).count();
        if alike >= MAX_KEPT || bytes > MAX_BYTES {
            self.beyond = self.beyond.saturating_add(1);
            return;
        }
        self.bytes = bytes;
        self.places.insert(key.clone(), self.kept.len());
        self.kept.push((key, 1));
    }

    /// The refusals, the first first, and how many more there were.
    #[must_use]
    pub fn all(&self) -> (Vec<Observation>, u64) {
        let one = |((why, act, what, detail), times): &(Key, u64)| Observation {
            act: Cow::Borrowed(act),
            what: what.clone(),
            why: *why,
            detail: detail.clone(),
            times: *times,
        };
        (self.kept.iter().map(one).collect(), self.beyond)
    }
}

/// The reasons that are no refused calls, in the order of their numbers on the wire.
const REASONS: [Why; 11] = [
    Why::Protected,
    Why::Git,
    Why::Leads,
    Why::Workspace,
    Why::Outside,
    Why::Unwritable,
    Why::Unreadable,
    Why::Outsider,
    Why::Foreign,
    Why::Hidden,
    Why::Crowd,
];

fn number(why: Why) -> usize {
    match why {
        Why::Protected => 0,
        Why::Git => 1,
        Why::Leads => 2,
        Why::Workspace => 3,
        Why::Outside => 4,
        Why::Unwritable => 5,
        Why::Unreadable => 6,
        Why::Outsider => 7,
        Why::Foreign => 8,
        Why::Hidden => 9,
        Why::Crowd => 10,
        Why::Closed(closed) => {
            REASONS.len() + Closed::ALL.iter().position(|known| *known == closed).unwrap_or(0)
        }
    }
}

fn reason(number: usize) -> Option<Why> {
    let closed = || Closed::ALL.get(number.checked_sub(REASONS.len())?).copied().map(Why::Closed);
    REASONS.get(number).copied().or_else(closed)
}

/// Refusals as bytes: how many there were beyond, then five texts each, every one ended by a NUL,
/// which no path holds. Nothing at all when nothing was refused: that is a call less a run.
#[must_use]
pub fn encode(observations: &[Observation], beyond: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if observations.is_empty() && beyond == 0 {
        return bytes;
    }
    let mut put = |text: &[u8]| bytes.extend(text.iter().copied().filter(|b| *b != 0).chain([0]));
    put(beyond.to_string().as_bytes());
    for Observation { act, what, why, detail, times } in observations {
        put(number(*why).to_string().as_bytes());
        put(act.as_bytes());
        put(what);
        put(detail.as_bytes());
        put(times.to_string().as_bytes());
    }
    bytes
}

/// What [`encode`] made, as far as it arrived.
#[must_use]
pub fn decode(bytes: &[u8]) -> (Vec<Observation>, u64) {
    let mut texts = bytes.split_inclusive(|byte| *byte == 0).filter_map(|t| t.strip_suffix(&[0]));
    let beyond = texts.next().and_then(parsed).unwrap_or(0);
    let mut observations = Vec::new();
    while let (Some(why), Some(act), Some(what), Some(detail), Some(times)) =
        (texts.next(), texts.next(), texts.next(), texts.next(), texts.next())
    {
        let Some(why) = parsed(why).and_then(|n| reason(usize::try_from(n).ok()?)) else { break };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        observations.push(Observation {
            act: Cow::Owned(text(act)),
            what: what.to_vec(),
            why,
            detail: text(detail),
            times: parsed(times).unwrap_or(1),
        });
    }
    (observations, beyond)
}

fn parsed(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn refusals_are_counted_and_bounded() {
        let mut observer = Observer::default();
        for n in 0..1000 {
            observer.refused("write", format!("/{}", n % 300).as_bytes(), Why::Git, "");
        }
        observer.refused("write", b"/other", Why::Unwritable, "");
        let (kept, beyond) = observer.all();
        assert_eq!(kept.len(), MAX_KEPT + 1, "one reason leaves room for another");
        assert_eq!(kept.iter().map(|o| o.times).sum::<u64>() + beyond, 1001);
        let long = vec![b'x'; 4000];
        for n in 0..100_u8 {
            observer.refused("write", &[&long[..], &[n]].concat(), Why::Protected, "");
        }
        let (kept, _) = observer.all();
        assert!(kept.iter().map(|o| o.what.len()).sum::<usize>() <= MAX_BYTES);
    }

    #[test]
    fn refusals_arrive_as_they_were_sent() {
        let closed = Closed::ALL.iter().copied().map(Why::Closed);
        let all: Vec<Observation> = REASONS
            .into_iter()
            .chain(closed)
            .map(|why| Observation {
                act: Cow::Borrowed("write"),
                what: b"/a\nb\xff".to_vec(),
                why,
                detail: String::new(),
                times: 3,
            })
            .collect();
        let bytes = encode(&all, 7);
        assert_eq!(decode(&bytes), (all, 7));
        assert!(encode(&[], 0).is_empty());
        assert_eq!(decode(b""), (Vec::new(), 0));
        assert_eq!(decode(&bytes[..20]).1, 7);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            prop_assert!(decode(&bytes).0.len() <= bytes.len());
        }
    }
}

//! Walks the whole chain and tells the first place where it does not hold. It repairs nothing, and it
//! cannot see that whole records were cut off the end: keep the head elsewhere for that.

use super::chain::{Fault, GENESIS, Link, check};
use super::event::{Event, Torn};
use super::read::{Line, lines, record};
use std::io;
use std::path::Path;

/// What a walk along the chain found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whole records up to the first break.
    pub records: u64,
    /// Number and hash of the last of them: whoever keeps this elsewhere can prove that nothing
    /// was cut off later.
    pub head: Option<(u64, String)>,
    /// Where the chain is broken, if it is.
    pub first_break: Option<Break>,
    /// Torn ends, told by a later writer or not: the mark of a crash, not of a change.
    pub torn: Vec<TornPlace>,
}

impl Report {
    /// Whether every record is the one that was written, in its place.
    #[must_use]
    pub const fn intact(&self) -> bool {
        self.first_break.is_none()
    }
}

/// The first place where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The number of the line, from 1.
    pub line: u64,
    /// Where it begins, bytes from the start of the file.
    pub offset: u64,
    /// What does not hold.
    pub why: String,
}

/// What was left of a write that a crash cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TornPlace {
    /// The number of the line, from 1.
    pub line: u64,
    /// Where it begins, bytes from the start of the file.
    pub offset: u64,
    /// How long it is in bytes.
    pub length: u64,
    /// Whether a later writer told of it; if not, nothing was written since.
    pub told: bool,
}

/// Walks the journal at `path`.
///
/// # Errors
/// The file cannot be opened or read.
pub fn verify(path: &Path) -> io::Result<Report> {
    let mut walk = Walk { seq: 1, prev: GENESIS.to_owned(), ..Walk::default() };
    for line in lines(path)? {
        walk.take(&line?);
        if walk.report.first_break.is_some() {
            return Ok(walk.report);
        }
    }
    walk.finish();
    Ok(walk.report)
}

#[derive(Default)]
struct Walk {
    seq: u64,
    prev: String,
    /// Lines that are no records, since the last that is one.
    damage: Option<Region>,
    report: Report,
}

struct Region {
    line: u64,
    offset: u64,
    /// One past its last byte, the last newline included.
    end: u64,
    ended: bool,
    fault: Fault,
}

impl Walk {
    fn take(&mut self, line: &Line) {
        match check(&line.bytes) {
            Err(fault) => {
                let region = self.damage.get_or_insert(Region {
                    line: line.number,
                    offset: line.offset,
                    end: 0,
                    ended: false,
                    fault,
                });
                (region.end, region.ended) = (line.end(), line.ended);
            }
            Ok(link) => self.follow(line, link),
        }
    }

    fn follow(&mut self, line: &Line, link: Link) {
        let told = match record(line) {
            Ok(record) => match record.event {
                Event::Torn(torn) => Some(torn),
                _ => None,
            },
            Err(damage) => return self.broken(line.number, line.offset, damage.why),
        };
        if let Some(region) = self.damage.take() {
            if !told.as_ref().is_some_and(|torn| tells_of(torn, &region)) {
                return self.broken(region.line, region.offset, why(region.fault));
            }
            let (number, offset) = (region.line, region.offset);
            let length = region.end - 1 - offset;
            self.report.torn.push(TornPlace { line: number, offset, length, told: true });
        }
        if link.seq != self.seq || link.prev != self.prev {
            return self.broken(line.number, line.offset, misplaced(&link, self.seq));
        }
        self.report.records += 1;
        self.report.head = Some((link.seq, link.hash.clone()));
        (self.seq, self.prev) = (link.seq.saturating_add(1), link.hash);
    }

    fn finish(&mut self) {
        let Some(region) = self.damage.take() else { return };
        if region.ended {
            return self.broken(region.line, region.offset, why(region.fault));
        }
        let (line, offset) = (region.line, region.offset);
        let length = region.end - offset;
        self.report.torn.push(TornPlace { line, offset, length, told: false });
    }

    fn broken(&mut self, line: u64, offset: u64, why: String) {
        self.report.first_break = Some(Break { line, offset, why });
    }
}

/// A torn write leaves no newline at its end; the one that stands there is the finder's. So what
/// ended in a newline already when it was found is a change, whatever a later record says of it.
const fn tells_of(torn: &Torn, region: &Region) -> bool {
    torn.offset == region.offset && torn.length + 1 == region.end - region.offset
}

fn why(fault: Fault) -> String {
    match fault {
        Fault::Shape => "this is not a whole record".to_owned(),
        Fault::Hash => "this record was changed after it was written".to_owned(),
    }
}

fn misplaced(link: &Link, due: u64) -> String {
    let found = link.seq;
    match found.cmp(&due) {
        std::cmp::Ordering::Greater => {
            format!("record {found} stands where {due} is due: {} missing before it", found - due)
        }
        std::cmp::Ordering::Less => {
            format!("record {found} stands where {due} is due: repeated or out of order")
        }
        std::cmp::Ordering::Equal => {
            format!("record {found} does not follow from the one before it")
        }
    }
}

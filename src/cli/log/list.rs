//! `stockade log`: one line a run. Details of one run are in `detail`.

use super::super::printable::{printable, shortened};
use super::{OK, Stop, Streams, tell, unread};
use crate::journal::event::{Closing, Ending, Event, Opening, RequestRecord};
use crate::journal::read::{lines, record};
use crate::journal::{RunId, text::Text};
use std::collections::VecDeque;
use std::path::Path;

/// The longest command that is kept of one run while the list is made, in characters.
const COMMAND: usize = 4096;

/// How the list is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::cli) struct Listing {
    /// The width of the screen in characters; `None` where output is no screen: nothing is cut.
    pub width: Option<usize>,
    /// Only so many of the newest runs.
    pub last: Option<usize>,
}

/// One run.
struct Row {
    run: RunId,
    time: String,
    decision: &'static str,
    ended: String,
    took: String,
    command: String,
}

pub(super) fn list(path: &Path, how: Listing, streams: &mut Streams<'_>) -> Result<u8, Stop> {
    let mut rows: VecDeque<Row> = VecDeque::new();
    let mut damage = Vec::new();
    for line in lines(path).map_err(|error| unread(path, error, OK))? {
        match record(&line.map_err(|error| unread(path, error, OK))?) {
            Ok(record) => take(&mut rows, record.time, record.event),
            Err(one) => damage.push(one),
        }
        if how.last.is_some_and(|last| rows.len() > last) {
            rows.pop_front();
        }
    }
    for row in &rows {
        let time = time(&row.time);
        let id = row.run.short();
        let head =
            format!("{time}  {id}  {:<5}  {:<9}  {:>8}  ", row.decision, row.ended, row.took);
        let room = how.width.map(|width| width.saturating_sub(head.chars().count()).max(16));
        let command = room.map_or_else(|| printable(&row.command), |n| shortened(&row.command, n));
        writeln!(streams.out, "{head}{command}")?;
    }
    streams.out.flush()?;
    tell(&damage, streams.err)?;
    Ok(OK)
}

fn take(rows: &mut VecDeque<Row>, time: String, event: Event) {
    match event {
        Event::Started(opening) => rows.push_back(row(time, &opening, "no end")),
        Event::Refused(opening) => rows.push_back(row(time, &opening, "refused")),
        Event::Finished(Closing { run, end, wall_ms, .. }) => {
            // The newest runs are at the back, and most runs are short.
            if let Some(row) = rows.iter_mut().rev().find(|row| row.run == run) {
                row.ended = ended(end);
                row.took = duration(wall_ms);
            }
        }
        Event::Failed(failure) => {
            let row = rows.iter_mut().rev().find(|row| Some(row.run) == failure.run);
            if let Some(row) = row {
                row.ended = "failed".to_owned();
            }
        }
        Event::Torn(_) | Event::Unknown => {}
    }
}

fn row(time: String, opening: &Opening, ended: &str) -> Row {
    Row {
        run: opening.run,
        time,
        decision: opening.verdict.decision.as_str(),
        ended: ended.to_owned(),
        took: "-".to_owned(),
        command: asked(&opening.request).chars().take(COMMAND).collect(),
    }
}

/// The request on one line; arguments that are not plain words are quoted as a shell would read them.
pub(super) fn asked(request: &RequestRecord) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./=:,@%+^".contains(c);
    let quoted = |arg: &Text| {
        let arg = arg.as_str();
        if !arg.is_empty() && arg.chars().all(plain) {
            return arg.to_owned();
        }
        format!("'{}'", arg.replace('\'', r"'\''"))
    };
    match request {
        RequestRecord::Shell(text) => text.as_str().to_owned(),
        RequestRecord::Argv(argv) => argv.iter().map(quoted).collect::<Vec<_>>().join(" "),
    }
}

/// `exit 0`, `signal 9`.
pub(super) fn ended(end: Ending) -> String {
    match end {
        Ending::Exit(status) => format!("exit {status}"),
        Ending::Signal(signal) => format!("signal {signal}"),
    }
}

/// `12 ms`, `1.2 s`, `3m04s`, `2h05m`.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1000 => format!("{ms} ms"),
        1000..60_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        60_000..3_600_000 => format!("{}m{:02}s", ms / 60_000, ms / 1000 % 60),
        _ => format!("{}h{:02}m", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// Date and time to the second, UTC, as the journal has it.
fn time(stamp: &str) -> String {
    shortened(&stamp.chars().take(19).collect::<String>().replace('T', " "), 19)
}

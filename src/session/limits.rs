//! Which limit of its profile ended a run, as far as that can be told, and the line that raises it. It sets none.
//!
//! | limit | how it shows |
//! |---|---|
//! | `wall_time` | the front counted it |
//! | `file_size` | the command was ended by SIGXFSZ; of its children only the status of a shell tells, 153, which is a guess |
//! | `output` | the front's counters counted it |
//! | `cpu_time` | the command was ended by SIGXCPU; or the status says so, or SIGKILL, with so much time used |
//! | `total_memory`, `total_processes` | the kernel counted it, for the run's control group |
//! | `free_space` | the front looked |
//! | `processes` | the run failed, and hardly another process could be made as it ended |
//! | `memory` | the run failed, and some process had most of it: the kernel tells nobody |
//!
//! `cpu` only slows down, and is not told. A program that copes with a signal, or with an error such as `EFBIG`, says so itself.

use super::outcome::{status, status_of};
use crate::policy::amount::{show_bytes, show_count};
use crate::sandbox::cgroup::{Counts, Totals};
use crate::sandbox::spawn::{Cramped, End, Lost, Report};
use crate::sys::limits::Limit;
use crate::sys::signals;
use std::time::Duration;

/// A limit that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What happened.
    pub what: String,
    /// How to have more.
    pub way: String,
}

impl Hit {
    /// As one line.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}; {}", self.what, self.way)
    }

    fn new(what: String, key: &str, value: &str) -> Self {
        let way = format!("to allow more, raise `limits.{key} = {value}` of the profile");
        Self { what, way }
    }
}

/// What a plan bounds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bounds<'p> {
    /// What the kernel bounds.
    pub limits: &'p [(Limit, u64)],
    /// Time.
    pub wall: Option<Duration>,
    /// Bytes on standard output, and on standard error.
    pub output: Option<u64>,
    /// The run as a whole.
    pub totals: Totals,
    /// Bytes that stay free where it may write.
    pub free_space: Option<u64>,
}

/// The limits that a run met, the surest first.
#[must_use]
pub fn hits(report: &Report, plan: Bounds<'_>) -> Vec<Hit> {
    let Bounds { limits, wall, output, .. } = plan;
    let mut hits = Vec::new();
    if let (Some(cramped), Some(least)) = (&report.cramped, plan.free_space) {
        hits.push(filled(cramped, least));
    }
    if let (End::TimeUp, Some(wall)) = (report.end, wall) {
        let ran = report.wall.as_secs();
        let what = format!("the time limit was reached after {ran} s, and the command was ended");
        hits.push(Hit::new(what, "wall_time", &format!("\"{}s\"", wall.as_secs())));
    }
    if let Some(most) = output.filter(|_| report.flooded) {
        let what = "the run printed more than it may, and was asked to end".to_owned();
        hits.push(Hit::new(what, "output", &quoted_bytes(most)));
    }
    if let Some(counts) = report.counts {
        hits.extend(used_up(counts, plan.totals));
    }
    if let Some(lost) = report.lost {
        hits.push(unwritten(lost));
    }
    let status = status_of(report);
    // Seen by the kernel, of the command itself; of what its shell had started only a status is left,
    // and that any program may end with.
    let ended_by = |signal: i32| report.end == End::Killed(signal);
    let says =
        |signal: i32| i32::from(status) == signal.saturating_add(i32::from(status::SIGNALLED));
    let limit = |limit: Limit| limits.iter().find(|(l, _)| *l == limit).map(|(_, v)| *v);
    if ended_by(signals::FILE_TOO_LONG) {
        hits.push(too_long(limit(Limit::FileSize), Seen::Surely));
    } else if says(signals::FILE_TOO_LONG)
        && let Some(most) = limit(Limit::FileSize)
    {
        hits.push(too_long(Some(most), Seen::Perhaps));
    }
    // The limit counts by ticks, usage exactly: on a machine with much to do a process was ended
    // with 0.86 s used of 1 s.
    if let Some(seconds) = limit(Limit::CpuSeconds)
        && (ended_by(signals::OUT_OF_TIME)
            || (says(signals::OUT_OF_TIME) || says(signals::KILL)) && is_most_time(report, seconds))
    {
        let what = "a process used all the processor time it had".to_owned();
        hits.push(Hit::new(what, "cpu_time", &format!("\"{seconds}s\"")));
    }
    if let Some(most) = limit(Limit::Processes).filter(|_| report.crowded) {
        let what = "hardly another process could be started: the user has as many as the profile \
                    lets him have, others of his counted";
        hits.push(Hit::new(what.to_owned(), "processes", &most.to_string()));
    }
    if let Some(most) = limit(Limit::Memory).filter(|most| status != 0 && is_most(report, *most)) {
        let used = show_bytes(report.usage.peak_kib.saturating_mul(1024));
        let what = format!("a process had {used} in memory when the run failed, near its limit");
        hits.push(Hit::new(what, "memory", &quoted_bytes(most)));
    }
    hits
}

/// The kernel ends a process by a count of ticks, and tells what was used by its clock; on a machine
/// that shares its processors with others the two are far apart.
fn is_most_time(report: &Report, seconds: u64) -> bool {
    report.usage.cpu * 4 >= Duration::from_secs(seconds.saturating_mul(3))
}

/// Address space is more than what lies in memory: libraries, and what was never touched.
fn is_most(report: &Report, most: u64) -> bool {
    report.usage.peak_kib.saturating_mul(1024) >= most / 4 * 3
}

/// How a limit shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The kernel said so.
    Surely,
    /// There may be another reason.
    Perhaps,
}

fn too_long(most: Option<u64>, seen: Seen) -> Hit {
    match most {
        Some(most) => {
            let what = match seen {
                Seen::Surely => "a file grew to the limit of file sizes, and its writer was ended",
                Seen::Perhaps => {
                    "perhaps a file grew to the limit of file sizes: the status is 153, which a shell \
                     says then, and a program may say for reasons of its own"
                }
            };
            Hit::new(what.to_owned(), "file_size", &quoted_bytes(most))
        }
        None => Hit {
            what: "a file grew to a limit of file sizes, and its writer was ended".to_owned(),
            way: "the profile has none: it is the one stockade was started with (`ulimit -f`)"
                .to_owned(),
        },
    }
}

/// What the run used up as a whole.
fn used_up(counts: Counts, totals: Totals) -> Vec<Hit> {
    let Counts { memory_kills, refused_starts, bounds } = counts;
    let mut hits = Vec::new();
    if let Some(most) = bounds.memory.filter(|_| memory_kills > 0) {
        let what = format!(
            "the run used all the memory it may have as a whole ({}), and was ended",
            show_bytes(most)
        );
        hits.push(whole(what, ("total_memory", &quoted_bytes(most)), totals.memory == Some(most)));
    }
    if let Some(most) = bounds.processes.filter(|_| refused_starts > 0) {
        let times = if refused_starts == 1 { "time" } else { "times" };
        let what = format!(
            "the run had as many processes and threads as it may have as a whole, and could not start another \
             ({} {times})",
            show_count(refused_starts)
        );
        let is_ours = totals.processes == Some(most);
        hits.push(whole(what, ("total_processes", &most.to_string()), is_ours));
    }
    hits
}

/// A bound of the whole, by key and value: the profile's own, or a lower one from outside.
fn whole(what: String, (key, value): (&str, &str), is_ours: bool) -> Hit {
    if is_ours {
        return Hit::new(what, key, value);
    }
    let way = format!(
        "the bound ({value}) is not `limits.{key}` of the profile but the lower one of the control \
         group stockade was started in"
    );
    Hit { what, way }
}

fn filled(cramped: &Cramped, least: u64) -> Hit {
    let (path, free) = (cramped.path.display(), show_bytes(cramped.free));
    let what =
        format!("the file system of {path} had only {free} left, and the run was asked to end");
    let value = quoted_bytes(least);
    let way = format!("make room, or lower `limits.free_space = {value}` of the profile");
    Hit { what, way }
}

/// What a run printed went nowhere: no limit, and told in the same way.
fn unwritten(Lost { stream, errno }: Lost) -> Hit {
    let why = std::io::Error::from_raw_os_error(errno);
    Hit {
        what: format!("{stream} of the run could not be written: {why}"),
        way: "what it printed from then on is lost".to_owned(),
    }
}

/// As a profile has it: exact, not rounded.
fn quoted_bytes(bytes: u64) -> String {
    let units = [(1 << 30, "G"), (1 << 20, "M"), (1 << 10, "k")];
    let whole = units.iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit));
    match whole {
        Some((unit, name)) => format!("\"{}{name}\"", bytes / unit),
        None => bytes.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::process::Usage;
    fn report(end: End) -> Report {
        Report {
            end,
            usage: Usage { cpu: Duration::from_secs(3), peak_kib: 900 },
            leftover: 0,
            crowded: false,
            flooded: false,
            cramped: None,
            counts: None,
            lost: None,
            wall: Duration::from_secs(7),
            told: Vec::new(),
        }
    }

    const LIMITS: [(Limit, u64); 4] = [
        (Limit::FileSize, 16 << 30),
        (Limit::CpuSeconds, 3),
        (Limit::Processes, 40),
        (Limit::Memory, 1 << 20),
    ];
    const TOTALS: Totals = Totals { memory: Some(4 << 30), processes: Some(200), cpu: Some(1500) };
    const BOUNDS: Bounds<'static> = Bounds {
        limits: &LIMITS,
        wall: Some(Duration::from_secs(7)),
        output: Some(1 << 20),
        totals: TOTALS,
        free_space: Some(2 << 30),
    };

    #[test]
    fn each_end_names_its_limit() {
        for (end, keys) in [
            (End::TimeUp, &["wall_time = \"7s\"", "memory = \"1M\""][..]),
            (End::Killed(25), &["file_size = \"16G\"", "memory"]),
            (End::Exited(153), &["file_size", "memory"]),
            (End::Killed(9), &["cpu_time = \"3s\"", "memory"]),
            (End::Exited(152), &["cpu_time", "memory"]),
            (End::Exited(1), &["memory"]),
            (End::Exited(0), &[]),
        ] {
            let told: Vec<String> = hits(&report(end), BOUNDS).iter().map(Hit::sentence).collect();
            assert_eq!(told.len(), keys.len(), "{end:?}: {told:?}");
            for (told, key) in told.iter().zip(keys) {
                assert!(told.contains(&format!("limits.{key}")), "{told}");
            }
        }
        let crowded = Report { crowded: true, ..report(End::Exited(0)) };
        assert!(hits(&crowded, BOUNDS)[0].sentence().contains("limits.processes = 40"));
        assert!(hits(&report(End::Killed(25)), Bounds::default())[0].way.contains("ulimit"));
        assert!(hits(&crowded, Bounds::default()).is_empty());
    }

    #[test]
    fn what_is_used_up_as_a_whole_is_named_with_whose_bound_it_is() {
        let counts = Counts { memory_kills: 3, refused_starts: 1, bounds: TOTALS };
        let told = |counts| {
            let report = Report { counts: Some(counts), ..report(End::Exited(0)) };
            hits(&report, BOUNDS).iter().map(Hit::sentence).collect::<Vec<_>>()
        };
        let both = told(counts);
        assert!(
            both[0].ends_with("raise `limits.total_memory = \"4G\"` of the profile"),
            "{both:?}"
        );
        assert!(both[1].contains("(1 time)") && both[1].contains("limits.total_processes = 200"));
        let bounds = Totals { memory: Some(1 << 20), ..TOTALS };
        let outer = told(Counts { bounds, refused_starts: 0, ..counts });
        assert!(outer.len() == 1 && outer[0].contains("(\"1M\") is not `limits.total_memory`"));
        assert!(told(Counts { memory_kills: 0, refused_starts: 0, ..counts }).is_empty());
    }

    #[test]
    fn a_full_disk_is_named_with_its_place() {
        let cramped = Some(Cramped { path: "/w".into(), free: 41_000 });
        let report = Report { cramped, ..report(End::Exited(0)) };
        let told = hits(&report, BOUNDS)[0].sentence();
        assert!(told.contains("/w had only 41 kB") && told.contains("limits.free_space = \"2G\""));
    }

    #[test]
    fn what_is_printed_is_bounded_where_that_is_asked() {
        let flooded = Report { flooded: true, ..report(End::Exited(0)) };
        assert!(hits(&flooded, BOUNDS)[0].sentence().contains("limits.output = \"1M\""));
    }

    #[test]
    fn a_status_alone_is_no_proof() {
        let idle =
            |end| Report { usage: Usage { cpu: Duration::ZERO, peak_kib: 1 }, ..report(end) };
        let told = |end| hits(&idle(end), BOUNDS).iter().map(Hit::sentence).collect::<String>();
        assert!(told(End::Killed(25)).starts_with("a file grew to the limit"));
        assert!(told(End::Exited(153)).starts_with("perhaps a file grew"));
        assert_eq!(hits(&idle(End::Exited(153)), Bounds::default()), []);
        assert!(told(End::Killed(24)).contains("limits.cpu_time"));
        for end in [End::Exited(152), End::Exited(137), End::Killed(9)] {
            assert_eq!(told(end), "", "no time was used: {end:?}");
        }
    }

    #[test]
    fn what_could_not_be_written_is_no_success() {
        for (end, status) in [
            (End::Exited(0), 1),
            (End::Exited(141), 1),
            (End::Killed(13), 1),
            (End::Exited(7), 7),
            (End::Killed(9), 137),
        ] {
            let lost = Some(Lost { stream: "standard output", errno: 28 });
            let report = Report { lost, ..report(end) };
            assert_eq!(status_of(&report), status, "{end:?}");
            let told = hits(&report, Bounds::default())[0].sentence();
            assert!(told.starts_with("standard output of the run could not be written: No space"));
        }
    }

    #[test]
    fn sizes_are_as_a_profile_has_them() {
        for (bytes, text) in [(16 << 30, "\"16G\""), (1536 << 10, "\"1536k\"")] {
            assert_eq!(quoted_bytes(bytes), text);
            let inner = text.trim_matches('"');
            assert_eq!(crate::policy::amount::bytes(inner), Some(bytes));
        }
    }
}

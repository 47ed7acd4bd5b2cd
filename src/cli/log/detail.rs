//! `stockade log --run ID`: all that is known of one run, predicted beside observed.

use super::super::printable::printable;
use super::list::{asked, duration, ended};
use crate::journal::event::{Closing, Event, Opening, Record};
use crate::journal::record::{EffectRecord, TaintRecord};
use crate::journal::refusal::Known;
use crate::model::effect::Reach;
use std::io::{self, Write};

/// Writes what the records of one run say.
pub(super) fn write(records: &[Record], out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out };
    if let Some(run) = records.first().and_then(|record| record.event.run()) {
        page.line("run", &run.to_string())?;
    }
    for Record { time, event, .. } in records {
        page.line(event.name(), time)?;
        match event {
            Event::Started(opening) | Event::Refused(opening) => page.opening(opening)?,
            Event::Finished(closing) => page.closing(closing)?,
            Event::Failed(failure) => {
                page.line("why", &failure.reason)?;
                page.line("status", &failure.status.to_string())?;
            }
            Event::Torn(_) | Event::Unknown => {}
        }
    }
    page.out.flush()
}

struct Page<'a> {
    out: &'a mut dyn Write,
}

impl Page<'_> {
    /// One fact. Every text passes here, so nothing reaches the terminal as it came.
    fn line(&mut self, name: &str, text: &str) -> io::Result<()> {
        writeln!(self.out, "{name:<9} {}", printable(text))
    }

    fn opening(&mut self, opening: &Opening) -> io::Result<()> {
        let verdict = &opening.verdict;
        // The lines of a script stay lines.
        let request = asked(&opening.request);
        for (number, line) in request.lines().enumerate() {
            self.line(if number == 0 { "asked" } else { "" }, line)?;
        }
        if let Some(whole) = &opening.whole {
            self.line("", &format!("… cut: {} bytes, sha256 {}", whole.bytes, whole.sha256))?;
        }
        if let Some(agent) = &opening.agent {
            let session = opening.session.as_deref().unwrap_or("-");
            self.line("by", &format!("{agent}, session {session}"))?;
        }
        self.line("in", opening.cwd.as_str())?;
        self.line("workspace", opening.workspace.as_str())?;
        self.line("profile", &opening.profile)?;
        self.all("layer", &opening.layers)?;
        let (decision, rule) = (verdict.decision, &verdict.rule);
        self.line("decision", &format!("{decision} ({rule}): {}", verdict.reason))?;
        if let Some(instead) = &verdict.instead {
            self.line("instead", instead)?;
        }
        for effect in &verdict.effects {
            self.line("effect", &sentence(effect))?;
        }
        for finding in &verdict.findings {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            self.line("finding", &format!("{} ({severity}): {}", finding.rule, finding.reason))?;
        }
        for gap in &verdict.gaps {
            self.line("gap", &format!("{}: {}", gap.kind.as_str(), gap.what))?;
        }
        if opening.left_out > 0 {
            self.line("", &format!("… and {} more, not written down", opening.left_out))?;
        }
        self.all("sandbox", &opening.plan)?;
        match opening.status {
            Some(status) => self.line("status", &status.to_string()),
            None => Ok(()),
        }
    }

    fn closing(&mut self, closing: &Closing) -> io::Result<()> {
        let (end, wall) = (ended(closing.end), duration(closing.wall_ms));
        let (cpu, mib) = (duration(closing.cpu_ms), closing.max_rss_kib.div_ceil(1024));
        self.line("end", &format!("{end} after {wall} ({cpu} of CPU, {mib} MiB at most)"))?;
        self.line("status", &closing.status.to_string())?;
        if closing.leftovers > 0 {
            self.line("leftovers", &format!("{} processes were killed", closing.leftovers))?;
        }
        self.all("observed", &closing.observed)?;
        for refusal in &closing.refusals {
            let name = match refusal.known {
                Known::Seen => "refused",
                Known::Supposed => "supposed",
            };
            self.line(name, &refusal.sentence(refusal.target.as_str(), 0))?;
        }
        match closing.refusals_left_out {
            0 => Ok(()),
            more => self.line("", &format!("… and {more} more refusals, not written down")),
        }
    }

    fn all(&mut self, name: &str, texts: &[String]) -> io::Result<()> {
        texts.iter().try_for_each(|text| self.line(name, text))
    }
}

/// `delete /w/build and below: at least 3 files, 9 bytes; workspace, disposable; carries …`.
fn sentence(effect: &EffectRecord) -> String {
    let mut text = format!("{} {}", effect.access, effect.resource);
    if effect.reach == Reach::Tree {
        text.push_str(" and below");
    }
    if let Some(scale) = effect.scale {
        let least = if scale.exact { "" } else { "at least " };
        text.push_str(&format!(": {least}{} files, {} bytes", scale.files, scale.bytes));
    }
    let (scope, reversibility) = (effect.scope.as_str(), effect.reversibility.as_str());
    text.push_str(&format!("; {scope}, {reversibility}"));
    for taint in &effect.carries {
        text.push_str(&match taint {
            TaintRecord::Secret(which) => format!("; carries the secret {which}"),
            TaintRecord::Network(whence) => format!("; carries data from {whence}"),
        });
    }
    text
}

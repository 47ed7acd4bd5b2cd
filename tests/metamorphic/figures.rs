//! All texts judged once, and the figures: how many of each base and each transform keep their verdict.

use crate::bases::{Base, HARMFUL, HONEST};
use crate::composing::{Honest, Respelling, fitting, respellings};
use crate::gate::Gate;
use crate::transforms;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;
use stockade::model::decision::Decision;

/// One text that did not keep its verdict.
#[derive(Debug)]
pub struct Miss {
    /// How it was made.
    pub made: Respelling,
    /// What was said instead.
    pub decision: Decision,
    /// By which rule.
    pub rule: String,
}

/// What became of one base.
#[derive(Debug)]
pub struct Judged {
    /// Its name.
    pub base: Base,
    /// Whether it is an honest command.
    pub honest: Honest,
    /// What is said of the base itself.
    pub decision: Decision,
    /// By which rule.
    pub rule: String,
    /// Every re-spelling.
    pub made: Vec<Respelling>,
    /// Those of them that did not keep its verdict: weaker, or stricter where it is honest.
    pub misses: Vec<Miss>,
    /// Re-spellings of what is stopped that are stopped harder: counted, and no miss.
    pub stricter: usize,
}

/// Everything, judged once a run.
pub fn judged() -> &'static [Judged] {
    static ALL: OnceLock<Vec<Judged>> = OnceLock::new();
    ALL.get_or_init(|| {
        let bases = HARMFUL.iter().map(|base| (*base, Honest::No));
        let bases: Vec<_> = bases.chain(HONEST.iter().map(|base| (*base, Honest::Yes))).collect();
        let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let share = |nth: usize| bases.iter().copied().skip(nth).step_by(workers);
        std::thread::scope(|scope| {
            let work = |nth| scope.spawn(move || share(nth).map(judge).collect::<Vec<_>>());
            let running: Vec<_> = (0..workers).map(work).collect();
            running.into_iter().flat_map(|one| one.join().unwrap()).collect()
        })
    })
}

fn judge((base, honest): (Base, Honest)) -> Judged {
    let gate = Gate::new();
    let plain = gate.judge(base.1);
    let made = respellings(base.0, base.1, &fitting(&transforms::all(), honest));
    let (mut misses, mut stricter) = (Vec::new(), 0);
    for one in &made {
        let verdict = gate.judge(&one.spelling.text);
        if verdict.decision > plain.decision && honest == Honest::No {
            stricter += 1;
        } else if verdict.decision != plain.decision {
            let rule = verdict.rule.as_str().to_owned();
            misses.push(Miss { made: one.clone(), decision: verdict.decision, rule });
        }
    }
    let rule = plain.rule.as_str().to_owned();
    Judged { base, honest, decision: plain.decision, rule, made, misses, stricter }
}

/// How many texts there are, and how many of them did not keep their verdict.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figure {
    /// All.
    pub texts: usize,
    /// Those that did not.
    pub misses: usize,
}

impl Figure {
    /// The share that kept its verdict, in hundredths of a per cent.
    pub fn kept(self) -> usize {
        ((self.texts - self.misses) * 10_000).checked_div(self.texts).unwrap_or(0)
    }

    fn shown(self) -> String {
        let kept = self.kept();
        format!(
            "{:>6} texts, {:>4} missed, {:>3}.{:02} %",
            self.texts,
            self.misses,
            kept / 100,
            kept % 100
        )
    }
}

/// The figure of all bases of a kind, of texts of at most `depth` steps.
pub fn whole(honest: Honest, depth: usize) -> Figure {
    let mut figure = Figure::default();
    for one in judged().iter().filter(|one| one.honest == honest) {
        figure.texts += one.made.iter().filter(|made| made.steps.len() <= depth).count();
        figure.misses += one.misses.iter().filter(|miss| miss.made.steps.len() <= depth).count();
    }
    figure
}

/// The figure of each transform: harmful texts it took part in, then honest ones.
pub fn of_transforms() -> BTreeMap<&'static str, [Figure; 2]> {
    let mut figures: BTreeMap<&str, [Figure; 2]> = BTreeMap::new();
    for one in judged() {
        let column = usize::from(one.honest == Honest::Yes);
        for step in one.made.iter().flat_map(|made| &made.steps) {
            figures.entry(step.name).or_default()[column].texts += 1;
        }
        for step in one.misses.iter().flat_map(|miss| &miss.made.steps) {
            figures.entry(step.name).or_default()[column].misses += 1;
        }
    }
    figures
}

/// The whole table, for people.
pub fn table() -> String {
    let mut text = String::new();
    for one in judged() {
        let figure = Figure { texts: one.made.len(), misses: one.misses.len() };
        let said = format!("{} by {}", one.decision, one.rule);
        writeln!(text, "{:<24} {} ({said}; {} stricter)", one.base.0, figure.shown(), one.stricter)
            .unwrap();
    }
    text.push('\n');
    for (name, [harmful, honest]) in of_transforms() {
        writeln!(text, "{name:<28} {} | honest {}", harmful.shown(), honest.shown()).unwrap();
    }
    text.push('\n');
    for (what, honest) in [("stopped", Honest::No), ("honest", Honest::Yes)] {
        for depth in [1, 3] {
            writeln!(text, "{what}, up to {depth} steps: {}", whole(honest, depth).shown())
                .unwrap();
        }
    }
    text
}

/// The first misses in full.
pub fn told(misses: &[&Miss], most: usize) -> String {
    let mut text = String::new();
    for miss in misses.iter().take(most) {
        let steps: Vec<_> = miss.made.steps.iter().map(|step| step.name).collect();
        writeln!(
            text,
            "{} by {} after {}:\n{}\n",
            miss.decision,
            miss.rule,
            steps.join(", "),
            miss.made.spelling.text
        )
        .unwrap();
    }
    text
}

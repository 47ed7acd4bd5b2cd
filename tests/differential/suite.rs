//! The trials: many commands and their coverage, the list of known misses, and that a miss would be seen.

use crate::compare::{Cover, cover};
use crate::grammar::{self, Text};
use crate::known::{self, KNOWN};
use crate::observe::{self, Fact};
use crate::predict::{Prediction, assess, policy};
use crate::runner;
use crate::scene::{Scene, ground};
use crate::verdicts;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A trial by name.
pub type Test = (&'static str, fn());

pub const TESTS: &[Test] = &[
    ("what_happens_was_predicted", what_happens_was_predicted),
    ("known_misses_are_still_missed", known_misses_are_still_missed),
    (
        "known_ways_around_are_stopped_and_their_twins_are_not",
        verdicts::known_ways_around_are_stopped_and_their_twins_are_not,
    ),
    ("what_nobody_predicted_is_missed", what_nobody_predicted_is_missed),
];

const COMMANDS: u64 = 2_100;
const SEED: u64 = 1;
const BATCH: usize = 60;
/// Batches that run at the same time.
const WORKERS: usize = 2;

/// What became of one command.
#[derive(Debug)]
struct Judged {
    text: String,
    facts: Vec<(Fact, Cover)>,
    prediction: Prediction,
    printed: String,
}

fn what_happens_was_predicted() {
    let number = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text: String| text.parse().unwrap())
    };
    let (seed, commands) = (number("STOCKADE_SEED", SEED), number("STOCKADE_COMMANDS", COMMANDS));
    let mut seen = BTreeSet::new();
    let texts: Vec<Text> = (0_u64..)
        .map(|nth| grammar::text(seed.wrapping_mul(1_000_003).wrapping_add(nth)))
        .filter(|text| seen.insert(text.text.clone()))
        .take(usize::try_from(commands).unwrap())
        .collect();
    let judged = all(&texts);
    let mut counts: BTreeMap<Cover, usize> = BTreeMap::new();
    for (_, how) in judged.iter().flat_map(|one| &one.facts) {
        *counts.entry(*how).or_default() += 1;
    }
    let count = |how| counts.get(&how).copied().unwrap_or_default();
    let facts: usize = counts.values().sum();
    let missed: Vec<&Judged> = judged.iter().filter(|one| misses(one).next().is_some()).collect();
    let acting = judged.iter().filter(|one| !one.facts.is_empty()).count();
    let covered = percent(facts - count(Cover::Missed), facts);
    println!(
        "{} commands from seed {seed}, {acting} of which did something: {facts} facts, {covered:.2} % covered\n  \
         by an effect on the very path or a program followed {}, on a tree around it {}, \
         beside it {}, in git's own records {}, on a path not known {}, by a gap {}, missed {} in {} commands",
        judged.len(),
        count(Cover::Exactly),
        count(Cover::Within),
        count(Cover::Beside),
        count(Cover::Records),
        count(Cover::Somewhere),
        count(Cover::Gap),
        count(Cover::Missed),
        missed.len(),
    );
    for known in KNOWN {
        println!("  known: {} ({})", known.text, known.reason);
    }
    let unexplained: Vec<String> = missed
        .iter()
        .filter(|one| misses(one).any(|fact| !known::explains(&one.text, fact)))
        .map(|one| told(one))
        .collect();
    assert!(
        unexplained.is_empty(),
        "{} commands with misses that nobody has explained:\n{}",
        unexplained.len(),
        unexplained.join("\n")
    );
    assert!(covered >= 99.5, "{covered:.2} % covered");
    let seen_through = percent(facts - count(Cover::Gap), facts);
    assert!(
        seen_through >= 75.0,
        "only {seen_through:.2} % covered without gaps: gaps cover everything"
    );
    assert!(acting * 10 >= judged.len() * 7, "only {acting} commands did anything");
}

fn known_misses_are_still_missed() {
    let texts: Vec<Text> = KNOWN
        .iter()
        .map(|known| Text { text: known.text.to_owned(), with_git: known.text.contains("git") })
        .collect();
    let judged = all(&texts);
    let healed: Vec<String> =
        judged.iter().filter(|one| misses(one).next().is_none()).map(told).collect();
    assert!(healed.is_empty(), "no longer missed, take them off the list:\n{}", healed.join("\n"));
}

/// The comparison itself: without a prediction everything is a miss.
fn what_nobody_predicted_is_missed() {
    let batch = ground().join("blind");
    fs::create_dir(&batch).unwrap();
    let text = "rm a; echo x > b.txt; chmod 600 c.txt; touch new";
    let (scene, before) = Scene::make(batch.join("0"), false);
    runner::run(&batch, &[(scene.clone(), text)]);
    let mut facts = observe::changes(&before, &observe::look(&scene.top));
    facts.extend(runner::trace(&batch).remove(&0).unwrap_or_default());
    let nothing = Prediction { found: Default::default(), called: BTreeSet::new() };
    let missed = facts.iter().filter(|fact| cover(fact, &nothing) == Cover::Missed).count();
    assert_eq!((facts.len(), missed), (7, 7), "{facts:?}");
}

/// Shows everything about one text.
pub fn show(text: &str) {
    let with_git = text.contains("git");
    for one in all(&[Text { text: text.to_owned(), with_git }]) {
        println!("{}\nprinted: {}", told(&one), one.printed);
        for (fact, how) in &one.facts {
            println!("  {how:?}: {fact}");
        }
        for effect in &one.prediction.found.effects {
            println!("  effect {} {} {:?}", effect.access, effect.resource, effect.reach);
        }
        for gap in &one.prediction.found.gaps {
            println!("  gap {}: {}", gap.kind.as_str(), gap.what);
        }
        println!("  called {:?}", one.prediction.called);
    }
}

fn percent(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap());
    100.0 * number(part) / number(whole.max(1))
}

fn misses(one: &Judged) -> impl Iterator<Item = &Fact> {
    one.facts.iter().filter(|(_, how)| *how == Cover::Missed).map(|(fact, _)| fact)
}

fn told(one: &Judged) -> String {
    let facts: Vec<String> = misses(one).map(|fact| format!("\n    {fact}")).collect();
    format!("* {}{}", one.text, facts.concat())
}

/// Judges and runs them all, a batch at a time.
fn all(texts: &[Text]) -> Vec<Judged> {
    static BATCHES: AtomicUsize = AtomicUsize::new(0);
    let chunks: Vec<&[Text]> = texts.chunks(BATCH).collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(chunk) = chunks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = BATCHES.fetch_add(1, Ordering::Relaxed);
                    let judged = batch(&ground().join(format!("batch{name}")), chunk);
                    done.lock().unwrap().insert(name, judged);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().flatten().collect()
}

fn batch(top: &Path, texts: &[Text]) -> Vec<Judged> {
    fs::create_dir(top).unwrap();
    let policy = policy();
    let mut scenes = Vec::new();
    let mut before = Vec::new();
    for (nth, text) in texts.iter().enumerate() {
        let (scene, tree) = Scene::make(top.join(nth.to_string()), text.with_git);
        before.push((assess(&text.text, &scene, &policy), tree));
        scenes.push((scene, text.text.as_str()));
    }
    runner::run(top, &scenes);
    let mut ran = runner::trace(top);
    let judged = scenes
        .iter()
        .zip(before)
        .enumerate()
        .map(|(nth, ((scene, text), (prediction, tree)))| {
            let mut facts = observe::changes(&tree, &observe::look(&scene.top));
            facts.extend(ran.remove(&nth).unwrap_or_default());
            let facts = facts.into_iter().map(|fact| {
                let how = cover(&fact, &prediction);
                (fact, how)
            });
            let printed = fs::read(scene.top.with_extension("out")).unwrap_or_default();
            Judged {
                text: (*text).to_owned(),
                facts: facts.collect(),
                prediction,
                printed: String::from_utf8_lossy(&printed).into_owned(),
            }
        })
        .collect();
    fs::remove_dir_all(top).unwrap();
    judged
}

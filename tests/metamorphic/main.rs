//! Metamorphic: what is stopped in plain words is stopped in every other spelling of them, and what is honest stays allowed.
//!
//! Texts are generated (`composing.rs`), never written down one by one; no command that must be
//! stopped is ever run. That the transforms keep the meaning is shown by running harmless deeds in a
//! real bash (`meaning.rs`). `cargo test --test metamorphic -- --nocapture figures` prints all figures.

#![expect(unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test may fall over")]

mod bases;
mod composing;
mod dice;
mod figures;
mod gate;
mod meaning;
mod spelling;
mod transforms;
mod world;

use composing::Honest;
use figures::{Figure, Judged, Miss};
use libtest_mimic::{Arguments, Trial};
use std::process::ExitCode;
use stockade::model::decision::Decision;

/// Of all compositions, in hundredths of a per cent.
const WANTED: usize = 9900;

/// Base effects and re-spellings of each that the figures must stand on.
const BASES: usize = 60;
const RESPELLINGS: usize = 200;

/// Trials that the compositions run for real are shared among.
const SHARES: usize = 8;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        trial("figures/stopped", || whole(Honest::No)),
        trial("figures/honest", || whole(Honest::Yes)),
        trial("figures/transforms", each_transform),
        trial("bases/as_they_stand", as_they_stand),
    ];
    for transform in transforms::all() {
        let name = format!("meaning/{}", transform.name);
        trials.push(trial(&name, move || meaning::kept(transform)));
    }
    for share in 0..SHARES {
        let name = format!("meaning/composed/{share}");
        trials.push(trial(&name, move || meaning::composed_kept(share, SHARES)));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// The bases themselves: what must be stopped is, what is honest is not, and there are enough.
fn as_they_stand() {
    for honest in [Honest::No, Honest::Yes] {
        let of_kind: Vec<&Judged> =
            figures::judged().iter().filter(|one| one.honest == honest).collect();
        assert!(of_kind.len() >= BASES, "{} bases", of_kind.len());
        let wrong: Vec<String> = of_kind
            .iter()
            .filter(|one| (one.decision == Decision::Allow) != (honest == Honest::Yes))
            .map(|one| format!("{}: {} by {}", one.base.1, one.decision, one.rule))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let few: Vec<&str> = of_kind
            .iter()
            .filter(|one| one.made.len() < RESPELLINGS)
            .map(|one| one.base.0)
            .collect();
        assert!(few.is_empty(), "fewer than {RESPELLINGS} re-spellings: {few:?}");
    }
}

/// Single transforms keep every verdict; compositions keep 99 in a hundred.
fn whole(honest: Honest) {
    if honest == Honest::No {
        show(&figures::table());
    }
    let misses: Vec<&Miss> = figures::judged()
        .iter()
        .filter(|one| one.honest == honest)
        .flat_map(|one| &one.misses)
        .collect();
    show(&figures::told(&misses, usize::MAX));
    let single: Vec<&Miss> =
        misses.iter().copied().filter(|miss| miss.made.steps.len() == 1).collect();
    assert!(
        single.is_empty(),
        "{} single transforms:\n{}",
        single.len(),
        figures::told(&single, 20)
    );
    let Figure { texts, misses: missed } = figures::whole(honest, usize::MAX);
    let kept = figures::whole(honest, usize::MAX).kept();
    assert!(kept >= WANTED, "{missed} of {texts}:\n{}", figures::told(&misses, 20));
}

/// Every transform takes part in texts of both kinds, so that none is shown by name alone.
fn each_transform() {
    let figures = figures::of_transforms();
    for transform in transforms::all() {
        let [harmful, honest] = figures.get(transform.name).copied().unwrap_or_default();
        let idle =
            harmful.texts < 5 || (transform.kind == transforms::Kind::Same && honest.texts < 1);
        assert!(
            !idle,
            "{} takes part in {} and {} texts",
            transform.name, harmful.texts, honest.texts
        );
        assert!(!transform.keeps.is_empty());
    }
}

#[expect(clippy::print_stdout, reason = "figures are what this suite is for")]
fn show(text: &str) {
    println!("{text}");
}

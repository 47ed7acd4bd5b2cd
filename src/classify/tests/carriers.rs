//! Programs, options and variables through which other commands run: each carries one that must be seen,
//! and honest calls of the same programs carry nothing of the kind.

use super::check_for_real;

/// Each line would run `rm -rf /srv/data`, here or elsewhere.
const CARRIERS: &str = include_str!("carriers.txt");
/// Everyday calls of the same programs.
const HONEST: &str = include_str!("carriers_honest.txt");

fn shown(wrong: &[(&str, String)]) -> String {
    wrong.iter().map(|(line, found)| format!("\n{line}\n  have: {found}")).collect()
}

#[test]
fn what_is_carried_is_seen() {
    let lines = CARRIERS.lines().map(|line| (line, check_for_real(line)));
    let hidden: Vec<_> = lines.filter(|(_, found)| !found.contains("delete /srv/data")).collect();
    assert!(hidden.is_empty(), "{} hidden:{}", hidden.len(), shown(&hidden));
}

#[test]
fn honest_calls_carry_no_danger() {
    let danger = ["delete ", "!", "chmod ", "/etc", "/srv", "machine"];
    let harmful = |found: &str| {
        // that packages run code of others is a notice and nothing more
        let found = found.replace("!packages.added", "").replace("!packages.scripts", "");
        danger.iter().any(|word| found.contains(word))
    };
    let lines = HONEST.lines().map(|line| (line, check_for_real(line)));
    let wrong: Vec<_> = lines.filter(|(_, found)| harmful(found)).collect();
    assert!(wrong.is_empty(), "{} wrong:{}", wrong.len(), shown(&wrong));
}

//! Which rules had a say in a verdict, silenced ones among them: what `check --trace` shows of the judge.
//! It judges nothing; a test holds it to what the judge decides.

use super::judge::{Hearing, about_finding, about_gap};
use super::matching;
use super::resolved::Policy;
use super::rule::When;
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;

/// One rule that spoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its name.
    pub rule: String,
    /// What it says.
    pub decision: Decision,
    /// Of what.
    pub about: About,
    /// Whether a rule of a stronger layer allows just that.
    pub silenced: bool,
}

/// What a rule speaks of, by the numbers in the assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Effects.
    Effects(Vec<usize>),
    /// A danger.
    Finding(usize),
    /// A gap.
    Gap(usize),
}

/// Every rule that had a say, in the order of the layers; what no rule speaks of comes as `otherwise`.
#[must_use]
pub fn heard(policy: &Policy, found: &Assessment) -> Vec<Heard> {
    let mut all = Vec::new();
    let mut hearing = Hearing::silence(&found.effects);
    let mut hits = Vec::new();
    for placed in &policy.judge.rules {
        let When::Effect(when) = &placed.rule.when else { continue };
        let mine = matching::effects(policy, placed, when, &found.effects);
        hearing.hear(placed, &mine);
        hits.push((placed, mine));
    }
    let Hearing { floor, spoken } = hearing;
    for (placed, hits) in hits.into_iter().filter(|(_, hits)| !hits.is_empty()) {
        let under = |at: &usize| placed.rank < floor.get(*at).copied().unwrap_or(0);
        let silenced = placed.rule.decision == Decision::Ask && hits.iter().all(under);
        let (rule, decision) = (placed.rule.id.to_string(), placed.rule.decision);
        all.push(Heard { rule, decision, about: About::Effects(hits), silenced });
    }
    let left: Vec<usize> =
        spoken.iter().enumerate().filter(|(_, spoken)| !**spoken).map(|(at, _)| at).collect();
    let otherwise = "otherwise".to_owned();
    if !left.is_empty() {
        let (decision, about) = (policy.judge.otherwise, About::Effects(left));
        all.push(Heard { rule: otherwise.clone(), decision, about, silenced: false });
    }
    for (at, seen) in found.findings.iter().enumerate() {
        let (decision, rule) = about_finding(policy, seen);
        let rule = rule.map_or_else(|| otherwise.clone(), |rule| rule.id.to_string());
        all.push(Heard { rule, decision, about: About::Finding(at), silenced: false });
    }
    for (at, gap) in found.gaps.iter().enumerate() {
        let (decision, rule) = about_gap(policy, gap);
        let rule = rule.map_or_else(|| otherwise.clone(), |rule| rule.id.to_string());
        all.push(Heard { rule, decision, about: About::Gap(at), silenced: false });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::judge_cases::{CASES, policy};
    use crate::policy::{example, judge};

    #[test]
    fn the_strictest_that_is_heard_is_what_the_judge_decides() {
        for (profile, line, _, _) in CASES {
            let (policy, found) = (policy(profile), example::read(line).unwrap());
            let all = heard(&policy, &found);
            let loud = all.iter().filter(|one| !one.silenced).map(|one| one.decision).max();
            let verdict = judge(&policy, found);
            assert_eq!(loud.unwrap_or(Decision::Allow), verdict.decision, "{profile}: {line}");
            let named = all.iter().any(|one| one.rule == verdict.rule.as_str())
                || verdict.decision == Decision::Allow
                || line.starts_with("finding");
            assert!(named, "{profile}: {line}: {} is not among {all:?}", verdict.rule);
        }
    }
}

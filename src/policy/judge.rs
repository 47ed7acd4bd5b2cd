//! The judge: an [`Assessment`] in, a [`Verdict`] out; the strictest of all rules, findings and gaps wins.
//!
//! A rule of `ask` or `deny` never makes a verdict milder. An `allow` rule silences the `ask` rules
//! of weaker layers for the effects it matches (for findings and gaps, every rule: it names them);
//! a `deny` about effects goes only by its name, replaced or switched off.

use super::matching;
use super::profile::Kind;
use super::resolved::{Placed, Policy};
use super::rule::{Rule, When};
use super::{safer, telling};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::effect::Effect;
use crate::model::finding::{Finding, RuleId, Severity, Span};
use crate::model::gap::{Gap, GapKind};
use crate::model::verdict::Verdict;

/// Judges what would happen: the strictest of all rules, findings and gaps.
pub fn judge(policy: &Policy, assessment: Assessment) -> Verdict {
    let mut voices = effect_voices(policy, &assessment.effects);
    voices.extend(assessment.gaps.iter().filter_map(|gap| gap_voice(policy, gap)));
    let made: Vec<Finding> = voices.iter().map(|voice| voice.finding.clone()).collect();
    let mut findings: Vec<Finding> =
        assessment.findings.iter().map(|seen| advised(policy, seen, &assessment.effects)).collect();
    voices.extend(findings.iter().filter_map(|seen| finding_voice(policy, seen)));
    findings.extend(made);
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.span));
    findings.dedup();
    // Among the strictest the gravest speaks, then what comes first in the text.
    let loudest = voices.into_iter().min_by_key(|voice| {
        let Finding { severity, span, .. } = &voice.finding;
        (std::cmp::Reverse(voice.decision), std::cmp::Reverse(*severity), *span)
    });
    match loudest {
        Some(Voice { decision, finding: Finding { rule, reason, instead, .. } }) => {
            Verdict { decision, rule, reason, instead, findings, insists: None, assessment }
        }
        None => Verdict {
            decision: Decision::Allow,
            rule: RuleId::named("allow"),
            reason: nothing_spoke(policy, &assessment),
            instead: None,
            findings,
            insists: None,
            assessment,
        },
    }
}

/// Something that does not want the command to just run.
struct Voice {
    decision: Decision,
    finding: Finding,
}

impl Voice {
    fn of(rule: &Rule, span: Span, reason: String, about: &[&Effect]) -> Self {
        Self::named(RuleId(rule.id.clone()), rule.decision, span, reason).instead(safer::way(
            &rule.id,
            rule.instead.as_deref(),
            about,
        ))
    }

    fn named(rule: RuleId, decision: Decision, span: Span, reason: String) -> Self {
        let severity = match decision {
            Decision::Allow => Severity::Notice,
            Decision::Ask => Severity::Caution,
            Decision::Deny => Severity::Danger,
        };
        Self { decision, finding: Finding { rule, severity, span, reason, instead: None } }
    }

    fn instead(mut self, instead: Option<String>) -> Self {
        self.finding.instead = instead;
        self
    }
}

fn effect_voices(policy: &Policy, effects: &[Effect]) -> Vec<Voice> {
    if effects.is_empty() {
        return Vec::new();
    }
    let mut heard: Vec<(&Placed, Vec<usize>)> = Vec::new();
    let mut hearing = Hearing::silence(effects);
    for placed in &policy.judge.rules {
        let When::Effect(when) = &placed.rule.when else { continue };
        let hits = matching::effects(policy, placed, when, effects);
        hearing.hear(placed, &hits);
        if placed.rule.decision > Decision::Allow && !hits.is_empty() {
            heard.push((placed, hits));
        }
    }
    let Hearing { spoken, floor } = hearing;
    let mut voices = Vec::new();
    for (placed, mut hits) in heard {
        let firm = placed.rule.decision == Decision::Deny;
        hits.retain(|at| firm || placed.rank >= floor[*at]);
        let subjects: Vec<&Effect> = hits.iter().map(|at| &effects[*at]).collect();
        if let Some(span) = spans(&subjects) {
            let reason = telling::effects(&placed.rule.reason, &subjects);
            voices.push(Voice::of(&placed.rule, span, reason, &subjects));
        }
    }
    voices.extend(unspoken(policy, effects, &spoken));
    voices
}

/// What the rules said of each effect, all rules together.
pub(super) struct Hearing {
    /// Whether any rule spoke.
    pub(super) spoken: Vec<bool>,
    /// The rank of the strongest `allow`.
    pub(super) floor: Vec<usize>,
}

impl Hearing {
    /// Nobody has spoken yet.
    pub(super) fn silence(effects: &[Effect]) -> Self {
        Self { spoken: vec![false; effects.len()], floor: vec![0; effects.len()] }
    }

    /// A rule speaks of those effects.
    pub(super) fn hear(&mut self, placed: &Placed, hits: &[usize]) {
        for at in hits {
            // A project that asks about what would be denied anyway must not make it an ask.
            self.spoken[*at] |= placed.from != Kind::Project;
            if placed.rule.decision == Decision::Allow {
                self.floor[*at] = self.floor[*at].max(placed.rank);
            }
        }
    }
}

/// What no rule speaks of falls to the profile's `otherwise`.
fn unspoken(policy: &Policy, effects: &[Effect], spoken: &[bool]) -> Option<Voice> {
    let left: Vec<&Effect> =
        effects.iter().zip(spoken).filter(|(_, spoken)| !**spoken).map(|(e, _)| e).collect();
    let otherwise = policy.judge.otherwise;
    let span = spans(&left).filter(|_| otherwise > Decision::Allow)?;
    let reason = telling::effects("{access} {target}", &left);
    let reason = format!("{reason}: not among what profile {} lets happen", policy.profile);
    let instead = safer::way("otherwise", None, &left);
    Some(Voice::named(RuleId::named("otherwise"), otherwise, span, reason).instead(instead))
}

/// Where the first of them stands; `None` when there are none.
fn spans(effects: &[&Effect]) -> Option<Span> {
    effects.iter().map(|effect| effect.span).min()
}

/// The strictest rule that is not silenced, and what is decided: a project's rules are weighed
/// beside the others, or beside what holds when no other speaks, and never in their place.
fn strictest(
    policy: &Policy,
    unspoken: Decision,
    speaks: impl Fn(&When) -> bool,
) -> (Decision, Option<&Rule>) {
    let speaking: Vec<&Placed> =
        policy.judge.rules.iter().filter(|placed| speaks(&placed.rule.when)).collect();
    let allows = speaking.iter().filter(|placed| placed.rule.decision == Decision::Allow);
    let floor = allows.map(|placed| placed.rank).max().unwrap_or(0);
    let ground = speaking.iter().any(|placed| placed.from != Kind::Project);
    let loudest = speaking
        .into_iter()
        .filter(|placed| placed.rank >= floor)
        .max_by_key(|placed| placed.rule.decision)
        .map(|placed| &*placed.rule);
    match loudest {
        Some(rule) if ground || rule.decision >= unspoken => (rule.decision, Some(rule)),
        _ => (unspoken, None),
    }
}

/// What a policy makes of a finding: the decision, and the rule that took it.
pub(super) fn about_finding<'p>(
    policy: &'p Policy,
    seen: &Finding,
) -> (Decision, Option<&'p Rule>) {
    // A profile that forgets to speak of findings is no reason to let dangers pass.
    let unspoken = match seen.severity {
        Severity::Notice => Decision::Allow,
        Severity::Caution => Decision::Ask,
        Severity::Danger => Decision::Deny,
    };
    let speaks = |when: &When| matches!(when, When::Finding(w) if matching::finding(w, seen));
    strictest(policy, unspoken, speaks)
}

/// The finding with the safer way that goes with it.
fn advised(policy: &Policy, seen: &Finding, effects: &[Effect]) -> Finding {
    let own = seen.instead.as_deref();
    let rule = || about_finding(policy, seen).1.and_then(|rule| rule.instead.as_deref());
    let near = safer::near(seen.span, effects);
    let instead = safer::way(seen.rule.as_str(), own.or_else(rule), &near);
    Finding { instead, ..seen.clone() }
}

fn finding_voice(policy: &Policy, seen: &Finding) -> Option<Voice> {
    let (decision, _) = about_finding(policy, seen);
    // It speaks under its own name and in its own words: they name the exact thing.
    (decision > Decision::Allow).then(|| Voice { decision, finding: seen.clone() })
}

/// What a policy makes of a gap: the decision, and the rule that took it.
pub(super) fn about_gap<'p>(policy: &'p Policy, gap: &Gap) -> (Decision, Option<&'p Rule>) {
    let unread = matches!(gap.kind, GapKind::UnparsedText | GapKind::BudgetSpent);
    let floor = if unread { Decision::Ask } else { Decision::Allow };
    let unspoken = policy.judge.otherwise.max(floor);
    strictest(policy, unspoken, |when| matches!(when, When::Gap(kinds) if kinds.admits(gap.kind)))
}

fn gap_voice(policy: &Policy, gap: &Gap) -> Option<Voice> {
    let (decision, rule) = about_gap(policy, gap);
    if decision == Decision::Allow {
        return None;
    }
    Some(rule.map_or_else(
        || {
            let reason = format!("could not be seen through: {}", gap.what);
            Voice::named(RuleId::named("otherwise"), decision, gap.span, reason)
                .instead(safer::way("otherwise", None, &[]))
        },
        |rule| Voice::of(rule, gap.span, telling::gap(&rule.reason, &gap.what), &[]),
    ))
}

fn nothing_spoke(policy: &Policy, assessment: &Assessment) -> String {
    let bounds = format!("the sandbox of profile {} bounds what runs", policy.profile);
    match (assessment.effects.len(), assessment.gaps.len()) {
        (0, 0) => format!("nothing in it changes anything outside itself; {bounds}"),
        (0, _) => {
            format!("nothing was seen that needs a person, though not all could be; {bounds}")
        }
        (_, 0) => format!("everything it would do may happen without a person; {bounds}"),
        _ => {
            format!("what could be seen may happen without a person, the rest is bounded: {bounds}")
        }
    }
}

//! What a settled verdict teaches about its session. It looks at predictions, never at the machine.

use super::{Act, Deed, Fact, Memory};
use crate::journal::record::{ResourceRecord, TaintRecord};
use crate::journal::text::{Text, clip};
use crate::model::assessment::Assessment;
use crate::model::decision::Decision;
use crate::model::effect::{Access, Effect, Reach, Scope};
use crate::model::finding::RuleId;
use crate::model::verdict::Verdict;
use crate::model::world::World;
use crate::policy;
use crate::policy::resolved::Policy;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The rule of the finding that only tells of an earlier refusal: it is not remembered as one more.
pub const AGAIN: RuleId = RuleId::named("refused.again");

/// The clock of file systems may be this far behind: it ticks up to 100 times a second.
const TICK: Duration = Duration::from_millis(10);

/// What was refused: each effect and danger that by itself would not be let.
#[must_use]
pub fn refused(policy: &Policy, verdict: &Verdict) -> Vec<Deed> {
    let stops = |alone: Assessment| policy::judge(policy, alone).decision > Decision::Allow;
    let mut deeds: Vec<Deed> = Vec::new();
    for effect in &verdict.assessment.effects {
        let alone = Assessment { effects: vec![effect.clone()], ..Assessment::default() };
        let deed = Deed::Act(Act::from(effect.access), ResourceRecord::from(&effect.resource));
        if !deeds.contains(&deed) && stops(alone) {
            deeds.push(deed);
        }
    }
    for finding in verdict.assessment.findings.iter().filter(|finding| finding.rule != AGAIN) {
        let alone = Assessment { findings: vec![finding.clone()], ..Assessment::default() };
        let deed = Deed::Danger(clip(&finding.reason));
        if !deeds.contains(&deed) && stops(alone) {
            deeds.push(deed);
        }
    }
    deeds
}

/// What is to be remembered of a command that was refused.
#[must_use]
pub fn of_refusal(policy: &Policy, verdict: &Verdict, command: &str) -> Vec<Fact> {
    let by = shortened(command);
    let deeds = refused(policy, verdict).into_iter();
    deeds.map(|deed| Fact::Refused { deed, by: by.clone() }).collect()
}

/// What is to be remembered of a command that is about to run at `now`.
#[must_use]
pub fn of_run(verdict: &Verdict, memory: &Memory, world: &dyn World, now: SystemTime) -> Vec<Fact> {
    let since = millis(now.checked_sub(TICK).unwrap_or(UNIX_EPOCH));
    let effects = &verdict.assessment.effects;
    let mut facts: Vec<Fact> = Vec::new();
    for effect in effects {
        let moved = |path: &Path| effects.iter().any(|other| moves(other) == Some(path));
        let made = made(effect, memory, world);
        // What something else is moved onto is not made by who made the name before.
        let made = made.into_iter().filter(|path| !moved(path));
        let made = made.map(|path| Fact::Made { path: Text::path(path), since });
        let told = [looked_at(effect, memory), replaced(effect, memory), flow(effect)];
        let told = told.into_iter().flatten().chain(made);
        for fact in told {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    }
    facts
}

fn looked_at(effect: &Effect, memory: &Memory) -> Option<Fact> {
    let path = effect.resource.path().filter(|_| effect.access == Access::Read)?;
    (!memory.carried(path).is_empty()).then(|| Fact::Seen { path: Text::path(path) })
}

/// What was moved onto a name may be older than the session, and be written anew there.
fn replaced(effect: &Effect, memory: &Memory) -> Option<Fact> {
    let path = moves(effect)?;
    memory.made(path).map(|_| Fact::Replaced { path: Text::path(path) })
}

/// A name that moves, or that something is moved onto.
fn moves(effect: &Effect) -> Option<&Path> {
    effect.resource.path().filter(|_| effect.access == Access::Rename)
}

/// What was not there and would be made.
fn made<'e>(effect: &'e Effect, memory: &Memory, world: &dyn World) -> Vec<&'e Path> {
    let ground = matches!(effect.scope, Scope::Workspace | Scope::Temp);
    let path = effect.resource.path().filter(|_| effect.access == Access::Create && ground);
    let free = |path: &&Path| world.kind(path).is_none() && memory.made(path).is_none();
    // `mkdir -p` makes what is missing above as well.
    let most = if effect.reach == Reach::Tree { usize::MAX } else { 1 };
    path.into_iter().flat_map(Path::ancestors).take(most).take_while(free).collect()
}

fn flow(effect: &Effect) -> Option<Fact> {
    let changes = matches!(effect.access, Access::Write | Access::Create | Access::Rename);
    let path = effect.resource.path().filter(|_| changes && !effect.carries.is_empty())?;
    let carries = effect.carries.iter().map(TaintRecord::from).collect();
    Some(Fact::Carries { path: Text::path(path), carries })
}

/// Milliseconds since 1970.
pub(super) fn millis(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A command as it is quoted later: one line of at most 200 characters.
fn shortened(command: &str) -> String {
    let mut line: String = command.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = line.char_indices().nth(200) {
        line.truncate(at);
        line.push('…');
    }
    line
}

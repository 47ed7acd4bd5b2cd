//! From the rules in force to the parts of a filter: by number alone, by bits, and by conditions.

use super::bits::Bits;
use super::link::Fate;
use super::table::{Answer, Circumstances, Is, Test};
use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{BackendError, SeccompCondition, SeccompRule, TargetArch};
use std::collections::BTreeMap;

/// Rules by number: a call meets the answer of its group when one of its rules fits.
pub type Calls = BTreeMap<i64, Vec<SeccompRule>>;

/// The rules in force, by the part that answers for them.
#[derive(Debug, Default)]
pub struct Parts {
    /// Whatever their arguments. Where several sets name a call, the last of them in the data counts.
    pub outright: BTreeMap<i64, Answer>,
    /// By bits of an argument.
    pub bits: Vec<Bits>,
    /// By one argument, before all others look: number and argument, values.
    pub first: BTreeMap<(u32, u8), Vec<u32>>,
    /// Requests of ioctl(2), by number, with what they meet.
    pub requests: BTreeMap<(Answer, u32), Vec<u32>>,
    /// By conditions, in the order in which they are asked.
    pub groups: BTreeMap<Answer, Calls>,
}

impl Answer {
    /// What the filter does.
    #[must_use]
    pub const fn fate(self) -> Fate {
        match self {
            Self::Held => Fate::Held,
            answer => Fate::Fails(answer.errno()),
        }
    }
}

/// Sorts the rules in force.
///
/// # Errors
/// A condition that seccompiler does not accept.
pub fn parts(circumstances: &Circumstances, arch: TargetArch) -> Result<Parts, BackendError> {
    let mut parts = Parts::default();
    for rule in circumstances.rules() {
        // Some have no number on this architecture.
        let Some(call) = rule.numbers.on(arch) else { continue };
        let answer = circumstances.answer(rule);
        match (rule.test, rule.set.answer) {
            (Test::Outright, _) => {
                parts.outright.insert(call, answer);
            }
            (Test::Bits { argument, any, unless }, _) => {
                parts.bits.push(Bits { call, argument, unless, any, fate: answer.fate() });
            }
            // What a family decides is asked before other rules refuse the families they do not know.
            (Test::All([(argument, Is::Equal(value))]), Answer::Held) => {
                let number = u32::try_from(call).unwrap_or(u32::MAX);
                parts.first.entry((number, *argument)).or_default().push(*value);
            }
            (Test::All([(1, Is::Equal(request))]), _) if rule.call == "ioctl" => {
                let number = u32::try_from(call).unwrap_or(u32::MAX);
                parts.requests.entry((answer, number)).or_default().push(*request);
            }
            (Test::All(conditions), _) => {
                let rule = conditions
                    .iter()
                    .map(|(argument, is)| condition(circumstances, *argument, *is))
                    .collect::<Result<Vec<_>, _>>()?;
                let rule = SeccompRule::new(rule.concat())?;
                parts.groups.entry(answer).or_default().entry(call).or_default().push(rule);
            }
        }
    }
    Ok(parts)
}

fn condition(
    circumstances: &Circumstances,
    argument: u8,
    is: Is,
) -> Result<Vec<SeccompCondition>, BackendError> {
    let one = |width, operator, value| SeccompCondition::new(argument, width, operator, value);
    Ok(vec![match is {
        Is::Equal(value) => one(Dword, Eq, value.into())?,
        Is::Not(value) => one(Dword, Ne, value.into())?,
        Is::NotWide(value) => one(Qword, Ne, value)?,
        Is::Masked(mask, value) => one(Dword, MaskedEq(mask.into()), value.into())?,
        Is::NotOpen => {
            return circumstances
                .families()
                .map(|family| one(Dword, Ne, family.number.into()))
                .collect();
        }
    }])
}

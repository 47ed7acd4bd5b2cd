//! Which rule decides a call, said without BPF, and calls that each rule refuses or lets pass: what tests hold
//! the compiled filter and the running kernel against. No launch comes here.

use super::table::{Answer, Circumstances, Is, Rule, Test};

/// A call by which a rule is tried.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Its arguments. None of them does harm where the call is not refused.
    pub arguments: [u64; 6],
    /// The rule that decides it; `None`: it passes.
    pub by: Option<&'static Rule>,
}

/// What no call takes for a descriptor, an address or an id.
const NOBODY: u64 = u64::MAX;
/// What is tried for arguments that a rule says nothing of.
const FREE: [u64; 6] = [NOBODY, 0, 1, 2, 10, 16];

/// The rule that decides a call under these circumstances.
#[must_use]
pub fn deciding(
    circumstances: &Circumstances,
    call: &str,
    arguments: &[u64; 6],
) -> Option<&'static Rule> {
    let rules = circumstances.effective().into_iter();
    // The order of the filter: what is known by number, what is looked at first, bits, and conditions
    // by their answers.
    let rank = |rule: &&Rule| match (rule.test, rule.set.answer) {
        (Test::Outright, _) => (0, None),
        (Test::All([(_, Is::Equal(_))]), Answer::Held) => (1, None),
        (Test::Bits { .. }, _) => (2, None),
        (Test::All(_), _) => (3, Some(circumstances.answer(rule))),
    };
    rules
        .filter(|rule| rule.call == call && fits(circumstances, &rule.test, arguments))
        .min_by_key(rank)
}

fn fits(circumstances: &Circumstances, test: &Test, arguments: &[u64; 6]) -> bool {
    let whole = |argument: u8| arguments.get(usize::from(argument)).copied().unwrap_or(0);
    let low = |argument: u8| whole(argument) & u64::from(u32::MAX);
    match test {
        Test::Outright => true,
        Test::Bits { argument, any, unless } => {
            let value = low(*argument);
            value & u64::from(*unless) == 0 && (*any == 0 || value & u64::from(*any) != 0)
        }
        Test::All(conditions) => conditions.iter().all(|(argument, is)| match *is {
            Is::Equal(value) => low(*argument) == u64::from(value),
            Is::Not(value) => low(*argument) != u64::from(value),
            Is::NotWide(value) => whole(*argument) != value,
            Is::Masked(mask, value) => low(*argument) & u64::from(mask) == u64::from(value),
            Is::NotOpen => {
                circumstances.families().all(|open| low(*argument) != u64::from(open.number))
            }
        }),
    }
}

/// Calls that a rule in force decides, and calls beside them that nothing decides.
#[must_use]
pub fn examples(circumstances: &Circumstances, rule: &Rule) -> Vec<Example> {
    let settled =
        |arguments| Example { arguments, by: deciding(circumstances, rule.call, &arguments) };
    match rule.test {
        Test::Outright => {
            let mut arguments = [NOBODY; 6];
            if rule.call == "msgget" {
                // Flags that make nothing.
                arguments[1] = 0;
            }
            vec![settled(arguments)]
        }
        Test::Bits { argument, any, unless } => {
            let bits = |mask: u32| {
                (0..u32::BITS).map(|at| 1_u64 << at).filter(move |bit| u64::from(mask) & bit != 0)
            };
            let with = |value| settled(set([0; 6], argument, value));
            // A number that is anybody's: one that there always is stands for all.
            let refused = match any {
                u32::MAX => vec![with(1)],
                any => bits(any).map(with).collect::<Vec<_>>(),
            };
            let excepted = bits(unless).map(|bit| with(bit | u64::from(any)));
            refused.into_iter().chain(excepted).chain([with(0)]).collect()
        }
        Test::All(conditions) => {
            // Another rule may give the same answer first.
            let is_it =
                |example: &Example| example.by.is_some_and(|by| by.set.answer == rule.set.answer);
            let refused = search(conditions, None, circumstances).into_iter().map(settled);
            let twins = (0..conditions.len()).filter_map(|one| {
                let tried = search(conditions, Some(one), circumstances).into_iter().map(settled);
                tried.into_iter().find(|example| example.by.is_none())
            });
            refused.into_iter().find(is_it).into_iter().chain(twins).collect()
        }
    }
}

/// Arguments that fulfil all conditions, or all but one.
fn search(
    conditions: &[(u8, Is)],
    but: Option<usize>,
    circumstances: &Circumstances,
) -> Vec<[u64; 6]> {
    let mut found = vec![[NOBODY; 6]];
    for argument in 0..3 {
        let mine = conditions.iter().enumerate().find(|(_, (of, _))| *of == argument);
        let values = match mine {
            None => FREE.to_vec(),
            Some((at, (_, is))) if but == Some(at) => outside(*is, circumstances),
            Some((_, (_, is))) => inside(*is, circumstances),
        };
        let each = |so_far: [u64; 6]| values.iter().map(move |value| set(so_far, argument, *value));
        found = found.into_iter().flat_map(each).collect();
    }
    found
}

fn inside(is: Is, circumstances: &Circumstances) -> Vec<u64> {
    match is {
        Is::Equal(value) | Is::Masked(_, value) => vec![value.into()],
        Is::Not(_) | Is::NotWide(_) => vec![NOBODY],
        Is::NotOpen => {
            let open = |number: &u64| {
                circumstances.families().any(|family| u64::from(family.number) == *number)
            };
            [40, 1, 2, 10, 16].into_iter().filter(|number| !open(number)).collect()
        }
    }
}

fn outside(is: Is, circumstances: &Circumstances) -> Vec<u64> {
    match is {
        Is::Equal(value) => vec![u64::from(value) + 1, u64::from(value) + 7],
        Is::Masked(..) => vec![1, 5],
        Is::Not(value) => vec![value.into()],
        Is::NotWide(value) => vec![value],
        Is::NotOpen => circumstances.families().map(|family| family.number.into()).collect(),
    }
}

fn set(mut arguments: [u64; 6], argument: u8, value: u64) -> [u64; 6] {
    if let Some(place) = arguments.get_mut(usize::from(argument)) {
        *place = value;
    }
    arguments
}

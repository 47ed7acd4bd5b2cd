//! Loops: over known words one turn for each, else until nothing new is learnt.

use super::Shell;
use super::state::State;
use super::walk::uncertain;
use crate::classify::flow::Stream;
use crate::classify::syntax::tree::{Command, Word};
use crate::classify::value::{Arity, Known, Value};

/// Turns that are walked one by one.
const MAX_TURNS: usize = 256;
/// The share of what is left that one loop may spend on turns of their own, as a divisor.
const SHARE: usize = 4;
/// Turns of a loop whose end is not known before its variables are forgotten.
const MAX_UNKNOWN_TURNS: usize = 3;

impl Shell<'_> {
    pub(super) fn each(
        &mut self,
        name: &str,
        words: Option<&[Word]>,
        body: &[Command],
        state: &mut State,
    ) -> Stream {
        let values = match words {
            Some(words) => self.words(words, state),
            None => state.positional.to_vec(),
        };
        let mut output = Stream::empty();
        let before = state.clone();
        let (left, mut turns) = (self.budget.commands_left(), MAX_TURNS);
        for (turn, value) in values.iter().enumerate() {
            if turn == 1 {
                // What one turn costs all are taken to cost; no loop spends more than its share.
                let cost = left.saturating_sub(self.budget.commands_left()).max(1);
                turns = (left / SHARE / cost).clamp(2, MAX_TURNS);
            }
            if turn >= turns {
                break;
            }
            let single = Value { arity: Arity::One, ..value.clone() };
            let once = value.arity == Arity::One;
            state.assign(name, if once { value.clone() } else { single });
            self.turning += usize::from(!once);
            self.depths.branches += usize::from(!once);
            output.append(self.block(body, state));
            self.depths.branches -= usize::from(!once);
            self.turning -= usize::from(!once);
            state.settle();
        }
        if let Some(rest) = values.get(turns..).filter(|rest| !rest.is_empty()) {
            state.assign(name, any_of(rest));
            output.append(self.block(body, state));
        }
        let surely = values.iter().any(|value| value.arity == Arity::One);
        if !surely {
            self.merge(state, &before);
            output = uncertain(output);
        }
        state.succeeds = false;
        output
    }

    /// Walks the body until the state comes to rest, then once with what still changes forgotten.
    pub(super) fn repeat(
        &mut self,
        condition: &[Command],
        body: &[Command],
        state: &mut State,
    ) -> Stream {
        let mut output = Stream::empty();
        let before = state.clone();
        for turn in 0..=MAX_UNKNOWN_TURNS {
            let start = state.clone();
            output.append(self.block(condition, state));
            state.settle();
            self.turning += 1;
            self.depths.branches += 1;
            output.append(self.block(body, state));
            self.depths.branches -= 1;
            self.turning -= 1;
            state.settle();
            if start.variables == state.variables && start.directories == state.directories {
                break;
            }
            if turn + 1 == MAX_UNKNOWN_TURNS {
                state.widen(&before);
            }
        }
        self.merge(state, &before);
        state.succeeds = false;
        uncertain(output)
    }
}

/// One of many values.
fn any_of(values: &[Value]) -> Value {
    let mut known = values.iter().map(|value| value.known.clone());
    let first = known.next().unwrap_or(Known::Unknown);
    let known = known.fold(first, |all, one| all.or(&one));
    let span = values.first().map(|v| v.span).unwrap_or_default();
    let mut value = Value { known, arity: Arity::One, taint: Vec::new(), span };
    for one in values {
        value = value.tainted_by(&one.taint);
    }
    value
}

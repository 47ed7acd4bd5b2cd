//! Shares the operands of a call out among the slots of its model.

use super::act::{Act, Clause, Slot, Thing};
use super::model::{Model, takes_the_rest};
use super::perform::{Word, alternatives, is_remote, last_component, leading};
use super::reader::Reader;
use super::reading::{Code, Links, Object};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;

impl Reader {
    /// Performs the slots of `model` on `operands`.
    pub(super) fn operands(&mut self, model: &Model, operands: &[Value]) {
        let mut slots: Vec<&Slot> = model.operands.iter().skip(self.fills).collect();
        let mut operands = operands;
        if slots.first().is_some_and(|s| has(s, |act| *act == Act::Assigns)) {
            operands = self.assignments(operands);
            slots.remove(0);
        }
        if let Some(directory) = self.into.clone() {
            self.destination_directory(&mut slots, &directory, operands);
        }
        let shares = shares(&slots, operands.len());
        let main = slots.iter().position(|s| s.many).or_else(|| slots.len().checked_sub(1));
        let code = main.and_then(|at| slots.get(at)).is_some_and(|s| s.clauses.iter().any(is_rest));
        let streams = |from: usize, to: usize| {
            let words = operands.get(from..to).unwrap_or(&[]);
            words.is_empty() || (!code && words.iter().any(is_stream))
        };
        let missing =
            main.is_none_or(|at| shares.get(at).is_none_or(|&(from, to)| streams(from, to)));
        let vague = operands.len() < slots.len();
        for (slot, &(from, to)) in slots.iter().zip(&shares) {
            for at in from..to {
                let Some(value) = operands.get(at) else { continue };
                let rest = operands.get(at..).unwrap_or(&[]);
                let sources = operands.get(..from).unwrap_or(&[]);
                self.operand(slot, value, rest, sources);
                if slot
                    .clauses
                    .iter()
                    .any(|c| is_rest(c) && self.holds(c, Some(value)) && last(slot, &slots))
                {
                    return;
                }
            }
            if vague && from == to {
                for value in operands.iter().filter(|v| is_vague(v)) {
                    self.operand(slot, value, std::slice::from_ref(value), &[]);
                }
            }
        }
        if missing {
            let word = Word { operand: true, ..Word::none(self.span) };
            self.clauses(&model.absent, word);
        }
        self.send_to_remote(operands);
    }

    fn operand(&mut self, slot: &Slot, value: &Value, rest: &[Value], sources: &[Value]) {
        let word = Word { value: Some(value), span: value.span, operand: true };
        for clause in slot.clauses.iter().filter(|c| takes_the_rest(&c.act)) {
            if self.holds(clause, Some(value)) {
                self.rest(&clause.act, word, rest);
            }
        }
        for clause in &slot.clauses {
            if let Act::Use { access, thing: Thing::Dest, .. } = clause.act
                && self.holds(clause, Some(value))
            {
                self.destination(access, value, sources);
            }
        }
        let others: Vec<Clause> =
            slot.clauses.iter().filter(|c| !is_rest(c) && !is_dest(c)).cloned().collect();
        self.clauses(&others, word);
    }

    /// Code in this word, with the words behind it.
    fn rest(&mut self, act: &Act, word: Word<'_>, rest: &[Value]) {
        let rest = match rest.first().and_then(Value::as_const) {
            Some(b"--") => rest.get(1..).unwrap_or(&[]),
            Some(b"-c") if *act == Act::Command => {
                let word = Word { value: rest.get(1), ..word }; // `flock lock -c TEXT`
                return self.text(super::reading::Language::Shell, word, Vec::new());
            }
            _ => rest,
        };
        let word = Word { value: rest.first(), ..word };
        let args = rest.get(1..).unwrap_or(&[]).to_vec();
        match act {
            Act::Command => self.carry(Code::Argv(rest.to_vec()), word),
            Act::CommandFromStdin => self.carry(Code::ArgvFromStdin(rest.to_vec()), word),
            Act::Code(language) => self.text(*language, word, args),
            Act::File(language) => self.file(*language, word, args),
            Act::Joined => {
                let text = joined(rest);
                let word = Word { value: Some(&text), ..word };
                self.text(super::reading::Language::Shell, word, Vec::new());
            }
            _ => {}
        }
    }

    /// `NAME=value` words before a command.
    fn assignments<'w>(&mut self, operands: &'w [Value]) -> &'w [Value] {
        let mut rest = operands;
        while let Some((word, behind)) = rest.split_first() {
            let bytes = leading(word);
            if is_stream(word) {
                rest = behind; // `env -` is `env -i`
                continue;
            }
            let Some(at) = bytes.iter().position(|b| *b == b'=').filter(|at| *at > 0) else {
                break;
            };
            let name = String::from_utf8_lossy(bytes.get(..at).unwrap_or(b"")).into_owned();
            let value = bytes.get(at + 1..).unwrap_or(b"").to_vec();
            let known = match word.known {
                Known::Const(_) => Known::Const(value),
                _ => Known::Prefix(value),
            };
            self.variables.push((name, Value { known, ..word.clone() }));
            rest = behind;
        }
        rest
    }

    /// The destination came from an option: all operands are sources.
    fn destination_directory(
        &mut self,
        slots: &mut Vec<&Slot>,
        directory: &Value,
        operands: &[Value],
    ) {
        let at = slots.iter().position(|s| s.clauses.iter().any(is_dest));
        let Some(slot) = at.map(|at| slots.remove(at)) else { return };
        for clause in &slot.clauses {
            if let Act::Use { access, .. } = clause.act
                && self.holds(clause, Some(directory))
            {
                for source in operands {
                    self.entry(access, directory, source);
                }
            }
        }
    }

    /// The last operand of `cp` and its like: a directory when that is certain from the text.
    fn destination(&mut self, access: Access, value: &Value, sources: &[Value]) {
        let several = sources.len() > 1 || sources.iter().any(|s| s.arity == Arity::Any);
        let directory = several
            || value.as_const().is_some_and(|b| b.ends_with(b"/") || b == b"." || b == b"..");
        if is_remote(value) {
            return self.place(access, value, value.span);
        }
        let [source] = sources else {
            if directory && !sources.is_empty() {
                for source in sources {
                    self.entry(access, value, source);
                }
            } else {
                self.place(access, value, value.span);
            }
            return;
        };
        // What `rsync -r` copies lies at the destination or below it, as the source is written.
        if self.name == "rsync" && self.tree {
            return self.place(access, value, value.span);
        }
        let name = last_component(source);
        let named = !name.as_const().is_none_or(|n| matches!(n, b"" | b"." | b".."));
        if !directory && (!named || self.is("exact")) {
            return self.place(access, value, value.span);
        }
        if !directory {
            let name = if self.is("parents") { source.clone() } else { name };
            let links = if self.is("unfollowed") { Links::Kept } else { Links::Followed };
            let reach = if self.tree { Reach::Tree } else { Reach::Itself };
            let object = Object::Destination { path: self.below(value), name, links };
            return self.act_on(access, reach, object, value.span);
        }
        for source in sources {
            self.entry(access, value, source);
        }
    }

    fn place(&mut self, access: Access, value: &Value, span: Span) {
        let reach = if self.tree { Reach::Tree } else { Reach::Itself };
        for one in alternatives(value) {
            self.use_of(access, reach, &Thing::Place, Word { span, ..Word::of(&one) });
        }
    }

    /// `directory/name-of-source`, as far as both are known.
    fn entry(&mut self, access: Access, directory: &Value, source: &Value) {
        let base = leading(directory);
        // `cp --parents` keeps the directories of the source.
        let name = if self.is("parents") { source.clone() } else { last_component(source) };
        let known = match (directory.as_const(), name.as_const()) {
            (Some(base), Some(name))
                if !matches!(name, b"" | b"." | b"..") && !is_remote(source) =>
            {
                Known::Const([base.strip_suffix(b"/").unwrap_or(base), b"/", name].concat())
            }
            (Some(base), _) => {
                Known::Prefix([base.strip_suffix(b"/").unwrap_or(base), b"/"].concat())
            }
            _ if base.is_empty() => Known::Unknown,
            _ => Known::Prefix(base.to_vec()),
        };
        let value = Value { known, arity: source.arity, ..directory.clone() };
        self.place(access, &value, directory.span);
    }

    /// Local files copied to a `host:path` are sent.
    fn send_to_remote(&mut self, operands: &[Value]) {
        let remote = |u: &super::reading::Use| {
            u.access == Access::RemoteChange
                && matches!(&u.object, Object::Remote { kind, .. } if kind == "remote file")
        };
        if operands.last().is_some_and(is_remote) && self.reading.uses.iter().any(remote) {
            let reads = self.reading.uses.iter().filter(|u| u.access == Access::Read);
            let sent: Vec<Object> = reads.map(|u| u.object.clone()).collect();
            self.reading.sent.extend(sent);
        }
    }
}

fn has(slot: &Slot, test: impl Fn(&Act) -> bool) -> bool {
    slot.clauses.iter().any(|c| test(&c.act))
}

const fn is_rest(clause: &Clause) -> bool {
    takes_the_rest(&clause.act)
}

const fn is_dest(clause: &Clause) -> bool {
    matches!(clause.act, Act::Use { thing: Thing::Dest, .. })
}

fn last(slot: &Slot, slots: &[&Slot]) -> bool {
    slots.last().is_some_and(|l| std::ptr::eq(*l, slot))
}

fn is_stream(value: &Value) -> bool {
    value.as_const() == Some(b"-")
}

/// A word that may stand for several.
fn is_vague(value: &Value) -> bool {
    value.arity == Arity::Any && matches!(value.known, Known::Unknown)
}

/// Which operands, from and to, each slot gets: the fixed ones at both ends first, the run between
/// them the others, and the last slot whatever is left over when there is no run.
fn shares(slots: &[&Slot], given: usize) -> Vec<(usize, usize)> {
    let run = slots.iter().position(|s| s.many);
    let before = run.unwrap_or(slots.len());
    let after = run.map_or(0, |at| slots.len() - at - 1);
    let back = after.min(given.saturating_sub(before + 1));
    let mut out = Vec::with_capacity(slots.len());
    for at in 0..slots.len() {
        let share = match run {
            Some(run) if at == run => (before.min(given), given - back),
            Some(run) if at > run => {
                let place = at - run - 1;
                let from = given - back + place;
                if place < back { (from, from + 1) } else { (given, given) }
            }
            None if at + 1 == slots.len() => (at.min(given), given),
            _ => (at.min(given), (at + 1).min(given)),
        };
        out.push(share);
    }
    out
}

/// The words joined by blanks, as far as known.
pub(super) fn joined(words: &[Value]) -> Value {
    let mut bytes = Vec::new();
    let mut complete = true;
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            bytes.push(b' ');
        }
        bytes.extend_from_slice(leading(word));
        if word.as_const().is_none() {
            complete = false;
            break;
        }
    }
    let span = words.iter().map(|w| w.span).reduce(Span::join).unwrap_or_default();
    let taint = words.iter().flat_map(|w| w.taint.clone()).collect();
    let known = match (complete, bytes.is_empty()) {
        (true, _) => Known::Const(bytes),
        (false, true) => Known::Unknown,
        (false, false) => Known::Prefix(bytes),
    };
    Value { known, arity: Arity::One, taint, span }
}

#[cfg(test)]
mod tests {
    use super::super::act::slots;
    use super::*;

    fn shared(text: &'static str, given: usize) -> Vec<(usize, usize)> {
        let slots = slots(text).unwrap();
        shares(&slots.iter().collect::<Vec<_>>(), given)
    }

    #[test]
    fn both_ends_are_served_before_the_run() {
        assert_eq!(shared("read path ...; write dest", 3), [(0, 2), (2, 3)]);
        assert_eq!(shared("read path ...; write dest", 1), [(0, 1), (1, 1)]);
        assert_eq!(shared("word; read path ...", 1), [(0, 1), (1, 1)]);
        assert_eq!(shared("word; read path", 4), [(0, 1), (1, 4)]);
        assert_eq!(shared("read path", 0), [(0, 0)]);
    }
}

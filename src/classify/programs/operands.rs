//! Shares the operands of a call out among the slots of its model.

use super::act::{Act, Clause, Slot, Thing};
use super::model::{Model, Opt, takes_the_rest};
use super::perform::{Word, alternatives, fits, is_remote, last_component, leading};
use super::reader::Reader;
use super::reading::{Code, Links, Object};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::finding::Span;
use crate::model::gap::GapKind;

impl Reader {
    /// Performs the slots of `model` on `operands`.
    pub(super) fn operands(&mut self, model: &Model, operands: &[Value]) {
        let mut slots: Vec<&Slot> = model.operands.iter().skip(self.fills).collect();
        let mut operands = operands;
        if slots.first().is_some_and(|s| has(s, |act| *act == Act::Assigns)) {
            operands = self.assignments(operands);
            slots.remove(0);
        }
        if slots.first().is_some_and(|s| has(s, |act| *act == Act::Behind)) {
            let dashes = operands.iter().position(|word| word.as_const() == Some(b"--"));
            operands = dashes.and_then(|at| operands.get(at + 1..)).unwrap_or(operands);
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
                if slot.clauses.iter().any(|c| {
                    is_rest(c) && self.holds(c, Some(value)) && last(slot, &slots) && !slot.many
                }) {
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
        if let Some(program) = self.program.take() {
            let word = Word { value: Some(&program), span: program.span, operand: true };
            self.carry(Code::Argv(vec![program.clone()]), word);
        }
        self.send_to_remote(operands);
    }

    /// The words of a text as a call of another program.
    pub(super) fn words_of(&mut self, program: &'static str, word: Word<'_>) {
        let Some(value) = word.value else { return };
        let Some(text) = value.as_str() else {
            let what = format!("which words `{program}` is given");
            return self.gap(GapKind::OpaqueCode, value.span, what);
        };
        let words = std::iter::once(program.to_owned()).chain(split(text));
        let argv = words.map(|word| Value::constant(word, value.span)).collect();
        self.carry(Code::Argv(argv), word);
    }

    /// `KEY=VALUE`, or `KEY VALUE`: what the model says of the key.
    pub(super) fn setting(&mut self, word: &Value) {
        let bytes = leading(word);
        let at = bytes.iter().position(|b| matches!(b, b'=' | b' ' | b'\t'));
        if at.is_none() && word.as_const().is_none() {
            let what = "which setting this is".to_owned();
            return self.gap(GapKind::OpaqueCode, word.span, what);
        }
        let at = at.unwrap_or(bytes.len());
        let key = String::from_utf8_lossy(bytes.get(..at).unwrap_or(b"")).trim().to_lowercase();
        let rest = unquoted(bytes.get(at + 1..).unwrap_or(b"").trim_ascii());
        let known = match word.known {
            Known::Const(_) => Known::Const(rest),
            _ => Known::prefix(rest),
        };
        let value = Value { known, ..word.clone() };
        let fitting = |option: &&&Opt| option.spellings.iter().any(|pattern| fits(pattern, &key));
        if let Some(option) = self.settings.iter().find(fitting).copied() {
            self.clauses(&option.clauses, Word::of(&value));
        }
    }

    fn operand(&mut self, slot: &Slot, value: &Value, rest: &[Value], sources: &[Value]) {
        let word = Word { value: Some(value), span: value.span, operand: true };
        for clause in slot.clauses.iter().filter(|c| takes_the_rest(&c.act)) {
            if self.holds(clause, Some(value)) {
                self.rest(&clause.act, word, rest);
            }
        }
        for clause in &slot.clauses {
            if let Act::Use { access, thing: thing @ (Thing::Dest | Thing::Merge), .. } =
                &clause.act
                && self.holds(clause, Some(value))
            {
                self.destination(*access, thing, value, sources);
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
            Some(b"-c") if *act == Act::Command && self.program.is_none() => {
                let word = Word { value: rest.get(1), ..word }; // `flock lock -c TEXT`
                return self.text(super::reading::Language::Shell, word, Vec::new());
            }
            _ => rest,
        };
        let word = Word { value: rest.first(), ..word };
        let args = [rest.get(1..).unwrap_or(&[]), &self.more].concat();
        match act {
            Act::Command => {
                let mut argv: Vec<Value> = self.program.take().into_iter().collect();
                argv.extend_from_slice(rest);
                self.carry(Code::Argv(argv), word);
            }
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
    fn destination(&mut self, access: Access, thing: &Thing, value: &Value, sources: &[Value]) {
        let contents = |source: &Value| source.as_const().is_some_and(|b| b.ends_with(b"/"));
        if *thing == Thing::Merge && sources.iter().any(contents) {
            return self.place(access, value, value.span);
        }
        let several = sources.len() > 1 || sources.iter().any(|s| s.arity == Arity::Any);
        let directory = several
            || value.as_const().is_some_and(|b| b.ends_with(b"/") || b == b"." || b == b"..");
        if is_remote(value) {
            return self.place(access, value, value.span);
        }
        // No path is called so: the program fails.
        if value.as_const() == Some(b"") {
            return;
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
        if self.name == "rsync" && self.tree && !directory {
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
    matches!(clause.act, Act::Use { thing: Thing::Dest | Thing::Merge, .. })
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

/// A value of a setting without the quotes or the list around it.
fn unquoted(value: &[u8]) -> Vec<u8> {
    match value {
        [b'[', inside @ .., b']'] => {
            inside.iter().filter(|c| !matches!(c, b'"' | b'\'' | b',')).copied().collect()
        }
        [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] => inside.to_vec(),
        _ => value.to_vec(),
    }
}

/// Words at blanks, quotes holding them together.
pub(in crate::classify) fn split(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut any) = (Vec::new(), String::new(), None, false);
    for c in text.chars() {
        match (quote, c) {
            (None, ' ' | '\t' | '\n') => {
                if std::mem::take(&mut any) {
                    words.push(std::mem::take(&mut word));
                }
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            _ => word.push(c),
        }
        any = true;
    }
    if any {
        words.push(word);
    }
    words
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

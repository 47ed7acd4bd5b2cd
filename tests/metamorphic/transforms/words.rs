//! Which words of a text are written anew, and whole commands written as one list of words.

use super::{Transform, same};
use crate::dice::Dice;
use crate::spelling::{Spelling, Token, base64, joined, plain, quoted};

/// A text of which some constant words are being written anew.
#[derive(Debug)]
pub struct Chosen<'d> {
    spelling: Spelling,
    dice: &'d mut Dice,
    tokens: Vec<Token>,
    which: Vec<usize>,
    before: String,
}

impl<'d> Chosen<'d> {
    /// Chooses: mostly the command and its words, at times one of them.
    pub fn of(spelling: &Spelling, dice: &'d mut Dice) -> Option<Self> {
        let tokens = spelling.tokens()?;
        let constant =
            |token: &Token| matches!(token, Token::Word(_, Some(value)) if !value.is_empty());
        let mut which: Vec<usize> =
            tokens.iter().enumerate().filter(|(_, t)| constant(t)).map(|(n, _)| n).collect();
        match dice.below(4) {
            0 => which.truncate(1),
            1 if !which.is_empty() => which = vec![*dice.pick(&which)],
            2 => which.retain(|n| *n == 0 || !dice.once_in(2)),
            _ => {}
        }
        which.truncate(8);
        if which.is_empty() {
            return None;
        }
        Some(Self { spelling: spelling.clone(), dice, tokens, which, before: String::new() })
    }

    /// Writes each chosen word anew; `None` when it fits none of them.
    pub fn each(
        &mut self,
        change: impl Fn(&str, &mut Setup<'_>, &mut Dice) -> Option<String>,
    ) -> Option<()> {
        let mut changed = false;
        for at in self.which.clone() {
            let Some(Token::Word(_, Some(value))) = self.tokens.get(at).cloned() else { continue };
            let mut setup = Setup { spelling: &mut self.spelling, before: &mut self.before };
            if let Some(text) = change(&value, &mut setup, self.dice) {
                self.tokens[at] = Token::Word(text, None);
                changed = true;
            }
        }
        changed.then_some(())
    }

    /// The text with its new words, what they need before it.
    pub fn done(self) -> Spelling {
        let text = format!("{}{}", self.before, joined(&self.tokens));
        self.spelling.with(text)
    }
}

/// What new words need: names of their own, and statements before the command.
#[derive(Debug)]
pub struct Setup<'a> {
    spelling: &'a mut Spelling,
    before: &'a mut String,
}

impl Setup<'_> {
    /// A name nobody has used yet.
    pub fn name(&mut self, stem: &str) -> String {
        self.spelling.fresh(stem)
    }

    /// A statement before the command.
    pub fn first(&mut self, statement: &str) {
        self.before.push_str(statement);
        self.before.push_str("; ");
    }
}

/// The text with words written anew by `change`.
pub fn respelled(
    spelling: &Spelling,
    dice: &mut Dice,
    change: fn(&str, &mut Setup<'_>, &mut Dice) -> Option<String>,
) -> Option<Spelling> {
    let mut chosen = Chosen::of(spelling, dice)?;
    chosen.each(change)?;
    Some(chosen.done())
}

/// A reference that gives the word as it is, quoted when it must be.
pub fn given(expansion: &str, word: &str) -> String {
    if plain(word) { expansion.to_owned() } else { format!("\"{expansion}\"") }
}

pub const ALL: &[Transform] = &[
    same("words.array", "an array in quotes gives its elements, each a word", |s, _| {
        let words = s.constants()?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        let text = format!("{name}=({}); \"${{{name}[@]}}\"", all.join(" "));
        Some(next.with(text).for_bash())
    }),
    same("words.append", "elements are added one by one", |s, _| {
        let words = s.constants()?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let all: Vec<String> = words.iter().map(|w| format!("{name}+=({})", quoted(w))).collect();
        let text = format!("{name}=(); {}; \"${{{name}[@]}}\"", all.join("; "));
        Some(next.with(text).for_bash())
    }),
    same("words.positional", "\"$@\" gives the words as they were set", |s, _| {
        let words = s.constants()?;
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        Some(s.with(format!("set -- {}; \"$@\"", all.join(" "))))
    }),
    same("words.shifted", "shift drops what was put before", |s, _| {
        let words = s.constants()?;
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        Some(s.with(format!("set -- x y {}; shift 2; \"$@\"", all.join(" "))))
    }),
    same("words.split", "an expansion outside quotes is split at blanks", |s, _| {
        let words = splittable(s)?;
        let mut next = s.clone();
        let name = next.fresh("v");
        Some(next.with(format!("{name}='{}'; ${name}", words.join("  "))))
    }),
    same("words.ifs", "$IFS begins as blanks", |s, _| Some(s.with(splittable(s)?.join("${IFS}")))),
    same("words.own-ifs", "IFS says where expansions are split", |s, _| {
        let words = splittable(s)?;
        if words.iter().any(|w| w.contains(',')) {
            return None;
        }
        let mut next = s.clone();
        let name = next.fresh("v");
        Some(next.with(format!("( IFS=,; {name}={}; ${name} )", words.join(","))))
    }),
    same("words.braces", "braces outside quotes give one word for each item", |s, _| {
        let words = splittable(s)?;
        let fits = words.len() > 1 && words.iter().all(|w| !w.contains(',') && !w.contains(".."));
        fits.then(|| s.with(format!("{{{}}}", words.join(","))).for_bash())
    }),
    same("words.read-array", "read -a splits a line into an array", |s, _| {
        let words = splittable(s)?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let text = format!("read -ra {name} <<< '{}'; \"${{{name}[@]}}\"", words.join(" "));
        Some(next.with(text).for_bash())
    }),
    same("words.mapfile", "mapfile makes an element of each line", |s, _| {
        let words = s.constants().filter(|all| all.iter().all(|w| !w.contains('\n')))?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let lines: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        let lines = lines.join(" ");
        let text = format!("mapfile -t {name} < <(printf '%s\\n' {lines}); \"${{{name}[@]}}\"");
        Some(next.with(text).for_bash())
    }),
    same("words.substituted", "a substitution outside quotes is split", |s, d| {
        let line = splittable(s)?.join(" ");
        Some(s.with(match d.below(3) {
            0 => format!("$(echo {line})"),
            1 => format!("$(printf '%s' '{line}')"),
            _ => format!("$(echo {} | base64 -d)", base64(line.as_bytes())),
        }))
    }),
    same("words.function", "\"$@\" in a function is what it was called with", |s, _| {
        let words = s.constants()?;
        let mut next = s.clone();
        let name = next.fresh("f");
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        let text = format!("{name}() {{ \"$@\"; }}; {name} {}", all.join(" "));
        Some(next.with(text))
    }),
    same("words.named-function", "a function passes on its words", |s, _| {
        let words = s.constants()?;
        let (program, rest) = words.split_first()?;
        let mut next = s.clone();
        let name = next.fresh("f");
        let all: Vec<String> = rest.iter().map(|w| quoted(w)).collect();
        let text = format!("{name}() {{ {} \"$@\"; }}; {name} {}", quoted(program), all.join(" "));
        Some(next.with(text))
    }),
    same("words.last-swapped", "the words in other places, then put in order", |s, _| {
        let words = s.constants()?;
        let mut next = s.clone();
        let name = next.fresh("f");
        let count = words.len();
        let order: Vec<String> = (1..=count).rev().map(|n| format!("\"${{{n}}}\"")).collect();
        let all: Vec<String> = words.iter().rev().map(|w| quoted(w)).collect();
        let text = format!("{name}() {{ {}; }}; {name} {}", order.join(" "), all.join(" "));
        Some(next.with(text))
    }),
];

/// The words of a single command when none has blanks or patterns.
fn splittable(spelling: &Spelling) -> Option<Vec<String>> {
    spelling.constants().filter(|all| all.iter().all(|w| plain(w)))
}

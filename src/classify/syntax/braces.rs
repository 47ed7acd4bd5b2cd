//! Brace expansion: `{a,b}` and `{1..9}` outside quotes, before anything else is expanded.

use super::tree::{Expansion, Operation, Part, Quoting, Word, Written};

/// Words one word may become, and how deep braces may nest.
const MAX_WORDS: usize = 256;
const MAX_DEPTH: usize = 32;
const MAX_NUMBERS: usize = 64;
/// Characters looked at in one word.
const MAX_STEPS: usize = 200_000;

/// The words that `word` stands for; `None` when it has no braces.
pub(in crate::classify) fn expand(word: &Word) -> Option<Vec<Word>> {
    let has_brace = |part: &Part| matches!(part, Part::Plain(text) if text.contains('{'));
    if !word.parts.iter().any(has_brace) {
        return None;
    }
    let atoms: Vec<Atom> = word.parts.iter().flat_map(atoms).collect();
    let mut work = Work { done: Vec::new(), steps: MAX_STEPS, spent: false };
    work.alternatives(&atoms, 0);
    let mut words: Vec<Word> = Vec::with_capacity(work.done.len() + 1);
    words.extend(work.done.into_iter().map(|atoms| Word { parts: gather(atoms), span: word.span }));
    if work.spent {
        // There are more words, and which ones is not known.
        let unknown = Part::Expansion(Box::new(Expansion::Opaque), Quoting::Bare);
        words.push(Word { parts: vec![unknown], span: word.span });
    }
    Some(words)
}

/// What has been expanded, and what may still be done.
struct Work {
    done: Vec<Vec<Atom>>,
    steps: usize,
    /// Whether something was left out.
    spent: bool,
}

/// A character that may be a brace, or anything else.
#[derive(Debug, Clone)]
enum Atom {
    Alive(char),
    Other(Part),
}

fn atoms(part: &Part) -> Vec<Atom> {
    match part {
        Part::Plain(text) => text.chars().map(Atom::Alive).collect(),
        other => vec![Atom::Other(other.clone())],
    }
}

fn gather(atoms: Vec<Atom>) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for atom in atoms {
        match (atom, parts.last_mut()) {
            (Atom::Alive(c), Some(Part::Plain(text))) => text.push(c),
            (Atom::Alive(c), Some(Part::Expansion(expansion, Quoting::Bare)))
                if continues(expansion, c) =>
            {
                lengthen(expansion, c);
            }
            (Atom::Alive(c), _) => parts.push(Part::Plain(c.to_string())),
            (Atom::Other(part), _) => parts.push(part),
        }
    }
    parts
}

/// Whether a name goes on with this character: braces are expanded first, so `$x{1,2}` is `$x1 $x2`.
fn continues(expansion: &Expansion, c: char) -> bool {
    let Expansion::Parameter(parameter, Operation::Plain) = expansion else { return false };
    let is_name = parameter.name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic());
    parameter.written == Written::Bare && is_name && (c == '_' || c.is_ascii_alphanumeric())
}

fn lengthen(expansion: &mut Expansion, c: char) {
    if let Expansion::Parameter(parameter, _) = expansion {
        parameter.name.push(c);
    }
}

impl Work {
    /// Expands the first group that is one, then what follows it.
    fn alternatives(&mut self, atoms: &[Atom], depth: usize) {
        let starts = (0..atoms.len()).filter(|at| matches!(atoms.get(*at), Some(Atom::Alive('{'))));
        for start in starts {
            if depth >= MAX_DEPTH || self.done.len() >= MAX_WORDS || self.steps == 0 {
                self.spent = true;
                break;
            }
            let Some((end, choices)) = self.group(atoms, start) else { continue };
            let (before, after) = (atoms.get(..start), atoms.get(end + 1..));
            for choice in choices {
                let mut whole = before.unwrap_or_default().to_vec();
                whole.extend(choice);
                whole.extend(after.unwrap_or_default().iter().cloned());
                self.steps = self.steps.saturating_sub(whole.len());
                self.alternatives(&whole, depth + 1);
                if self.spent {
                    return;
                }
            }
            return;
        }
        if self.done.len() < MAX_WORDS {
            self.done.push(atoms.to_vec());
        } else {
            self.spent = true;
        }
    }

    /// The group that opens at `start`: where it closes, and its choices.
    fn group(&mut self, atoms: &[Atom], start: usize) -> Option<(usize, Vec<Vec<Atom>>)> {
        let (mut depth, mut choices, mut current) = (0_usize, Vec::new(), Vec::new());
        for (at, atom) in atoms.iter().enumerate().skip(start + 1) {
            if self.steps == 0 {
                self.spent = true;
                return None;
            }
            self.steps -= 1;
            match atom {
                Atom::Alive('}') if depth == 0 => {
                    if choices.is_empty() {
                        return Self::sequence(&current).map(|choices| (at, choices));
                    }
                    choices.push(current);
                    return Some((at, choices));
                }
                Atom::Alive(',') if depth == 0 => choices.push(std::mem::take(&mut current)),
                other => {
                    match other {
                        Atom::Alive('{') => depth += 1,
                        Atom::Alive('}') => depth -= 1,
                        _ => {}
                    }
                    current.push(other.clone());
                }
            }
        }
        None
    }

    /// `1..9`, `a..e`, `1..9..2`.
    fn sequence(atoms: &[Atom]) -> Option<Vec<Vec<Atom>>> {
        let text: Option<String> =
            atoms.iter().map(|a| if let Atom::Alive(c) = a { Some(*c) } else { None }).collect();
        let text = text?;
        let mut pieces = text.split("..");
        let (first, last, step) = (pieces.next()?, pieces.next()?, pieces.next());
        let step = step.map_or(Some(1), |s| s.parse::<i64>().ok())?.unsigned_abs().max(1);
        let letters = |s: &str| s.len() == 1 && s.bytes().all(|c| c.is_ascii_alphabetic());
        let number = |s: &str| s.parse::<i64>().ok();
        let is_letters = letters(first) && letters(last);
        let (from, to) = if is_letters {
            (i64::from(first.bytes().next()?), i64::from(last.bytes().next()?))
        } else {
            (number(first)?, number(last)?)
        };
        let width = if first.starts_with('0') || last.starts_with('0') {
            first.len().max(last.len())
        } else {
            0
        };
        let step = i64::try_from(step).ok()?;
        let count = usize::try_from((to.checked_sub(from)?.checked_abs()?) / step).ok()? + 1;
        let mut at = from;
        let mut choices = Vec::new();
        // Of more numbers than these the first ones stand for all, and the rest for what is there.
        for _ in 0..count.min(MAX_NUMBERS) {
            let text = match u8::try_from(at) {
                Ok(letter) if is_letters => char::from(letter).to_string(),
                _ => format!("{at:0width$}"),
            };
            choices.push(text.chars().map(Atom::Alive).collect());
            at = if from <= to { at.checked_add(step)? } else { at.checked_sub(step)? };
        }
        if count > MAX_NUMBERS && !is_letters {
            choices.push("[0-9]*".chars().map(Atom::Alive).collect());
        }
        Some(choices)
    }
}

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::classify::syntax::tree::{Part, Word};

    #[test]
    fn braces_expand_as_bash_does() {
        let cases = [
            ("a{b,c}d", "abd acd"),
            ("{1..3}", "1 2 3"),
            ("{01..3}", "01 02 03"),
            ("{c..a}", "c b a"),
            ("{a,{b,c}}", "a b c"),
            ("{a}", "{a}"),
            ("{,x}y", "y xy"),
            ("a{b,c", "a{b,c"),
            ("{a,b}{1,2}", "a1 a2 b1 b2"),
        ];
        for (text, words) in cases {
            let word = Word { parts: vec![Part::Plain(text.into())], ..Word::default() };
            let texts: Vec<_> = expand(&word).iter().flatten().filter_map(Word::as_text).collect();
            assert_eq!(texts.join(" "), words, "{text}");
        }
    }
}

//! `xargs -I % sh -c 'rm %'`: the place holder a person chose is written as the usual `{}` before anything is read.
//!
//! Only its spelling changes; what the words that take its place are is told elsewhere.

use crate::classify::value::{Known, Value};
use std::borrow::Cow;

/// The usual place holder.
const USUAL: &str = "{}";

/// The words of a call with the usual place holder.
pub(super) fn usual<'w>(name: &str, argv: &'w [Value]) -> Cow<'w, [Value]> {
    if !matches!(name, "xargs" | "gxargs") {
        return Cow::Borrowed(argv);
    }
    let Some((at, holder)) = chosen(argv) else { return Cow::Borrowed(argv) };
    let (options, command) = argv.split_at(at.min(argv.len()));
    let mut words: Vec<Value> = options
        .iter()
        .map(|word| match word.as_str() {
            Some(text) if text == holder => {
                Value { known: Known::Const(USUAL.into()), ..word.clone() }
            }
            _ => word.clone(),
        })
        .collect();
    words.extend(command.iter().map(|word| match word.as_str() {
        Some(text) if text.contains(&holder) => {
            Value { known: Known::Const(text.replace(&holder, USUAL).into()), ..word.clone() }
        }
        _ => word.clone(),
    }));
    Cow::Owned(words)
}

/// Where the words begin in which a place holder counts, and which it is, unless it is the usual one.
fn chosen(argv: &[Value]) -> Option<(usize, String)> {
    let mut at = 1;
    let mut holder = None;
    while let Some(text) = argv.get(at).and_then(Value::as_str).filter(|t| t.starts_with('-')) {
        at += 1;
        if text == "--" {
            break;
        }
        if let Some(long) = text.strip_prefix("--") {
            match long.split_once('=') {
                Some(("replace", given)) => holder = Some(given.to_owned()),
                None if TAKES.contains(&long) => at += 1,
                _ => {}
            }
            continue;
        }
        let letters = text.trim_start_matches(|c: char| "-0oprtx".contains(c));
        let mut letters = letters.chars();
        let Some(kind) = letters.next() else { continue };
        let rest = letters.as_str();
        let next = || argv.get(at).and_then(Value::as_str).map(str::to_owned);
        match kind {
            'I' | 'J' if rest.is_empty() => {
                holder = next();
                at += 1;
            }
            'I' | 'J' | 'i' => holder = Some(rest.to_owned()),
            'a' | 'd' | 'E' | 'L' | 'n' | 'P' | 's' | 'R' | 'S' if rest.is_empty() => at += 1,
            _ => {}
        }
    }
    holder.filter(|text| !text.is_empty() && text != USUAL).map(|text| (at, text))
}

/// Long options with an argument of their own.
const TAKES: &[&str] =
    &["arg-file", "delimiter", "max-args", "max-chars", "max-procs", "process-slot-var"];

#[cfg(test)]
mod tests {
    use super::usual;
    use crate::classify::value::Value;
    use crate::model::finding::Span;

    #[test]
    fn the_chosen_place_holder_becomes_the_usual_one() {
        for (given, wanted) in [
            ("xargs -I % sh -c rm_%", "xargs -I {} sh -c rm_{}"),
            ("xargs -0 -I _ mv _ /tmp/", "xargs -0 -I {} mv {} /tmp/"),
            ("xargs -n1 -P 4 -I@ cp @ @.b", "xargs -n1 -P 4 -I@ cp {} {}.b"),
            ("xargs -0rI X rm X", "xargs -0rI {} rm {}"),
            ("xargs --replace=F rm F", "xargs --replace=F rm {}"),
            ("xargs --max-args 1 -I F rm F", "xargs --max-args 1 -I {} rm {}"),
            ("xargs -I {} rm {}", "xargs -I {} rm {}"),
            ("xargs -n I rm I", "xargs -n I rm I"),
            ("xargs -é rm -I x", "xargs -é rm -I x"),
            ("xargs rm -I x", "xargs rm -I x"),
            ("grep -I % a%", "grep -I % a%"),
        ] {
            let words: Vec<Value> =
                given.split(' ').map(|w| Value::constant(w, Span::default())).collect();
            let found = usual(words[0].as_str().unwrap(), &words);
            let found: Vec<&str> = found.iter().filter_map(Value::as_str).collect();
            assert_eq!(found.join(" "), wanted);
        }
    }
}

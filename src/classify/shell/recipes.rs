//! Recipes of a makefile that the text itself wrote: what make hands to a shell, line by line.
//!
//! Every rule counts, whichever is asked for. Variables the file sets are put in; a line with others
//! stays the gap it was. Makefiles of the work are not read: theirs is the sandbox's business.

use super::Shell;
use super::state::State;
use crate::classify::programs::reading::Language;
use crate::model::finding::Span;
use std::collections::BTreeMap;

/// Lines that are run, and variables within variables.
const MAX_LINES: usize = 256;
const MAX_DEPTH: usize = 6;

impl Shell<'_> {
    /// Runs every recipe of a makefile.
    pub(super) fn recipes(&mut self, makefile: &[u8], (span, state): (Span, &State)) {
        if !self.deeper(span) {
            return;
        }
        let text = String::from_utf8_lossy(makefile).replace("\\\n", " ");
        for line in Makefile::of(&text).lines.iter().take(MAX_LINES) {
            let mut inner = state.clone();
            self.run_bytes(line.as_bytes(), Language::Shell, &[], (span, &mut inner));
        }
        self.budget.shallower();
    }
}

/// What of a makefile is run.
#[derive(Debug, Default)]
struct Makefile {
    /// Shell text, a line each.
    lines: Vec<String>,
}

impl Makefile {
    fn of(text: &str) -> Self {
        let mut variables: BTreeMap<&str, &str> = BTreeMap::new();
        let mut raw: Vec<(&str, &str)> = Vec::new();
        let mut target = "";
        for line in text.lines() {
            if let Some(recipe) = line.strip_prefix('\t') {
                raw.push((target, recipe));
            } else if let Some((name, value)) = assignment(line) {
                variables.insert(name, value);
            } else if let Some((names, rest)) = line.split_once(':') {
                target = names.trim();
                raw.extend(rest.split_once(';').map(|(_, recipe)| (target, recipe)));
            }
        }
        // `$(shell ...)` is run wherever it stands.
        let mut lines: Vec<String> = text
            .match_indices("$(shell ")
            .filter_map(|(at, found)| enclosed(text.get(at + found.len()..)?, ')'))
            .filter_map(|(code, _)| expanded(code, "", &variables, 0))
            .collect();
        for (target, recipe) in raw {
            let recipe = recipe.trim_start().trim_start_matches(['@', '-', '+', ' ', '\t']);
            lines.extend(expanded(recipe, target, &variables, 0));
        }
        Self { lines }
    }
}

/// `NAME = value`, by whichever operator.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim();
    let name = name.strip_prefix("export ").unwrap_or(name).trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    (!name.is_empty() && name.chars().all(plain)).then(|| (name, value.trim()))
}

/// The text with variables put in; `None` when one is not known.
fn expanded(
    text: &str,
    target: &str,
    variables: &BTreeMap<&str, &str>,
    depth: usize,
) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let after = after.get(1..)?;
        let (name, left) = match after.chars().next()? {
            '$' => {
                out.push('$');
                rest = after.get(1..)?;
                continue;
            }
            '(' => enclosed(after.get(1..)?, ')')?,
            '{' => enclosed(after.get(1..)?, '}')?,
            one => after.split_at(one.len_utf8()),
        };
        match (name, variables.get(name)) {
            ("@", _) => out.push_str(target),
            (_, Some(value)) => out.push_str(&expanded(value, target, variables, depth + 1)?),
            _ => return None,
        }
        rest = left;
    }
    out.push_str(rest);
    Some(out)
}

/// What stands before the bracket that closes, and after it.
fn enclosed(text: &str, close: char) -> Option<(&str, &str)> {
    let open = if close == ')' { '(' } else { '{' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == close && depth == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
        depth = if c == open { depth + 1 } else { depth - usize::from(c == close) };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Makefile;

    #[test]
    fn recipes_are_told() {
        let cases: [(&str, &[&str]); 5] = [
            ("all:\n\t@rm -r x\n", &["rm -r x"]),
            ("D = x\nE := $(D)/y\nall: b ; rm $(E) ${D}\n", &["rm x/y x"]),
            ("all:\n\t-for i in a; do rm $$i; done\n", &["for i in a; do rm $i; done"]),
            ("a b:\n\ttouch $@ $<\n\ttouch $@\n", &["touch a b"]),
            ("X := $(shell rm -r x)\nall:\n\techo $(X)\n", &["rm -r x"]),
        ];
        for (text, expected) in cases {
            assert_eq!(Makefile::of(text).lines, expected, "{text}");
        }
    }
}

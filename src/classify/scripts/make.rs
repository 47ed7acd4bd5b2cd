//! Makefiles: the recipes of the goals that were asked for, `$(shell ...)` and `!=`.
//!
//! Variables that are set to words are put in; a line in which anything else stands is left out, and
//! includes, conditions and implicit rules are not followed. So a makefile is never read as a whole.

use super::text::Text;
use super::{Deed, Script};
use crate::classify::programs::reading::Language;
use std::collections::{BTreeMap, BTreeSet};

/// Rules further from a goal than this are not followed.
const MAX_RULES: usize = 64;
/// Variables in variables deeper than this are not put in.
const MAX_DEPTH: usize = 8;

#[derive(Debug, Default)]
struct Rule {
    needs: Vec<String>,
    recipe: Vec<String>,
}

#[derive(Debug, Default)]
struct Makefile {
    variables: BTreeMap<String, String>,
    rules: BTreeMap<String, Rule>,
    first: Option<String>,
    /// What is run while the file is read.
    read: Vec<String>,
}

/// What `make` does with this file for these words (goals and `NAME=value`); the first rule without goals.
pub(super) fn read(text: &str, words: &[&str]) -> Script {
    let mut file = Makefile::default();
    file.lines(text);
    let mut goals: Vec<String> = Vec::new();
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        match word.split_once('=') {
            Some((name, value)) => drop(file.variables.insert(name.to_owned(), value.to_owned())),
            None => goals.push((*word).to_owned()),
        }
    }
    if goals.is_empty() {
        goals.extend(file.first.clone());
    }
    let mut script = Script { unread: true, ..Script::default() };
    for command in &file.read {
        file.run(command, ("", &[]), &mut script);
    }
    let mut seen = BTreeSet::new();
    while let Some(goal) = goals.pop() {
        if seen.len() >= MAX_RULES || !seen.insert(goal.clone()) {
            continue;
        }
        let Some(rule) = file.rules.get(&goal) else { continue };
        goals.extend(rule.needs.iter().cloned());
        for line in &rule.recipe {
            file.run(line, (&goal, &rule.needs), &mut script);
        }
    }
    script
}

impl Makefile {
    fn lines(&mut self, text: &str) {
        let joined = text.replace("\\\n", " ");
        let mut targets: Vec<String> = Vec::new();
        for line in joined.lines() {
            for inside in shell_calls(line) {
                self.read.push(inside.to_owned());
            }
            if let Some(recipe) = line.strip_prefix('\t') {
                self.recipe(&targets, recipe);
                continue;
            }
            let line = line.split_once(" #").map_or(line, |(line, _)| line).trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match assignment(line) {
                Some((name, "!=", value)) => {
                    self.read.push(value.to_owned());
                    self.variables.remove(name);
                }
                Some((name, mark, value)) => self.assign(name, mark, value),
                None => targets = self.rule(line),
            }
        }
    }

    fn assign(&mut self, name: &str, mark: &str, value: &str) {
        let name =
            name.trim_start_matches("export ").trim_start_matches("override ").trim().to_owned();
        match (mark, self.variables.get_mut(&name)) {
            ("?=", Some(_)) => {}
            ("+=", Some(before)) => {
                before.push(' ');
                before.push_str(value);
            }
            _ => drop(self.variables.insert(name, value.to_owned())),
        }
    }

    /// `targets: needs [; recipe]`.
    fn rule(&mut self, line: &str) -> Vec<String> {
        let Some((targets, rest)) = line.split_once(':') else { return Vec::new() };
        let rest = rest.trim_start_matches(':');
        let (needs, recipe) = match rest.split_once(';') {
            Some((needs, recipe)) => (needs, Some(recipe)),
            None => (rest, None),
        };
        let words = |text: &str| -> Vec<String> {
            self.put_in(text, ("", &[]), 0)
                .constant()
                .unwrap_or("")
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect()
        };
        let (targets, needs) = (words(targets), words(needs.split('|').next().unwrap_or("")));
        for target in &targets {
            if self.first.is_none() && !target.starts_with('.') && !target.contains('%') {
                self.first = Some(target.clone());
            }
            self.rules.entry(target.clone()).or_default().needs.extend(needs.iter().cloned());
        }
        if let Some(recipe) = recipe {
            self.recipe(&targets, recipe);
        }
        targets
    }

    fn recipe(&mut self, targets: &[String], line: &str) {
        for target in targets {
            self.rules.entry(target.clone()).or_default().recipe.push(line.to_owned());
        }
    }

    /// A line of a recipe, when all of it is known.
    fn run(&self, line: &str, rule: (&str, &[String]), script: &mut Script) {
        let text = self.put_in(line.trim_start_matches(['@', '-', '+', ' ', '\t']), rule, 0);
        if text.constant().is_some_and(|text| !text.trim().is_empty()) {
            script.does(Deed::Run(Language::Shell, text));
        }
    }

    /// The text with variables put in.
    fn put_in(&self, text: &str, rule: (&str, &[String]), depth: usize) -> Text {
        let mut out = Text::default();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push(before);
            let (name, after) = match after.chars().next() {
                Some(open @ ('(' | '{')) => match closed(after, open) {
                    Some(found) => found,
                    None => return Text::hole(),
                },
                Some(c) => after.split_at(c.len_utf8()),
                None => break,
            };
            rest = after;
            match self.value(name, rule, depth) {
                Some(value) => out.append(&value),
                None => out.push_hole(),
            }
        }
        out.push(rest);
        out
    }

    fn value(&self, name: &str, (target, needs): (&str, &[String]), depth: usize) -> Option<Text> {
        Some(match name {
            "$" => Text::known("$"),
            "@" => Text::known(target),
            "<" => Text::known(needs.first().map_or("", String::as_str)),
            "^" | "+" => Text::known(needs.join(" ")),
            "CURDIR" | "shell pwd" => Text::known("."),
            // what the environment says is known where the recipe runs
            "HOME" | "PWD" | "TMPDIR" | "USER" if !self.variables.contains_key(name) => {
                Text::known(format!("${{{name}}}"))
            }
            "MAKE" => Text::known(self.variables.get(name).map_or("make", String::as_str)),
            "RM" if !self.variables.contains_key(name) => Text::known("rm -f"),
            _ => {
                let value = self.variables.get(name).filter(|_| depth < MAX_DEPTH)?;
                self.put_in(value, (target, needs), depth + 1)
            }
        })
    }
}

/// `NAME = value`: the name, the mark, the value.
fn assignment(line: &str) -> Option<(&str, &str, &str)> {
    let at = line.find('=')?;
    let before = line.get(..at)?;
    let mark =
        ["::", ":", "?", "+", "!"].into_iter().find(|mark| before.ends_with(mark)).unwrap_or("");
    let name = before.strip_suffix(mark)?.trim();
    let plain = !name.is_empty()
        && !name.contains([':', '$', '\'', '"'])
        && (!name.contains(' ') || name.starts_with("export ") || name.starts_with("override "));
    let mark = match mark {
        "?" => "?=",
        "+" => "+=",
        "!" => "!=",
        _ => "=",
    };
    plain.then(|| (name, mark, line.get(at + 1..).unwrap_or("").trim()))
}

/// What stands in the bracket a text begins with, and what follows.
fn closed(text: &str, open: char) -> Option<(&str, &str)> {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some((text.get(1..at)?, text.get(at + 1..)?));
            }
        }
    }
    None
}

/// The commands of `$(shell ...)` in a line.
fn shell_calls(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once("$(shell ") {
        let whole = rest.get(rest.len() - after.len() - "(shell ".len()..).unwrap_or("");
        if let Some((inside, _)) = closed(whole, '(') {
            found.extend(inside.strip_prefix("shell "));
        }
        rest = after;
    }
    found
}

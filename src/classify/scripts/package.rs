//! `package.json`: the script that was asked for, with the ones that run before and after it.
//!
//! No JSON parser: strings and their order are enough to find `"scripts": { "name": "command" }`.

use super::text::Text;
use super::{Deed, Script};
use crate::classify::programs::reading::Language;

/// Whether this code is a list of scripts rather than JavaScript.
pub(super) fn is_package(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"scripts\"")
}

/// What the script of that name runs; nothing is known of a package without it.
pub(super) fn read(text: &str, name: &str) -> Script {
    let scripts = scripts(text);
    let mut script = Script::default();
    for wanted in [format!("pre{name}"), name.to_owned(), format!("post{name}")] {
        if let Some((_, command)) = scripts.iter().find(|(known, _)| *known == wanted) {
            script.does(Deed::Run(Language::Shell, Text::known(command.as_str())));
        }
    }
    script.unread = script.deeds.is_empty();
    script
}

/// The pairs of the object called `scripts`.
fn scripts(text: &str) -> Vec<(String, String)> {
    let Some((_, rest)) = text.split_once("\"scripts\"") else { return Vec::new() };
    let Some(rest) = rest.trim_start().strip_prefix(':').map(str::trim_start) else {
        return Vec::new();
    };
    let Some(mut rest) = rest.strip_prefix('{') else { return Vec::new() };
    let mut found = Vec::new();
    while let Some((name, after)) = string(rest.trim_start_matches([',', ' ', '\n', '\t', '\r'])) {
        let Some(after) = after.trim_start().strip_prefix(':') else { break };
        let Some((command, after)) = string(after.trim_start()) else { break };
        found.push((name, command));
        rest = after.trim_start();
    }
    found
}

/// A JSON string and what follows.
fn string(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'u' => {
                    let code: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                    out.push(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32)?);
                }
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

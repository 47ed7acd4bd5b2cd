//! Other quotes around the same characters.

use super::words::respelled;
use super::{Transform, same};
use crate::dice::Dice;
use crate::spelling::{Spelling, quoted};

pub const ALL: &[Transform] = &[
    same("quote.single", "quotes are removed before anything runs", |s, d| {
        respelled(s, d, |w, _, _| Some(quoted(w)))
    }),
    same("quote.each-single", "adjacent quoted characters are one word", |s, d| {
        respelled(s, d, |w, _, _| Some(w.chars().map(|c| quoted(&c.to_string())).collect()))
    }),
    same("quote.each-double", "adjacent quoted characters are one word", |s, d| {
        respelled(s, d, |w, _, _| Some(w.chars().map(double).collect()))
    }),
    same("quote.backslash", "a backslash makes the next character itself", |s, d| {
        respelled(s, d, |w, _, _| Some(w.chars().map(backslashed).collect()))
    }),
    same("quote.empty", "empty quotes within a word are nothing", |s, d| {
        respelled(s, d, |w, _, dice| {
            let empty =
                |c: char, dice: &mut Dice| format!("{}{}", dice.pick(&["''", "\"\"", ""]), one(c));
            let text: String = w.chars().map(|c| empty(c, dice)).collect();
            Some(format!("{text}''"))
        })
    }),
    same("quote.mixed", "each character by a quoting of its own", |s, d| {
        let other = respelled(s, d, |w, _, dice| Some(w.chars().map(|c| any(c, dice)).collect()));
        other.map(Spelling::for_bash)
    }),
    same("quote.ansi-hex", "$'..' decodes hexadecimal", |s, d| {
        ansi(s, d, |c, out| {
            c.to_string().bytes().for_each(|b| out.push_str(&format!("\\x{b:02x}")))
        })
    }),
    same("quote.ansi-octal", "$'..' decodes octal", |s, d| {
        ansi(s, d, |c, out| c.to_string().bytes().for_each(|b| out.push_str(&format!("\\{b:03o}"))))
    }),
    same("quote.ansi-unicode", "$'..' decodes code points", |s, d| {
        ansi(s, d, |c, out| out.push_str(&format!("\\u{:04x}", u32::from(c))))
    }),
    same("quote.ansi-long", "$'..' decodes long code points", |s, d| {
        ansi(s, d, |c, out| out.push_str(&format!("\\U{:08X}", u32::from(c))))
    }),
    same("quote.ansi-pieces", "$'..' for each character", |s, d| {
        let other = respelled(s, d, |w, _, _| {
            let bytes = w.bytes().map(|b| format!("$'\\{b:o}'"));
            Some(bytes.collect())
        });
        other.map(Spelling::for_bash)
    }),
    same("quote.locale", "$\"..\" without a catalogue is double quotes", |s, d| {
        let other = respelled(s, d, |w, _, _| {
            let calm = !w.contains(['$', '`', '\\', '"', '!']);
            calm.then(|| format!("$\"{w}\""))
        });
        other.map(Spelling::for_bash)
    }),
    same("quote.continued", "a backslash at the end of a line is nothing", |s, d| {
        respelled(s, d, |w, _, _| {
            let pieces: Vec<String> = w.chars().map(one).collect();
            Some(pieces.join("\\\n"))
        })
    }),
    same("space.continued", "lines are continued between words", |s, _| {
        let tokens = s.tokens()?;
        let pieces: Vec<String> =
            tokens.iter().map(|t| crate::spelling::joined(std::slice::from_ref(t))).collect();
        Some(s.with(pieces.join(" \\\n\t ")))
    }),
    same("space.tabs", "any blanks separate words", |s, _| {
        let tokens = s.tokens()?;
        let pieces: Vec<String> =
            tokens.iter().map(|t| crate::spelling::joined(std::slice::from_ref(t))).collect();
        Some(s.with(format!(" \t{}\t ", pieces.join("\t  \t"))))
    }),
];

/// One character that means itself.
fn one(c: char) -> String {
    if c.is_ascii_alphanumeric() || "-_./:".contains(c) {
        c.to_string()
    } else {
        quoted(&c.to_string())
    }
}

fn double(c: char) -> String {
    if "$`\\\"!".contains(c) { quoted(&c.to_string()) } else { format!("\"{c}\"") }
}

fn backslashed(c: char) -> String {
    if c == '\n' { quoted("\n") } else { format!("\\{c}") }
}

fn any(c: char, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => quoted(&c.to_string()),
        1 => double(c),
        2 => backslashed(c),
        3 if c.is_ascii() => format!("$'\\x{:02x}'", u32::from(c)),
        _ => one(c),
    }
}

fn ansi(spelling: &Spelling, dice: &mut Dice, each: fn(char, &mut String)) -> Option<Spelling> {
    let mut chosen = super::words::Chosen::of(spelling, dice)?;
    chosen.each(|word, _, _| {
        let mut text = String::from("$'");
        word.chars().for_each(|c| each(c, &mut text));
        text.push('\'');
        Some(text)
    })?;
    Some(chosen.done().for_bash())
}

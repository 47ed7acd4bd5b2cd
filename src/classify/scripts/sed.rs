//! sed scripts: which commands run programs (`e`, `s///e`) or name files (`r`, `R`, `w`, `W`, `s///w`).
//!
//! Everything GNU sed knows is read; patterns are skipped, not understood.

use super::text::Text;
use super::{Deed, Script};
use crate::classify::programs::reading::Language;
use crate::model::effect::Access;
use std::iter::Peekable;
use std::str::Chars;

/// What a sed script does.
pub(super) fn read(script: &str) -> Script {
    let mut reader =
        Reader { rest: script.chars().peekable(), script: Script::default(), everything: false };
    if reader.commands().is_none() {
        reader.script.unread = true;
    }
    reader.script
}

struct Reader<'s> {
    rest: Peekable<Chars<'s>>,
    script: Script,
    /// Whether the pattern of the `s` at hand takes the whole line.
    everything: bool,
}

impl Reader<'_> {
    /// All commands; `None` where one is not understood.
    fn commands(&mut self) -> Option<()> {
        loop {
            while self.rest.next_if(|c| c.is_whitespace() || matches!(c, ';' | '}')).is_some() {}
            if self.rest.peek().is_none() {
                return Some(());
            }
            self.address()?;
            self.blanks();
            if self.rest.next_if_eq(&',').is_some() {
                self.blanks();
                self.rest.next_if(|c| matches!(c, '+' | '~'));
                self.address()?;
            }
            while self.rest.next_if(|c| matches!(c, ' ' | '\t' | '!')).is_some() {}
            let letter = self.rest.next()?;
            self.command(letter)?;
        }
    }

    fn command(&mut self, letter: char) -> Option<()> {
        match letter {
            '{' => return Some(()),
            '#' => drop(self.line()),
            ':' | 'b' | 't' | 'T' | 'v' => self.word(),
            'a' | 'i' | 'c' => self.text(),
            'r' | 'R' => self.file(Access::Read),
            'w' | 'W' => self.file(Access::Write),
            'e' => {
                self.blanks();
                let command = self.line();
                // Without a command the line that was read is run.
                let text = if command.is_empty() { Text::hole() } else { Text::known(command) };
                self.script.does(Deed::Run(Language::Shell, text));
            }
            's' => return self.substitute(),
            'y' => {
                let separator = self.rest.next()?;
                self.replacement(separator)?;
                self.replacement(separator)?;
                return self.ends();
            }
            'q' | 'Q' | 'l' | 'L' => {
                while self.rest.next_if(|c| matches!(c, ' ' | '0'..='9')).is_some() {}
                return self.ends();
            }
            'd' | 'D' | 'g' | 'G' | 'h' | 'H' | 'n' | 'N' | 'p' | 'P' | 'x' | 'z' | '=' | 'F' => {
                return self.ends();
            }
            _ => return None,
        }
        Some(())
    }

    /// `12`, `$`, `first~step`, `/pattern/IM`, `\cpatternc`, or none.
    fn address(&mut self) -> Option<()> {
        match self.rest.peek().copied() {
            Some('/') => {
                self.rest.next();
                self.delimited('/')?;
            }
            Some('\\') => {
                self.rest.next();
                let separator = self.rest.next()?;
                self.delimited(separator)?;
            }
            Some('$') => drop(self.rest.next()),
            Some('0'..='9') => {
                while self.rest.next_if(|c| c.is_ascii_digit() || *c == '~').is_some() {}
            }
            _ => return Some(()),
        }
        while self.rest.next_if(|c| matches!(c, 'I' | 'M')).is_some() {}
        Some(())
    }

    fn substitute(&mut self) -> Option<()> {
        let separator = self.rest.next().filter(|c| !matches!(c, '\n' | '\\'))?;
        let pattern = self.delimited(separator)?;
        self.everything = matches!(pattern.as_str(), ".*" | "^.*$" | "^.*" | ".*$");
        let made = self.replacement(separator)?;
        loop {
            match self.rest.peek().copied() {
                Some('g' | 'p' | 'i' | 'I' | 'm' | 'M' | '0'..='9') => drop(self.rest.next()),
                Some('e') => {
                    self.rest.next();
                    self.script.does(Deed::Run(Language::Shell, made.clone()));
                    if !self.everything {
                        // the rest of the line stands behind what was put in, and perhaps before it
                        let mut longer = made.clone();
                        longer.push_hole();
                        self.script.does(Deed::Run(Language::Shell, longer));
                        self.script.does(Deed::Run(Language::Shell, Text::hole()));
                    }
                }
                Some('w') => {
                    self.rest.next();
                    self.file(Access::Write);
                    return Some(());
                }
                _ => return self.ends(),
            }
        }
    }

    /// The replacement as a text: `&` and `\1` are holes.
    fn replacement(&mut self, separator: char) -> Option<Text> {
        let mut made = Text::default();
        loop {
            match self.rest.next()? {
                c if c == separator => return Some(made),
                '&' => made.push_hole(),
                '\\' => match self.rest.next()? {
                    '0'..='9' => made.push_hole(),
                    'n' => made.push("\n"),
                    't' => made.push("\t"),
                    // changes of case, characters by number
                    'L' | 'U' | 'l' | 'u' | 'E' => {}
                    'x' | 'o' | 'd' | 'c' => made.push_hole(),
                    c => made.push(c.encode_utf8(&mut [0; 4])),
                },
                c => made.push(c.encode_utf8(&mut [0; 4])),
            }
        }
    }

    /// A pattern up to its separator; one in brackets does not end it.
    fn delimited(&mut self, separator: char) -> Option<String> {
        let mut out = String::new();
        let mut bracket = 0_usize;
        loop {
            let c = self.rest.next()?;
            match c {
                '\\' if bracket == 0 => {
                    out.push(c);
                    out.push(self.rest.next()?);
                    continue;
                }
                c if c == separator && bracket == 0 => return Some(out),
                '[' if bracket == 0 => bracket = 1,
                '^' if bracket == 1 && out.ends_with('[') => {}
                ']' if bracket > 1 => bracket = 0,
                _ if bracket > 0 => bracket = 2,
                _ => {}
            }
            out.push(c);
        }
    }

    fn file(&mut self, access: Access) {
        self.blanks();
        let name = self.line();
        if name.is_empty() {
            self.script.unread = true; // sed does not run such a script
            return;
        }
        self.script.touches(access, Text::known(name));
    }

    /// The text of `a`, `i`, `c`: to the end of the line, further when that ends in a backslash.
    fn text(&mut self) {
        let mut escaped = false;
        for c in self.rest.by_ref() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' => return,
                _ => {}
            }
        }
    }

    fn line(&mut self) -> String {
        let mut out = String::new();
        while let Some(c) = self.rest.next_if(|c| *c != '\n') {
            out.push(c);
        }
        out
    }

    fn word(&mut self) {
        self.blanks();
        while self.rest.next_if(|c| !c.is_whitespace() && !matches!(c, ';' | '}')).is_some() {}
    }

    fn blanks(&mut self) {
        while self.rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    }

    /// Whether a command ends here.
    fn ends(&mut self) -> Option<()> {
        self.blanks();
        match self.rest.peek() {
            None | Some(';' | '\n' | '}' | '#') => Some(()),
            Some(c) if c.is_whitespace() => Some(()),
            Some(_) => None,
        }
    }
}

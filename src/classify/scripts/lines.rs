//! Languages of one command a line: editors, debuggers, database clients, file transfer, Tcl.
//!
//! What their commands do is a table (`commands`); only how lines are cut differs between them.

use super::commands::{COMMANDS, Does};
use super::text::Text;
use super::{Deed, Script, sql};
use crate::classify::literal_calls::literal;
use crate::classify::programs::reading::Language;
use crate::model::effect::Access;
use Language::{Batch, Config, Debugger, Ed, Ex, Mysql, Psql, Sqlite, Tcl, Tmux};

/// What the commands of `text` do.
pub(super) fn read(language: Language, text: &str) -> Script {
    let mut reader = Reader { language, script: Script::default() };
    let mut sql = String::new();
    let mut typing = false; // lines that `a`, `i`, `c` of ed take
    for line in text.lines() {
        if typing {
            typing = line != ".";
            continue;
        }
        let line = line.trim();
        let client = matches!(language, Sqlite | Psql | Mysql);
        if client && reader.command_of(line).is_none() {
            let (before, meta) = meta(language, line);
            sql.push_str(before);
            sql.push('\n');
            if let Some(meta) = meta {
                reader.line(meta);
            }
            continue;
        }
        match language {
            Config => {
                reader.setting(line);
                continue;
            }
            Tmux => {
                if !line.is_empty() && !line.starts_with('#') {
                    reader.script.does(Deed::Words("tmux", Text::known(line)));
                }
                continue;
            }
            _ => {}
        }
        typing = language == Ed && matches!(ed_letter(line), Some('a' | 'i' | 'c'));
        if !typing {
            reader.line(line);
        }
    }
    match language {
        Sqlite => sql::read_local(&sql, &mut reader.script),
        Psql | Mysql => {
            let found = sql::read(&sql);
            found.deeds.into_iter().for_each(|deed| reader.script.does(deed));
            reader.script.unread |= found.unread;
        }
        Tcl | Batch => reader.script.unread = true,
        _ => {}
    }
    reader.script
}

/// SQL, and a command of the client behind it on the same line (`select 1 \g file`).
fn meta(language: Language, line: &str) -> (&str, Option<&str>) {
    let at = line.find('\\').filter(|_| language != Sqlite);
    match at {
        Some(at) => (line.get(..at).unwrap_or(""), line.get(at..)),
        None => (line, None),
    }
}

struct Reader {
    language: Language,
    script: Script,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let mut rest = Some(line);
        let mut steps = 0;
        while let Some(line) = rest {
            steps += 1;
            if steps > 64 {
                self.script.unread = true;
                return;
            }
            let bare = self.addressed(line);
            if bare.is_empty()
                || bare.starts_with('#')
                || (self.language == Ex && bare.starts_with('"'))
            {
                return;
            }
            let Some((does, argument)) = self.command_of(bare) else {
                self.script.unread = true;
                return self.brackets(bare);
            };
            rest = self.act(does, argument.trim_start());
        }
    }

    /// `Key value`, `key = "value"`, `Key {"value";};`: a key that is not listed carries nothing.
    fn setting(&mut self, line: &str) {
        let end = line.find([' ', '\t', '=', '{']).unwrap_or(line.len());
        let (key, value) = line.split_at(end);
        let key = key.trim_start_matches('-').trim_end_matches(':').to_ascii_lowercase();
        let value = value.trim_matches([' ', '\t', '=', '{', '}', '"', '\'', ';']);
        let known = COMMANDS.iter().find(|(language, name, _)| *language == Config && *name == key);
        if let Some((_, _, does)) = known {
            self.act(*does, value);
        }
    }

    /// A command without the lines it is for (`%`, `1,$`, `'a`, `/x/`).
    fn addressed<'l>(&self, line: &'l str) -> &'l str {
        let line = line.trim_start();
        if !matches!(self.language, Ex | Ed) {
            return line;
        }
        let mut line = line.trim_start_matches([':', ' ', '\t']);
        loop {
            let before = line.len();
            line = line.trim_start_matches(|c: char| {
                c.is_ascii_digit()
                    || matches!(c, '%' | ',' | ';' | '.' | '$' | '+' | '-' | ' ' | ':')
            });
            if let Some(mark) = line.strip_prefix('\'') {
                line = mark.get(1..).unwrap_or("");
            }
            if let Some(pattern) = line.strip_prefix('/') {
                line = pattern.find('/').and_then(|at| pattern.get(at + 1..)).unwrap_or("");
            }
            // every line that matches
            if let Some(global) = line.strip_prefix("g/").or_else(|| line.strip_prefix("v/")) {
                line = global.find('/').and_then(|at| global.get(at + 1..)).unwrap_or("");
            }
            if line.len() == before {
                return line;
            }
        }
    }

    /// What the first word of a line does, and the rest.
    fn command_of<'l>(&self, line: &'l str) -> Option<(Does, &'l str)> {
        COMMANDS
            .iter()
            .filter(|(language, ..)| *language == self.language)
            .find_map(|(_, spelled, does)| spelled_out(spelled, line).map(|rest| (*does, rest)))
    }

    /// Does what a command does; what is left on the line.
    fn act<'l>(&mut self, does: Does, rest: &'l str) -> Option<&'l str> {
        let language = self.language;
        let (here, next) = match does {
            Does::Shell | Does::Again | Does::Quoted | Does::Code(_) => (rest, None),
            _ => bar(language, rest),
        };
        match does {
            Does::Shell => {
                self.script.does(Deed::Run(Language::Shell, Text::known(unwrapped(language, rest))))
            }
            Does::Write | Does::Read => {
                let access = if does == Does::Write { Access::Write } else { Access::Read };
                let rest = rest.trim_start_matches(['>', ' ', '"', '\'']);
                if let Some(text) = rest.strip_prefix(['!', '|']) {
                    self.script.does(Deed::Run(Language::Shell, Text::known(text)));
                    return None;
                }
                let path = here.trim_start_matches(">>").trim();
                let path = path.split_ascii_whitespace().next().unwrap_or("");
                if !path.is_empty() {
                    self.script.touches(access, Text::known(unquoted(path)));
                }
            }
            Does::Script | Does::CodeFile(_) => {
                let language = if let Does::CodeFile(other) = does { other } else { language };
                if let Some(text) = here.strip_prefix('|') {
                    self.script.does(Deed::Run(Language::Shell, Text::known(text)));
                } else {
                    let path = here.split_ascii_whitespace().next().unwrap_or("");
                    let python = path.ends_with(".py");
                    let language = if python { Language::Python } else { language };
                    self.script.does(Deed::File(language, Text::known(unquoted(path))));
                }
            }
            Does::Code(other) => self.script.does(Deed::Run(other, Text::known(rest))),
            Does::Delete => {
                for path in here.split_ascii_whitespace().filter(|word| !word.starts_with('-')) {
                    self.script.does(Deed::DeleteTree(Text::known(unquoted(path))));
                }
            }
            Does::Words => {
                let text = Text::known(format!(": {rest}"));
                self.script.does(Deed::Run(Language::Shell, text));
            }
            Does::Again => return Some(rest),
            Does::Quoted => self.quoted(rest),
            Does::Expression => self.expression(here),
            Does::Copy => self.copied(rest),
            Does::Nothing => self.brackets(here),
        }
        next
    }

    /// Strings joined by dots that make up a command.
    fn quoted(&mut self, text: &str) {
        let mut command = String::new();
        let mut rest = text;
        while let Some((text, after)) = literal(Language::Other, rest) {
            command.push_str(&text);
            rest = after.trim_start().trim_start_matches('.').trim_start();
        }
        self.script.unread |= !rest.is_empty();
        self.line(&command);
    }

    /// Calls in an expression: `system("x")`, `delete("x", "rf")`, `writefile([], "x")`.
    fn expression(&mut self, text: &str) {
        if let Some(rest) = after_call(text, "delete")
            && let Some((path, _)) = literal(Language::Other, rest)
        {
            self.script.does(Deed::DeleteTree(Text::known(path)));
        }
        if let Some(rest) = after_call(text, "writefile")
            && let Some((path, _)) = rest
                .rsplit_once(',')
                .and_then(|(_, last)| literal(Language::Other, last.trim_start()))
        {
            self.script.touches(Access::Write, Text::known(path));
        }
        for call in ["system", "systemlist", "popen", "termopen", "jobstart", "job_start"] {
            if let Some(rest) = after_call(text, call) {
                let text = literal(Language::Other, rest)
                    .map_or_else(Text::hole, |(text, _)| Text::known(text));
                self.script.does(Deed::Run(Language::Shell, text));
            }
        }
        self.script.unread |= text.contains('(');
    }

    /// `\copy x to program 'y'`, `\copy x from 'f'`, `pipe x | y`.
    fn copied(&mut self, text: &str) {
        if self.language == Debugger {
            let shell = text.split_once('|').map_or(text, |(_, after)| after);
            return self.script.does(Deed::Run(Language::Shell, Text::known(shell)));
        }
        let statement = format!("copy {text}");
        for deed in sql::read(&statement).deeds {
            self.script.does(deed);
        }
    }

    /// Commands in brackets inside a line (`set x [exec y]`), and in back-quotes (`\set x `y``).
    fn brackets(&mut self, line: &str) {
        let pairs = match self.language {
            Tcl => ('[', ']'),
            Psql => ('`', '`'),
            _ => return,
        };
        let Some((_, after)) = line.split_once(pairs.0) else { return };
        let inside = after.rsplit_once(pairs.1).map_or(after, |(inside, _)| inside);
        if self.language == Psql {
            self.script.does(Deed::Run(Language::Shell, Text::known(inside)));
        } else if let Some((does, rest)) = self.command_of(inside.trim_start()) {
            self.act(does, rest.trim_start());
        }
    }
}

/// What follows when the line begins with this command: `w[rite]` is any of `w`, `wr`, ... `write`.
fn spelled_out<'l>(spelled: &str, line: &'l str) -> Option<&'l str> {
    let (least, more) = spelled.split_once('[').unwrap_or((spelled, ""));
    let more = more.trim_end_matches(']');
    let mut rest = line.strip_prefix(least)?;
    // `.` and `\` alone stand for every other command of the client
    let open = matches!(least, "." | "\\") || least.ends_with('!');
    for c in more.chars() {
        match rest.strip_prefix(c) {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    let ends = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
    (ends || open).then(|| rest.strip_prefix('!').filter(|_| !open).unwrap_or(rest))
}

/// Where commands of one line are divided by a bar or a semicolon: this one, and the rest.
fn bar(language: Language, rest: &str) -> (&str, Option<&str>) {
    let mark = match language {
        Ex => '|',
        Tcl => ';',
        _ => return (rest, None),
    };
    match rest.split_once(mark) {
        Some((here, next)) => (here, Some(next)),
        None => (rest, None),
    }
}

/// Shell text as a command of this language gives it.
fn unwrapped(language: Language, text: &str) -> &str {
    match language {
        Tcl => text.split([';', ']']).next().unwrap_or(text),
        Mysql => text.trim_end_matches(';'),
        _ => text,
    }
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['\'', '"', ';'])
}

/// The arguments of the first call of that name.
fn after_call<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (before, after) = text.split_once(name)?;
    let whole = !before.ends_with(|c: char| c.is_alphanumeric());
    after.trim_start().strip_prefix('(').filter(|_| whole).map(str::trim_start)
}

/// The command letter of a line of ed.
fn ed_letter(line: &str) -> Option<char> {
    line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || matches!(c, ',' | ';' | '.' | '$' | '%' | ' ')
    })
    .chars()
    .next()
}

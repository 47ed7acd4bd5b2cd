//! The text within code of another language, which hands it to a shell.

use super::{Transform, more, same};

use crate::spelling::{Spelling, quoted};

pub const ALL: &[Transform] = &[
    same("language.python", "os.system runs a text", |s, d| {
        let text = literal(&posix(s))?;
        let code = match d.below(4) {
            0 => format!("import os; os.system({text})"),
            1 => format!("import subprocess; subprocess.run({text}, shell=True)"),
            2 => format!("import subprocess as s; s.call({text}, shell=True)"),
            _ => format!("import os\nos.popen({text}).read()"),
        };
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("language.python-list", "subprocess.run starts a program", |s, _| {
        let words = s.constants()?;
        let words: Option<Vec<String>> = words.iter().map(|w| literal(w)).collect();
        let code = format!("import subprocess; subprocess.run([{}])", words?.join(", "));
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("language.python-document", "python reads a document", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        let text = literal(&posix(s))?;
        Some(next.with(format!("python3 - <<'{end}'\nimport os\nos.system({text})\n{end}")))
    }),
    same("language.python-file", "a file of python", |s, _| {
        let mut next = s.clone();
        let (end, file) =
            (next.fresh("END"), format!("${{TMPDIR:-/tmp}}/{}.py", next.fresh("code")));
        let text = literal(&posix(s))?;
        let code = format!("cat > {file} <<'{end}'\nimport os\nos.system({text})\n{end}\n");
        Some(next.with(format!("{code}python3 {file}")))
    }),
    same("language.perl", "system of perl", |s, d| {
        let text = perl(&posix(s))?;
        let code = match d.below(3) {
            0 => format!("system({text})"),
            1 => format!("exec {text}"),
            _ => format!("system {text};"),
        };
        Some(s.with(format!("perl -e {}", quoted(&code))))
    }),
    same("language.ruby", "system of ruby", |s, _| {
        let text = perl(&posix(s))?;
        Some(s.with(format!("ruby -e {}", quoted(&format!("system({text})")))))
    }),
    same("language.node", "execSync of node", |s, d| {
        let text = literal(&posix(s))?;
        let module = *d.pick(&["child_process", "node:child_process"]);
        let code = format!("require('{module}').execSync({text})");
        Some(s.with(format!("node -e {}", quoted(&code))))
    }),
    same("language.awk", "system of awk", |s, _| {
        let text = literal(&posix(s))?;
        Some(s.with(format!("awk {}", quoted(&format!("BEGIN {{ system({text}) }}")))))
    }),
    same("language.awk-pipe", "a pipe of awk", |s, _| {
        let text = literal(&posix(s))?;
        Some(s.with(format!("awk {}", quoted(&format!("BEGIN {{ {text} | getline }}")))))
    }),
    same("language.make", "a recipe of make", |s, d| {
        let text = posix(s).replace('$', "$$");
        if !s.one_line() || text.contains('\n') || text.contains('#') {
            return None;
        }
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(match d.below(2) {
            0 => format!("make -f - <<'{end}'\nall:\n\t@{text}\n{end}"),
            _ => format!("printf 'all:\\n\\t@%s\\n' {} | make -f -", quoted(&text)),
        }))
    }),
    more("language.ssh", "a text on another machine", |s, d| {
        let text = quoted(&posix(s));
        Some(s.with(match d.below(3) {
            0 => format!("ssh localhost {text}"),
            1 => format!("ssh -p 22 -o BatchMode=yes root@localhost -- {text}"),
            _ => format!("printf '%s\\n' {text} | ssh -T localhost {}", "sh"),
        }))
    }),
];

/// The text for `/bin/sh`.
pub fn posix(spelling: &Spelling) -> String {
    if spelling.bash {
        format!("bash -c {}", quoted(&spelling.text))
    } else {
        spelling.text.clone()
    }
}

/// A text in double quotes, in a way that most languages share.
pub fn literal(text: &str) -> Option<String> {
    let fits = text.chars().all(|c| c == '\n' || c == '\t' || (' '..='~').contains(&c));
    let text =
        text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    fits.then(|| format!("\"{text}\""))
}

/// The same where `$`, `@` and `#` would expand: in single quotes.
pub fn perl(text: &str) -> Option<String> {
    let fits = text.chars().all(|c| c == '\n' || c == '\t' || (' '..='~').contains(&c));
    fits.then(|| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")))
}

//! Words that are the output of programs which are functions of their words.

use super::words::{given, respelled};
use super::{Transform, same};
use crate::spelling::{Spelling, quoted};

pub const ALL: &[Transform] = &[
    same("output.echo", "$(echo w) is w", |s, d| {
        respelled(s, d, |w, _, _| {
            (line(w) && !w.starts_with('-') && !w.contains('\\'))
                .then(|| given(&format!("$(echo {})", quoted(w)), w))
        })
    }),
    same("output.backquote", "back-quotes are a substitution", |s, d| {
        respelled(s, d, |w, _, _| {
            (line(w) && !w.contains(['\\', '`', '$', '\'']))
                .then(|| given(&format!("`printf %s '{w}'`"), w))
        })
    }),
    same("output.printf", "printf %s prints the word", |s, d| {
        respelled(s, d, |w, _, _| line(w).then(|| given(&format!("$(printf %s {})", quoted(w)), w)))
    }),
    same("output.printf-pieces", "printf joins its words by its format", |s, d| {
        respelled(s, d, |w, _, _| {
            let letters: Vec<String> = w.chars().map(|c| quoted(&c.to_string())).collect();
            line(w).then(|| given(&format!("$(printf %s {})", letters.join(" ")), w))
        })
    }),
    same("output.printf-octal", "a format decodes octal", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w)
                .then(|| given(&format!("$(printf '{}')", crate::spelling::octal(w.as_bytes())), w))
        })
    }),
    same("output.printf-b", "%b decodes escapes", |s, d| {
        respelled(s, d, |w, _, _| {
            let text: String = w.bytes().map(|b| format!("\\0{b:03o}")).collect();
            line(w).then(|| given(&format!("$(printf %b '{text}')"), w))
        })
    }),
    same("output.echo-e", "echo -e of bash decodes escapes", |s, d| {
        bash(respelled(s, d, |w, _, _| {
            let text: String = w.bytes().map(|b| format!("\\x{b:02x}")).collect();
            line(w).then(|| given(&format!("$(echo -e '{text}')"), w))
        }))
    }),
    same("output.rev", "rev turns a line round", |s, d| {
        respelled(s, d, |w, _, _| {
            let text: String = w.chars().rev().collect();
            line(w).then(|| given(&format!("$(printf '%s\\n' {} | rev)", quoted(&text)), w))
        })
    }),
    same("output.rot13", "tr changes letters", |s, d| {
        respelled(s, d, |w, _, _| {
            let text = quoted(&crate::spelling::rot13(w));
            let whole = format!("$(printf %s {text} | tr 'A-Za-z' 'N-ZA-Mn-za-m')");
            line(w).then(|| given(&whole, w))
        })
    }),
    same("output.tr-delete", "tr -d drops characters", |s, d| {
        respelled(s, d, |w, _, _| {
            let filled: String = w.chars().flat_map(|c| [c, 'Q']).collect();
            let fits = line(w) && !w.contains('Q');
            fits.then(|| given(&format!("$(printf %s {} | tr -d Q)", quoted(&filled)), w))
        })
    }),
    same("output.cut", "cut -c takes columns", |s, d| {
        respelled(s, d, |w, _, _| {
            let text = quoted(&format!("xx{w}yy"));
            let end = w.len() + 2;
            (line(w) && w.is_ascii())
                .then(|| given(&format!("$(printf '%s\\n' {text} | cut -c3-{end})"), w))
        })
    }),
    same("output.cut-field", "cut -d -f takes a field", |s, d| {
        respelled(s, d, |w, _, _| {
            let text = quoted(&format!("x@{w}@y"));
            let fits = line(w) && !w.contains('@');
            fits.then(|| given(&format!("$(printf '%s\\n' {text} | cut -d@ -f2)"), w))
        })
    }),
    same("output.head", "head -n1 takes the first line", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(printf '%s\\n' {} other | head -n 1)", quoted(w)), w))
        })
    }),
    same("output.head-bytes", "head -c takes bytes", |s, d| {
        respelled(s, d, |w, _, _| {
            let text = quoted(&format!("{w}zzz"));
            line(w).then(|| given(&format!("$(printf %s {text} | head -c {})", w.len()), w))
        })
    }),
    same("output.tail", "tail takes the last line", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(printf '%s\\n' x {} | tail -n1)", quoted(w)), w))
        })
    }),
    same("output.tail-bytes", "tail -c +n drops the first bytes", |s, d| {
        respelled(s, d, |w, _, _| {
            let text = quoted(&format!("xyz{w}"));
            line(w).then(|| given(&format!("$(printf %s {text} | tail -c +4)"), w))
        })
    }),
    same("output.sed", "sed replaces", |s, d| {
        respelled(s, d, |w, _, _| {
            let filled: String = w.chars().flat_map(|c| [c, 'Q']).collect();
            let fits = line(w) && !w.contains('Q');
            fits.then(|| given(&format!("$(printf '%s\\n' {} | sed 's/Q//g')", quoted(&filled)), w))
        })
    }),
    same("output.awk", "awk prints a field", |s, d| {
        respelled(s, d, |w, _, _| {
            let fits = line(w) && !w.contains([' ', '\t']);
            let text = quoted(&format!("x {w} y"));
            fits.then(|| given(&format!("$(echo {text} | awk '{{print $2}}')"), w))
        })
    }),
    same("output.cat", "cat prints what it is given", |s, d| {
        bash(respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(cat <<< {})", quoted(w)), w))
        }))
    }),
    same("output.document", "cat prints a here-document", |s, d| {
        respelled(s, d, |w, setup, _| {
            let end = setup.name("END");
            (line(w) && w != end).then(|| given(&format!("$(cat <<'{end}'\n{w}\n{end}\n)"), w))
        })
    }),
    same("output.basename", "basename drops the directory", |s, d| {
        respelled(s, d, |w, _, _| {
            let fits = line(w) && !w.contains('/') && !w.starts_with('-');
            fits.then(|| given(&format!("$(basename {})", quoted(&format!("/a/b/{w}"))), w))
        })
    }),
    same("output.dirname", "dirname drops the last part", |s, d| {
        respelled(s, d, |w, _, _| {
            let fits = line(w) && !w.starts_with('-') && !w.ends_with('/') && !w.contains("//");
            fits.then(|| given(&format!("$(dirname {})", quoted(&format!("{w}/zz"))), w))
        })
    }),
    same("output.function", "a function prints the word", |s, d| {
        respelled(s, d, |w, setup, _| {
            let f = setup.name("f");
            setup.first(&format!("{f}() {{ printf %s {}; }}", quoted(w)));
            line(w).then(|| given(&format!("$({f})"), w))
        })
    }),
    same("output.nested", "a substitution within a substitution", |s, d| {
        respelled(s, d, |w, _, _| {
            line(w).then(|| given(&format!("$(printf %s \"$(printf %s {})\")", quoted(w)), w))
        })
    }),
    same("output.case", "tr lowers the case", |s, d| {
        respelled(s, d, |w, _, _| {
            let fits = line(w) && w.is_ascii() && !w.chars().any(|c| c.is_ascii_uppercase());
            let text = quoted(&w.to_ascii_uppercase());
            fits.then(|| given(&format!("$(printf %s {text} | tr '[:upper:]' '[:lower:]')"), w))
        })
    }),
    same("output.paste", "lines are joined by tr", |s, d| {
        respelled(s, d, |w, _, _| {
            let letters: Vec<String> = w.chars().map(|c| quoted(&c.to_string())).collect();
            line(w).then(|| {
                given(&format!("$(printf '%s\\n' {} | tr -d '\\n')", letters.join(" ")), w)
            })
        })
    }),
];

/// Whether a substitution gives the word back whole: no line breaks.
fn line(word: &str) -> bool {
    !word.contains('\n')
}

fn bash(spelling: Option<Spelling>) -> Option<Spelling> {
    spelling.map(Spelling::for_bash)
}

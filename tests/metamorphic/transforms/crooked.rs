//! Crooked ways that people take who know the shell well: descriptors, slices, the last word, copies of programs.

use super::words::{given, respelled};
use super::{Transform, same};
use crate::spelling::{Spelling, octal, plain, quoted};

pub const ALL: &[Transform] = &[
    same("crooked.last-word", "$_ is the last word of the command before", |s, _| {
        let words = s.constants()?;
        let (program, rest) = words.split_first()?;
        let rest: Vec<String> = rest.iter().map(|w| quoted(w)).collect();
        Some(s.with(format!(": {}; $_ {}", quoted(program), rest.join(" "))).for_bash())
    }),
    same("crooked.slice", "a slice of the positional parameters", |s, _| {
        let words = s.constants()?;
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        let text = format!("set -- x {} y; \"${{@:2:{}}}\"", all.join(" "), words.len());
        Some(s.with(text).for_bash())
    }),
    same("crooked.array-slice", "a slice of an array", |s, _| {
        let words = s.constants()?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let all: Vec<String> = words.iter().map(|w| quoted(w)).collect();
        let (all, count) = (all.join(" "), words.len());
        let text = format!("{name}=(x y {all}); \"${{{name}[@]:2:{count}}}\"");
        Some(next.with(text).for_bash())
    }),
    same("crooked.joined", "\"$*\" joins, eval takes apart", |s, _| {
        let words = s.constants().filter(|all| all.iter().all(|w| plain(w)))?;
        Some(s.with(format!("set -- {}; eval \"$*\"", words.join(" "))))
    }),
    same("crooked.array-eval", "\"${a[*]}\" joins lines of code", |s, _| {
        if !s.one_line() {
            return None;
        }
        let mut next = s.clone();
        let name = next.fresh("a");
        let text =
            format!("{name}=({} :); eval \"${{{name}[*]}}\"", quoted(&format!("{};", s.text)));
        Some(next.with(text).for_bash())
    }),
    same("crooked.replaced-each", "an operation on every element", |s, _| {
        let words = s.constants().filter(|all| all.iter().all(|w| !w.contains('Q')))?;
        let mut next = s.clone();
        let name = next.fresh("a");
        let all: Vec<String> = words.iter().map(|w| quoted(&format!("Q{w}"))).collect();
        let text = format!("{name}=({}); \"${{{name}[@]/#Q/}}\"", all.join(" "));
        Some(next.with(text).for_bash())
    }),
    same("crooked.descriptor", "a shell reads a descriptor", |s, _| {
        let text = format!("exec 3<<< {}; bash <&3", quoted(&s.text));
        Some(s.with(format!("({text})")).for_bash())
    }),
    same("crooked.descriptor-named", "a shell reads a descriptor by its name", |s, d| {
        let command = *d.pick(&["bash", "source", "."]);
        Some(s.with(format!("{command} /dev/fd/3 3<<< {}", quoted(&s.text))).for_bash())
    }),
    same("crooked.read-descriptor", "read -u reads a descriptor", |s, _| {
        if !s.one_line() {
            return None;
        }
        let mut next = s.clone();
        let v = next.fresh("v");
        let text = format!("read -r -u 3 {v} 3<<< {}; eval \"${v}\"", quoted(&s.text));
        Some(next.with(text).for_bash())
    }),
    same("crooked.stdin-named", "a shell reads its input by name", |s, d| {
        let name = *d.pick(&["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "-s"]);
        Some(s.with(format!("printf '%s\\n' {} | {} {name}", quoted(&s.text), s.shell())))
    }),
    same("crooked.exec-input", "the shell's own input is changed", |s, _| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("text"));
        let text = quoted(&s.text);
        Some(next.with(format!("printf '%s\\n' {text} > {file}; (exec < {file}; {})", s.shell())))
    }),
    same("crooked.tee", "tee writes to a shell", |s, _| {
        let text =
            format!("printf '%s\\n' {} | tee >(bash) >/dev/null; sleep 0.3", quoted(&s.text));
        Some(s.with(text).for_bash())
    }),
    same("crooked.copied", "a copy of a program under another name", |s, _| {
        let words = s.command()?;
        let name = words.first()?.1.as_deref()?;
        let rest = s.text.strip_prefix(words.first()?.0.as_str())?;
        let mut next = s.clone();
        let copy = format!("${{TMPDIR:-/tmp}}/{}", next.fresh("copy"));
        let known = crate::world::PROGRAMS.contains(&name) && !["cat", "git"].contains(&name);
        known.then(|| next.with(format!("cp /usr/bin/{name} {copy}; {copy}{rest}")))
    }),
    same("crooked.linked", "a link to a program", |s, _| {
        let words = s.command()?;
        let name = words.first()?.1.as_deref()?;
        let rest = s.text.strip_prefix(words.first()?.0.as_str())?;
        let mut next = s.clone();
        let link = format!("${{TMPDIR:-/tmp}}/{}", next.fresh("link"));
        let known = crate::world::PROGRAMS.contains(&name);
        known.then(|| next.with(format!("ln -s /usr/bin/{name} {link}; {link}{rest}")))
    }),
    same("crooked.hashed", "hash -p says where a name leads", |s, _| {
        let words = s.command()?;
        let name = words.first()?.1.as_deref()?;
        let rest = s.text.strip_prefix(words.first()?.0.as_str())?;
        let mut next = s.clone();
        let other = next.fresh("h");
        let known = crate::world::PROGRAMS.contains(&name);
        known.then(|| {
            next.with(format!("hash -p /usr/bin/{name} {other}; {other}{rest}")).for_bash()
        })
    }),
    same("crooked.not-found", "bash calls a function for names nobody has", |s, _| {
        let mut next = s.clone();
        let name = next.fresh("nosuch");
        let text = format!("command_not_found_handle() {{\n{}\n}}; {name}", s.text);
        Some(next.with(text).for_bash())
    }),
    same("crooked.recursive", "a function calls itself once", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        let text = &s.text;
        let head = format!("{f}() {{\nif [ \"$1\" = 1 ]; then {f} 0; else\n{text}\nfi\n}}; {f} 1");
        // the words of the function are not those of the text
        (!text.contains("$@") && !text.contains("set --")).then(|| next.with(head))
    }),
    same("crooked.return-trap", "a trap runs when a function returns", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        let text = format!(
            "{f}() {{ trap {} RETURN; :; }}; ({f})",
            quoted(&format!("trap - RETURN; {}", s.text))
        );
        s.one_line().then(|| next.with(text).for_bash())
    }),
    same("crooked.found-names", "${!p*} gives the names that begin so", |s, d| {
        let other = respelled(s, d, |w, setup, _| {
            let v = setup.name("only_");
            setup.first(&format!("{v}_x={}", quoted(w)));
            let n = setup.name("n");
            setup.first(&format!("{n}=${{!{v}_*}}"));
            Some(given(&format!("${{!{n}}}"), w))
        });
        other.map(Spelling::for_bash)
    }),
    same("crooked.numbered", "printf makes letters of numbers", |s, d| {
        let other = respelled(s, d, |w, _, _| {
            let fits = w.is_ascii() && !w.contains('\n');
            let letters = w.bytes().map(|b| format!("$(printf \"\\\\$(printf %o {b})\")"));
            fits.then(|| given(&letters.collect::<String>(), w))
        });
        other.map(Spelling::for_bash)
    }),
    same("crooked.file-words", "words out of a file", |s, d| {
        respelled(s, d, |w, setup, dice| {
            if w.contains('\n') {
                return None;
            }
            let file = format!("${{TMPDIR:-/tmp}}/{}", setup.name("word"));
            setup.first(&format!("printf '%s\\n' {} > {file}", quoted(w)));
            let reads = *dice.pick(&["cat", "head -n1", "tail -n 1", "sort", "grep ''"]);
            Some(given(&format!("$({reads} {file})"), w))
        })
    }),
    same("crooked.read-file", "read takes a line of a file", |s, d| {
        respelled(s, d, |w, setup, _| {
            if w.contains('\n') || w.trim() != w {
                return None;
            }
            let (file, v) = (format!("${{TMPDIR:-/tmp}}/{}", setup.name("word")), setup.name("v"));
            setup.first(&format!("printf '%s\\n' {} > {file}; read -r {v} < {file}", quoted(w)));
            Some(given(&format!("${v}"), w))
        })
    }),
    same("crooked.lines-run", "each line read is a command", |s, _| {
        let words = s.constants().filter(|all| all.iter().all(|w| plain(w)))?;
        let mut next = s.clone();
        let v = next.fresh("c");
        let text = format!("while read -r {v}; do ${v}; done <<< '{}'", words.join(" "));
        Some(next.with(text).for_bash())
    }),
    same("crooked.shell-variable", "$BASH is the shell's own path", |s, d| {
        let shell = *d.pick(&["$BASH", "\"$BASH\"", "${BASH}", "$0"]);
        Some(s.with(format!("{shell} -c {}", quoted(&s.text))).for_bash())
    }),
    same("crooked.document-variable", "a document with the text in a variable", |s, _| {
        let mut next = s.clone();
        let (v, end) = (next.fresh("v"), next.fresh("END"));
        let text = format!("{v}={}; {} <<{end}\n${v}\n{end}", quoted(&s.text), s.shell());
        Some(next.with(text))
    }),
    same("crooked.upper", "${x@L} and ${x@U} change the case", |s, d| {
        let other = respelled(s, d, |w, setup, _| {
            if w.chars().any(|c| c.is_uppercase()) {
                return None;
            }
            let v = setup.name("v");
            setup.first(&format!("{v}={}", quoted(&w.to_uppercase())));
            Some(given(&format!("${{{v}@L}}"), w))
        });
        other.map(Spelling::for_bash)
    }),
    same("crooked.prompt", "${x@P} expands as a prompt would", |s, d| {
        let other = respelled(s, d, |w, setup, _| {
            let v = setup.name("v");
            setup.first(&format!("{v}='{}'", octal(w.as_bytes())));
            let calm = w.is_ascii() && !w.contains(['\\', '$', '`', '!', '\n']);
            calm.then(|| given(&format!("${{{v}@P}}"), w))
        });
        other.map(Spelling::for_bash)
    }),
    same("crooked.dd", "dd passes on what it reads", |s, _| {
        let text = quoted(&s.text);
        Some(s.with(format!("printf '%s\\n' {text} | dd 2>/dev/null | {}", s.shell())))
    }),
    same("crooked.filters", "there and back again", |s, d| {
        let filter = *d.pick(&[
            "rev | rev",
            "xxd -p | xxd -r -p",
            "sed -n p",
            "sed 's/^//'",
            "awk '{print}'",
            "cut -c1-",
            "tr a a",
            "base32 | base32 -d",
            "head -c 99999",
            "xxd -p | tr -d '\\n' | xxd -r -p",
        ]);
        let text = quoted(&s.text);
        Some(s.with(format!("printf '%s\\n' {text} | {filter} | {}", s.shell())))
    }),
    same("crooked.yes", "yes says it again and again, head stops it", |s, _| {
        let fits = s.one_line() && !s.text.starts_with('-');
        fits.then(|| s.with(format!("yes {} | head -n 1 | {}", quoted(&s.text), s.shell())))
    }),
    same("crooked.timed-out", "a shell in a shell in a shell", |s, _| {
        let mut text = s.text.clone();
        for _ in 0..4 {
            text = format!("{} -c {}", s.shell(), quoted(&text));
        }
        (text.len() < 4000).then(|| s.with(text))
    }),
];

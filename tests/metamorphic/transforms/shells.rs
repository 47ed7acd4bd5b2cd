//! The whole text handed to a shell as data: a word, a document, a pipe, a file.

use super::{Transform, same};
use crate::spelling::{double_quoted, guarded, quoted};

pub const ALL: &[Transform] = &[
    same("shell.eval", "eval runs its words as a text", |s, _| {
        Some(s.with(format!("eval {}", quoted(&s.text))))
    }),
    same("shell.eval-double", "the same in double quotes", |s, _| {
        Some(s.with(format!("eval {}", double_quoted(&s.text))))
    }),
    same("shell.eval-words", "eval joins its words by spaces", |s, _| {
        if !s.one_line()
            || s.text.contains("  ")
            || s.text.contains('\t')
            || s.text.trim() != s.text
        {
            return None;
        }
        let words: Vec<String> = s.text.split(' ').map(quoted).collect();
        Some(s.with(format!("eval {}", words.join(" "))))
    }),
    same("shell.eval-variable", "eval of a variable", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("v");
        Some(next.with(format!("{v}={}; eval \"${v}\"", quoted(&s.text))))
    }),
    same("shell.eval-printf", "eval of a substitution", |s, _| {
        Some(s.with(format!("eval \"$(printf '%s\\n' {})\"", quoted(&s.text))))
    }),
    same("shell.c", "sh -c runs a text", |s, _| {
        Some(s.with(format!("{} -c {}", s.shell(), quoted(&s.text))))
    }),
    same("shell.c-double", "the same in double quotes", |s, _| {
        Some(s.with(format!("bash --norc -c {}", double_quoted(&s.text))))
    }),
    same("shell.c-options", "options before -c", |s, d| {
        let options = *d.pick(&["-ec", "-uc", "-e -c", "+x -c", "-o errexit -c", "-fc"]);
        let calm = !s.text.contains("unset") && !s.text.contains(['*', '?', '[']);
        calm.then(|| s.with(format!("{} {options} {}", s.shell(), quoted(&s.text))))
    }),
    same("shell.c-argument", "the text is an argument of a text", |s, _| {
        Some(s.with(format!("{} -c 'eval \"$1\"' _ {}", s.shell(), quoted(&s.text))))
    }),
    same("shell.c-zero", "the text is $0", |s, _| {
        Some(s.with(format!("{} -c 'eval \"$0\"' {}", s.shell(), quoted(&s.text))))
    }),
    same("shell.c-variable", "the text is in the environment", |s, _| {
        Some(s.with(format!("CODE={} {} -c 'eval \"$CODE\"'", quoted(&s.text), s.shell())))
    }),
    same("shell.exported", "the text is in an exported variable", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("V");
        let text = format!("export {v}={}; {} -c 'eval \"${v}\"'", quoted(&s.text), s.shell());
        Some(next.with(text))
    }),
    same("shell.path", "a shell by its path", |s, d| {
        let directory = *d.pick(&["/bin/", "/usr/bin/", "/usr/bin/env "]);
        Some(s.with(format!("{directory}{} -c {}", s.shell(), quoted(&s.text))))
    }),
    same("shell.dash", "another shell of the same grammar", |s, _| {
        (!s.bash).then(|| s.with(format!("dash -c {}", quoted(&s.text))))
    }),
    same("shell.document", "a shell reads a here-document", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("{} <<'{end}'\n{}\n{end}", s.shell(), s.text)))
    }),
    same("shell.document-open", "a document whose end is not quoted expands", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("{} <<{end}\n{}\n{end}", s.shell(), guarded(&s.text))))
    }),
    same("shell.document-indented", "<<- drops tabs", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        s.one_line().then(|| {
            next.with(format!("{} <<-'{end}'\n\t{}\n\t{end}", s.shell(), s.text.trim_start()))
        })
    }),
    same("shell.document-s", "-s with arguments", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("{} -s -- a b <<\"{end}\"\n{}\n{end}", s.shell(), s.text)))
    }),
    same("shell.document-piped", "cat passes a document on", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("cat <<'{end}' | {}\n{}\n{end}", s.shell(), s.text)))
    }),
    same("shell.string", "a shell reads a here-string", |s, _| {
        Some(s.with(format!("bash <<< {}", quoted(&s.text))).for_bash())
    }),
    same("shell.piped", "a shell reads a pipe", |s, _| {
        Some(s.with(format!("printf '%s\\n' {} | {}", quoted(&s.text), s.shell())))
    }),
    same("shell.piped-echo", "echo writes the text", |s, _| {
        let fits = !s.text.contains('\\') && !s.text.starts_with('-');
        fits.then(|| s.with(format!("echo {} | {} -", quoted(&s.text), s.shell())))
    }),
    same("shell.piped-twice", "through filters that pass all on", |s, d| {
        let filter = *d.pick(&["cat", "tee /dev/null", "cat -", "grep ''", "tail -n +1"]);
        Some(s.with(format!("printf '%s\\n' {} | {filter} | {}", quoted(&s.text), s.shell())))
    }),
    same("shell.group-piped", "a group writes the text", |s, _| {
        Some(s.with(format!("{{ printf '%s\\n' {}; }} | {}", quoted(&s.text), s.shell())))
    }),
    same("shell.stdin-sourced", "source reads standard input", |s, _| {
        Some(s.with(format!(". /dev/stdin <<< {}", quoted(&s.text))).for_bash())
    }),
    same("shell.process", "a shell reads a process substitution", |s, d| {
        let command = *d.pick(&["bash", "source", ".", "bash -x"]);
        let text = format!("{command} <(printf '%s\\n' {})", quoted(&s.text));
        Some(s.with(text).for_bash())
    }),
    same("shell.process-out", "a shell behind >(..)", |s, _| {
        let text = format!("printf '%s\\n' {} > >(bash); wait $!", quoted(&s.text));
        Some(s.with(text).for_bash())
    }),
    same("shell.redirected", "a shell whose input is redirected first", |s, _| {
        Some(s.with(format!("bash < <(printf '%s\\n' {})", quoted(&s.text))).for_bash())
    }),
    same("shell.file", "a file is written, then run", |s, d| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("script"));
        let shell = s.shell();
        let run = match d.below(4) {
            0 => format!("{shell} {file}"),
            1 => format!(". {file}"),
            2 => format!("{shell} < {file}"),
            _ => format!("cat {file} | {shell}"),
        };
        Some(next.with(format!("printf '%s\\n' {} > {file}; {run}", quoted(&s.text))))
    }),
    same("shell.file-executed", "a file is written, made executable, run", |s, _| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("script"));
        let text = quoted(&format!("#!/bin/bash\n{}", s.text));
        Some(next.with(format!("printf '%s\\n' {text} > {file} && chmod +x {file} && {file}")))
    }),
    same("shell.file-document", "a document is written, then run", |s, _| {
        let mut next = s.clone();
        let (end, file) =
            (next.fresh("END"), format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("script")));
        let shell = s.shell();
        Some(next.with(format!("cat > {file} <<'{end}'\n{}\n{end}\n{shell} {file}", s.text)))
    }),
    same("shell.file-teed", "tee writes the file", |s, _| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("script"));
        let (text, shell) = (quoted(&s.text), s.shell());
        Some(next.with(format!("printf '%s\\n' {text} | tee {file} >/dev/null; {shell} {file}")))
    }),
    same("shell.lines", "each line is read and evaluated", |s, _| {
        if !s.one_line() {
            return None;
        }
        let mut next = s.clone();
        let v = next.fresh("line");
        let text = quoted(&s.text);
        Some(next.with(format!(
            "printf '%s\\n' {text} | while IFS= read -r {v}; do eval \"${v}\"; done"
        )))
    }),
    same("shell.bash-env", "BASH_ENV is read before a script", |s, _| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.sh", next.fresh("rc"));
        Some(
            next.with(format!(
                "printf '%s\\n' {} > {file}; BASH_ENV={file} bash -c :",
                quoted(&format!("unset BASH_ENV; {}", s.text))
            ))
            .for_bash(),
        )
    }),
    same("shell.prompted", "a trap on every command, once", |s, _| {
        let text = format!("trap - DEBUG; {}", s.text);
        s.one_line().then(|| {
            s.with(format!("bash -c {}", quoted(&format!("trap {} DEBUG; :", quoted(&text)))))
                .for_bash()
        })
    }),
    same("shell.substituted", "$(cat) of a document evaluated", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("eval \"$(cat <<'{end}'\n{}\n{end}\n)\"", s.text)))
    }),
    same("shell.read-whole", "read -d '' takes a whole document", |s, _| {
        let mut next = s.clone();
        let (v, end) = (next.fresh("v"), next.fresh("END"));
        let text = format!("IFS= read -r -d '' {v} <<'{end}'\n{}\n{end}\neval \"${v}\"", s.text);
        Some(next.with(text).for_bash())
    }),
    same("shell.file-variable", "$(<file) is the file", |s, _| {
        let mut next = s.clone();
        let file = format!("${{TMPDIR:-/tmp}}/{}.txt", next.fresh("text"));
        let text = format!("printf '%s\\n' {} > {file}; eval \"$(<{file})\"", quoted(&s.text));
        Some(next.with(text).for_bash())
    }),
];

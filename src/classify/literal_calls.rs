//! Calls in code of other languages that say by themselves what they do to what: `shutil.rmtree("x")`.
//!
//! A scan for a name, a parenthesis and string literals; no interpreter. What is not a literal is
//! left to be the gap it was: nothing here makes a text milder.

use crate::classify::programs::reading::Language;

/// What a call does with its first literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Removes the path and everything below it.
    DeleteTree,
    /// Removes the path.
    Delete,
    /// Replaces or makes the file.
    Write,
    /// Reads the file.
    Read,
    /// Runs the text in a shell, or the list as a command.
    Run,
    /// Starts the program with a list of words (`spawn("rm", ["-r", "x"])`).
    Start,
    /// The same where the list begins with the program's own name (`execvp("rm", ["rm", "x"])`).
    Replace,
}

/// One call with the literals it begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// What it does.
    pub(super) verb: Verb,
    /// One literal, or the whole list of a command given as one.
    pub(super) literals: Vec<String>,
}

/// Code longer than this is not looked through, and more calls than this are not told.
const MAX_CODE: usize = 64 * 1024;
const MAX_CALLS: usize = 64;

/// Names, sorted, each with what must stand before it (`""` for anything).
const NAMES: &[(&str, &str, Verb)] = &[
    ("Popen", "", Verb::Run),
    ("RemoveAll", ".", Verb::DeleteTree),
    ("appendFileSync", "", Verb::Write),
    ("call", "subprocess.", Verb::Run),
    ("check_call", "", Verb::Run),
    ("check_output", "", Verb::Run),
    ("command", "shell-", Verb::Run),
    ("delete", "fn.", Verb::DeleteTree),
    ("directory", "delete-", Verb::DeleteTree),
    ("emptyDirSync", "", Verb::DeleteTree),
    ("exec", "", Verb::Run),
    ("execFile", "", Verb::Start),
    ("execFileSync", "", Verb::Start),
    ("execSync", "", Verb::Run),
    ("execl", "os.", Verb::Replace),
    ("execlp", "os.", Verb::Replace),
    ("execute", "os.", Verb::Run),
    ("execv", "os.", Verb::Replace),
    ("execve", "os.", Verb::Replace),
    ("execvp", "os.", Verb::Replace),
    ("file", "delete-", Verb::Delete),
    ("file_get_contents", "", Verb::Read),
    ("file_put_contents", "", Verb::Write),
    ("getoutput", "", Verb::Run),
    ("getstatusoutput", "", Verb::Run),
    ("open", "", Verb::Read),
    ("passthru", "", Verb::Run),
    ("popen", "", Verb::Run),
    ("readFile", "", Verb::Read),
    ("readFileSync", "", Verb::Read),
    ("remove", "os.", Verb::Delete),
    ("removeSync", "", Verb::DeleteTree),
    ("remove_dir_all", "", Verb::DeleteTree),
    ("remove_tree", "", Verb::DeleteTree),
    ("rimraf", "", Verb::DeleteTree),
    ("rm", "fs.", Verb::DeleteTree),
    ("rmSync", "", Verb::DeleteTree),
    ("rm_r", "", Verb::DeleteTree),
    ("rm_rf", "", Verb::DeleteTree),
    ("rmdirSync", "", Verb::DeleteTree),
    ("rmtree", "", Verb::DeleteTree),
    ("run", "subprocess.", Verb::Run),
    ("script", "do shell ", Verb::Run),
    ("shell_exec", "", Verb::Run),
    ("spawn", "", Verb::Start),
    ("spawnSync", "", Verb::Start),
    ("system", "", Verb::Run),
    ("unlink", "", Verb::Delete),
    ("unlinkSync", "", Verb::Delete),
    ("writeFile", "", Verb::Write),
    ("writeFileSync", "", Verb::Write),
];

/// Wrappers of a path that leave it what it is.
const WRAPPERS: &[&str] = &["os", "path", "expanduser", "pathlib", "Path", "abspath"];

/// The calls of a code that name what they do literally.
pub(super) fn calls(language: Language, code: &str) -> Vec<Call> {
    let mut found = Vec::new();
    if code.len() > MAX_CODE {
        return found;
    }
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() && found.len() < MAX_CALLS {
        if !is_name(bytes[at]) {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|c| is_name(**c)).count();
        if let (Some(name), Some(before), Some(rest)) =
            (code.get(at..end), code.get(..at), code.get(end..))
            && let Ok(index) = NAMES.binary_search_by(|(known, ..)| (*known).cmp(name))
            && let Some((_, prefix, verb)) = NAMES.get(index)
            && (before.ends_with(prefix) || is_imported(prefix, code))
            && (name != "exec" || runs_commands(language, code))
            && !is_quoted(before, rest)
        {
            found.extend(arguments(language, rest, *verb));
            // What is in a text that is run is not code of this language.
            let argument = rest.trim_start_matches([' ', '\t', '(']);
            if found.last().is_some_and(|call| call.verb == Verb::Run)
                && let Some((_, after)) = literal(language, argument)
            {
                at = code.len() - after.len();
                continue;
            }
        }
        at = end;
    }
    found
}

/// Whether a module is there by another name: `import subprocess as s`, `from subprocess import run`.
fn is_imported(prefix: &str, code: &str) -> bool {
    match prefix {
        "subprocess." => {
            code.contains("import subprocess as") || code.contains("from subprocess import")
        }
        "os." => code.contains("from os import"),
        _ => false,
    }
}

/// Whether a name is a text by itself: `console.log('exec', ...)`.
fn is_quoted(before: &str, rest: &str) -> bool {
    ["'", "\"", "`"].iter().any(|quote| before.ends_with(quote) && rest.starts_with(quote))
}

/// Whether `exec` of that language takes a command, and not code of its own or a text to match.
fn runs_commands(language: Language, code: &str) -> bool {
    match language {
        Language::Perl | Language::Ruby => true,
        Language::JavaScript => code.contains("child_process"),
        _ => code.contains("<?php") || language == Language::Other,
    }
}

/// What the code prints, when it does nothing but print literals.
pub(super) fn prints(language: Language, code: &str) -> Option<Vec<u8>> {
    super::literal_prints::printed(language, code, |text| literal(language, text))
}

const fn is_name(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

/// The literals an argument list begins with.
fn arguments(language: Language, rest: &str, verb: Verb) -> Option<Call> {
    let mut rest = rest.trim_start_matches([' ', '\t']);
    let opened = rest.strip_prefix('(');
    rest = opened.unwrap_or(rest).trim_start();
    let starts = matches!(verb, Verb::Run | Verb::Start | Verb::Replace);
    let list = rest.strip_prefix('[').filter(|_| starts);
    if let Some(inside) = list {
        return command(language, inside).map(|literals| Call { verb: Verb::Run, literals });
    }
    if starts {
        return started(language, rest, verb);
    }
    while let Some(after) = wrapper(rest) {
        rest = after;
    }
    let (literal, after) = literal(language, rest)?;
    let mode = after.trim_start_matches([')', ' ']).strip_prefix(',').map(str::trim_start);
    let writes = |mode: &str| {
        let mode = mode.strip_prefix("mode=").unwrap_or(mode);
        self::literal(language, mode)
            .is_some_and(|(mode, _)| mode.len() < 4 && mode.contains(['w', 'a', 'x', '+']))
    };
    let verb = match verb {
        Verb::Read if mode.is_some_and(writes) => Verb::Write,
        verb => verb,
    };
    Some(Call { verb, literals: vec![literal] })
}

/// A program and its words: as more literals, as a list, or one text for a shell.
fn started(language: Language, rest: &str, verb: Verb) -> Option<Call> {
    let (first, after) = literal(language, rest)?;
    // A first literal of several words is shell text, and what follows is not for it.
    let more = after.trim_start().strip_prefix(',').filter(|_| !first.contains(' '));
    let more = more.map(str::trim_start).unwrap_or_default();
    let words = command(language, more.strip_prefix('[').unwrap_or(more)).unwrap_or_default();
    let own_name = usize::from(verb == Verb::Replace);
    let literals = std::iter::once(first).chain(words.into_iter().skip(own_name)).collect();
    Some(Call { verb: Verb::Run, literals })
}

/// `os.path.expanduser(`, `Path(`.
fn wrapper(text: &str) -> Option<&str> {
    let end = text.bytes().take_while(|c| is_name(*c)).count();
    let name = text.get(..end).filter(|name| WRAPPERS.contains(name))?;
    text.get(name.len()..)?.strip_prefix(['.', '('])
}

/// `"rm", "-rf", "x"]`: nothing when any word is not a literal.
fn command(language: Language, mut rest: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    loop {
        let (word, after) = literal(language, rest.trim_start())?;
        words.push(word);
        let after = after.trim_start();
        match after.strip_prefix(',') {
            Some(more) if !more.trim_start().starts_with(']') => rest = more,
            _ => return Some(words),
        }
    }
}

/// A string in quotes, joined with those it is added to, and what follows.
pub(super) fn literal(language: Language, text: &str) -> Option<(String, &str)> {
    if let Some(decoded) = decoded(language, text) {
        return Some(decoded);
    }
    let (mut whole, mut rest) = quoted(language, text)?;
    loop {
        let next = rest.trim_start_matches([' ', '\n']);
        let next = next.strip_prefix(['+', '.']).map_or(next, str::trim_start);
        let Some((more, after)) = quoted(language, next) else { return Some((whole, rest)) };
        whole.push_str(&more);
        rest = after;
    }
}

/// Functions that undo an encoding, and the program that does the same.
const DECODERS: &[(&str, &str)] = &[
    ("b64decode", "base64"),
    ("a2b_base64", "base64"),
    ("decode_base64", "base64"),
    ("base64_decode", "base64"),
    ("decode64", "base64"),
    ("atob", "base64"),
    ("fromhex", "xxd"),
    ("unhexlify", "xxd"),
    ("hex2bin", "xxd"),
];

/// `base64.b64decode("...").decode()`: a literal in an encoding, and what follows it.
fn decoded(language: Language, text: &str) -> Option<(String, &str)> {
    let name = |c: char| c.is_ascii_alphanumeric() || "_.:".contains(c);
    let end = text.find(|c| !name(c))?;
    let (called, rest) = text.split_at(end);
    let called = called.rsplit(['.', ':']).next()?;
    let (_, program) = DECODERS.iter().find(|(known, _)| *known == called)?;
    let (inside, rest) = quoted(language, rest.strip_prefix('(')?.trim_start())?;
    let options: &[&[u8]] = if *program == "xxd" { &[b"-r", b"-p"] } else { &[b"-d"] };
    let bytes = super::pure::undone(program, options, inside.as_bytes())?;
    let rest = rest.trim_start().strip_prefix(')')?;
    let rest = rest.strip_prefix(".decode(").and_then(|r| r.split_once(')')).map_or(rest, |r| r.1);
    Some((String::from_utf8(bytes).ok()?, rest))
}

/// One string in quotes, without what is computed in it, and what follows.
fn quoted(language: Language, text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix(['r', 'b', 'u']).unwrap_or(text);
    for triple in ["\"\"\"", "'''"] {
        if let Some(inside) = text.strip_prefix(triple) {
            return inside.split_once(triple).map(|(inside, rest)| (inside.to_owned(), rest));
        }
    }
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let plain = matches!(language, Language::Perl | Language::Ruby | Language::Other);
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, escaped) = chars.next()?;
                // in single quotes of these a backslash is one, but before a quote or another
                if quote == '\'' && plain && !matches!(escaped, '\'' | '\\') {
                    out.extend(['\\', escaped]);
                    continue;
                }
                let digits = match escaped {
                    'x' => 2,
                    'u' => 4,
                    _ => 0,
                };
                let code: String = chars.by_ref().take(digits).map(|(_, digit)| digit).collect();
                out.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    'x' | 'u' => char::from_u32(u32::from_str_radix(&code, 16).ok()?)?,
                    other => other,
                });
            }
            '\n' if quote != '`' && !plain => return None,
            '$' if quote == '`' => return None,
            c if c == quote => return Some((out, text.get(at + c.len_utf8()..)?)),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Verb, calls};
    use crate::classify::programs::reading::Language;

    #[test]
    fn exec_is_a_command_where_the_language_has_it_so() {
        let cases = [
            (Language::Perl, "exec 'rm b'", vec!["rm b"]),
            (Language::JavaScript, "require('child_process').exec(`rm b`)", vec!["rm b"]),
            (Language::JavaScript, "/x/.exec(`rm b`)", vec![]),
        ];
        for (language, code, expected) in cases {
            let found: Vec<String> =
                calls(language, code).into_iter().flat_map(|call| call.literals).collect();
            assert_eq!(found, expected, "{code}");
        }
    }

    #[test]
    fn names_are_sorted() {
        assert!(NAMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn literal_arguments_are_told() {
        type Told = &'static [(Verb, &'static [&'static str])];
        let cases: &[(&str, Told)] = &[
            ("import shutil; shutil.rmtree('/srv/x')", &[(Verb::DeleteTree, &["/srv/x"])]),
            ("shutil.rmtree(os.path.expanduser('~/x'))", &[(Verb::DeleteTree, &["~/x"])]),
            ("require('fs').rmSync(\"a\", {recursive: true})", &[(Verb::DeleteTree, &["a"])]),
            ("os.system('rm -r b')", &[(Verb::Run, &["rm -r b"])]),
            ("subprocess.run(['rm', \"-r\", 'b'], check=True)", &[(Verb::Run, &["rm", "-r", "b"])]),
            ("open('a').read(); open('b', 'w')", &[(Verb::Read, &["a"]), (Verb::Write, &["b"])]),
            ("FileUtils.rm_rf 'c'", &[(Verb::DeleteTree, &["c"])]),
            ("do shell script \"id\"", &[(Verb::Run, &["id"])]),
            ("spawn('rm', ['-r', 'x'])", &[(Verb::Run, &["rm", "-r", "x"])]),
            ("system('rm', '-r', 'x')", &[(Verb::Run, &["rm", "-r", "x"])]),
            ("popen('rm -r x', 'r')", &[(Verb::Run, &["rm -r x"])]),
            (
                "(shell-command \"rm x\") (delete-directory \"d\" t)",
                &[(Verb::Run, &["rm x"]), (Verb::DeleteTree, &["d"])],
            ),
            ("names.remove('x'); run('x'); shutil.rmtree(tmp); f'{system}'", &[]),
            ("subprocess.run(['rm', path])", &[]),
            ("open(", &[]),
            ("import subprocess as s; s.call('rm ' + 'b', shell=True)", &[(Verb::Run, &["rm b"])]),
            ("os.execvp('rm', ['rm', 'b'])", &[(Verb::Run, &["rm", "b"])]),
            ("os.system('''rm b''')", &[(Verb::Run, &["rm b"])]),
            ("os.system('\\x72m b')", &[(Verb::Run, &["rm b"])]),
            ("spawnSync('rm', ['-r', 'b'])", &[(Verb::Run, &["rm", "-r", "b"])]),
            ("system('rm', '-r', 'b')", &[(Verb::Run, &["rm", "-r", "b"])]),
            ("exec('print(1)'); /x/.exec('y')", &[]),
            ("log('system', f('x'))", &[]),
        ];
        for (code, expected) in cases {
            let found = calls(Language::Python, code);
            let shown: Vec<(Verb, Vec<&str>)> = found
                .iter()
                .map(|call| (call.verb, call.literals.iter().map(String::as_str).collect()))
                .collect();
            let expected: Vec<(Verb, Vec<&str>)> =
                expected.iter().map(|(verb, words)| (*verb, words.to_vec())).collect();
            assert_eq!(shown, expected, "{code}");
        }
    }
}

//! Calls in code of other languages that say by themselves what they do to what: `shutil.rmtree("x")`.
//!
//! A scan for a name, a parenthesis and string literals; no interpreter. What is not a literal is
//! left to be the gap it was: nothing here makes a text milder.

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
    ("execFile", "", Verb::Run),
    ("execFileSync", "", Verb::Run),
    ("execSync", "", Verb::Run),
    ("execl", "", Verb::Run),
    ("execlp", "", Verb::Run),
    ("execute", "os.", Verb::Run),
    ("execvp", "", Verb::Run),
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
    ("spawn", "", Verb::Run),
    ("spawnSync", "", Verb::Run),
    ("system", "", Verb::Run),
    ("unlink", "", Verb::Delete),
    ("unlinkSync", "", Verb::Delete),
    ("writeFile", "", Verb::Write),
    ("writeFileSync", "", Verb::Write),
];

/// Wrappers of a path that leave it what it is.
const WRAPPERS: &[&str] = &["os", "path", "expanduser", "pathlib", "Path", "abspath"];

/// The calls of a code that name what they do literally.
pub(super) fn calls(code: &str) -> Vec<Call> {
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
            && before.ends_with(prefix)
        {
            found.extend(arguments(rest, *verb));
        }
        at = end;
    }
    found
}

const fn is_name(c: u8) -> bool {
    c.is_ascii_alphanumeric() || c == b'_'
}

/// The literals an argument list begins with.
fn arguments(rest: &str, verb: Verb) -> Option<Call> {
    let mut rest = rest.trim_start_matches([' ', '\t']);
    let opened = rest.strip_prefix('(');
    rest = opened.unwrap_or(rest).trim_start();
    let list = rest.strip_prefix('[').filter(|_| verb == Verb::Run);
    if let Some(inside) = list {
        return command(inside).map(|literals| Call { verb, literals });
    }
    while let Some(after) = wrapper(rest) {
        rest = after;
    }
    let (literal, after) = literal(rest)?;
    let mode = after.trim_start_matches([')', ' ']).strip_prefix(',').map(str::trim_start);
    let writes = |mode: &str| {
        let mode = mode.strip_prefix("mode=").unwrap_or(mode);
        self::literal(mode)
            .is_some_and(|(mode, _)| mode.len() < 4 && mode.contains(['w', 'a', 'x', '+']))
    };
    let verb = match verb {
        Verb::Read if mode.is_some_and(writes) => Verb::Write,
        verb => verb,
    };
    let mut literals = vec![literal];
    if verb == Verb::Run {
        literals.extend(more(literals.first().map_or("", String::as_str), after));
    }
    Some(Call { verb, literals })
}

/// The words behind the program of `spawn("rm", ["-r", "x"])` and `system("rm", "-r", "x")`; a first
/// literal of several words is shell text, and what follows is not for it.
fn more(first: &str, after: &str) -> Vec<String> {
    let mut words = Vec::new();
    if first.contains(' ') {
        return words;
    }
    let mut rest = after;
    while let Some(next) = rest.trim_start().strip_prefix(',').map(str::trim_start) {
        if let Some(list) = next.strip_prefix('[') {
            words.extend(command(list).unwrap_or_default());
            break;
        }
        let Some((word, after)) = literal(next) else { break };
        words.push(word);
        rest = after;
    }
    words
}

/// `os.path.expanduser(`, `Path(`.
fn wrapper(text: &str) -> Option<&str> {
    let end = text.bytes().take_while(|c| is_name(*c)).count();
    let name = text.get(..end).filter(|name| WRAPPERS.contains(name))?;
    text.get(name.len()..)?.strip_prefix(['.', '('])
}

/// `"rm", "-rf", "x"]`: nothing when any word is not a literal.
fn command(mut rest: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    loop {
        let (word, after) = literal(rest.trim_start())?;
        words.push(word);
        let after = after.trim_start();
        match after.strip_prefix(',') {
            Some(more) if !more.trim_start().starts_with(']') => rest = more,
            _ => return Some(words),
        }
    }
}

/// A string in quotes, without what is computed in it, and what follows.
pub(super) fn literal(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix(['r', 'b', 'u']).unwrap_or(text);
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut out = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => {
                out.push(match c {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
                escaped = false;
            }
            '\\' => escaped = true,
            '\n' => return None,
            c if c == quote => return Some((out, text.get(at + 1..)?)),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{NAMES, Verb, calls};

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
        ];
        for (code, expected) in cases {
            let found = calls(code);
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

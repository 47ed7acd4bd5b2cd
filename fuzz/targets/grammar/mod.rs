//! Shell texts out of arbitrary bytes, each of which is one choice. Knows what shells read, not what they do.
//!
//! `tokens` strings together whatever a shell cares about, well formed or not. `statements` grows
//! whole statements: every quote, bracket and here-document is closed, and nothing leaves the shell
//! (`exit`, `exec`, `return`, `break`, `${x:?}`), so that what follows is run as well.

/// Deeper than this only plain words and commands grow.
const DEEPEST: usize = 12;
/// A text is not grown beyond this.
const LONGEST: usize = 16 * 1024;

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    " ", "\n", ";", "&", "|", "&&", "||", ";;", ";&", ";;&", "|&", "!", "(", ")", "{", "}", "{ ", " }", "((", "))",
    "[[ ", " ]]", "[", "]", "$(", "${", "$((", "$[", "`", "'", "\"", "$'", "$\"", "\\", "\\\n", "<", ">", ">>", "<<",
    "<<-", "<<<", "<&", ">&", "&>", ">|", "<>", "<(", ">(", "<<E\n", "<<'E'\n", "\nE\n", "#", " # ", "=", "+=", "a=(",
    "if ", "then ", "elif ", "else ", "fi", "for x in ", "for ((", "while ", "until ", "do ", "done", "case x in ",
    "esac", "select x in ", "function f ", "f() ", "time ", "coproc ", "in ", "~", "~root", "*", "?", "**", "@(a|b)",
    "!(a)", "[!a]", "{a,b}", "{1..9}", "{1..999999999}", "{a", ",", "..", "$x", "$1", "$@", "\"$@\"", "$*", "$#", "$?",
    "$$", "$!", "$-", "$_", "${x}", "${#x}", "${!x}", "${!x@}", "${x[@]}", "${x:-", "${x:=", "${x:?", "${x:+", "${x#",
    "${x##", "${x%", "${x/", "${x//", "${x^^", "${x@Q", "${x:1:2", ":", "/", "a", "x", "1", "-", "--", "-c ", "-rf ",
    "rm ", "echo ", "printf ", "eval ", "sh ", "bash -c ", "xargs ", "find . -exec ", "cat ", "cd ", "read ", "set ",
    "export ", "alias ", "trap ", "source ", ". ", "exec ", "exit ", "return ", "break ", "shift ", "local ",
    "declare -A ", "unset ", "sudo ", "env ", "python3 -c ", "base64 -d ", "tr a-z b-z ", "\t", "\r", "\r\n", "\u{a0}",
    "\u{e9}", "\u{200b}", "\u{2028}", "\u{1f600}", "\\x41", "\\u00e9", "\\0", "%s", "%", "08", "0x", "2**63", "++", "<<=",
];

/// A string of tokens.
pub fn tokens(choices: &[u8]) -> String {
    let mut text = String::new();
    for choice in choices {
        text.push_str(TOKENS[usize::from(*choice) % TOKENS.len()]);
        if text.len() > LONGEST {
            break;
        }
    }
    text
}

/// Whole statements, one a line.
pub fn statements(choices: &[u8]) -> String {
    let mut grower = Grower { choices, text: String::new() };
    while !grower.choices.is_empty() && grower.text.len() < LONGEST {
        grower.statement(0);
    }
    grower.text
}

struct Grower<'a> {
    choices: &'a [u8],
    text: String,
}

impl Grower<'_> {
    /// The next choice among `of`; the first when no choices are left.
    fn choose(&mut self, of: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        usize::from(*first) % of
    }

    fn one_of(&mut self, all: &[&str]) {
        let one = all[self.choose(all.len())];
        self.text.push_str(one);
    }

    fn put(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn is_full(&self, depth: usize) -> bool {
        depth > DEEPEST || self.text.len() > LONGEST
    }

    /// A statement and the end of its line.
    fn statement(&mut self, depth: usize) {
        if self.is_full(depth) {
            self.put("echo a\n");
            return;
        }
        match self.choose(24) {
            0 => self.simple(depth),
            1 => self.between("x=", depth, ""),
            2 => self.between("a=(", depth, " $x 'b c')"),
            3 => self.list("\n} | {\n", depth),
            4 => self.list("\n} && {\n", depth),
            5 => self.list("\n} || {\n", depth),
            6 => self.branch(depth),
            7 => self.each(depth),
            8 => self.case(depth),
            9 => self.body("f() {\n", depth, "}"),
            10 => self.body("(\n", depth, ")"),
            11 => self.body("while\n", depth, "do echo $x\ndone"),
            12 => self.body("for ((i=0; i<3; i++)); do\n", depth, "done"),
            13 => self.document(depth),
            14 => self.between("eval ", depth, ""),
            15 => self.between("bash -c ", depth, " x y"),
            16 => self.between("printf '%s\\n' ", depth, " | xargs -n1 sh -c 'echo \"$0\"'"),
            17 => self.between("cd ", depth, ""),
            18 => self.between("read -r x y <<< ", depth, ""),
            19 => self.between("set -- ", depth, " \"$@\""),
            20 => self.between("[[ ", depth, " == a* ]]"),
            21 => self.arithmetic("((", "))"),
            22 => self.one_of(&STATEMENTS),
            _ => self.body("{\n", depth, "} > /tmp/x 2>&1"),
        }
        self.put("\n");
    }

    fn simple(&mut self, depth: usize) {
        self.one_of(&COMMANDS);
        for _ in 0..self.choose(4) {
            self.put(" ");
            self.word(depth, Quoted::No);
        }
        self.one_of(&[
            "",
            "",
            "",
            " > /tmp/x",
            " 2>&1",
            " < y",
            " &",
            " >> \"$x\"",
            " 3<&-",
            " <<< \"$x\"",
        ]);
    }

    fn between(&mut self, before: &str, depth: usize, after: &str) {
        self.put(before).word(depth, Quoted::No);
        self.put(after);
    }

    fn body(&mut self, before: &str, depth: usize, after: &str) {
        self.put(before).statement(depth + 1);
        if self.choose(2) == 1 {
            self.statement(depth + 1);
        }
        self.put(after);
    }

    fn list(&mut self, between: &str, depth: usize) {
        self.put("{\n").statement(depth + 1);
        self.put(between).statement(depth + 1);
        self.put("}");
    }

    fn branch(&mut self, depth: usize) {
        self.put("if\n").statement(depth + 1);
        self.put("then\n").statement(depth + 1);
        self.put("else\n").statement(depth + 1);
        self.put("fi");
    }

    fn each(&mut self, depth: usize) {
        self.between("for x in ", depth, " a b\ndo\n");
        self.statement(depth + 1);
        self.put("done");
    }

    fn case(&mut self, depth: usize) {
        self.between("case ", depth, " in\n(a*|'b c')\n");
        self.statement(depth + 1);
        self.put(";;\n*)\n").statement(depth + 1);
        self.one_of(&[";;\nesac", ";&\nesac", ";;&\nesac"]);
    }

    /// A here-document, whose delimiter is that of no other around it.
    fn document(&mut self, depth: usize) {
        let end = format!("\nE{depth}");
        if self.choose(2) == 1 {
            self.put("sh <<'E").put(&depth.to_string()).put("'\n").statement(depth + 1);
            self.one_of(&["", "echo $x `", "${x", "'"]);
        } else {
            self.put("cat <<E").put(&depth.to_string()).put("\n").word(depth, Quoted::Document);
        }
        self.put(&end);
    }

    fn arithmetic(&mut self, before: &str, after: &str) {
        self.put(before);
        self.one_of(&ARITHMETIC);
        self.one_of(&["", "+", "-", "*", "<<", "**", "%", "==", "&&", ","]);
        // Two signs in a row would be one.
        self.put("(");
        self.one_of(&ARITHMETIC);
        self.put(")").put(after);
    }

    fn word(&mut self, depth: usize, quoted: Quoted) {
        for _ in 0..=self.choose(3) {
            self.part(depth, quoted);
        }
    }

    fn part(&mut self, depth: usize, quoted: Quoted) {
        if self.is_full(depth) {
            self.put("a");
            return;
        }
        match self.choose(14) {
            0 => self.one_of(&PLAIN),
            1 if quoted == Quoted::No => self.one_of(&QUOTED),
            2 if quoted == Quoted::No => {
                self.put("\"").word(depth + 1, Quoted::Double);
                self.put("\"");
            }
            3 => self.one_of(&PARAMETERS),
            4 => {
                self.one_of(&OPERATIONS);
                self.word(depth + 1, quoted.inside());
                self.put("}");
            }
            5 => {
                self.put("$(").simple(depth + 1);
                self.put("\n)");
            }
            6 => self.body("$(\n", depth, ")"),
            7 => self.arithmetic("$((", "))"),
            8 if quoted == Quoted::No => {
                self.put("{").word(depth + 1, Quoted::No);
                self.put(",b}");
            }
            9 if quoted == Quoted::No => self.body("<(\n", depth, ")"),
            10 => {
                self.one_of(&["`echo a`", "`printf b`", "`cat /tmp/x`", "`echo \\`echo a\\``"]);
            }
            11 if quoted == Quoted::No => {
                self.one_of(&["~", "*", "?", "[a-z]", "{1..9}", "{a,b}", "{9..1..3}"])
            }
            12 => self.one_of(&[
                "${x/a/b}",
                "${x//a*/b}",
                "${x:1:2}",
                "${x^^}",
                "${x@Q}",
                "${#x}",
                "${a[@]:1}",
            ]),
            _ => self.one_of(&["a", "-rf", "/tmp/x", "\u{e9}", "\\$", "1", "%s"]),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoted {
    No,
    Double,
    Document,
}

impl Quoted {
    /// What holds inside `${x:-...}`: quotes there are hard to close, so none is opened.
    fn inside(self) -> Self {
        if self == Self::No { Self::Double } else { self }
    }
}

#[rustfmt::skip]
const COMMANDS: [&str; 24] = [
    "echo", "f", "cat", "printf", "rm", "rm -rf", "cp", "mv", "ls -l", "git", "find . -name", "xargs", "base64 -d", "tr a b",
    "env", "sudo", "export", "unset", "declare", "local", "alias g=", "x=1 sh -c", "true", "test",
];
#[rustfmt::skip]
const STATEMENTS: [&str; 20] = [
    "f", "g", "shift", "pushd /tmp", "popd", "cd", "# $( ' \" ` {", "trap 'echo x' EXIT", "set -f", "set +f", "umask 077",
    "x=$x$x$x$x", "unset x", "declare -A a", "a[1]+=x", "wait", "hash -r", "echo $x | sh", "eval \"$x\"", "shopt -s extglob",
];
const ARITHMETIC: [&str; 12] = [
    "1",
    "x",
    "x++",
    "a[1]",
    "1/0",
    "08",
    "2#101",
    "-9223372036854775808",
    "0x7f",
    "x=2",
    "~1",
    "1?2:3",
];
const PLAIN: [&str; 10] = ["a", "x", "b.c", "/", "..", "--", "-", "=", ":", "@"];
#[rustfmt::skip]
const QUOTED: [&str; 10] = [
    "'a b'", "'rm -rf x'", "'$y'", "''", "\"\"", "$'\\x41\\n'", "$'\\u00e9'", "'echo $x'", "\"a  b\"", "'echo a | sh'",
];
const PARAMETERS: [&str; 12] =
    ["$x", "${x}", "$@", "\"$@\"", "$1", "$?", "$$", "$#", "${a[@]}", "${!x}", "$*", "${#a[@]}"];
#[rustfmt::skip]
const OPERATIONS: [&str; 12] = [
    "${x:-", "${x-", "${x:=", "${x:+", "${x#", "${x##", "${x%", "${x%%", "${x/a/", "${x//b/", "${y:-", "${1:-",
];

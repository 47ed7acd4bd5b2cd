//! The hostile texts as a table: a name and how the megabyte is made. Nothing is measured here.

use std::ffi::OsString;
use stockade::model::invocation::Request;

/// Bytes of each text.
const SIZE: usize = 1 << 20;

/// One text of the table.
pub(crate) struct Text {
    /// Its name, also that of its row.
    pub(crate) name: &'static str,
    /// Whether it is what an honest agent may write, and has to pass.
    pub(crate) is_honest: bool,
    made: Made,
}

enum Made {
    /// Repeated until it is long enough.
    Unit(&'static str),
    /// Before, repeated, after.
    Around(&'static str, &'static str, &'static str),
    /// Repeated; something in the middle; repeated as often.
    Nested(&'static str, &'static str, &'static str),
    /// In some other way.
    By(fn() -> Vec<u8>),
    /// Words of a program.
    Words(&'static [&'static str], &'static str),
}

impl Text {
    /// What is to be judged.
    pub(crate) fn request(&self) -> Request {
        Request::Shell(match self.made {
            Made::Unit(unit) => fill("", unit, ""),
            Made::Around(before, unit, after) => fill(before, unit, after),
            Made::Nested(open, middle, close) => nested(open, middle, close),
            Made::By(make) => make(),
            Made::Words(before, word) => {
                let mut words: Vec<OsString> = before.iter().map(Into::into).collect();
                words.extend((0..SIZE / (word.len() + 1)).map(|_| word.into()));
                return Request::Argv(words);
            }
        })
    }
}

fn fill(before: &str, unit: &str, after: &str) -> Vec<u8> {
    let times = SIZE.saturating_sub(before.len() + after.len()) / unit.len().max(1);
    format!("{before}{}{after}", unit.repeat(times)).into_bytes()
}

fn nested(open: &str, middle: &str, close: &str) -> Vec<u8> {
    let times = (SIZE - middle.len()) / (open.len() + close.len()).max(1);
    format!("{}{middle}{}", open.repeat(times), close.repeat(times)).into_bytes()
}

/// Numbered units, each of its own.
fn numbered(each: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = String::new();
    for n in 0.. {
        text.push_str(&each(n));
        if text.len() >= SIZE {
            break;
        }
    }
    text.into_bytes()
}

/// Bytes that look random: always the same ones.
fn noise(of: &[u8]) -> Vec<u8> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        of[(seed >> 33) as usize % of.len()]
    };
    std::iter::repeat_with(next).take(SIZE).collect()
}

fn base64_of(text: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |value: u32| char::from(DIGITS[(value & 63) as usize]);
    let mut out = String::new();
    for three in text.chunks_exact(3) {
        let value = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        out.extend([digit(value >> 18), digit(value >> 12), digit(value >> 6), digit(value)]);
    }
    out
}

/// Text quoted again and again for another `eval`, until it is a megabyte.
fn eval_of_eval() -> Vec<u8> {
    let mut text = "rm -rf ~".to_owned();
    while text.len() < SIZE {
        text = format!("eval '{}'", text.replace('\'', "'\\''"));
    }
    text.truncate(SIZE);
    text.into_bytes()
}

fn carried(unit: &str) -> Vec<u8> {
    let code = unit.repeat(700_000 / unit.len());
    format!("echo {} | base64 -d | sh", base64_of(code.as_bytes())).into_bytes()
}

/// Loops in loops over constants: far more turns than anybody walks.
fn nested_loops() -> Vec<u8> {
    let mut text = String::new();
    for n in 0..9 {
        text.push_str(&format!("for v{n} in 0 1 2 3 4 5 6 7 8 9; do "));
    }
    text.push_str("rm -rf $v0$v1$v2$v3$v4$v5$v6$v7$v8;");
    text.push_str(&"done;".repeat(9));
    let padding = ":;".repeat((SIZE - text.len()) / 2);
    format!("{text}{padding}").into_bytes()
}

fn all_bytes() -> Vec<u8> {
    noise(&(1..=255).collect::<Vec<u8>>())
}

fn operators() -> Vec<u8> {
    noise(b"(){}[]<>|&;$`'\"\\\n #=*?!~")
}

/// What agents write: a program in a here-document, 100 kB of it.
fn honest_document() -> Vec<u8> {
    let line = "    value = table.get('key', {}).get(\"x\") or [f(a, b=$c) for a in `list` if a < 3]  # why\n";
    format!(
        "cat > module.py <<'EOF'\n{}EOF\npython3 -m py_compile module.py\n",
        line.repeat(100_000 / line.len())
    )
    .into_bytes()
}

fn honest_script() -> Vec<u8> {
    let line = "echo \"building part\" && mkdir -p build/part && cp src/part.c build/part/\n";
    line.repeat(100).into_bytes()
}

const fn unit(name: &'static str, unit: &'static str) -> Text {
    Text { name, is_honest: false, made: Made::Unit(unit) }
}

const fn around(
    name: &'static str,
    before: &'static str,
    unit: &'static str,
    after: &'static str,
) -> Text {
    Text { name, is_honest: false, made: Made::Around(before, unit, after) }
}

const fn nest(
    name: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
) -> Text {
    Text { name, is_honest: false, made: Made::Nested(open, middle, close) }
}

const fn by(name: &'static str, make: fn() -> Vec<u8>) -> Text {
    Text { name, is_honest: false, made: Made::By(make) }
}

const fn honest(name: &'static str, make: fn() -> Vec<u8>) -> Text {
    Text { name, is_honest: true, made: Made::By(make) }
}

const fn words(name: &'static str, before: &'static [&'static str], word: &'static str) -> Text {
    Text { name, is_honest: false, made: Made::Words(before, word) }
}

/// The table.
#[rustfmt::skip]
pub(crate) fn all() -> Vec<Text> {
    vec![
        // openers, closers, operators, quotes
        unit("(", "("), unit(")", ")"), unit("{", "{"), unit("{ ", "{ "), unit("}", "}"), unit("[", "["), unit("[[ ", "[[ "),
        unit("]", "]"), unit("((", "(( "), unit(";", ";"), unit("; ", "; "), unit(";;", ";; "), unit("&", "&"), unit("& ", "a& "),
        unit("|", "|"), unit("a|", "a|"), unit("a&&", "a&&"), unit("a||", "a||"), unit("!", "! "), unit("<", "<"), unit("> ", "> "),
        unit("'", "'"), unit("' ", "' "), unit("\"", "\""), unit("\" ", "\" "), unit("`", "`"), unit("` ", "` "), unit("\\", "\\"),
        unit("\\ newline", "\\\n"), unit("$", "$"), unit("$ ", "$ "), unit("$'", "$'"), unit("$' ", "$' "), unit("$\"", "$\""),
        unit("#", "#"), unit("# newline", "#\n"), unit("newline", "\n"), unit("carriage return", "\r"), unit("a carriage return newline", "a\r\n"),
        unit("=", "="), unit("~", "~"), unit("~/", "~/ "), unit("*", "*"), unit("* ", "* "), unit("?(", "?("), unit("@(a|", "@(a|"), unit("!", "!"),
        // expansions
        unit("$(", "$("), unit("${", "${"), unit("$((", "$(("), unit("$[", "$["), unit("<(", "<("), unit("${x:-", "${x:-"), unit("${x/", "${x/"),
        unit("${#", "${#"), unit("\"$(", "\"$("), unit("\"${x:-", "\"${x:-"), unit("`\"", "`\""), unit("$x", "$x"), unit("${x}", "${x}"), unit("$x ", "$x "),
        unit("$(a)", "$(a)"), unit("$(a) ", "$(a) "), unit("`a`", "`a`"), unit("`a` ", "`a` "), unit("$((1))", "$((1))"), unit("<(a) ", "<(a) "),
        unit("${x:-$(a)}", "${x:-$(a)}"), unit("'a'\"b\"$'c'", "'a'\"b\"$'c'"), unit("\"a\" ", "\"a\" "), unit("$'\\x41' ", "$'\\x41' "), unit("\\`", "\\`"),
        // nested
        nest("( )", "(", "rm -rf ~", ")"), nest("{ }", "{ ", "rm -rf ~", ";}"), nest("$( )", "$(", "rm -rf ~", ")"), nest("\"$( )\"", "\"$(", "rm -rf ~", ")\""),
        nest("${x:- }", "echo ${x:-", "a", "}"), nest("${x:-${x:- }}", "${x:-", "$(rm -rf ~)", "}"), nest("$(( ( ) ))", "$((", "1", "))"),
        nest("if", "if a;then ", "rm -rf ~", ";fi"), nest("while", "while a;do ", "rm -rf ~", ";done"), nest("for", "for i in a b;do ", "rm -rf ~", ";done"),
        nest("case", "case a in a) ", "rm -rf ~", ";;esac"), nest("function", "f(){ ", "rm -rf ~", ";}"), nest("&& ( )", "a&&(", "rm -rf ~", ")"),
        nest("! ( )", "! (", "rm -rf ~", ")"), nest("<( )", "<(", "rm -rf ~", ")"), nest("a=( )", "a=(", "1", ")"), nest("[[ ( ) ]]", "[[ ( ", "a", " ) ]]"),
        around("arithmetic nested", "((", "(", ""), around("arithmetic sum", "((x=", "1+", "1))"), around("arithmetic power", "((x=", "2**", "1))"),
        around("arithmetic ?:", "((x=", "1?", "1))"), around("arithmetic a[", "((", "a[", "))"), around("arithmetic word", "echo $((", "x+", "1))"),
        around("test nested", "[[ ", "( ", ""), around("test !", "[[ ", "! ", " a ]]"), around("test &&", "[[ ", "a && ", " a ]]"),
        // words
        around("100k words", "echo ", "abcdefghi ", ""), around("100k words of rm", "rm -rf ", "abcdefghi ", ""), around("500k words", "rm ", "a ", ""), around("words of sudo", "", "sudo ", "rm -rf ~"),
        around("words of env", "", "env ", "rm -rf ~"), around("words of xargs", "", "xargs ", "rm -rf ~"), around("words of eval", "", "eval ", "rm -rf ~"), around("words of $x", "rm ", "$x ", ""),
        around("words with =", "env ", "A=b ", "rm"), around("options", "rm ", "-r ", ""), around("long options", "git ", "--git-dir=x ", ""), around("find -exec", "find . ", "-exec rm {} + ", ""),
        around("find -o", "find . ", "-name a -o ", "-delete"), around("git -c", "git ", "-c a=b ", "status"),
        unit("one word", "a"), around("one path", "rm -rf ", "a/", ""), around("one path of ..", "rm -rf /", "../", "home"), around("one quoted word", "rm '", "a", "'"), around("one string", "rm \"", "a", "\""),
        around("one string of $x", "rm \"", "$x", "\""), around("one option", "rm -", "r", " x"), around("one glob", "rm ", "*a", ""), around("one pattern", "x=", "a", "; echo ${x//*a*a*a*b/c}"),
        // braces
        unit("{a,b}", "{a,b}"), around("{a,b} of echo", "echo ", "{a,b}", ""), around("{a,b} words", "echo ", "{a,b} ", ""), around("{1..9}", "rm ", "{1..9}", ""),
        around("{1..999999999}", "rm ", "{1..999999999} ", ""), nest("{a,{a,}}", "{a,", "b", "}"), nest("echo {a,{a,}}", "echo {a,", "b", "}"), unit("{,", "{,"), around("{,,,}", "rm {", ",", "}"), unit("{a..", "{a.."),
        // statements
        unit("assignments", "a=b;"), by("assignments of names", || numbered(|n| format!("v{n}=a\n"))), by("assignments growing", || numbered(|n| format!("v{n}=$v{n}a\n"))), unit("x=$x$x", "x=a$x$x;"), unit("a+=(b)", "a+=(b);"), unit("x+=a", "x+=a;"),
        unit("commands", "rm a;"), by("commands of paths", || numbered(|n| format!("rm -rf /etc/f{n}\n"))), by("writes of paths", || numbered(|n| format!("echo x >/tmp/f{n}\n"))), unit("echo a;", "echo a;"), unit("unknown commands", "foo bar;"), by("unknown commands of names", || numbered(|n| format!("c{n} x\n"))),
        unit("functions", "f(){ rm a;};"), by("functions of names", || numbered(|n| format!("f{n}(){{ rm a;}};f{n};"))), by("functions calling", || numbered(|n| format!("f{}(){{ f{n};f{n};}};", n + 1))), around("recursive function", "f(){ f|f& };", "f;", ""), around("recursive function of words", "f(){ f a$1 \"$@\"; f; };", "f a;", ""),
        unit("aliases", "alias a='b';"), around("self-referring aliases", "shopt -s expand_aliases\nalias a='a ' b='b a'\n", "a b\n", ""), by("aliases of names", || numbered(|n| format!("alias a{}='a{n} '\n", n + 1))), unit("traps", "trap 'rm -rf ~' EXIT;"), unit("exports", "export A=b;"), unit("cd a", "cd a;"), unit("cd ..", "cd ..;"), unit("pushd", "pushd a;"), by("cd of names", || numbered(|n| format!("cd d{n} || "))),
        unit("pipes", "cat|"), unit("pipes of sh", "echo a|sh|"), unit("redirections", ">a "), around("redirections of echo", "echo ", ">a ", ""), unit("2>&1", "2>&1 "), by("descriptors", || numbered(|n| format!("exec {n}>a;"))), unit("<<<", "<<< a "),
        unit("here-documents", "cat <<E\nE\n"), unit("<<E", "<<E "), unit("<<E newline", "<<E\n"), unit("here-document openers", "cat <<A <<B <<C\n"), around("one here-document", "cat <<E\n", "a\n", "E\n"), around("one here-document of $(a)", "cat <<E\n", "$(a)", "\nE\n"), around("one here-document of `", "cat <<E\n", "`", "\nE\n"), around("here-document to sh", "sh <<'E'\n", "a;\n", "E\n"), around("unclosed here-document", "cat <<E\n", "a\n", ""),
        unit("if", "if "), unit("then", "then "), unit("if a;then b;fi", "if a;then b;fi;"), unit("while", "while "), unit("do", "do "), unit("for", "for "), unit("for i in", "for i in "), unit("case a in", "case a in "), around("case arms", "case $x in ", "a) rm a;;", "esac"), unit("esac", "esac "), unit("f()", "f() "), unit("function", "function "), unit("time", "time "), unit("coproc", "coproc "), unit("select", "select i in "),
        by("loops over constants", nested_loops), around("loop of many words", "for i in ", "a ", "; do rm $i; done"), unit("loops", "for i in {1..999};do rm $i;done;"), unit("for ((;;))", "for ((;;));do a;done;"), unit("while true", "while true;do a;done;"), around("case of words", "case ", "a", " in *a*a*a*b) rm;; esac"),
        // carried code
        by("eval of eval", eval_of_eval), by("base64 of commands", || carried("rm -rf a;")), by("base64 of ;", || carried(";")), by("base64 of `", || carried("`")), by("base64 of (", || carried("(")), around("printf | sh", "printf '", "rm a;", "' | sh"), around("echo | rev | sh", "echo '", "~ fr- mr;", "' | rev | sh"), around("echo | tr | sh", "echo '", "rm a;", "' | tr a b | sh"),
        around("xargs list", "echo '", "a ", "' | xargs rm"), around("xargs -I list", "printf '", "a\\n", "' | xargs -I{} sh -c 'rm {}'"), around("xargs sh -c list", "echo '", "a ", "' | xargs -n1 sh -c 'eval $0'"), around("bash -c", "bash -c '", "rm a;", "'"), around("sh -c \"", "sh -c \"", "rm a;", "\""), around("python3 -c", "python3 -c '", "os.remove(x);", "'"), around("awk", "awk '", "{system(x)}", "'"), around("sed", "sed '", "s/a/b/e;", "' x"), around("read", "read x <<< '", "a ", "'; eval $x"), around("printf -v", "printf -v x %s '", "a;", "'; eval \"$x\""),
        around("$x to eval", "x='", "rm a;", "'; eval \"$x$x$x$x\""), around("seq", "echo ", "$(seq 1 99999999) ", ""), around("printf %9999999d", "echo ", "$(printf %9999999d 1) ", ""), around("ssh", "ssh h '", "rm a;", "'"), unit("eval \"$x\"", "eval \"$x\";"), unit("sh -c a", "sh -c a;"), unit("$(echo a) ", "$(echo a) "), unit("x=$(echo a$x)", "x=$(echo a$x);"),
        // bytes
        by("noise", all_bytes), by("noise of operators", operators), unit("0xff", "\u{ff}"), by("bytes 0xff", || vec![0xff; SIZE]), by("bytes 0xff a", || [0xff, b'a'].repeat(SIZE / 2)), unit("non-breaking space", "\u{a0}"), unit("right to left", "a\u{202e}"), unit("emoji", "\u{1f600} "), unit("combining", "a\u{301}"), unit("zero width", "\u{200b}"), unit("bell", "\u{7}"), unit("tab", "\t"), unit("NUL", "\0"),
        // words of a program, not read by a shell
        words("argv of rm", &["rm", "-rf"], "abcdefghi"), words("argv of a", &["rm"], "a"), words("argv of sudo", &[], "sudo"), words("argv of env", &[], "env"), words("argv of find", &["find", "."], "-delete"), words("argv of unknown", &["foo"], "a"), words("argv of xargs", &[], "xargs"),
        // honest
        honest("honest 100 kB document", honest_document), honest("honest 7 kB script", honest_script),
    ]
}

//! More ways of other languages to start a program, and texts they print for a shell.

use super::languages::{literal, perl, posix};
use super::{Transform, same};
use crate::spelling::quoted;

pub const ALL: &[Transform] = &[
    same("tongue.python-printed", "python prints a text, a shell runs it", |s, _| {
        let code = quoted(&format!("print({})", literal(&s.text)?));
        Some(s.with(format!("python3 -c {code} | {}", s.shell())))
    }),
    same("tongue.perl-printed", "perl prints a text, a shell runs it", |s, _| {
        let code = quoted(&format!("print {}", perl(&s.text)?));
        Some(s.with(format!("perl -e {code} | {}", s.shell())))
    }),
    same("tongue.node-printed", "node prints a text, a shell runs it", |s, _| {
        let code = quoted(&format!("console.log({})", literal(&s.text)?));
        Some(s.with(format!("node -e {code} | {}", s.shell())))
    }),
    same("tongue.perl-quoted", "back-quotes of perl", |s, _| {
        let text = posix(s);
        let fits = !text.contains(['`', '\\', '$', '@', '\n']);
        fits.then(|| s.with(format!("perl -e {}", quoted(&format!("my $x = `{text}`")))))
    }),
    same("tongue.perl-list", "system of perl with a list", |s, _| {
        let words: Option<Vec<String>> = s.constants()?.iter().map(|w| perl(w)).collect();
        Some(s.with(format!("perl -e {}", quoted(&format!("system({})", words?.join(", "))))))
    }),
    same("tongue.perl-document", "perl reads a document", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        Some(next.with(format!("perl <<'{end}'\nsystem({});\n{end}", perl(&posix(s))?)))
    }),
    same("tongue.node-list", "spawnSync of node", |s, d| {
        let words: Option<Vec<String>> = s.constants()?.iter().map(|w| literal(w)).collect();
        let words = words?;
        let (program, rest) = words.split_first()?;
        let call = *d.pick(&["spawnSync", "execFileSync"]);
        let code = format!("require('child_process').{call}({program}, [{}])", rest.join(", "));
        Some(s.with(format!("node -e {}", quoted(&code))))
    }),
    same("tongue.node-document", "node reads a document", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        let code = format!(
            "const {{ execSync }} = require('child_process');\nexecSync({});",
            literal(&posix(s))?
        );
        Some(next.with(format!("node - <<'{end}'\n{code}\n{end}")))
    }),
    same("tongue.python-exec", "python becomes the program", |s, _| {
        let words: Option<Vec<String>> = s.constants()?.iter().map(|w| literal(w)).collect();
        let words = words?;
        let code = format!("import os; os.execvp({}, [{}])", words.first()?, words.join(", "));
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("tongue.python-lines", "python over several lines", |s, _| {
        let text = literal(&posix(s))?;
        let code = format!(
            "import subprocess\ndef main():\n    subprocess.check_call({text}, shell=True)\nmain()\n"
        );
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("tongue.python-joined", "two literals are one", |s, d| {
        let text = posix(s);
        let at = text.char_indices().nth(1 + d.below(6))?.0;
        let (left, right) = text.split_at(at);
        let code = format!("import os; os.system({} + {})", literal(left)?, literal(right)?);
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("tongue.python-base64", "python undoes base64", |s, _| {
        let text = crate::spelling::base64(posix(s).as_bytes());
        let code = format!("import os,base64; os.system(base64.b64decode(\"{text}\").decode())");
        Some(s.with(format!("python3 -c {}", quoted(&code))))
    }),
    same("tongue.sed-run", "e of sed runs a text", |s, _| {
        let text = posix(s);
        let fits = !text.contains(['\n', '\\']);
        fits.then(|| s.with(format!("echo x | sed {}", quoted(&format!("1e {text}")))))
    }),
    same("tongue.awk-print", "a pipe of awk into a shell", |s, _| {
        let text = literal(&s.text)?;
        let code = format!("BEGIN {{ print {text} | \"{}\" }}", s.shell());
        Some(s.with(format!("awk {}", quoted(&code))))
    }),
];

//! Programs that start the command in their turn.

use super::{Transform, more, same};
use crate::dice::Dice;
use crate::spelling::{Spelling, plain, quoted};

pub const ALL: &[Transform] = &[
    same("carrier.env", "env runs its words", |s, d| {
        before(s, d, &["env", "env A=b", "env -u X", "/usr/bin/env", "env -- "])
    }),
    same("carrier.env-split", "env -S splits a text", |s, _| {
        let words = s.constants().filter(|all| all.iter().all(|w| plain(w)))?;
        Some(s.with(format!("env -S '{}'", words.join(" "))))
    }),
    same("carrier.nice", "another priority", |s, d| {
        before(
            s,
            d,
            &[
                "nice",
                "nice -n 5",
                "nice -n5",
                "nice --adjustment=1",
                "ionice -c3",
                "ionice -c 2 -n 7",
            ],
        )
    }),
    same("carrier.timeout", "ended in time", |s, d| {
        before(
            s,
            d,
            &[
                "timeout 60",
                "timeout -k 5 60s",
                "timeout -s KILL 1m",
                "timeout --preserve-status 60",
            ],
        )
    }),
    same("carrier.nohup", "hang-ups are ignored", |s, _| {
        let mut dice = Dice::of("nohup");
        before(s, &mut dice, &["nohup"]).map(|n| n.with(format!("{} 2>/dev/null", n.text)))
    }),
    same("carrier.setsid", "a session of its own", |s, d| {
        before(s, d, &["setsid -w", "setsid --wait"])
    }),
    same("carrier.stdbuf", "other buffers", |s, d| {
        before(s, d, &["stdbuf -oL", "stdbuf -o0 -e0", "stdbuf --output=L"])
    }),
    same("carrier.command", "command looks for programs alone", |s, d| {
        s.command()?;
        Some(s.with(format!(
            "{} {}",
            d.pick(&["command", "command --", "command -p", "builtin command"]),
            s.text
        )))
    }),
    same("carrier.exec", "the shell becomes the program", |s, d| {
        s.command()?;
        Some(s.with(format!("({} {})", d.pick(&["exec", "exec --", "command exec"]), s.text)))
    }),
    same("carrier.exec-named", "under another name", |s, _| {
        s.command()?;
        Some(s.with(format!("(exec -a sleeper {})", s.text)).for_bash())
    }),
    same("carrier.absolute", "a program by its path", |s, d| {
        let words = s.command()?;
        let name = words.first()?.1.as_deref()?;
        let known = crate::world::PROGRAMS.contains(&name);
        let rest = s.text.strip_prefix(words.first()?.0.as_str())?;
        let directory =
            *d.pick(&["/bin/", "/usr/bin/", "//usr/bin/", "/usr/bin/../bin/", "/usr/../bin/"]);
        known.then(|| s.with(format!("{directory}{name}{rest}")))
    }),
    same("carrier.flock", "under a lock", |s, d| {
        let text = quoted(&s.text);
        let shell = s.shell();
        Some(s.with(match d.below(2) {
            0 if !s.bash => format!("flock ${{TMPDIR:-/tmp}}/lock -c {text}"),
            _ => format!("flock -w 9 ${{TMPDIR:-/tmp}}/lock {shell} -c {text}"),
        }))
    }),
    same("carrier.script", "in a terminal of its own", |s, d| {
        let text = quoted(&format!("{} -c {}", s.shell(), quoted(&s.text)));
        let options = *d.pick(&["-qec", "-q -e -c", "-qc"]);
        Some(s.with(format!("script {options} {text} /dev/null </dev/null")))
    }),
    same("carrier.watch", "again and again", |s, d| {
        let text = quoted(&format!("{} -c {}", s.shell(), quoted(&s.text)));
        Some(s.with(format!("watch {} {text}", d.pick(&["-n 60", "-tn60", "-g -n 60"]))))
    }),
    same("carrier.xargs", "words from standard input are added", |s, d| {
        let words = s.constants().filter(|all| all.len() > 1)?;
        let (last, rest) = words.split_last()?;
        if !rest.iter().chain([last]).all(|w| plain(w)) {
            return None;
        }
        let rest = rest.join(" ");
        Some(s.with(match d.below(5) {
            0 => format!("echo {last} | xargs {rest}"),
            1 => format!("printf '%s\\n' {last} | xargs -n1 {rest}"),
            2 => format!("printf '%s\\0' {last} | xargs -0 {rest}"),
            3 => format!("echo {last} | xargs -I{{}} {rest} {{}}"),
            // the mark is replaced wherever it stands
            _ if rest.contains('@') => return None,
            _ => format!("echo {last} | xargs -I @ {rest} @"),
        }))
    }),
    same("carrier.xargs-all", "all words from standard input", |s, d| {
        let words = s.constants().filter(|all| all.iter().all(|w| plain(w)))?;
        let line = words.join(" ");
        Some(s.with(match d.below(3) {
            0 => format!("echo {line} | xargs env"),
            1 => format!("echo {line} | xargs nice -n 1"),
            _ => format!("printf '%s\\n' {} | xargs env", words.join(" ")),
        }))
    }),
    same("carrier.xargs-shell", "xargs hands a text to a shell", |s, d| {
        if !s.one_line() {
            return None;
        }
        let (text, shell) = (quoted(&s.text), s.shell());
        Some(s.with(match d.below(3) {
            0 => format!("printf '%s\\0' {text} | xargs -0 {shell} -c"),
            1 => format!("printf '%s\\0' {text} | xargs -0 -I% {shell} -c %"),
            _ => format!("printf '%s\\n' {text} | xargs -d '\\n' -n1 {shell} -c"),
        }))
    }),
    same("carrier.xargs-file", "xargs reads a here-string", |s, _| {
        let words = s.constants().filter(|all| all.len() > 1 && all.iter().all(|w| plain(w)))?;
        let (program, rest) = words.split_first()?;
        Some(s.with(format!("xargs {program} <<< '{}'", rest.join(" "))).for_bash())
    }),
    same("carrier.find", "find runs a command for each path", |s, d| {
        let end = *d.pick(&["\\;", "';'", "+ "]);
        let text = quoted(&s.text);
        let shell = s.shell();
        match end {
            "+ " => Some(s.with(format!("find . -maxdepth 0 -exec {shell} -c {text} {{}} +"))),
            _ => Some(s.with(format!("find . -maxdepth 0 -exec {shell} -c {text} {end}"))),
        }
    }),
    same("carrier.find-words", "the words are find's own", |s, d| {
        let words = s.constants().filter(|all| all.iter().all(|w| plain(w)))?;
        let action = *d.pick(&["-exec"]);
        Some(s.with(format!("find / -maxdepth 0 {action} {} \\;", words.join(" "))))
    }),
    same("carrier.parallel", "parallel runs its words", |s, _| {
        let text = quoted(&format!("{} -c {}", s.shell(), quoted(&s.text)));
        s.one_line().then(|| s.with(format!("parallel ::: {text}")))
    }),
    same("carrier.parallel-words", "parallel adds what comes after :::", |s, _| {
        let words = s.constants().filter(|all| all.len() > 1 && all.iter().all(|w| plain(w)))?;
        let (last, rest) = words.split_last()?;
        Some(s.with(format!("parallel {} {{}} ::: {last}", rest.join(" "))))
    }),
    same("carrier.busybox", "the same programs in one", |s, _| {
        let shell = if s.bash { return None } else { "sh" };
        Some(s.with(format!("busybox {shell} -c {}", quoted(&s.text))))
    }),
    same("carrier.busybox-env", "an applet that runs others", |s, d| {
        before(s, d, &["busybox env", "busybox timeout 60", "busybox nice"])
    }),
    same("carrier.time", "the program of that name", |s, d| {
        before(s, d, &["/usr/bin/time", "/usr/bin/time -p"])
    }),
    same("carrier.git-alias", "git runs an alias that begins with !", |s, d| {
        let text = quoted(&format!("!{} -c {}", s.shell(), quoted(&s.text)));
        let name = *d.pick(&["x", "st", "go"]);
        s.one_line().then(|| s.with(format!("git -c alias.{name}={text} {name}")))
    }),
    same("carrier.chained", "three of them in a row", |s, d| {
        before(
            s,
            d,
            &[
                "env nice -n 5 timeout 60",
                "nohup nice env A=b",
                "stdbuf -oL timeout 9 env",
                "timeout 9 timeout 8 timeout 7",
            ],
        )
    }),
    more("carrier.sudo", "the same as another user", |s, d| {
        before(
            s,
            d,
            &["sudo", "sudo -n", "sudo -u root", "sudo -E --", "sudo A=b", "doas", "doas -u root"],
        )
    }),
    more("carrier.sudo-shell", "a shell of another user", |s, d| {
        let text = quoted(&s.text);
        let shell = s.shell();
        Some(
            s.with(match d.below(3) {
                0 => format!("sudo {shell} -c {text}"),
                1 => format!("printf '%s\\n' {text} | sudo {shell}"),
                _ => format!("sudo -n -- {shell} <<< {text}"),
            })
            .for_bash(),
        )
    }),
    more("carrier.su", "su -c runs a text", |s, d| {
        let text = quoted(&format!("{} -c {}", s.shell(), quoted(&s.text)));
        Some(s.with(match d.below(3) {
            0 => format!("su -c {text}"),
            1 => format!("su root -c {text}"),
            _ => format!("su root --command={text}"),
        }))
    }),
    more("carrier.runuser", "runuser runs a command", |s, _| {
        Some(s.with(format!("runuser -u root -- {} -c {}", s.shell(), quoted(&s.text))))
    }),
];

/// The command after other words; a text that is no single command in a shell after them.
fn before(spelling: &Spelling, dice: &mut Dice, heads: &[&str]) -> Option<Spelling> {
    let head = *dice.pick(heads);
    Some(spelling.with(match spelling.command() {
        Some(_) => format!("{head} {}", spelling.text.trim_start()),
        None => format!("{head} {} -c {}", spelling.shell(), quoted(&spelling.text)),
    }))
}

//! Text that another shell than bash reads: the same words, other commands. Each hidden command here was seen
//! to run under dash 0.5.12.

use super::{LiteralWorld, check_for_real, invocation, summary};
use crate::classify::classify;
use crate::model::effect::Scale;
use crate::model::invocation::Request;
use crate::model::world::{GitState, Kind, Matches, World};
use std::path::{Path, PathBuf};

/// A machine whose `/bin/sh` is another program.
struct Machine {
    sh: &'static str,
    bash: bool,
}

impl World for Machine {
    fn kind(&self, path: &Path) -> Option<Kind> {
        match path.to_str() {
            Some("/bin/bash") => self.bash.then_some(Kind::File),
            Some("/bin/sh") => Some(Kind::Symlink),
            _ => LiteralWorld.kind(path),
        }
    }
    fn resolve(&self, path: &Path) -> PathBuf {
        if path == Path::new("/bin/sh") { self.sh.into() } else { LiteralWorld.resolve(path) }
    }
    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        LiteralWorld.glob(pattern, cwd)
    }
    fn measure(&self, path: &Path) -> Option<Scale> {
        LiteralWorld.measure(path)
    }
    fn git_state(&self, path: &Path) -> GitState {
        LiteralWorld.git_state(path)
    }
    fn read(&self, path: &Path, limit: usize) -> Option<Vec<u8>> {
        LiteralWorld.read(path, limit)
    }
    fn program(&self, name: &str) -> Option<PathBuf> {
        LiteralWorld.program(name)
    }
}

const DASH: Machine = Machine { sh: "/usr/bin/dash", bash: true };

fn on(machine: &Machine, text: &str) -> String {
    let invocation = invocation(Request::Shell(text.as_bytes().to_vec()));
    summary(&classify(&invocation, machine))
}

const GONE: &str = "delete /home/u/w/b gone";

/// Texts in double quotes of which dash runs a command that bash does not.
const HIDDEN: &[&str] = &[
    r"echo \$'\\'; rm b #'",
    "[[ a || rm b ]]",
    "((rm b))",
    "function f {\nrm b\n}",
    r"echo ':\nrm b' | sh",
    r"x=\$([[ a || rm b ]])",
    r"eval '[[ a || rm b ]]'",
];

#[test]
fn what_dash_alone_runs_is_told_wherever_dash_reads() {
    for text in HIDDEN {
        for (carrier, told) in [("dash", true), ("sh", true), ("bash", false), ("env dash", true)] {
            let found = on(&DASH, &format!("{carrier} -c \"{text}\""));
            assert_eq!(found.contains(GONE), told, "{carrier}: {text}: {found}");
        }
        let bash = Machine { sh: "/usr/bin/bash", ..DASH };
        let found = on(&bash, &format!("sh -c \"{text}\""));
        assert!(!found.contains(GONE), "{text}: {found}");
    }
}

#[test]
fn without_bash_the_text_itself_is_read_as_sh_reads_it() {
    let text = "[[ a || rm b ]]";
    assert!(!on(&DASH, text).contains(GONE));
    assert!(on(&Machine { bash: false, ..DASH }, text).contains(GONE));
}

#[test]
fn what_all_shells_read_alike_is_read_once() {
    for text in ["rm a", "for f in a b; do cat $f; done", "x=$((1+2)); echo $x", "[ -e a ] && rm a"]
    {
        let bash = on(&DASH, &format!("bash -c '{text}'"));
        for shell in ["sh", "dash", "zsh", "fish"] {
            if shell == "fish" && text != "rm a" {
                continue;
            }
            assert_eq!(on(&DASH, &format!("{shell} -c '{text}'")), bash, "{shell}: {text}");
        }
    }
}

#[test]
fn rules_of_their_own_are_gaps_that_name_the_shell() {
    for (text, what) in [
        ("zsh -c 'echo *(e:\"rm b\":)'", "zsh reads `*(` by rules of its own"),
        ("zsh -c 'a=(b c); rm ${a[1]}'", "zsh reads `=(` by rules of its own"),
        ("fish -c 'set x b; rm $x'", "fish reads `set` by rules of its own"),
        ("fish -c 'echo (rm b)'", "fish reads `(` by rules of its own"),
    ] {
        let invocation = invocation(Request::Shell(text.as_bytes().to_vec()));
        let found = classify(&invocation, &LiteralWorld);
        assert!(found.gaps.iter().any(|gap| gap.what == what), "{text}: {found:?}");
        assert!(check_for_real(text).contains("?unparsed-text"), "{text}");
    }
}

//! Bounds on work, counted: what the file system is asked, what is written down, what is left out.
//! How long it takes is measured by `benches/hostile.rs`.

use super::{LiteralWorld, invocation, summary};
use crate::classify::classify;
use crate::model::assessment::Assessment;
use crate::model::effect::Scale;
use crate::model::gap::GapKind;
use crate::model::invocation::Request;
use crate::model::world::{GitState, Kind, Matches, World};
use std::cell::Cell;
use std::path::{Path, PathBuf};

/// Answers like any world and counts the questions.
struct CountingWorld(Cell<usize>);

impl CountingWorld {
    fn count(&self) {
        self.0.set(self.0.get() + 1);
    }
}

impl World for CountingWorld {
    fn kind(&self, path: &Path) -> Option<Kind> {
        self.count();
        LiteralWorld.kind(path)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.count();
        LiteralWorld.resolve(path)
    }

    fn glob(&self, pattern: &str, cwd: &Path) -> Matches {
        self.count();
        LiteralWorld.glob(pattern, cwd)
    }

    fn measure(&self, path: &Path) -> Option<Scale> {
        self.count();
        LiteralWorld.measure(path)
    }

    fn git_state(&self, path: &Path) -> GitState {
        self.count();
        LiteralWorld.git_state(path)
    }

    fn program(&self, name: &str) -> Option<PathBuf> {
        self.count();
        LiteralWorld.program(name)
    }

    fn read(&self, path: &Path, limit: usize) -> Option<Vec<u8>> {
        self.count();
        LiteralWorld.read(path, limit)
    }
}

fn judged(request: Request) -> (Assessment, usize) {
    let world = CountingWorld(Cell::new(0));
    let found = classify(&invocation(request), &world);
    (found, world.0.get())
}

fn is_cut(found: &Assessment) -> bool {
    found.gaps.iter().any(|gap| gap.kind == GapKind::BudgetSpent)
}

/// What is more than anybody follows is not followed, and that is said.
#[test]
fn hostile_texts_are_cut_and_told() {
    let megabyte = |unit: &str| unit.repeat((1 << 20) / unit.len());
    let texts = [
        ";",
        "`",
        "$(a)",
        "$(a) ",
        "$'",
        "a+=(b);",
        "x=a$x$x;",
        "v=1 || w=2;",
        "(v=1);",
        "rm a;",
        ">a ",
        "<<E ",
        "a|",
        "time ",
        "coproc ",
        "time ! ",
        "f(){ f|f& };f;",
        "{1..999999999} ",
        "sh -c a;",
        "$(seq 1 99999999) ",
        "echo $(printf %9999999d 1);",
        "cat <<E\n$(a)\nE\n",
        "case a in a) b;;esac;",
        "for i in {1..999};do rm $i;done;",
    ];
    for unit in texts {
        let (found, questions) = judged(Request::Shell(megabyte(unit).into_bytes()));
        assert!(is_cut(&found), "{unit}: {}", summary(&found));
        assert!(
            found.effects.len() <= 512 && found.findings.len() <= 512 && found.gaps.len() <= 520,
            "{unit}"
        );
        assert!(questions < 100_000, "{unit}: {questions} questions");
    }
}

#[test]
fn so_are_words_without_number() {
    for (before, word) in
        [(vec!["rm"], "a"), (vec![], "sudo"), (vec![], "env"), (vec![], "xargs"), (vec!["x"], "a")]
    {
        let words = before.into_iter().chain(std::iter::repeat_n(word, 300_000));
        let (found, questions) = judged(Request::Argv(words.map(Into::into).collect()));
        assert!(is_cut(&found), "{word}: {}", summary(&found));
        assert!(questions < 100_000, "{word}: {questions} questions");
    }
}

/// Documents are data, however much of what shells care for is in them; what stands behind is read.
#[test]
fn honest_documents_are_read_wholly() {
    let line = "    value = table.get('key', {}).get(\"x\") or [f(a, b=$c) for a in `list` if a < 3]  # why\n";
    for delimiter in ["'EOF'", "\"EOF\""] {
        let body = line.repeat(100_000 / line.len());
        let text =
            format!("cd src\ncat > module.py <<{delimiter}\n{body}EOF\nrm -rf ~/documents\n");
        let (found, _) = judged(Request::Shell(text.into_bytes()));
        assert!(!is_cut(&found), "{}", summary(&found));
        assert!(summary(&found).contains("delete"), "{}", summary(&found));
    }
}

/// What only looks like a document is no hiding place.
#[test]
fn code_is_not_taken_for_a_document() {
    let heavy = "echo $(a);".repeat(5_000);
    let texts = [
        format!("cat <<E\"x\"\nEx\nrm -rf ~\nE\n: {heavy}"),
        format!("((1 <<E\n))\nrm -rf ~\n{heavy}\nE\n))\n"),
        format!(": '<<E\n'\nrm -rf ~\n{heavy}\nE\n"),
        format!("# <<E\nrm -rf ~\n{heavy}\nE\n"),
        format!("cat <<\\\nE\nrm -rf ~\n{heavy}\nE\n"),
        format!("echo \"<<E\n\"\nrm -rf ~\n{heavy}\nE\n"),
        format!("sh <<'E'\nrm -rf ~\n{heavy}\nE\n"),
        format!("cat <<E\n$(rm -rf ~)\n{heavy}\nE\n"),
    ];
    for text in texts {
        let (found, _) = judged(Request::Shell(text.clone().into_bytes()));
        let told = summary(&found);
        assert!(is_cut(&found) || told.contains("delete"), "{}: {told}", &text[..40]);
    }
}

/// What is read twice on each level is read a million times on the twentieth: such a text would not
/// come back. Found by the fuzz target `interpreter`.
#[test]
fn nothing_is_read_twice_on_each_level() {
    for (open, close) in [
        ("a=($(", "))"),
        ("a=(x$(a=(\n", ")))"),
        ("x!(a|b)$(", ")"),
        ("x=${y:-$(", ")}"),
        ("a[$(", ")]=1"),
        ("echo \"$(", ")\""),
        ("cat <($(", "))"),
        ("[[ $(", ") ]]"),
        ("case $(", ") in a) b;; esac"),
        ("echo $(( $(", ") ))"),
        ("echo $(case a in a) ", ";; esac)"),
        ("f() { echo $(", "); }"),
        ("declare -a a=($(", "))"),
        ("for i in $(", "); do a; done"),
    ] {
        judged(Request::Shell(format!("{}{}", open.repeat(22), close.repeat(22)).into_bytes()));
        judged(Request::Shell(format!("{}x{}", open.repeat(22), close.repeat(22)).into_bytes()));
        judged(Request::Shell(open.repeat(22).into_bytes()));
    }
}

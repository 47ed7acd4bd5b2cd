//! Everyday work that does not get through yet, and why. Whoever makes one work is told by the
//! test, and moves it to its subject.

use crate::workload::{Kind, Script, USUAL, Workload};

const fn owed(
    name: &'static str,
    why: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Workload {
    let profiles = &["dev-box"];
    Workload { name, kind: Kind::Script(Script { text, says, owed: Some(why), profiles, ..USUAL }) }
}

pub(crate) const WORKLOADS: &[Workload] = &[
    owed(
        "git-push-to-path",
        "gate one: a remote that is a directory is on this machine",
        PUSH,
        &["pushed"],
    ),
    owed(
        "git-gc-prune",
        "gate one: gc drops what nothing reaches; so does every fetch",
        PRUNE,
        &["pruned"],
    ),
];

const PUSH: &str = r#"
git init -q --bare far && git clone -q far near 2>/dev/null && cd near && touch a && git add a && git commit -q -m a
git push -q origin main && git -C ../far log --format=%s && echo pushed
"#;

const PRUNE: &str = r#"
git init -q . && touch a && git add a && git commit -q -m a && git gc -q --prune=now && echo pruned
"#;

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
        "openssl",
        "gate one: key.pem is a private key, though the same command has made it a moment ago",
        OPENSSL,
        &["certificate ok", "Verified OK", "round trip"],
    ),
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

const OPENSSL: &str = r#"
set -euo pipefail
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=compat 2>/dev/null
openssl verify -CAfile cert.pem cert.pem | sed 's/cert.pem: OK/certificate ok/'
echo text >text && openssl dgst -sha256 -sign key.pem -out text.sig text
openssl x509 -in cert.pem -pubkey -noout >public.pem && openssl dgst -sha256 -verify public.pem -signature text.sig text
echo 'round trip' | openssl enc -aes-256-cbc -pbkdf2 -pass pass:x | openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x
"#;

const PUSH: &str = r#"
git init -q --bare far && git clone -q far near 2>/dev/null && cd near && touch a && git add a && git commit -q -m a
git push -q origin main && git -C ../far log --format=%s && echo pushed
"#;

const PRUNE: &str = r#"
git init -q . && touch a && git add a && git commit -q -m a && git gc -q --prune=now && echo pruned
"#;

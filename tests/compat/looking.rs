//! Work that changes nothing: also under the profiles that let nothing be changed or sent.

use crate::workload::{Kind, Place, Script, USUAL, Workload};

const EVERY: &[&str] = &["dev-box", "ci-runner", "readonly", "strict"];

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "look-at-files",
        kind: Kind::Script(Script {
            text: FILES,
            place: Place::Around,
            says: &["src/a.c:1:int a", "2 files", "differ", "sorted"],
            profiles: EVERY,
            ..USUAL
        }),
    },
    Workload {
        name: "look-at-history",
        kind: Kind::Script(Script {
            text: HISTORY,
            place: Place::Around,
            says: &["second", "+two", "tracked"],
            profiles: EVERY,
            ..USUAL
        }),
    },
];

const FILES: &str = r#"
set -euo pipefail
mkdir src && echo 'int a;' >src/a.c && echo 'int b;' >src/b.c
$BOX grep -rn 'int a' src; $BOX find src -name '*.c' | sort
$BOX ls src | wc -l | sed 's/$/ files/'; $BOX diff -q src/a.c src/b.c || true
$BOX cat src/b.c src/a.c | $BOX sort | $BOX head -1; $BOX wc -c src/a.c; $BOX file src/a.c >/dev/null 2>&1 || true
printf '2 sorted\n1\n' | $BOX sort -n | tail -1
"#;

const HISTORY: &str = r#"
set -euo pipefail
git init -q . && echo one >a && git add a && git commit -q -m first && echo two >>a && git commit -qam second
$BOX git log --format=%s; $BOX git show HEAD | grep '^+two'; $BOX git blame -s a | cut -d' ' -f2-
$BOX git ls-files | sed 's/^a$/tracked/'; $BOX git grep -n two; $BOX git diff HEAD~1 --stat
$BOX git --no-optional-locks status --short --untracked-files=no; $BOX git rev-parse --abbrev-ref HEAD
"#;

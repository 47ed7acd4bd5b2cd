//! Everyday work, well done or failing by its own fault: not a word. That nothing is said of work that ends well,
//! builds among it, is held for every workload of `tests/compat/` there.

use super::support::World;
use super::{Test, shell, silent};

pub const TESTS: &[Test] = &[
    ("git_commit", git),
    ("python_venv", venv),
    ("npm_init", npm),
    ("failing_tests", failing),
    ("listing_and_searching", searching),
    ("stockade_in_itself", nested),
];

fn git(world: &World) {
    let text = "mkdir r && cd r && git init -q && git config user.email a@b && \
                git config user.name n && echo x > a && git add a && git commit -qm 1 && \
                git checkout -qb other && git log --oneline >/dev/null && git gc -q";
    silent(&shell(world, &[], text).expect(0));
    silent(&shell(world, &[], "cd r && git commit -m nothing").expect(1));
    silent(&shell(world, &[], "cd r && git checkout no-such-branch").expect(1));
}

fn venv(world: &World) {
    silent(&shell(world, &[], "python3 -m venv --without-pip v && v/bin/python -c 'import json'"));
    silent(&shell(world, &[], "v/bin/python -m no_such_module").expect(1));
}

fn npm(world: &World) {
    let has = std::path::Path::new("/usr/bin/npm").exists()
        || std::path::Path::new("/usr/local/bin/npm").exists();
    assert!(has, "npm: see scripts/test-needs.sh");
    silent(&shell(world, &[], "mkdir n && cd n && npm init -y >/dev/null").expect(0));
    let ended = shell(world, &[], "cd n && npm test >/dev/null 2>err; status=$?; exit $status");
    assert_ne!(ended.code(), 0, "{ended:?}");
    silent(&ended);
}

fn failing(world: &World) {
    world.put(
        "workspace/test_it.py",
        "import getpass, unittest\n\
         class T(unittest.TestCase):\n\
         \tdef test(self):\n\
         \t\tgetpass.getuser()\n\
         \t\tself.assertEqual(1, 2)\n",
    );
    silent(&shell(world, &[], "python3 -m unittest test_it 2>/dev/null").expect(1));
    world.put("workspace/Makefile", "all:\n\tfalse\n");
    silent(&shell(world, &[], "make 2>/dev/null").expect(2));
    silent(&shell(world, &[], "false").expect(1));
    silent(&shell(world, &[], "echo 'int main( {' > a.c; cc a.c 2>/dev/null").expect(1));
}

fn searching(world: &World) {
    silent(&shell(world, &[], "ls -l; id; grep nothing own").expect(1));
    silent(&shell(world, &[], "test -e /no/such/thing").expect(1));
    silent(&shell(world, &[], "diff <(echo a) <(echo b) >/dev/null").expect(1));
    silent(&shell(world, &[], "echo x | cat /dev/stdin /dev/fd/0 >/dev/null; false").expect(1));
    silent(&shell(world, &[], "kill -INT $$"));
}

/// The inner one refuses, and says that none is needed there; in a place of its own it says less.
fn nested(world: &World) {
    let inner = world.workspace().join("inner");
    std::fs::copy(super::support::base().join("stockade"), &inner).unwrap();
    world.own(&inner);
    let hint = "the command needs no second one: run it plainly";
    for state in ["", "XDG_STATE_HOME=/tmp/none "] {
        let ended = shell(world, &["--quiet"], &format!("{state}./inner run -- true")).expect(125);
        assert!(ended.err.contains(hint), "{ended:?}");
    }
    let outside = world.stockade(["run", "--profile", "no-such", "--", "true"]).end().expect(125);
    assert!(!outside.err.contains("a sandbox is around"), "{outside:?}");
    silent(&shell(world, &[], "true"));
    std::fs::remove_file(inner).unwrap();
}

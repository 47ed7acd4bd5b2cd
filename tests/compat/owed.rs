//! Everyday work that does not get through yet, and why. Whoever makes one work is told by the
//! test, and moves it to its subject.

use crate::workload::{Kind, Script, USUAL, Workload};

const SOCKETS: &str = "AF_UNIX is refused but for socketpair(2): Landlock does not bound connect(2) to a path \
                       (sandbox/filter/rules.rs, `sockets`)";

const fn owed(
    name: &'static str,
    why: &'static str,
    text: &'static str,
    says: &'static [&'static str],
) -> Workload {
    Workload { name, kind: Kind::Script(Script { text, says, owed: Some(why), ..USUAL }) }
}

pub(crate) const WORKLOADS: &[Workload] = &[
    owed("python-forkserver-manager", SOCKETS, FORKSERVER, &["forkserver 285", "manager [1, 2]"]),
    owed("python-asyncio-local-socket", SOCKETS, ASYNCIO, &["locally"]),
    owed("server-local-socket", SOCKETS, NODE, &["served locally"]),
    owed("mktemp-and-remove", "gate one: what mktemp names is in no scope", MKTEMP, &["removed"]),
    owed(
        "git-config-local",
        "gate one: all of .git/config counts as a hook",
        CONFIG,
        &["Somebody"],
    ),
    owed(
        "git-clean",
        "gate one: git clean -f counts as deleting the whole workspace",
        CLEAN,
        &["kept"],
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
    owed(
        "cd-then-parent",
        "gate one: after `cd d` on a line of its own, ../ is taken from both",
        PARENT,
        &["made"],
    ),
    owed("prlimit-program", "gate one: prlimit(1) counts as a namespace", PRLIMIT, &["99"]),
    owed(
        "declare-f-carried",
        "gate one: $(declare -f f) within carried text",
        CARRIED,
        &["carried"],
    ),
    owed(
        "script-calls-itself",
        "gate one: recursion spends the budget of carried code",
        RECURSION,
        &["bottom"],
    ),
    owed("dev-fd-3", "gate one: /dev/fd/3 is a stream of the command's own", STREAM, &["through"]),
];

const FORKSERVER: &str = r#"
cat >work.py <<'END'
import multiprocessing as mp
def square(n): return n * n
def note(notes, n): notes.append(n)
if __name__ == '__main__':
    with mp.get_context('forkserver').Pool(2) as pool: print('forkserver', sum(pool.map(square, range(10))))
    with mp.Manager() as manager:
        notes = manager.list()
        for n in [1, 2]:
            child = mp.Process(target=note, args=(notes, n)); child.start(); child.join()
        print('manager', list(notes))
END
python3 work.py
"#;

const ASYNCIO: &str = r#"
cat >work.py <<'END'
import asyncio
async def main():
    local = await asyncio.start_unix_server(lambda r, w: (w.write(b'locally'), w.close()), 'socket')
    reader, writer = await asyncio.open_unix_connection('socket')
    print((await reader.read()).decode()); local.close()
asyncio.run(main())
END
python3 work.py
"#;

const NODE: &str = r#"
cat >work.js <<'END'
const http = require('http');
const server = http.createServer((_, answer) => answer.end('served locally')).listen('socket', () =>
  http.get({ socketPath: 'socket' }, answer => answer.on('data', text => console.log(String(text))).on('end', () => server.close())));
END
node work.js
"#;

const MKTEMP: &str = r#"
file=$(mktemp) && echo x >"$file" && rm "$file" && d=$(mktemp -d) && rm -r "$d" && echo removed
"#;

const CONFIG: &str = r#"
git init -q . && git config user.name Somebody && git config user.name
"#;

const CLEAN: &str = r#"
git init -q . && touch kept loose && git add kept && git clean -f -q && ls
"#;

const PUSH: &str = r#"
git init -q --bare far && git clone -q far near 2>/dev/null && cd near && touch a && git add a && git commit -q -m a
git push -q origin main && git -C ../far log --format=%s && echo pushed
"#;

const PRUNE: &str = r#"
git init -q . && touch a && git add a && git commit -q -m a && git gc -q --prune=now && echo pruned
"#;

const PARENT: &str = r#"
set -e
git init -q d
cd d
touch ../made && ls ..
"#;

const PRLIMIT: &str = r#"
prlimit --nofile=99:99 sh -c 'ulimit -n'
"#;

const CARRIED: &str = r#"
f() { echo carried; }; bash -c "$(declare -f f); f"
"#;

const RECURSION: &str = r#"
echo 'if [ "$1" = 0 ]; then echo bottom; else bash go.sh $(($1 - 1)); fi' >go.sh && bash go.sh 20
"#;

const STREAM: &str = r#"
exec 3>&1; echo through >/dev/fd/3
"#;

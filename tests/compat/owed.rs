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

const PUSH: &str = r#"
git init -q --bare far && git clone -q far near 2>/dev/null && cd near && touch a && git add a && git commit -q -m a
git push -q origin main && git -C ../far log --format=%s && echo pushed
"#;

const PRUNE: &str = r#"
git init -q . && touch a && git add a && git commit -q -m a && git gc -q --prune=now && echo pruned
"#;

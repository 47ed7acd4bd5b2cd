//! Everyday work that does not get through yet, and why. Whoever makes one work is told by the
//! test, and moves it to its subject.

use crate::identity::Who;
use crate::workload::{Kind, Place, Script, USUAL, Workload};

const SOCKETS: &str = "AF_UNIX is refused but for socketpair(2): Landlock does not bound connect(2) to a path \
                       (sandbox/filter/rules.rs, `sockets`)";

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
    owed("python-forkserver-manager", SOCKETS, FORKSERVER, &["forkserver 285", "manager [1, 2]"]),
    owed("python-asyncio-local-socket", SOCKETS, ASYNCIO, &["locally"]),
    owed("server-local-socket", SOCKETS, NODE, &["served locally"]),
    owed(
        "gpg",
        "socket(AF_UNIX) of gpg-agent is refused, and gpg does nothing with keys by itself",
        GPG,
        &["secret 1", "GOODSIG"],
    ),
    Workload {
        name: "postgresql",
        kind: Kind::Script(Script {
            text: POSTGRESQL,
            says: &["500500", "stopped"],
            // It refuses to be the superuser's.
            only: Some(Who::User),
            owed: Some(
                "shmget(2) is refused (System V objects know no owner but the user): PostgreSQL locks \
                 its directory by one of 56 bytes. A private ipc namespace would do",
            ),
            ..USUAL
        }),
    },
    owed(
        "openssl",
        "gate one: key.pem is a private key, though the same command has made it a moment ago",
        OPENSSL,
        &["certificate ok", "Verified OK", "round trip"],
    ),
    Workload {
        name: "git-under-strict",
        kind: Kind::Script(Script {
            text: STRICT,
            place: Place::Around,
            says: &["first"],
            owed: Some(
                "strict grants nothing of the home, and git dies of a ~/.gitconfig it may not read: \
                 GIT_CONFIG_GLOBAL=/dev/null would do",
            ),
            profiles: &["strict"],
            ..USUAL
        }),
    },
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

const GPG: &str = r#"
set -euo pipefail
export GNUPGHOME=$PWD/gnupg && mkdir -m 700 gnupg
gpg --batch --quiet --passphrase '' --quick-generate-key 'Compat <compat@example.invalid>' ed25519 sign never
echo "secret $(gpg --batch --list-secret-keys --with-colons | grep -c '^sec')"
echo text >text && gpg --batch --quiet --detach-sign -o text.sig text
gpg --batch --status-fd 1 --verify text.sig text 2>/dev/null | grep -o GOODSIG
gpgconf --kill gpg-agent
"#;

const POSTGRESQL: &str = r#"
set -euo pipefail
PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH
initdb -D data -U me --auth=trust -N -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || { tail -4 init.log >&2; exit 1; }
for port in $(shuf -i 20000-32000 -n 5); do
    pg_ctl -D data -w -t 30 -l log -o "-p $port -h 127.0.0.1 -c unix_socket_directories='' -F" start >/dev/null && break
done
psql -h 127.0.0.1 -p $port -U me -d postgres -Atqc 'create table t(n int); insert into t select generate_series(1,1000); select sum(n) from t'
pg_ctl -D data -w -m fast stop >/dev/null && echo stopped
"#;

const OPENSSL: &str = r#"
set -euo pipefail
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN=compat 2>/dev/null
openssl verify -CAfile cert.pem cert.pem | sed 's/cert.pem: OK/certificate ok/'
echo text >text && openssl dgst -sha256 -sign key.pem -out text.sig text
openssl x509 -in cert.pem -pubkey -noout >public.pem && openssl dgst -sha256 -verify public.pem -signature text.sig text
echo 'round trip' | openssl enc -aes-256-cbc -pbkdf2 -pass pass:x | openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:x
"#;

const STRICT: &str = r#"
set -euo pipefail
git init -q . && echo one >a && git add a && git commit -q -m first && $BOX git log --format=%s
"#;

const PUSH: &str = r#"
git init -q --bare far && git clone -q far near 2>/dev/null && cd near && touch a && git add a && git commit -q -m a
git push -q origin main && git -C ../far log --format=%s && echo pushed
"#;

const PRUNE: &str = r#"
git init -q . && touch a && git add a && git commit -q -m a && git gc -q --prune=now && echo pruned
"#;

//! Servers on sockets of the file system and with System V IPC, and clients of theirs: agents of keys, databases, terminals, buses.

use crate::identity::Who;
use crate::workload::{Kind, Script, USUAL, Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    inside("python-forkserver-manager", FORKSERVER, &["forkserver 285", "manager [1, 2]"]),
    inside("python-asyncio-local-socket", ASYNCIO, &["locally"]),
    inside("python-socket-options", OPTIONS, &["credentials", "kept", "late"]),
    inside("server-local-socket", NODE, &["served locally"]),
    inside("gpg", GPG, &["secret 1", "GOODSIG"]),
    inside("ssh-agent", SSH, &["me (ED25519)", "signed"]),
    around("tmux-twice", TMUX, &["first", "second"]),
    inside("system-v-ipc", SYSTEM_V, &["semaphore 1", "memory here", "message 11"]),
    Workload {
        name: "dbus",
        kind: Kind::Script(Script { text: DBUS, says: &["org.freedesktop.DBus"], ..USUAL }),
    },
    Workload {
        name: "postgresql",
        kind: Kind::Script(Script {
            text: POSTGRESQL,
            says: &["500500", "local 1000", "stopped"],
            // It refuses to be the superuser's.
            only: Some(Who::User),
            ..USUAL
        }),
    },
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

/// What is set before a socket has a partner holds afterwards, and what is inherited is one file.
const OPTIONS: &str = r#"
cat >work.py <<'END'
import os, socket, struct, threading
server = socket.socket(socket.AF_UNIX); server.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
server.bind('socket'); server.listen()
client = socket.socket(socket.AF_UNIX); client.settimeout(3); os.set_inheritable(client.fileno(), True)
client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 70000); client.connect('socket')
there, _ = server.accept(); client.send(b'x')
_, extra, _, _ = there.recvmsg(9, 200); print('credentials', len(extra), struct.unpack('3i', extra[0][2])[1:] == (os.getuid(), os.getgid()))
print('kept', client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF), os.get_inheritable(client.fileno()), client.getblocking())
late = socket.socket(socket.AF_UNIX); ready = threading.Event()
def connect(): late.connect('socket'); late.send(b'late')
thread = threading.Thread(target=connect); thread.start(); print(server.accept()[0].recv(9).decode()); thread.join()
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

const SSH: &str = r#"
set -euo pipefail
eval "$(ssh-agent -a "$PWD/agent")" >/dev/null; trap 'ssh-agent -k >/dev/null' EXIT
ssh-keygen -q -t ed25519 -N '' -C me -f key && ssh-add -q key && ssh-add -l | cut -d' ' -f1,3-
mv key away && echo text >text && ssh-keygen -q -Y sign -f key.pub -n file text && test -s text.sig && echo signed
"#;

/// The socket that the first run leaves behind does not keep the second from having its own.
const TMUX: &str = r#"
set -euo pipefail
for which in first second; do
    $BOX bash -c "tmux -S here -f /dev/null new-session -d -s $which 'sleep 20'; tmux -S here list-sessions -F '#S'
        kill -9 \$(tmux -S here display-message -p '#{pid}'); sleep 0.3"
    test -S here
done
"#;

const SYSTEM_V: &str = r#"
cat >work.pl <<'END'
use IPC::SysV qw(IPC_PRIVATE IPC_CREAT IPC_RMID);
my $s = semget(IPC_PRIVATE, 2, 0600 | IPC_CREAT) // die "semget: $!";
semop($s, pack('s!3', 0, 1, 0)) or die "semop: $!"; print 'semaphore ', semctl($s, 0, 12, 0), "\n";
my $m = shmget(IPC_PRIVATE, 100, 0600) // die "shmget: $!"; shmwrite($m, 'here', 0, 4) or die "shmwrite: $!";
my $text; shmread($m, $text, 0, 4) or die "shmread: $!"; print "memory $text\n";
my $q = msgget(IPC_PRIVATE, 0600 | IPC_CREAT) // die "msgget: $!"; msgsnd($q, pack('l! a*', 1, 'msg'), 0) or die "msgsnd: $!";
msgrcv($q, $text, 100, 0, 0) or die "msgrcv: $!"; print 'message ', length $text, "\n";
semctl($s, 0, IPC_RMID, 0); shmctl($m, IPC_RMID, 0); msgctl($q, IPC_RMID, 0);
END
perl work.pl
"#;

const DBUS: &str = r#"
dbus-run-session -- dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.ListNames 2>/dev/null | grep -o 'org.freedesktop.DBus'
"#;

const POSTGRESQL: &str = r#"
set -euo pipefail
PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH
initdb -D data -U me --auth=trust -N -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || { tail -4 init.log >&2; exit 1; }
for port in $(shuf -i 20000-32000 -n 5); do
    pg_ctl -D data -w -t 30 -l log -o "-p $port -h 127.0.0.1 -c unix_socket_directories='$PWD' -F" start >/dev/null && break
done
psql -h 127.0.0.1 -p $port -U me -d postgres -Atqc 'create table t(n int); insert into t select generate_series(1,1000); select sum(n) from t'
echo "local $(psql -h "$PWD" -p $port -U me -d postgres -Atqc 'select count(*) from t')"
pg_ctl -D data -w -m fast stop >/dev/null && echo stopped
"#;

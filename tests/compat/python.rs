//! Python: tests, virtual environments, processes, threads, loops, pseudo-terminals.

use crate::workload::{Kind, Script, Twin, USUAL, Workload, inside};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

pub(crate) const WORKLOADS: &[Workload] = &[
    inside("python-unittest", UNITTEST, &["OK"]),
    Workload {
        name: "python-venv-pytest",
        kind: Kind::Script(Script {
            text: PYTEST,
            says: &["3 passed", "1 failed"],
            leaves: &[".venv/bin/pytest", "__pycache__", ".pytest_cache"],
            // Installing takes ten seconds each time, and pytest says the same everywhere.
            twin: Twin::None,
            given: Some(wheels),
            seconds: 120,
            ..USUAL
        }),
    },
    inside("python-pytest-xdist", XDIST, &["6 passed", "two workers"]),
    inside("python-multiprocessing", MULTIPROCESSING, &["pool 285", "shared 5"]),
    inside("python-threads-asyncio", ASYNCIO, &["threads 100", "child said hi", "status 3"]),
    inside("python-pty", PTY, &["a terminal: True", "spawned 0"]),
    inside("python-files", FILES, &["mapped", "temporary", "locked"]),
];

const UNITTEST: &str = r#"
set -euo pipefail
mkdir part && touch part/__init__.py && echo 'def twice(n): return 2 * n' >part/work.py
cat >test_work.py <<'END'
import unittest, subprocess, sys
from part.work import twice
class Works(unittest.TestCase):
    def test_twice(self): self.assertEqual(twice(21), 42)
    def test_child(self): self.assertEqual(subprocess.check_output([sys.executable, '-c', 'print(1)']), b'1\n')
END
python3 -m unittest 2>&1 | sed 's/ in [0-9.]*s//'
python3 -m compileall -q part && ls part/__pycache__ | wc -l
"#;

const PYTEST: &str = r#"
set -euo pipefail
python3 -m venv .venv && . .venv/bin/activate
pip install -q --no-index --find-links given --disable-pip-version-check pytest
cat >test_work.py <<'END'
import pytest
def test_file(tmp_path):
    (tmp_path / 'x').write_text('x')
    assert (tmp_path / 'x').read_text() == 'x'
@pytest.mark.parametrize('n', [1, 2])
def test_number(n, capfd, monkeypatch):
    monkeypatch.setenv('N', str(n))
    assert n
def test_fails(): assert 1 == 2
END
TMPDIR=$PWD pytest -q --basetemp=tmp || test $? = 1
"#;

/// By Debian's own package, whose workers talk over pipes.
const XDIST: &str = r#"
set -euo pipefail
cat >test_work.py <<'END'
import os, pytest, time
@pytest.mark.parametrize('n', range(6))
def test_number(n, tmp_path):
    time.sleep(0.05); (tmp_path / 'x').write_text(str(n))
    open('seen.' + os.environ['PYTEST_XDIST_WORKER'], 'a').close()
END
/usr/bin/python3 -m pytest -q -n2 --basetemp=tmp 2>&1 | sed 's/ in [0-9.]*s//' | tail -1
ls seen.gw0 seen.gw1 | wc -l | sed 's/^2$/two workers/'
"#;

pub(crate) const MULTIPROCESSING: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import multiprocessing as mp
from multiprocessing import shared_memory
from concurrent.futures import ProcessPoolExecutor
def square(n): return n * n
def put(name): m = shared_memory.SharedMemory(name=name); m.buf[0] = 5; m.close()
if __name__ == '__main__':
    for method in ['fork', 'spawn']:
        with mp.get_context(method).Pool(3) as pool:
            print(method, 'pool', sum(pool.map(square, range(10))))
    with ProcessPoolExecutor(2) as pool: print(list(pool.map(square, [1, 2])))
    memory = shared_memory.SharedMemory(create=True, size=16)
    child = mp.Process(target=put, args=(memory.name,)); child.start(); child.join()
    print('shared', memory.buf[0]); memory.close(); memory.unlink()
    lock, queue = mp.Lock(), mp.Queue()
    with lock: queue.put('queued')
    print(queue.get())
END
python3 work.py
"#;

const ASYNCIO: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import asyncio, threading, signal, os, socket
done = []
threads = [threading.Thread(target=done.append, args=(n,)) for n in range(100)]
[t.start() for t in threads]; [t.join() for t in threads]
print('threads', len(done))
async def main():
    child = await asyncio.create_subprocess_exec('echo', 'hi', stdout=asyncio.subprocess.PIPE)
    print('child said', (await child.communicate())[0].decode().strip())
    shell = await asyncio.create_subprocess_shell('exit 3')
    print('status', await shell.wait())
    slow = await asyncio.create_subprocess_exec('sleep', '60')
    slow.terminate(); print('ended', await slow.wait())
    caught = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, caught.set)
    os.kill(os.getpid(), signal.SIGUSR1); await asyncio.wait_for(caught.wait(), 10); print('caught')
    server = await asyncio.start_server(lambda r, w: (w.write(b'served'), w.close()), '127.0.0.1', 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    print((await reader.read()).decode()); server.close()
asyncio.run(main())
a, b = socket.socketpair(); a.send(b'pair'); print(b.recv(9).decode())
END
python3 work.py
"#;

pub(crate) const PTY: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import os, pty, sys, fcntl, struct, termios
print('spawned', pty.spawn(['sh', '-c', 'test -t 0 && echo "a terminal: True"; stty size >/dev/null; exit 0']))
pid, master = pty.fork()
if pid == 0:
    # Without echo: whether a terminal repeats a line before or after its reader speaks is chance.
    os.execvp('sh', ['sh', '-c', 'stty -echo; echo ready; read line; echo "read $line"; cat </dev/tty'])
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 33, 77, 0, 0))
assert b'ready' in os.read(master, 4096)
os.write(master, b'typed\n'); os.write(master, b'through\n'); os.write(master, b'\x04')
said = b''
while True:
    try: part = os.read(master, 4096)
    except OSError: break
    if not part: break
    said += part
print(said.decode().replace('\r', '').split(), os.waitpid(pid, 0)[1])
END
python3 work.py </dev/null | tr -d '\r'
script -qec 'tty | grep -c /dev/pts; stty size >/dev/null && echo sized' /dev/null </dev/null | tr -d '\r'
script -qec 'exit 5' typescript </dev/null >/dev/null || echo "script $?"
"#;

const FILES: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import fcntl, mmap, os, shutil, tempfile, pathlib, sqlite3, resource, zipfile
with open('mapped', 'w+b') as f:
    f.truncate(8192); m = mmap.mmap(f.fileno(), 8192); m[0:6] = b'mapped'; m.flush(); m.close()
print(open('mapped', 'rb').read(6).decode())
with tempfile.TemporaryDirectory() as d, tempfile.NamedTemporaryFile() as f, tempfile.TemporaryFile() as g:
    print('temporary', pathlib.Path(d).is_dir(), g.write(b'x'), f.write(b'y'))
with open('lock', 'w') as f: fcntl.flock(f, fcntl.LOCK_EX); fcntl.lockf(f, fcntl.LOCK_EX); print('locked')
shutil.copytree('.', 'copy'); shutil.make_archive('all', 'zip', 'copy'); print(sorted(zipfile.ZipFile('all.zip').namelist()))
shutil.rmtree('copy'); os.mkfifo('fifo'); os.link('lock', 'hard'); os.symlink('lock', 'soft')
os.posix_fallocate(os.open('space', os.O_RDWR | os.O_CREAT), 0, 4096); os.utime('lock', (5, 5))
print(os.path.realpath('soft').rsplit('/', 1)[1], os.stat('hard').st_nlink, os.stat('lock').st_mtime)
base = sqlite3.connect('base.db'); base.execute('pragma journal_mode=wal'); base.execute('create table t(a)')
base.execute('insert into t values (7)'); base.commit(); print(base.execute('select a from t').fetchall())
fd = os.memfd_create('m'); os.write(fd, b'in memory'); print(os.pread(fd, 9, 0).decode())
os.sendfile(os.open('sent', os.O_WRONLY | os.O_CREAT), os.open('mapped', os.O_RDONLY), 0, 100)
print(os.stat('sent').st_size, os.sched_getaffinity(0) != set(), os.getpriority(os.PRIO_PROCESS, 0))
END
python3 work.py
"#;

/// pytest and what it needs, fetched once outside and kept in the target directory.
fn wheels() -> Result<PathBuf, String> {
    static FETCHED: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    FETCHED.get_or_init(|| fetch(Path::new(env!("CARGO_TARGET_TMPDIR")))).clone()
}

fn fetch(temporary: &Path) -> Result<PathBuf, String> {
    const SCRIPT: &str = r#"
        set -eu
        rm -rf "$1/compat-venv" "$1/compat-wheels.part"
        /usr/bin/python3 -m venv "$1/compat-venv"
        "$1/compat-venv/bin/pip" download -q --disable-pip-version-check \
            --retries 1 -d "$1/compat-wheels.part" pytest
        rm -rf "$1/compat-venv"
        mv "$1/compat-wheels.part" "$1/compat-wheels"
    "#;
    let wheels = temporary.join("compat-wheels");
    if wheels.is_dir() {
        return Ok(wheels);
    }
    let output = Command::new("bash")
        .args(["-c", SCRIPT, "bash"])
        .arg(temporary)
        .output()
        .map_err(|error| format!("bash: {error}"))?;
    match output.status.success() {
        true => Ok(wheels),
        false => Err(format!("pytest: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

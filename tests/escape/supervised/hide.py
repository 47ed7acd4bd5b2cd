# Every way this knows of to read what has a hidden name, and honest twins: hide.py WORKSPACE. Says how many of the ways
# read the secret; bare, all must.
import ctypes, errno, mmap, os, subprocess, sys, threading, time
ws = sys.argv[1]; os.chdir(ws)
libc = ctypes.CDLL(None, use_errno=True)
SECRET = b'SECRET='
OUT = '/tmp/stockade-hide.%d' % os.getuid()
def sc(nr, *a):
    r = libc.syscall(nr, *[ctypes.c_long(x) if isinstance(x, int) else x for x in a])
    if r < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return r
class How(ctypes.Structure): _fields_ = [('f', ctypes.c_uint64), ('m', ctypes.c_uint64), ('r', ctypes.c_uint64)]
def openat2(p, f, r=0, d=-100):
    h = How(f, 0, r); return sc(437, d, p.encode(), ctypes.byref(h), ctypes.c_size_t(24))
def take(fd):
    try: return os.read(fd, 100)
    finally: os.close(fd)
def ro(p, flags=os.O_RDONLY, **k): return take(os.open(p, flags, **k))
def fresh(n=[0]): n[0] += 1; return 'fresh%d' % n[0]
W = {}
TARGETS = ['.env', 'deep/a/b/.env.local', '[x]/*/.env', 'pkg/.ENV.Production', OUT + '/.env', '.env.d/inner']
for t in TARGETS:
    d, n = os.path.split(t); d = d or '.'
    W['open ' + t] = lambda t=t: ro(t)
    W['open rdwr ' + t] = lambda t=t: ro(t, os.O_RDWR)
    W['open creat ' + t] = lambda t=t: ro(t, os.O_RDONLY | os.O_CREAT)
    W['open nofollow ' + t] = lambda t=t: ro(t, os.O_RDONLY | os.O_NOFOLLOW)
    W['open nonblock ' + t] = lambda t=t: ro(t, os.O_RDONLY | os.O_NONBLOCK)
    W['open(2) ' + t] = lambda t=t: take(sc(2, t.encode(), 0, 0))
    W['abs ' + t] = lambda t=t: ro(os.path.join(ws, t))
    W['dots ' + t] = lambda t=t, d=d, n=n: ro(os.path.join(d, '.', '..', os.path.basename(os.path.abspath(d)), n))
    W['dirfd ' + t] = lambda d=d, n=n: ro(n, dir_fd=os.open(d, os.O_PATH))
    W['chdir ' + t] = lambda d=d, n=n: in_dir(d, lambda: ro(n))
    W['cwd ' + t] = lambda t=t: ro('/proc/self/cwd/' + t) if not t.startswith('/') else ro('/proc/self/root' + t)
    W['root ' + t] = lambda t=t: ro('/proc/%d/root%s' % (os.getpid(), os.path.join(ws, t)))
    W['thread-self ' + t] = lambda t=t: ro('/proc/thread-self/root' + os.path.join(ws, t))
    W['fd dir ' + t] = lambda d=d, n=n: ro('/proc/self/fd/%d/%s' % (os.open(d, os.O_PATH), n))
    W['O_PATH reopened ' + t] = lambda t=t: ro('/proc/self/fd/%d' % os.open(t, os.O_PATH))
    W['O_PATH dev fd ' + t] = lambda t=t: ro('/dev/fd/%d' % os.open(t, os.O_PATH))
    W['O_PATH by openat2 ' + t] = lambda t=t: ro('/proc/self/fd/%d' % openat2(t, os.O_PATH))
    for r in (0, 1, 2, 4):
        W['openat2 %d %s' % (r, t)] = lambda t=t, r=r: take(openat2(t, os.O_RDONLY, r))
    W['openat2 beneath ' + t] = lambda d=d, n=n: take(openat2(n, os.O_RDONLY, 8, os.open(d, os.O_PATH)))
    W['openat2 in root ' + t] = lambda d=d, n=n: take(openat2('/' + n, os.O_RDONLY, 16, os.open(d, os.O_PATH)))
    W['link ' + t] = lambda t=t: linked(os.path.abspath(t), ro)
    W['link to link ' + t] = lambda t=t: linked(os.path.abspath(t), lambda l: linked(os.path.abspath(l), ro))
    W['linked dir ' + t] = lambda t=t, d=d, n=n: linked(os.path.abspath(d), lambda l: ro(l + '/' + n))
    W['link outside ' + t] = lambda t=t: linked(os.path.abspath(t), ro, OUT + '/l%d' % os.getpid())
    W['hard link ' + t] = lambda t=t, d=d: hard(t, d)
    W['hard link by fd ' + t] = lambda t=t, d=d: hard('/proc/self/fd/%d' % os.open(t, os.O_PATH), d, follow=True)
    W['renamed ' + t] = lambda t=t, d=d: renamed(t, d + '/' + fresh())
    W['renamed hidden ' + t] = lambda t=t, d=d: renamed(t, d + '/.env.example')
    W['exchanged ' + t] = lambda t=t, d=d: exchanged(t, d + '/' + fresh())
    W['cat ' + t] = lambda t=t: subprocess.run(['cat', t], capture_output=True).stdout
    W['cp ' + t] = lambda t=t, f='copy': (subprocess.run(['cp', t, f], capture_output=True), ro(f), os.unlink(f))[1]
    W['mv ' + t] = lambda t=t: (subprocess.run(['mv', t, 'moved'], capture_output=True), ro('moved'), subprocess.run(['mv', 'moved', t]))[1]
    W['dd ' + t] = lambda t=t: subprocess.run(['dd', 'if=' + t, 'status=none'], capture_output=True).stdout
    W['child thread ' + t] = lambda t=t: in_thread(lambda: ro(t))
    W['mmap ' + t] = lambda t=t: mapped(t)
    W['write then reopen ' + t] = lambda t=t: ro('/proc/self/fd/%d' % os.open(t, os.O_WRONLY | os.O_APPEND))
    W['tar ' + t] = lambda t=t: subprocess.run(['tar', '-cf', '-', t], capture_output=True).stdout[512:600]
    W['sendfile ' + t] = lambda t=t: sent(t)
    W['script ' + t] = lambda t=t: subprocess.run(['sh', '-x', t], capture_output=True).stderr
W['git add'] = lambda: subprocess.run('git add -f .env && git show :.env; git rm -q --cached .env', shell=True, capture_output=True).stdout
W['git hash'] = lambda: subprocess.run('git cat-file blob $(git hash-object -w .env)', shell=True, capture_output=True).stdout
W['above renamed'] = lambda: dir_moved('deep', 'deeper', 'deeper/a/b/.env.local')
W['listed'] = lambda: SECRET if 'inner' in os.listdir('.env.d') else b''
W['dir renamed'] = lambda: dir_moved('.env.d', 'shown', 'shown/inner')
W['shown by its directory'] = lambda: dir_moved('config', 'conf', 'conf/master.key')
W['before: hard link'] = lambda: ro('twin-of-env')
W['before: link'] = lambda: ro('.env.behind')
W['before: behind a link'] = lambda: ro('vault/real')
W['behind a link, renamed'] = lambda: dir_moved('vault', 'safe', 'safe/real')
def in_dir(d, f):
    os.chdir(d)
    try: return f()
    finally: os.chdir(ws)
def in_thread(f):
    out = []
    def go():
        try: out.append(f())
        except OSError: pass
    t = threading.Thread(target=go); t.start(); t.join(); return out[0] if out else b''
def linked(target, then, name=None):
    name = name or fresh(); os.symlink(target, name)
    try: return then(name)
    finally: os.unlink(name)
def hard(t, d, follow=False):
    name = d + '/' + fresh(); sc(265, -100, t.encode(), -100, name.encode(), 0x400 if follow else 0)
    try: return ro(name)
    finally: os.unlink(name)
def renamed(t, to):
    keep = None
    if os.path.exists(to): keep = os.path.dirname(to) + '/kept'; os.rename(to, keep)
    try:
        os.rename(t, to)
        try: return ro(to)
        finally: os.rename(to, t)
    finally: keep and os.rename(keep, to)
def exchanged(t, to):
    open(to, 'w').close()
    try:
        sc(316, -100, t.encode(), -100, to.encode(), 2)
        try: return ro(to)
        finally: sc(316, -100, t.encode(), -100, to.encode(), 2)
    finally: os.unlink(to)
def dir_moved(a, b, inner):
    os.rename(a, b)
    try: return ro(inner)
    finally: os.rename(b, a)
def mapped(t):
    f = os.open(t, os.O_RDONLY); m = mmap.mmap(f, 0, prot=mmap.PROT_READ); r = m[:100]; m.close(); os.close(f); return r
def sent(t):
    f = os.open(t, os.O_RDONLY); r, w = os.pipe(); os.sendfile(w, f, 0, 100); os.close(f); return take(r)
# A thread swaps what a name means.
def race(seconds=float(os.environ.get('RACE', '2'))):
    os.makedirs('r/plain', exist_ok=True); open('r/plain/.x', 'w').write('innocent'); stop = []
    os.path.lexists('r/l') and os.unlink('r/l')
    os.symlink('plain/.x', 'r/a'); os.symlink('../.env', 'r/b')
    def swap():
        while not stop: sc(316, -100, b'r/a', -100, b'r/b', 2)
    t = threading.Thread(target=swap); t.start(); end = time.time() + seconds; seen = b''
    while time.time() < end and not seen:
        try:
            got = ro('r/a')
            if SECRET in got: seen = got
        except OSError: pass
    stop.append(1); t.join(); os.unlink('r/a'); os.unlink('r/b'); return seen
W['race'] = race
# A name in memory that another thread writes.
def race_memory(seconds=float(os.environ.get('RACE', '2'))):
    open('pkg/.exe', 'w').write('innocent'); name = ctypes.create_string_buffer(b'pkg/.exe'); stop = []
    os.path.exists('pkg/.env') or os.symlink('../.env', 'pkg/.env')
    def swap():
        while not stop: name.value = b'pkg/.env'; name.value = b'pkg/.exe'
    t = threading.Thread(target=swap); t.start(); end = time.time() + seconds; seen = b''
    while time.time() < end and not seen:
        try:
            got = take(sc(2, name, 0, 0))
            if SECRET in got: seen = got
        except OSError: pass
    stop.append(1); t.join(); os.unlink('pkg/.env'); return seen
W['race in memory'] = race_memory
read, answers = [], {}
for name, way in W.items():
    try: got = way() or b''
    except OSError as e: got = b''; answers.setdefault(errno.errorcode[e.errno], []).append(name)
    if SECRET in got: read.append(name)
# Who is faster is luck: a race need not be won bare, and must not be won inside.
sure = [n for n in W if not n.startswith('race')]; missed = [n for n in sure if n not in read]
print('%d of %d ways' % (len([n for n in read if n in sure]), len(sure)))
if os.environ.get('SHOW'): print([n for n in W if n not in read], {k: len(v) for k, v in answers.items()}, file=sys.stderr)
if not missed: sys.exit(0)
if read: print('READ', read if len(read) < len(missed) else 'all but %s' % missed); sys.exit(1)
# What was there is as it was.
for t in TARGETS: assert os.path.exists(t), t
for attempt in [lambda: os.unlink('.env'), lambda: os.truncate('.env', 0), lambda: os.chmod('.env', 0o644), lambda: os.rename('plain', '.env'),
                lambda: open('.env', 'a').write('x'), lambda: os.rename('.env', '.env.bak')]:
    try: attempt(); sys.exit('changed')
    except PermissionError: pass
# Honest twins.
assert open('vault/other').read() == 'plain\n'
assert open('.env.example').read() == 'TEMPLATE=1\n' and open('plain').read() == 'plain\n'
with open('new/.env', 'w') as f: f.write('made inside')
try: open('new/.env').read(); sys.exit('read what it made')
except PermissionError: pass
with open('new/.env', 'a') as f: f.write(' and more')
os.stat('new/.env'); os.rename('new/.env', 'new/.env.2'); os.rename('new/.env.2', 'new/.env')
os.chmod('new/.env', 0o600); os.truncate('new/.env', 3); assert os.path.getsize('new/.env') == 3; os.unlink('new/.env')
os.mkdir('new/.env'); os.rmdir('new/.env')
assert os.readlink('/proc/self/cwd') == ws and open('/proc/self/status').read().startswith('Name:')
assert str(os.getpid()) in open('/proc/self/stat').read() and 'fresh' not in os.listdir('/proc/self/fd')
assert subprocess.run('echo through | cat /dev/stdin <(echo substituted)', shell=True, executable='/bin/bash', capture_output=True).stdout == b'through\nsubstituted\n'
open('/dev/null').read(); open('/dev/zero', 'rb').read(1); os.listdir('/proc/self/task')
try: open('/dev/tty').close()
except OSError as e: assert e.errno == errno.ENXIO
# Named pipes wait for the other end, and say when it has gone.
os.mkfifo('new/fifo'); got = []
t = threading.Thread(target=lambda: got.append(open('new/fifo').read())); t.start(); time.sleep(0.1); assert not got
w = open('new/fifo', 'w'); w.write('x' * 70000 + 'end'); w.close(); t.join(); assert len(got[0]) == 70003
t = threading.Thread(target=lambda: got.append(open('new/fifo').read())); t.start(); time.sleep(0.05)
open('new/fifo', 'w').close(); t.join(); assert got[1] == ''
r = os.open('new/fifo', os.O_RDONLY | os.O_NONBLOCK); assert os.read(r, 1) == b''; os.close(r)
# While one waits, others go on; and one that is killed is not waited for.
pid = os.fork()
if pid == 0: open('new/fifo').read(); os._exit(0)
time.sleep(0.05); assert open('plain').read() == 'plain\n'; os.kill(pid, 9); os.waitpid(pid, 0); time.sleep(0.1)
try: os.open('new/fifo', os.O_WRONLY | os.O_NONBLOCK); sys.exit('somebody reads')
except OSError as e: assert e.errno == errno.ENXIO
assert subprocess.run(['git', 'status', '-s'], capture_output=True).returncode == 0
print('twins pass')

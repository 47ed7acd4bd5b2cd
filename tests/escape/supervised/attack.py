# Every way this knows of to change what is protected, and honest twins. Runs inside: attack.py WORKSPACE
import ctypes, os, sys, struct, stat, errno, hashlib, threading, time, signal
ws = sys.argv[1]; os.chdir(ws); base = os.path.dirname(ws)
libc = ctypes.CDLL(None, use_errno=True)
def sc(nr, *a):
    r = libc.syscall(nr, *[ctypes.c_long(x) if isinstance(x, int) else x for x in a])
    if r < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return r
def digest():
    out = {}
    for top in ['repo/.git/hooks', 'repo/.git/config', 'vendor/sub/.git/hooks', 'vendor/sub/.git/config', '.vscode', '.claude/settings.json', '.envrc', 'linked/.git', 'repo/.git/worktrees/linked/commondir']:
        paths = [top]
        if os.path.isdir(top): paths += [os.path.join(d, f) for d, _, fs in os.walk(top) for f in fs]
        for p in paths:
            s = os.lstat(p)
            c = open(p, 'rb').read() if stat.S_ISREG(s.st_mode) else b''
            out[p] = (s.st_mode, s.st_uid, int(s.st_mtime) if stat.S_ISREG(s.st_mode) else 0, hashlib.md5(c).hexdigest(), s.st_nlink if stat.S_ISREG(s.st_mode) else 0)
    for p in [base + '/outside', base + '/outside/file']:
        s = os.lstat(p); out[p] = (s.st_mode, s.st_uid, s.st_mtime_ns)
    return out
def w(p, flags=os.O_WRONLY | os.O_CREAT | os.O_TRUNC, **k):
    fd = os.open(p, flags, 0o755, **k); os.write(fd, b'evil'); os.close(fd)
class How(ctypes.Structure): _fields_ = [('f', ctypes.c_uint64), ('m', ctypes.c_uint64), ('r', ctypes.c_uint64)]
def openat2(p, f, r=0, d=-100):
    h = How(f, 0o755 if f & os.O_CREAT else 0, r); fd = sc(437, d, p.encode(), ctypes.byref(h), ctypes.c_size_t(24)); os.write(fd, b'evil'); os.close(fd)
def opath(p): return os.open(p, os.O_PATH)
def lnk(t, n, then):
    os.symlink(t, n)
    try: then()
    finally: os.unlink(n)
def swap_in(build, target):
    build('plain/evil')
    os.rename('plain/evil', target)
def evilgit(d):
    os.makedirs(d + '/hooks', exist_ok=True); open(d + '/hooks/pre-commit', 'w').write('x'); open(d + '/config', 'w').write('[core]\nfsmonitor=x\n'); open(d + '/HEAD', 'w').write('ref: refs/heads/m\n'); os.makedirs(d + '/objects', exist_ok=True); os.makedirs(d + '/refs', exist_ok=True)
def lockthen(text, target='repo/.git/config', keep=None):
    fd = os.open(target + '.lock', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.write(fd, text); os.rename(target + '.lock', target)
        if keep: os.pwrite(fd, keep, 0)
    finally:
        os.close(fd)
        try: os.unlink(target + '.lock')
        except OSError: pass
def chain(*fs):
    def go():
        for f in fs: f()
    return go
H, C, V = 'repo/.git/hooks/pre-commit', 'repo/.git/config', '.vscode/settings.json'
A = {}
for name, p in [('hook', H), ('oldhook', 'repo/.git/hooks/pre-push'), ('config', C), ('vscode', V), ('newvscode', 'plain/.vscode/tasks.json'), ('claude', '.claude/settings.json'), ('newcodex', '.codex'), ('envrc', '.envrc'), ('deepenvrc', 'plain/dir/.envrc'), ('mcp', '.mcp.json'), ('subhook', 'vendor/sub/.git/hooks/post-checkout'), ('subconfig', 'vendor/sub/.git/config'), ('bashrc', '.bashrc'), ('commondir', 'repo/.git/commondir'), ('attributes', 'repo/.git/info/attributes'), ('worktreeconfig', 'repo/.git/config.worktree'), ('case', 'repo/.git/HOOKS/pre-commit')]:
    A['open ' + name] = lambda p=p: w(p)
    A['creat ' + name] = lambda p=p: sc(85, p.encode(), 0o755)
    A['append ' + name] = lambda p=p: w(p, os.O_WRONLY | os.O_APPEND)
    A['rdwr ' + name] = lambda p=p: w(p, os.O_RDWR | os.O_CREAT)
    A['rdonly trunc ' + name] = lambda p=p: os.close(os.open(p, os.O_RDONLY | os.O_TRUNC))
    A['accmode3 ' + name] = lambda p=p: os.close(os.open(p, 3))
    A['abs ' + name] = lambda p=p: w(os.path.join(ws, p))
    A['dotdot ' + name] = lambda p=p: w('plain/../' + p)
    A['procself ' + name] = lambda p=p: w('/proc/self/cwd/' + p)
    A['procpid ' + name] = lambda p=p: w('/proc/%d/root%s/%s' % (os.getpid(), ws, p))
    A['threadself ' + name] = lambda p=p: w('/proc/thread-self/cwd/' + p)
    A['dirfd ' + name] = lambda p=p: w(os.path.basename(p), dir_fd=opath(os.path.dirname(p) or '.'))
    A['fdpath ' + name] = lambda p=p: w('/proc/self/fd/%d/%s' % (opath(os.path.dirname(p) or '.'), os.path.basename(p)))
    A['devfd ' + name] = lambda p=p: w('/dev/fd/%d/%s' % (opath(os.path.dirname(p) or '.'), os.path.basename(p)))
    A['reopen ' + name] = lambda p=p: w('/proc/self/fd/%d' % os.open(p, os.O_RDONLY), os.O_WRONLY)
    A['openat2 ' + name] = lambda p=p: openat2(p, os.O_WRONLY | os.O_CREAT)
    A['openat2 beneath ' + name] = lambda p=p: openat2(p, os.O_WRONLY | os.O_CREAT, 8)
    A['openat2 inroot ' + name] = lambda p=p: openat2('/' + p, os.O_WRONLY | os.O_CREAT, 16, os.open('.', os.O_RDONLY))
    A['openat2 nolinks ' + name] = lambda p=p: openat2(p, os.O_WRONLY, 4)
    A['link to it ' + name] = lambda p=p: lnk(ws + '/' + p, 'plain/l', lambda: w('plain/l'))
    A['dir link ' + name] = lambda p=p: lnk(ws + '/' + (os.path.dirname(p) or '.'), 'plain/l', lambda: w('plain/l/' + os.path.basename(p)))
    A['truncate ' + name] = lambda p=p: os.truncate(p, 0)
    A['unlink ' + name] = lambda p=p: os.unlink(p)
    A['rename over ' + name] = lambda p=p: (w('plain/e'), os.rename('plain/e', p))
    A['rename away ' + name] = lambda p=p: os.rename(p, 'plain/away')
    A['exchange ' + name] = lambda p=p: (w('plain/e'), sc(316, -100, b'plain/e', -100, p.encode(), 2))
    A['exchange2 ' + name] = lambda p=p: (w('plain/e'), sc(316, -100, p.encode(), -100, b'plain/e', 2))
    A['hardlink out ' + name] = lambda p=p: (os.link(p, 'plain/h'), w('plain/h'))
    A['hardlink in ' + name] = lambda p=p: (w('plain/e'), os.link('plain/e', p))
    A['tmpfile link ' + name] = lambda p=p: sc(265, -100, b'/proc/self/fd/%d' % os.open('.', os.O_TMPFILE | os.O_RDWR, 0o755), -100, p.encode(), 0x400)
    A['symlink ' + name] = lambda p=p: os.symlink('/tmp/evil', p)
    A['mknod ' + name] = lambda p=p: os.mknod(p, 0o100755)
    A['mkfifo ' + name] = lambda p=p: os.mkfifo(p)
    A['mkdir ' + name] = lambda p=p: os.mkdir(p)
for d in ['repo/.git', 'repo/.git/hooks', '.vscode', '.claude', 'vendor/sub/.git', 'vendor/sub', 'vendor', 'repo', 'repo/.git/info', 'repo/.git/worktrees', ws]:
    A['aside ' + d] = lambda d=d: os.rename(d, 'plain/aside')
    A['aside out ' + d] = lambda d=d: os.rename(d, base + '/outside/aside')
    A['exch dir ' + d] = lambda d=d: (os.makedirs('plain/x', exist_ok=True), sc(316, -100, d.encode(), -100, b'plain/x', 2))
    A['exch dir2 ' + d] = lambda d=d: (os.makedirs('plain/x', exist_ok=True), sc(316, -100, b'plain/x', -100, d.encode(), 2))
for d in ['plain/.git', 'plain/dir/.git', 'repo/.git/modules', 'repo/.git/modules/x', 'repo/.git/worktrees/x', 'plain/.vscode', 'plain/.claude', 'repo/.git/hooks/x']:
    A['dir in ' + d] = lambda d=d: swap_in(evilgit, d)
    A['dirlink in ' + d] = lambda d=d: os.symlink('/tmp', d)
A['dir above in'] = lambda: (evilgit('/var/tmp/sup-out/r/.git'), os.rename('/var/tmp/sup-out/r', 'plain/r'))
A['settings above in'] = lambda: (os.makedirs('/var/tmp/sup-out/q/.vscode', exist_ok=True), os.rename('/var/tmp/sup-out/q', 'plain/q'))
A['node_modules out'] = lambda: (os.makedirs('plain/node_modules/a/.vscode', exist_ok=True), os.rename('plain/node_modules/a', 'plain/b'))
A['node_modules renamed'] = lambda: (os.makedirs('plain/node_modules/a/.vscode', exist_ok=True), os.rename('plain/node_modules', 'plain/b'))
for n, t in [('fsmonitor', b'[core]\nfsmonitor=/x\n'), ('hooks', b'[core]\n\thooksPath = /x\n'), ('alias', b'[alias]\nx=!id\n'), ('include', b'[include]\npath=/x\n'), ('worktree', b'[core]\nworktree=/\n'), ('garbage', b'\x00'), ('half', b'[core')]:
    A['lock ' + n] = lambda t=t: lockthen(t)
    A['lock sub ' + n] = lambda t=t: lockthen(t, 'vendor/sub/.git/config')
    A['lock wt ' + n] = lambda t=t: lockthen(t, 'repo/.git/config.worktree')
A['lock symlink'] = lambda: (os.symlink(ws + '/plain/file', C + '.lock'), os.rename(C + '.lock', C))
A['lock other name'] = lambda: (w('repo/.git/x'), os.rename('repo/.git/x', C))
A['lock exchange'] = lambda: (w(C + '.lock'), sc(316, -100, (C + '.lock').encode(), -100, C.encode(), 2))
A['pointer to evil'] = lambda: (evilgit('plain/e1'), open('plain/.git', 'w').write('gitdir: e1\n'), os.stat('plain/.git'))
A['pointer out'] = lambda: (evilgit('/tmp/e1'), open('plain/dir/.git', 'w').write('gitdir: /tmp/e1\n'), os.mkdir('plain/k1'), os.stat('plain/dir/.git'))
A['pointer linked'] = lambda: (open('linked/.git', 'r+').write('gitdir: /tmp/e1\n'))
A['chmod hook'] = lambda: os.chmod('repo/.git/hooks/pre-push', 0o777)
A['chmod vscode'] = lambda: os.chmod(V, 0o777)
O = base + '/outside/file'
def fd(): return os.open(O, os.O_RDONLY)
A['chmod out'] = lambda: os.chmod(O, 0o777)
A['fchmod out'] = lambda: os.fchmod(fd(), 0o777)
A['fchmodat2 empty'] = lambda: sc(452, opath(O), b'', 0o777, 0x1000)
A['chmod procfd'] = lambda: os.chmod('/proc/self/fd/%d' % opath(O), 0o777)
A['chown out'] = lambda: os.chown(O, os.getuid(), os.getgid())
A['fchown out'] = lambda: os.fchown(fd(), os.getuid(), os.getgid())
A['lchown out'] = lambda: os.lchown(O, os.getuid(), os.getgid())
A['utime out'] = lambda: os.utime(O, (1, 1))
A['futime out'] = lambda: os.utime(fd(), (1, 1))
A['utimes old'] = lambda: sc(235, O.encode(), 0)
A['utime old'] = lambda: sc(132, O.encode(), 0)
A['futimesat null'] = lambda: sc(261, fd(), 0, 0)
A['setxattr out'] = lambda: os.setxattr(O, 'user.x', b'1')
A['fsetxattr out'] = lambda: os.setxattr(fd(), 'user.x', b'1')
A['lsetxattr out'] = lambda: os.setxattr(O, 'user.x', b'1', follow_symlinks=False)
A['setxattrat'] = lambda: sc(463, -100, O.encode(), 0, b'user.x', 0, 0)
A['file_setattr'] = lambda: sc(469, -100, O.encode(), 0, 0, 0)
A['chmod link'] = lambda: lnk(O, 'plain/l', lambda: os.chmod('plain/l', 0o777))
A['chmod dir'] = lambda: os.chmod(base + '/outside', 0o777)
A['setflags'] = lambda: __import__('fcntl').ioctl(fd(), 0x40086602, struct.pack('i', 0x40))
A['bad pointer'] = lambda: sc(2, 8, 1, 0)
A['empty'] = lambda: os.open('', os.O_WRONLY | os.O_CREAT)
A['long'] = lambda: os.open('a/' * 2050, os.O_WRONLY | os.O_CREAT)
A['long name'] = lambda: os.open('a' * 256, os.O_WRONLY | os.O_CREAT)
A['landlock'] = lambda: sc(444, 0, 0, 1)
A['supervisor fd'] = lambda: [os.open('/proc/%d/fd/%d' % (os.getppid(), n), os.O_WRONLY) for n in range(12)] and None
before = digest(); won = []; hist = {}
signal.alarm(300)
for name, attack in A.items():
    try:
        attack(); result = 'returned'
    except OSError as e: result = errno.errorcode.get(e.errno, e.errno)
    except Exception as e: result = repr(e)
    hist.setdefault(result, []).append(name)
    after = digest()
    if after != before:
        won.append(name); print('WON', name, {k: (before.get(k), after.get(k)) for k in set(before) | set(after) if before.get(k) != after.get(k)}); before = after
    new = [p for p in ['.codex', '.mcp.json', '.bashrc', 'plain/.vscode', 'plain/.git', 'plain/dir/.git', 'plain/dir/.envrc', 'plain/r/.git', 'plain/q/.vscode', 'plain/b/.vscode', 'plain/b/a/.vscode', 'repo/.git/commondir', 'repo/.git/info/attributes', 'repo/.git/config.worktree', 'repo/.git/hooks/pre-commit', 'vendor/sub/.git/hooks/post-checkout', 'repo/.git/HOOKS/pre-commit', 'plain/aside/config', 'repo/.git/modules/x', 'repo/.git/worktrees/x', 'plain/.claude'] if os.path.lexists(p)]
    if new:
        won.append(name); print('MADE', name, new, result)
        os._exit(3)
    if result == 'returned': print('returned', name)
    for p in ['plain/evil', 'plain/e', 'plain/l', 'plain/h', 'plain/x', 'repo/.git/config.lock', 'plain/node_modules', 'repo/.git/x']:
        if os.path.lexists(p):
            __import__('shutil').rmtree(p) if os.path.isdir(p) and not os.path.islink(p) else os.unlink(p)
print({k: len(v) for k, v in hist.items()})
if '-v' in sys.argv: print({k: v[:60] for k, v in hist.items() if k != 'EPERM'})
print(len(A), 'attacks,', len(won), 'won:', won)
# kept descriptor: benign content is taken, what is written later is not
fd1 = os.open(C + '.lock', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
os.write(fd1, open(C, 'rb').read() + b'[user]\n\temail = new@x\n'); os.rename(C + '.lock', C); os.pwrite(fd1, b'[core]\nfsmonitor=/evil\n', 0); os.ftruncate(fd1, 22)
assert b'evil' not in open(C, 'rb').read() and b'new@x' in open(C, 'rb').read(), 'kept descriptor'
# honest twins
os.umask(0o027); w('plain/new'); assert stat.S_IMODE(os.stat('plain/new').st_mode) == 0o750, oct(os.stat('plain/new').st_mode)
os.umask(0o022); os.mkdir('plain/nd', 0o777); assert stat.S_IMODE(os.stat('plain/nd').st_mode) == 0o755
def in_child():
    os.umask(0o077); w('plain/child')
if (pid := os.fork()) == 0: in_child(); os._exit(0)
os.waitpid(pid, 0); assert stat.S_IMODE(os.stat('plain/child').st_mode) == 0o700; w('plain/p2'); assert stat.S_IMODE(os.stat('plain/p2').st_mode) == 0o755
try: os.open('plain/new', os.O_CREAT | os.O_EXCL | os.O_WRONLY); assert 0
except FileExistsError: pass
os.symlink('dangle', 'plain/sl'); w('plain/sl'); assert os.path.isfile('plain/dangle')
try: os.open('plain/sl', os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW); assert 0
except OSError as e: assert e.errno == errno.ELOOP
for p, en in [('plain/dir', errno.EISDIR), ('plain/nope/x', errno.ENOENT), ('plain/file/x', errno.ENOTDIR), ('plain/zz/', errno.EISDIR)]:
    try: os.open(p, os.O_CREAT | os.O_WRONLY); assert 0, p
    except OSError as e: assert e.errno == en, (p, e)
f = os.open('plain/t', os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644); import fcntl
assert fcntl.fcntl(f, fcntl.F_GETFL) & (os.O_APPEND | os.O_NONBLOCK) == os.O_APPEND and fcntl.fcntl(f, fcntl.F_GETFD) == 1
f = os.open('plain/t', os.O_RDWR); fcntl.fcntl(f, fcntl.F_GETFD)
f = os.open('plain', os.O_TMPFILE | os.O_RDWR, 0o600); os.write(f, b'x'); sc(265, -100, b'/proc/self/fd/%d' % f, -100, b'plain/fromtmp', 0x400); assert open('plain/fromtmp').read() == 'x'
os.chmod('plain/new', 0o600); os.utime('plain/new', (1, 2)); assert os.stat('plain/new').st_mtime == 2; os.fchmod(f, 0o640); os.utime(f, (3, 4)); os.utime('plain/new', ns=(5, 6)); assert os.stat('plain/new').st_mtime_ns == 6
os.setxattr('plain/new', 'user.a', b'b'); assert os.getxattr('plain/new', 'user.a') == b'b'; os.removexattr('plain/new', 'user.a'); os.truncate('plain/new', 3); assert os.stat('plain/new').st_size == 3
sc(132, b'plain/new', 0); sc(235, b'plain/new', 0); os.utime('plain/sl', (1, 1), follow_symlinks=False); os.lchown('plain/sl', os.getuid(), -1)
os.mkdir('plain/mv'); os.rename('plain/mv', 'plain/mv2'); os.rename('plain/mv2/', 'plain/mv3/'); os.rmdir('plain/mv3'); os.link('plain/new', 'plain/hl'); os.unlink('plain/hl')
open('/dev/null', 'w').write('x'); openat2('plain/o2', os.O_WRONLY | os.O_CREAT); openat2('plain/o2', os.O_WRONLY, 8)
r, wr = os.pipe(); p = os.open('/proc/self/fd/%d' % wr, os.O_WRONLY); os.write(p, b'hi'); assert os.read(r, 2) == b'hi'; os.fchmod(r, 0o600)
m = os.memfd_create('m'); os.fchmod(m, 0o700); os.close(os.open('/proc/self/fd/%d' % m, os.O_RDWR))
# threads with directories of their own
def unshared():
    libc.unshare(0x200); os.chdir('plain/dir'); w('threadfile')
t = threading.Thread(target=unshared); t.start(); t.join(); assert os.path.exists('plain/dir/threadfile')
# pipes that wait
os.mkfifo('plain/fifo')
def reader():
    time.sleep(0.2); global got; got = open('plain/fifo').read()
t = threading.Thread(target=reader); t.start(); t0 = time.time(); f = open('plain/fifo', 'w'); assert time.time() - t0 > 0.1; f.write('through'); f.close(); t.join(); assert got == 'through'
try: os.open('plain/fifo', os.O_WRONLY | os.O_NONBLOCK); assert 0
except OSError as e: assert e.errno == errno.ENXIO
if (pid := os.fork()) == 0: open('plain/fifo', 'w'); os._exit(0)
time.sleep(0.05); w('plain/meanwhile'); os.kill(pid, 9); os.waitpid(pid, 0); w('plain/after')
# lease
f = os.open('plain/leased', os.O_RDONLY | os.O_CREAT, 0o644); fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_RDLCK); signal.signal(signal.SIGIO, lambda *a: fcntl.fcntl(f, fcntl.F_SETLEASE, fcntl.F_UNLCK)); 
if (pid := os.fork()) == 0: signal.signal(signal.SIGIO, signal.SIG_IGN); w('plain/leased', os.O_WRONLY); os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
# rlimit
import resource
s, h = resource.getrlimit(resource.RLIMIT_NOFILE); resource.setrlimit(resource.RLIMIT_NOFILE, (3, h))
try: os.open('plain/new', os.O_WRONLY); assert 0
except OSError as e: assert e.errno == errno.EMFILE
resource.setrlimit(resource.RLIMIT_NOFILE, (s, h))
# signals do not tear what is carried out
signal.signal(signal.SIGALRM, lambda *a: None); signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002); bad = 0
for n in range(3000):
    try: os.close(os.open('plain/x%d' % n, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError: bad += 1
signal.setitimer(signal.ITIMER_REAL, 0); print('torn creates:', bad); assert bad == 0
print('twins pass'); sys.exit(len(won) > 0)

# Random operations on unprotected names, and what comes of each: differential.py SEED STEPS. Run bare and inside, both
# must print the same.
import ctypes, errno, os, random, stat, sys
seed, steps = int(sys.argv[1]), int(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
class How(ctypes.Structure): _fields_ = [('f', ctypes.c_uint64), ('m', ctypes.c_uint64), ('r', ctypes.c_uint64)]
def sc(nr, *a):
    r = libc.syscall(nr, *[ctypes.c_long(x) if isinstance(x, int) else x for x in a])
    if r < 0: raise OSError(ctypes.get_errno(), '')
    return r
# So deep that no name here climbs out of it.
rnd = random.Random(seed); top = os.getcwd() + '/tree%d' % seed + '/x' * 12
os.makedirs(top); os.chdir(top); os.mkdir('d'); os.mkdir('e'); os.symlink('d', 'ld'); os.symlink('nowhere', 'dangling'); os.symlink('loop', 'loop')
NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'ld', 'dangling', 'loop', 'n' * 255, 'n' * 256, 'name with blank', 'caf\u00e9', '*', '[x]', '.hidden', 'x (deleted)']
def name():
    n = rnd.choice(NAMES)
    for _ in range(rnd.choice([0, 0, 0, 1, 1, 2])): n = rnd.choice(['d', 'e', 'ld', 'a', '.', '..', 'd/d', 'd/']) + '/' + n
    if rnd.random() < .1: n += rnd.choice(['/', '/.', '/..', '//'])
    if rnd.random() < .1: n = top + '/' + n
    if rnd.random() < .05: n = '/proc/self/cwd/' + n
    if rnd.random() < .01: n = ''
    return n
FLAGS = [os.O_CREAT, os.O_EXCL, os.O_TRUNC, os.O_APPEND, os.O_NOFOLLOW, os.O_DIRECTORY, os.O_NONBLOCK, os.O_CLOEXEC, os.O_SYNC]
def flags():
    f = rnd.choice([os.O_RDONLY, os.O_WRONLY, os.O_RDWR]) | os.O_NONBLOCK
    for x in FLAGS:
        if rnd.random() < .25: f |= x
    return f
# What cannot be read is not moved inside: nobody could say what is in it.
def mode(): return rnd.choice([0o755, 0o700, 0o750, 0o777, 0o1777, 0o2755, 0o4755])
def told(fd):
    s = os.fstat(fd); import fcntl
    out = (oct(s.st_mode), s.st_size if stat.S_ISREG(s.st_mode) else 0, s.st_nlink if stat.S_ISREG(s.st_mode) else 0, oct(fcntl.fcntl(fd, fcntl.F_GETFL) & ~0o500000), fcntl.fcntl(fd, fcntl.F_GETFD))
    if stat.S_ISREG(s.st_mode):
        try: os.write(fd, b'data')
        except OSError as e: out += (e.errno,)
        try: out += (os.pread(fd, 9, 0),)
        except OSError as e: out += (e.errno,)
    os.close(fd); return out
def dirfd(): return rnd.choice([-100, -100, DIR, FILE, 999])
HOME = top.split('/tree')[0]; DIR = os.open('d', os.O_PATH | os.O_DIRECTORY); FILE = os.open('file', os.O_CREAT | os.O_RDWR, 0o600)
def op():
    k = rnd.randrange(23)
    if k < 5: f, m, n, d = flags(), mode(), name(), dirfd(); return ('open', oct(f), n, d), lambda: told(sc(257, d, n.encode(), f, m))
    if k == 5: f, m, n, d, r = flags(), mode(), name(), dirfd(), rnd.choice([0, 2, 4, 8, 16, 1, 64]); h = How(f, m if f & os.O_CREAT else 0, r); return ('openat2', oct(f), n, d, r), lambda: told(sc(437, d, n.encode(), ctypes.byref(h), ctypes.c_size_t(24)))
    if k == 6: n, m = name(), mode(); return ('mkdir', n), lambda: os.mkdir(n, m)
    if k == 7: n = name(); return ('rmdir', n), lambda: os.rmdir(n)
    if k in (8, 9): n, d, f = name(), dirfd(), rnd.choice([0, 0, 0, 0x200, 1]); return ('unlinkat', n, d, f), lambda: sc(263, d, n.encode(), f)
    if k in (10, 11, 12): a, b, d, f = name(), name(), dirfd(), rnd.choice([0, 0, 0, 1, 2, 3, 8]); return ('rename', a, b, d, f), lambda: sc(316, -100, a.encode(), d, b.encode(), f)
    if k == 13: a, b, d, f = name(), name(), dirfd(), rnd.choice([0, 0x400, 0x1000, 1]); return ('link', a, b, d, f), lambda: sc(265, d, a.encode(), -100, b.encode(), f)
    if k == 14: t, n = rnd.choice(['a', '../e', 'd/', top + '/e', '..', 'b' * 300, '']), name(); return ('symlink', t, n), lambda: os.symlink(t, n)
    if k == 15: n, l = name(), rnd.choice([0, 5, 5000, -1, 1 << 62]); return ('truncate', n, l), lambda: sc(76, n.encode(), l)
    if k == 16: n, m, d, f = name(), mode(), dirfd(), rnd.choice([0, 0, 0x100, 0x1000, 1]); return ('fchmodat2', n, oct(m), d, f), lambda: sc(452, d, n.encode(), m, f)
    if k == 17: n, t = name(), (rnd.randrange(1 << 30), rnd.randrange(1 << 30)); return ('utime', n), lambda: os.utime(n, t, follow_symlinks=rnd.random() < .5)
    if k == 18: n, m = name(), rnd.choice([stat.S_IFREG, stat.S_IFIFO, stat.S_IFDIR, 0, 0o170000]); return ('mknod', n, oct(m)), lambda: sc(133, n.encode(), m | 0o644, 0)
    if k == 19: m = rnd.choice([0, 0o22, 0o77, 0o27]); return ('umask', oct(m)), lambda: oct(os.umask(m))
    if k == 20: n = rnd.choice([top, top + '/d', top + '/e', top]); return ('chdir', n), lambda: os.chdir(n)
    if k == 21: n, v = name(), os.urandom(0) + b'v' * rnd.choice([0, 3, 70000]); return ('setxattr', n), lambda: os.setxattr(n, 'user.x', v, rnd.choice([0, 1, 2]))
    n = name(); return ('chown', n), lambda: os.chown(n, rnd.choice([-1, os.getuid()]), rnd.choice([-1, os.getgid()]), follow_symlinks=rnd.random() < .5)
for step in range(steps):
    words, act = op()
    try: result = act()
    except OSError as e: result = errno.errorcode.get(e.errno, e.errno)
    except ValueError as e: result = 'ValueError'
    print(step, *words, '->', result)
os.umask(0o22); os.chdir(HOME)
for d, dirs, files in os.walk('tree%d' % seed):
    dirs.sort()
    for n in sorted(dirs + files):
        try: s = os.lstat(d + '/' + n)
        except OSError as e: print(d, n, e.errno); continue
        regular = stat.S_ISREG(s.st_mode)
        print(d, n, oct(s.st_mode), regular and (s.st_size, s.st_nlink), os.readlink(d + '/' + n) if stat.S_ISLNK(s.st_mode) else '')

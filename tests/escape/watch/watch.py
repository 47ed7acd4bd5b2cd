# Watches on directories: of those that may not be read none tells a name. watch.py OUTSIDE [race]
import ctypes, os, struct, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
out = sys.argv[1]
watcher = libc.inotify_init1(os.O_NONBLOCK)
EVERYTHING = 0xfff


def watch(path, mask=EVERYTHING):
    ctypes.set_errno(0)
    number = libc.inotify_add_watch(watcher, path if isinstance(path, ctypes.Array) else path.encode(), mask)
    return 'ok' if number > 0 else os.strerror(ctypes.get_errno())


os.symlink(out, 'link')
os.symlink(out + '/deep', 'deeper')
place = os.open(out, os.O_PATH)
for name, path, mask in [
        ('name', out, EVERYTHING), ('link', 'link', EVERYTHING), ('deep', 'deeper', EVERYTHING),
        ('descriptor', f'/proc/self/fd/{place}', EVERYTHING), ('root', f'/proc/self/root{out}', EVERYTHING),
        ('once', out, 0x80000000 | EVERYTHING), ('directory', out, 0x01000000 | EVERYTHING),
        ('around', f'{out}/deep/..', EVERYTHING)]:
    print(name, watch(path, mask))
if len(sys.argv) > 2:
    # One's own directory when it is judged, the other when the kernel reads the name.
    os.mkdir('near')
    other = out.encode() + b'\0'
    own = b'near'.ljust(len(other), b'\0')
    room, stop = ctypes.create_string_buffer(own, len(other)), []
    def flip():
        while not stop:
            ctypes.memmove(room, other, len(other)); ctypes.memmove(room, own, len(other))
    thread = threading.Thread(target=flip); thread.start()
    for _ in range(4000): watch(room)
    stop.append(1); thread.join()
for name in ['no-directory/x', '', '/nonexistent']: print('missing', watch(name))
print('ready', flush=True)
while not os.path.exists('go'): time.sleep(0.01)
time.sleep(0.2)
events = b''
try:
    while True: events += os.read(watcher, 1 << 16)
except OSError: pass
while events:
    _, mask, _, length = struct.unpack('iIII', events[:16])
    name = events[16:16 + length].rstrip(b'\0').decode()
    if 'secret' in name: print('LEAKED', name)
    events = events[16 + length:]
# What may be watched: one's own directory, and single files wherever they are.
os.makedirs('mine', exist_ok=True)
print('mine', watch('mine'), 'file', watch(out + '/victim'), 'link itself', watch('link', 0x02000000 | EVERYTHING))
open('mine/made', 'w').close()
print('saw', b'made' in os.read(watcher, 1 << 16))
bad = libc.inotify_add_watch(0, b'mine', EVERYTHING)
print('no watcher', bad, os.strerror(ctypes.get_errno()))

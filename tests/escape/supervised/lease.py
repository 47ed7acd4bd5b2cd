# A file under a lease is cut by name while others open files: lease.py
import fcntl, os, signal, sys, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
leased = os.open('leased', os.O_RDWR | os.O_CREAT, 0o644); os.write(leased, b'abc')
fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_WRLCK)
child = os.fork()
if child == 0: os.truncate('leased', 1); os._exit(0)
time.sleep(0.3)
# The kernel takes a lease away after 45 seconds: whoever waits for that is late.
begin = time.monotonic(); open('other', 'w').close()
print('goes on' if time.monotonic() - begin < 20 else 'waited', flush=True)
fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_UNLCK)
assert os.waitpid(child, 0)[1] == 0
print('cut' if os.path.getsize('leased') == 1 else 'not cut')

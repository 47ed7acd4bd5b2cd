# What a user namespace with a network namespace brings its maker.
import ctypes, os, subprocess, sys

libc = ctypes.CDLL(None, use_errno=True)
if os.path.exists('shut'):
    os.unlink('shut')
with open('shut', 'w') as file:
    file.write('content')
os.chmod('shut', 0)
ids = [('uid_map', os.getuid()), ('gid_map', os.getgid())]
if libc.unshare(0x50000000):
    print('no namespace:', ctypes.get_errno())
    sys.exit(0)
with open('/proc/self/setgroups', 'w') as file:
    file.write('deny')
for name, own in ids:
    with open('/proc/self/' + name, 'w') as file:
        file.write(f'0 {own} 1')
if open('shut').read() == 'content':
    print('read what permission bits shut')
# Packet schedulers and their filters, where many of the kernel's holes were.
tc = ['qdisc add dev lo root handle 1: htb', 'filter add dev lo parent 1: u32 match u32 0 0 flowid 1:1']
if all(subprocess.run(['/usr/sbin/tc', *line.split()]).returncode == 0 for line in tc):
    print('set how packets are queued')
if libc.chroot(b'.') == 0:
    print('changed its root', flush=True)

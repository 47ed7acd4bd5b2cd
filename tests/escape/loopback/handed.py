# Sends by TCP fast open on a socket that somebody else made, as standard input: bare, then inside.
import socket, subprocess, sys

server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen()
SENDS = f'''
import socket
try:
    socket.socket(fileno=0).sendto(b'x', 0x20000000, ('127.0.0.1', {server.getsockname()[1]}))
    print('sent')
except OSError as error:
    print(error.errno)
'''
for before in ([], sys.argv[1:]):
    own = socket.socket()
    command = [*before, sys.executable, '-c', SENDS]
    ended = subprocess.run(command, stdin=own.fileno(), stdout=subprocess.PIPE, timeout=60)
    print(ended.stdout.decode().strip(), ended.returncode)

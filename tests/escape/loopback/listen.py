# Ways to listen on a port that is not among those named (7999), and honest servers beside them.
import ctypes, os, socket, struct, sys, threading

LIBC = ctypes.CDLL(None, use_errno=True)
bound = lambda s: s.getsockname()[1]


def without_bind():
    s = socket.socket(); s.listen(); return bound(s)
def range_of_its_own():
    s = socket.socket(); s.setsockopt(0, 51, struct.pack('I', 40001 << 16 | 40001)); s.listen(); return bound(s)
def six():
    s = socket.socket(socket.AF_INET6); s.listen(); return bound(s)
def bind_zero():
    s = socket.socket(); s.bind(('', 0)); s.listen(); return bound(s)
def bind_other():
    s = socket.socket(); s.bind(('', 8001)); s.listen(); return bound(s)
def taken_back():
    s = socket.socket(); s.setsockopt(1, 2, 1); s.bind(('', 7999)); LIBC.connect(s.fileno(), bytes(16), 16); s.listen()
    return bound(s)
def duplicate():
    s = socket.socket(); d = os.dup(s.fileno())
    if LIBC.listen(d, 5):
        raise OSError(ctypes.get_errno(), 'listen')
    return bound(s)
def race():
    # One that is bound when it is looked at, and another in its place when the kernel comes to it.
    good = socket.socket(); good.setsockopt(1, 2, 1); good.bind(('', 7999)); stop = []
    place = os.dup(good.fileno())
    bad = []
    def flip():
        while not stop:
            os.dup2(bad[-1].fileno(), place); os.dup2(good.fileno(), place)
    bad.append(socket.socket())
    thread = threading.Thread(target=flip); thread.start()
    for _ in range(300):
        LIBC.listen(place, 5)
        if bad[-1].getsockopt(1, 30):
            stop.append(1); thread.join(); os.close(place); return bound(bad[-1])
    stop.append(1); thread.join(); os.close(place)
    raise OSError(0, 'never')


for way in (without_bind, range_of_its_own, six, bind_zero, bind_other, taken_back, duplicate, race):
    try:
        print(way.__name__, 'LISTENS', way(), flush=True)
    except OSError as error:
        print(way.__name__, error.errno, flush=True)
try:
    server = socket.socket(); server.setsockopt(1, 2, 1); server.bind(('', 7999)); server.listen(7)
    threading.Thread(target=lambda: server.accept()[0].sendall(b'hello'), daemon=True).start()
    print('honest', socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).recv(9), flush=True)
except OSError as error:
    print('honest', error.errno, flush=True)
print('through', flush=True)

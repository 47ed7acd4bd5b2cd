# Tries every way to the far end of a wire, each by itself; says of each what came of it.
import ctypes, os, socket, struct, sys, threading, time

FAR4, FAR6, PORT = '10.77.0.2', 'fd77::2', 7777
WIRE = int(sys.argv[1])
LIBC = ctypes.CDLL(None, use_errno=True)
FASTOPEN = 0x20000000


def made(family=socket.AF_INET, kind=socket.SOCK_STREAM, protocol=0):
    s = socket.socket(family, kind, protocol)
    s.settimeout(0.4)
    return s


def sockaddr(host, port):
    return struct.pack('=H', 2) + struct.pack('!H', port) + socket.inet_aton(host) + bytes(8)


def tcp4():
    s = made(); s.connect((FAR4, PORT)); s.send(b'tcp4')
def tcp6():
    s = made(socket.AF_INET6); s.connect((FAR6, PORT)); s.send(b'tcp6')
def mapped():
    s = made(socket.AF_INET6); s.connect(('::ffff:' + FAR4, PORT)); s.send(b'mapped')
def multipath():
    s = made(protocol=262); s.connect((FAR4, PORT)); s.send(b'multipath')
def fast_sendto():
    made().sendto(b'fast_sendto', FASTOPEN, (FAR4, PORT))
def fast_sendmsg():
    made().sendmsg([b'fast_sendmsg'], [], FASTOPEN, (FAR4, PORT))
def fast_sendmmsg():
    s = made()
    name = ctypes.create_string_buffer(sockaddr(FAR4, PORT), 16)
    data = ctypes.create_string_buffer(b'fast_sendmmsg', 13)
    vector = struct.pack('=QQ', ctypes.addressof(data), 13)
    held = ctypes.create_string_buffer(vector, 16)
    one = struct.pack('=QIIQQQQII', ctypes.addressof(name), 16, 0, ctypes.addressof(held), 1, 0, 0, 0, 0)
    message = ctypes.create_string_buffer(one + bytes(8), len(one) + 8)
    if LIBC.sendmmsg(s.fileno(), message, 1, FASTOPEN) < 0:
        raise OSError(ctypes.get_errno(), 'sendmmsg')
    time.sleep(0.1)
def fast_connect():
    s = made(); s.setsockopt(6, 30, 1); s.connect((FAR4, PORT)); s.send(b'fast_connect')
def fast6():
    made(socket.AF_INET6).sendto(b'fast6', FASTOPEN, (FAR6, PORT))
def unbound_name():
    s = made(); s.setsockopt(1, 25, b''); s.sendto(b'unbound_name', FASTOPEN, (FAR4, PORT))
def unbound_number():
    s = made(); s.setsockopt(1, 62, struct.pack('i', 0)); s.sendto(b'unbound_number', FASTOPEN, (FAR4, PORT))
def rebound():
    s = made(); s.setsockopt(1, 62, struct.pack('i', WIRE)); s.sendto(b'rebound', FASTOPEN, (FAR4, PORT))
def unicast_if():
    s = made(); s.setsockopt(0, 50, struct.pack('!i', WIRE)); s.sendto(b'unicast_if', FASTOPEN, (FAR4, PORT))
def unicast_if6():
    s = made(socket.AF_INET6); s.setsockopt(41, 76, struct.pack('!i', WIRE)); s.sendto(b'unicast_if6', FASTOPEN, (FAR6, PORT))
def sticky():
    s = made(socket.AF_INET6); s.setsockopt(41, 50, bytes(16) + struct.pack('i', WIRE)); s.sendto(b'sticky', FASTOPEN, (FAR6, PORT))
def scoped():
    s = made(socket.AF_INET6); s.connect((os.environ.get('FAR_LINK', 'fe80::77'), PORT, 0, WIRE)); s.send(b'scoped')
def addrform():
    server = made(socket.AF_INET6); server.bind(('::', 0)); server.listen()
    s = made(socket.AF_INET6); s.connect(('::ffff:127.0.0.1', server.getsockname()[1])); s.setsockopt(41, 1, 2)
    LIBC.connect(s.fileno(), bytes(16), 16)
    if LIBC.sendto(s.fileno(), b'addrform', 8, FASTOPEN, sockaddr(FAR4, PORT), 16) < 0:
        raise OSError(ctypes.get_errno(), 'sendto')
    time.sleep(0.1)
def again():
    server = made(); server.listen()
    s = made(); s.connect(('127.0.0.1', server.getsockname()[1]))
    LIBC.connect(s.fileno(), bytes(16), 16)
    s.sendto(b'again', FASTOPEN, (FAR4, PORT))
def accepted():
    server = made(); server.listen()
    s = made(); s.connect(('127.0.0.1', server.getsockname()[1]))
    a, _ = server.accept(); a.settimeout(0.4)
    LIBC.connect(a.fileno(), bytes(16), 16)
    a.sendto(b'accepted', FASTOPEN, (FAR4, PORT))
def source_route():
    s = made(); s.setsockopt(0, 4, bytes([131, 7, 4]) + socket.inet_aton(FAR4) + b'\0'); s.connect(('127.0.0.1', PORT))
def race():
    # Near when it is looked at, far when the kernel reads it.
    near, far, stop = sockaddr('127.0.0.1', 9), sockaddr(FAR4, PORT), []
    name = ctypes.create_string_buffer(near, 16)
    def flip():
        while not stop:
            ctypes.memmove(name, far, 16); ctypes.memmove(name, near, 16)
    thread = threading.Thread(target=flip, daemon=True); thread.start()
    kept = []
    try:
        for _ in range(400):
            s = socket.socket(); s.setblocking(False); kept = kept[-50:] + [s]
            LIBC.connect(s.fileno(), name, 16)
        time.sleep(0.3)
    finally:
        stop.append(1)
def udp4():
    made(kind=socket.SOCK_DGRAM).sendto(b'udp4', (FAR4, PORT))
def udp6():
    made(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'udp6', (FAR6, PORT))
def udp_info():
    info = struct.pack('i4s4s', WIRE, bytes(4), bytes(4))
    made(kind=socket.SOCK_DGRAM).sendmsg([b'udp_info'], [(0, 8, info)], 0, (FAR4, PORT))
def udp_info_mapped():
    info = struct.pack('i4s4s', WIRE, bytes(4), bytes(4))
    made(socket.AF_INET6, socket.SOCK_DGRAM).sendmsg([b'udp_info_mapped'], [(0, 8, info)], 0, ('::ffff:' + FAR4, PORT))
def udp_info6():
    info = bytes(16) + struct.pack('i', WIRE)
    made(socket.AF_INET6, socket.SOCK_DGRAM).sendmsg([b'udp_info6'], [(41, 50, info)], 0, (FAR6, PORT))
def udp_lite():
    made(kind=socket.SOCK_DGRAM, protocol=136).sendto(b'udp_lite', (FAR4, PORT))
def raw():
    made(kind=socket.SOCK_RAW, protocol=253).sendto(b'raw', (FAR4, 0))
def ping():
    made(kind=socket.SOCK_DGRAM, protocol=1).sendto(bytes([8, 0, 0, 0, 0, 0, 0, 1]), (FAR4, 0))
def sctp():
    made(protocol=132).connect((FAR4, PORT))
def smc():
    s = made(protocol=256); s.connect((FAR4, PORT)); s.send(b'smc')
def smc_family():
    s = made(43, socket.SOCK_STREAM, 0); LIBC.connect(s.fileno(), sockaddr(FAR4, PORT), 16)
def name_server():
    s = made(); s.connect((FAR4, 53)); s.send(b'name_server')
def packet():
    s = socket.socket(17, socket.SOCK_RAW, 0x300); s.bind(('va', 0)); s.send(bytes(60))
def served():
    # The far end calls all the time: a server on every address, one on IPv6, one that never was bound.
    four = made(); four.bind(('0.0.0.0', 7878)); four.listen()
    six = made(socket.AF_INET6); six.bind(('::', 7879)); six.listen()
    own = made(); own.bind(('10.77.0.1', 7880)); own.listen()
    time.sleep(1.2)


WAYS = [tcp4, tcp6, mapped, multipath, fast_sendto, fast_sendmsg, fast_sendmmsg, fast_connect, fast6,
        unbound_name, unbound_number, rebound, unicast_if, unicast_if6, sticky, scoped, addrform, again, accepted,
        source_route, race, udp4, udp6, udp_info, udp_info_mapped, udp_info6, udp_lite, raw, ping, sctp, smc,
        smc_family, name_server, packet, served]
for way in WAYS:
    try:
        way(); print(way.__name__, 'ok', flush=True)
    except OSError as error:
        print(way.__name__, error.errno or error, flush=True)
time.sleep(0.2)
print('through', flush=True)

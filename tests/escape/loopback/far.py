# The far end of a wire: writes down every byte and every caller, and calls servers at the near end.
import select, socket, sys, time

NEAR = [(socket.AF_INET, '10.77.0.1', 7878), (socket.AF_INET6, 'fd77::1', 7879), (socket.AF_INET, '10.77.0.1', 7880),
        (socket.AF_INET6, 'fd77::1', 7878)]
log = open(sys.argv[1], 'a', buffering=1)
streams, others, talking = [], [], []
for family, any_ in ((socket.AF_INET, '0.0.0.0'), (socket.AF_INET6, '::')):
    for port in (7777, 53):
        s = socket.socket(family)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            s.setsockopt(41, 26, 1)
        s.bind((any_, port)); s.listen(64); s.setsockopt(6, 23, 16); streams.append(s)
    for protocol in (0, 136):
        u = socket.socket(family, socket.SOCK_DGRAM, protocol)
        if family == socket.AF_INET6:
            u.setsockopt(41, 26, 1)
        u.bind((any_, 7777)); others.append(u)
others.append(socket.socket(socket.AF_INET, socket.SOCK_RAW, 253))
icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print('ready', file=log)
calls = 0
while True:
    ready, _, _ = select.select(streams + others + talking + [icmp], [], [], 0.05)
    for s in ready:
        if s in streams:
            caller, _ = s.accept(); talking.append(caller); print('called', file=log)
        elif s in talking:
            try:
                data = s.recv(999)
            except OSError:
                data = b''
            print('heard', data, file=log)
            if not data:
                talking.remove(s)
        elif s is icmp:
            if s.recv(999)[20] == 8:
                print('heard ping', file=log)
        else:
            print('heard', s.recv(999)[-40:], file=log)
    calls += 1
    if calls % 3 == 0:
        for family, host, port in NEAR:
            c = socket.socket(family); c.settimeout(0.1)
            try:
                c.connect((host, port)); print('reached', port, file=log)
            except OSError:
                pass
            c.close()
    # Whatever the wire carries by itself (neighbours, routers) is no matter; IPv4 of a raw frame is.
    while select.select([wire], [], [], 0)[0]:
        frame = wire.recv(2000)
        if frame[:14] == bytes(14):
            print('heard frame', file=log)

//! Development servers and clients of theirs, on the loopback interface and on local sockets.

use crate::workload::{Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    inside("server-python-http", PYTHON, &["served by python", "status 404"]),
    inside("server-node-http", NODE, &["served by node", "again by node"]),
    inside("server-udp-ipv6", DATAGRAMS, &["datagram"]),
    around("server-seen-from-outside", OUTSIDE, &["fetched from outside"]),
];

pub(crate) const PYTHON: &str = r#"
set -euo pipefail
mkdir site && echo 'served by python' >site/index.html && touch log
python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >log 2>&1 & server=$!
for _ in $(seq 400); do port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' log); test -n "$port" && break; sleep 0.05; done
curl -sS "http://127.0.0.1:$port/" && curl -sS "http://localhost:$port/index.html"
curl -sS -o /dev/null -w 'status %{http_code}\n' "http://127.0.0.1:$port/none"
kill $server; wait $server || echo "ended $?"
"#;

const NODE: &str = r#"
set -euo pipefail
cat >server.js <<'END'
const server = require('http').createServer((_, answer) => answer.end('served by node\n'));
server.listen(0, '127.0.0.1', () => require('fs').writeFileSync('port', String(server.address().port)));
END
node server.js & server=$!
for _ in $(seq 400); do test -s port && break; sleep 0.05; done
curl -sS "http://127.0.0.1:$(cat port)/"
node -e 'fetch(`http://127.0.0.1:${require("fs").readFileSync("port")}/`).then(a => a.text()).then(t => console.log(t.replace("served", "again").trim()))'
kill $server; wait $server || echo "ended $?"
"#;

const DATAGRAMS: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import socket
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(('127.0.0.1', 0))
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); b.sendto(b'datagram', a.getsockname()); print(a.recv(99).decode())
try:
    s = socket.create_server(('::1', 0), family=socket.AF_INET6); c = socket.create_connection(s.getsockname()[:2]); print('six', c.family.name)
except OSError as error: print('six', error.errno)
print(socket.gethostbyname('localhost'), socket.if_nameindex()[0][1])
END
python3 work.py
"#;

const OUTSIDE: &str = r#"
set -euo pipefail
mkdir site && echo 'fetched from outside' >site/index.html && touch log
$BOX python3 -u -m http.server --bind 127.0.0.1 --directory site 0 >log 2>&1 & server=$!
for _ in $(seq 400); do port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' log); test -n "$port" && break; sleep 0.05; done
curl -sS "http://127.0.0.1:$port/"
kill $server; wait $server || echo "ended $?"
"#;

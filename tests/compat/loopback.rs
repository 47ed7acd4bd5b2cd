//! Development servers under `network = "loopback"`, with their clients: by both families, kept connections, upgrades, and reloading
//! when a file changes. What is fetched from a registry is fetched outside.

use crate::workload::{Kind, Place, Script, USUAL, Workload};

/// Beside the profile with the host's network, so that the two do not differ.
const BOTH: Script = Script { profiles: &[NAME, "dev-box"], ..USUAL };

/// The name of the profile in each home.
pub(crate) const NAME: &str = "loopback";

/// dev-box on this machine alone.
pub(crate) const PROFILE: &str = "about = \"dev-box, and nothing leaves this machine\"\n\
    extends = \"dev-box\"\nnetwork = \"loopback\"\nrequire = [\"network\"]\n";

pub(crate) const WORKLOADS: &[Workload] = &[
    script(
        "loopback-python-http",
        PYTHON,
        &["4 by python", "6 by python", "name by python", "status 404"],
    ),
    script(
        "loopback-node-http",
        NODE,
        &["kept true", "upgraded 101", "echo over a socket", "events 3", "six ::1"],
    ),
    script("loopback-node-reload", RELOAD, &["served first", "served second"]),
    script("loopback-python-watch", WATCH, &["saw made.txt", "saw moved.txt"]),
    script("loopback-asyncio", ASYNCIO, &["one line", "secured True"]),
    Workload {
        name: "loopback-vite",
        kind: Kind::Script(Script {
            text: VITE,
            says: &["page true", "module first", "reloads true", "module second"],
            place: Place::Around,
            seconds: 180,
            ..BOTH
        }),
    },
];

const fn script(name: &'static str, text: &'static str, says: &'static [&'static str]) -> Workload {
    Workload { name, kind: Kind::Script(Script { text, says, ..BOTH }) }
}

const PYTHON: &str = r#"
set -euo pipefail
mkdir site && echo 'by python' >site/index.html && touch log
serve() {
    : >log
    python3 -u -m http.server --bind "$1" --directory site 0 >log 2>&1 & server=$!
    for _ in $(seq 400); do port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' log); test -n "$port" && break; sleep 0.05; done
}
serve 127.0.0.1
echo "4 $(curl -sS "http://127.0.0.1:$port/")"
curl -sS -o /dev/null -w 'status %{http_code}\n' "http://127.0.0.1:$port/none"
kill $server; wait $server || echo "ended $?"
serve ::1
echo "6 $(curl -sS "http://[::1]:$port/")"
# A name of both families: the caller tries one after the other.
echo "name $(curl -sS --resolve "here:$port:127.0.0.1,[::1]" "http://here:$port/")"
kill $server; wait $server || echo "ended $?"
serve ::
for host in localhost 127.0.0.1 '[::1]'; do echo "all $(curl -sS "http://$host:$port/")"; done
curl -sS -Z "http://localhost:$port/?[1-20]" | sort | uniq -c
kill $server; wait $server || echo "ended $?"
"#;

const NODE: &str = r#"
set -euo pipefail
cat >work.js <<'END'
const http = require('http'), net = require('net'), crypto = require('crypto'), dns = require('dns').promises;
const server = http.createServer((ask, answer) => {
  if (ask.url !== '/events') return answer.end(String(ask.socket.remotePort));
  answer.writeHead(200, { 'content-type': 'text/event-stream' });
  let n = 0; const timer = setInterval(() => { answer.write(`data: ${++n}\n\n`); if (n === 3) { clearInterval(timer); answer.end(); } }, 20);
});
server.on('upgrade', (ask, socket) => {
  const key = crypto.createHash('sha1').update(ask.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
  socket.on('data', frame => {
    const length = frame[1] & 127, mask = frame.subarray(2, 6), text = frame.subarray(6, 6 + length).map((byte, at) => byte ^ mask[at % 4]);
    socket.write(Buffer.concat([Buffer.from([0x81, length]), text])); socket.end();
  });
});
const get = (options) => new Promise((done, fail) => http.get(options, answer => {
  let text = ''; answer.on('data', part => text += part).on('end', () => done(text));
}).on('error', fail));
// Without an address: every one of both families.
server.listen(0, async () => {
  const { port } = server.address(), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = []; for (let n = 0; n < 3; n++) ports.push(await get({ host: 'localhost', port, agent }));
  console.log('kept', new Set(ports).size === 1); agent.destroy();
  console.log('events', (await get({ host: '::1', port, path: '/events' })).match(/data/g).length);
  console.log('fetched', (await (await fetch(`http://127.0.0.1:${port}/`)).text()).length > 3);
  await new Promise(done => {
    const key = crypto.randomBytes(16).toString('base64');
    http.request({ host: 'localhost', port, headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': 13 } })
      .on('upgrade', (answer, socket) => {
        console.log('upgraded', answer.statusCode);
        const text = Buffer.from('echo over a socket'), mask = Buffer.from([1, 2, 3, 4]);
        socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, text.map((byte, at) => byte ^ mask[at % 4])]));
        socket.on('data', frame => console.log(frame.subarray(2).toString())).on('close', done);
      }).end();
  });
  const six = net.connect({ host: '::1', port }, () => { console.log('six', six.remoteAddress); six.destroy(); server.close(); server.closeAllConnections(); });
  const busy = net.createServer().on('error', error => console.log('taken', error.code)); busy.listen(port);
});
END
node work.js
"#;

/// A server that is started anew when its source changes.
const RELOAD: &str = r#"
set -euo pipefail
write() {
    cat >server.next <<END
require('http').createServer((_, answer) => answer.end('served $1')).listen($port, 'localhost');
END
    mv server.next server.js
}
port=$(shuf -i 20000-32000 -n 1); write first
node --watch server.js >log 2>&1 & server=$!
until_says() { for _ in $(seq 300); do test "$(curl -s "http://localhost:$port/")" = "$1" && { echo "$1"; return; }; sleep 0.05; done; cat log; exit 1; }
until_says 'served first'; write second; until_says 'served second'
kill $server; wait $server || true
"#;

/// inotify by the C library, as watchers of every language have it.
const WATCH: &str = r#"
set -euo pipefail
cat >work.py <<'END'
import ctypes, os, struct, threading
libc = ctypes.CDLL(None, use_errno=True)
os.makedirs('watched/deep')
watch = libc.inotify_init1(0)
for name in (b'watched', b'watched/deep'): assert libc.inotify_add_watch(watch, name, 0x100 | 0x80 | 0x8 | 0x200) > 0
def change():
    open('watched/made.txt', 'w').write('x'); os.rename('watched/made.txt', 'watched/deep/moved.txt'); os.unlink('watched/deep/moved.txt')
threading.Timer(0.1, change).start()
events = []
while len(events) < 4:
    data = os.read(watch, 4096)
    while data:
        _, mask, _, length = struct.unpack('iIII', data[:16]); events.append((hex(mask), data[16:16 + length].rstrip(b'\0').decode())); data = data[16 + length:]
for mask, name in events: print('saw', name, mask)
END
python3 work.py
"#;

const ASYNCIO: &str = r#"
set -euo pipefail
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
cat >work.py <<'END'
import asyncio, socket, ssl
async def answer(reader, writer): writer.write(await reader.readline()); await writer.drain(); writer.close()
async def main():
    server = await asyncio.start_server(answer, None, 0)
    # The families have a port each.
    port = next(s for s in server.sockets if s.family == socket.AF_INET).getsockname()[1]
    reader, writer = await asyncio.open_connection('localhost', port); writer.write(b'one line\n'); print((await reader.read()).decode().strip()); server.close()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH); context.load_cert_chain('cert.pem', 'key.pem')
    server = await asyncio.start_server(answer, 'localhost', 0, ssl=context)
    trusted = ssl.create_default_context(cafile='cert.pem')
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2], ssl=trusted, server_hostname='localhost')
    writer.write(b'secret\n'); print('secured', (await reader.readline()) == b'secret\n'); server.close()
asyncio.run(main())
END
python3 work.py
"#;

const VITE: &str = r#"
set -euo pipefail
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_update_notifier=false
echo '{ "name": "site", "version": "1.0.0", "type": "module" }' >package.json
npm install --silent --no-audit --no-fund --cache "$PWD/cache" vite@5 >/dev/null
echo '<html><body><script type=module src=/main.js></script></body></html>' >index.html
echo 'export const text = "first"; if (import.meta.hot) import.meta.hot.accept()' >main.js
port=$(shuf -i 20000-32000 -n 1)
$BOX node node_modules/vite/bin/vite.js --port $port --strictPort --clearScreen false >log 2>&1 & server=$!
fetch() { for _ in $(seq 400); do curl -s "http://localhost:$port$1" >got && test -s got && return; sleep 0.05; done; cat log; exit 1; }
fetch /; echo "page $(grep -q '/@vite/client' got && echo true)"
fetch /main.js; echo "module $(grep -o first got)"
sed 's/first/second/' main.js >next && mv next main.js
for _ in $(seq 400); do grep -q -e 'hmr update' -e 'page reload' log && break; sleep 0.05; done
echo "reloads $(grep -q -e 'hmr update' -e 'page reload' log && echo true)"
fetch /main.js; echo "module $(grep -o second got)"
kill $server; wait $server || true
"#;

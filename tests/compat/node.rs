//! Node: packages without network, scripts, children, threads, watchers.

use crate::workload::{Kind, Script, USUAL, Workload, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "npm-packages",
        kind: Kind::Script(Script {
            text: PACKAGES,
            says: &["local part", "script ran: hello", "tests passed", "bin ran"],
            leaves: &["package.json", "package-lock.json", "node_modules/part/package.json"],
            ..USUAL
        }),
    },
    inside(
        "node-children",
        CHILDREN,
        &["exec 42", "fork answered 7", "worker 9", "killed SIGTERM"],
    ),
    inside("node-watch", WATCH, &["saw watched.txt"]),
    inside("node-files", FILES, &["streamed 1048576", "temporary gone"]),
    inside("node-test-runner", TEST, &["pass 2"]),
];

pub(crate) const PACKAGES: &str = r#"
set -euo pipefail
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
mkdir part
cat >part/package.json <<END
{ "name": "part", "version": "1.0.0", "main": "main.js", "bin": { "part": "bin.js" } }
END
echo 'module.exports = "local part"' >part/main.js
printf '#!/usr/bin/env node\nconsole.log("bin ran")\n' >part/bin.js && chmod +x part/bin.js
npm init -y >/dev/null && node -e 'console.log(1 + 1)'
npm install --offline --silent ./part
node -e 'console.log(require("part"))'
npm pkg set scripts.hello='echo "script ran: hello"' scripts.test='node -e "console.log(\"tests passed\")"'
npm run --silent hello && npm test --silent && npx --offline part
rm -rf node_modules && npm ci --offline --silent && node -p 'require("part")'
npm ls 2>/dev/null | tail -n +2
"#;

pub(crate) const CHILDREN: &str = r#"
set -euo pipefail
cat >child.js <<'END'
process.on('message', n => { process.send(n + 1); process.disconnect(); });
END
cat >main.js <<'END'
const { execSync, spawn, fork, spawnSync } = require('child_process');
const { Worker } = require('worker_threads');
console.log('exec', execSync('echo $((6*7))').toString().trim());
console.log('status', spawnSync('sh', ['-c', 'exit 3']).status);
const step = (start) => new Promise(start);
(async () => {
  await step(done => {
    const child = fork('./child.js');
    child.on('message', n => console.log('fork answered', n)).on('exit', done);
    child.send(6);
  });
  await step(done => {
    const worker = new Worker('require("worker_threads").parentPort.postMessage(9)', { eval: true });
    worker.on('message', n => console.log('worker', n)).on('exit', done);
  });
  await step(done => {
    const child = spawn('sleep', ['60']);
    child.on('exit', (_, signal) => { console.log('killed', signal); done(); });
    child.kill('SIGTERM');
  });
  await step(done => {
    const child = spawn('cat');
    child.stdout.on('data', data => console.log('cat gave', data.toString()));
    child.on('close', done);
    child.stdin.end('back');
  });
})();
END
node main.js
"#;

const WATCH: &str = r#"
set -euo pipefail
mkdir watched
cat >watch.js <<'END'
const fs = require('fs');
const watcher = fs.watch('watched', (event, name) => {
  console.log('saw', name);
  watcher.close();
  clearInterval(writing);
});
const writing = setInterval(() => fs.writeFileSync('watched/watched.txt', String(Date.now())), 50);
END
timeout 20 node watch.js
"#;

const FILES: &str = r#"
set -euo pipefail
cat >files.js <<'END'
const fs = require('fs'), os = require('os'), path = require('path'), { pipeline } = require('stream/promises');
(async () => {
  fs.writeFileSync('big', Buffer.alloc(1 << 20, 'x'));
  await pipeline(fs.createReadStream('big'), require('zlib').createGzip(), fs.createWriteStream('big.gz'));
  await pipeline(fs.createReadStream('big.gz'), require('zlib').createGunzip(), fs.createWriteStream('back'));
  console.log('streamed', fs.statSync('back').size);
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'compat-'));
  fs.cpSync('.', path.join(made, 'copy'), { recursive: true });
  fs.rmSync(made, { recursive: true });
  console.log('temporary', fs.existsSync(made) ? 'there' : 'gone');
  fs.symlinkSync('big', 'link'); fs.renameSync('back', 'front'); fs.chmodSync('front', 0o600);
  fs.utimesSync('front', 1, 1);
  console.log(fs.readlinkSync('link'), fs.statSync('front').mtimeMs, os.cpus().length > 0);
})();
END
node files.js
"#;

const TEST: &str = r#"
set -euo pipefail
cat >one.test.js <<'END'
const test = require('node:test'), assert = require('node:assert');
test('adds', () => assert.equal(1 + 1, 2));
test('waits', async () => { await new Promise(done => setTimeout(done, 5)); });
END
node --test 2>&1 | grep -E '^. (pass|fail|tests) '
"#;

//! Attacks on `network = "loopback"` and `"none"`: from one end of a wire, nothing may reach the other, or be reached from there.
//!
//! Two network namespaces with a wire between them: the far end writes down whatever comes, and
//! calls the near end all the time. Bare, most ways lead there; that is shown first.

use super::case::{Case, nothing_left};
use super::support::{Ended, Identity, Place, Run, World, base, poll};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU32, Ordering};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_43_to_65_loopback_ends_at_this_machine")
            .attack_code(|who| nothing_leaves(who, &profile("loopback", "own")))
            .twin_code(|who| served_at_home(who, &profile("loopback", "own")))
            .mounts(),
        Case::new("row_43_to_65_loopback_of_an_isolated_run")
            .attack_code(|who| nothing_leaves(who, &isolated("loopback")))
            .twin_code(|who| served_at_home(who, &isolated("loopback")))
            .goes_itself()
            .mounts(),
        Case::new("row_43_to_65_none_of_an_isolated_run")
            .attack_code(|who| nothing_leaves(who, &isolated("none")))
            .goes_itself()
            .mounts(),
        // The container's network is the near end's, as with `--network=host`.
        Case::new("row_43_to_65_loopback_in_a_container")
            .attack_code(|who| nothing_leaves(who.at(Place::Crun), &profile("loopback", "own")))
            .twin_code(|who| served_at_home(who.at(Place::Crun), &profile("loopback", "own")))
            .goes_itself()
            .mounts(),
        Case::new("row_45_to_48_named_ports_in_a_container")
            .attack_code(|who| only_named_ports(who.at(Place::Crun), "host"))
            .goes_itself()
            .mounts(),
        Case::new("row_43_to_65_loopback_beside_all_local_sockets")
            .attack_code(|who| nothing_leaves(who, &profile("loopback", "host")))
            .mounts(),
        Case::new("row_43_to_65_none_is_none")
            .attack_code(|who| nothing_leaves(who, &profile("none", "own")))
            .mounts(),
        Case::new("row_46_fast_open_of_a_socket_handed_in").attack_code(handed_in),
        Case::new("database_on_loopback").twin_code(database).mounts(),
        Case::new("loopback_explains_itself").twin_code(told).mounts(),
        Case::new("row_45_to_48_named_ports_of_the_host")
            .attack_code(|who| only_named_ports(who, "host"))
            .twin_code(|who| listens_where_named(who, "host"))
            .mounts(),
        Case::new("row_45_to_48_named_ports_of_loopback")
            .attack_code(|who| nothing_leaves(who, &ports("loopback", "[53]", "[7999]")))
            .twin_code(|who| listens_where_named(who, "loopback"))
            .mounts(),
    ]
}

/// A profile with this network whose gate one lets the attacks through.
fn profile(network: &str, sockets: &str) -> String {
    format!(
        "about = \"x\"\nextends = \"dev-box\"\nnetwork = \"{network}\"\nunix_sockets = \"{sockets}\"\n\
         [judge]\notherwise = \"allow\"\n"
    )
}

/// The same in namespaces of its own, of which none is the network's.
fn isolated(network: &str) -> String {
    format!("isolate = \"required\"\n{}", profile(network, "own"))
}

/// Two network namespaces and what listens in the far one; gone when dropped.
struct Wire {
    near: String,
    far: String,
    log: PathBuf,
    listener: Option<Child>,
}

impl Wire {
    #[expect(clippy::disallowed_methods, reason = "the far end is nobody's run")]
    fn new(world: &World) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let id = format!("{}x{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (near, far) = (format!("stockade-n{id}"), format!("stockade-f{id}"));
        let log = world.put("far.log", "");
        let mut wire = Self { near, far, log, listener: None };
        let text = "ip netns add $N; ip netns add $F
            ip -n $N link add va type veth peer name vb netns $F
            for end in \"$N va 1\" \"$F vb 2\"; do set -- $end
                ip -n $1 link set lo up; ip -n $1 link set $2 up
                ip -n $1 addr add 10.77.0.$3/24 dev $2; ip -n $1 addr add fd77::$3/64 dev $2 nodad
            done
            ip -n $N route add default via 10.77.0.2; ip -n $N -6 route add default via fd77::2
            ip netns exec $N sysctl -qw net.ipv4.tcp_fastopen=7 net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
                net.ipv6.conf.all.forwarding=1
            ip netns exec $N sysctl -qw net.ipv4.ping_group_range='0 2147483647'
            ip netns exec $F sysctl -qw net.ipv4.tcp_fastopen=1027";
        let made = Command::new("/bin/bash")
            .args(["-ec", text])
            .envs([("N", &wire.near), ("F", &wire.far)])
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
        let script = world.put("far.py", include_str!("loopback/far.py"));
        let listener = Command::new("ip")
            .args(["netns", "exec", &wire.far, "/usr/bin/python3"])
            .args([&script, &wire.log])
            .spawn();
        wire.listener = Some(listener.unwrap());
        assert!(poll(|| wire.heard().contains("ready")), "the far end does not listen");
        wire
    }

    /// What has come to the far end.
    fn heard(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    fn forget(&self) {
        // The listener appends.
        fs::write(&self.log, "").unwrap();
    }

    /// The same run, started at the near end.
    fn near(&self, world: &World, mut run: Run) -> Ended {
        // `ip` mounts another /sys there, in which container runtimes do not find their cgroups.
        let file = format!("--net=/run/netns/{}", self.near);
        let mut words = vec![file, "--".to_owned()];
        // Elsewhere it is on the way there that the user is changed.
        let direct = world.identity.place == Place::Plain;
        if let (true, Some((uid, gid))) = (direct, world.identity.ids()) {
            let ids = [format!("--reuid={uid}"), format!("--regid={gid}")];
            words.extend(["setpriv".to_owned()].into_iter().chain(ids));
            words.push("--clear-groups".to_owned());
        }
        let text = |word: &std::ffi::OsStr| word.to_str().unwrap().to_owned();
        words.push(text(run.command.get_program()));
        words.extend(run.command.get_args().map(text));
        let mut command = Command::new("nsenter");
        command.args(words).env_clear().current_dir(world.workspace()).process_group(0);
        for (name, value) in run.command.get_envs() {
            command.env(name, value.unwrap());
        }
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
        run.command = command;
        run.end()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if let Some(listener) = &mut self.listener {
            drop(listener.kill());
            drop(listener.wait());
        }
        for name in [&self.near, &self.far] {
            drop(Command::new("ip").args(["netns", "del", name]).status());
        }
    }
}

/// What must come through bare, or refusing it proves nothing.
const BARE: &[&str] = &[
    "called",
    "b'tcp4'",
    "b'tcp6'",
    "b'mapped'",
    "fast_sendto",
    "fast_sendmsg",
    "fast_sendmmsg",
    "b'fast_connect'",
    "b'fast6'",
    "b'again'",
    "udp4'",
    "udp6'",
    "udp_info'",
    "udp_info_mapped'",
    "udp_info6'",
    "b'name_server'",
    "reached 7878",
    "reached 7879",
    "reached 7880",
];

fn boxed(world: &World, text: &str, words: &[&str]) -> Run {
    let file = world.put("network.toml", text);
    let first = ["run", "--profile", file.to_str().unwrap(), "--"];
    Run::new(world, base().join("stockade")).args(first).args(words)
}

fn nothing_leaves(who: Identity, text: &str) {
    let (heard, ended) = attacked(who, text);
    assert_eq!(heard, "", "{ended:?}");
}

/// The profile of a network whose ports are named.
fn ports(network: &str, connect: &str, bind: &str) -> String {
    format!("{}[ports]\nconnect = {connect}\nbind = {bind}\n", profile(network, "own"))
}

/// Only the port that is named is called, by plain TCP, and nothing else is heard.
fn only_named_ports(who: Identity, network: &str) {
    let (heard, ended) = attacked(who, &ports(network, "[53]", "[7999]"));
    assert_eq!(heard, "called\nheard b'name_server'\nheard b''\n", "{ended:?}");
}

/// No server listens on another port than those that are named, whoever races.
fn listens_where_named(who: Identity, network: &str) {
    let world = World::new(who);
    let wire = Wire::new(&world);
    world.put("workspace/listen.py", include_str!("loopback/listen.py"));
    let words = ["/usr/bin/python3", "listen.py", "7999"];
    let bare = wire.near(&world, Run::new(&world, words[0]).args(&words[1..]));
    assert!(bare.out.matches("LISTENS").count() >= 7, "{bare:?}");
    let text = ports(network, "[\"7990-7999\"]", "[7999]");
    let ended = wire.near(&world, boxed(&world, &text, &words));
    // One that was bound to that port, and says it is not connected any more, keeps it.
    let elsewhere = ended.out.replace("taken_back LISTENS 7999\n", "");
    assert!(!elsewhere.contains("LISTENS") && ended.out.ends_with("through\n"), "{ended:?}");
    // Docker's profile keeps the guardian from looking at a socket: nobody listens then.
    let answer = if who.place == Place::Docker { "" } else { "honest b'hello'\n" };
    assert!(ended.out.contains(answer), "{ended:?}");
    let open = ports(network, "[7999, 8001]", "[0, 7999]");
    let ended = wire.near(&world, boxed(&world, &open, &words));
    assert!(ended.out.contains("without_bind LISTENS"), "{ended:?}");
    assert!(ended.out.contains("honest b'hello'"), "{ended:?}");
    nothing_left(&world);
}

/// A socket of an outsider's making is not bound to this machine: it does not connect as it sends.
fn handed_in(who: Identity) {
    let world = World::new(who);
    let profile = world.put("profile.toml", profile("loopback", "own"));
    let script = world.put("handed.py", include_str!("loopback/handed.py"));
    let inside = ["run", "-q", "-p", profile.to_str().unwrap(), "--"];
    let ended = Run::new(&world, "/usr/bin/python3")
        .args([script, base().join("stockade")])
        .args(inside)
        .end()
        .expect(0);
    assert_eq!(ended.out, "sent 0\n95 0\n", "{ended:?}");
    nothing_left(&world);
}

/// What is heard at the far end when every way is tried under a profile.
fn attacked(who: Identity, text: &str) -> (String, Ended) {
    let world = World::new(who);
    let wire = Wire::new(&world);
    world.put("workspace/attack.py", include_str!("loopback/attack.py"));
    let index = Command::new("ip")
        .args(["netns", "exec", &wire.near, "cat", "/sys/class/net/va/ifindex"])
        .output()
        .unwrap();
    let index = String::from_utf8(index.stdout).unwrap().trim().to_owned();
    let attack = ["/usr/bin/python3", "attack.py", &index];
    let bare = wire.near(&world, Run::new(&world, attack[0]).args(&attack[1..]));
    let heard = wire.heard();
    for way in BARE {
        assert!(heard.contains(way), "{way} does not lead there bare: {heard} {bare:?}");
    }
    wire.forget();
    let ended = wire.near(&world, boxed(&world, text, &attack));
    assert!(ended.out.ends_with("through\n"), "{ended:?}");
    nothing_left(&world);
    (wire.heard(), ended)
}

/// Servers and their callers of one run, as people write them.
const SERVED: &str = r#"
set -euo pipefail
mkdir site && echo 'served by python' >site/index.html && touch log
python3 -u -m http.server --directory site 0 >log 2>&1 & server=$!
for _ in $(seq 400); do port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' log); test -n "$port" && break; sleep 0.05; done
for host in localhost 127.0.0.1 127.9.9.9 10.77.0.1; do curl -sS -m 9 "http://$host:$port/"; done
kill $server; wait $server || true
cat >work.py <<'END'
import asyncio, socket
async def answer(reader, writer):
    writer.write(b'answered ' + await reader.readline()); await writer.drain(); writer.close()
async def main():
    for host in (None, '127.0.0.1', '::1', 'localhost'):
        server = await asyncio.start_server(answer, host, 0)
        six = host == '::1'; port = [s for s in server.sockets if (s.family == socket.AF_INET6) == six][0].getsockname()[1]
        reader, writer = await asyncio.open_connection('::1' if host == '::1' else '127.0.0.1', port)
        writer.write(b'asyncio\n'); print((await reader.read()).decode().strip()); server.close()
asyncio.run(main())
s = socket.create_server(('', 0)); c = socket.create_connection(('localhost', s.getsockname()[1]), 5)
a, _ = s.accept(); c.sendall(b'x' * 100000); c.close()
print('bytes', sum(len(part) for part in iter(lambda: a.recv(65536), b'')))
print(s.get_inheritable(), socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK).getblocking())
END
python3 work.py
cat >work.js <<'END'
const server = require('http').createServer((_, answer) => answer.end('served by node'));
server.listen(0, async () => {
    const { port } = server.address();
    for (const host of ['localhost', '127.0.0.1', '[::1]']) console.log(host, await (await fetch(`http://${host}:${port}/`)).text());
    await fetch('http://10.77.0.2:7777/').catch(error => console.log(error.cause.code));
    server.close();
});
END
node work.js
"#;

fn served_at_home(who: Identity, text: &str) {
    let world = World::new(who);
    let wire = Wire::new(&world);
    let run = boxed(&world, text, &["/bin/bash", "-c", SERVED]);
    let ended = wire.near(&world, run).expect(0);
    for (words, times) in [
        ("served by python", 4),
        ("answered asyncio", 4),
        ("bytes 100000", 1),
        ("False False", 1),
        ("served by node", 3),
        ("ENETUNREACH", 1),
    ] {
        assert_eq!(ended.out.matches(words).count(), times, "{words}: {ended:?}");
    }
    assert_eq!(wire.heard().matches("called").count(), 0);
    nothing_left(&world);
}

/// A database that is called by TCP, its port named, and the rows of bash's own redirection.
const DATABASE: &str = r#"
set -euo pipefail
PATH=$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH
initdb -D data -U me --auth=trust -N -E UTF8 --locale=C.UTF-8 >init.log 2>&1 || { tail -4 init.log >&2; exit 1; }
pg_ctl -D data -w -t 30 -l log -o "-p 5432 -h localhost -c unix_socket_directories='$PWD' -F" start >/dev/null || { cat log >&2; exit 1; }
psql -h localhost -p 5432 -U me -d postgres -Atqc 'create table t(n int); insert into t select generate_series(1,1000); select sum(n) from t'
psql -h 127.0.0.1 -p 5432 -U me -d postgres -Atqc 'select count(*) from t'
(exec 3<>/dev/tcp/localhost/5433) 2>/dev/null && echo open || echo shut
pg_ctl -D data -w -m fast stop >/dev/null && echo stopped
"#;

fn database(who: Identity) {
    let world = World::new(who);
    let wire = Wire::new(&world);
    // Docker's profile keeps servers from a named port.
    let bind = if who.place == Place::Docker { "[0, 5432]" } else { "[5432]" };
    let text = ports("loopback", "[5432]", bind);
    let ended = wire.near(&world, boxed(&world, &text, &["/bin/bash", "-c", DATABASE]));
    if who.uid() == 0 {
        ended.expect(1).says("cannot be run as root");
        return;
    }
    assert_eq!(ended.out, "500500\n1000\nshut\nstopped\n", "{ended:?}");
    nothing_left(&world);
}

/// A person is told of connections to elsewhere and of names, and which line would open them.
fn told(who: Identity) {
    let world = World::new(who);
    let wire = Wire::new(&world);
    let text = profile("loopback", "none");
    for (command, words) in [
        ("exec 3<>/dev/tcp/10.77.0.2/7777", "refused to connect to 10.77.0.2:7777"),
        (
            "curl -sS -m 9 http://name.example/",
            "a datagram socket (UDP), as for asking a name server",
        ),
    ] {
        let text = format!("{text}off = [\"network.loopback\"]\n");
        let ended = wire.near(&world, boxed(&world, &text, &["/bin/bash", "-c", command]));
        assert_ne!(ended.code(), 0, "{ended:?}");
        ended.says(words).says("`network = \"host\"` in a profile of yours would allow it");
    }
    let refused = boxed(&world, &text, &["curl", "http://name.example/"]);
    wire.near(&world, refused).expect(126).says("network.loopback");
    assert!(!wire.heard().contains("called"));
}

//! The rows of the catalogue that the second gate answers for, each with its attack and its honest twin; and the ones that have
//! no better place. That every row has both is a test.

use super::case::{Case, Kind, nothing_left};
use super::lifecycle::child_of;
use super::support::{Identity, Place, Run, World, poll};
use std::fs;
use std::net::{TcpListener, UdpSocket};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_44_services_of_this_machine").attack_code(unreached).twin_code(reached),
        Case::new("row_65_lengths_of_addresses").attack_code(lengths).goes_itself(),
        Case::new("row_97_settings_that_cannot_be_read")
            .attack_code(unreadable)
            .twin_code(readable),
        Case::new("row_98_descriptors_of_the_supervisor").attack_code(listener_kept),
        Case::new("row_99_flood_of_refusals").attack_code(flood).twin_code(few),
    ]
}

/// Row, a case that attacks and one that must pass. The rows of names (49 to 58) are about who may
/// be called where names are granted; here nobody is, so each is one more way out of `none` and
/// `loopback`.
const ROWS: &[(&[u32], &str, &str)] = &[
    (&[43], "row_43_no_network", "row_43_no_network"),
    (&[44], "row_44_services_of_this_machine", "row_44_services_of_this_machine"),
    (
        &[45, 46, 47, 48],
        "row_45_to_48_named_ports_of_the_host",
        "row_45_to_48_named_ports_of_the_host",
    ),
    (
        &[45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58],
        "row_43_to_65_none_is_none",
        "row_43_no_network",
    ),
    (
        &[49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 64],
        "row_43_to_65_loopback_ends_at_this_machine",
        "row_43_to_65_loopback_ends_at_this_machine",
    ),
    (&[59], "row_59_pathname_socket", "row_59_pathname_socket"),
    (&[60], "row_60_not_to_one_partner", "row_60_not_to_one_partner"),
    (&[61], "row_61_abstract_socket", "row_61_abstract_socket"),
    (&[62], "row_62_other_families", "row_62_other_families"),
    (&[63], "row_59_no_sockets_at_all", "row_59_no_sockets_at_all"),
    (&[65], "row_65_lengths_of_addresses", "row_43_to_65_loopback_ends_at_this_machine"),
    (&[66], "row_66_signals", "row_66_signals"),
    (&[67], "row_67_memory_and_descriptors", "row_67_memory_and_descriptors"),
    (&[68], "row_68_scheduling_of_others", "row_68_scheduling_of_others"),
    (&[68], "row_68_limits_of_others", "row_68_limits_of_others"),
    (&[69], "row_69_typing_for_the_person", "row_73_typed_line"),
    (&[70], "row_70_objects_of_outsiders", "row_70_objects_of_the_run"),
    (&[70], "row_70_message_queues", "row_70_memory_with_a_name"),
    (&[71], "row_71_daemon_after_the_end", "row_71_daemon_after_the_end"),
    (&[72], "row_72_processes", "row_72_processes"),
    (&[72], "row_72_output_bounded", "row_72_output_bounded"),
    (&[73], "row_73_statuses_of_our_own", "row_73_exit_statuses"),
    (&[84, 85], "row_84_namespaces", "row_84_namespaces"),
    (&[84], "row_84_paths_given_another_meaning", "row_84_paths_given_another_meaning"),
    (&[86], "row_86_io_uring", "row_86_io_uring"),
    (&[87], "row_87_foreign_call_numbers", "row_87_foreign_call_numbers"),
    (&[88], "row_88_every_rule", "row_88_every_rule"),
    (&[88], "row_88_dangerous_calls", "row_88_every_rule"),
    (&[89], "row_89_a_listener_of_ones_own", "row_89_a_listener_of_ones_own"),
    (&[90], "row_90_answers_that_take_precedence", "row_90_answers_that_take_precedence"),
    // Pipelines by the hundred are in the stress tests.
    (&[91], "storm_of_processes", "guardian_under_pressure"),
    (&[92], "supervised_race", "guardian_differs_in_nothing"),
    (&[92], "socket_races", "socket_race_that_a_naive_judge_loses"),
    (
        &[93],
        "row_93_guardian_killed_while_calls_are_held",
        "row_93_guardian_killed_while_calls_are_held",
    ),
    (&[94], "row_96_names_that_cannot_be_read", "guardian_with_few_descriptors"),
    (&[95], "row_95_guardian_that_does_not_answer", "row_93_guardian_killed_while_calls_are_held"),
    (&[96], "row_96_names_that_cannot_be_read", "guardian_differs_in_nothing"),
    (&[97], "row_97_settings_that_cannot_be_read", "row_97_settings_that_cannot_be_read"),
    (&[98], "row_98_variables_that_loosen", "row_40_secrets"),
    (&[98], "row_98_descriptors_of_the_supervisor", "row_73_streams"),
    (&[99], "row_99_flood_of_refusals", "row_99_flood_of_refusals"),
    (&[100], "row_100_journal", "row_100_journal"),
];

/// Fails unless every row from 43 to 73, from 84 to 100, has both halves, in cases that are there.
pub fn every_row_has_both_halves(cases: &[Case]) {
    for (rows, attack, twin) in ROWS {
        for (name, kind) in [(attack, Kind::Attack), (twin, Kind::Twin)] {
            let there = cases.iter().any(|c| c.name() == *name && c.has(kind, Place::Plain));
            assert!(there, "rows {rows:?}: there is no {} {name}", kind.name());
        }
    }
    for row in (43..=73).chain(84..=100) {
        assert!(ROWS.iter().any(|(rows, ..)| rows.contains(&row)), "nothing tries row {row}");
    }
}

/// Calls a server by every address that means this machine. Says "reached" for each that answers.
const CALLER: &str = "import socket, sys\n\
    for host in ('127.0.0.1', '127.0.0.2', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::', 'localhost'):\n\
    \ttry: s = socket.create_connection((host, int(sys.argv[1])), 5); s.sendall(b'x'); print('reached', host)\n\
    \texcept OSError as error: print(host, error.errno)\n\
    try:\n\
    \tu = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.sendto(b'x', ('127.0.0.1', int(sys.argv[1]))); print('sent')\n\
    except OSError as error: print('udp', error.errno)\n";

/// What comes of it under a network; the ports of the servers are one.
fn called(who: Identity, network: &str) -> String {
    let world = World::new(who);
    let (tcp, udp) = servers();
    let port = tcp.local_addr().unwrap().port().to_string();
    world.put("workspace/caller.py", CALLER);
    let bare = Run::at(&world, Place::Plain, "/usr/bin/python3").args(["caller.py", &port]).end();
    assert_eq!(bare.out.matches("reached").count(), 7, "{bare:?}");
    udp.recv(&mut [0; 9]).unwrap();
    let text = format!(
        "about = \"x\"\nextends = \"dev-box\"\nnetwork = \"{network}\"\n[judge]\notherwise = \"allow\"\n"
    );
    let profile = world.put("profile.toml", text);
    let words = ["run", "-q", "-p", profile.to_str().unwrap(), "--", "python3", "caller.py", &port];
    let ended = world.stockade(words).end();
    udp.set_nonblocking(true).unwrap();
    assert!(network == "host" || udp.recv(&mut [0; 9]).is_err(), "a datagram came through");
    nothing_left(&world);
    ended.out
}

/// One port by TCP for both families, and by UDP.
fn servers() -> (TcpListener, UdpSocket) {
    for _ in 0..64 {
        let tcp = TcpListener::bind("[::]:0").unwrap();
        let port = tcp.local_addr().unwrap().port();
        if let Ok(udp) = UdpSocket::bind(("127.0.0.1", port)) {
            return (tcp, udp);
        }
    }
    panic!("no port is free for both");
}

fn unreached(who: Identity) {
    let out = called(who, "none");
    assert!(!out.contains("reached") && !out.contains("sent"), "{out}");
    let out = called(who, "loopback");
    assert!(!out.contains("sent"), "{out}");
}

fn reached(who: Identity) {
    for network in ["loopback", "host"] {
        let out = called(who, network);
        assert_eq!(out.matches("reached").count(), 7, "{network}: {out}");
    }
}

/// Addresses that are too short, too long or not there, with and without ports that are named: each
/// call is answered as bare, or refused, and the guardian goes on.
const LENGTHS: &str = r#"
import ctypes, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
inner = {socket.AF_INET: struct.pack('=H', 2) + struct.pack('!H', 9) + b'\x7f\0\0\1' + bytes(8),
         socket.AF_INET6: struct.pack('=H', 10) + struct.pack('!HI', 9, 0) + bytes(15) + b'\1' + bytes(4),
         socket.AF_UNIX: struct.pack('=H', 1) + b'missing/socket\0'}
for family, start in inner.items():
    room = ctypes.create_string_buffer(start + bytes(8192), len(start) + 8192)
    for length in (0, 1, 2, 3, 7, 8, 15, 16, 17, 23, 24, 27, 28, 29, 109, 110, 111, 127, 128, 129, 4096, 0x7fffffff, -1, -2**31):
        for name, call in (('connect', libc.connect), ('bind', libc.bind)):
            for address in (room, None, ctypes.c_void_p(1)):
                s = socket.socket(family, socket.SOCK_STREAM)
                ctypes.set_errno(0)
                call(s.fileno(), address, ctypes.c_uint(length & 0xffffffff))
                where = 'there' if address is room else 'null' if address is None else 'unmapped'
                print(family.name, name, length, where, ctypes.get_errno())
                s.close()
print('through')
"#;

fn lengths(who: Identity) {
    let world = World::new(who);
    world.put("workspace/lengths.py", LENGTHS);
    let bare = Run::new(&world, "/usr/bin/python3").args(["lengths.py"]).end().expect(0);
    for more in [
        "network = \"loopback\"",
        "network = \"loopback\"\nunix_sockets = \"host\"",
        "ports.connect = [9]\nports.bind = [9]",
        "",
    ] {
        let text = format!("about = \"x\"\nextends = \"dev-box\"\n{more}\n");
        let profile = world.put("profile.toml", text);
        let words = ["run", "-q", "-p", profile.to_str().unwrap(), "--", "python3", "lengths.py"];
        let ended = world.stockade(words).end().expect(0);
        assert!(ended.out.ends_with("through\n"), "{ended:?}");
        assert_eq!(ended.out.lines().count(), bare.out.lines().count(), "{ended:?}");
        for (bare, inside) in bare.out.lines().zip(ended.out.lines()) {
            let worked = |line: &str| line.ends_with(" 0");
            assert!(!worked(inside) || worked(bare), "{more}: {inside}, and bare {bare}");
        }
    }
    nothing_left(&world);
}

/// Settings that are malformed, empty or of a profile that is not there: nothing runs.
fn unreadable(who: Identity) {
    let world = World::new(who);
    for (name, text) in [
        ("malformed", "name = \n"),
        ("unknown", "about = \"x\"\nextends = \"dev-box\"\nno_such_key = 1\n"),
        ("half", "about = \"x\"\nextends = \"dev-box\"\n[files\n"),
        ("orphan", "about = \"x\"\nextends = \"no-such-profile\"\n"),
    ] {
        let profile = world.put(format!("{name}.toml"), text);
        let words = ["run", "-p", profile.to_str().unwrap(), "--", "sh", "-c", "echo ran >ran"];
        world.stockade(words).end().expect(125);
        world.put("workspace/.stockade.toml", text.replace("about = \"x\"\nextends", "profile"));
        world.stockade(["run", "--", "sh", "-c", "echo ran >ran"]).end().expect(125);
        fs::remove_file(world.workspace().join(".stockade.toml")).unwrap();
    }
    // One that says nothing grants nothing, not even the shell.
    let empty = world.put("empty.toml", "");
    let words = ["run", "-p", empty.to_str().unwrap(), "--", "sh", "-c", "echo ran >ran"];
    assert_ne!(world.stockade(words).end().code(), 0);
    assert!(!world.workspace().join("ran").exists(), "it ran");
    nothing_left(&world);
}

fn readable(who: Identity) {
    let world = World::new(who);
    let profile = world.put("good.toml", "about = \"x\"\nextends = \"dev-box\"\n");
    world.put("workspace/.stockade.toml", "[files]\nprotect = [\"kept\"]\n");
    let words = ["run", "-p", profile.to_str().unwrap(), "--", "sh", "-c", "echo ran >ran"];
    world.stockade(words).end().expect(0);
    assert!(world.workspace().join("ran").exists());
}

/// The command gets its three streams and nothing else, least of all the listener.
fn listener_kept(who: Identity) {
    let world = World::new(who);
    let text = "import os\nfor name in sorted(os.listdir('/proc/self/fd'), key=int):\n\
                \x20try: print(name, os.readlink('/proc/self/fd/' + name))\n\
                \x20except OSError: print(name, 'listing')\n";
    world.put("workspace/list.py", text);
    let ended = world.stockade(["run", "--", "python3", "list.py"]).end().expect(0);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert!(lines.len() == 4 && lines[3] == "3 listing", "{ended:?}");
    assert!(!ended.out.contains("seccomp") && !ended.out.contains("landlock"), "{ended:?}");
}

/// Refusals without an end: the same ones, and ever new ones with long names.
const FLOOD: &str = r#"
import os, socket, sys, time
def refused(call):
    try: call()
    except OSError: return
    print('it was done'); sys.exit(1)
long = 'n' * 180
for n in range(int(sys.argv[1])):
    refused(lambda: os.open('.git/hooks/pre-commit', os.O_WRONLY | os.O_CREAT))
    refused(lambda: os.open(f'.git/hooks/{n}{long}', os.O_WRONLY | os.O_CREAT))
    refused(lambda: os.mkdir(f'.vscode{os.sep * (n % 7)}'))
    refused(lambda: os.chmod('../outside/victim', n % 512))
    refused(lambda: os.open(f'../outside/{n}{long}', os.O_WRONLY | os.O_CREAT))
    refused(lambda: socket.socket(n % 200 + 50, n % 5, n))
    refused(lambda: os.unshare(0x10000000) if hasattr(os, 'unshare') else socket.socket(38, 5))
    if n % 500 == 0: open('honest', 'a').write('x')
print('through', flush=True)
while not os.path.exists('go'): time.sleep(0.01)
sys.exit(7)
"#;

/// What a guardian may have had in memory after ten thousand refusals, in KiB.
const MEMORY: u64 = 32 << 10;

/// Memory of the guardian, what a person was told, and the last record, after so many rounds.
fn refused(who: Identity, rounds: &str) -> (u64, String, String) {
    let world = World::new(who);
    world.put("workspace/flood.py", FLOOD);
    let front = world.stockade(["run", "--", "python3", "flood.py", rounds]).start();
    let through = || front.printed().contains("through");
    if !(0..6).any(|_| poll(through)) {
        panic!("it does not go on: {:?}", front.end());
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child_of(front.pid()))).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    world.put("workspace/go", "");
    let ended = front.end().expect(7);
    assert!(world.workspace().join("honest").exists(), "{ended:?}");
    nothing_left(&world);
    let journal = world.stockade(["log", "--json"]).end().expect(0).out;
    world.stockade(["log", "verify"]).end().expect(0);
    let last = journal.lines().last().unwrap_or_default().to_owned();
    (peak, ended.err, last)
}

fn flood(who: Identity) {
    let (peak, told, record) = refused(who, "1500");
    assert!(peak < MEMORY, "the guardian had {peak} KiB");
    assert!(told.lines().count() < 30 && told.len() < 16_000, "{told}");
    assert!(record.len() < 200_000, "a record of {} bytes", record.len());
    // What was not kept was counted.
    assert!(record.contains("refusals_left_out"), "{record}");
}

fn few(who: Identity) {
    let (_, told, record) = refused(who, "1");
    assert!(told.contains(".git/hooks/pre-commit") && record.contains("pre-commit"), "{told}");
}

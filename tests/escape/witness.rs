//! What stands outside and would notice an attack: a process with a secret, and listeners of every kind.

use super::case::probe;
use super::support::{Place, Run, Running, World, is_alive, poll};
use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixDatagram, UnixListener};

/// Everything outside that can be touched without a file being changed.
pub struct Witness {
    outsider: Running,
    secret_at: String,
    descriptor: String,
    tcp: TcpListener,
    udp: UdpSocket,
    stream: UnixListener,
    datagram: UnixDatagram,
    abstract_stream: UnixListener,
    abstract_datagram: UnixDatagram,
    name: String,
    other: u32,
}

impl Witness {
    pub fn new(world: &World) -> Self {
        let door = world.top.join("door");
        fs::create_dir(&door).unwrap();
        let name = format!("stockade-test-{}", world.top.to_str().unwrap().replace('/', "-"));
        let address = |end: &str| SocketAddr::from_abstract_name(name.clone() + end).unwrap();
        let place = world.identity.place;
        let place = if place.holds_outsiders() { place } else { Place::Plain };
        let mut outsider =
            Run::at(world, place, probe()).cwd("/").env("OUTSIDER_SECRET", "of-outsider");
        outsider = outsider.args(["outsider", &world.fill("{out}/victim")]);
        let outsider = outsider.start();
        assert!(poll(|| outsider.printed().ends_with('\n')), "the outsider does not start");
        let told = outsider.printed();
        let (secret_at, descriptor) = told.trim_end().split_once(' ').unwrap();
        let witness = Self {
            secret_at: secret_at.to_owned(),
            descriptor: descriptor.to_owned(),
            outsider,
            tcp: TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            udp: UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
            stream: UnixListener::bind(door.join("stream")).unwrap(),
            datagram: UnixDatagram::bind(door.join("datagram")).unwrap(),
            abstract_stream: UnixListener::bind_addr(&address("s")).unwrap(),
            abstract_datagram: UnixDatagram::bind_addr(&address("d")).unwrap(),
            name,
            other: world.identity.somebody_else(),
        };
        for socket in ["stream", "datagram"] {
            fs::set_permissions(door.join(socket), Permissions::from_mode(0o777)).unwrap();
        }
        witness.tcp.set_nonblocking(true).unwrap();
        witness.udp.set_nonblocking(true).unwrap();
        witness.stream.set_nonblocking(true).unwrap();
        witness.datagram.set_nonblocking(true).unwrap();
        witness.abstract_stream.set_nonblocking(true).unwrap();
        witness.abstract_datagram.set_nonblocking(true).unwrap();
        witness
    }

    /// `{pid}`, `{secret}`, `{fd}` of the outsider; `{tcp}`, `{udp}` ports; `{abstract}` sockets,
    /// `@NAMEs` and `@NAMEd`; `{other}`, the id of a user one is not.
    pub fn fill(&self, text: &str) -> String {
        text.replace("{pid}", &self.outsider.pid().to_string())
            .replace("{secret}", &self.secret_at)
            .replace("{fd}", &self.descriptor)
            .replace("{tcp}", &self.tcp.local_addr().unwrap().port().to_string())
            .replace("{udp}", &self.udp.local_addr().unwrap().port().to_string())
            .replace("{abstract}", &format!("@{}", self.name))
            .replace("{other}", &self.other.to_string())
    }

    /// The process group of the outsider, which it leads.
    pub fn group(&self) -> i32 {
        self.outsider.pid()
    }

    /// Whether the outsider noticed something: a signal, a change in its memory, its end.
    pub fn outsider_noticed(&self) -> bool {
        !is_alive(self.outsider.pid()) || self.outsider.printed().lines().count() > 1
    }

    /// Fails the test when anything outside was touched.
    pub fn saw_nothing(&self) {
        let mut byte = [0];
        assert!(self.tcp.accept().is_err(), "a TCP connection came out");
        assert!(self.udp.recv(&mut byte).is_err(), "a UDP packet came out");
        assert!(self.stream.accept().is_err(), "a unix connection came out");
        assert!(self.datagram.recv(&mut byte).is_err(), "a unix datagram came out");
        assert!(self.abstract_stream.accept().is_err(), "an abstract connection came out");
        assert!(self.abstract_datagram.recv(&mut byte).is_err(), "an abstract datagram came out");
        assert!(!stopped(self.outsider.pid()), "the outsider was stopped");
        assert!(!self.outsider_noticed(), "the outsider: {}", self.outsider.printed());
    }
}

fn stopped(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with(['T', 't']))
}

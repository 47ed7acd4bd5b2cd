//! Refused calls that are worth telling a person: under which name, why, and which line of a profile would allow them.
//!
//! In a supervised run the filter holds these instead of refusing them, and the supervisor answers
//! with the very errno the filter would give: nothing is judged, the refusal is only noted. Should
//! the supervisor be gone they fail all the same, with `ENOSYS`. Where another filter around us
//! refuses the same call, that refusal comes first (seccomp(2)) and is not told. What programs try as a matter of
//! course (what is answered `ENOSYS`, multipath TCP) is refused by the filter itself and told to nobody.

use super::table::{Answer, Is, Rule, Test};
use super::tables::RULES;
use crate::model::support::Promise;
use crate::sys::call::{self, Call};

/// What a refused call would have opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Closed {
    /// Mounts and roots.
    Paths,
    /// Namespaces, made or entered.
    Namespaces,
    /// Files without a path.
    Handles,
    /// Code of the kernel: bpf, modules, kexec.
    KernelCode,
    /// What the kernel and others are doing.
    Watching,
    /// Page faults in hands of one's own.
    Faults,
    /// The person's keyrings.
    Keyring,
    /// The machine: clock, name, swap, power.
    Machine,
    /// Memory, semaphores and queues by number or name (System V, POSIX).
    SharedIpc,
    /// The terminal of the person.
    Terminal,
    /// Limits of other processes.
    Limits,
    /// Flags and attributes of inodes.
    Inode,
    /// Sockets of the internet.
    Network,
    /// The kernel's lists of interfaces and routes, where there is no network.
    Routes,
    /// Sockets of the file system.
    UnixSocket,
    /// Every other sort of socket.
    OtherSocket,
    /// Sockets of the file system that address each datagram anew.
    Datagrams,
    /// What would leave this machine, where the network ends there.
    Elsewhere,
    /// Datagrams of the internet there, as libraries ask for them only to sort addresses.
    Sorting,
    /// Ports that are not named, and what does not keep to ports.
    Ports,
    /// Priority, scheduling and processors of other processes.
    Scheduling,
}

impl Closed {
    /// All of them, in the order of their numbers on the wire.
    pub const ALL: &[Self] = &[
        Self::Paths,
        Self::Namespaces,
        Self::Handles,
        Self::KernelCode,
        Self::Watching,
        Self::Faults,
        Self::Keyring,
        Self::Machine,
        Self::SharedIpc,
        Self::Terminal,
        Self::Limits,
        Self::Inode,
        Self::Network,
        Self::Routes,
        Self::UnixSocket,
        Self::OtherSocket,
        Self::Datagrams,
        Self::Elsewhere,
        Self::Sorting,
        Self::Ports,
        Self::Scheduling,
    ];

    /// The promise that is kept by refusing it.
    #[must_use]
    pub const fn promise(self) -> Promise {
        match self {
            Self::Network
            | Self::Routes
            | Self::UnixSocket
            | Self::OtherSocket
            | Self::Datagrams
            | Self::Elsewhere
            | Self::Sorting
            | Self::Ports => Promise::Network,
            Self::Limits | Self::Scheduling | Self::SharedIpc => Promise::Isolation,
            Self::Inode => Promise::Metadata,
            _ => Promise::Kernel,
        }
    }

    /// Why, as the end of a sentence.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Paths => "it changes what paths mean",
            Self::Namespaces => "a namespace would bring powers over copies of what is guarded",
            Self::Handles => "it opens files without a path",
            Self::KernelCode => "it changes what the kernel runs",
            Self::Watching => "it watches the kernel and processes outside",
            Self::Faults => "it makes races in the kernel winnable",
            Self::Keyring => "it reaches the keyring of the person's session",
            Self::Machine => "it changes the machine itself",
            Self::SharedIpc => "it reaches what processes outside share",
            Self::Terminal => "it types for the person, or pastes",
            Self::Limits => "it sets limits of another process",
            Self::Scheduling => "it sets how processes run that are not of this run",
            Self::Inode => "flags of inodes bind files outside as well",
            Self::Network | Self::Routes => "this profile has no network",
            Self::Elsewhere | Self::Sorting => {
                "the network of this profile is this machine alone, by TCP"
            }
            Self::Ports => "`[ports]` of this profile names the ports of TCP that are open",
            Self::UnixSocket => {
                "whoever listens on a socket of the file system acts outside the sandbox"
            }
            Self::OtherSocket => "only IP, routes and stream pairs are open to a command",
            Self::Datagrams => {
                "each datagram may be addressed to somebody else, who acts outside the sandbox"
            }
        }
    }

    /// The line of a profile that would allow it, if there is one.
    #[must_use]
    pub const fn allow(self) -> Option<&'static str> {
        match self {
            Self::Network | Self::Routes | Self::Elsewhere | Self::Sorting => {
                Some("network = \"host\"")
            }
            Self::UnixSocket => Some("unix_sockets = \"own\""),
            Self::Datagrams => Some("unix_sockets = \"host\""),
            _ => None,
        }
    }

    /// A safer way, where no line of a profile opens the other.
    #[must_use]
    pub const fn instead(self) -> &'static str {
        match self {
            Self::Paths => "work with the paths there are, or mount outside the sandbox",
            Self::Namespaces => {
                "run the program without its own sandbox: it is in one already (Chromium, also by Puppeteer or \
                 Playwright: `--no-sandbox`; Electron: `ELECTRON_DISABLE_SANDBOX=1`)"
            }
            Self::Terminal => "print to the terminal instead",
            Self::Inode => "leave the flag out; modes can be changed inside the write roots",
            Self::SharedIpc => "share memory by files of the workspace or /dev/shm",
            Self::Limits => "a process may lower its own limits",
            Self::Ports => "use a port that is named there, by plain TCP",
            Self::Scheduling => "name a process of this run by its id, or start it with `nice`",
            Self::Network
            | Self::Routes
            | Self::UnixSocket
            | Self::OtherSocket
            | Self::Datagrams
            | Self::Elsewhere
            | Self::Sorting => "use an IP socket or a pair of stream sockets",
            _ => "a person can do it outside the sandbox",
        }
    }

    /// Whether programs try it as a matter of course and go on without: name services ask for
    /// routes, for instance. The journal has it; a person is not told.
    #[must_use]
    pub const fn is_shrugged_off(self) -> bool {
        matches!(self, Self::Routes | Self::Sorting)
    }
}

/// A refused call, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Its name.
    pub name: &'static str,
    /// What it would have opened.
    pub closed: Closed,
}

impl Told {
    /// What the caller gets to see: the same as from the filter alone.
    pub const ERRNO: u32 = Answer::NotPermitted.errno();
}

/// What listen(2) on a socket without a port makes.
pub const SERVER_WITHOUT_PORT: &str = "a server on a port of the kernel's choosing";

/// Socket families that have a name of their own here; see socket(2).
const FAMILIES: &[(u32, &str, Closed)] = &[
    (LOCAL, "an AF_UNIX socket", Closed::UnixSocket),
    (2, "an IPv4 socket", Closed::Network),
    (10, "an IPv6 socket", Closed::Network),
    (17, "an AF_PACKET socket", Closed::OtherSocket),
    (38, "an AF_ALG socket", Closed::OtherSocket),
    (40, "an AF_VSOCK socket", Closed::OtherSocket),
    (44, "an AF_XDP socket", Closed::OtherSocket),
];
const LOCAL: u32 = 1;
const NETLINK: u32 = 16;
/// SOCK_DGRAM and SOCK_RAW, of which the kernel makes the same in the family of local sockets.
const DATAGRAMS: [u32; 2] = [2, 3];

/// What there is to tell of a call that was refused with these arguments; `None` for one that is
/// none of those.
#[must_use]
pub fn of(number: Call, arguments: &[u64; 6]) -> Option<Told> {
    match number {
        call::SOCKET => {
            let [family, kind, protocol, ..] = arguments.map(low);
            Some(socket(family, kind, protocol))
        }
        call::SOCKETPAIR => Some(pair(low(arguments[0]))),
        call::IOCTL => Some(request(low(arguments[1]))),
        call::LISTEN => Some(Told { name: SERVER_WITHOUT_PORT, closed: Closed::Ports }),
        _ => {
            refused(number).find_map(|rule| Some(Told { name: rule.name, closed: rule.set.told? }))
        }
    }
}

fn socket(family: u32, kind: u32, protocol: u32) -> Told {
    if family == LOCAL && DATAGRAMS.contains(&(kind & 0xf)) {
        return Told { name: "an AF_UNIX socket for datagrams", closed: Closed::Datagrams };
    }
    if family == NETLINK {
        let closed = if protocol == 0 { Closed::Routes } else { Closed::OtherSocket };
        return Told { name: "a netlink socket", closed };
    }
    let known = FAMILIES.iter().find(|(known, ..)| *known == family);
    let (name, closed) =
        known.map_or(("a socket of a rare family", Closed::OtherSocket), |(_, name, c)| (name, *c));
    Told { name, closed }
}

/// Pairs of streams pass; those of datagrams can be sent to any socket of the file system.
fn pair(family: u32) -> Told {
    match family {
        LOCAL => Told { name: "a socketpair for datagrams", closed: Closed::Datagrams },
        _ => Told { name: "a socketpair of a rare family", closed: Closed::OtherSocket },
    }
}

fn request(request: u32) -> Told {
    let asks = |test: &Test| matches!(test, Test::All([(1, Is::Equal(one))]) if *one == request);
    let known = refused(call::IOCTL).find(|rule| asks(&rule.test));
    known
        .and_then(|rule| Some(Told { name: rule.name, closed: rule.set.told? }))
        .unwrap_or(Told { name: "ioctl for inode flags", closed: Closed::Inode })
}

/// The rules that refuse a call of this number.
fn refused(number: Call) -> impl Iterator<Item = &'static Rule> {
    let is_it = move |rule: &&Rule| {
        rule.numbers.here() == number && rule.set.answer == Answer::NotPermitted
    };
    RULES.iter().filter(is_it)
}

/// The low half of a register, at which the kernel looks for these arguments.
#[expect(clippy::cast_possible_truncation, reason = "the kernel looks at the low half only")]
const fn low(register: u64) -> u32 {
    register as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_call_is_told_by_what_it_asks_for() {
        let told = |call, first, second, third| of(call, &[first, second, third, 0, 0, 0]);
        for (call, arguments, name, closed) in [
            (call::SOCKET, [1, 1, 0], "an AF_UNIX socket", Closed::UnixSocket),
            (call::SOCKET, [2, 2, 0], "an IPv4 socket", Closed::Network),
            (call::SOCKET, [0xffff_0000_0000_000a, 1, 0], "an IPv6 socket", Closed::Network),
            (call::SOCKET, [16, 3, 0], "a netlink socket", Closed::Routes),
            (call::SOCKET, [16, 3, 15], "a netlink socket", Closed::OtherSocket),
            (call::SOCKET, [99, 3, 0], "a socket of a rare family", Closed::OtherSocket),
            (call::SOCKET, [1, 0x80002, 0], "an AF_UNIX socket for datagrams", Closed::Datagrams),
            (call::SOCKETPAIR, [1, 2, 0], "a socketpair for datagrams", Closed::Datagrams),
            (call::SOCKETPAIR, [2, 1, 0], "a socketpair of a rare family", Closed::OtherSocket),
            (call::IOCTL, [0, 0xffff_ffff_0000_5412, 0], "ioctl TIOCSTI", Closed::Terminal),
            (call::IOCTL, [0, 0x4008_6602, 0], "ioctl for inode flags", Closed::Inode),
            (call::MOUNT, [0, 0, 0], "mount", Closed::Paths),
        ] {
            let [first, second, third] = arguments;
            assert_eq!(told(call, first, second, third), Some(Told { name, closed }));
        }
        assert_eq!(told(call::CLONE3, 0, 0, 0), None);
    }

    #[test]
    fn every_word_is_on_the_wire() {
        for (at, closed) in Closed::ALL.iter().enumerate() {
            assert_eq!(*closed as usize, at);
            assert!(!closed.why().is_empty() && !closed.instead().is_empty());
        }
    }
}

//! TCP sockets of a run whose network ends at this machine: they are made here, bound to the loopback interface, and handed in.
//!
//! What the run does with them is not judged: the kernel keeps them on that interface, whoever
//! races. Datagrams can be sent elsewhere by a control message (`IP_PKTINFO`), whatever their
//! socket is bound to, so there are none. connect(2) is looked at only to answer at once, and to
//! tell, where the kernel would let a connection to elsewhere wait in vain.

use super::judge::Why;
use super::local::{Local, Span};
use super::{Reply, Tools, Valid};
use crate::policy::ports::Ports;
use crate::sandbox::filter::told::{Closed, SERVER_WITHOUT_PORT, Told};
use crate::sys::at::{Errno, Result};
use crate::sys::call::{self, Call};
use crate::sys::inet;
use crate::sys::local::{self, NO_PROTOCOL};
use crate::sys::notify::OnExec;
use crate::sys::remote;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;

/// Where the sockets of a run end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// Not this room's business: the filter lets all through, or none.
    #[default]
    Unasked,
    /// At this machine.
    Loopback,
}

/// What sockets of the internet reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// Where they end.
    pub end: End,
    /// Which ports Landlock leaves open.
    pub ports: Ports,
}

/// What a held call of this sort asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// socket(2) of the internet: family, type with flags, protocol.
    Socket(u16, i32, i32),
    /// connect(2): the caller's descriptor, and the address.
    Connect(i32, Span),
    /// bind(2), likewise.
    Bind(i32, Span),
    /// listen(2): the caller's descriptor, and how many may wait.
    Listen(i32, i32),
}

/// Reads the registers of a call; `None` for one that is not of this sort.
pub(super) fn decode(reach: &Reach, call: Call, args: &[u64; 6]) -> Option<Asked> {
    let [a, b, c, ..] = *args;
    let span = Span { at: b, length: int(c) };
    match call {
        _ if reach.end == End::Unasked && reach.ports.is_every() => None,
        call::SOCKET => match u16::try_from(int(a)) {
            Ok(family @ (inet::V4 | inet::V6)) => Some(Asked::Socket(family, int(b), int(c))),
            _ => None,
        },
        call::CONNECT => Some(Asked::Connect(int(a), span)),
        call::BIND => Some(Asked::Bind(int(a), span)),
        call::LISTEN => Some(Asked::Listen(int(a), int(b))),
        _ => None,
    }
}

/// The low half of a register, as the kernel reads an `int` argument.
#[expect(clippy::cast_possible_truncation, reason = "the kernel looks at the low half only")]
const fn int(register: u64) -> i32 {
    (register as u32).cast_signed()
}

impl Tools {
    pub(super) fn carry_out_loopback(
        &mut self,
        thread: i32,
        asked: Asked,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        match asked {
            Asked::Socket(family, kind, protocol) => self.stream(thread, family, kind, protocol),
            Asked::Connect(number, span) => {
                match self.locally(thread, Local::Connect(number, span), valid)? {
                    Reply::Continue => self.stays_here(thread, span),
                    done => Ok(done),
                }
            }
            Asked::Bind(number, span) => {
                match self.locally(thread, Local::Bind(number, span), valid)? {
                    Reply::Continue => self.keeps_to_ports(thread, span),
                    done => Ok(done),
                }
            }
            Asked::Listen(number, most) => self.listen(thread, number, most),
        }
    }

    /// What the run's own sockets of the file system make of it, if there are any.
    fn locally(&mut self, thread: i32, asked: Local, valid: Valid<'_>) -> Result<Reply> {
        match self.sockets {
            Some(_) => self.carry_out_local(thread, asked, valid),
            None => Ok(Reply::Continue),
        }
    }

    fn stream(&mut self, thread: i32, family: u16, kind: i32, protocol: i32) -> Result<Reply> {
        let flags = kind & !0xf;
        if flags & !(inet::NON_BLOCKING | inet::CLOSE_ON_EXEC) != 0 {
            return Err(Errno::INVALID);
        }
        if self.reach.end == End::Unasked {
            // The filter holds what does not keep to ports, and lets plain TCP through.
            let name = "an IP socket that is not plain TCP";
            return Err(self.refuse(thread, Told { name, closed: Closed::Ports }));
        }
        match (kind & 0xf, protocol) {
            (inet::STREAM, 0 | inet::TCP) => {}
            // Callers fall back on plain TCP.
            (_, inet::MULTIPATH) => return Err(NO_PROTOCOL),
            (kind, _) => return Err(self.refuse(thread, told(kind, flags))),
        }
        let on_exec = if flags & inet::CLOSE_ON_EXEC == 0 { OnExec::Keep } else { OnExec::Close };
        let socket = inet::stream_of_this_machine(family, flags & inet::NON_BLOCKING);
        // Nothing was done that would be done twice: out of descriptors it is tried again.
        socket.map(|socket| Reply::File(socket, on_exec))
    }

    /// The kernel keeps it here in any case: what is read may change afterwards, and what cannot be
    /// read it will complain about itself.
    fn stays_here(&mut self, thread: i32, span: Span) -> Result<Reply> {
        let Some((address, port)) = read_address(thread, span) else { return Ok(Reply::Continue) };
        let away = || !is_near(address) && !inet::is_of_this_machine(address);
        if self.reach.end == End::Loopback && away() {
            self.names("connect to", (address, port), Closed::Elsewhere);
            return Err(inet::UNREACHABLE);
        }
        if self.reach.ports.connect.as_ref().is_some_and(|ports| !ports.holds(port)) {
            self.names("connect to", (address, port), Closed::Ports);
            return Err(Errno::ACCESS);
        }
        Ok(Reply::Continue)
    }

    /// Landlock refuses the port in any case: here it is only told.
    fn keeps_to_ports(&mut self, thread: i32, span: Span) -> Result<Reply> {
        let Some((address, port)) = read_address(thread, span) else { return Ok(Reply::Continue) };
        if self.reach.ports.bind.as_ref().is_none_or(|ports| ports.holds(port)) {
            return Ok(Reply::Continue);
        }
        self.names("listen on", (address, port), Closed::Ports);
        Err(Errno::ACCESS)
    }

    /// Writes down which address was refused.
    fn names(&mut self, act: &'static str, address: (IpAddr, u16), closed: Closed) {
        let address = SocketAddr::from(address).to_string();
        self.note(act, address.as_bytes(), Why::Closed(closed), "");
    }

    /// A socket that was not bound listens on a port of the kernel's choosing, at which Landlock does
    /// not look. The very socket whose port was read is made to listen, and its port read again:
    /// another thread may have taken it back meanwhile.
    fn listen(&mut self, thread: i32, number: i32, most: i32) -> Result<Reply> {
        let (process, _) = self.resolver.callers.status(thread)?;
        let named = |reach: &Reach, port: Option<u16>| match (port, &reach.ports.bind) {
            (Some(port), Some(ports)) => ports.holds(port),
            _ => true,
        };
        let refused = Told { name: SERVER_WITHOUT_PORT, closed: Closed::Ports };
        let socket = match inet::descriptor_of(process, number) {
            // Where it cannot be looked at.
            Err(Errno::NOT_PERMITTED | Errno::NO_SUCH_CALL) => {
                return Err(self.refuse(thread, refused));
            }
            socket => socket?,
        };
        if !named(&self.reach, inet::bound_port(socket.as_fd())) {
            return Err(self.refuse(thread, refused));
        }
        local::listen(socket.as_fd(), most)?;
        if !named(&self.reach, inet::bound_port(socket.as_fd())) {
            inet::shut(socket.as_fd());
            return Err(self.refuse(thread, refused));
        }
        Ok(Reply::Value(0))
    }
}

/// Libraries ask for a datagram socket to sort the addresses of a name, and for one that waits for
/// nothing to ask a name server (glibc, musl, Go, c-ares alike).
const fn told(kind: i32, flags: i32) -> Told {
    let (name, closed) = match kind {
        inet::DATAGRAM if flags & inet::NON_BLOCKING == 0 => {
            ("a datagram socket (UDP)", Closed::Sorting)
        }
        inet::DATAGRAM => {
            ("a datagram socket (UDP), as for asking a name server", Closed::Elsewhere)
        }
        _ => ("an IP socket that is not plain TCP", Closed::Elsewhere),
    };
    Told { name, closed }
}

/// The internet address and port in the caller's memory, if that is what lies there.
fn read_address(thread: i32, span: Span) -> Option<(IpAddr, u16)> {
    let mut bytes = [0; 24];
    let length = usize::try_from(span.length).ok()?.min(bytes.len());
    let read = bytes.get_mut(..length).filter(|read| read.len() >= 8)?;
    remote::read_exact(thread, span.at, read).ok()?;
    let port = u16::from_be_bytes([bytes[2], bytes[3]]);
    Some((address(&bytes, length)?, port))
}

/// `struct sockaddr_in` and `struct sockaddr_in6`.
fn address(bytes: &[u8; 24], length: usize) -> Option<IpAddr> {
    let (family, rest) = bytes.split_first_chunk::<2>()?;
    match u16::from_ne_bytes(*family) {
        inet::V4 => {
            let octets: [u8; 4] = rest.get(2..6)?.try_into().ok()?;
            Some(IpAddr::V4(Ipv4Addr::from(octets)))
        }
        inet::V6 if length == bytes.len() => {
            let octets: [u8; 16] = rest.get(6..22)?.try_into().ok()?;
            Some(Ipv6Addr::from(octets).to_canonical())
        }
        _ => None,
    }
}

/// Addresses that need no looking up. Those that hold on a link alone mean nothing without one:
/// the kernel says so itself.
const fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_unspecified(),
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unspecified() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sockets_of_the_internet_and_connections_are_read() {
        let read =
            |call, args| decode(&Reach { end: End::Loopback, ..Reach::default() }, call, &args);
        let dirty = 0xffff_0000_0000_0000;
        assert_eq!(
            read(call::SOCKET, [dirty | 2, dirty | 0x8_0001, dirty | 6, 0, 0, 0]),
            Some(Asked::Socket(2, 0x8_0001, 6))
        );
        assert_eq!(read(call::SOCKET, [1, 1, 0, 0, 0, 0]), None);
        assert_eq!(read(call::SOCKET, [0x1_0002, 1, 0, 0, 0, 0]), None);
        assert_eq!(decode(&Reach::default(), call::SOCKET, &[2, 1, 0, 0, 0, 0]), None);
        assert_eq!(
            read(call::CONNECT, [3, 9, 16, 0, 0, 0]),
            Some(Asked::Connect(3, Span { at: 9, length: 16 }))
        );
    }

    #[test]
    fn addresses_are_read_as_the_kernel_reads_them() {
        let mut four = [0; 24];
        four[..8].copy_from_slice(&[2, 0, 0, 80, 10, 1, 2, 3]);
        assert_eq!(address(&four, 16), Some("10.1.2.3".parse().unwrap()));
        let mut six = [0; 24];
        six[0] = 10;
        six[18..].copy_from_slice(&[0xff, 0xff, 127, 0, 0, 1]);
        assert_eq!(address(&six, 24), Some("127.0.0.1".parse().unwrap()));
        assert_eq!(address(&six, 16), None);
        assert_eq!(address(&[0; 24], 24), None, "AF_UNSPEC takes a connection back");
        for (text, near) in
            [("127.9.9.9", true), ("0.0.0.0", true), ("::1", true), ("fe80::1", true), ("::", true)]
                .into_iter()
                .chain([("10.0.0.1", false), ("2001:db8::1", false)])
        {
            assert_eq!(is_near(text.parse().unwrap()), near, "{text}");
        }
    }
}

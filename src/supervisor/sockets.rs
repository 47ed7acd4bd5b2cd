//! Sockets of the file system within one run: reached is what the run made itself or a person granted, by inode and never by name.
//!
//! A program that asks for such a socket gets a placeholder: an end of a connected pair, which the
//! kernel neither connects nor lets listen, whatever a racing thread makes of its calls. Only when
//! the program has said where to, and that was judged, does a socket made and connected (or bound)
//! here take the placeholder's place. What a program may natively do with sockets it has is not
//! asked: each of them talks to one partner, or listens.

use super::decode::At;
use super::doors;
use super::judge::{Age, Kind as Made, Operation, Ruling, Why};
use super::local::Span;
use super::resolve::{Last, Place, Resolver};
use super::standing::Bounds;
use super::{Later, Reply, Tools, Valid};
use crate::sys::at::{self, Errno, How, Result, resolve};
use crate::sys::diag;
use crate::sys::local::{self, Kind};
use crate::sys::notify::OnExec;
use crate::sys::remote;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

/// So many placeholders a run may have that are neither connected nor bound.
const PLACEHOLDERS: usize = 256;
/// Of the youngest of them so many are held here as well, for the sake of the options set on them.
const HELD: usize = 16;
/// So many sockets of a run may have names at a time.
const NAMED: usize = 256;
/// So many calls may wait for a listener that has too many before it.
const WAITING: usize = 64;

/// What a run may do with sockets of the file system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// Sockets of others that may be reached.
    pub sockets: Vec<PathBuf>,
    /// Whether the kernel keeps abstract names inside the run (Landlock's scope): without that
    /// there are none.
    pub abstract_names: bool,
}

/// A socket that is neither connected nor bound yet, as its program believes.
#[derive(Debug)]
struct Placeholder {
    /// Its inode number, by which it is recognized. Cannot be another's while `far` has a partner.
    inode: u64,
    kind: Kind,
    /// The other end of the pair: tells when nobody has the placeholder any more.
    far: OwnedFd,
    /// The placeholder itself, while it is young.
    near: Option<OwnedFd>,
}

/// A name that may be reached: held open, so that no other can come by its inode number.
#[derive(Debug)]
struct Pin {
    fd: OwnedFd,
    object: (u64, u64),
}

/// All sockets of a run that matter.
#[derive(Debug)]
pub(super) struct Sockets {
    placeholders: Vec<Placeholder>,
    granted: Vec<Pin>,
    own: Vec<Pin>,
    abstract_names: bool,
}

/// The descriptor of a caller that is a placeholder, and what is to become of its successor.
#[derive(Debug)]
struct Caller {
    thread: i32,
    number: i32,
    inode: u64,
    kind: Kind,
    on_exec: OnExec,
    /// `O_NONBLOCK` and the like.
    flags: i32,
}

/// A socket on its way to a partner.
#[derive(Debug)]
pub(super) struct Connecting {
    caller: Caller,
    socket: OwnedFd,
    goal: Goal,
}

#[derive(Debug)]
enum Goal {
    Object(OwnedFd),
    Abstract(Vec<u8>),
}

/// An address, read and taken apart.
enum Address {
    /// A name in the file system.
    Name(Vec<u8>),
    /// No name there: the whole address. An empty one asks for a name of the kernel's choosing.
    Abstract(Vec<u8>),
}

impl Sockets {
    /// Pins what is granted: what is there now, whatever has its name later.
    pub(super) fn new(grants: &Grants, bounds: &Bounds, resolver: &Resolver) -> Self {
        let pin = |path: &PathBuf| Pin::of(doors::open(path, bounds, resolver).ok()?).ok();
        Self {
            placeholders: Vec::new(),
            granted: grants.sockets.iter().filter_map(pin).collect(),
            own: Vec::new(),
            abstract_names: grants.abstract_names,
        }
    }

    /// Forgets placeholders that nobody has any more, and lets go of those that are not young.
    fn sweep(&mut self) {
        let old = self.placeholders.len().saturating_sub(HELD);
        for placeholder in self.placeholders.iter_mut().take(old) {
            placeholder.near = None;
        }
        self.placeholders.retain(|p| p.near.is_some() || !local::is_alone(p.far.as_fd()));
    }

    fn placeholder(&mut self, inode: u64) -> Option<&mut Placeholder> {
        let found = self.placeholders.iter_mut().find(|p| p.inode == inode);
        // Without its partner it is gone, and the number may be another socket's.
        found.filter(|p| p.near.is_some() || !local::is_alone(p.far.as_fd()))
    }

    fn may_be_reached(&self, object: (u64, u64)) -> bool {
        self.own.iter().chain(&self.granted).any(|pin| pin.object == object)
    }

    /// Room for one more name; forgets those that are gone.
    fn make_room(&mut self) -> Result<()> {
        if self.own.len() >= NAMED {
            self.own.retain(|pin| at::stat(pin.fd.as_fd()).is_ok_and(|stat| stat.links > 0));
        }
        if self.own.len() >= NAMED { Err(local::TOO_MANY) } else { Ok(()) }
    }

    /// A real socket in the place of a placeholder, with the options set on that.
    fn successor(&mut self, caller: &Caller) -> Result<OwnedFd> {
        let socket = local::socket(caller.kind)?;
        if let Some(near) = self.placeholder(caller.inode).and_then(|p| p.near.as_ref()) {
            local::carry_options(near.as_fd(), socket.as_fd());
        }
        Ok(socket)
    }
}

impl Pin {
    fn of(fd: OwnedFd) -> Result<Self> {
        let stat = at::stat(fd.as_fd())?;
        if !stat.is(local::IS_SOCKET) {
            return Err(local::REFUSED);
        }
        Ok(Self { fd, object: stat.object })
    }
}

impl Tools {
    /// socket(2) of the family of local sockets.
    pub(super) fn socket(&mut self, kind: i32, protocol: i32) -> Result<Reply> {
        let flags = kind & !0xf;
        if flags & !(local::NON_BLOCKING | local::CLOSE_ON_EXEC) != 0 {
            return Err(Errno::INVALID);
        }
        if !matches!(protocol, 0 | 1) {
            return Err(local::NO_PROTOCOL);
        }
        let on_exec = if flags & local::CLOSE_ON_EXEC == 0 { OnExec::Keep } else { OnExec::Close };
        let kind = Kind::of(kind).ok_or(Errno::NOT_PERMITTED)?;
        let sockets = self.sockets()?;
        sockets.sweep();
        if sockets.placeholders.len() >= PLACEHOLDERS {
            return Err(local::TOO_MANY);
        }
        let (near, far) = local::pair(kind, flags & local::NON_BLOCKING)?;
        // Who writes without having connected is to notice.
        local::refuse_input(far.as_fd())?;
        let inode = at::stat(near.as_fd())?.object.1;
        let handed = near.try_clone().map_err(Errno::from)?;
        sockets.placeholders.push(Placeholder { inode, kind, far, near: Some(near) });
        Ok(Reply::File(handed, on_exec))
    }

    /// connect(2).
    pub(super) fn connect(
        &mut self,
        thread: i32,
        number: i32,
        span: Span,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let Some(caller) = self.caller(thread, number)? else { return Ok(Reply::Continue) };
        let address = read_address(thread, span)?;
        let goal = match address {
            Address::Name(text) => Goal::Object(self.reach(thread, &text, valid)?),
            Address::Abstract(bytes) if bytes.len() > 2 => Goal::Abstract(bytes),
            Address::Abstract(_) => return Err(Errno::INVALID),
        };
        valid()?;
        if matches!(goal, Goal::Abstract(_)) && !self.sockets()?.abstract_names {
            self.note("connect to", b"an abstract socket", Why::Outsider, "");
            return Err(Errno::NOT_PERMITTED);
        }
        let socket = self.sockets()?.successor(&caller)?;
        self.connect_waiting(Connecting { caller, socket, goal })
    }

    /// The same once more, for a call that has waited. Another thread may have closed the
    /// descriptor to put an end to it, and have something else in its place by now.
    pub(super) fn connect_again(&mut self, connecting: Connecting) -> Result<Reply> {
        let Caller { thread, number, inode, .. } = connecting.caller;
        match self.caller(thread, number)? {
            Some(caller) if caller.inode == inode => self.connect_waiting(connecting),
            _ => Err(Errno::BAD_DESCRIPTOR),
        }
    }

    /// Connects without waiting.
    fn connect_waiting(&mut self, connecting: Connecting) -> Result<Reply> {
        let Connecting { caller, socket, goal } = &connecting;
        let connected = match goal {
            Goal::Object(object) => {
                local::connect(socket.as_fd(), &local::address_of(object.as_fd())?)
            }
            Goal::Abstract(bytes) => local::connect(socket.as_fd(), bytes),
        };
        match connected {
            Err(Errno::AGAIN) if caller.flags & at::NON_BLOCKING == 0 => {
                if self.waiting.len() >= WAITING {
                    return Err(Errno::AGAIN);
                }
                return Ok(Reply::Later(Later::Connect(connecting)));
            }
            Err(Errno::NOT_PERMITTED) if matches!(goal, Goal::Abstract(_)) => {
                self.note("connect to", b"an abstract socket", Why::Outsider, "");
                return Err(Errno::NOT_PERMITTED);
            }
            other => other?,
        }
        let Connecting { caller, socket, .. } = connecting;
        self.take_place(&caller, socket)
    }

    /// bind(2). The socket listens at once: bound only, it could be connected to anything natively.
    pub(super) fn bind(
        &mut self,
        thread: i32,
        number: i32,
        span: Span,
        valid: Valid<'_>,
    ) -> Result<Reply> {
        let Some(caller) = self.caller(thread, number)? else { return Ok(Reply::Continue) };
        let text = match read_address(thread, span)? {
            Address::Name(text) => text,
            Address::Abstract(bytes) => {
                valid()?;
                if !self.sockets()?.abstract_names {
                    return Err(Errno::NOT_PERMITTED);
                }
                let socket = self.sockets()?.successor(&caller)?;
                local::bind(socket.as_fd(), &bytes)?;
                local::listen(socket.as_fd(), 0)?;
                return self.take_place(&caller, socket);
            }
        };
        let base = self.resolver.base(thread, here(), &text)?;
        valid()?;
        let from = base.try_clone().map_err(Errno::from)?;
        let place = self.resolver.place(thread, from, &text)?;
        let ruling = self.judge(&place.path(), Operation::Create(Made::Special), Age::Before)?;
        if ruling != Ruling::Free {
            return Err(Errno::NOT_PERMITTED);
        }
        self.as_masked_by(thread)?;
        self.sockets()?.make_room()?;
        let socket = self.sockets()?.successor(&caller)?;
        self.bind_at(socket.as_fd(), &place, base.as_fd(), &text)?;
        local::listen(socket.as_fd(), 0)?;
        let pin = pinned(socket.as_fd(), &place)?;
        self.sockets()?.own.push(pin);
        self.take_place(&caller, socket)
    }

    /// Gives a socket the name as the caller wrote it, since that is what getsockname(2) tells
    /// everybody later; by way of the judged directory where it would mean something else to us.
    ///
    /// Every call of the run that changes names is carried out by this very thread: between judging
    /// and binding only outsiders could move directories, and `pinned` finds that out.
    fn bind_at(
        &self,
        socket: BorrowedFd<'_>,
        place: &Place,
        base: BorrowedFd<'_>,
        text: &[u8],
    ) -> Result<()> {
        let end = text.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        let directory = match text.get(..end) {
            Some(b"") | None => b".",
            Some(directory) => directory,
        };
        let how = How {
            flags: u64::from((at::PATH | at::DIRECTORY | at::CLOSE_ON_EXEC).cast_unsigned()),
            mode: 0,
            resolve: resolve::NO_MAGIC_LINKS,
        };
        let object = |fd: BorrowedFd<'_>| at::stat(fd).map(|stat| stat.object);
        let seen = at::open2(base, directory, how).and_then(|fd| object(fd.as_fd()));
        if seen == object(place.parent.as_fd()) {
            local::enter(base)?;
            return local::bind(socket, &local::address(text)?);
        }
        local::enter(place.parent.as_fd())?;
        local::bind(socket, &local::address(&place.raw())?)
    }

    /// What a name leads to, if it may be reached.
    fn reach(&mut self, thread: i32, text: &[u8], valid: Valid<'_>) -> Result<OwnedFd> {
        let base = self.resolver.base(thread, here(), text)?;
        valid()?;
        let object = self.resolver.object(thread, base, text, Last::Follow)?;
        let stat = at::stat(object.fd.as_fd())?;
        if !stat.is(local::IS_SOCKET) {
            return Err(local::REFUSED);
        }
        if self.sockets()?.may_be_reached(stat.object) {
            return Ok(object.fd);
        }
        let number = kernel_number(object.fd.as_fd());
        if number.is_ok_and(|number| diag::is_bound(number) == Ok(false)) {
            // A name that an earlier server has left behind; programs make a new one then.
            return Err(local::REFUSED);
        }
        self.note("connect to", &object.path, Why::Outsider, "");
        Err(Errno::ACCESS)
    }

    /// The placeholder that a descriptor of the caller is; `None` when it is anything else.
    fn caller(&mut self, thread: i32, number: i32) -> Result<Option<Caller>> {
        let name = format!("fd/{number}");
        let link = match self.resolver.callers.read_link(thread, name.as_bytes()) {
            // No such descriptor, as the kernel will say.
            Err(Errno::NOT_FOUND) => return Ok(None),
            other => other?,
        };
        let number_in = |text: &[u8]| -> Option<u64> {
            let text = text.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
            std::str::from_utf8(text).ok()?.parse().ok()
        };
        let Some(inode) = number_in(&link) else { return Ok(None) };
        let Some(placeholder) = self.sockets()?.placeholder(inode) else { return Ok(None) };
        let kind = placeholder.kind;
        let flags = self.flags_of(thread, number)?;
        let on_exec = super::open::on_exec(flags);
        Ok(Some(Caller { thread, number, inode, kind, on_exec, flags }))
    }

    /// The flags of a descriptor of the caller, `O_CLOEXEC` with them (proc(5), fdinfo).
    fn flags_of(&mut self, thread: i32, number: i32) -> Result<i32> {
        let name = format!("fdinfo/{number}");
        let file = self.resolver.callers.open(thread, name.as_bytes(), 0)?;
        let mut text = String::new();
        std::fs::File::from(file).take(4096).read_to_string(&mut text).map_err(Errno::from)?;
        let flags = text.lines().find_map(|line| line.strip_prefix("flags:"));
        flags.and_then(|text| i32::from_str_radix(text.trim(), 8).ok()).ok_or(Errno::BAD_DESCRIPTOR)
    }

    /// Puts a finished socket where the caller has the placeholder.
    fn take_place(&mut self, caller: &Caller, socket: OwnedFd) -> Result<Reply> {
        if caller.flags & at::NON_BLOCKING == 0 {
            at::set_blocking(socket.as_fd(), at::READ_WRITE)?;
        }
        if let Some(placeholder) = self.sockets()?.placeholder(caller.inode) {
            placeholder.near = None;
        }
        Ok(Reply::InPlace(socket, caller.number, caller.on_exec))
    }

    fn sockets(&mut self) -> Result<&mut Sockets> {
        // No filter holds such calls where there is no grant.
        self.sockets.as_mut().ok_or(Errno::NO_SUCH_CALL)
    }
}

/// Names of sockets are relative to the working directory; their text was read with the address.
const fn here() -> At {
    At { directory: at::HERE, text: 0 }
}

/// Holds the name open that a socket has just got, and proves that it is this socket's: whoever
/// connects there comes out here.
fn pinned(socket: BorrowedFd<'_>, place: &Place) -> Result<Pin> {
    let fd = at::open(place.parent.as_fd(), &place.name, at::PATH | at::NO_FOLLOW, 0)?;
    let pin = Pin::of(fd)?;
    // Asked first, so that an outsider's is not even connected to.
    let number = at::stat(socket)?.object.1;
    if kernel_number(pin.fd.as_fd()).is_ok_and(|ino| diag::is_bound_by(number, ino) == Ok(false)) {
        return Err(Errno::ACCESS);
    }
    let kind = local::kind(socket)?;
    let probe = local::socket(kind)?;
    local::connect(probe.as_fd(), &local::address_of(pin.fd.as_fd())?)?;
    let arrived = local::accept(socket)?;
    let own = i32::try_from(std::process::id()).unwrap_or(0);
    if local::peer(arrived.as_fd())? == own { Ok(pin) } else { Err(Errno::ACCESS) }
}

/// The number that the kernel itself has for an inode (proc(5), fdinfo, since Linux 5.14): on an
/// overlay it need not be the one that stat(2) tells.
fn kernel_number(fd: BorrowedFd<'_>) -> Result<u64> {
    let path = format!("/proc/self/fdinfo/{}", fd.as_raw_fd());
    let text = std::fs::read_to_string(path).map_err(Errno::from)?;
    let number = text.lines().find_map(|line| line.strip_prefix("ino:"));
    number.and_then(|text| text.trim().parse().ok()).ok_or(Errno::NOT_SUPPORTED)
}

/// Reads an address as the kernel would (`unix_validate_addr`, `unix_mkname_bsd`).
fn read_address(thread: i32, span: Span) -> Result<Address> {
    let length = usize::try_from(span.length).map_err(|_| Errno::INVALID)?;
    if !(2..=local::ADDRESS_MOST).contains(&length) {
        return Err(Errno::INVALID);
    }
    let mut bytes = vec![0; length];
    remote::read_exact(thread, span.at, &mut bytes)?;
    let (family, name) = bytes.split_at(2);
    if family != local::FAMILY.to_ne_bytes() {
        return Err(Errno::INVALID);
    }
    match name.first() {
        None | Some(0) => Ok(Address::Abstract(bytes)),
        Some(_) => {
            let text = name.split(|byte| *byte == 0).next().unwrap_or_default();
            Ok(Address::Name(text.to_vec()))
        }
    }
}

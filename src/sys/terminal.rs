//! The terminal a person looks at (ioctl_tty(2)).

use nix::unistd::{getpgrp, tcgetpgrp, tcsetpgrp};
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::OpenOptionsExt;

/// How many characters a line of the terminal holds; `None` when the descriptor is no terminal.
#[must_use]
pub fn width(descriptor: &impl AsFd) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = descriptor.as_fd().as_raw_fd();
    // SAFETY: `fd` is borrowed for the call, and TIOCGWINSZ fills a winsize that lives on this stack.
    let result = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (result == 0 && size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// The terminal that this process's group has in front.
#[derive(Debug)]
pub struct Foreground(File);

/// The controlling terminal, when this process's group is the one that may read from it.
#[must_use]
pub fn foreground() -> Option<Foreground> {
    let flags = libc::O_NOCTTY | libc::O_CLOEXEC;
    let terminal = File::options().read(true).write(true).custom_flags(flags).open("/dev/tty");
    let terminal = terminal.ok()?;
    (tcgetpgrp(&terminal) == Ok(getpgrp())).then_some(Foreground(terminal))
}

impl Foreground {
    /// Takes the terminal back when the group that has it now is gone. A group that lives may
    /// keep it: it was put there by the shell. SIGTTOU is to be blocked.
    pub fn take_back(&self) {
        let Ok(holder) = tcgetpgrp(&self.0) else { return };
        let gone = nix::sys::signal::killpg(holder, None) == Err(nix::errno::Errno::ESRCH);
        if gone {
            // A terminal that is gone as well is nobody's loss.
            tcsetpgrp(&self.0, getpgrp()).ok();
        }
    }
}

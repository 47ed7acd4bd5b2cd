//! The terminal a person looks at (ioctl_tty(2)).

use std::os::fd::{AsFd, AsRawFd};

/// How many characters a line of the terminal holds; `None` when the descriptor is no terminal.
#[must_use]
pub fn width(descriptor: &impl AsFd) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = descriptor.as_fd().as_raw_fd();
    // SAFETY: `fd` is borrowed for the call, and TIOCGWINSZ fills a winsize that lives on this stack.
    let result = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (result == 0 && size.ws_col > 0).then(|| usize::from(size.ws_col))
}

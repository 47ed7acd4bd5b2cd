//! Installing a seccomp filter that somebody else compiled (seccomp(2)).

use std::io;

/// One BPF instruction, laid out as the kernel's `struct sock_filter`.
pub type Instruction = libc::sock_filter;

/// Installs `program` for this thread and all it will start; needs `no_new_privs` or `CAP_SYS_ADMIN`.
///
/// # Errors
/// `EINVAL` for a program the kernel does not accept, `ENOMEM` past the limit of stacked filters.
pub fn install(program: &mut [Instruction]) -> io::Result<()> {
    let length = u16::try_from(program.len()).map_err(io::Error::other)?;
    let header = libc::sock_fprog { len: length, filter: program.as_mut_ptr() };
    // SAFETY: `header` points to `length` instructions that live until the call returns; the
    // kernel copies them and keeps no pointer.
    let result = unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0_u32, &raw const header)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

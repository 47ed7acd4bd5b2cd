//! Random bytes from the kernel (getrandom(2)), without a descriptor.

/// So many random bytes; what the kernel does not give stays zero, which it does only before its
/// pool is ready at boot.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    // SAFETY: the buffer is ours and N bytes long; up to 256 bytes are filled in one piece.
    unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), N, libc::GRND_NONBLOCK) };
    bytes
}

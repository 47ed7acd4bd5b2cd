//! The heap of the program where the C library's own is slow (musl): dlmalloc behind a lock of one word.
//!
//! The allocator's crate offers a global of its own, behind a mutex of the C library: at launch,
//! where a process of one thread allocates some thousand times, that lock was a tenth of all
//! instructions.

use dlmalloc::{Allocator, Dlmalloc};
use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

/// A heap that threads take turns on. There is hardly ever more than one thread.
pub struct Heap {
    taken: AtomicBool,
    heap: UnsafeCell<Dlmalloc<Pages>>,
}

impl std::fmt::Debug for Heap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Heap")
    }
}

// SAFETY: `heap` is touched by `turn` alone, and there by one thread at a time.
unsafe impl Sync for Heap {}

impl Heap {
    /// An empty heap.
    #[must_use]
    pub const fn new() -> Self {
        let mut heap = Dlmalloc::new_with_allocator(Pages);
        heap.set_granularity(SEGMENT);
        Self { taken: AtomicBool::new(false), heap: UnsafeCell::new(heap) }
    }

    fn turn<T>(&self, act: impl FnOnce(&mut Dlmalloc<Pages>) -> T) -> T {
        while self.taken.swap(true, Ordering::Acquire) {
            std::thread::yield_now();
        }
        // SAFETY: `taken` was false and is ours now, so nobody else holds a reference; `act` is
        // one call of the allocator, which neither panics nor comes back here.
        let result = act(unsafe { &mut *self.heap.get() });
        self.taken.store(false, Ordering::Release);
        result
    }
}

impl Default for Heap {
    fn default() -> Self {
        Self::new()
    }
}

// SAFETY: dlmalloc keeps what `GlobalAlloc` asks of an allocator; each method hands its own
// caller's promises on unchanged.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises a layout of non-zero size.
        self.turn(|heap| unsafe { heap.malloc(layout.size(), layout.align()) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller promises a layout of non-zero size.
        self.turn(|heap| unsafe { heap.calloc(layout.size(), layout.align()) })
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller promises that `block` came from here with this layout.
        self.turn(|heap| unsafe { heap.free(block, layout.size(), layout.align()) });
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `block` came from here with this layout.
        self.turn(|heap| unsafe { heap.realloc(block, layout.size(), layout.align(), size) })
    }
}

/// How much memory is asked for at a time.
const SEGMENT: usize = 64 * 1024;

/// Memory by the segment (mmap(2)).
///
/// A segment comes with its pages in place, since nearly all are touched in the first
/// milliseconds, and a fault for each costs more than all of them at once. It is kept when it is
/// empty: the next command of a `check --jsonl` wants it again. What is larger goes back.
struct Pages;

/// The page size that `mmap` is asked in; a multiple of the kernel's own on all supported machines.
const PAGE: usize = 4096;

// SAFETY: what `alloc` returns is a mapping of its own, of the size it says; the others act on
// such mappings only, as the trait promises them.
unsafe impl Allocator for Pages {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        let at_once = if size <= SEGMENT { libc::MAP_POPULATE } else { 0 };
        let flags = libc::MAP_ANONYMOUS | libc::MAP_PRIVATE | at_once;
        let rights = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new anonymous mapping wherever the kernel likes; it replaces nothing.
        let address = unsafe { libc::mmap(null_mut(), size, rights, flags, -1, 0) };
        if address == libc::MAP_FAILED { (null_mut(), 0, 0) } else { (address.cast(), size, 0) }
    }

    fn remap(&self, at: *mut u8, old: usize, new: usize, can_move: bool) -> *mut u8 {
        let flags = if can_move { libc::MREMAP_MAYMOVE } else { 0 };
        // SAFETY: the caller promises that `at` is a mapping of `old` bytes from `alloc`.
        let address = unsafe { libc::mremap(at.cast(), old, new, flags) };
        if address == libc::MAP_FAILED { null_mut() } else { address.cast() }
    }

    fn free_part(&self, at: *mut u8, old: usize, new: usize) -> bool {
        old > SEGMENT && !self.remap(at, old, new, false).is_null()
    }

    fn free(&self, at: *mut u8, size: usize) -> bool {
        // SAFETY: the caller promises that nothing uses this mapping of `alloc` any more.
        size > SEGMENT && unsafe { libc::munmap(at.cast(), size) } == 0
    }

    fn can_release_part(&self, _: u32) -> bool {
        true
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE
    }
}

//! The heap of the program where the C library's own is slow (musl): dlmalloc behind a lock of one word.
//!
//! The allocator's crate offers a global of its own, behind a mutex of the C library: at launch,
//! where a process of one thread allocates some thousand times, that lock was a tenth of all
//! instructions.

use dlmalloc::Dlmalloc;
use std::alloc::{GlobalAlloc, Layout};
use std::cell::UnsafeCell;
use std::sync::atomic::{AtomicBool, Ordering};

/// A heap that threads take turns on. There is hardly ever more than one thread.
pub struct Heap {
    taken: AtomicBool,
    heap: UnsafeCell<Dlmalloc>,
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
        Self { taken: AtomicBool::new(false), heap: UnsafeCell::new(Dlmalloc::new()) }
    }

    fn turn<T>(&self, act: impl FnOnce(&mut Dlmalloc) -> T) -> T {
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

//! The allocator of the library: memory is wiped before it is given back.
//!
//! What holds secrets wipes them itself, where it is ours. What other crates allocate for a store, a
//! handshake or a session, and where a growing buffer has been before, only the allocator sees.

use std::alloc::{GlobalAlloc, Layout, System};

/// The system's allocator, which gets nothing back but zeros.
struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: the system's allocator does the work; a block is written to only while it is still ours.
// `realloc` is the trait's own: a new block, a copy, and the old block given back through `dealloc`.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: passed on from the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: passed on from the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives back a block of this layout, which nobody uses any more.
        unsafe {
            block.write_bytes(0, layout.size());
            keep_writes(block);
            System.dealloc(block, layout);
        }
    }
}

/// Lets no compiler leave out the writes to memory that is freed next.
#[inline(always)]
fn keep_writes(block: *mut u8) {
    #[cfg(not(miri))]
    // SAFETY: no instruction at all. The compiler has to take it for one that reads the block.
    unsafe {
        std::arch::asm!("/* {} */", in(reg) block, options(nostack, preserves_flags, readonly));
    }
    #[cfg(miri)]
    std::hint::black_box(block);
}

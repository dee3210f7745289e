//! The C heap of this process, seen from below: what this thread holds, and what was in the blocks
//! that it has given back. Rust's allocator and AWS-LC's both end here.
//!
//! glibc lets a program bring its own `malloc`; these count and look, and leave the work to glibc's.

// Each test program uses a part of it.
#![allow(dead_code)]

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};

extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_memalign(align: usize, size: usize) -> *mut c_void;
    fn __libc_free(block: *mut c_void);
    fn malloc_usable_size(block: *mut c_void) -> usize;
}

const ENOMEM: i32 = 12;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Room for what is found in freed blocks; pages that nobody writes to cost nothing.
const ROOM: usize = 256 * 1024 * 1024;
static FREED: Room = Room(std::cell::UnsafeCell::new([0; ROOM]));
static FILLED: AtomicUsize = AtomicUsize::new(0);

struct Room(std::cell::UnsafeCell<[u8; ROOM]>);

// SAFETY: each writer has a part of its own, and readers look at parts that have been written.
unsafe impl Sync for Room {}

fn count(block: *mut c_void, sign: isize) -> *mut c_void {
    if !block.is_null() {
        // SAFETY: a live block of glibc's.
        let size = unsafe { malloc_usable_size(block) } as isize;
        // A thread that ends has no counter any more, and nothing to count.
        let _ = HELD.try_with(|held| held.set(held.get() + sign * size));
    }
    block
}

#[no_mangle]
unsafe extern "C" fn malloc(size: usize) -> *mut c_void {
    // SAFETY: passed on from the caller.
    count(unsafe { __libc_malloc(size) }, 1)
}

#[no_mangle]
unsafe extern "C" fn calloc(many: usize, size: usize) -> *mut c_void {
    // SAFETY: passed on from the caller.
    count(unsafe { __libc_calloc(many, size) }, 1)
}

#[no_mangle]
unsafe extern "C" fn aligned_alloc(align: usize, size: usize) -> *mut c_void {
    // SAFETY: passed on from the caller.
    count(unsafe { __libc_memalign(align, size) }, 1)
}

#[no_mangle]
unsafe extern "C" fn posix_memalign(to: *mut *mut c_void, align: usize, size: usize) -> i32 {
    // SAFETY: passed on from the caller.
    let block = unsafe { aligned_alloc(align, size) };
    if block.is_null() {
        return ENOMEM;
    }
    // SAFETY: the caller's promise.
    unsafe { to.write(block) };
    0
}

#[no_mangle]
unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    // SAFETY: the caller's promises; glibc's own might give the old block back unseen.
    unsafe {
        let new = malloc(size);
        if !new.is_null() && !block.is_null() {
            let length = malloc_usable_size(block).min(size);
            new.cast::<u8>()
                .copy_from_nonoverlapping(block.cast(), length);
            free(block);
        }
        new
    }
}

#[no_mangle]
unsafe extern "C" fn free(block: *mut c_void) {
    count(block, -1);
    if !block.is_null() && WATCHED.try_with(Cell::get).unwrap_or(false) {
        // SAFETY: the block is live until it is given back below.
        unsafe { keep(block) };
    }
    // SAFETY: passed on from the caller.
    unsafe { __libc_free(block) };
}

unsafe fn keep(block: *mut c_void) {
    // SAFETY: a live block.
    let size = unsafe { malloc_usable_size(block) };
    let at = FILLED.fetch_add(size, Ordering::Relaxed);
    assert!(at + size <= ROOM, "more was freed than there is room for");
    // SAFETY: this part of the room is nobody else's.
    unsafe {
        FREED
            .0
            .get()
            .cast::<u8>()
            .add(at)
            .copy_from_nonoverlapping(block.cast(), size);
    }
}

/// Bytes that this thread has taken from the heap and not given back.
pub fn held() -> isize {
    HELD.get()
}

/// Runs `work` and tells what was in the blocks that this thread gave back meanwhile, one behind
/// the other. One test at a time.
pub fn freed_during(work: impl FnOnce()) -> &'static [u8] {
    let from = FILLED.load(Ordering::Relaxed);
    WATCHED.set(true);
    work();
    WATCHED.set(false);
    let length = FILLED.load(Ordering::Relaxed) - from;
    // SAFETY: written to its end, and never again.
    unsafe { std::slice::from_raw_parts(FREED.0.get().cast::<u8>().add(from), length) }
}

/// A block that C has written to and given back without wiping it.
pub fn free_unwiped(content: &[u8]) {
    // SAFETY: a block of that size, freed once.
    unsafe {
        let block = malloc(content.len()).cast::<u8>();
        block.copy_from_nonoverlapping(content.as_ptr(), content.len());
        free(block.cast());
    }
}

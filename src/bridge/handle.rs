//! Addresses that Java owns.

use super::guard::Thrown;
use jni::sys::jlong;

/// Gives a value to Java, which owes one [`free`] for it.
pub(super) fn give<T>(value: T) -> jlong {
    Box::into_raw(Box::new(value)) as jlong
}

/// Borrows what [`give`] returned.
///
/// # Safety
/// `address` is 0 or comes from [`give`] with the same `T`, and is not freed before the borrow
/// ends: `NativeHandle` on the Java side holds a guard for the length of each call.
pub(super) unsafe fn borrow<'a, T>(address: jlong) -> Result<&'a T, Thrown> {
    let pointer = address as *const T;
    if pointer.is_null() {
        return Err(Thrown::State("the native object is closed"));
    }
    // SAFETY: not null, and by the caller's promise alive and of this type.
    Ok(unsafe { &*pointer })
}

/// Takes back what [`give`] returned.
///
/// # Safety
/// As [`borrow`], and no borrow is alive: Java's owner releases exactly once, after all calls.
pub(super) unsafe fn free<T>(address: jlong) {
    let pointer = address as *mut T;
    if !pointer.is_null() {
        // SAFETY: not null, from `Box::into_raw`, and by the caller's promise not used again.
        drop(unsafe { Box::from_raw(pointer) });
    }
}

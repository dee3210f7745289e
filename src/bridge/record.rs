//! `EngineNatives.wrap` and `unwrap`, one crossing per record, and `wrapBatch` and `unwrapBatch`, one
//! for several.
//!
//! Raw JNI, because this is the path of every byte: direct buffers are used where they lie, arrays
//! through critical access. The connection's turn is taken first: during the handshake that may
//! mean to wait for a task, which may need the garbage collector, which waits for critical access to
//! end.

use super::engine::{self, Native};
use super::guard::{self, Throw, Thrown};
use crate::engine::connection::Turn;
use crate::engine::outcome::Outcome;
use jni::sys::{jbyteArray, jclass, jfieldID, jint, jlong, jobject, JNIEnv};
use jni::EnvUnowned;
use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::OnceLock;

/// The longest record, RFC 5246 §6.2.3: of a source no more is looked at.
const LONGEST_RECORD: usize = 5 + (1 << 14) + 2048;

/// What a native does with a turn, a source and a destination. A type of its own for each, so that
/// it is compiled into its native: by pointers, calls took a twentieth of a small record's time.
trait Operation: Fn(Turn<'_>, &[u8], &mut [u8]) -> Outcome {}

impl<F: Fn(Turn<'_>, &[u8], &mut [u8]) -> Outcome> Operation for F {}

/// A native that runs an [`Operation`] on two ranges; all of them have the same signature in Java.
macro_rules! record_native {
    ($name:ident, $operation:expr) => {
        #[no_mangle]
        #[allow(clippy::too_many_arguments)] // the signature is Java's
        unsafe extern "system" fn $name(
            env: *mut JNIEnv,
            _class: jclass,
            engine: jlong,
            source_buffer: jobject,
            source_array: jbyteArray,
            source_offset: jint,
            source_length: jint,
            destination_buffer: jobject,
            destination_array: jbyteArray,
            destination_offset: jint,
            destination_length: jint,
        ) -> jlong {
            let source = Range {
                buffer: source_buffer,
                array: source_array,
                offset: source_offset,
                length: source_length,
            };
            let destination = Range {
                buffer: destination_buffer,
                array: destination_array,
                offset: destination_offset,
                length: destination_length,
            };
            // SAFETY: `env` and the references are the JVM's, valid for this call.
            unsafe { run(env, engine, source, destination, $operation) }
        }
    };
}

record_native!(
    Java_io_rustlsjvm_jsse_EngineNatives_wrap,
    |turn: Turn<'_>, from: &[u8], to: &mut [u8]| turn.wrap(from, to)
);
record_native!(
    Java_io_rustlsjvm_jsse_EngineNatives_unwrap,
    |turn: Turn<'_>, from: &[u8], to: &mut [u8]| turn.unwrap(from, to)
);
record_native!(
    Java_io_rustlsjvm_jsse_EngineNatives_wrapBatch,
    |turn: Turn<'_>, from: &[u8], to: &mut [u8]| turn.wrap_batch(from, to)
);
record_native!(
    Java_io_rustlsjvm_jsse_EngineNatives_unwrapBatch,
    |turn: Turn<'_>, from: &[u8], to: &mut [u8]| turn.unwrap_batch(from, to)
);

/// A part of a direct buffer or of an array, as Java names it. That it lies within, Java has
/// checked: asking for capacities again would take a twentieth of a small record's time.
#[derive(Clone, Copy)]
struct Range {
    buffer: jobject,
    array: jbyteArray,
    offset: jint,
    length: jint,
}

/// Runs `operation` on the bytes that Java named; whatever fails becomes an exception.
///
/// # Safety
/// `env` and all references are valid for this call, `engine` is alive during it, buffers are
/// direct ones, and ranges lie within what they are of.
#[inline(always)]
unsafe fn run(
    env: *mut JNIEnv,
    engine: jlong,
    source: Range,
    destination: Range,
    operation: impl Operation,
) -> jlong {
    // A panic must not unwind into the JVM, and kills this connection only.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: passed on from the caller.
        let native = unsafe { engine::borrow(engine) }?;
        // SAFETY: passed on from the caller.
        unsafe { pinned(env, native, source, destination, operation) }
    }));
    match outcome {
        Ok(Ok(outcome)) => outcome.pack(),
        Ok(Err(thrown)) => {
            // SAFETY: the JVM gave this environment to the call that is under way.
            unsafe { EnvUnowned::from_raw(env) }
                .with_env(|_| -> Result<jlong, Thrown> { Err(thrown) })
                .resolve::<Throw>()
        }
        Err(payload) => {
            // SAFETY: as in `run`; the engine was alive when the panic came.
            if let Ok(native) = unsafe { engine::borrow(engine) } {
                native.connection.abandon();
            }
            let message = guard::panic_message(payload.as_ref());
            // SAFETY: the JVM gave this environment to the call that is under way.
            unsafe { EnvUnowned::from_raw(env) }
                .with_env(|env| -> Result<jlong, Thrown> {
                    guard::raise_internal(env, &message)?;
                    Ok(0)
                })
                .resolve::<Throw>()
        }
    }
}

/// Calls a function of the JNI table.
macro_rules! jni_raw {
    ($env:expr, $version:tt, $name:ident $(, $argument:expr)*) => {{
        let table = *$env;
        ((*table).$version.$name)($env $(, $argument)*)
    }};
}

/// # Safety
/// As [`run`].
#[inline(always)]
unsafe fn pinned(
    env: *mut JNIEnv,
    native: &Native,
    source: Range,
    destination: Range,
    operation: impl Operation,
) -> Result<Outcome, Thrown> {
    // Addresses first: between the two critical accesses no other JNI call is allowed.
    // SAFETY: passed on from the caller.
    let from = unsafe { locate(env, source) }?;
    // SAFETY: passed on from the caller.
    let to = unsafe { locate(env, destination) }?;
    let turn = native.connection.turn();
    // SAFETY: passed on from the caller; both are let go at the end, in reverse order.
    let source = unsafe { Held::new(env, source, from, jni::sys::JNI_ABORT) }?;
    // SAFETY: as above.
    let destination = unsafe { Held::new(env, destination, to, 0) }?;
    // SAFETY: both ranges lie within memory that Java keeps alive and in place meanwhile: direct
    // buffers are reachable through the call's arguments, arrays are held. The caller promises that
    // the ranges lie within. Overlap is dealt with inside.
    Ok(unsafe {
        on_memory(
            turn,
            (source.base.add(from.offset), from.length),
            (destination.base.add(to.offset), to.length),
            operation,
        )
    })
}

/// Where a range lies.
#[derive(Clone, Copy)]
struct Place {
    address: *mut u8,
    offset: usize,
    length: usize,
}

/// `java.nio.Buffer.address`.
#[derive(Clone, Copy)]
struct AddressField(jfieldID);

// SAFETY: the JVM's names for fields hold on every thread, for as long as the class is loaded; it
// is one of those that never go.
unsafe impl Send for AddressField {}
// SAFETY: as above.
unsafe impl Sync for AddressField {}

/// `None` where the JVM has no such field.
static ADDRESS: OnceLock<Option<AddressField>> = OnceLock::new();

/// The address of a direct buffer.
///
/// `GetDirectBufferAddress` enters the JVM's own state and looks up the buffer's class, each time;
/// that takes as long as a small record's cipher. Reading a field does neither.
///
/// # Safety
/// As [`run`], and `buffer` is a direct buffer.
unsafe fn address(env: *mut JNIEnv, buffer: jobject) -> *mut u8 {
    // SAFETY: `env` is the caller's.
    match ADDRESS.get_or_init(|| unsafe { address_field(env) }) {
        Some(AddressField(field)) => {
            // SAFETY: the field is a `long` of the buffer's class.
            unsafe { jni_raw!(env, v1_1, GetLongField, buffer, *field) as *mut u8 }
        }
        None => {
            // SAFETY: `buffer` is a live reference to a buffer.
            unsafe { jni_raw!(env, v1_4, GetDirectBufferAddress, buffer).cast() }
        }
    }
}

/// Finds the field, which has been there since buffers were; no exception is left pending.
///
/// # Safety
/// `env` is the JVM's, valid for this call.
unsafe fn address_field(env: *mut JNIEnv) -> Option<AddressField> {
    // SAFETY: `env` is valid, and so is the name.
    let class = unsafe { jni_raw!(env, v1_1, FindClass, c"java/nio/Buffer".as_ptr()) };
    let field = match class.is_null() {
        true => ptr::null_mut(),
        // SAFETY: `class` is a live reference to a class, and the names are valid.
        false => unsafe {
            jni_raw!(
                env,
                v1_1,
                GetFieldID,
                class,
                c"address".as_ptr(),
                c"J".as_ptr()
            )
        },
    };
    // SAFETY: `env` is valid; a failed search left an exception that nobody waits for.
    unsafe { jni_raw!(env, v1_1, ExceptionClear) };
    (!field.is_null()).then_some(AddressField(field))
}

/// Finds where a range lies.
///
/// # Safety
/// As [`run`], and the range's buffer, if it has one, is a direct one.
#[inline]
unsafe fn locate(env: *mut JNIEnv, range: Range) -> Result<Place, Thrown> {
    let negative = |_| Thrown::Argument("a negative offset or length".into());
    let offset = usize::try_from(range.offset).map_err(negative)?;
    let length = usize::try_from(range.length).map_err(negative)?;
    let address = if !range.buffer.is_null() {
        // SAFETY: `buffer` is a live reference to a buffer, which Java has found to be direct.
        unsafe { address(env, range.buffer) }
    } else if !range.array.is_null() {
        ptr::null_mut()
    } else {
        return Err(Thrown::Argument("neither a buffer nor an array".into()));
    };
    if !range.buffer.is_null() && address.is_null() && length > 0 {
        return Err(Thrown::Argument("a buffer without an address".into()));
    }
    Ok(Place {
        address,
        offset,
        length,
    })
}

/// A buffer, or an array that stays in place until this is dropped; also by a panic: the garbage
/// collector would wait for ever.
struct Held {
    env: *mut JNIEnv,
    /// Null for what need not be held.
    array: jbyteArray,
    /// Where the buffer or array starts.
    base: *mut u8,
    /// What happens to what was written.
    mode: jint,
}

impl Held {
    /// # Safety
    /// As [`run`]; while an array is held no other JNI call is made but for this one and its end.
    unsafe fn new(
        env: *mut JNIEnv,
        range: Range,
        place: Place,
        mode: jint,
    ) -> Result<Self, Thrown> {
        let (array, base) = if place.length == 0 {
            // An empty range needs no memory, but a pointer that is not null.
            let start = ptr::NonNull::<u8>::dangling().as_ptr();
            (ptr::null_mut(), start.wrapping_sub(place.offset))
        } else if !range.buffer.is_null() {
            (ptr::null_mut(), place.address)
        } else {
            // SAFETY: `array` is a live reference to a byte array.
            let base = unsafe {
                jni_raw!(
                    env,
                    v1_2,
                    GetPrimitiveArrayCritical,
                    range.array,
                    ptr::null_mut()
                )
            };
            if base.is_null() {
                return Err(Thrown::State("an array could not be accessed"));
            }
            (range.array, base.cast())
        };
        Ok(Self {
            env,
            array,
            base,
            mode,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.array.is_null() {
            return;
        }
        // SAFETY: `base` is what the JVM gave for this array, in the call that is under way.
        unsafe {
            jni_raw!(
                self.env,
                v1_2,
                ReleasePrimitiveArrayCritical,
                self.array,
                self.base.cast::<c_void>(),
                self.mode
            );
        }
    }
}

/// Runs `operation` on raw memory.
///
/// # Safety
/// Both ranges are readable, the destination writable, for the whole call. Other Java threads may
/// write there at the same time; that garbles the record, as it would with any engine.
#[inline(always)]
unsafe fn on_memory(
    turn: Turn<'_>,
    (source, source_length): (*mut u8, usize),
    (destination, destination_length): (*mut u8, usize),
    operation: impl Operation,
) -> Outcome {
    let source_start = source as usize;
    let destination_start = destination as usize;
    let apart = source_start + source_length <= destination_start
        || destination_start + destination_length <= source_start
        || source_length == 0
        || destination_length == 0;
    if apart {
        // SAFETY: by the caller's promise, and the two do not overlap.
        let source = unsafe { std::slice::from_raw_parts(source, source_length) };
        // SAFETY: as above.
        let destination =
            unsafe { std::slice::from_raw_parts_mut(destination, destination_length) };
        operation(turn, source, destination)
    } else {
        // SAFETY: by the caller's promise; copied, because Rust's slices must not overlap.
        let copy = unsafe {
            std::slice::from_raw_parts(source, source_length.min(LONGEST_RECORD)).to_vec()
        };
        // SAFETY: by the caller's promise.
        let destination =
            unsafe { std::slice::from_raw_parts_mut(destination, destination_length) };
        operation(turn, &copy, destination)
    }
}

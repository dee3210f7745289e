//! `EngineNatives.wrapBatch` and `unwrapBatch`: several records in one crossing.

use super::record::{run, Range};
use jni::sys::{jbyteArray, jclass, jint, jlong, jobject, JNIEnv};

#[no_mangle]
#[allow(clippy::too_many_arguments)] // the signature is Java's
unsafe extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_wrapBatch(
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
    let source = Range::new(source_buffer, source_array, source_offset, source_length);
    let destination = Range::new(
        destination_buffer,
        destination_array,
        destination_offset,
        destination_length,
    );
    // SAFETY: `env` and the references are the JVM's, valid for this call.
    unsafe {
        run(
            env,
            engine,
            source,
            destination,
            |turn, source, destination| turn.wrap_batch(source, destination),
        )
    }
}

#[no_mangle]
#[allow(clippy::too_many_arguments)] // the signature is Java's
unsafe extern "system" fn Java_io_rustlsjvm_jsse_EngineNatives_unwrapBatch(
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
    let source = Range::new(source_buffer, source_array, source_offset, source_length);
    let destination = Range::new(
        destination_buffer,
        destination_array,
        destination_offset,
        destination_length,
    );
    // SAFETY: `env` and the references are the JVM's, valid for this call.
    unsafe {
        run(
            env,
            engine,
            source,
            destination,
            |turn, source, destination| turn.unwrap_batch(source, destination),
        )
    }
}

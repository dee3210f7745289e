//! Java arrays and strings to Rust and back; slow path only.

use super::guard::Thrown;
use jni::objects::{JByteArray, JIntArray, JObjectArray, JString};
use jni::Env;
use rustls::SignatureScheme;
use zeroize::Zeroizing;

/// A Java array of byte arrays.
pub(super) type ByteArrays<'local> = JObjectArray<'local, JByteArray<'local>>;

/// A Java array of strings.
pub(super) type Strings<'local> = JObjectArray<'local, JString<'local>>;

pub(super) fn string(env: &Env<'_>, value: &JString<'_>) -> Result<Option<String>, Thrown> {
    if value.is_null() {
        return Ok(None);
    }
    Ok(Some(value.try_to_string(env)?))
}

pub(super) fn required(env: &Env<'_>, value: &JString<'_>, what: &str) -> Result<String, Thrown> {
    string(env, value)?.ok_or_else(|| Thrown::Argument(format!("{what} is null")))
}

pub(super) fn strings(
    env: &mut Env<'_>,
    array: &JObjectArray<'_, JString<'_>>,
) -> Result<Vec<String>, Thrown> {
    if array.is_null() {
        return Ok(Vec::new());
    }
    let length = array.len(env)?;
    let mut values = Vec::with_capacity(length);
    for index in 0..length {
        let element = array.get_element(env, index)?;
        values.push(required(env, &element, "an element")?);
        env.delete_local_ref(element);
    }
    Ok(values)
}

/// A password, in a copy that is wiped.
pub(super) fn secret(
    env: &Env<'_>,
    array: &JByteArray<'_>,
) -> Result<Option<Zeroizing<Vec<u8>>>, Thrown> {
    if array.is_null() {
        return Ok(None);
    }
    Ok(Some(Zeroizing::new(env.convert_byte_array(array)?)))
}

pub(super) fn byte_arrays(
    env: &mut Env<'_>,
    array: &JObjectArray<'_, JByteArray<'_>>,
) -> Result<Vec<Vec<u8>>, Thrown> {
    if array.is_null() {
        return Ok(Vec::new());
    }
    let length = array.len(env)?;
    let mut values = Vec::with_capacity(length);
    for index in 0..length {
        let element = array.get_element(env, index)?;
        if element.is_null() {
            return Err(Thrown::Argument("an element is null".into()));
        }
        values.push(env.convert_byte_array(&element)?);
        env.delete_local_ref(element);
    }
    Ok(values)
}

pub(super) fn to_byte_arrays<'local, B: AsRef<[u8]>>(
    env: &mut Env<'local>,
    values: &[B],
) -> Result<ByteArrays<'local>, Thrown> {
    let array = ByteArrays::new(env, values.len(), JByteArray::null())?;
    for (index, value) in values.iter().enumerate() {
        let element = env.byte_array_from_slice(value.as_ref())?;
        array.set_element(env, index, &element)?;
        env.delete_local_ref(element);
    }
    Ok(array)
}

pub(super) fn to_strings<'local, S: AsRef<str>>(
    env: &mut Env<'local>,
    values: &[S],
) -> Result<Strings<'local>, Thrown> {
    let array = Strings::new(env, values.len(), JString::null())?;
    for (index, value) in values.iter().enumerate() {
        let element = env.new_string(value)?;
        array.set_element(env, index, &element)?;
        env.delete_local_ref(element);
    }
    Ok(array)
}

/// Code points; `None` for null.
pub(super) fn codes(env: &mut Env<'_>, array: &JIntArray<'_>) -> Result<Option<Vec<u16>>, Thrown> {
    if array.is_null() {
        return Ok(None);
    }
    let mut codes = vec![0; array.len(env)?];
    array.get_region(env, 0, &mut codes)?;
    let codes = codes
        .into_iter()
        .filter_map(|code| u16::try_from(code).ok());
    Ok(Some(codes.collect()))
}

/// The code points of these schemes.
pub(super) fn to_codes<'local>(
    env: &mut Env<'local>,
    schemes: &[SignatureScheme],
) -> Result<JIntArray<'local>, Thrown> {
    let codes: Vec<i32> = schemes.iter().map(|s| u16::from(*s).into()).collect();
    let java_codes = JIntArray::new(env, codes.len())?;
    java_codes.set_region(env, 0, &codes)?;
    Ok(java_codes)
}

/// The other way: each byte in a char of its own.
pub(super) fn application_protocol(name: &[u8]) -> String {
    name.iter().copied().map(char::from).collect()
}

/// ALPN names are bytes; Java keeps each in a char of its own (`SSLParameters`).
pub(super) fn application_protocol_bytes(name: &str) -> Result<Vec<u8>, Thrown> {
    let bytes: Option<Vec<u8>> = name.chars().map(|c| u8::try_from(c).ok()).collect();
    match bytes {
        Some(bytes) if (1..=255).contains(&bytes.len()) => Ok(bytes),
        _ => Err(Thrown::Argument(format!(
            "an application protocol must be 1 to 255 bytes: {name:?}"
        ))),
    }
}

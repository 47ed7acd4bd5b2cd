//! Values as lines of JSON, for what is kept beside the journal; what the values mean is their room's business.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;

/// One line for each value.
///
/// # Errors
/// A value that JSON has no form for.
pub fn write<T: Serialize>(values: &[T]) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for value in values {
        serde_json::to_writer(&mut bytes, value)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// The value of a line; `None` when it is torn, or is no such value.
#[must_use]
pub fn read<T: DeserializeOwned>(line: &[u8]) -> Option<T> {
    serde_json::from_slice(line).ok()
}

//! Text that need not be UTF-8, written to JSON without losing a byte, and cut when it is huge.
//! It does not judge or redact what the text says.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// How much of a request is kept, in bytes. Of what is longer the record holds the length and the
/// SHA-256 of the whole.
pub const KEPT: usize = 64 * 1024;

/// How much of any other text is kept, in bytes: twice PATH_MAX.
const CLIPPED: usize = 8 * 1024;

/// Bytes that are text most of the time: a plain JSON string when they are UTF-8, else an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Text {
    /// UTF-8: the text itself.
    Plain(String),
    /// Not UTF-8.
    Raw {
        /// For reading: what is not UTF-8 is replaced by U+FFFD.
        text: String,
        /// The exact bytes in standard base64 with padding.
        base64: String,
    },
}

/// What the whole of a text was that is not kept whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Whole {
    /// Its length in bytes. Of an argument vector: with one NUL after each argument.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal, over the same bytes.
    pub sha256: String,
}

impl Text {
    /// The text of these bytes, all of them.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Plain(text.to_owned()),
            Err(_) => Self::Raw {
                text: String::from_utf8_lossy(bytes).into_owned(),
                base64: to_base64(bytes),
            },
        }
    }

    /// The text of a path.
    #[must_use]
    pub fn path(path: &Path) -> Self {
        Self::os(path.as_os_str())
    }

    /// The text of an argument, of which a reasonable length is kept.
    #[must_use]
    pub fn os(text: &OsStr) -> Self {
        Self::of(head(text.as_bytes(), CLIPPED))
    }

    /// For reading: what is not UTF-8 is replaced by U+FFFD.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Raw { text, .. } => text,
        }
    }

    /// The exact bytes; `None` when the base64 of a foreign record is not base64.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Plain(text) => Some(text.as_bytes().to_vec()),
            Self::Raw { base64, .. } => from_base64(base64),
        }
    }
}

/// At most `limit` bytes from the front, not ending inside a UTF-8 character.
pub(super) fn head(bytes: &[u8], limit: usize) -> &[u8] {
    if bytes.len() <= limit {
        return bytes;
    }
    let starts = |at: &usize| bytes.get(*at).is_none_or(|b| b & 0b1100_0000 != 0b1000_0000);
    let at = (limit.saturating_sub(3)..=limit).rev().find(starts).unwrap_or(limit);
    bytes.get(..at).unwrap_or(bytes)
}

/// A sentence of reasonable length; `…` ends one that was cut.
pub fn clip(text: &str) -> String {
    if text.len() <= CLIPPED {
        return text.to_owned();
    }
    let mut kept = String::from_utf8_lossy(head(text.as_bytes(), CLIPPED)).into_owned();
    kept.push('…');
    kept
}

/// SHA-256 of the pieces one after another, in lower case hexadecimal.
pub fn sha256_hex<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update(piece);
    }
    to_hex(&hasher.finalize())
}

/// Lower case hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n & 15)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(*b)]).collect()
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let index = (word >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 2);
    for chunk in body.chunks(4) {
        let mut word = 0_u32;
        for letter in chunk {
            let value = ALPHABET.iter().position(|a| a == letter)?;
            word = word << 6 | u32::try_from(value).ok()?;
        }
        let [_, bytes @ ..] = (word << (6 * (4 - chunk.len()))).to_be_bytes();
        out.extend_from_slice(bytes.get(..chunk.len().checked_sub(1)?)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_byte_is_lost(bytes: Vec<u8>) {
            let json = serde_json::to_string(&Text::of(&bytes)).unwrap();
            let back: Text = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(back.to_bytes(), Some(bytes));
        }

        #[test]
        fn base64_that_is_none_is_no_panic(text: String) {
            let _ = from_base64(&text);
        }

        #[test]
        fn a_head_ends_between_characters(text: String, limit in 0_usize..40) {
            let kept = head(text.as_bytes(), limit);
            prop_assert!(kept.len() <= limit);
            prop_assert!(std::str::from_utf8(kept).is_ok());
        }
    }

    #[test]
    fn base64_is_the_standard_one() {
        assert_eq!(to_base64(b"\xff"), "/w==");
        assert_eq!(to_base64(b"\xff\xfe"), "//4=");
        assert_eq!(to_base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(sha256_hex([b"abc".as_slice()])[..8], *"ba7816bf");
    }
}

//! The bytes of a line and how one follows from the other: sealing, and checking a seal.
//! It knows nothing of events or files.
//!
//! A line is one JSON object without a newline inside. Its last three members are always, in this
//! order and without spaces:
//!
//! ```text
//! ,"seq":N,"prev":"<64 hex>","hash":"<64 hex>"}
//! ```
//!
//! `hash` is the SHA-256 of the line without its `hash` member: the last 75 bytes
//! (`,"hash":"…"}`) replaced by `}`. `prev` is the `hash` of the record before (64 zeros in the
//! first), so each hash stands for all lines up to it, and a writer finds what it needs in the last
//! 177 bytes of the file. `seq` counts from 1.

use super::text::sha256_hex;

/// What stands where a hash is due and there is no line before.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const HEX: usize = 64;
const HASH_KEY: &[u8] = b",\"hash\":\"";
const PREV_KEY: &[u8] = b",\"prev\":\"";
const SEQ_KEY: &[u8] = b",\"seq\":";

/// The longest end of a line that holds all three members, newline included.
pub(super) const MAX_TAIL: usize =
    HASH_KEY.len() + HEX + 2 + PREV_KEY.len() + HEX + 1 + SEQ_KEY.len() + 20 + 1;

/// The three members that chain a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number of the record, from 1.
    pub seq: u64,
    /// The hash of the record before.
    pub prev: String,
    /// The hash of this one.
    pub hash: String,
}

/// Why a line is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not end as a record ends.
    Shape,
    /// Its bytes are not those its hash was made of.
    Hash,
}

/// Appends the three members to `object`, an open JSON object (`{"v":1,…` without its closing
/// brace), and a newline. Returns the line and its hash.
pub(super) fn seal(mut object: Vec<u8>, seq: u64, prev: &str) -> (Vec<u8>, String) {
    object.extend_from_slice(format!(",\"seq\":{seq},\"prev\":\"{prev}\"").as_bytes());
    let hash = sha256_hex([&object[..], b"}"]);
    object.extend_from_slice(HASH_KEY);
    object.extend_from_slice(hash.as_bytes());
    object.extend_from_slice(b"\"}\n");
    (object, hash)
}

/// The chain members at the end of a line (without its newline); the bytes before are not looked at.
pub(super) fn link(line: &[u8]) -> Option<Link> {
    let rest = line.strip_suffix(b"\"}")?;
    let (rest, hash) = hex_suffix(rest)?;
    let rest = rest.strip_suffix(HASH_KEY)?.strip_suffix(b"\"")?;
    let (rest, prev) = hex_suffix(rest)?;
    let rest = rest.strip_suffix(PREV_KEY)?;
    let digits = rest.iter().rev().take_while(|b| b.is_ascii_digit()).take(21).count();
    let (rest, number) = rest.split_at_checked(rest.len().checked_sub(digits)?)?;
    rest.strip_suffix(SEQ_KEY)?;
    let seq = std::str::from_utf8(number).ok()?.parse().ok()?;
    Some(Link { seq, prev, hash })
}

/// Checks a line (without its newline) against its own hash.
///
/// # Errors
/// [`Fault`]: it is no record, or not the one that was written.
pub fn check(line: &[u8]) -> Result<Link, Fault> {
    let link = link(line).ok_or(Fault::Shape)?;
    let cut = line.len().checked_sub(HASH_KEY.len() + HEX + 2).ok_or(Fault::Shape)?;
    let object = line.get(..cut).ok_or(Fault::Shape)?;
    if sha256_hex([object, b"}"]) == link.hash { Ok(link) } else { Err(Fault::Hash) }
}

fn hex_suffix(bytes: &[u8]) -> Option<(&[u8], String)> {
    let (rest, hex) = bytes.split_at_checked(bytes.len().checked_sub(HEX)?)?;
    let is_hex = |b: &u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    hex.iter().all(is_hex).then_some(())?;
    Some((rest, String::from_utf8(hex.to_vec()).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sealed_line_checks_and_a_changed_one_does_not() {
        let (line, hash) = seal(b"{\"v\":1".to_vec(), u64::MAX, GENESIS);
        let line = line.strip_suffix(b"\n").unwrap();
        let link = check(line).unwrap();
        assert_eq!((link.seq, link.prev.as_str(), link.hash.as_str()), (u64::MAX, GENESIS, &*hash));
        assert_eq!(super::link(&line[line.len() + 1 - MAX_TAIL..]), Some(link));
        for at in 0..line.len() {
            let mut changed = line.to_vec();
            changed[at] ^= 1;
            assert!(check(&changed).is_err(), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_no_panic(bytes: Vec<u8>) {
            prop_assert!(check(&bytes).is_err());
        }
    }
}

//! Encodings in which commands hide: base64, base32, hexadecimal.

use super::text;

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(super) fn base64(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    coded(words, input, BASE64, 6)
}

pub(super) fn base32(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    coded(words, input, BASE32, 5)
}

/// `openssl base64 -d`, `openssl enc -base64 -d`.
pub(super) fn openssl(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let plain = words
        .iter()
        .all(|word| matches!(*word, b"base64" | b"enc" | b"-base64" | b"-a" | b"-d" | b"-A"));
    if !plain {
        return None;
    }
    let decodes = words.contains(&b"-d".as_slice());
    Some(if decodes { decode(input, BASE64, 6) } else { encode(input) })
}

fn coded(words: &[&[u8]], input: &[u8], alphabet: &[u8], bits: u32) -> Option<Vec<u8>> {
    let mut decodes = false;
    for word in words {
        match *word {
            b"-d" | b"-D" | b"--decode" | b"-di" | b"-id" => decodes = true,
            b"-i" | b"--ignore-garbage" | b"-w0" | b"--wrap=0" | b"-w" | b"0" | b"-" => {}
            _ => return None,
        }
    }
    match (decodes, bits) {
        (true, _) => Some(decode(input, alphabet, bits)),
        (false, 6) => Some(encode(input)),
        (false, _) => Some(encode32(input)),
    }
}

fn decode(input: &[u8], alphabet: &[u8], bits: u32) -> Vec<u8> {
    let (mut held, mut count, mut out) = (0_u32, 0_u32, Vec::new());
    for byte in input.iter().take_while(|c| **c != b'=') {
        let Some(value) = alphabet.iter().position(|c| c == byte) else { continue };
        held = (held << bits) | u32::try_from(value).unwrap_or(0);
        count += bits;
        if count >= 8 {
            count -= 8;
            out.push((held >> count).to_le_bytes()[0]);
        }
    }
    out
}

fn encode(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() * 2);
    for chunk in input.chunks(3) {
        let held = chunk.iter().fold(0_u32, |held, c| (held << 8) | u32::from(*c));
        let held = held << (8 * (3 - chunk.len()));
        for nth in 0..4 {
            let index = usize::try_from((held >> (18 - 6 * nth)) & 63).unwrap_or(0);
            let letter = alphabet_letter(index);
            out.push(if nth <= chunk.len() { letter } else { b'=' });
        }
    }
    out.push(b'\n');
    out
}

fn encode32(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() * 2);
    for chunk in input.chunks(5) {
        let held = chunk.iter().fold(0_u64, |held, c| (held << 8) | u64::from(*c));
        let held = held << (8 * (5 - chunk.len()));
        let letters = (chunk.len() * 8).div_ceil(5);
        for nth in 0..8 {
            let index = usize::try_from((held >> (35 - 5 * nth)) & 31).unwrap_or(0);
            let letter = BASE32.get(index).copied().filter(|_| nth < letters);
            out.push(letter.unwrap_or(b'='));
        }
    }
    out.push(b'\n');
    out
}

fn alphabet_letter(index: usize) -> u8 {
    BASE64.get(index).copied().unwrap_or(b'=')
}

/// `xxd -r -p`: hexadecimal digits to bytes; `xxd -p`: the other way.
pub(super) fn xxd(words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let flags: String = words.iter().filter_map(|word| text(word)).collect();
    let plain =
        words.iter().all(|word| matches!(*word, b"-r" | b"-p" | b"-rp" | b"-pr" | b"-ps" | b"-"));
    if !plain || !flags.contains('p') {
        return None;
    }
    if !flags.contains('r') {
        let lines = input.chunks(30).map(|line| {
            let digits: String = line.iter().map(|byte| format!("{byte:02x}")).collect();
            digits + "\n"
        });
        return Some(lines.collect::<String>().into_bytes());
    }
    let digits: Vec<u32> = input.iter().filter_map(|c| char::from(*c).to_digit(16)).collect();
    let byte = |pair: &[u32]| match pair {
        [high, low] => Some((high * 16 + low).to_le_bytes()[0]),
        _ => None,
    };
    Some(digits.chunks(2).filter_map(byte).collect())
}

#[cfg(test)]
mod tests {
    use super::{base32, base64, xxd};

    #[test]
    fn encodings_are_taken_off() {
        assert_eq!(base64(&[b"-d"], b"cm0gLXJmIH4=\n"), Some(b"rm -rf ~".to_vec()));
        assert_eq!(base64(&[], b"rm"), Some(b"cm0=\n".to_vec()));
        assert_eq!(base32(&[b"-d"], b"OJWQ===="), Some(b"rm".to_vec()));
        assert_eq!(xxd(&[b"-r", b"-p"], b"726d\n"), Some(b"rm".to_vec()));
        assert_eq!(xxd(&[b"-p"], b"rm"), Some(b"726d\n".to_vec()));
        assert_eq!(base32(&[], b"rm"), Some(b"OJWQ====\n".to_vec()));
        assert_eq!(base64(&[b"file"], b""), None);
    }
}

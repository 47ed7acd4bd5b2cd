//! What a text costs the parser, told from its bytes before it is parsed, and where that is too much.
//!
//! The parser takes a microsecond and more for each word, operator and substitution, and for some
//! forms the square of their number. A cheap count of the bytes that begin such things bounds it.
//! It knows no quotes: a text that merely holds many of them is cut as well, which leaves a gap.

/// What one text may weigh: some 20 ms of parsing, or 1,500 lines of dense code.
pub(super) const MOST: usize = 80_000;

/// Weights in quarters of a microsecond, as measured by `benches/hostile.rs`.
const WORD: usize = 2;
const QUOTE: usize = 1;
const DOLLAR: usize = 4;
const ASSIGNMENT: usize = 4;
const SEPARATOR: usize = 8;
const REDIRECTION: usize = 12;
const BRACKET: usize = 12;
const BACK_TICK: usize = 16;
const SUBSTITUTION: usize = 40;
/// The rest of a word is copied at every substitution in it: so many bytes for a unit of weight.
const COPIED: usize = 128;

/// The weight of a text.
pub(super) fn weight(text: &str) -> usize {
    spent(text, usize::MAX).1
}

/// The byte before which `most` is spent, if that is before the end.
pub(super) fn too_heavy(text: &str, most: usize) -> Option<usize> {
    let (at, weight) = spent(text, most);
    (weight > most).then_some(at)
}

/// How far `most` leads, and what was spent up to there.
fn spent(text: &str, most: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (mut spent, mut before) = (0_usize, b' ');
    for (at, byte) in bytes.iter().copied().enumerate() {
        let copied = (bytes.len() - at) / COPIED;
        spent += match byte {
            b' ' | b'\t' | b'\r' => 0,
            b'\n' | b';' | b'&' | b'|' => SEPARATOR,
            b'<' | b'>' => REDIRECTION,
            b'(' if matches!(before, b'$' | b'<' | b'>') => SUBSTITUTION + copied,
            b'{' if before == b'$' => BRACKET + copied,
            b'(' | b')' | b'{' | b'}' | b'[' => BRACKET,
            b'`' => BACK_TICK,
            b'$' => DOLLAR,
            b'=' => ASSIGNMENT,
            b'\'' | b'"' | b'\\' => QUOTE,
            _ if matches!(before, b' ' | b'\t' | b'\n') => WORD,
            _ => 0,
        };
        before = byte;
        if spent > most {
            return (at, spent);
        }
    }
    (bytes.len(), spent)
}

#[cfg(test)]
mod tests {
    use super::{MOST, too_heavy, weight};

    #[test]
    fn programs_written_by_hand_are_light() {
        let line = "for f in \"$dir\"/*.c; do cc -O2 -c \"$f\" -o \"$(basename \"$f\" .c).o\" || exit 1; done\n";
        assert!(weight(&line.repeat(100)) < MOST, "{}", weight(&line.repeat(100)));
        assert_eq!(too_heavy(&"a".repeat(128 << 10), MOST), None);
    }

    #[test]
    fn what_is_cut_stays_below_the_bound() {
        for unit in ["$(a)", ";", "`", "a=b;", "(a)|", "a ", "\n"] {
            let text = unit.repeat((128 << 10) / unit.len());
            if let Some(at) = too_heavy(&text, MOST) {
                assert!(weight(&text[..at]) <= MOST, "{unit}");
            }
        }
        assert!(too_heavy(&"$(a)".repeat(2000), MOST).is_some());
    }
}

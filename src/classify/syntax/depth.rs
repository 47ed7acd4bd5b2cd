//! Where a text opens more than anybody closes: the parser's time grows with the square of such a depth.
//!
//! Counts brackets without knowing quotes: text that merely holds many of them is cut as well, which
//! leaves a gap, and a gap is never weaker than what was cut.

/// So many brackets may be open at once; programs written by hand stay below 30.
const MOST_OPEN: usize = 400;

/// The byte at which too many are open, if there is one.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' => open += 1,
            b')' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MOST_OPEN {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{MOST_OPEN, too_deep};

    #[test]
    fn only_what_stays_open_counts() {
        assert_eq!(too_deep(&"${x:-}$(y)".repeat(5000)), None);
        assert_eq!(too_deep(&"$(".repeat(5000)), Some(2 * MOST_OPEN + 1));
    }
}

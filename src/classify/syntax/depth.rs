//! Where a text opens more than anybody closes: the parser's time grows with the square of such a depth, or its stack.
//!
//! Counts brackets without knowing quotes: text that merely holds many of them is cut as well, which
//! leaves a gap, and a gap is never weaker than what was cut.

/// So many brackets may be open at once; programs written by hand stay below 30.
const MOST_OPEN: usize = 400;

/// So often `time` or `coproc` may stand before one command: the parser calls itself for each and
/// counts none, until the stack is at its end.
const MOST_IN_A_ROW: usize = 8;

/// The byte at which too many are open, if there is one.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let (mut in_a_row, mut word) = (0_usize, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' => open += 1,
            b')' | b'}' => open = open.saturating_sub(1),
            b' ' | b'\t' | b'\n' => {
                in_a_row = match text.get(word..at).unwrap_or_default() {
                    "time" | "coproc" => in_a_row + 1,
                    // Neither a blank nor these end such a row.
                    "" | "\\" | "!" | "-p" | "--" => in_a_row,
                    _ => 0,
                };
                word = at + 1;
            }
            _ => {}
        }
        if open > MOST_OPEN || in_a_row > MOST_IN_A_ROW {
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
        assert_eq!(too_deep(&"time ls\n".repeat(5000)), None);
        for row in ["time ", "coproc ", "time \\\n", "time ! -p -- coproc  "] {
            assert!(too_deep(&row.repeat(5000)).is_some(), "{row}");
        }
    }
}

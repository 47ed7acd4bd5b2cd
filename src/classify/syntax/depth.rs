//! Where a text opens more than anybody closes: the parser's time grows with the square of such a depth, or its stack.
//!
//! Counts brackets without knowing quotes: text that merely holds many of them is cut as well, which
//! leaves a gap, and a gap is never weaker than what was cut.

/// So many brackets may be open at once; programs written by hand stay below 30.
const MOST_OPEN: usize = 400;

/// So often `time` or `coproc` may stand before one command: the parser calls itself for each and
/// counts none, until the stack is at its end.
const MOST_IN_A_ROW: usize = 8;

/// So many expansions may be open, or seem to be closed between quotes only: where the parser finds
/// no end, it looks again from each that follows, and so nearly doubles its time with every one.
/// The shorter a text, the more it can bear.
fn most_doubtful(length: usize) -> usize {
    24_usize.saturating_sub(length.max(1).ilog2() as usize).clamp(8, 16)
}

/// The byte at which too many are open, if there is one.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let (mut open, mut in_a_row, mut word) = (0_usize, 0_usize, 0);
    let (mut expansions, most_doubtful) = (Expansions::default(), most_doubtful(text.len()));
    let mut before = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'{' => {
                open += 1;
                expansions.open(byte, before);
            }
            b')' | b'}' => {
                open = open.saturating_sub(1);
                expansions.close(byte);
            }
            b'\'' | b'"' | b'`' => expansions.quote(byte),
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
        before = byte;
        let doubtful = expansions.doubtful > most_doubtful;
        if open > MOST_OPEN || in_a_row > MOST_IN_A_ROW || doubtful {
            return Some(at);
        }
    }
    None
}

/// Expansions that are not closed as far as can be told without knowing quotes.
#[derive(Default)]
struct Expansions {
    /// What is open: what closes it, whether it is an expansion, and which quotes came before it.
    stack: Vec<(u8, bool, [bool; 3])>,
    /// Whether an odd number of each kind of quote came so far.
    odd: [bool; 3],
    doubtful: usize,
}

impl Expansions {
    fn open(&mut self, byte: u8, before: u8) {
        // Patterns such as `@(a|b)` and the second of `((` make it look again as well.
        // Patterns such as `@(a|b)` and the second of `((` make the parser look again as well.
        let expands = before == b'$' || (byte == b'(' && b"<>@!?*+(".contains(&before));
        // Braces of groups and words close nothing else.
        if expands || byte == b'(' {
            let close = if byte == b'(' { b')' } else { b'}' };
            self.stack.push((close, expands, self.odd));
            self.doubtful += usize::from(expands);
        }
    }

    fn close(&mut self, byte: u8) {
        let Some((_, expands, odd)) = self.stack.pop_if(|(close, ..)| *close == byte) else {
            return;
        };
        // Quotes in pairs between the two leave no doubt.
        if expands && odd == self.odd {
            self.doubtful -= 1;
        }
    }

    fn quote(&mut self, byte: u8) {
        let kind = match byte {
            b'\'' => 0,
            b'"' => 1,
            _ => 2,
        };
        self.odd[kind] = !self.odd[kind];
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_OPEN, too_deep};

    #[test]
    fn only_what_stays_open_counts() {
        assert_eq!(too_deep(&"${x:-}$(y)".repeat(5000)), None);
        assert_eq!(too_deep(&"( ".repeat(5000)), Some(2 * MOST_OPEN));
        assert_eq!(too_deep(&"$(a 'b' \"$((1 + 2))\")".repeat(500)), None);
        for doubtful in
            ["$(", "${x:-", "x=${y:-$(", "$('", "<(a \")\"", "x == @(", "${x//*(", "((1+"]
        {
            assert!(too_deep(&doubtful.repeat(20)).is_some(), "{doubtful}");
        }
        assert_eq!(too_deep(&"time ls\n".repeat(5000)), None);
        for row in ["time ", "coproc ", "time \\\n", "time ! -p -- coproc  "] {
            assert!(too_deep(&row.repeat(5000)).is_some(), "{row}");
        }
    }
}

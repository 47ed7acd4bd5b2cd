//! `${x@P}`: a value expanded as a prompt would be, code in it run.
//!
//! Escapes for the time, the host and the like are not known, so neither is what holds one.

use crate::classify::shell::Shell;
use crate::classify::shell::state::State;
use crate::classify::syntax::{Origin, parse};
use crate::classify::value::{Known, Value};

impl Shell<'_> {
    /// The value as a prompt.
    pub(super) fn as_prompt(&mut self, value: Value, state: &mut State) -> Value {
        let decoded = value.as_const().map(unescaped);
        let known = match decoded {
            Some(Some(bytes)) if !bytes.iter().any(|c| b"$`".contains(c)) => Known::Const(bytes),
            Some(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes).replace('"', "\\\"");
                let script = parse(&format!("printf %s \"{text}\""), Origin::Within(value.span));
                self.script(&script, &mut state.clone()).into_word(value.span).known
            }
            Some(None) | None => Known::Unknown,
        };
        Value { known, ..value }
    }
}

/// The bytes with the escapes undone that mean the same everywhere.
fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            out.push(first);
            continue;
        }
        let digits = rest.iter().take(3).take_while(|c| (b'0'..=b'7').contains(*c)).count();
        if digits > 0 {
            let (octal, after) = rest.split_at_checked(digits)?;
            let number = octal.iter().fold(0_u32, |n, c| n * 8 + u32::from(c - b'0'));
            out.push(number.to_le_bytes()[0]);
            rest = after;
            continue;
        }
        let (&letter, after) = rest.split_first()?;
        rest = after;
        match letter {
            b'\\' => out.push(b'\\'),
            b'n' => out.push(b'\n'),
            b'e' => out.push(27),
            b'a' => out.push(7),
            b'[' | b']' => {}
            _ => return None,
        }
    }
    Some(out)
}

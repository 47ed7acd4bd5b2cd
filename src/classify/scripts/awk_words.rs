//! The words of an AWK program: strings, patterns, names, numbers and marks. No grammar.

/// A word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// A string, its escapes resolved.
    Str(String),
    /// A name or keyword.
    Name(String),
    /// A number.
    Number,
    /// A pattern between slashes.
    Pattern,
    /// An operator or bracket.
    Mark(&'static str),
    /// The end of a statement: a line or `;`.
    End,
    /// A character that AWK does not know.
    Strange,
}

/// Longest first.
const MARKS: &[&str] = &[
    "**=", "|&", "||", "&&", "==", "!=", "<=", ">=", ">>", "++", "--", "+=", "-=", "*=", "/=",
    "%=", "^=", "**", "!~", "{", "}", "(", ")", "[", "]", ",", "|", "<", ">", "=", "+", "-", "*",
    "/", "%", "^", "!", "~", "?", ":", "$", "@",
];

/// The words of a program; `None` where a string or pattern does not end.
pub(super) fn words(program: &str) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    let mut rest = program;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..)?;
        match c {
            '\\' if after.starts_with('\n') => rest = after.get(1..)?,
            '\n' | ';' => {
                out.push(Word::End);
                rest = after;
            }
            c if c.is_whitespace() => rest = after,
            '#' => rest = after.find('\n').and_then(|at| after.get(at..)).unwrap_or(""),
            '"' => {
                let (text, after) = string(after)?;
                out.push(Word::Str(text));
                rest = after;
            }
            '/' if !divides(out.last()) => {
                rest = pattern(after)?;
                out.push(Word::Pattern);
            }
            c if c.is_ascii_digit()
                || (c == '.' && after.starts_with(|d: char| d.is_ascii_digit())) =>
            {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
                    .unwrap_or(rest.len());
                out.push(Word::Number);
                rest = rest.get(end..)?;
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                out.push(Word::Name(rest.get(..end)?.to_owned()));
                rest = rest.get(end..)?;
            }
            _ => match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
                Some(mark) => {
                    out.push(Word::Mark(mark));
                    rest = rest.get(mark.len()..)?;
                }
                None => {
                    out.push(Word::Strange);
                    rest = after;
                }
            },
        }
    }
    Some(out)
}

/// Whether a slash behind this word divides rather than opens a pattern.
fn divides(before: Option<&Word>) -> bool {
    match before {
        Some(Word::Name(name)) => {
            !matches!(name.as_str(), "print" | "printf" | "return" | "case" | "in" | "getline")
        }
        Some(Word::Str(_) | Word::Number) => true,
        Some(Word::Mark(mark)) => matches!(*mark, ")" | "]" | "++" | "--" | "$"),
        _ => false,
    }
}

fn string(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\n' => return None,
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'r' => out.push('\r'),
                'x' => out.push(by_number(&mut chars, 16, 2)?),
                digit @ '0'..='7' => {
                    let mut code = digit.to_digit(8)?;
                    for _ in 0..2 {
                        let Some(next) = chars.clone().next().and_then(|(_, c)| c.to_digit(8))
                        else {
                            break;
                        };
                        code = code * 8 + next;
                        chars.next();
                    }
                    out.push(char::from_u32(code)?);
                }
                '\n' => {}
                c @ ('"' | '\\' | '/') => out.push(c),
                c => {
                    out.push('\\');
                    out.push(c);
                }
            },
            c => out.push(c),
        }
    }
    None
}

fn by_number(chars: &mut std::str::CharIndices<'_>, base: u32, most: usize) -> Option<char> {
    let mut code = 0;
    for _ in 0..most {
        let Some(next) = chars.clone().next().and_then(|(_, c)| c.to_digit(base)) else { break };
        code = code * base + next;
        chars.next();
    }
    char::from_u32(code)
}

/// What follows a pattern.
fn pattern(text: &str) -> Option<&str> {
    let mut escaped = false;
    let mut bracket = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' => return None,
            '[' => bracket = true,
            ']' => bracket = false,
            '/' if !bracket => return text.get(at + 1..),
            _ => {}
        }
    }
    None
}

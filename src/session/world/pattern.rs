//! One component of a shell pattern against one name, as bash matches them in a UTF-8 locale.
//! It reads no directory. Extended patterns (`@(a|b)`) are plain characters here.

/// A character; a byte that is no part of one stands above all of them.
type Symbol = u32;

const STRAY: Symbol = 0x11_0000;

/// A component of a pattern, ready to match.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    tokens: Vec<Token>,
    /// The fewest characters a match can have.
    least: usize,
}

#[derive(Debug, Clone)]
enum Token {
    Is(Symbol),
    Any,
    Star,
    Set { inverted: bool, items: Vec<Item> },
}

#[derive(Debug, Clone, Copy)]
enum Item {
    Range(Symbol, Symbol),
    Class(fn(char) -> bool),
}

impl Pattern {
    /// Reads a component. A backslash takes the next character as it is; `[` without its `]` is
    /// itself.
    pub(super) fn read(text: &[u8]) -> Self {
        let symbols = symbols(text);
        let mut tokens = Vec::new();
        let mut rest = symbols.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            rest = tail;
            match char::from_u32(*first) {
                Some('*') => {
                    if !matches!(tokens.last(), Some(Token::Star)) {
                        tokens.push(Token::Star);
                    }
                }
                Some('?') => tokens.push(Token::Any),
                Some('[') => match set(tail) {
                    Some((token, after)) => {
                        tokens.push(token);
                        rest = after;
                    }
                    None => tokens.push(Token::Is(*first)),
                },
                Some('\\') => {
                    let (escaped, after) = tail.split_first().unwrap_or((first, tail));
                    tokens.push(Token::Is(*escaped));
                    rest = after;
                }
                _ => tokens.push(Token::Is(*first)),
            }
        }
        let least = tokens.iter().filter(|token| !matches!(token, Token::Star)).count();
        Self { tokens, least }
    }

    /// The name it stands for when nothing in it is special.
    pub(super) fn literal(&self) -> Option<Vec<u8>> {
        let mut name = Vec::new();
        for token in &self.tokens {
            let Token::Is(symbol) = token else { return None };
            match char::from_u32(*symbol) {
                Some(c) => name.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => name.push(u8::try_from(symbol.wrapping_sub(STRAY)).ok()?),
            }
        }
        Some(name)
    }

    /// Whether it matches the whole name. A leading dot is matched by a dot only.
    pub(super) fn matches(&self, name: &[u8]) -> bool {
        let dotted = matches!(self.tokens.first(), Some(Token::Is(0x2e)));
        if name.first() == Some(&b'.') && !dotted {
            return false;
        }
        let name = symbols(name);
        if name.len() < self.least {
            return false;
        }
        let (mut at, mut token) = (0, 0);
        // Where to go on when what followed the last star did not match.
        let mut retry = None;
        while at < name.len() {
            let symbol = name.get(at).copied().unwrap_or_default();
            match self.tokens.get(token) {
                Some(Token::Star) => {
                    retry = Some((token + 1, at));
                    token += 1;
                }
                Some(single) if single.takes(symbol) => (at, token) = (at + 1, token + 1),
                _ => {
                    let Some((after, from)) = retry else { return false };
                    retry = Some((after, from + 1));
                    (token, at) = (after, from + 1);
                }
            }
        }
        self.tokens.get(token..).is_some_and(|rest| rest.iter().all(|t| matches!(t, Token::Star)))
    }
}

impl Token {
    fn takes(&self, symbol: Symbol) -> bool {
        match self {
            Self::Is(own) => *own == symbol,
            Self::Any => true,
            Self::Star => false,
            Self::Set { inverted, items } => {
                let hit = items.iter().any(|item| match item {
                    Item::Range(low, high) => (*low..=*high).contains(&symbol),
                    Item::Class(has) => char::from_u32(symbol).is_some_and(has),
                });
                hit != *inverted
            }
        }
    }
}

/// Reads a bracket expression after its `[`; the rest follows its `]`.
fn set(text: &[Symbol]) -> Option<(Token, &[Symbol])> {
    let is = |symbol: Option<&Symbol>, c: char| symbol == Some(&u32::from(c));
    let mut rest = text;
    let inverted = is(rest.first(), '!') || is(rest.first(), '^');
    if inverted {
        rest = rest.get(1..)?;
    }
    let mut items = Vec::new();
    let mut first = true;
    loop {
        if is(rest.first(), ']') && !first {
            return Some((Token::Set { inverted, items }, rest.get(1..)?));
        }
        first = false;
        if is(rest.first(), '[')
            && is(rest.get(1), ':')
            && let Some((class, after)) = class(rest.get(2..)?)
        {
            items.push(Item::Class(class));
            rest = after;
            continue;
        }
        let (low, after) = member(rest)?;
        rest = after;
        let ranges = is(rest.first(), '-') && rest.get(1).is_some() && !is(rest.get(1), ']');
        let high = if ranges {
            let (high, after) = member(rest.get(1..)?)?;
            rest = after;
            high
        } else {
            low
        };
        items.push(Item::Range(low, high));
    }
}

fn member(text: &[Symbol]) -> Option<(Symbol, &[Symbol])> {
    let (first, rest) = text.split_first()?;
    if *first == u32::from(b'\\') {
        let (escaped, rest) = rest.split_first()?;
        return Some((*escaped, rest));
    }
    Some((*first, rest))
}

type Class = fn(char) -> bool;

/// Reads the name of a character class and its `:]`.
fn class(text: &[Symbol]) -> Option<(Class, &[Symbol])> {
    let end = text.windows(2).take(8).position(|w| w == [u32::from(b':'), u32::from(b']')])?;
    let (name, rest) = text.split_at_checked(end)?;
    let name: String = name.iter().filter_map(|symbol| char::from_u32(*symbol)).collect();
    let class: Class = match name.as_str() {
        "alnum" => char::is_alphanumeric,
        "alpha" => char::is_alphabetic,
        "blank" => |c| c == ' ' || c == '\t',
        "cntrl" => char::is_control,
        "digit" => |c| c.is_ascii_digit(),
        "graph" => |c| !c.is_whitespace() && !c.is_control(),
        "lower" => char::is_lowercase,
        "print" => |c| !c.is_control(),
        "punct" => |c| c.is_ascii_punctuation(),
        "space" => char::is_whitespace,
        "upper" => char::is_uppercase,
        "word" => |c| c.is_alphanumeric() || c == '_',
        "xdigit" => |c| c.is_ascii_hexdigit(),
        _ => return None,
    };
    Some((class, rest.get(2..)?))
}

fn symbols(text: &[u8]) -> Vec<Symbol> {
    let mut symbols = Vec::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        symbols.extend(chunk.valid().chars().map(u32::from));
        symbols.extend(chunk.invalid().iter().map(|byte| STRAY + u32::from(*byte)));
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_match_as_in_bash() {
        for (pattern, yes, no) in [
            ("*", &["a", "é"][..], &[".a"][..]),
            (".*", &[".a"], &["a"]),
            ("*.rs", &["a.rs", "a.b.rs"], &["a.rsx", ".rs", "rs"]),
            ("a*b*c", &["abc", "axxbxbc"], &["ab", "abcd"]),
            ("?", &["é", "x"], &["", "xx", "."]),
            ("[abc]", &["a"], &["d", "ab"]),
            ("[!abc]", &["d"], &["a", "."]),
            ("[^a-c]x", &["dx"], &["bx"]),
            ("[]x]", &["]", "x"], &["a"]),
            ("[a-]", &["a", "-"], &["b"]),
            ("[[:digit:][:upper:]_]", &["1", "A", "_"], &["a"]),
            ("[", &["["], &["a"]),
            ("[ab", &["[ab"], &["a"]),
            ("\\*", &["*"], &["a"]),
            ("**", &["abc"], &[".x"]),
            ("a\\", &["a\\"], &["a"]),
        ] {
            let read = Pattern::read(pattern.as_bytes());
            for name in yes {
                assert!(read.matches(name.as_bytes()), "{pattern} takes {name}");
            }
            for name in no {
                assert!(!read.matches(name.as_bytes()), "{pattern} refuses {name}");
            }
        }
        assert!(Pattern::read(b"?").matches(b"\xff"));
        assert_eq!(Pattern::read(b"a\\*\xff").literal(), Some(b"a*\xff".to_vec()));
        assert_eq!(Pattern::read(b"a*").literal(), None);
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern in "[\\[\\]*?!a-c:\\\\-]{0,20}", name in "[a-c.\\]]{0,12}") {
            let _ = Pattern::read(pattern.as_bytes()).matches(name.as_bytes());
        }
    }
}

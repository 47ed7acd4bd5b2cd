//! A text under way from a base to a re-spelling, and the words it is made of.
//!
//! The tokenizer knows only what it can change safely: lists and pipes of simple commands. Any other
//! text is left to the transforms that take it whole.

/// A shell text, with what the next transform must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// The text.
    pub text: String,
    /// Whether a POSIX shell would not do: arrays, `$'..'`, `<<<`, `<(..)`.
    pub bash: bool,
    /// How many names were made up so far: variables, functions, ends of documents.
    pub names: usize,
}

/// One piece of a simple text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A word as it is written, and its value when it is a constant.
    Word(String, Option<String>),
    /// `|`, `&&`, `>`...
    Operator(String),
}

/// Words that mean something else once they are quoted, or that begin what is no simple command.
const RESERVED: &[&str] = &[
    "if", "for", "while", "until", "case", "select", "function", "time", "coproc", "{", "}", "!",
    "[[", "then", "do", "else", "fi", "done", "esac", "in", "alias", "declare", "local", "export",
    "readonly", "typeset",
];

const OPERATORS: &[&str] = &["2>&1", "2>/dev/null", "&&", "||", ">>", ";", "|", ">", "<"];

impl Spelling {
    /// A base as it is written.
    pub fn base(text: &str) -> Self {
        Self { text: text.to_owned(), bash: false, names: 0 }
    }

    /// The same deed in another text.
    pub fn with(&self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self.clone() }
    }

    /// That text, which only bash reads.
    pub fn for_bash(self) -> Self {
        Self { bash: true, ..self }
    }

    /// A name nobody has used yet.
    pub fn fresh(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    /// A shell that reads the text.
    pub const fn shell(&self) -> &'static str {
        if self.bash { "bash" } else { "sh" }
    }

    /// Whether it is one line that can stand anywhere.
    pub fn one_line(&self) -> bool {
        !self.text.contains('\n')
    }

    /// Its tokens, when it is a list of simple commands.
    pub fn tokens(&self) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        let mut rest = self.text.as_str();
        let mut first = true;
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            if rest.is_empty() {
                return Some(tokens);
            }
            if let Some(operator) = OPERATORS.iter().find(|o| rest.starts_with(**o)) {
                // a here-document or a process substitution is not simple
                rest = rest.strip_prefix(operator)?;
                if ["<", ">"].contains(operator) && rest.starts_with(['<', '(', '&', '|', '>']) {
                    return None;
                }
                first = ["|", "&&", "||", ";"].contains(operator);
                tokens.push(Token::Operator((*operator).to_owned()));
                continue;
            }
            let (raw, mut value, after) = word(rest)?;
            rest = after;
            if first {
                if RESERVED.contains(&raw) {
                    return None;
                }
                if assigns(raw) {
                    value = None;
                } else {
                    first = false;
                }
            }
            tokens.push(Token::Word(raw.to_owned(), value));
        }
    }

    /// The words of a single command that starts a program: no lists, pipes or redirections.
    pub fn command(&self) -> Option<Vec<(String, Option<String>)>> {
        let mut words = Vec::new();
        for token in self.tokens()? {
            match token {
                Token::Word(raw, value) => words.push((raw, value)),
                Token::Operator(_) => return None,
            }
        }
        let (raw, value) = words.first()?;
        if assigns(raw) || value.as_deref().is_some_and(builtin) {
            return None;
        }
        Some(words)
    }

    /// The constant words of a single command; `None` when one is not constant.
    pub fn constants(&self) -> Option<Vec<String>> {
        self.command()?.into_iter().map(|(_, value)| value).collect()
    }
}

/// Puts tokens together again.
pub fn joined(tokens: &[Token]) -> String {
    let texts = tokens.iter().map(|token| match token {
        Token::Word(raw, _) => raw.as_str(),
        Token::Operator(text) => text.as_str(),
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// `NAME=...`
fn assigns(raw: &str) -> bool {
    raw.split_once('=').is_some_and(|(name, _)| {
        let name = name.strip_suffix('+').unwrap_or(name);
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Commands of the shell itself, which no other program can start.
fn builtin(name: &str) -> bool {
    const NAMES: &[&str] = &[
        ".", ":", "cd", "eval", "exec", "exit", "read", "return", "set", "shift", "source", "trap",
        "unset", "wait", "alias", "export", "shopt", "builtin", "command", "mapfile", "umask",
    ];
    NAMES.contains(&name)
}

/// One word: as written, its constant value, and what follows.
fn word(text: &str) -> Option<(&str, Option<String>, &str)> {
    let mut value = Some(String::new());
    let mut chars = text.char_indices().peekable();
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        match c {
            ' ' | '\t' | ';' | '|' | '>' | '<' => {
                end = at;
                break;
            }
            '\n' | '(' | ')' | '&' | '`' => return None,
            '\'' => {
                let close = at + 1 + text.get(at + 1..)?.find('\'')?;
                push(&mut value, text.get(at + 1..close)?);
                while chars.next_if(|(n, _)| *n <= close).is_some() {}
            }
            '"' => {
                let close = at + 1 + text.get(at + 1..)?.find('"')?;
                let inside = text.get(at + 1..close)?;
                if inside.contains(['`', '\\']) || inside.contains("$(") {
                    return None;
                }
                if inside.contains('$') {
                    value = None
                } else {
                    push(&mut value, inside)
                }
                while chars.next_if(|(n, _)| *n <= close).is_some() {}
            }
            '\\' => match chars.next()?.1 {
                '\n' => return None,
                escaped => push(&mut value, &escaped.to_string()),
            },
            '$' if text.get(at + 1..)?.starts_with(['(', '\'', '"']) => return None,
            '#' if at == 0 => return None,
            '$' if text.get(at + 1..)?.starts_with('{') => {
                let close = at + text.get(at..)?.find('}')?;
                if text.get(at + 2..close)?.contains(['{', '\'', '"', '\\', '`', '(']) {
                    return None;
                }
                value = None;
                while chars.next_if(|(n, _)| *n <= close).is_some() {}
            }
            '$' | '*' | '?' | '[' | '{' | '~' => value = None,
            plain => push(&mut value, &plain.to_string()),
        }
    }
    let (raw, rest) = text.split_at(end);
    // `2>` would be a descriptor
    if rest.starts_with(['>', '<']) && raw.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some((raw, value, rest))
}

fn push(value: &mut Option<String>, text: &str) {
    if let Some(value) = value {
        value.push_str(text);
    }
}

/// Single quotes around a text, whatever is in it.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text within a here-document or double quotes that must not expand.
pub fn guarded(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('`', "\\`")
}

/// The same inside double quotes.
pub fn double_quoted(text: &str) -> String {
    format!("\"{}\"", guarded(text).replace('"', "\\\""))
}

/// Whether a word may stand outside quotes as it is.
pub fn plain(word: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_./:+,@%".contains(c);
    !word.is_empty() && word.chars().all(fits)
}

pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for nth in 0..4 {
            let index = usize::try_from((bits >> (18 - 6 * nth)) & 63).unwrap();
            out.push(if nth <= chunk.len() { char::from(LETTERS[index]) } else { '=' });
        }
    }
    out
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn rot13(text: &str) -> String {
    let turn =
        |c: char, first: u8| char::from((u8::try_from(c).unwrap() - first + 13) % 26 + first);
    let change = |c| match c {
        'a'..='z' => turn(c, b'a'),
        'A'..='Z' => turn(c, b'A'),
        other => other,
    };
    text.chars().map(change).collect()
}

/// Every byte as `prefix` and digits.
pub fn octal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:03o}")).collect()
}

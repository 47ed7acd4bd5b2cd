//! What follows a `$`: parameters with their operators, substitutions, arithmetic.
//!
//! The grammar of `${...}` in full; evaluation is the business of `expand`.

use super::closing;
use super::tree::{
    Anchor, EmptyIs, End, Expansion, Greed, Index, Operation, Parameter, Part, Word, Written,
};
use super::word::{Reader, Style};

impl Reader<'_, '_> {
    /// One expansion; the reader stands on the `$`.
    pub(super) fn dollar(&mut self, style: Style, parts: &mut Vec<Part>) {
        let expansion = match self.peek(1) {
            Some(b'(') => self.parenthesis(),
            Some(b'[') => self.old_arithmetic(),
            Some(b'{') => match self.brace(style) {
                Some(expansion) => expansion,
                None => return self.hidden(style, parts),
            },
            Some(c) if c == b'_' || c.is_ascii_alphabetic() => {
                let start = self.at + 1;
                self.at = start;
                let name = self.name();
                plain(name)
            }
            Some(c) if c.is_ascii_digit() || b"@*#?$!-".contains(&c) => {
                self.at += 2;
                plain(char::from(c).to_string())
            }
            _ => {
                self.at += 1;
                parts.push(Part::Quoted("$".to_owned()));
                return;
            }
        };
        parts.push(Part::Expansion(Box::new(expansion), style.quoting()));
    }

    /// `${` whose inside is not a parameter: bash 5.3 runs `${ cmd; }`; nothing is passed over.
    fn hidden(&mut self, style: Style, parts: &mut Vec<Part>) {
        let start = self.at;
        let text = self.slice(start, self.end);
        let part = self.opaque(text, style);
        self.at = self.end;
        parts.push(part);
    }

    /// `$((...))`, or `$(...)`.
    fn parenthesis(&mut self) -> Expansion {
        if self.peek(2) == Some(b'(')
            && let Some(end) = closing::arithmetic(self.slice(0, self.end), self.at + 3)
        {
            let inner = self.arithmetic(self.at + 3, end);
            self.at = end + 2;
            return Expansion::Arithmetic(inner);
        }
        let (script, end) = closing::substitution(self, self.at + 2);
        self.at = end;
        Expansion::Command(script.into())
    }

    /// `$[...]`.
    fn old_arithmetic(&mut self) -> Expansion {
        let start = self.at + 2;
        let rest = self.slice(start, self.end);
        let end = start + rest.find(']').unwrap_or(rest.len());
        let inner = self.arithmetic(start, end);
        self.at = (end + 1).min(self.end);
        Expansion::Arithmetic(inner)
    }

    fn arithmetic(&mut self, start: usize, end: usize) -> Word {
        let (at, limit) = (self.at, self.end);
        (self.at, self.end) = (start, end);
        let parts = self.parts(Style::Here, b"");
        (self.at, self.end) = (at, limit);
        Word { parts, span: self.place.0.span(start, end) }
    }

    fn name(&mut self) -> String {
        let start = self.at;
        while self.peek(0).is_some_and(|c| c == b'_' || c.is_ascii_alphanumeric()) {
            self.at += 1;
        }
        self.slice(start, self.at).to_owned()
    }

    /// `${...}`; `None` and no progress when it is not understood.
    fn brace(&mut self, style: Style) -> Option<Expansion> {
        let start = self.at;
        self.at += 2;
        let expansion = self.brace_inner(style);
        let closed = expansion.is_some() && self.peek(0) == Some(b'}');
        self.at = if closed { self.at + 1 } else { start };
        expansion.filter(|_| closed)
    }

    fn brace_inner(&mut self, style: Style) -> Option<Expansion> {
        let length = self.peek(0) == Some(b'#')
            && self.peek(1).is_some_and(|c| {
                c == b'_'
                    || c.is_ascii_alphanumeric()
                    || (b"@*?$!-#".contains(&c) && self.peek(2) == Some(b'}'))
            });
        let indirect = self.peek(0) == Some(b'!')
            && self.peek(1).is_some_and(|c| c == b'_' || c.is_ascii_alphanumeric() || c == b'#');
        self.at += usize::from(length || indirect);
        let name = self.parameter_name()?;
        let index = self.index();
        let parameter = Parameter { name, index, indirect, written: Written::Braced };
        if length {
            return Some(Expansion::Parameter(parameter, Operation::Length));
        }
        if indirect && self.names_follow(&parameter) {
            return Some(Expansion::Parameter(parameter, Operation::Names));
        }
        let operation = self.operation(style)?;
        Some(Expansion::Parameter(parameter, operation))
    }

    fn parameter_name(&mut self) -> Option<String> {
        let first = self.peek(0)?;
        if first == b'_' || first.is_ascii_alphanumeric() {
            return Some(self.name());
        }
        if b"@*#?$!-".contains(&first) {
            self.at += 1;
            return Some(char::from(first).to_string());
        }
        None
    }

    fn index(&mut self) -> Option<Index> {
        if self.peek(0) != Some(b'[') {
            return None;
        }
        self.at += 1;
        let start = self.at;
        let all = match self.peek(0) {
            Some(b'@') => Some(Index::All),
            Some(b'*') => Some(Index::Joined),
            _ => None,
        };
        if all.is_some() && self.peek(1) == Some(b']') {
            self.at += 2;
            return all;
        }
        let parts = self.parts(Style::Bare, b"]");
        let word = Word { parts, span: self.place.0.span(start, self.at) };
        self.at = (self.at + 1).min(self.end);
        Some(Index::At(word))
    }

    /// `${!prefix*}`, `${!prefix@}` and `${!array[@]}` list names.
    fn names_follow(&mut self, parameter: &Parameter) -> bool {
        if matches!(parameter.index, Some(Index::All | Index::Joined)) && self.peek(0) == Some(b'}')
        {
            return true;
        }
        let star = matches!(self.peek(0), Some(b'*' | b'@')) && self.peek(1) == Some(b'}');
        self.at += usize::from(star);
        star
    }

    fn operation(&mut self, style: Style) -> Option<Operation> {
        let first = self.peek(0)?;
        let twice = self.peek(1) == Some(first);
        let greed = if twice { Greed::Long } else { Greed::Short };
        match first {
            b'}' => Some(Operation::Plain),
            b'-' | b'=' | b'?' | b'+' => {
                self.at += 1;
                Some(Operation::Default(first, EmptyIs::Set, self.operand(style)))
            }
            b':' if self.peek(1).is_some_and(|c| b"-=?+".contains(&c)) => {
                let operator = self.peek(1)?;
                self.at += 2;
                Some(Operation::Default(operator, EmptyIs::Unset, self.operand(style)))
            }
            b':' => Some(self.slice_operation()),
            b'#' | b'%' => {
                self.at += 1 + usize::from(twice);
                let end = if first == b'#' { End::Front } else { End::Back };
                Some(Operation::Trim(end, greed, self.pattern(b"}")))
            }
            b'/' => Some(self.replacement(style)),
            b'^' | b',' => {
                self.at += 1 + usize::from(twice);
                self.pattern(b"}");
                Some(Operation::Case(first, greed))
            }
            b'@' => {
                let operator = self.peek(1)?;
                self.at += 2;
                Some(Operation::Transform(char::from(operator)))
            }
            _ => None,
        }
    }

    fn slice_operation(&mut self) -> Operation {
        self.at += 1;
        let offset = self.expression(b":}");
        let length = (self.peek(0) == Some(b':')).then(|| {
            self.at += 1;
            self.expression(b"}")
        });
        Operation::Slice(offset, length)
    }

    fn replacement(&mut self, style: Style) -> Operation {
        self.at += 1;
        let anchor = match self.peek(0) {
            Some(b'/') => Anchor::Every,
            Some(b'#') => Anchor::Front,
            Some(b'%') => Anchor::Back,
            _ => Anchor::First,
        };
        self.at += usize::from(anchor != Anchor::First);
        let pattern = self.pattern(b"/}");
        let with = if self.peek(0) == Some(b'/') {
            self.at += 1;
            self.operand(style)
        } else {
            Word::default()
        };
        Operation::Replace(anchor, pattern, with)
    }

    /// The word after `:-` and kin: quoted like its surroundings.
    fn operand(&mut self, style: Style) -> Word {
        let start = self.at;
        let style = if style == Style::Here { Style::Double } else { style };
        let parts = self.parts(style, b"}");
        Word { parts, span: self.place.0.span(start, self.at) }
    }

    /// A pattern: quotes protect in it whatever surrounds it.
    fn pattern(&mut self, stops: &[u8]) -> Word {
        let start = self.at;
        let parts = self.parts(Style::Bare, stops);
        Word { parts, span: self.place.0.span(start, self.at) }
    }

    fn expression(&mut self, stops: &[u8]) -> Word {
        let start = self.at;
        let parts = self.parts(Style::Here, stops);
        Word { parts, span: self.place.0.span(start, self.at) }
    }
}

const fn plain(name: String) -> Expansion {
    Expansion::Parameter(
        Parameter { name, index: None, indirect: false, written: Written::Bare },
        Operation::Plain,
    )
}

//! A text that a script puts together, with holes where only the running script knows.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::classify) enum Piece {
    /// These very characters.
    Known(String),
    /// Something that is only known when it runs.
    Hole,
}

/// A text of pieces; two known ones never stand beside each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::classify) struct Text(Vec<Piece>);

impl Text {
    /// A text known as a whole.
    pub(in crate::classify) fn known(text: impl Into<String>) -> Self {
        let mut out = Self::default();
        out.push(&text.into());
        out
    }

    /// A text of which nothing is known.
    pub(in crate::classify) fn hole() -> Self {
        Self(vec![Piece::Hole])
    }

    /// Adds characters.
    pub(in crate::classify) fn push(&mut self, more: &str) {
        match self.0.last_mut() {
            _ if more.is_empty() => {}
            Some(Piece::Known(text)) => text.push_str(more),
            _ => self.0.push(Piece::Known(more.to_owned())),
        }
    }

    /// Adds something unknown.
    pub(in crate::classify) fn push_hole(&mut self) {
        if self.0.last() != Some(&Piece::Hole) {
            self.0.push(Piece::Hole);
        }
    }

    /// Adds another text.
    pub(in crate::classify) fn append(&mut self, other: &Self) {
        for piece in &other.0 {
            match piece {
                Piece::Known(text) => self.push(text),
                Piece::Hole => self.push_hole(),
            }
        }
    }

    /// Its pieces.
    pub(in crate::classify) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The text, when it has no holes.
    pub(in crate::classify) fn constant(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// What it certainly begins with.
    pub(in crate::classify) fn beginning(&self) -> &str {
        match self.0.first() {
            Some(Piece::Known(text)) => text,
            _ => "",
        }
    }

    /// The text as a shell would be given it, each hole an expansion of `variable` that stays what it is
    /// in the quotes around it.
    pub(in crate::classify) fn as_shell(&self, variable: &str) -> String {
        let mut out = String::new();
        let mut quote = None;
        for piece in &self.0 {
            match (piece, quote) {
                (Piece::Known(text), _) => {
                    quote = quote_after(text, quote);
                    out.push_str(text);
                }
                (Piece::Hole, Some('\'')) => {
                    out.push_str("'\"$");
                    out.push_str(variable);
                    out.push_str("\"'");
                }
                (Piece::Hole, _) => {
                    out.push_str("${");
                    out.push_str(variable);
                    out.push('}');
                }
            }
        }
        out
    }
}

/// The quote that is open behind `text`.
fn quote_after(text: &str, mut quote: Option<char>) -> Option<char> {
    let mut escaped = false;
    for c in text.chars() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', None | Some('"')) => escaped = true,
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn holes_stay_words_of_their_own_in_quotes() {
        let mut text = Text::known("rm ");
        text.push_hole();
        text.push(" '");
        text.push_hole();
        text.push("' \"");
        text.push_hole();
        text.push("\"");
        assert_eq!(text.as_shell("x"), "rm ${x} ''\"$x\"'' \"${x}\"");
        assert_eq!(text.constant(), None);
        assert_eq!(Text::known("a").constant(), Some("a"));
    }
}

//! Names whose content nobody reads, such as `.env`, and the templates among them that are free. Pure: only names are compared.

use super::folded::{fits, folded};
use super::profile::EVERYTHING;

/// Patterns of hidden names, part by part; in each part one `*` stands for any run of characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    hide: Vec<String>,
    unhide: Vec<String>,
}

impl Hidden {
    /// Adds what a layer says: it first frees names of weaker layers, then hides its own.
    pub fn add(&mut self, hide: &[super::rule::Text], unhide: &[super::rule::Text]) {
        if unhide.iter().any(|name| name == EVERYTHING) {
            *self = Self::default();
        }
        self.hide.retain(|name| unhide.iter().all(|free| free != name));
        self.unhide.retain(|name| hide.iter().all(|hidden| hidden != name));
        let named = unhide.iter().filter(|name| *name != EVERYTHING);
        for (mine, theirs) in
            [(&mut self.hide, hide.iter().collect()), (&mut self.unhide, named.collect::<Vec<_>>())]
        {
            for name in theirs {
                if !mine.iter().any(|held| held == name) {
                    mine.push(name.clone().into_owned());
                }
            }
        }
    }

    /// Whether no name is hidden.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.hide.is_empty()
    }

    /// The patterns of what is hidden.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.hide
    }

    /// The patterns of what is free all the same.
    #[must_use]
    pub fn free(&self) -> &[String] {
        &self.unhide
    }

    /// Whether a name counts in some directories only, so that it can be shown by moving one.
    #[must_use]
    pub fn spans_directories(&self) -> bool {
        self.hide.iter().chain(&self.unhide).any(|name| name.contains('/'))
    }

    /// Whether a path leads to or through a hidden name.
    #[must_use]
    pub fn holds(&self, path: &[u8]) -> bool {
        if self.is_empty() {
            return false;
        }
        let path = folded(path);
        let parts: Vec<&[u8]> = path.split(|byte| *byte == b'/').collect();
        let ends = |pattern: &str, end: usize| {
            let pieces = pattern.split('/').count();
            let start = end.checked_sub(pieces);
            start.and_then(|start| parts.get(start..end)).is_some_and(|tail| {
                pattern.split('/').zip(tail).all(|(piece, part)| fits(piece.as_bytes(), part))
            })
        };
        (1..=parts.len()).any(|end| {
            self.hide.iter().any(|name| ends(name, end))
                && !self.unhide.iter().any(|name| ends(name, end))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Hidden;
    use crate::policy::rule::Text;

    fn names(list: &[&'static str]) -> Vec<Text> {
        list.iter().map(|name| Text::Borrowed(name)).collect()
    }

    #[test]
    fn names_are_hidden_at_any_depth_and_templates_are_not() {
        let mut hidden = Hidden::default();
        hidden.add(&names(&[".env", ".env.*", "config/master.key"]), &names(&[".env.example"]));
        for path in [
            "/w/.env",
            "/w/a/b/.ENV",
            "/w/.env.local",
            "/w/.env/x/y",
            "/w/config/master.key",
            "/w/.env/.env.example",
            "/w/.env.example.bak",
            "/w/[x]/*/.env",
            "/w/.e\u{200c}nv",
        ] {
            assert!(hidden.holds(path.as_bytes()), "{path}");
        }
        for path in ["/w/env", "/w/.environment", "/w/.env.example", "/w/master.key", "/w/a.env"] {
            assert!(!hidden.holds(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn a_stronger_layer_has_the_last_word() {
        let mut hidden = Hidden::default();
        hidden.add(&[], &names(&[".env.example"]));
        hidden.add(&names(&[".env", ".env.example"]), &[]);
        assert!(hidden.holds(b"/w/.env.example"));
        hidden.add(&[], &names(&[".env"]));
        assert!(!hidden.holds(b"/w/.env") && hidden.holds(b"/w/.env.example"));
        hidden.add(&names(&["*.pem"]), &names(&["*"]));
        assert_eq!(hidden.names(), ["*.pem"]);
    }
}

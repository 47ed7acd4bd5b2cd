//! A parsed TOML table that knows its own place: typed getters whose errors say where and what instead.
//!
//! It knows no key of a profile. Walking the table by hand, rather than deriving, is what gives
//! every complaint its line, its whole key and a hint.

use super::error::{At, ProfileError, nearest};
use super::words::{Word, Words};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A text with the name people know it by.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// The file as a person would name it.
    pub file: &'t str,
    /// What it says.
    pub text: &'t str,
}

impl<'t> Source<'t> {
    /// Reads the text as TOML.
    pub fn parse(self) -> Result<Spanned<DeTable<'t>>, ProfileError> {
        DeTable::parse(self.text).map_err(|error| ProfileError::Syntax {
            at: self.at(error.span().map_or(0, |span| span.start)),
            message: error.message().lines().collect::<Vec<_>>().join("; "),
        })
    }

    /// The place of a byte offset.
    #[must_use]
    pub fn at(self, offset: usize) -> At {
        At::offset(self.file, self.text, offset)
    }
}

/// A table and the key it stands under.
#[derive(Debug)]
pub struct Table<'t> {
    source: Source<'t>,
    map: &'t DeTable<'t>,
    key: String,
    start: usize,
}

/// A value and the key it stands under.
#[derive(Debug)]
pub struct Value<'t> {
    source: Source<'t>,
    value: &'t Spanned<DeValue<'t>>,
    key: String,
}

impl<'t> Table<'t> {
    /// The whole document.
    #[must_use]
    pub fn root(source: Source<'t>, document: &'t Spanned<DeTable<'t>>) -> Self {
        Self { source, map: document.get_ref(), key: String::new(), start: 0 }
    }

    /// Refuses every key that is not `known`; `explain` may know why a key has no place here.
    pub fn only(
        &self,
        known: &[&str],
        explain: fn(&str) -> Option<&str>,
    ) -> Result<(), ProfileError> {
        for (name, _) in self.map {
            let word = name.get_ref().as_ref();
            if !known.contains(&word) {
                let hint = explain(word).map(str::to_owned).unwrap_or_else(|| {
                    nearest(word, known.iter().copied()).map_or_else(
                        || format!("known here: {}", known.join(", ")),
                        |near| format!("did you mean {near}?"),
                    )
                });
                let at = self.source.at(name.span().start);
                return Err(ProfileError::UnknownKey { at, key: self.dotted(word), hint });
            }
        }
        Ok(())
    }

    /// The value of a key, if it is there.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value<'t>> {
        let value = self.map.get(key)?;
        Some(Value { source: self.source, value, key: self.dotted(key) })
    }

    /// Every key with its value, in the order of the alphabet.
    pub fn entries(&self) -> impl Iterator<Item = (&'t str, Value<'t>)> {
        self.map.iter().map(|(name, value)| {
            let name = name.get_ref().as_ref();
            (name, Value { source: self.source, value, key: self.dotted(name) })
        })
    }

    /// A string, if the key is there.
    pub fn text(&self, key: &str) -> Result<Option<&'t str>, ProfileError> {
        self.get(key).map(|value| value.text()).transpose()
    }

    /// One word of a closed list, if the key is there.
    pub fn word<T: Word>(&self, key: &str) -> Result<Option<T>, ProfileError> {
        self.get(key).map(|value| value.word()).transpose()
    }

    /// A set of words; absent is the empty set, but an empty list is refused as meaningless.
    pub fn words<T: Word>(&self, key: &str) -> Result<Words<T>, ProfileError> {
        let mut set = Words::default();
        let Some(value) = self.get(key) else { return Ok(set) };
        let items = value.items()?;
        if items.is_empty() {
            return Err(value.expected("at least one word; leave the key out to mean any"));
        }
        for item in items {
            set.insert(item.word()?);
        }
        Ok(set)
    }

    /// A list of strings; absent is empty.
    pub fn texts(&self, key: &str) -> Result<Vec<&'t str>, ProfileError> {
        self.items(key)?.iter().map(Value::text).collect()
    }

    /// The items of a list; absent is empty.
    pub fn items(&self, key: &str) -> Result<Vec<Value<'t>>, ProfileError> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |value| value.items())
    }

    /// A table below this one, if the key is there.
    pub fn table(&self, key: &str) -> Result<Option<Self>, ProfileError> {
        self.get(key).map(|value| value.table()).transpose()
    }

    /// Where the table begins.
    #[must_use]
    pub fn at(&self) -> At {
        self.source.at(self.start)
    }

    /// A complaint about the table as a whole.
    #[must_use]
    pub fn wrong(&self, message: &str) -> ProfileError {
        ProfileError::Expected { at: self.at(), key: self.key.clone(), message: message.to_owned() }
    }

    fn dotted(&self, key: &str) -> String {
        if self.key.is_empty() { key.to_owned() } else { format!("{}.{key}", self.key) }
    }
}

impl<'t> Value<'t> {
    /// A string.
    pub fn text(&self) -> Result<&'t str, ProfileError> {
        self.value.get_ref().as_str().ok_or_else(|| self.expected("a string"))
    }

    /// A whole number.
    pub fn number(&self) -> Option<u64> {
        let integer = self.value.get_ref().as_integer()?;
        u64::from_str_radix(integer.as_str(), integer.radix()).ok()
    }

    /// One word of a closed list.
    pub fn word<T: Word>(&self) -> Result<T, ProfileError> {
        let word = self.text()?;
        T::from_word(word).ok_or_else(|| {
            let known = T::ALL.iter().map(|(_, word)| *word);
            let hint = nearest(word, known.clone())
                .map_or_else(String::new, |near| format!(" (did you mean \"{near}\"?)"));
            let known = known.collect::<Vec<_>>().join(", ");
            self.wrong(format!("found \"{word}\", expected one of {known}{hint}"))
        })
    }

    /// The items of a list.
    pub fn items(&self) -> Result<Vec<Self>, ProfileError> {
        let list = self.value.get_ref().as_array().ok_or_else(|| self.expected("a list"))?;
        Ok(list
            .iter()
            .map(|value| Self { source: self.source, value, key: self.key.clone() })
            .collect())
    }

    /// A table.
    pub fn table(&self) -> Result<Table<'t>, ProfileError> {
        let map = self.value.get_ref().as_table().ok_or_else(|| self.expected("a table"))?;
        let (source, start) = (self.source, self.value.span().start);
        Ok(Table { source, map, key: self.key.clone(), start })
    }

    /// Whether it is a table.
    #[must_use]
    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> At {
        self.source.at(self.value.span().start)
    }

    /// The whole key, dotted.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// A complaint that something else belongs here.
    #[must_use]
    pub fn expected(&self, what: &str) -> ProfileError {
        let found = match self.value.get_ref() {
            DeValue::String(text) => format!("\"{text}\""),
            DeValue::Integer(number) => number.to_string(),
            other => format!("a {}", other.type_str()),
        };
        self.wrong(format!("found {found}, expected {what}"))
    }

    /// A complaint in these words.
    #[must_use]
    pub fn wrong(&self, message: String) -> ProfileError {
        ProfileError::Expected { at: self.at(), key: self.key.clone(), message }
    }
}

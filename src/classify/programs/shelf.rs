//! Where models are found by name and kept once parsed; it knows nothing of what they say.

use super::model::{Model, parse};
use std::sync::OnceLock;

/// Where a model lies in its file: its names end at `body`, its examples begin at `examples`.
#[derive(Debug)]
struct Block {
    file: usize,
    body: usize,
    examples: usize,
    end: usize,
}

include!(concat!(env!("OUT_DIR"), "/programs.rs"));

/// One cell for each block, filled when first asked for. Nothing else is remembered.
static PARSED: OnceLock<Vec<OnceLock<Result<Model, String>>>> = OnceLock::new();

fn cells() -> &'static [OnceLock<Result<Model, String>>] {
    PARSED.get_or_init(|| BLOCKS.iter().map(|_| OnceLock::new()).collect())
}

fn block_of(name: &str) -> Option<usize> {
    let at = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    NAMES.get(at).map(|(_, block)| *block)
}

fn slice(block: &Block, from: usize, to: usize) -> &'static str {
    FILES.get(block.file).and_then(|(_, text)| text.get(from..to)).unwrap_or("")
}

/// The model of that very name; `Err` says what is wrong with a broken one.
pub(super) fn exactly(name: &str) -> Option<Result<&'static Model, &'static str>> {
    let at = block_of(name)?;
    let block = BLOCKS.get(at)?;
    let cell = cells().get(at)?;
    let parsed = cell.get_or_init(|| parse(slice(block, block.body, block.examples)));
    Some(parsed.as_ref().map_err(String::as_str))
}

/// The name a model goes by: the name itself, or without its version (`python3.11`, `gcc-12`).
pub(super) fn known_as(name: &str) -> Option<&str> {
    if block_of(name).is_some() {
        return Some(name);
    }
    // so they are called where agents work beside Windows
    let mut rest = name.strip_suffix(".exe").unwrap_or(name);
    if block_of(rest).is_some() {
        return Some(rest);
    }
    while let Some(shorter) =
        rest.strip_suffix(|c: char| c.is_ascii_digit() || c == '.' || c == '-')
    {
        if block_of(shorter).is_some() {
            return Some(shorter);
        }
        rest = shorter;
    }
    None
}

/// A model as its examples see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written {
    /// The file it stands in.
    pub(super) file: &'static str,
    /// Its first name.
    pub(super) name: &'static str,
    /// Everything before its examples.
    pub(super) body: &'static str,
    /// Its examples.
    pub(super) examples: &'static str,
}

/// All models, for their verification.
pub(super) fn written() -> impl Iterator<Item = Written> {
    BLOCKS.iter().enumerate().map(|(at, block)| Written {
        file: FILES.get(block.file).map_or("", |(name, _)| name),
        name: NAMES.iter().find(|(_, b)| *b == at).map_or("", |(name, _)| name),
        body: slice(block, block.body, block.examples),
        examples: slice(block, block.examples, block.end),
    })
}

/// How many names are known.
#[must_use]
pub fn known_names() -> usize {
    NAMES.len()
}

/// Every name, and every file with its text.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    NAMES.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
pub(super) fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_version() {
        assert_eq!(known_as("rm"), Some("rm"));
        assert_eq!(known_as("python3.11"), Some("python3"));
        assert_eq!(known_as("gcc-12"), Some("gcc"));
        assert_eq!(known_as("nc.exe"), Some("nc"));
        assert_eq!(known_as("no-such-program"), None);
        assert_eq!(known_as("42"), None);
        assert_eq!(known_as(""), None);
    }
}

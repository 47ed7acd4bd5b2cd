//! The profiles that are part of the program, and the chain a profile stands on; files are `settings`' business.

use super::error::{ProfileError, nearest};
use super::parse;
use super::profile::{Kind, Profile};
use super::reader::Source;
use super::tables;
use std::borrow::Cow;

/// What is used when nobody says otherwise.
pub const DEFAULT: &str = "dev-box";

/// Laid over the chosen profile when the workspace is the home itself.
pub const HOME: &str = "home-workspace";

/// Parts of others; nobody runs under one alone.
pub const PARTS: &[&str] = &["common", HOME];

/// Every built-in profile with its text; the last two are parts of others.
pub const TEXTS: &[(&str, &str)] = &[
    ("dev-box", include_str!("../../profiles/dev-box.toml")),
    ("ci-runner", include_str!("../../profiles/ci-runner.toml")),
    ("container", include_str!("../../profiles/container.toml")),
    ("strict", include_str!("../../profiles/strict.toml")),
    ("readonly", include_str!("../../profiles/readonly.toml")),
    ("common", include_str!("../../profiles/common.toml")),
    (HOME, include_str!("../../profiles/home-workspace.toml")),
];

/// How long a chain of `extends` may be.
const DEPTH: usize = 8;

/// The names of the profiles that are part of the program.
pub fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, _)| *name)
}

/// The text of a built-in profile.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// A built-in profile, from the generated tables: reading its text would take longer than
/// everything else before a command starts.
#[must_use]
pub fn profile(name: &str) -> Option<&'static Profile> {
    tables::ALL.iter().find(|(known, _)| *known == name).map(|(_, profile)| *profile)
}

/// A built-in profile, read from its text.
pub fn read(name: &str) -> Result<Option<Profile>, ProfileError> {
    let Some(text) = text(name) else { return Ok(None) };
    let file = format!("built-in {name}");
    let mut profile = parse::profile(Kind::Profile, Source { file: &file, text })?;
    // Pins hold for what people write; what is built in is what they pin to.
    profile.stated.clear();
    Ok(Some(profile))
}

/// A profile with everything it extends, the ground first. `find` looks where built-in profiles are not.
pub fn chain(
    top: Cow<'static, Profile>,
    find: &dyn Fn(&str) -> Result<Option<Profile>, ProfileError>,
) -> Result<Vec<Cow<'static, Profile>>, ProfileError> {
    let mut chain = vec![top];
    while let Some(name) = chain.last().and_then(|profile| profile.extends.clone()) {
        let below = match profile(&name) {
            Some(profile) => Cow::Borrowed(profile),
            None => Cow::Owned(find(&name)?.ok_or_else(|| unknown(&name))?),
        };
        chain.push(below);
        if chain.len() > DEPTH {
            let chain = chain.iter().map(|profile| profile.file.clone().into_owned()).collect();
            return Err(ProfileError::ExtendsLoop { chain });
        }
    }
    chain.reverse();
    Ok(chain)
}

/// The default profile with everything it extends.
pub fn default_chain() -> Result<Vec<Cow<'static, Profile>>, ProfileError> {
    let top = profile(DEFAULT).ok_or_else(|| unknown(DEFAULT))?;
    chain(Cow::Borrowed(top), &|_| Ok(None))
}

/// The complaint about a name nobody knows.
#[must_use]
pub fn unknown(name: &str) -> ProfileError {
    let hint = nearest(name, names()).map_or_else(
        || {
            let whole: Vec<_> = names().filter(|name| !PARTS.contains(name)).collect();
            format!("built in are {}", whole.join(", "))
        },
        |near| format!("did you mean {near}?"),
    );
    ProfileError::NoSuchProfile { name: name.to_owned(), hint }
}

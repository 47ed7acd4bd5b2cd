//! For people who choose and write profiles: which there are, and whether a file is right. Not on the way of a run.

use super::{Found, Request, SettingsError, listing, trust};
use crate::policy::builtin;
use crate::policy::error::ProfileError;
use crate::policy::example;
use crate::policy::merge;
use crate::policy::parse;
use crate::policy::profile::{Kind, Profile};
use crate::policy::reader::Source;
use std::borrow::Cow;
use std::path::Path;

/// One profile that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it is for; for a file that is wrong, what is wrong.
    pub about: String,
    /// Where it comes from.
    pub file: String,
}

/// Every profile that can be chosen: built in, then the user's own by name.
pub fn list(request: &Request<'_>) -> Result<Vec<Listed>, SettingsError> {
    let found = Found::of(request)?;
    let about = |profile: &Profile| profile.about.clone().unwrap_or_default().into_owned();
    let mut all: Vec<Listed> = builtin::names()
        .filter(|name| !builtin::PARTS.contains(name))
        .filter_map(|name| Some((name, builtin::profile(name)?)))
        .map(|(name, profile)| Listed {
            name: name.to_owned(),
            about: about(profile),
            file: "built in".to_owned(),
        })
        .collect();
    let Some(config) = &found.config else { return Ok(all) };
    for path in listing(&config.join("profiles"))? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        // One wrong file is no reason to hide the others.
        let about = match found.own(&name) {
            Ok(profile) => profile.as_ref().map(about).unwrap_or_default(),
            Err(error) => format!("wrong: {error}"),
        };
        all.push(Listed { name, about, file: path.display().to_string() });
    }
    Ok(all)
}

/// What checking a file found, when nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Which sort of file it was taken for, by its name.
    pub kind: Kind,
    /// How many rules of the judge it has.
    pub rules: usize,
    /// How many examples were tried, all of which held.
    pub examples: usize,
}

/// Reads a file as what its name says it is, folds it, and tries the examples of its rules.
pub fn check(request: &Request<'_>, path: &Path) -> Result<Checked, SettingsError> {
    let text = trust::read(path, trust::Trust::Anyone)?.ok_or_else(|| {
        let reason = "there is no such file".to_owned();
        SettingsError::Unreadable { path: path.to_owned(), reason }
    })?;
    let file = path.display().to_string();
    let source = Source { file: &file, text: &text };
    let kind = kind_of(path);
    let layer = parse::profile(kind, source)?;
    let rules = layer.judge.rules.len();
    let layers = if kind == Kind::Profile {
        let found = Found::of(request)?;
        builtin::chain(Cow::Owned(layer), &|name| {
            found.own(name).map_err(|error| ProfileError::NoSuchProfile {
                name: name.to_owned(),
                hint: error.to_string(),
            })
        })?
    } else {
        let mut ground = builtin::default_chain()?;
        ground.push(Cow::Owned(layer));
        ground
    };
    // Examples speak of places of their own, the same on every machine.
    let policy = merge::fold("check", layers, &example::variables())?;
    Ok(Checked { kind, rules, examples: example::verify(&policy, source)? })
}

fn kind_of(path: &Path) -> Kind {
    let name = path.file_name().unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    if name == ".stockade.toml" {
        Kind::Project
    } else if name == "managed.toml" || folder == "managed.d" {
        Kind::Managed
    } else if name == "config.toml" {
        Kind::User
    } else {
        Kind::Profile
    }
}

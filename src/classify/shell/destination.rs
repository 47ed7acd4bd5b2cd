//! `cp a dir`: where the last word names a directory that is there, what is meant is the entry in it.
//!
//! What the text alone tells (several sources, a slash at the end, `-t`) the models know already.

use super::Shell;
use super::state::State;
use crate::classify::programs::reading::{Call, Object, Use};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::Access;
use crate::model::target::Place;
use crate::model::world::Kind;

/// Programs that put a thing into the directory they are given.
const PLACERS: &[&str] = &["cp", "gcp", "mv", "ln", "install"];

impl Shell<'_> {
    /// The uses of a call, with the entry in place of a directory that is there.
    pub(super) fn placed(&self, call: &Call<'_>, mut uses: Vec<Use>, state: &State) -> Vec<Use> {
        if !PLACERS.contains(&call.name) || self.realm.elsewhere.is_some() {
            return uses;
        }
        // The word itself is meant: `-T`, a link in the place of a link, directories to be made.
        let letters: &[char] = match call.name {
            "ln" => &['T', 'n', 'h'],
            "install" => &['T', 'd'],
            _ => &['T'],
        };
        let flat = |word: &Value| {
            // As a letter among others, too (`-sfT`); a word nobody knows may be it.
            word.as_str().is_none_or(|t| {
                matches!(t, "--no-target-directory" | "--no-dereference" | "--directory")
                    || (t.starts_with('-') && !t.starts_with("--") && t.contains(letters))
            })
        };
        let Some(([.., source], last)) = call.argv.split_last().map(|(last, rest)| (rest, last))
        else {
            return uses;
        };
        let meant = |one: &Use| match &one.object {
            Object::Path(value) => {
                value == last
                    && matches!(one.access, Access::Write | Access::Create | Access::Rename)
            }
            _ => false,
        };
        if call.argv.iter().skip(1).any(flat) || !self.all_directories(last, state) {
            return uses;
        }
        let (Some(base), Some(name)) = (last.as_const(), entry_name(source)) else { return uses };
        let path = [base.strip_suffix(b"/").unwrap_or(base), b"/", name].concat();
        let entry = Value { known: Known::Const(path), ..last.clone() };
        if let Some(one) = uses.iter_mut().rev().find(|one| meant(one)) {
            one.object = Object::Path(entry);
        }
        uses
    }

    fn all_directories(&self, value: &Value, state: &State) -> bool {
        let places = self.places(value, state);
        let is = |place: &Place| match place {
            Place::Exact(path) => {
                self.world.kind(&self.world.resolve(path)) == Some(Kind::Directory)
            }
            _ => false,
        };
        !places.is_empty() && places.iter().all(is)
    }
}

/// The last component of a source that is one path, known as a whole.
fn entry_name(source: &Value) -> Option<&[u8]> {
    let bytes = source.as_const().filter(|_| source.arity == Arity::One)?;
    let name = bytes.rsplit(|c| *c == b'/').next()?;
    let remote = bytes.contains(&b':');
    let plain = !remote && !bytes.starts_with(b"-") && !matches!(name, b"" | b"." | b"..");
    plain.then_some(name)
}

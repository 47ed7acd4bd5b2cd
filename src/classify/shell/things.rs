//! Things that are not simply paths: new temporary files, what git does not track, empty directories.

use super::Shell;
use super::judge::Act;
use super::state::State;
use crate::classify::effects;
use crate::classify::flow::Stream;
use crate::classify::programs::reading::{Links, Use, Which};
use crate::classify::value::{Arity, Known, Value};
use crate::model::effect::{Access, Effect, Reach, Reversibility, Scope};
use crate::model::finding::Span;
use crate::model::target::{Place, Resource};
use crate::model::world::{Kind, Strays};
use std::path::PathBuf;

impl Shell<'_> {
    /// `mktemp`: a path that no other call of this text is given. That the name is made up does not
    /// matter: whatever it will be, nothing else is called so.
    pub(super) fn fresh(
        &mut self,
        directory: Option<&Value>,
        template: &Value,
        (state, span): (&State, Span),
    ) -> Stream {
        let base = match directory {
            Some(given) if given.as_const().is_none_or(|bytes| !bytes.is_empty()) => given.clone(),
            _ => self
                .variable("TMPDIR", state, span)
                .filter(|value| value.as_const().is_none_or(|bytes| !bytes.is_empty()))
                .unwrap_or_else(|| Value::constant("/tmp", span)),
        };
        self.made += 1;
        let name = template.known.map(|bytes| replaced(bytes, self.made));
        let absolute = template.known.beginning().first() == Some(&b'/');
        let known = match &base.known {
            _ if absolute => name,
            Known::Const(bytes) if bytes == b"." => name,
            known => known.then(&Known::Const(b"/".to_vec())).then(&name),
        };
        let path = Value { known, arity: Arity::One, taint: Vec::new(), span };
        for place in self.places(&path, state) {
            let act =
                Act { access: Access::Create, reach: Reach::Tree, adds: false, carries: &[], span };
            self.act_on(&place, &act);
        }
        let mut output = Stream::of(&path);
        output.append(Stream::exactly(b"\n".to_vec()));
        output
    }

    /// Where `cp a b` puts it: in `b` when that is a directory.
    pub(super) fn destination(
        &self,
        (path, name, links): (&Value, &Value, Links),
        state: &State,
    ) -> Value {
        let inside = self.places(path, state).iter().any(|place| match (place, links) {
            (Place::Exact(path), Links::Kept) => self.world.kind(path) == Some(Kind::Directory),
            (Place::Exact(path), Links::Followed) => self.is_place(path),
            _ => false,
        });
        if !inside {
            return path.clone();
        }
        let below = path.known.then(&Known::Const(b"/".to_vec())).then(&name.known);
        let known = if self.places(path, state).iter().any(|place| self.is_taken_away(place)) {
            below.or(&path.known)
        } else {
            below
        };
        Value { known, ..path.clone() }
    }

    /// Whether this text may have removed or moved what was there.
    fn is_taken_away(&self, place: &Place) -> bool {
        let Some(path) = place.known() else { return false };
        self.found.effects.iter().any(|effect| {
            matches!(effect.access, Access::Delete | Access::Rename)
                && matches!(&effect.resource, Resource::Path(Place::Exact(gone) | Place::Below(gone)) if path.starts_with(gone))
        })
    }

    /// `rmdir`: a directory in which there is anything stays.
    pub(super) fn touch_directory(&mut self, one: &Use, value: &Value, state: &State) {
        for place in self.places(value, state) {
            let weighed = !matches!(place, Place::Exact(_)) || self.realm.elsewhere.is_some();
            if weighed && place == Place::Anywhere {
                continue;
            }
            let scope = match place.known() {
                _ if self.realm.elsewhere.is_some() => Scope::Remote,
                Some(path) => effects::scope(&self.world.resolve(path), &self.invocation.places),
                None => Scope::Unknown,
            };
            // Outside the work one that is not there does not go either.
            let gone = place.known().is_some_and(|path| self.world.kind(path).is_none());
            if gone && matches!(scope, Scope::System | Scope::Home) {
                continue;
            }
            self.add_effect(Effect {
                access: one.access,
                resource: Resource::Path(place),
                reach: Reach::Itself,
                scale: None,
                reversibility: Reversibility::Harmless,
                scope,
                carries: value.taint.clone(),
                loss: None,
                span: one.span,
            });
        }
    }

    /// `git clean`: each thing that goes, by its name as far as they can be listed.
    pub(super) fn touch_strays(
        &mut self,
        one: &Use,
        (below, which): (&Value, Which),
        state: &State,
    ) {
        let (access, reach, span) = (one.access, one.reach, one.span);
        let act = Act { access, reach, adds: false, carries: &[], span };
        for place in self.places(below, state) {
            let found = match place.known() {
                Some(path) if self.realm.elsewhere.is_none() => self.world.strays(path),
                _ => Strays::default(),
            };
            let part = |given: bool, list: Vec<PathBuf>| if given { list } else { Vec::new() };
            let mut going = part(which.untracked, found.untracked);
            going.extend(part(which.ignored, found.ignored));
            // The order of a directory is no order to tell them in.
            going.sort();
            for path in going {
                if which.directories || self.world.kind(&path) != Some(Kind::Directory) {
                    self.act_on(&Place::Exact(path), &act);
                }
            }
            if !found.complete {
                let place = place.known().map_or(Place::Anywhere, |path| Place::Below(path.into()));
                self.act_on(&place, &act);
            }
        }
    }
}

/// The template with its last run of three `X` or more replaced by a number.
fn replaced(template: &[u8], number: usize) -> Vec<u8> {
    let end = template.iter().rposition(|c| *c == b'X').map_or(0, |at| at + 1);
    let begin = template.iter().take(end).rposition(|c| *c != b'X').map_or(0, |at| at + 1);
    let (before, after) = (template.get(..begin), template.get(end..));
    let run = end - begin;
    if run < 3 {
        return [template, format!(".{number:0>10}").as_bytes()].concat();
    }
    let number = format!("{number:0>run$}");
    [before.unwrap_or_default(), number.as_bytes(), after.unwrap_or_default()].concat()
}

//! Acts upon paths and hosts become effects; flows of secrets and strangers' code become findings.

use super::Shell;
use super::loss::Lost;
use crate::classify::flow::Stream;
use crate::classify::value::add_taint;
use crate::classify::{effects, persist, secrets};
use crate::model::effect::{Access, Effect, Reach, Reversibility, Scope, Taint};
use crate::model::finding::{Severity, Span};
use crate::model::gap::GapKind;
use crate::model::loss::Loss;
use crate::model::target::{Place, Resource};
use crate::model::trace::What;
use crate::model::world::Kind;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;
use std::path::Path;

/// One act upon a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act<'a> {
    pub(super) access: Access,
    pub(super) reach: Reach,
    /// Whether what was there stays (`>>`).
    pub(super) adds: bool,
    pub(super) carries: &'a [Taint],
    pub(super) span: Span,
}

impl Shell<'_> {
    /// Writes down an act upon a place.
    pub(super) fn act_on(&mut self, place: &Place, act: &Act<'_>) {
        if let Some(host) = self.realm.elsewhere.clone() {
            return self.act_elsewhere(place, act, &host);
        }
        if !mutates(act.access) {
            return self.act_at(place, place.clone(), act);
        }
        for found in self.settled(place, act.access) {
            if found != *place {
                self.note(act.span, || {
                    What::LooksAt(place.to_string(), format!("leads to {found}"))
                });
            }
            self.act_at(place, found, act);
        }
    }

    /// The same upon the name itself, be it a link: it is replaced.
    pub(super) fn act_on_name(&mut self, path: &Path, act: &Act<'_>) {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return };
        let place = Place::Exact(self.world.resolve(parent).join(name));
        self.act_at(&place.clone(), place, act);
    }

    /// An act upon the place to which a name led.
    fn act_at(&mut self, named: &Place, place: Place, act: &Act<'_>) {
        let mutates = mutates(act.access);
        let (access, lost) = self.weigh(&place, act, mutates);
        let told = self.by_way_of(named, &place, lost.told);
        let scope = match place.known() {
            Some(path) => effects::scope(path, &self.invocation.places),
            None => Scope::Unknown,
        };
        if mutates {
            self.unresolved(&place, act);
            self.protected(&place, access, act.span);
        }
        self.add_effect(Effect {
            access,
            resource: Resource::Path(place),
            reach: act.reach,
            scale: lost.scale,
            reversibility: lost.reversibility,
            scope,
            carries: act.carries.to_vec(),
            loss: told,
            span: act.span,
        });
    }

    /// The access as it turns out, and what it costs.
    fn weigh(&mut self, place: &Place, act: &Act<'_>, mutates: bool) -> (Access, Lost) {
        if !mutates {
            return (act.access, Lost::plain(Reversibility::Harmless, None));
        }
        if self.is_adrift(place, act) {
            let access = if act.access == Access::Chmod { act.access } else { Access::Create };
            return (access, Lost::plain(Reversibility::Harmless, None));
        }
        match place {
            Place::Exact(path) | Place::Below(path) => {
                if act.access == Access::Write && self.is_new(path) {
                    let act = Act { access: Access::Create, ..*act };
                    let loss = match self.is_among_others(place, &act) {
                        true => Reversibility::Unknown,
                        false => Reversibility::Harmless,
                    };
                    return (Access::Create, Lost::plain(loss, None));
                }
                if act.adds {
                    return (act.access, Lost::plain(Reversibility::Harmless, None));
                }
                let mut lost = self.loss(act.access, path, act.span);
                if self.is_among_others(place, act) {
                    lost.reversibility = lost.reversibility.max(Reversibility::Unknown);
                }
                (act.access, lost)
            }
            Place::Anywhere => (act.access, Lost::plain(Reversibility::Unknown, None)),
        }
    }

    /// What is told of a place that a link led to.
    fn by_way_of(
        &self,
        named: &Place,
        place: &Place,
        told: Option<Box<Loss>>,
    ) -> Option<Box<Loss>> {
        let (Place::Exact(from), Place::Exact(_)) = (named, place) else { return told };
        if named == place {
            return told;
        }
        let mut told = told.unwrap_or_default();
        told.notes.push(format!("by way of a link: {}", from.display()));
        Some(told)
    }

    /// Whether something new outside the work comes among what is there, or in its place (`ln -f`).
    fn is_among_others(&self, place: &Place, act: &Act<'_>) -> bool {
        let (Place::Exact(path) | Place::Below(path)) = place else { return false };
        let outside = || {
            let scope = effects::scope(path, &self.invocation.places);
            matches!(scope, Scope::Home | Scope::System)
        };
        if !matches!(act.access, Access::Create | Access::Rename) || !outside() {
            return false;
        }
        let taken = self.world.kind(path).is_some_and(|kind| {
            let whole = matches!(place, Place::Exact(_)) && act.reach == Reach::Itself;
            kind != Kind::Directory || !whole
        });
        taken || matches!(place, Place::Exact(_)) && self.is_obeyed(path)
    }

    fn is_new(&self, path: &Path) -> bool {
        self.world.kind(path).is_none()
    }

    /// The place with links followed as the act follows them.
    fn settled(&self, place: &Place, access: Access) -> Vec<Place> {
        let mut all = Vec::new();
        match place {
            Place::Exact(path) => match (access, path.parent(), path.file_name()) {
                // the link itself goes, not what it points to
                (Access::Delete | Access::Rename, Some(parent), Some(name)) => {
                    all.push(Place::Exact(self.world.resolve(parent).join(name)));
                }
                _ => {
                    all.extend(
                        self.meant(path).iter().map(|path| Place::Exact(self.world.resolve(path))),
                    );
                }
            },
            Place::Below(path) => all.push(Place::Below(self.world.resolve(path))),
            Place::Anywhere => all.push(Place::Anywhere),
        }
        all.dedup();
        all
    }

    fn unresolved(&mut self, place: &Place, act: &Act<'_>) {
        let verb = act.access.as_str();
        match place {
            Place::Exact(_) => {}
            Place::Below(path) => {
                let what = format!(
                    "what exactly below {} is meant by this {verb} is not known",
                    path.display()
                );
                self.gap(GapKind::UnresolvedWord, act.span, what);
            }
            Place::Anywhere => {
                let what = format!("which path is meant by this {verb} is not known");
                self.gap(GapKind::UnresolvedWord, act.span, what);
            }
        }
    }

    /// Files that outlast the command, and the workspace as a whole.
    fn protected(&mut self, place: &Place, access: Access, span: Span) {
        let Place::Exact(path) = place else { return };
        let places = &self.invocation.places;
        if access == Access::Delete && *path == places.workspace {
            let reason = format!("deletes the workspace {} itself", path.display());
            let instead = Some("delete the files that are meant, by name");
            return self.danger(("delete.workspace-root", Severity::Danger), span, reason, instead);
        }
        let Some(lasting) = persist::lasts(path, &places.home) else { return };
        let leave = "leave it as it is, and let a person change it";
        let (verb, instead) = match access {
            Access::Delete => ("deletes", leave),
            Access::Rename => ("moves", leave),
            Access::Chmod => ("changes the rights of", leave),
            _ => {
                ("writes", "write it elsewhere in the workspace, and let a person put it in place")
            }
        };
        let reason = format!("{verb} {}, which {}", path.display(), lasting.why);
        self.danger((lasting.rule, lasting.severity), span, reason, Some(instead));
    }

    /// What happens on another machine cannot be counted, but is told.
    fn act_elsewhere(&mut self, place: &Place, act: &Act<'_>, host: &str) {
        let mutates = mutates(act.access);
        let reversibility = if mutates { Reversibility::Unknown } else { Reversibility::Harmless };
        if mutates && matches!(act.access, Access::Delete) {
            let reason =
                format!("deletes {place} on {host}, where nothing can be counted or undone");
            self.danger(("remote.delete", Severity::Caution), act.span, reason, None);
        }
        self.add_effect(Effect {
            access: act.access,
            resource: Resource::Path(place.clone()),
            reach: act.reach,
            scale: None,
            reversibility,
            scope: Scope::Remote,
            carries: act.carries.to_vec(),
            loss: None,
            span: act.span,
        });
    }

    pub(super) fn add_effect(&mut self, effect: Effect) {
        // That a program runs is no more than its words say.
        self.sightings += usize::from(effect.access != Access::Execute);
        let hash = FxBuildHasher.hash_one(&effect);
        // One that has come to carry more since is no longer the same.
        let same = |known: &Effect| known.span == effect.span && *known == effect;
        if self.effects.contains(&hash) && self.found.effects.iter().any(same) {
            return;
        }
        if self.found.effects.len() >= super::MAX_EFFECTS {
            return self.spent(effect.span, "there are more effects than are written down");
        }
        self.effects.insert(hash);
        let nth = self.found.effects.len();
        self.note(effect.span, || What::Effect(nth));
        self.found.effects.push(effect);
    }

    /// Reads a place: an effect, and the data that comes out.
    pub(super) fn read(&mut self, place: &Place, reach: Reach, span: Span) -> Stream {
        let act = Act { access: Access::Read, reach, adds: false, carries: &[], span };
        self.act_on(place, &act);
        self.look(place)
    }

    /// The data a place holds.
    pub(super) fn look(&self, place: &Place) -> Stream {
        match place {
            Place::Exact(path) => self.file(path),
            Place::Below(_) | Place::Anywhere => {
                Stream::unknown(self.secret_at(place).into_iter().map(Taint::Secret).collect())
            }
        }
    }

    /// What a file holds: what this text wrote there, or what is on disk.
    pub(super) fn file(&self, path: &Path) -> Stream {
        if let Some(data) = self.written.get(path) {
            return data.clone();
        }
        let secret = self.secret_at(&Place::Exact(path.to_path_buf()));
        let mut taint: Vec<Taint> = secret.into_iter().map(Taint::Secret).collect();
        for place in self.behind_all(vec![Place::Exact(path.to_path_buf())]) {
            // What a name of this text's making leads to is what is read by it.
            let Some(other) = place.known().filter(|other| *other != path) else { continue };
            let secret = secrets::file(other, &self.invocation.places.home);
            add_taint(&mut taint, &secret.map(Taint::Secret).into_iter().collect::<Vec<_>>());
            add_taint(&mut taint, self.written.get(other).map_or(&[][..], |data| &data.taint));
        }
        if self.realm.elsewhere.is_none() {
            add_taint(&mut taint, &self.world.carried(path));
        }
        Stream { file: Some(path.to_path_buf()), ..Stream::unknown(taint) }
    }

    /// What secret lies there.
    pub(super) fn secret_at(&self, place: &Place) -> Option<String> {
        if self.realm.elsewhere.is_some() {
            return None;
        }
        let home = &self.invocation.places.home;
        match place {
            Place::Exact(path) => {
                // A copy or a link of this text's making is what it was made of.
                let (own, path) = match self.copies.get(path) {
                    Some(source) => (false, source),
                    None => (self.is_of_its_own(path), path),
                };
                secrets::file(path, home)
                    .or_else(|| secrets::directory(path, home))
                    .filter(|_| !own)
            }
            Place::Below(path) => secrets::directory(path, home),
            Place::Anywhere => None,
        }
    }

    /// Whether a file is this text's or session's own making, and no secret of the person flowed into
    /// it: a key that was made a moment ago is theirs to use.
    fn is_of_its_own(&self, path: &Path) -> bool {
        let clean = |taint: &[Taint]| !taint.iter().any(|t| matches!(t, Taint::Secret(_)));
        match self.written.get(path) {
            Some(data) => clean(&data.taint) && self.is_new(path),
            None => self.world.is_as_made(path) && clean(&self.world.carried(path)),
        }
    }

    /// A secret is shown or copied.
    pub(super) fn secret_read(&mut self, label: &str, span: Span) {
        let reason = format!("reads {label}, which holds secrets");
        self.danger(("secret.read", Severity::Caution), span, reason, None);
    }

    /// Data leaves the machine.
    pub(super) fn send(&mut self, host: Option<&str>, taint: &[Taint], span: Span) {
        if host.is_some_and(effects::is_local) {
            return;
        }
        for item in taint {
            let Taint::Secret(label) = item else { continue };
            let to = host.unwrap_or("an unknown host");
            let reason = format!("sends {label} to {to}");
            let instead = Some("leave the secret out of what is sent");
            self.danger(("exfil.secret", Severity::Danger), span, reason, instead);
        }
    }

    /// Code from the network is run.
    pub(super) fn run_from_network(&mut self, from: &str, span: Span) {
        let reason = format!("runs code straight from {from}, unseen by anybody");
        let instead = Some("download it to a file, read it, then run the file");
        self.danger(("run.from-network", Severity::Danger), span, reason, instead);
    }

    /// A file that this text, or one before it in the session, fetched from the network is run.
    pub(super) fn network_file(&mut self, path: &Path, span: Span) {
        let data = self.file(path);
        let from = data.taint.iter().find_map(|t| match t {
            Taint::Network(from) => Some(from.clone()),
            Taint::Secret(_) => None,
        });
        if let Some(from) = from {
            self.run_from_network(&from, span);
        }
    }
}

/// Whether something is changed.
const fn mutates(access: Access) -> bool {
    matches!(
        access,
        Access::Write | Access::Create | Access::Delete | Access::Rename | Access::Chmod
    )
}

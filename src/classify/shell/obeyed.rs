//! New names outside the work that are read or run although nobody names them; the sandbox refuses them anyway.

use super::Shell;
use super::judge::Act;
use crate::classify::effects;
use crate::model::effect::{Access, Reach, Scope};
use crate::model::finding::Span;
use crate::model::target::Place;
use crate::model::world::Kind;
use std::path::Path;

/// Where the machine looks things up: what comes into such a directory is settings or code from then on.
const LOOKED_UP: &[&str] =
    &["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/dev"];

impl Shell<'_> {
    /// Whether something new at `path` is obeyed: a program that takes the place of another, or a
    /// file in a directory of the machine that is there. Where there is no such directory nothing reads
    /// it, and the file cannot even be made.
    pub(super) fn is_obeyed(&self, path: &Path) -> bool {
        let Some((parent, name)) = path.parent().zip(path.file_name()) else { return false };
        if parent.ends_with("bin") || parent.ends_with("sbin") {
            // A new program under a name of its own is what an install adds.
            return name.to_str().is_none_or(|name| self.world.program(name).is_some());
        }
        LOOKED_UP.iter().any(|top| path.starts_with(top)) && self.world.kind(parent).is_some()
    }

    /// Whether a place is a directory that is there, and not of the work.
    pub(super) fn is_directory_outside(&self, place: &Place) -> bool {
        let Place::Exact(path) = place else { return false };
        let outside =
            matches!(effects::scope(path, &self.invocation.places), Scope::Home | Scope::System);
        outside
            && self.realm.elsewhere.is_none()
            && self.world.kind(&self.world.resolve(path)) == Some(Kind::Directory)
    }

    /// Remembers that a variable there is not set.
    pub(in crate::classify) fn note_unset(&mut self, span: Span) {
        if self.unset.len() < MOST && !self.unset.contains(&span) {
            self.unset.push(span);
        }
    }

    /// Whether something is put into `/`, or its mode is set, because a variable before the slash or the
    /// name behind it is not set (`cp a "$OUT"/`, `chmod +x /$NAME`): nothing that is there is meant, and
    /// the sandbox refuses. To delete there is another matter, and so is a whole tree.
    pub(super) fn is_adrift(&self, place: &Place, act: &Act<'_>) -> bool {
        let root = place.known().is_some_and(|path| path == Path::new("/"));
        let within = |one: &Span| act.span.start <= one.start && one.end <= act.span.end;
        root && act.reach == Reach::Itself
            && matches!(act.access, Access::Write | Access::Create | Access::Chmod)
            && self.unset.iter().any(within)
    }
}

/// So many of them are remembered.
const MOST: usize = 64;

//! `cd`, `pushd`, `pwd`: where the shell is afterwards, and where it is if they fail.

use crate::classify::effects;
use crate::classify::flow::Stream;
use crate::classify::shell::state::{Directories, State};
use crate::classify::shell::{Last, Shell};
use crate::classify::value::Value;
use crate::model::effect::{Access, Reach, Scope};
use crate::model::finding::Span;
use crate::model::target::{Place, Resource};
use crate::model::world::Kind;
use std::path::Path;

impl Shell<'_> {
    /// `cd`: it may fail, unless the directory is known to be there.
    pub(super) fn change_directory(&mut self, rest: &[Value], state: &mut State) -> Stream {
        let mut words = rest
            .iter()
            .filter(|word| !matches!(word.as_str(), Some("-L" | "-P" | "-e" | "-@" | "--")));
        let target = words.next();
        // with a second word it fails, in most shells
        let several = words.next().is_some();
        let physical = state.is_on("physical")
            || rest.iter().filter_map(Value::as_str).any(|word| word == "-P");
        let (directories, sure) = match target {
            None => {
                let home = self.variable("HOME", state, Span::default());
                home.map_or_else(|| (Vec::new(), false), |home| self.enter(&home, state))
            }
            Some(word) if word.as_str() == Some("-") => (state.previous.clone(), false),
            Some(word) => self.search(word, state),
        };
        let sure = sure && !several;
        let directories = match target {
            Some(word) if physical => self.physical(word, &directories, state),
            _ => directories,
        };
        let before = std::mem::replace(&mut state.directories, directories);
        state.previous.clone_from(&before);
        state.succeeds = sure;
        state.if_failed = (!sure && before != state.directories).then_some(before);
        Stream::empty()
    }

    /// The directories a word of `cd` may lead to: those of `CDPATH` first.
    fn search(&self, word: &Value, state: &State) -> (Directories, bool) {
        let (plain, sure) = self.enter(word, state);
        let begins = word.known.beginning();
        let rooted = [b"/".as_slice(), b"./", b"../"].iter().any(|root| begins.starts_with(root));
        let path = self.variable("CDPATH", state, word.span);
        let Some(path) =
            path.filter(|_| !rooted && !begins.is_empty() && begins != b"." && begins != b"..")
        else {
            return (plain, sure);
        };
        if path.alternatives().is_empty() {
            return (Vec::new(), false);
        }
        let mut all = Vec::new();
        for entry in path.alternatives().iter().flat_map(|path| path.split(|c| *c == b':')) {
            let entry = if entry.is_empty() { b".".as_slice() } else { entry };
            let base = Value::constant([entry, b"/"].concat(), word.span);
            let known = base.known.then(&word.known);
            let (found, sure) = self.enter(&Value { known, ..word.clone() }, state);
            if sure {
                // The first that is there is taken.
                all.extend(found);
                return (all, true);
            }
            all.extend(found);
        }
        all.extend(plain);
        all.dedup();
        (all, false)
    }

    /// The same directories without links in their paths, as `cd -P` goes.
    fn physical(&self, word: &Value, logical: &Directories, state: &State) -> Directories {
        let mut all = Vec::new();
        for place in self.places(word, state) {
            let Place::Exact(path) = place else { return Vec::new() };
            for path in self.found_at(&path, Last::Followed) {
                let path = self.world.resolve(&path);
                if !all.contains(&path) {
                    all.push(path);
                }
            }
        }
        if all.is_empty() { logical.clone() } else { all }
    }

    pub(super) fn push_directory(&mut self, rest: &[Value], state: &mut State) -> Stream {
        state.stack.push(state.directories.clone());
        if rest.is_empty() {
            state.directories.clear();
            return Stream::empty();
        }
        self.change_directory(rest, state)
    }

    /// The directories `word` may lead to, and whether it certainly does.
    pub(in crate::classify::shell) fn enter(
        &self,
        word: &Value,
        state: &State,
    ) -> (Directories, bool) {
        if word.as_const().is_some_and(<[u8]>::is_empty) {
            return (state.directories.clone(), true);
        }
        let mut sure = true;
        let mut directories = Vec::new();
        for place in effects::places(word, &state.directories) {
            let Place::Exact(path) = place else { return (Vec::new(), false) };
            sure &= self.is_directory(&path);
            if !directories.contains(&path) {
                directories.push(path);
            }
        }
        (directories, sure)
    }

    /// Whether a directory is there, or was made by this very text.
    pub(in crate::classify::shell) fn is_directory(&self, path: &Path) -> bool {
        self.found_at(path, Last::Followed).iter().any(|path| self.stands(path))
    }

    fn stands(&self, path: &Path) -> bool {
        let last = self.found.effects.iter().rev().find_map(|effect| {
            let Resource::Path(Place::Exact(touched)) = &effect.resource else { return None };
            match effect.access {
                _ if effect.scope == Scope::Remote => None,
                Access::Create if touched == path => Some(true),
                // with all the directories above it (`mkdir -p`)
                Access::Create if effect.reach == Reach::Tree && touched.starts_with(path) => {
                    Some(true)
                }
                Access::Delete | Access::Rename if path.starts_with(touched) => Some(false),
                _ => None,
            }
        });
        if last == Some(false) {
            return false;
        }
        if last == Some(true) || self.invocation.cwd == path || path == self.invocation.places.home
        {
            return true;
        }
        match self.world.kind(path) {
            Some(Kind::Directory) => true,
            Some(Kind::Symlink) => {
                self.world.kind(&self.world.resolve(path)) == Some(Kind::Directory)
            }
            _ => path.parent().is_none(),
        }
    }

    pub(super) fn print_directory(&self, state: &mut State, span: Span) -> Stream {
        state.succeeds = true;
        let mut output = Stream::of(&crate::classify::expand::directory(&state.directories, span));
        output.append(Stream::exactly(b"\n".to_vec()));
        output
    }
}

//! Names that the text itself makes: links, further names of a file, things moved; and what a path means afterwards.
//!
//! What is written there is kept elsewhere; what is on disk is asked of the `World`. A name may also
//! mean what it meant before, since the command that makes it may fail: both are followed.

use super::Shell;
use super::judge::Act;
use super::state::State;
use crate::classify::effects;
use crate::classify::expand::pattern;
use crate::classify::programs::reading::{Call, Object, Use};
use crate::classify::value::{Known, Value};
use crate::model::effect::{Access, Reach};
use crate::model::target::Place;
use crate::model::world::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// A path that may mean more than this is not followed any further.
const MAX_MEANINGS: usize = 12;

/// More names than this are not kept.
const MAX_NAMES: usize = 2_048;

/// What a made name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    /// A symbolic link there.
    Link(PathBuf),
    /// The same file as that one.
    Twin(PathBuf),
    /// What stood there before.
    Moved(PathBuf),
}

/// Whether a link at the end of a path is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::classify) enum Last {
    /// What it leads to is meant.
    Followed,
    /// The link itself is meant.
    Itself,
}

/// The names made so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    made: BTreeMap<PathBuf, Vec<Meaning>>,
    directories: BTreeSet<PathBuf>,
}

impl Names {
    fn add(&mut self, name: PathBuf, meaning: Meaning) {
        let all = self.made.entry(name).or_default();
        if !all.contains(&meaning) && all.len() < MAX_MEANINGS {
            all.push(meaning);
        }
    }

    /// What was made in that very directory.
    fn within<'n>(&'n self, directory: &'n Path) -> impl Iterator<Item = &'n Path> {
        let made = self.made.keys().filter(move |name| name.parent() == Some(directory));
        made.map(PathBuf::as_path)
    }

    /// Every path that `path` may mean, itself first.
    fn meanings(&self, path: PathBuf, last: Last) -> Vec<PathBuf> {
        let mut all = vec![path];
        let mut at = 0;
        while let Some(path) = all.get(at).cloned() {
            at += 1;
            for prefix in path.ancestors() {
                let Some(made) = self.made.get(prefix) else { continue };
                let rest = path.strip_prefix(prefix).unwrap_or_else(|_| Path::new(""));
                let whole = rest.as_os_str().is_empty();
                for meaning in made {
                    let behind = match meaning {
                        Meaning::Link(target) if !whole || last == Last::Followed => target,
                        Meaning::Twin(target) if whole && last == Last::Followed => target,
                        Meaning::Moved(from) => from,
                        Meaning::Link(_) | Meaning::Twin(_) => continue,
                    };
                    let other = if whole { behind.clone() } else { behind.join(rest) };
                    if !all.contains(&other) && all.len() < MAX_MEANINGS {
                        all.push(other);
                    }
                }
            }
        }
        all
    }
}

impl Shell<'_> {
    /// The places a word names from where the shell is, as the kernel finds them.
    pub(super) fn places(&self, value: &Value, state: &State) -> Vec<Place> {
        let mut all = Vec::new();
        let afield = state.scattered && value.known.beginning().first() != Some(&b'/');
        if afield && value.known != Known::Unknown {
            return state.directories.iter().cloned().map(Place::Below).collect();
        }
        for (place, last) in effects::written(value, &state.directories) {
            let found: Vec<Place> = match place {
                Place::Exact(path) => {
                    self.found_at(&path, last).into_iter().map(Place::Exact).collect()
                }
                Place::Below(path) => {
                    self.found_at(&path, Last::Followed).into_iter().map(Place::Below).collect()
                }
                Place::Anywhere => vec![place],
            };
            all.extend(found.into_iter().filter(|place| !all.contains(place)).collect::<Vec<_>>());
        }
        all
    }

    /// The same with links of this text at their ends followed: what is read.
    pub(super) fn behind_all(&self, places: Vec<Place>) -> Vec<Place> {
        if self.names.made.is_empty() {
            return places;
        }
        let followed = places.into_iter().flat_map(|place| match place {
            Place::Exact(path) => {
                let all = self.names.meanings(path, Last::Followed).into_iter();
                all.map(Place::Exact).collect()
            }
            other => vec![other],
        });
        followed.collect()
    }

    /// Where a path leads, which may have links of this text and `..` behind links in it.
    pub(super) fn found_at(&self, path: &Path, last: Last) -> Vec<PathBuf> {
        let climbs = path.components().any(|part| part == Component::ParentDir);
        if self.names.made.is_empty() && !climbs {
            let path = effects::normalise(path);
            let follows = last == Last::Followed && self.world.kind(&path) == Some(Kind::Symlink);
            return vec![if follows { self.world.resolve(&path) } else { path }];
        }
        let mut all = vec![PathBuf::from("/")];
        for part in path.components() {
            match part {
                Component::Normal(name) => all.iter_mut().for_each(|path| path.push(name)),
                Component::ParentDir => {
                    all = all.into_iter().flat_map(|path| self.behind(path)).collect();
                    for path in &mut all {
                        path.pop();
                    }
                    all.dedup();
                    all.truncate(MAX_MEANINGS);
                }
                Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
            }
        }
        all.into_iter()
            .flat_map(|path| match last {
                Last::Followed => self.behind(path),
                Last::Itself => self.names.meanings(path, last),
            })
            .collect()
    }

    /// Everything a path leads to, links of this text and of the disk at its end included.
    fn behind(&self, path: PathBuf) -> Vec<PathBuf> {
        let mut all = self.names.meanings(path, Last::Followed);
        for path in &mut all {
            if self.world.kind(path) == Some(Kind::Symlink) {
                *path = self.world.resolve(path);
            }
        }
        all
    }

    /// What a path means with links of this text at its end followed.
    pub(super) fn meant(&self, path: &Path) -> Vec<PathBuf> {
        self.names.meanings(path.to_path_buf(), Last::Followed)
    }

    /// The names below a directory that fit a pattern, and whether those are all: `None` when
    /// nothing of this text's making matters there.
    pub(in crate::classify) fn among_made(
        &mut self,
        directory: &Path,
        pattern: &str,
    ) -> Option<(Vec<Vec<u8>>, bool)> {
        if self.names.made.is_empty() {
            return None;
        }
        let plain = effects::normalise(directory);
        let all = self.found_at(directory, Last::Followed);
        let made: Vec<PathBuf> =
            all.iter().flat_map(|directory| self.names.within(directory)).map(Into::into).collect();
        if made.is_empty() && all == [plain] {
            return None;
        }
        let mut names = Vec::new();
        let mut whole = true;
        for directory in &all {
            if !self.budget.glob() {
                return Some((names, false));
            }
            let found = self.world.glob(pattern, directory);
            whole &= found.complete;
            let below = found.paths.iter().filter_map(|path| path.strip_prefix(directory).ok());
            names.extend(below.map(|path| path.as_os_str().as_encoded_bytes().to_vec()));
        }
        let mut steps = 20_000;
        for name in made.iter().filter_map(|path| path.file_name()) {
            let bytes = name.as_encoded_bytes();
            if pattern::matches(pattern.as_bytes(), bytes, &mut steps) {
                names.push(bytes.to_vec());
            }
        }
        names.sort();
        names.dedup();
        Some((names, whole))
    }

    /// Whether something is put into that rather than in its place: a directory, or a link to one.
    pub(super) fn is_place(&self, path: &Path) -> bool {
        self.found_at(path, Last::Followed).iter().any(|path| {
            self.names.directories.contains(path)
                || match self.world.kind(path) {
                    Some(Kind::Directory) => true,
                    Some(Kind::Symlink) => {
                        self.world.kind(&self.world.resolve(path)) == Some(Kind::Directory)
                    }
                    _ => false,
                }
        })
    }

    /// Remembers the directories that a call makes, by the effects that were written down for it.
    pub(super) fn remember_directories(&mut self, call: &Call<'_>, effects: Range<usize>) {
        let copies = matches!(call.name, "cp" | "gcp" | "rsync" | "mv" | "gmv");
        if !copies && !matches!(call.name, "mkdir" | "install" | "mktemp" | "git") {
            return;
        }
        for effect in self.found.effects.get(effects).unwrap_or_default() {
            let makes = match effect.access {
                Access::Create if copies => effect.reach == Reach::Tree,
                Access::Create => true,
                _ => false,
            };
            if let Some(path) = effect.resource.path().filter(|_| makes) {
                self.names.directories.insert(path.to_path_buf());
            }
        }
    }

    /// Editors in place put a new file where a link was.
    pub(super) fn replace_links(&mut self, call: &Call<'_>, uses: &[Use], state: &State) {
        let words = Words::of(call);
        let replaces = match call.name {
            "sed" | "gsed" | "perl" | "install" => true,
            "cp" | "gcp" => words.has('b', "--backup") || words.has('\0', "--remove-destination"),
            _ => false,
        };
        for one in uses.iter().filter(|one| replaces && one.access == Access::Write) {
            let value = match &one.object {
                Object::Path(value) => value.clone(),
                Object::Destination { path, name, links } => {
                    self.destination((path, name, *links), state)
                }
                _ => continue,
            };
            for path in self.places(&value, state).iter().filter_map(|place| match place {
                Place::Exact(path) => Some(path),
                _ => None,
            }) {
                if self.world.kind(path) == Some(Kind::Symlink) {
                    let (access, reach, span) = (Access::Write, Reach::Itself, one.span);
                    self.act_on_name(path, &Act { access, reach, adds: false, carries: &[], span });
                }
            }
        }
    }

    /// Remembers the names that a call makes, if it is of the programs that make such.
    pub(super) fn remember_names(&mut self, call: &Call<'_>, state: &State) {
        let words = Words::of(call);
        let make: fn(&mut Self, (&[u8], &Path, PathBuf)) = match call.name {
            "ln" | "gln" if words.has('s', "--symbolic") && words.has('r', "--relative") => {
                Self::link_by_path
            }
            "ln" | "gln" if words.has('s', "--symbolic") => Self::link_by_text,
            "cp" | "gcp" if words.has('s', "--symbolic-link") => Self::link_by_path,
            "ln" | "gln" | "link" => Self::twin,
            "cp" | "gcp" if words.has('l', "--link") => Self::twin,
            "cp" | "gcp" if words.any(&['a', 'd', 'P', 'R', 'r']) => Self::link_copied,
            "mv" | "gmv" => Self::moved,
            _ => return,
        };
        let (sources, destination) = words.sources_and_destination();
        let span = super::reading::whole_span(call.argv);
        let here = Value::constant(".", span);
        let alone = destination.is_none() && matches!(call.name, "ln" | "gln");
        let destination = destination.unwrap_or(&here);
        for place in effects::places(destination, &state.directories) {
            let Place::Exact(path) = place else { continue };
            let plain = words.has('T', "--no-target-directory")
                || (words.has('n', "--no-dereference")
                    && self.world.kind(&path) == Some(Kind::Symlink));
            let inside = sources.len() > 1 || (!plain && self.is_place(&path));
            for source in sources.iter().flat_map(|value| value.alternatives()) {
                let text = String::from_utf8_lossy(source);
                let name = Path::new(text.as_ref()).file_name();
                let new = match name {
                    Some(name) if inside => path.join(name),
                    _ => path.clone(),
                };
                let replaced = self.world.kind(&new) == Some(Kind::Symlink);
                if alone || (replaced && !call.name.ends_with("mv")) {
                    let (access, reach) = (Access::Create, Reach::Itself);
                    let act = Act { access, reach, adds: false, carries: &[], span };
                    self.act_on_name(&new, &act);
                }
                if self.names.made.len() >= MAX_NAMES {
                    return self.spent(span, "more names are made than are followed");
                }
                for directory in &state.directories {
                    make(self, (source, directory, new.clone()));
                }
            }
        }
    }

    /// The text of the link is seen from where it lies.
    fn link_by_text(&mut self, (source, _, name): (&[u8], &Path, PathBuf)) {
        let text = String::from_utf8_lossy(source);
        let target = name.parent().unwrap_or_else(|| Path::new("/")).join(text.as_ref());
        self.link_to(&target, name);
    }

    /// The text of the link is made from a path of the shell's.
    fn link_by_path(&mut self, (source, directory, name): (&[u8], &Path, PathBuf)) {
        self.link_to(&directory.join(String::from_utf8_lossy(source).as_ref()), name);
    }

    fn link_to(&mut self, target: &Path, name: PathBuf) {
        for target in self.found_at(target, Last::Itself) {
            if target != name {
                self.names.add(name.clone(), Meaning::Link(target));
            }
        }
    }

    fn twin(&mut self, (source, directory, name): (&[u8], &Path, PathBuf)) {
        for other in
            self.found_at(&directory.join(String::from_utf8_lossy(source).as_ref()), Last::Itself)
        {
            self.names.add(name.clone(), Meaning::Twin(other.clone()));
            self.names.add(other, Meaning::Twin(name.clone()));
        }
    }

    /// A link is copied as a link.
    fn link_copied(&mut self, (source, directory, name): (&[u8], &Path, PathBuf)) {
        for path in
            self.found_at(&directory.join(String::from_utf8_lossy(source).as_ref()), Last::Itself)
        {
            if self.world.kind(&path) == Some(Kind::Symlink) {
                let target = self.world.resolve(&path);
                self.names.add(name.clone(), Meaning::Link(target));
            }
        }
    }

    fn moved(&mut self, (source, directory, name): (&[u8], &Path, PathBuf)) {
        for from in
            self.found_at(&directory.join(String::from_utf8_lossy(source).as_ref()), Last::Itself)
        {
            if from != name {
                self.names.add(name.clone(), Meaning::Moved(from));
            }
        }
    }
}

/// The words of `ln` and its kin.
struct Words<'w> {
    options: Vec<&'w str>,
    operands: Vec<&'w Value>,
    into: Option<Value>,
}

impl<'w> Words<'w> {
    fn of(call: &Call<'w>) -> Self {
        let mut found = Self { options: Vec::new(), operands: Vec::new(), into: None };
        let mut words = call.argv.iter().skip(1);
        let mut plain = false;
        while let Some(word) = words.next() {
            let text =
                word.as_str().filter(|text| !plain && text.len() > 1 && text.starts_with('-'));
            let Some(text) = text else {
                found.operands.push(word);
                continue;
            };
            match text {
                "--" => plain = true,
                "-S" | "--suffix" => drop(words.next()),
                "--target-directory" => found.into = words.next().cloned(),
                _ if text.starts_with("--") => match text.strip_prefix("--target-directory=") {
                    Some(directory) => found.into = Some(Value::constant(directory, word.span)),
                    None => found.options.push(text),
                },
                _ => match text.split_once('t') {
                    Some((_, "")) => found.into = words.next().cloned(),
                    Some((_, directory)) => {
                        found.into = Some(Value::constant(directory, word.span))
                    }
                    None => found.options.push(text),
                },
            }
            if text.contains('t') && !text.starts_with("--") {
                found.options.push(text.split_once('t').map_or(text, |(letters, _)| letters));
            }
        }
        found
    }

    fn has(&self, letter: char, long: &str) -> bool {
        let short = |option: &&&str| !option.starts_with("--") && option.contains(letter);
        self.options.iter().any(|option| *option == long || short(&option))
    }

    fn any(&self, letters: &[char]) -> bool {
        letters.iter().any(|letter| self.has(*letter, "--archive"))
    }

    fn sources_and_destination(&self) -> (&[&'w Value], Option<&Value>) {
        match (&self.into, self.operands.as_slice()) {
            (Some(into), all) => (all, Some(into)),
            (None, [only]) => (std::slice::from_ref(only), None),
            (None, [sources @ .., last]) => (sources, Some(last)),
            (None, []) => (&[], None),
        }
    }
}

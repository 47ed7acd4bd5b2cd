//! From layers as written to the one [`Policy`]: the only place where what a layer says is folded into another.
//!
//! Each layer first takes away from what weaker layers granted, then grants its own. A project's
//! layer comes last: it only takes away, so nobody above it loses by that.

use super::error::ProfileError;
use super::narrow;
use super::profile::{Entry, FilesWritten, Kind, Limit, Profile};
use super::resolved::{Files, Keep, Limits, Origins, Placed, Policy, Root, below};
use super::rule::{Text, When};
use super::variables::Variables;
use rustc_hash::{FxBuildHasher, FxHashSet};
use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Folds layers, weakest first, into the policy of the profile `name`.
pub fn fold(
    name: &str,
    layers: Vec<Cow<'static, Profile>>,
    variables: &Variables,
) -> Result<Policy, ProfileError> {
    narrow::pinned(&layers)?;
    let last = layers.len().saturating_sub(1);
    let mut draft =
        Draft { policy: Policy { profile: name.to_owned(), ..Policy::default() }, variables };
    for (rank, layer) in layers.into_iter().enumerate() {
        if layer.kind == Kind::Project {
            narrow::project(&layer)?;
        }
        // `layers` names the strongest first, so that is how origins count.
        let built_in = match layer {
            Cow::Borrowed(profile) => Some(profile),
            Cow::Owned(_) => None,
        };
        draft.add(&layer, built_in, (rank, last - rank));
    }
    without_twins(&mut draft.policy.files, &mut draft.policy.origins);
    draft.policy.layers.reverse();
    Ok(draft.policy)
}

struct Draft<'v> {
    policy: Policy,
    variables: &'v Variables,
}

impl Draft<'_> {
    fn add(
        &mut self,
        layer: &Profile,
        built_in: Option<&'static Profile>,
        (rank, origin): (usize, usize),
    ) {
        let kind = layer.kind;
        self.files(&layer.files, origin);
        if let Some(sockets) = layer.unix_sockets {
            // A project's word holds where it is the stricter one.
            if kind != Kind::Project || sockets > self.policy.unix_sockets {
                self.policy.unix_sockets = sockets;
                self.policy.origins.unix_sockets = origin;
            }
        }
        if let Some(network) = layer.network {
            // A project's word holds where it is the stricter one.
            if kind != Kind::Project || network > self.policy.network {
                self.policy.network = network;
                self.policy.origins.network = origin;
            }
        }
        match kind {
            Kind::Project => self.policy.ports.narrow(&layer.ports),
            Kind::Profile | Kind::User | Kind::Managed => self.policy.ports.replace(&layer.ports),
        }
        if let Some(isolate) = layer.isolate {
            // Of a project's only what is stricter holds.
            if kind != Kind::Project || isolate > self.policy.isolate {
                self.policy.isolate = isolate;
                self.policy.origins.isolate = origin;
            }
        }
        let (env, origins) = (&mut self.policy.environment, &mut self.policy.origins);
        for (mine, theirs, from) in [
            (&mut env.pass, &layer.environment.pass, &mut origins.pass),
            (&mut env.drop, &layer.environment.drop, &mut origins.drop),
        ] {
            from.extend(theirs.iter().map(|_| origin));
            mine.extend(theirs.iter().map(|text| text.clone().into_owned()));
        }
        for name in layer.environment.keep.iter() {
            env.keep.push(Keep { name: name.clone().into_owned(), over: env.drop.len() });
            origins.keep.push(origin);
        }
        let set = layer.environment.set.iter().cloned();
        env.set.extend(set.map(|(name, value)| (name.into_owned(), value.into_owned())));
        for (limit, amount) in layer.limits.iter() {
            bound(&mut self.policy.limits, *limit, *amount, kind);
        }
        if let Some(require) = &layer.require {
            // Along `extends` a profile states its own list; every other layer only asks for more.
            if kind == Kind::Profile {
                self.policy.require.clear();
            }
            self.policy.require.extend(require.iter());
        }
        if let Some(otherwise) = layer.judge.otherwise {
            let judge = &mut self.policy.judge;
            judge.otherwise =
                if kind == Kind::Project { judge.otherwise.max(otherwise) } else { otherwise };
        }
        self.rules(layer, built_in, rank);
        self.policy.layers.push(layer.file.clone().into_owned());
    }

    fn files(&mut self, written: &FilesWritten, origin: usize) {
        for path in written.readonly.iter().filter_map(|path| self.variables.expand(path)) {
            self.make_readonly(&path, origin);
        }
        for path in written.deny.iter().filter_map(|path| self.variables.expand(path)) {
            self.take_away(&path);
        }
        let variables = self.variables;
        let (files, from) = (&mut self.policy.files, &mut self.policy.origins);
        let freed = |name: &String| {
            written.unprotect.iter().any(|free| free == name || free == super::profile::EVERYTHING)
        };
        files.protect.retain(|name| !freed(name));
        for (mine, theirs) in [
            (&mut files.protect, &written.protect),
            (&mut files.protect_except, &written.protect_except),
        ] {
            let fresh = theirs.iter().filter(|name| mine.iter().all(|held| held != name.as_ref()));
            let fresh: Vec<String> = fresh.map(|name| name.clone().into_owned()).collect();
            mine.extend(fresh);
        }
        files.hidden.add(&written.hide, &written.unhide);
        let meant = |entry: &&Entry| entry.only.is_none_or(|only| only == variables.person());
        let root = |entry: &Entry| {
            let path = variables.expand(&entry.path)?;
            let except = entry.except.iter().map(|left| path.join(left.as_ref())).collect();
            Some(Root { path, except })
        };
        for (mine, theirs, from) in [
            (&mut files.read, &written.read, &mut from.read),
            (&mut files.write, &written.write, &mut from.write),
        ] {
            for root in theirs.iter().filter(meant).filter_map(root) {
                mine.push(root);
                from.push(origin);
            }
        }
        for path in written.sockets.iter().filter_map(|path| variables.expand(path)) {
            files.sockets.push(path);
            from.sockets.push(origin);
        }
        for (mine, theirs, from) in [
            (&mut files.devices, &written.devices, &mut from.devices),
            (&mut files.create, &written.create, &mut from.create),
        ] {
            for root in theirs.iter().filter(meant).filter_map(root) {
                mine.push(root.path);
                from.push(origin);
            }
        }
    }

    /// Nothing at or below `path` may be written; what could be stays readable.
    fn make_readonly(&mut self, path: &Path, origin: usize) {
        let (files, from) = (&mut self.policy.files, &mut self.policy.origins);
        let mut freed = Vec::new();
        for root in &mut files.write {
            if below(&root.path, path) {
                freed.push(root.clone());
            } else if root.holds(path) {
                root.except.push(path.to_owned());
                freed.push(Root { path: path.to_owned(), except: Vec::new() });
            }
        }
        drop_below(&mut files.write, &mut from.write, path, |root| &root.path);
        drop_below(&mut files.create, &mut from.create, path, PathBuf::as_path);
        for root in freed {
            files.read.push(root);
            from.read.push(origin);
        }
    }

    /// Nothing at or below `path` is granted any more.
    fn take_away(&mut self, path: &Path) {
        let (files, from) = (&mut self.policy.files, &mut self.policy.origins);
        drop_below(&mut files.read, &mut from.read, path, |root| &root.path);
        drop_below(&mut files.write, &mut from.write, path, |root| &root.path);
        drop_below(&mut files.devices, &mut from.devices, path, PathBuf::as_path);
        drop_below(&mut files.sockets, &mut from.sockets, path, PathBuf::as_path);
        drop_below(&mut files.create, &mut from.create, path, PathBuf::as_path);
        for root in files.read.iter_mut().chain(&mut files.write) {
            if root.holds(path) {
                root.except.push(path.to_owned());
            }
        }
    }

    fn rules(&mut self, layer: &Profile, built_in: Option<&'static Profile>, rank: usize) {
        let held = &mut self.policy.judge.rules;
        let written = &layer.judge;
        if !written.off.is_empty() {
            held.retain(|placed| !written.off.contains(&placed.rule.id));
        }
        // A project's rule of a known name stands beside the other: replacing could soften it.
        if layer.kind != Kind::Project {
            held.retain(|placed| written.rules.iter().all(|rule| rule.id != placed.rule.id));
        }
        // What is built in is referred to, not copied: this is on the way of every command.
        let referred = built_in.into_iter().flat_map(|p| p.judge.rules.iter().map(Cow::Borrowed));
        let own = written.rules.iter().filter(|_| built_in.is_none()).cloned().map(Cow::Owned);
        for rule in referred.chain(own) {
            let expand = |texts: &[Text]| {
                texts.iter().filter_map(|text| self.variables.expand(text)).collect()
            };
            let (path, covers) = match &rule.when {
                When::Effect(when) => (expand(&when.path), expand(&when.covers)),
                When::Finding(_) | When::Gap(_) => (Vec::new(), Vec::new()),
            };
            held.push(Placed { rule, rank, from: layer.kind, path, covers });
        }
    }
}

/// Drops every entry that says what an earlier one has said; the weakest layer keeps the credit.
fn without_twins(files: &mut Files, from: &mut Origins) {
    fn unique<'p>(paths: impl Iterator<Item = &'p Path>) -> Vec<bool> {
        // As text: comparing and hashing part by part, as `Path` does, is many times slower.
        let mut seen = room_for(paths.size_hint().0);
        paths.map(|path| seen.insert(path.as_os_str())).collect()
    }
    fn room_for<'p>(count: usize) -> FxHashSet<&'p OsStr> {
        FxHashSet::with_capacity_and_hasher(count, FxBuildHasher)
    }
    fn keep<T>(list: &mut Vec<T>, from: &mut Vec<usize>, marks: &[bool]) {
        let mut mark = marks.iter();
        list.retain(|_| mark.next().copied().unwrap_or(true));
        let mut mark = marks.iter();
        from.retain(|_| mark.next().copied().unwrap_or(true));
    }
    // Whoever leaves something out says a thing of his own, so only plain entries have twins.
    for (list, from) in [(&mut files.read, &mut from.read), (&mut files.write, &mut from.write)] {
        let mut seen = room_for(list.len());
        let plain = |root: &Root| root.except.is_empty();
        let marks: Vec<bool> =
            list.iter().map(|root| !plain(root) || seen.insert(root.path.as_os_str())).collect();
        keep(list, from, &marks);
    }
    for (list, from) in
        [(&mut files.devices, &mut from.devices), (&mut files.create, &mut from.create)]
    {
        let marks = unique(list.iter().map(PathBuf::as_path));
        keep(list, from, &marks);
    }
}

/// Removes what lies at or below `path`, and its origins with it.
fn drop_below<T>(list: &mut Vec<T>, from: &mut Vec<usize>, path: &Path, of: fn(&T) -> &Path) {
    let keep: Vec<bool> = list.iter().map(|item| !below(of(item), path)).collect();
    let mut at = keep.iter();
    list.retain(|_| at.next().copied().unwrap_or(true));
    let mut at = keep.iter();
    from.retain(|_| at.next().copied().unwrap_or(true));
}

fn bound(limits: &mut Limits, limit: Limit, amount: Option<u64>, kind: Kind) {
    let slot = slot(limits, limit);
    *slot = match (kind, *slot, amount) {
        (Kind::Project, Some(old), Some(new)) => Some(limit.stricter(old, new)),
        (Kind::Project, old, None) => old,
        (_, _, new) => new,
    };
}

/// The field of a limit.
#[must_use]
pub fn slot(limits: &mut Limits, limit: Limit) -> &mut Option<u64> {
    match limit {
        Limit::Processes => &mut limits.processes,
        Limit::OpenFiles => &mut limits.open_files,
        Limit::FileSize => &mut limits.file_size,
        Limit::Core => &mut limits.core,
        Limit::Memory => &mut limits.memory,
        Limit::CpuTime => &mut limits.cpu_seconds,
        Limit::WallTime => &mut limits.wall_seconds,
        Limit::Output => &mut limits.output,
        Limit::TotalMemory => &mut limits.total_memory,
        Limit::TotalProcesses => &mut limits.total_processes,
        Limit::Cpu => &mut limits.cpu,
        Limit::FreeSpace => &mut limits.free_space,
    }
}

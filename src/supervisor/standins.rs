//! What stands for something protected when the run begins: links at protected names, hooks and repositories that the person keeps elsewhere.
//!
//! Looked for at the top of the workspace, where editors, agents and git look first; once, before
//! the first held call is answered. Deeper ones are not looked for.

use super::git::{config, pointer};
use super::standing::{Bounds, Git, Standing};
use crate::policy::folded::fits;
use std::collections::HashMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// So many names of one directory are looked at.
const MOST: usize = 20_000;
/// So many links at hidden names are followed.
const MOST_BEHIND: usize = 256;
/// A pattern has so many parts at most to be followed.
const DEEPEST: usize = 4;

/// Adds what stands for protected things of the workspace.
pub(super) fn find(bounds: &mut Bounds) {
    let zone = bounds.zone.clone();
    links(bounds, &zone, 0);
    if !bounds.hidden.is_empty() {
        bounds.behind = behind_hidden(bounds);
    }
    if bounds.git {
        repository(bounds, &zone.join(".git"));
    }
}

/// Links at protected names in a directory, and in those that lead to protected names.
fn links(bounds: &mut Bounds, directory: &Path, depth: usize) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.take(MOST).flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        // The first held call of every run waits for this: most names are passed over at once.
        let leads = |pattern: &Vec<Vec<u8>>| {
            pattern.len() > depth + 1
                && pattern.get(depth).is_some_and(|piece| fits(piece, entry.file_name().as_bytes()))
        };
        if !(kind.is_symlink() || kind.is_dir() && bounds.sealed.iter().any(leads)) {
            continue;
        }
        let standing = bounds.standing(path.as_os_str().as_bytes());
        let counts = matches!(standing, Standing::Leads | Standing::Sealed)
            || standing == Standing::Git(Git::Top);
        // Behind any link at the top that leads out, names count as in the workspace.
        let out = depth == 0 && kind.is_symlink() && !end_of(&path).starts_with(&bounds.zone);
        if (counts || out) && kind.is_symlink() {
            let real = end_of(&path);
            bounds.stands_for(&real, path);
        } else if standing == Standing::Leads && kind.is_dir() && depth < DEEPEST {
            links(bounds, &path, depth + 1);
        }
    }
}

/// Where links at hidden names lead, as far as names count there. An earlier run may have made such a
/// link: it must not take programs, or the whole workspace, out of sight.
fn behind_hidden(bounds: &Bounds) -> Vec<PathBuf> {
    let entries = fs::read_dir(&bounds.zone).into_iter().flatten().take(MOST).flatten();
    let hidden = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_symlink()))
        .map(|entry| entry.path())
        .filter(|path| bounds.hides(path.as_os_str().as_bytes()));
    let holds_a_root = |end: &Path| bounds.writable.iter().any(|(root, _)| root.starts_with(end));
    let counts = |end: &PathBuf| {
        bounds.is_writable(end.as_os_str().as_bytes())
            && !holds_a_root(end)
            && !bounds.zone.starts_with(end)
    };
    let ends = hidden.map(|link| end_of(&link)).filter(counts);
    ends.take(MOST_BEHIND).collect()
}

/// Where a link leads, though it may lead to nothing yet.
fn end_of(link: &Path) -> PathBuf {
    if let Ok(real) = link.canonicalize() {
        return real;
    }
    let text = fs::read_link(link).unwrap_or_default();
    let target = link.parent().unwrap_or(link).join(text);
    let real = target.parent().and_then(|parent| parent.canonicalize().ok());
    match (real, target.file_name()) {
        (Some(parent), Some(name)) => parent.join(name),
        _ => pointer::normal(&target).unwrap_or(target),
    }
}

/// The repository of the workspace, where it lies elsewhere, and its hooks, where they do.
fn repository(bounds: &mut Bounds, top: &Path) {
    let mut place = top.canonicalize().unwrap_or_else(|_| top.to_owned());
    if place.is_file() {
        let content = fs::read(&place).unwrap_or_default();
        let directory = place.parent().unwrap_or(&place).to_owned();
        let leads = pointer::leads(&content, &directory);
        let Some(target) = leads.and_then(|target| target.canonicalize().ok()) else { return };
        place = common(&target);
        let config = bounds.standing(place.join("config").as_os_str().as_bytes());
        if config != Standing::Git(Git::Config) {
            bounds.stands_for(&place, top.to_owned());
        }
    }
    for part in ["hooks", "config", "info/attributes"] {
        let path = place.join(part);
        if path.is_symlink() {
            bounds.stands_for(&end_of(&path), top.join(part));
        }
    }
    let settings = fs::read(place.join("config")).ok().and_then(|text| config::parse(&text));
    for setting in settings.unwrap_or_default() {
        let (stands, base) = match (setting.section.as_str(), setting.variable.as_str()) {
            ("core", "hookspath") => (top.join("hooks"), bounds.zone.clone()),
            ("include" | "includeif", "path") => (top.join("config"), place.clone()),
            _ => continue,
        };
        let Some(value) =
            setting.value.filter(|value| !value.is_empty() && !value.starts_with('~'))
        else {
            continue;
        };
        let path = base.join(value);
        let real = path.canonicalize().ok().or_else(|| pointer::normal(&path));
        if let Some(real) = real {
            bounds.stands_for(&real, stands);
        }
    }
}

/// The repository that a linked work tree's own directory belongs to.
fn common(directory: &Path) -> PathBuf {
    let text = fs::read_to_string(directory.join("commondir")).unwrap_or_default();
    let named = text.trim_end();
    let real = directory.join(named).canonicalize();
    if named.is_empty() {
        directory.to_owned()
    } else {
        real.unwrap_or_else(|_| directory.to_owned())
    }
}

/// Files by device and inode, and whether their names are hidden.
pub(super) type Twins = HashMap<(u64, u64), bool>;

/// Files that are protected or hidden at the top of the workspace and have a further name, which
/// must have been given to them before the run: by device and inode.
pub(super) fn twins(bounds: &Bounds) -> Twins {
    let mut found = Twins::new();
    let mut stack = vec![bounds.zone.clone()];
    let mut seen = 0;
    while let Some(directory) = stack.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        for entry in entries.flatten() {
            seen += 1;
            let (path, Ok(meta)) = (entry.path(), entry.metadata()) else { continue };
            let bytes = path.as_os_str().as_bytes();
            let guards = |part: Git| matches!(part, Git::Config | Git::Hook | Git::Commondir);
            let hidden = bounds.hides(bytes);
            let guarded = match bounds.standing(bytes) {
                Standing::Sealed => true,
                Standing::Git(part) => guards(part),
                _ => hidden,
            };
            if guarded && meta.is_file() && meta.nlink() > 1 {
                found.insert((meta.dev(), meta.ino()), hidden);
            }
            let deeper = guarded
                || matches!(
                    bounds.standing(bytes),
                    Standing::Leads | Standing::Git(Git::Top | Git::Hooks)
                );
            if deeper && meta.is_dir() && seen < MOST {
                stack.push(path);
            }
        }
    }
    found
}

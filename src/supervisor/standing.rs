//! Where a path stands: outside the workspace, free, protected, on the way to something protected, or a part of git. Pure.
//!
//! Paths are real ones, as the kernel tells them of an open directory, with at most one name added.

use super::real::RealPaths;
use crate::policy::folded::{fits, folded};
use crate::policy::hidden::Hidden;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What is protected, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The workspace: below it the names mean something.
    pub zone: PathBuf,
    /// Whether what git would run or read as configuration is protected.
    pub git: bool,
    /// Names that are protected at any depth of the zone, part by part; `*` fits any run of characters.
    pub sealed: Vec<Vec<Vec<u8>>>,
    /// Directories below which no name means anything, such as `node_modules`.
    pub free: Vec<Vec<u8>>,
    /// Where metadata may change: everything that may be written.
    pub writable: Vec<(PathBuf, Vec<PathBuf>)>,
    /// Names whose content is not read.
    pub hidden: Hidden,
    /// Where hidden names do not count, unless it may be written: everything else that may be read.
    pub readable: Vec<PathBuf>,
    /// Where links at hidden names lead: hidden as well.
    pub behind: Vec<PathBuf>,
    /// What is judged as if it lay elsewhere: a real path, and the one it stands for.
    pub standins: Vec<(PathBuf, PathBuf)>,
    /// Directories outside in which protected names count, but not below: those on the way to where
    /// a link of the workspace leads.
    pub beside: Vec<PathBuf>,
}

/// So many things may stand for others.
const MOST_STANDINS: usize = 1024;

/// What a path is in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Git {
    /// `.git` itself: a directory, or a file that points to one.
    Top,
    /// `config` or `config.worktree`.
    Config,
    /// The file by which a linked worktree finds the repository it belongs to.
    Commondir,
    /// `HEAD`: without it git looks for another repository, which may be of the agent's making.
    Head,
    /// The directory of hooks.
    Hooks,
    /// A hook that git would run.
    Hook,
    /// A sample, which git never runs.
    Sample,
    /// Content: objects, refs, index and the like.
    Content,
    /// Content that may be a directory moved in whole: below `objects`, `refs`, `logs`, `lfs`.
    Bulk,
}

/// Where a path stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Outside the zone.
    Outside,
    /// The zone itself, or a directory that holds it.
    Around,
    /// An ordinary path of the zone.
    Free,
    /// A directory on the way to something protected.
    Leads,
    /// Protected.
    Sealed,
    /// A part of a repository.
    Git(Git),
}

/// Text of a path without the zone in front; `None` when it is not in the zone.
pub(super) fn inside<'p>(path: &'p [u8], zone: &Path) -> Option<&'p [u8]> {
    let zone = zone.as_os_str().as_encoded_bytes();
    let zone = zone.strip_suffix(b"/").unwrap_or(zone);
    path.strip_prefix(zone)?.strip_prefix(b"/").filter(|rest| !rest.is_empty())
}

/// Whether `path` is `top` or lies below it.
fn below(path: &[u8], top: &Path) -> bool {
    let top = top.as_os_str().as_encoded_bytes();
    let top = top.strip_suffix(b"/").unwrap_or(top);
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

impl Bounds {
    /// The same with all links on the way to its places resolved, as the kernel will tell of what
    /// is opened. Asks the file system; before the first held call nothing of a run can have
    /// changed there.
    #[must_use]
    pub fn real(&self) -> Self {
        let mut paths = RealPaths::default();
        let mut real = |path: &PathBuf| paths.of(path);
        let writable = self.writable.iter();
        let writable = writable
            .map(|(root, except)| (real(root), except.iter().map(&mut real).collect()))
            .collect();
        // Asked of hidden names alone.
        let hides = !self.hidden.is_empty();
        let readable = self.readable.iter().filter(|_| hides).map(&mut real).collect();
        Self { zone: real(&self.zone), writable, readable, ..self.clone() }
    }

    /// Whether the content at a path is not to be read. What the kernel says of a name that was
    /// taken away meanwhile does not free the thing.
    #[must_use]
    pub fn hides(&self, path: &[u8]) -> bool {
        if self.hidden.is_empty() {
            return false;
        }
        let path = path.strip_suffix(b" (deleted)").unwrap_or(path);
        if self.behind.iter().any(|end| below(path, end)) {
            return true;
        }
        // The names of what holds the place are its own affair.
        let roots = self.writable.iter().map(|(root, _)| root);
        let rest = roots.filter_map(|root| inside(path, root)).min_by_key(|rest| rest.len());
        match inside(path, &self.zone).or(rest) {
            Some(rest) => self.hidden.holds(rest),
            None => self.hidden.holds(path) && !self.readable.iter().any(|root| below(path, root)),
        }
    }

    /// From now on a directory or file is judged as if it lay at another path.
    /// Whether that is so: it is not for what cannot be written, or holds more than is meant.
    pub fn stands_for(&mut self, real: &Path, path: PathBuf) -> bool {
        let known = self.standins.iter().any(|(held, of)| held == real && *of == path);
        let written = self
            .writable
            .iter()
            .any(|(root, _)| root != real && below(real.as_os_str().as_bytes(), root));
        if !known && written && !self.zone.starts_with(real) && self.standins.len() < MOST_STANDINS
        {
            self.standins.push((real.to_owned(), path));
            return true;
        }
        known
    }

    /// Whether something that stands for something else lies at a path, below or above it.
    #[must_use]
    pub fn is_near_standin(&self, path: &[u8]) -> bool {
        let text = Path::new(std::ffi::OsStr::from_bytes(path));
        self.standins
            .iter()
            .any(|(real, _)| below(path, real) || below(real.as_os_str().as_bytes(), text))
    }

    /// Where a real path stands: in its own place, and in that which it stands for.
    #[must_use]
    pub fn standing(&self, path: &[u8]) -> Standing {
        let own = self.placed(path);
        if self.standins.is_empty() || matches!(own, Standing::Sealed | Standing::Git(_)) {
            return own;
        }
        let other = self.standins.iter().filter_map(|(real, stands)| {
            let rest = path.strip_prefix(real.as_os_str().as_bytes())?;
            let fits = rest.is_empty() || rest.starts_with(b"/");
            let there = || self.placed(&[stands.as_os_str().as_bytes(), rest].concat());
            fits.then(there)
        });
        let strictness = |standing: &Standing| match standing {
            Standing::Sealed | Standing::Git(_) => 2,
            Standing::Leads => 1,
            _ => 0,
        };
        other.chain([own]).max_by_key(strictness).unwrap_or(own)
    }

    fn placed(&self, path: &[u8]) -> Standing {
        let Some(rest) = inside(path, &self.zone) else {
            let zone = self.zone.as_os_str().as_encoded_bytes();
            let around = below(zone, Path::new(std::ffi::OsStr::from_bytes(path)));
            return if around { Standing::Around } else { self.beside(path) };
        };
        self.within(rest)
    }

    /// What lies in a directory that holds the zone: tools look upwards, so protected names count
    /// there, but only there and not below.
    fn beside(&self, path: &[u8]) -> Standing {
        let above = self.beside.iter().map(PathBuf::as_path);
        let mut counts = above.chain(self.zone.ancestors().skip(1)).filter_map(|above| {
            let rest = inside(path, above)?;
            let first = rest.split(|byte| *byte == b'/').next().unwrap_or(rest);
            (self.within(first) != Standing::Free).then(|| self.within(rest))
        });
        counts.next().unwrap_or(Standing::Outside)
    }

    /// Where a path relative to the zone stands.
    fn within(&self, rest: &[u8]) -> Standing {
        let rest = folded(rest);
        let parts: Vec<&[u8]> = rest.split(|byte| *byte == b'/').collect();
        let is_git = |part: &&[u8]| self.git && is_git(part);
        let git = parts.iter().position(is_git);
        let before = git.map_or(parts.as_slice(), |at| parts.get(..at).unwrap_or_default());
        let named = self.named(before);
        if named == Standing::Sealed {
            return named;
        }
        git.map_or(named, |at| repository(parts.get(at + 1..).unwrap_or_default()))
    }

    /// Whether metadata of a real path may change as far as its place is concerned.
    #[must_use]
    pub fn is_writable(&self, path: &[u8]) -> bool {
        self.writable
            .iter()
            .any(|(root, except)| below(path, root) && !except.iter().any(|left| below(path, left)))
    }

    /// The strictest that any protected name says.
    fn named(&self, parts: &[&[u8]]) -> Standing {
        let is_free = |part: &&[u8]| self.free.iter().any(|free| free == part);
        let freed = parts.iter().position(is_free);
        let mut standing = Standing::Free;
        for start in 0..freed.map_or(parts.len(), |at| at + 1) {
            let tail = parts.get(start..).unwrap_or_default();
            for pattern in &self.sealed {
                // Hardly any name even begins as a pattern does, and this is asked of every call.
                if !begin_alike(pattern, tail)
                    || !tail.iter().zip(pattern).all(|(part, piece)| fits(piece, part))
                {
                    continue;
                }
                if tail.len() >= pattern.len() {
                    return Standing::Sealed;
                }
                standing = Standing::Leads;
            }
        }
        standing
    }
}

/// Whether the first part may fit the first piece, by its first byte.
fn begin_alike(pattern: &[Vec<u8>], parts: &[&[u8]]) -> bool {
    let (piece, part) = (pattern.first(), parts.first());
    let first = piece.and_then(|piece| piece.first()).zip(part.and_then(|part| part.first()));
    first.is_none_or(|(piece, part)| *piece == b'*' || piece.eq_ignore_ascii_case(part))
}

/// Whether a part is `.git`, or what FAT and NTFS call it when they shorten names.
fn is_git(part: &[u8]) -> bool {
    is(part, b".git") || is(part, b"git~1")
}

/// What lies at `parts` below a `.git`.
fn repository(parts: &[&[u8]]) -> Standing {
    // A `.git` inside a `.git` would be a repository of its own: the inner one is what counts.
    if let Some(at) = parts.iter().rposition(|part| is_git(part)) {
        return repository(parts.get(at + 1..).unwrap_or_default());
    }
    let Some((first, rest)) = parts.split_first() else { return Standing::Git(Git::Top) };
    if is(first, b"modules") {
        return modules(rest);
    }
    if is(first, b"worktrees") {
        return worktrees(rest);
    }
    if rest.is_empty() && is(first, b"HEAD") {
        return Standing::Git(Git::Head);
    }
    directory(parts).unwrap_or(Standing::Git(Git::Content))
}

/// A part of a repository's directory; `None` for plain content.
fn directory(parts: &[&[u8]]) -> Option<Standing> {
    let (first, rest) = parts.split_first()?;
    let standing = match (first.to_ascii_lowercase().as_slice(), rest) {
        (b"config" | b"config.worktree", []) => Standing::Git(Git::Config),
        // A main repository has none: one would lead git to configuration elsewhere.
        (b"commondir", []) => Standing::Sealed,
        (b"hooks", []) => Standing::Git(Git::Hooks),
        (b"hooks", [name]) if name.ends_with(b".sample") => Standing::Git(Git::Sample),
        (b"hooks", _) => Standing::Git(Git::Hook),
        (b"info", []) => Standing::Leads,
        (b"info", [name, ..]) if is(name, b"attributes") => Standing::Sealed,
        (b"objects" | b"refs" | b"logs" | b"lfs", [_, ..]) => Standing::Git(Git::Bulk),
        _ => return None,
    };
    Some(standing)
}

/// Below `.git/modules`: names of submodules may hold slashes, so the parts of a repository are
/// looked for at any depth, but not where branch names and objects lie.
fn modules(parts: &[&[u8]]) -> Standing {
    for at in 1..parts.len() {
        let tail = parts.get(at..).unwrap_or_default();
        let Some((first, rest)) = tail.split_first() else { break };
        if is(first, b"modules") {
            return modules(rest);
        }
        if is(first, b"worktrees") {
            return worktrees(rest);
        }
        if let Some(found) = directory(tail) {
            return found;
        }
        if [&b"refs"[..], b"logs", b"objects"].iter().any(|name| is(first, name)) {
            break;
        }
    }
    if parts.is_empty() { Standing::Leads } else { Standing::Git(Git::Content) }
}

/// Below `.git/worktrees`.
fn worktrees(parts: &[&[u8]]) -> Standing {
    match parts {
        [] => Standing::Leads,
        [_, name, rest @ ..] if is(name, b"modules") => modules(rest),
        [_, name] if is(name, b"commondir") => Standing::Git(Git::Commondir),
        [_, name] if is(name, b"config.worktree") => Standing::Git(Git::Config),
        // Without its `commondir` git takes it for a repository of its own.
        [_, rest @ ..] => directory(rest).unwrap_or(Standing::Git(Git::Content)),
    }
}

fn is(part: &[u8], name: &[u8]) -> bool {
    part.eq_ignore_ascii_case(name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::supervisor) fn bounds() -> Bounds {
        let names = [".vscode", ".claude/settings.json", ".envrc", "*.code-workspace"];
        let parts = |name: &str| name.split('/').map(|part| part.as_bytes().to_vec()).collect();
        Bounds {
            zone: "/w/s".into(),
            git: true,
            sealed: names.into_iter().map(parts).collect(),
            free: vec![b"node_modules".to_vec()],
            writable: vec![("/w/s".into(), vec![]), ("/tmp".into(), vec![])],
            ..Bounds::default()
        }
    }

    #[test]
    fn each_path_stands_where_it_should() {
        use Git::*;
        let cases = [
            ("/w/s", Standing::Around),
            ("/w", Standing::Around),
            ("/", Standing::Around),
            ("/w/sx/.vscode", Standing::Outside),
            ("/w/.vscode/tasks.json", Standing::Sealed),
            ("/w/.git/config", Standing::Git(Config)),
            ("/.git", Standing::Git(Top)),
            ("/w/s/a.c", Standing::Free),
            ("/w/s/.vscode", Standing::Sealed),
            ("/w/s/a/b/.VSCode/x/y", Standing::Sealed),
            ("/w/s/.claude", Standing::Leads),
            ("/w/s/.claude/settings.json", Standing::Sealed),
            ("/w/s/.claude/todo", Standing::Free),
            ("/w/s/x.code-workspace", Standing::Sealed),
            ("/w/s/node_modules/x/.vscode/a", Standing::Free),
            ("/w/s/.vscode/node_modules/a", Standing::Sealed),
            ("/w/s/.git", Standing::Git(Top)),
            ("/w/s/a/.git/config", Standing::Git(Config)),
            ("/w/s/node_modules/x/.git/config", Standing::Git(Config)),
            ("/w/s/.git/config.lock", Standing::Git(Content)),
            ("/w/s/.git/commondir", Standing::Sealed),
            ("/w/s/.git/hooks", Standing::Git(Hooks)),
            ("/w/s/.git/HOOKS/pre-commit", Standing::Git(Hook)),
            ("/w/s/.git/hooks/pre-commit.sample", Standing::Git(Sample)),
            ("/w/s/.git/hooks/d/x.sample", Standing::Git(Hook)),
            ("/w/s/.git/info/attributes", Standing::Sealed),
            ("/w/s/.git/info", Standing::Leads),
            ("/w/s/.git/modules", Standing::Leads),
            ("/w/s/.git/modules/config", Standing::Git(Content)),
            ("/w/s/.git/modules/a/b/config", Standing::Git(Config)),
            ("/w/s/.git/modules/a/modules/b/hooks/x", Standing::Git(Hook)),
            ("/w/s/.git/modules/a/refs/heads/config", Standing::Git(Bulk)),
            ("/w/s/.git/refs/heads/hooks", Standing::Git(Bulk)),
            ("/w/s/.git/worktrees/x/commondir", Standing::Git(Commondir)),
            ("/w/s/.git/worktrees/x/HEAD", Standing::Git(Content)),
            ("/w/s/.git/worktrees/x/config", Standing::Git(Config)),
            ("/w/s/.git/worktrees/x/hooks/pre-commit", Standing::Git(Hook)),
            ("/w/s/.git/HEAD", Standing::Git(Head)),
            ("/w/s/.vscode/x/.git/index", Standing::Sealed),
            ("/w/s/a/GIT~1/config", Standing::Git(Config)),
            ("/w/s/.g\u{200c}it/config", Standing::Git(Config)),
            ("/w/s/.v\u{17f}code", Standing::Sealed),
        ];
        for (path, standing) in cases {
            assert_eq!(bounds().standing(path.as_bytes()), standing, "{path}");
        }
    }

    #[test]
    fn what_stands_for_something_is_judged_as_that() {
        let mut bounds = bounds();
        for (real, stands, takes) in [
            ("/w/s/shared/vscode", "/w/s/.vscode", true),
            ("/tmp/hooks", "/w/s/.git/hooks", true),
            ("/tmp/out", "/w/s/src", true),
            // all of a place, what holds the workspace, what cannot be written
            ("/tmp", "/w/s/t", false),
            ("/w", "/w/s/up", false),
            ("/dev/null", "/w/s/.git/hooks", false),
        ] {
            assert_eq!(bounds.stands_for(Path::new(real), stands.into()), takes, "{real}");
        }
        bounds.beside.push("/tmp".into());
        for (path, standing) in [
            ("/w/s/shared/vscode/tasks.json", Standing::Sealed),
            ("/w/s/shared/vscodes", Standing::Free),
            ("/tmp/hooks/pre-commit", Standing::Git(Git::Hook)),
            ("/tmp/out/a/.git/config", Standing::Git(Git::Config)),
            ("/tmp/.git/config", Standing::Git(Git::Config)),
            ("/tmp/other/.git/config", Standing::Outside),
        ] {
            assert_eq!(bounds.standing(path.as_bytes()), standing, "{path}");
        }
        assert!(bounds.is_near_standin(b"/tmp/out/x") && !bounds.is_near_standin(b"/tmp/o"));
    }

    #[test]
    fn hidden_names_count_where_anything_may_be_written() {
        let mut bounds = bounds();
        bounds.hidden.add(&[".env".into()], &[]);
        bounds.readable = vec!["/usr".into()];
        for (path, hidden) in [
            ("/w/s/.env", true),
            ("/tmp/x/.env/y", true),
            ("/w/s/.env (deleted)", true),
            ("/w/renamed/.env", true),
            ("/usr/share/.env", false),
            ("/w/s/env", false),
            ("/v/.env/s/x", true),
        ] {
            assert_eq!(bounds.hides(path.as_bytes()), hidden, "{path}");
        }
        bounds.zone = "/v/.env/s".into();
        assert!(!bounds.hides(b"/v/.env/s/x") && bounds.hides(b"/v/.env/s/.env"));
    }
}

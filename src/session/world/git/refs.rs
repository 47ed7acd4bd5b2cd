//! Branches, their upstreams and stashes, told from refs, their logs and the configuration. No commit is
//! looked at, and git is never run: how far a branch is ahead is read off its log.

use super::super::contents_if;
use super::super::resolve::resolve;
use super::{Repositories, git_directory, top_of};
use crate::model::effect::Count;
use crate::model::world::Branch;
use std::fs::{read_dir, symlink_metadata};
use std::io::{Read, Seek, SeekFrom};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// `packed-refs` and the configuration are read up to this size, in bytes.
const LARGEST: usize = 1 << 20;
/// So much of the end of a log is read, in bytes.
const TAIL: u64 = 64 * 1024;
/// More refs than these are not compared.
const MOST: usize = 2_000;

impl Repositories {
    /// A branch of the repository around `dir` (absolute): the named one, or the one that is checked out.
    pub(in super::super) fn branch(&self, dir: &Path, name: Option<&str>) -> Option<Branch> {
        let refs = Refs::around(dir)?;
        let name = match name {
            Some(name) => name.to_owned(),
            None => refs.head()?,
        };
        let tip = refs.tip(&format!("refs/heads/{name}"))?;
        let upstream = refs.upstream(&name);
        let there =
            upstream.as_deref().and_then(|remote| refs.tip(&format!("refs/remotes/{remote}")));
        let ahead = there.and_then(|there| match there == tip {
            true => Some(Count::Exactly(0)),
            false => refs.since(&format!("refs/heads/{name}"), &there),
        });
        let is_default = refs.is_default(&name);
        Some(Branch { also_at: refs.also_at(&name, &tip), upstream, ahead, is_default, name })
    }

    /// What stashed changes are called, the latest first.
    pub(in super::super) fn stashes(&self, dir: &Path) -> Option<Vec<String>> {
        let refs = Refs::around(dir)?;
        let path = refs.common.join("logs/refs/stash");
        if symlink_metadata(&path).is_err() {
            return Some(Vec::new());
        }
        let (log, whole) = refs.tail(&path)?;
        let messages = log.lines().rev().map(|line| {
            line.split_once('\t').map_or_else(String::new, |(_, message)| message.to_owned())
        });
        whole.then(|| messages.collect())
    }
}

/// Where the refs around `dir` (absolute) lie, so that whoever asks can tell whether they may be quoted.
pub(in super::super) fn place(dir: &Path) -> Option<PathBuf> {
    Some(Refs::around(dir)?.common)
}

/// Where the refs of one work tree lie.
struct Refs {
    /// Of this work tree: HEAD.
    own: PathBuf,
    /// Of the repository: everything else.
    common: PathBuf,
    packed: String,
}

impl Refs {
    fn around(dir: &Path) -> Option<Self> {
        let dir = resolve(dir);
        let meta = symlink_metadata(&dir).ok();
        let (own, common) = git_directory(&top_of(&dir, meta.as_ref())?)?;
        let refs = Self { own, common, packed: String::new() };
        let packed = refs.text(&refs.common.join("packed-refs")).unwrap_or_default();
        Some(Self { packed, ..refs })
    }

    /// A file of the repository: what is quoted from it must lie in it, whatever links there are on the way.
    fn text(&self, path: &Path) -> Option<String> {
        String::from_utf8(contents_if(path, LARGEST, |opened| self.holds(opened))?).ok()
    }

    fn holds(&self, opened: &Path) -> bool {
        opened.starts_with(&self.own) || opened.starts_with(&self.common)
    }

    /// The end of a log, and whether that is all of it.
    fn tail(&self, path: &Path) -> Option<(String, bool)> {
        symlink_metadata(path).ok().filter(std::fs::Metadata::is_file)?;
        let mut file = crate::sys::file::open_nofollow(path).ok()?;
        let opened = std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()?;
        let meta = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        if !self.holds(&opened) {
            return None;
        }
        let skipped = meta.len().saturating_sub(TAIL);
        file.seek(SeekFrom::Start(skipped)).ok()?;
        let mut bytes = Vec::new();
        file.take(TAIL).read_to_end(&mut bytes).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if skipped == 0 {
            return Some((text, true));
        }
        // The first line is cut.
        Some((text.split_once('\n').map_or_else(String::new, |(_, rest)| rest.to_owned()), false))
    }

    /// The branch that is checked out.
    fn head(&self) -> Option<String> {
        let head = self.text(&self.own.join("HEAD"))?;
        Some(head.trim_end().strip_prefix("ref: refs/heads/")?.to_owned())
    }

    /// The commit a ref stands at.
    fn tip(&self, name: &str) -> Option<String> {
        let plain = !name.split('/').any(|part| part.is_empty() || part.starts_with('.'));
        if plain && let Some(loose) = self.text(&self.common.join(name)) {
            let loose = loose.trim_end().to_owned();
            return loose.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(loose);
        }
        self.packed_refs().find(|(_, packed)| *packed == name).map(|(tip, _)| tip.to_owned())
    }

    fn packed_refs(&self) -> impl Iterator<Item = (&str, &str)> {
        let plain = self.packed.lines().filter(|line| !line.starts_with(['#', '^']));
        plain.filter_map(|line| line.split_once(' '))
    }

    /// `origin/main`, from the configuration.
    fn upstream(&self, branch: &str) -> Option<String> {
        let config = self.text(&self.common.join("config"))?;
        let wanted = format!("[branch \"{branch}\"]");
        let section = config.lines().map(str::trim).skip_while(|line| *line != wanted).skip(1);
        let (mut remote, mut merge) = (None, None);
        for line in section.take_while(|line| !line.starts_with('[')) {
            let Some((key, value)) = line.split_once('=') else { continue };
            match key.trim() {
                "remote" => remote = Some(value.trim()),
                "merge" => merge = value.trim().strip_prefix("refs/heads/"),
                _ => {}
            }
        }
        Some(format!("{}/{}", remote.filter(|remote| *remote != ".")?, merge?))
    }

    /// How many commits the log of a ref has since it last stood at `there`.
    fn since(&self, name: &str, there: &str) -> Option<Count> {
        let (log, whole) = self.tail(&self.common.join("logs").join(name))?;
        let mut commits = 0;
        for line in log.lines().rev() {
            let mut words = line.split(' ');
            let (old, new) = (words.next()?, words.next()?);
            if new == there {
                return Some(Count::Exactly(commits));
            }
            let message = line.split_once('\t').map_or("", |(_, message)| message);
            commits += u64::from(message.starts_with("commit"));
            if old == there {
                return Some(Count::Exactly(commits));
            }
        }
        // It never stood there: it came from elsewhere, and more than its own commits may be missing.
        (commits > 0 || !whole).then_some(Count::AtLeast(commits))
    }

    /// Another branch at the same commit; one of a remote before one of here.
    fn also_at(&self, branch: &str, tip: &str) -> Option<String> {
        let mut names: Vec<String> = Vec::new();
        for kind in ["refs/remotes", "refs/heads"] {
            self.loose(Path::new(kind), &mut names);
            let packed =
                self.packed_refs().map(|(_, name)| name).filter(|name| name.starts_with(kind));
            names.extend(packed.take(MOST).map(str::to_owned));
        }
        names.truncate(MOST);
        let own = format!("refs/heads/{branch}");
        let other = names.into_iter().find(|name| {
            *name != own && !name.ends_with("/HEAD") && self.tip(name).as_deref() == Some(tip)
        })?;
        let short =
            other.strip_prefix("refs/remotes/").or_else(|| other.strip_prefix("refs/heads/"));
        short.map(str::to_owned)
    }

    /// The names of refs that are files, three levels deep (`refs/remotes/origin/feature/x`).
    fn loose(&self, top: &Path, names: &mut Vec<String>) {
        let mut pending = vec![(top.to_path_buf(), 4)];
        while let Some((dir, depth)) = pending.pop() {
            let Ok(entries) = read_dir(self.common.join(&dir)) else { continue };
            for entry in entries.flatten().take(MOST) {
                let name = dir.join(entry.file_name());
                let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
                match is_dir {
                    true if depth > 0 => pending.push((name, depth - 1)),
                    true => {}
                    false => names.extend(name.to_str().map(str::to_owned)),
                }
            }
        }
    }

    /// Whether others start from this branch: it is what a remote's HEAD names, or is called so.
    fn is_default(&self, branch: &str) -> bool {
        let named = self.text(&self.common.join("refs/remotes/origin/HEAD"));
        let named = named
            .as_deref()
            .and_then(|text| text.trim_end().strip_prefix("ref: refs/remotes/origin/"));
        match named {
            Some(named) => named == branch,
            None => matches!(branch, "main" | "master" | "trunk" | "develop"),
        }
    }
}

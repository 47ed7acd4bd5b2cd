//! Links of the workspace that lead to places outside which the run may write: what lies there is then judged as if it lay in the workspace.
//!
//! Else a directory of the workspace could be put aside and a link take its place, with a
//! repository or settings behind it that nobody judged. A link is refused when such things are
//! there already, or when it could be made to lead elsewhere later.

use super::Tools;
use super::bare;
use super::git::pointer;
use super::judge::Why;
use super::standing::{Bounds, Git, Standing, inside};
use crate::sys::at::{Errno, Result};
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind::{InvalidInput, NotADirectory, NotFound};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

/// So many names behind a link are looked at; with more, the link is not made.
const MOST: usize = 20_000;
/// No file system of Linux has longer names (`NAME_MAX`).
const LONGEST: usize = 255;
/// As many links as the kernel follows.
const LINKS: usize = 40;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum End {
    /// To where the run can change nothing, or what is judged anyway.
    Settled,
    /// To a place outside that may be written.
    Outside(PathBuf),
    /// By way of a link that can be replaced.
    Loose(PathBuf),
}

impl Tools {
    /// Judges a link with this text that is about to lie at a path.
    pub(super) fn leads_well(&mut self, path: &[u8], text: &[u8]) -> Result<()> {
        let Some(place) = self.bounds.place_in_zone(path) else { return Ok(()) };
        let link = Path::new(OsStr::from_bytes(path));
        let mut turns = Vec::new();
        let end = follow(&self.bounds, link, Path::new(OsStr::from_bytes(text)), &mut turns);
        // Where it goes up, it goes up from a directory and not from a link.
        for turn in turns {
            self.pins.add(&turn, &self.bounds.zone);
        }
        match end {
            End::Settled => Ok(()),
            End::Loose(by) => self.is_no_link(
                path,
                &format!("it leads through {}, which can be replaced", by.display()),
            ),
            End::Outside(target) => {
                if let Some(what) = self.harm_behind(&target, &place) {
                    return self.is_no_link(path, &what);
                }
                self.pins.add(&target, &self.bounds.zone);
                if !self.bounds.stands_for(&target, place) {
                    return self.is_no_link(path, "what it leads to could not be guarded");
                }
                self.bounds.look_beside(&target);
                Ok(())
            }
        }
    }

    /// Judges a relative link in a directory that is moved: from its new place it may lead out.
    pub(super) fn carries_well(&mut self, top: &Path, inner: &Path, will: &[u8]) -> Result<()> {
        let Ok(text) = fs::read_link(top.join(inner)) else { return Ok(()) };
        let directory =
            Path::new(OsStr::from_bytes(will)).parent().unwrap_or_else(|| Path::new("/"));
        // One that says where it leads by itself leads there from everywhere; one that stays in
        // the workspace as far as its words go leads out by another link only, which was judged.
        let stays = pointer::is_straight(&text)
            && pointer::normal(&directory.join(&text))
                .is_some_and(|end| end.starts_with(&self.bounds.zone));
        if text.is_absolute() || stays {
            return Ok(());
        }
        self.leads_well(will, text.as_os_str().as_bytes())
    }

    fn is_no_link(&mut self, path: &[u8], detail: &str) -> Result<()> {
        self.note("link", path, Why::Leads, detail);
        Err(Errno::NOT_PERMITTED)
    }

    /// What behind a link speaks against it.
    fn harm_behind(&self, target: &Path, place: &Path) -> Option<String> {
        if self.bounds.writable.iter().any(|(root, _)| root == target) {
            return Some(format!("it leads to all of {}", target.display()));
        }
        let shown = |path: &Path| Some(format!("it leads to {}", path.display()));
        // Tools look upwards: what lies beside the way counts as well.
        for above in
            target.ancestors().skip(1).take_while(|above| self.bounds.may_be_written(above))
        {
            if let Some(found) = self.bounds.guarded_in(above) {
                return shown(&found);
            }
        }
        let (mut seen, mut stack) = (0, vec![PathBuf::new()]);
        while let Some(below) = stack.pop() {
            if bare::is_repository(&target.join(&below), None) {
                return shown(&target.join(below));
            }
            let entries = match fs::read_dir(target.join(&below)) {
                Ok(entries) => entries,
                Err(error) if matches!(error.kind(), NotFound | NotADirectory) => continue,
                // What cannot be seen now can be shown later.
                Err(_) => return shown(&target.join(below)),
            };
            for entry in entries.flatten() {
                let inner = below.join(entry.file_name());
                seen += 1;
                if seen > MOST {
                    return Some("too much lies behind it to be judged".to_owned());
                }
                let standing = self.bounds.standing(place.join(&inner).as_os_str().as_bytes());
                let kind = entry.file_type().ok()?;
                if is_guarded(standing) || kind.is_symlink() && self.strays(target, &inner) {
                    return shown(&target.join(inner));
                }
                if kind.is_dir() {
                    stack.push(inner);
                }
            }
        }
        None
    }

    /// Whether a link behind a link leads on to where nothing is judged.
    fn strays(&self, top: &Path, inner: &Path) -> bool {
        let link = top.join(inner);
        let text = fs::read_link(&link).unwrap_or_default();
        match follow(&self.bounds, &link, &text, &mut Vec::new()) {
            End::Settled => false,
            End::Outside(target) | End::Loose(target) => !target.starts_with(top),
        }
    }
}

impl Bounds {
    /// Where a path lies in the workspace, if only by standing for something there.
    pub(super) fn place_in_zone(&self, path: &[u8]) -> Option<PathBuf> {
        let text = Path::new(OsStr::from_bytes(path));
        if inside(path, &self.zone).is_some() {
            return Some(text.to_owned());
        }
        let mut standins = self.standins.iter();
        standins.find_map(|(real, stands)| Some(stands.join(text.strip_prefix(real).ok()?)))
    }

    /// Whether names count at a directory outside the workspace.
    pub(super) fn counts_outside(&self, path: &[u8]) -> bool {
        let text = Path::new(OsStr::from_bytes(path));
        self.place_in_zone(path).is_some() || self.beside.iter().any(|above| above == text)
    }

    /// Whether a path is, or lies in, a place that may be written.
    fn may_be_written(&self, path: &Path) -> bool {
        self.is_writable(path.as_os_str().as_bytes())
    }

    /// A protected thing that lies directly in a directory.
    fn guarded_in(&self, directory: &Path) -> Option<PathBuf> {
        if bare::is_repository(directory, None) {
            return Some(directory.to_owned());
        }
        let entries = fs::read_dir(directory).into_iter().flatten().take(MOST).flatten();
        let counts = |name: &OsStr| {
            let standing = self.standing(self.zone.join(name).as_os_str().as_bytes());
            is_guarded(standing)
        };
        entries
            .map(|entry| entry.file_name())
            .find(|name| counts(name))
            .map(|name| directory.join(name))
    }

    /// From now on protected names count in the directories on the way to a place as well.
    fn look_beside(&mut self, target: &Path) {
        let above: Vec<PathBuf> = target
            .ancestors()
            .skip(1)
            .take_while(|above| self.may_be_written(above))
            .map(Path::to_owned)
            .collect();
        for directory in above {
            if !self.beside.contains(&directory) {
                self.beside.push(directory);
            }
        }
    }
}

fn is_guarded(standing: Standing) -> bool {
    matches!(standing, Standing::Sealed)
        || matches!(standing, Standing::Git(part) if !matches!(part, Git::Content | Git::Bulk | Git::Sample))
}

/// Follows a link part by part. Puts down where it goes up again after it went down.
fn follow(bounds: &Bounds, link: &Path, text: &Path, turns: &mut Vec<PathBuf>) -> End {
    let mut here = link.parent().unwrap_or_else(|| Path::new("/")).to_owned();
    let mut rest: Vec<PathBuf> = parts(text);
    // `a/../b` is elsewhere once `a` is another link.
    let (straight, mut down, mut links) = (pointer::is_straight(text), false, 0);
    let in_zone = |path: &Path| path.starts_with(&bounds.zone);
    while let Some(part) = rest.pop() {
        match part.components().next() {
            Some(Component::RootDir) => here = PathBuf::from("/"),
            Some(Component::ParentDir) => {
                // From where the link itself lies it goes up for good.
                if !straight && down {
                    turns.push(here.clone());
                }
                here.pop();
            }
            Some(Component::Normal(name)) => {
                down = true;
                let next = here.join(name);
                if is_anybodys(&here, name, &rest) {
                    return End::Loose(next);
                }
                let loose = !in_zone(&next) || !straight;
                match fs::read_link(&next) {
                    // Text that only looks like a path, as some programs keep in links.
                    Err(_) if name.len() > LONGEST => return End::Settled,
                    Ok(_) if links > LINKS => return End::Settled,
                    Ok(_) if loose && bounds.may_be_written(&next) => return End::Loose(next),
                    Ok(text) => {
                        links += 1;
                        rest.extend(parts(&text));
                    }
                    // No link, or nothing yet.
                    Err(error)
                        if matches!(error.kind(), InvalidInput | NotFound | NotADirectory) =>
                    {
                        here = next;
                    }
                    Err(_) => return End::Loose(next),
                }
            }
            _ => {}
        }
    }
    let settled = in_zone(&here) || bounds.zone.starts_with(&here) || !bounds.may_be_written(&here);
    if settled { End::Settled } else { End::Outside(here) }
}

/// Whether a name in /proc means something else for everybody who follows it: where he stands, or what he holds open.
fn is_anybodys(here: &Path, name: &OsStr, rest: &[PathBuf]) -> bool {
    here.starts_with("/proc") && (name == "cwd" || here.ends_with("fd") && !rest.is_empty())
}

/// The parts of a path, the first on top.
fn parts(path: &Path) -> Vec<PathBuf> {
    let mut parts: Vec<PathBuf> =
        path.components().map(|part| PathBuf::from(part.as_os_str())).collect();
    parts.reverse();
    parts
}

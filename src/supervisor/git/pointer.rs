//! The small files by which git finds a repository elsewhere: `.git` of a linked worktree or a submodule, and `commondir`.
//!
//! git writes them in place, so their content is not known when they are opened. The supervisor
//! lets git write to memory instead, and puts the file there itself once the content is harmless.

use std::path::{Component, Path, PathBuf};

/// More than this no pointer says.
pub const MAX_BYTES: u64 = 8192;

/// Where a `.git` file that lies in `directory` leads; `None` when it is not finished or not one.
#[must_use]
pub fn target(content: &[u8], directory: &Path) -> Option<PathBuf> {
    let text = std::str::from_utf8(content).ok()?.strip_suffix('\n')?;
    let path = text.strip_prefix("gitdir: ")?;
    if path.is_empty() || path.chars().any(char::is_control) || !is_straight(Path::new(path)) {
        return None;
    }
    normal(&directory.join(path))
}

/// Where one that the person has leads, read as git reads it.
#[must_use]
pub fn leads(content: &[u8], directory: &Path) -> Option<PathBuf> {
    let path =
        std::str::from_utf8(content).ok()?.strip_prefix("gitdir: ")?.trim_end_matches(['\n', '\r']);
    (!path.is_empty()).then(|| directory.join(path))
}

/// Whether a path goes up at its beginning only: `a/..` is elsewhere once `a` is a link.
#[must_use]
pub fn is_straight(path: &Path) -> bool {
    let mut down = false;
    path.components().all(|part| {
        down |= matches!(part, Component::Normal(_) | Component::RootDir);
        !(down && part == Component::ParentDir)
    })
}

/// Whether a repository at this real path is one whose configuration and hooks are protected by
/// its place: that of a linked worktree or a submodule of a repository in the zone.
#[must_use]
pub fn is_guarded(target: &Path, zone: &Path) -> bool {
    let Ok(rest) = target.strip_prefix(zone) else { return false };
    let parts: Vec<&str> =
        rest.components().map(|part| part.as_os_str().to_str().unwrap_or("")).collect();
    let mut tops = parts.iter().enumerate().filter(|(_, part)| part.eq_ignore_ascii_case(".git"));
    let (Some((top, _)), None) = (tops.next(), tops.next()) else { return false };
    let inner = parts.get(top + 1..).unwrap_or_default();
    // Below names that are not looked at, nothing would be protected: see `standing.rs`.
    let unseen = ["", "refs", "logs", "objects", "lfs", "hooks", "info"];
    if inner.iter().any(|part| unseen.contains(&part.to_ascii_lowercase().as_str())) {
        return false;
    }
    match inner {
        ["worktrees", _] => true,
        // The second is a submodule as a linked worktree has it.
        ["modules", names @ ..] | ["worktrees", _, "modules", names @ ..] => {
            !names.is_empty() && !names.ends_with(&["modules"])
        }
        _ => false,
    }
}

/// Whether a `commondir` file says what git writes there.
#[must_use]
pub fn is_common(content: &[u8]) -> bool {
    content == b"../..\n"
}

/// The path without `.` and `..`, as text; `None` when it is not absolute.
#[must_use]
pub fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::RootDir | Component::Normal(_) => normal.push(part),
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            Component::Prefix(_) => return None,
        }
    }
    normal.is_absolute().then_some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_read_and_judged() {
        let of = |text: &str| target(text.as_bytes(), Path::new("/w/s/sub"));
        assert_eq!(of("gitdir: ../.git/modules/sub\n"), Some("/w/s/.git/modules/sub".into()));
        assert_eq!(of("gitdir: /w/s/.git/worktrees/x"), None);
        assert_eq!(of("gitdir: \n"), None);
        assert_eq!(of("gitdir: a/../../.git/modules/sub\n"), None);
        assert_eq!(of("gitdir: /w/a/../s/.git/modules/sub\n"), None);
        assert_eq!(of("x: y\n"), None);
        for (path, guarded) in [
            ("/w/s/.git/modules/sub", true),
            ("/w/s/.git/modules/a/b", true),
            ("/w/s/vendor/.git/worktrees/x", true),
            ("/w/s/.git/modules/a/worktrees/x", true),
            ("/w/s/.git/modules/a/refs", false),
            ("/w/s/.git/modules", false),
            ("/w/s/.git", false),
            ("/w/s/evil", false),
            ("/tmp/.git/modules/x", false),
            ("/w/s/.git/x/.git/modules/y", false),
        ] {
            assert_eq!(is_guarded(Path::new(path), Path::new("/w/s")), guarded, "{path}");
        }
    }
}

//! Roots with holes turned into Landlock rules: the kernel can only add, so what surrounds a hole is named piece by piece.
//!
//! A hole costs a rule for each of its siblings (about 4 us at launch). One that the ordinary
//! permission bits close anyway costs nothing: it is left to them.

use super::pattern::fits;
use super::plan::{Rights, Rule};
use crate::policy::resolved::{Root, below};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The two questions expansion asks of the file system.
pub trait Tree {
    /// The paths in a directory; `None` when it cannot be listed.
    fn names(&self, directory: &Path) -> Option<Vec<PathBuf>>;
    /// Whether the path is a symbolic link.
    fn is_link(&self, path: &Path) -> bool;
    /// Whether this user could do anything with the path at all.
    fn reachable(&self, path: &Path) -> bool;
}

/// The real file system.
#[derive(Debug, Clone, Copy)]
pub struct RealTree;

impl Tree for RealTree {
    fn names(&self, directory: &Path) -> Option<Vec<PathBuf>> {
        let names = crate::sys::directory::names(directory).ok()?;
        Some(names.into_iter().map(|name| directory.join(name)).collect())
    }
    fn is_link(&self, path: &Path) -> bool {
        path.is_symlink()
    }
    fn reachable(&self, path: &Path) -> bool {
        crate::sys::permission::any(path)
    }
}

/// Deeper than this no hole is looked for: the subtree is left out instead.
const MAX_DEPTH: usize = 16;

/// The rules that grant `rights` on `root` but for its holes.
#[must_use]
pub fn expand(root: &Root, rights: Rights, tree: &dyn Tree) -> Vec<Rule> {
    let holes: Vec<&Path> = root
        .except
        .iter()
        .map(PathBuf::as_path)
        .filter(|hole| is_pattern(hole) || tree.reachable(hole))
        .collect();
    let mut rules = Vec::new();
    grant(&root.path, rights, &holes, tree, &mut rules);
    rules
}

fn grant(path: &Path, rights: Rights, holes: &[&Path], tree: &dyn Tree, rules: &mut Vec<Rule>) {
    if holes.iter().any(|hole| matches(hole, path)) {
        return;
    }
    if !holes.iter().any(|hole| may_lie_below(hole, path)) {
        rules.push(Rule { path: path.to_path_buf(), rights });
        return;
    }
    if path.components().count() > MAX_DEPTH {
        return;
    }
    rules.push(Rule { path: path.to_path_buf(), rights: Rights::List });
    for child in tree.names(path).unwrap_or_default() {
        // A rule follows a link to its target: in a place the agent can write, a planted link
        // would widen the next run.
        if rights == Rights::Write && tree.is_link(&child) {
            continue;
        }
        grant(&child, rights, holes, tree, rules);
    }
}

fn is_pattern(hole: &Path) -> bool {
    hole.as_os_str().as_bytes().contains(&b'*')
}

/// Whether the hole is this very path; a component of the hole may hold stars.
fn matches(hole: &Path, path: &Path) -> bool {
    if is_pattern(hole) {
        return hole.iter().count() == path.iter().count() && agrees(hole, path);
    }
    hole.as_os_str() == path.as_os_str()
}

/// Whether the hole may be something below this path.
fn may_lie_below(hole: &Path, path: &Path) -> bool {
    if is_pattern(hole) {
        return hole.iter().count() > path.iter().count() && agrees(hole, path);
    }
    hole.as_os_str() != path.as_os_str() && below(hole, path)
}

fn agrees(hole: &Path, path: &Path) -> bool {
    hole.iter().zip(path.iter()).all(|(hole, part)| fits(hole.as_bytes(), part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::{Rights, Tree, expand};
    use crate::policy::resolved::Root;
    use std::path::{Path, PathBuf};

    struct Etc {
        everything_reachable: bool,
    }

    impl Tree for Etc {
        fn names(&self, directory: &Path) -> Option<Vec<PathBuf>> {
            let names: &[&str] = match directory.to_str()? {
                "/etc" => &["hosts", "shadow", "ssh"],
                "/etc/ssh" => &["ssh_config", "ssh_host_rsa"],
                _ => return None,
            };
            Some(names.iter().map(|name| directory.join(name)).collect())
        }
        fn is_link(&self, path: &Path) -> bool {
            path == Path::new("/etc/hosts")
        }
        fn reachable(&self, _: &Path) -> bool {
            self.everything_reachable
        }
    }

    fn granted(except: &[&str], tree: &Etc) -> Vec<String> {
        granted_as(Rights::Read, except, tree)
    }

    fn granted_as(rights: Rights, except: &[&str], tree: &Etc) -> Vec<String> {
        let root = Root { path: "/etc".into(), except: except.iter().map(PathBuf::from).collect() };
        expand(&root, rights, tree)
            .into_iter()
            .map(|rule| format!("{:?} {}", rule.rights, rule.path.display()))
            .collect()
    }

    #[test]
    fn a_hole_is_surrounded_piece_by_piece() {
        let tree = Etc { everything_reachable: true };
        assert_eq!(
            granted(&["/etc/shadow"], &tree),
            ["List /etc", "Read /etc/hosts", "Read /etc/ssh"]
        );
    }

    #[test]
    fn a_link_in_a_writable_place_is_not_followed() {
        let tree = Etc { everything_reachable: true };
        assert_eq!(
            granted_as(Rights::Write, &["/etc/shadow"], &tree),
            ["List /etc", "Write /etc/ssh"]
        );
    }

    #[test]
    fn a_pattern_is_a_hole_wherever_it_fits() {
        let tree = Etc { everything_reachable: true };
        assert_eq!(
            granted(&["/etc/shadow", "/etc/ssh/ssh_host_*"], &tree),
            ["List /etc", "Read /etc/hosts", "List /etc/ssh", "Read /etc/ssh/ssh_config"]
        );
    }

    #[test]
    fn what_the_permission_bits_close_needs_no_hole() {
        let tree = Etc { everything_reachable: false };
        assert_eq!(granted(&["/etc/shadow"], &tree), ["Read /etc"]);
    }
}

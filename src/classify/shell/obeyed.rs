//! New names outside the work that are read or run although nobody names them; the sandbox refuses them anyway.

use super::Shell;
use std::path::Path;

/// Where the machine looks things up: what comes into such a directory is settings or code from then on.
const LOOKED_UP: &[&str] =
    &["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

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
}

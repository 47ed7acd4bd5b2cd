//! What else there is to know of a path: whose it is, what is mounted below, where a link leads. Looked at only
//! for what is about to be taken away.

use crate::sandbox::mounts;
use crate::sys::passwd;
use std::fs::symlink_metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The user a path belongs to, when that is neither the person nor the owner of `work`.
pub(super) fn stranger(path: &Path, work: &Path) -> Option<String> {
    let owner = symlink_metadata(path).ok()?.uid();
    let of_work = symlink_metadata(work).map(|meta| meta.uid()).ok();
    if owner == passwd::uid() || owner == passwd::effective_uid() || Some(owner) == of_work {
        return None;
    }
    let text = std::fs::read("/etc/passwd").unwrap_or_default();
    Some(name_of(&text, owner).unwrap_or_else(|| owner.to_string()))
}

/// The name that passwd(5) text gives a user id.
fn name_of(text: &[u8], uid: u32) -> Option<String> {
    let wanted = uid.to_string();
    text.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let name = fields.next()?;
        (fields.nth(1)? == wanted.as_bytes()).then(|| String::from_utf8_lossy(name).into_owned())
    })
}

/// Where other file systems are mounted at or below a path, as this process sees it.
pub(super) fn mounts(path: &Path) -> Vec<PathBuf> {
    let points = mounts::all().unwrap_or_default().into_iter().map(|mount| mount.point);
    let mut below: Vec<PathBuf> = points.filter(|place| place.starts_with(path)).collect();
    below.sort();
    below.dedup();
    below
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places_are_read_as_they_are_written() {
        let text = b"root:x:0:0::/root:/bin/sh\ndb:x:70:70::/var/db:/bin/false\n";
        assert_eq!(name_of(text, 70).as_deref(), Some("db"));
        assert_eq!(name_of(text, 71), None);
        assert!(mounts(Path::new("/")).contains(&PathBuf::from("/proc")));
        assert!(mounts(Path::new("/no/such")).is_empty());
    }
}

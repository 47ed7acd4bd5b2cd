//! The mounts of this process, as /proc/self/mountinfo lists them (proc(5)). Nothing is mounted or looked at.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Which directory of its file system is mounted.
    pub root: PathBuf,
    /// Where.
    pub point: PathBuf,
    /// The type of the file system.
    pub kind: String,
}

/// The mounts that this process sees.
///
/// # Errors
/// There is no /proc.
pub fn all() -> io::Result<Vec<Mount>> {
    // Bytes: a name of a file system need not be UTF-8.
    let text = std::fs::read("/proc/self/mountinfo")?;
    Ok(text.split(|byte| *byte == b'\n').filter_map(read).collect())
}

/// Reads one line; nothing when it is none of the format.
#[must_use]
pub fn read(line: &[u8]) -> Option<Mount> {
    // The fields before the lone dash are as many as there are tags.
    let mut fields = line.split(|byte| *byte == b' ');
    let (root, point) = (plain(fields.nth(3)?), plain(fields.next()?));
    fields.find(|field| *field == b"-")?;
    let kind = String::from_utf8_lossy(fields.next()?).into_owned();
    Some(Mount { root, point, kind })
}

/// A path without the kernel's escapes: `\040` stands for a space.
fn plain(bytes: &[u8]) -> PathBuf {
    let mut at = 0;
    let mut path = Vec::with_capacity(bytes.len());
    while let Some(byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 4).and_then(|d| std::str::from_utf8(d).ok());
        let escaped = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match escaped.filter(|_| *byte == b'\\') {
            Some(meant) => {
                path.push(meant);
                at += 4;
            }
            None => {
                path.push(*byte);
                at += 1;
            }
        }
    }
    PathBuf::from(OsString::from_vec(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let mount = |root: &str, point: &str, kind: &str| {
            Some(Mount { root: root.into(), point: point.into(), kind: kind.to_owned() })
        };
        let line =
            "36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 - ext3 /dev/root rw,errors=continue";
        assert_eq!(read(line.as_bytes()), mount("/mnt1", "/mnt 2", "ext3"));
        let line = "29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw";
        assert_eq!(read(line.as_bytes()), mount("/", "/sys/fs/cgroup", "cgroup2"));
        let odd = read(b"1 2 0:1 / /a\xff\\134c\\9 rw - tmpfs x rw").unwrap();
        assert_eq!(odd.point.as_os_str().as_encoded_bytes(), b"/a\xff\\c\\9");
        for broken in ["", "36 35 98:0 /mnt1", "a - b", " - ", "1 2 3 4 - x"] {
            assert_eq!(read(broken.as_bytes()), None, "{broken}");
        }
        assert!(all().unwrap().iter().any(|mount| mount.kind == "proc"));
    }
}

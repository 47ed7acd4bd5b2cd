//! Who the person is, without NSS: the binary is static, so `/etc/passwd` is read here.
//!
//! Users that only a directory service knows have no entry; the caller then falls back on `$HOME`.

use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The real user id of this process.
#[must_use]
pub fn uid() -> u32 {
    nix::unistd::getuid().as_raw()
}

/// The effective user id of this process.
#[must_use]
pub fn effective_uid() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// The home directory that passwd(5) text gives for a user id.
#[must_use]
pub fn home_of(passwd: &[u8], uid: u32) -> Option<PathBuf> {
    let wanted = uid.to_string();
    passwd.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b':');
        let id = fields.nth(2)?;
        let home = fields.nth(2)?;
        (id == wanted.as_bytes() && home.first() == Some(&b'/'))
            .then(|| PathBuf::from(std::ffi::OsString::from_vec(home.to_vec())))
    })
}

#[cfg(test)]
mod tests {
    use super::home_of;
    use std::path::PathBuf;

    const TEXT: &[u8] =
        b"root:x:0:0:root:/root:/bin/bash\nbroken\nu:x:1002:1002::/home/u:/bin/sh\n";

    #[test]
    fn the_entry_of_the_uid_counts() {
        assert_eq!(home_of(TEXT, 1002), Some(PathBuf::from("/home/u")));
        assert_eq!(home_of(TEXT, 0), Some(PathBuf::from("/root")));
        assert_eq!(home_of(TEXT, 7), None);
    }
}

//! The variables a profile may name, and how a path with one becomes a path; the environment is not asked here.

use super::error::nearest;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// One variable a profile may name.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its name in profiles, without the `$`.
    pub name: &'static str,
    /// The environment variables that may move it, first one set wins.
    pub env: &'static [&'static str],
    /// Where it lies when nothing moves it: another variable (earlier in the list) and a tail.
    pub default: Option<(&'static str, &'static str)>,
}

const fn known(
    name: &'static str,
    env: &'static [&'static str],
    default: Option<(&'static str, &'static str)>,
) -> Known {
    Known { name, env, default }
}

/// The socket of the person's ssh-agent, which lies where no toolchain does.
pub const AGENT_SOCKET: &str = "SSH_AUTH_SOCK";

/// Every variable; a default refers to earlier ones only.
pub const KNOWN: &[Known] = &[
    // The first two are handed in and never taken from the environment.
    known("WORKSPACE", &[], None),
    known("HOME", &[], None),
    known("TMPDIR", &["TMPDIR"], None),
    known("XDG_CACHE_HOME", &["XDG_CACHE_HOME"], Some(("HOME", ".cache"))),
    known("XDG_CONFIG_HOME", &["XDG_CONFIG_HOME"], Some(("HOME", ".config"))),
    known("XDG_DATA_HOME", &["XDG_DATA_HOME"], Some(("HOME", ".local/share"))),
    known("CARGO_HOME", &["CARGO_HOME"], Some(("HOME", ".cargo"))),
    known("RUSTUP_HOME", &["RUSTUP_HOME"], Some(("HOME", ".rustup"))),
    known("GOPATH", &["GOPATH"], Some(("HOME", "go"))),
    known("GOMODCACHE", &["GOMODCACHE"], Some(("GOPATH", "pkg/mod"))),
    known("GOCACHE", &["GOCACHE"], Some(("XDG_CACHE_HOME", "go-build"))),
    known("GOROOT", &["GOROOT"], None),
    known("NPM_CACHE", &["npm_config_cache", "NPM_CONFIG_CACHE"], Some(("HOME", ".npm"))),
    known("NVM_DIR", &["NVM_DIR"], Some(("HOME", ".nvm"))),
    known("PNPM_HOME", &["PNPM_HOME"], Some(("XDG_DATA_HOME", "pnpm"))),
    known("YARN_CACHE", &["YARN_CACHE_FOLDER"], Some(("XDG_CACHE_HOME", "yarn"))),
    known("BUN_INSTALL", &["BUN_INSTALL"], Some(("HOME", ".bun"))),
    known("DENO_DIR", &["DENO_DIR"], Some(("XDG_CACHE_HOME", "deno"))),
    known("PIP_CACHE", &["PIP_CACHE_DIR"], Some(("XDG_CACHE_HOME", "pip"))),
    known("UV_CACHE", &["UV_CACHE_DIR"], Some(("XDG_CACHE_HOME", "uv"))),
    known("PYENV_ROOT", &["PYENV_ROOT"], Some(("HOME", ".pyenv"))),
    known("RBENV_ROOT", &["RBENV_ROOT"], Some(("HOME", ".rbenv"))),
    known("GRADLE_HOME", &["GRADLE_USER_HOME"], Some(("HOME", ".gradle"))),
    known("JAVA_HOME", &["JAVA_HOME"], None),
    known("CCACHE_DIR", &["CCACHE_DIR"], Some(("XDG_CACHE_HOME", "ccache"))),
    known("SCCACHE_DIR", &["SCCACHE_DIR"], Some(("XDG_CACHE_HOME", "sccache"))),
    // No directory, and only for `files.sockets`: whose links lead where is looked at when it is
    // opened (`supervisor/doors.rs`).
    known(AGENT_SOCKET, &["SSH_AUTH_SOCK"], None),
];

/// Why a path in a profile cannot be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A variable nobody knows, and the nearest that is known.
    Unknown(String, Option<&'static str>),
    /// Anything else, in words.
    Form(&'static str),
}

/// Checks the form of a path as written, without resolving it.
pub fn check(text: &str) -> Result<(), Fault> {
    let tail = match text.strip_prefix('$') {
        Some(rest) => {
            let (name, tail) = split(rest);
            if !KNOWN.iter().any(|known| known.name == name) {
                let near = nearest(name, KNOWN.iter().map(|known| known.name));
                return Err(Fault::Unknown(name.to_owned(), near));
            }
            tail
        }
        None if text.starts_with('~') => return Err(Fault::Form("write $HOME instead of ~")),
        None if !text.starts_with('/') => {
            return Err(Fault::Form("a path begins with / or with a variable"));
        }
        None => text,
    };
    if tail.contains('$') {
        return Err(Fault::Form("a variable may only stand at the beginning"));
    }
    if !tail.is_empty() && !tail.starts_with('/') {
        return Err(Fault::Form("only / may follow a variable"));
    }
    check_tail(tail)
}

/// Checks the part of a path that is taken as it is.
pub fn check_tail(tail: &str) -> Result<(), Fault> {
    if tail.contains('\0') {
        return Err(Fault::Form("a path holds no NUL"));
    }
    if tail.contains(['*', '?', '[']) {
        return Err(Fault::Form("no patterns here: name the directory, all below it is meant"));
    }
    if tail.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(Fault::Form("no . or .. in a path"));
    }
    Ok(())
}

/// The values of the variables for one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    values: Vec<(&'static str, PathBuf)>,
    person: Person,
}

/// Who runs; some entries are meant for one of them only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Person {
    /// Everybody but the superuser.
    #[default]
    User,
    /// User id 0.
    Root,
}

impl Variables {
    /// No variable is set yet.
    #[must_use]
    pub fn of(person: Person) -> Self {
        Self { values: Vec::with_capacity(KNOWN.len()), person }
    }

    /// Sets a variable. A relative or unnormalised path is ignored: it would mean something else each time.
    pub fn set(&mut self, name: &'static str, path: PathBuf) {
        if is_normal(&path) {
            self.values.retain(|(known, _)| *known != name);
            self.values.push((name, path));
        }
    }

    /// The value of a variable, if it is set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Path> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, path)| path.as_path())
    }

    /// Who runs.
    #[must_use]
    pub const fn person(&self) -> Person {
        self.person
    }

    /// The path a text stands for; `None` when its variable is not set.
    #[must_use]
    pub fn expand(&self, text: &str) -> Option<PathBuf> {
        let Some(rest) = text.strip_prefix('$') else {
            return Some(trimmed(text));
        };
        let (name, tail) = split(rest);
        let base = self.get(name)?;
        let tail = tail.trim_matches('/');
        if tail.is_empty() {
            return Some(base.to_owned());
        }
        // One allocation of the right size: `join` takes two, two hundred times a launch.
        let mut path = OsString::with_capacity(base.as_os_str().len() + 1 + tail.len());
        path.push(base);
        path.push("/");
        path.push(tail);
        Some(path.into())
    }
}

/// Whether a path is absolute and says each part once, without `.`, `..` or doubled slashes.
#[must_use]
pub fn is_normal(path: &Path) -> bool {
    let Some(rest) = path.as_os_str().as_encoded_bytes().strip_prefix(b"/") else { return false };
    let plain = |part: &[u8]| !matches!(part, b"" | b"." | b"..") && !part.contains(&0);
    rest.is_empty() || rest.split(|byte| *byte == b'/').all(plain)
}

fn trimmed(text: &str) -> PathBuf {
    let text = text.trim_end_matches('/');
    PathBuf::from(if text.is_empty() { "/" } else { text })
}

fn split(rest: &str) -> (&str, &str) {
    let end = rest.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_'));
    rest.split_at(end.unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_checked() {
        assert_eq!(check("$WORKSPACE/a"), Ok(()));
        assert_eq!(check("/"), Ok(()));
        assert_eq!(
            check("$WORKSPCE"),
            Err(Fault::Unknown("WORKSPCE".to_owned(), Some("WORKSPACE")))
        );
        for wrong in ["a/b", "~/x", "/a/../b", "$HOMEx", "$HOME.x", "/a/$HOME", "/a/*", "", "$"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn paths_are_expanded() {
        let mut vars = Variables::of(Person::User);
        vars.set("HOME", "/home/u".into());
        assert_eq!(vars.expand("$HOME/.cargo/"), Some("/home/u/.cargo".into()));
        assert_eq!(vars.expand("$HOME"), Some("/home/u".into()));
        assert_eq!(vars.expand("/usr/"), Some("/usr".into()));
        assert_eq!(vars.expand("/"), Some("/".into()));
        assert_eq!(vars.expand("$GOPATH/x"), None);
    }

    #[test]
    fn odd_paths_are_not_normal() {
        for odd in ["", "a", "/a/..", "/a/./b", "//", "/a//b", "/a/", "/a/."] {
            assert!(!is_normal(Path::new(odd)), "{odd}");
        }
        assert!(is_normal(Path::new("/")) && is_normal(Path::new("/a/b.c")));
    }

    #[test]
    fn defaults_refer_to_earlier_variables() {
        for (at, known) in KNOWN.iter().enumerate() {
            if let Some((base, tail)) = known.default {
                assert!(KNOWN[..at].iter().any(|k| k.name == base), "{}", known.name);
                assert!(!tail.starts_with('/'));
            }
        }
    }
}

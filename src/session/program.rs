//! Which file a request executes, and with which words.

use crate::model::invocation::{Invocation, Request};
use crate::sandbox::plan::Command;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// No program of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The name as it was asked for.
    pub name: OsString,
}

impl std::fmt::Display for NotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: no such program", self.name.display())
    }
}

impl std::error::Error for NotFound {}

/// What PATH is taken to be when it is not set (confstr(3), `_CS_PATH`, with the local directories).
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The command of an invocation. Shell text runs under bash without its start-up files, else
/// under sh: the classifier judged the text as that shell reads it.
///
/// # Errors
/// When no executable file of the name is on the PATH.
pub fn command(invocation: &Invocation) -> Result<Command, NotFound> {
    let (program, argv) = match &invocation.request {
        Request::Shell(text) => shell(text)?,
        Request::Argv(words) => {
            let name = words.first().cloned().unwrap_or_default();
            let path = invocation.var("PATH").unwrap_or_else(|| OsStr::new(DEFAULT_PATH));
            let found = find(&name, path, &invocation.cwd).ok_or(NotFound { name })?;
            (found, words.clone())
        }
    };
    Ok(Command { program, argv, cwd: invocation.cwd.clone() })
}

/// The shell is taken from fixed places: a `bash` that an agent puts on the PATH must not read the text.
fn shell(text: &[u8]) -> Result<(PathBuf, Vec<OsString>), NotFound> {
    let text = OsString::from_vec(text.to_vec());
    let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
    for bash in ["/bin/bash", "/usr/bin/bash"] {
        if is_program(Path::new(bash)) {
            let mut argv = words(&["bash", "--noprofile", "--norc", "-c"]);
            argv.push(text);
            return Ok((PathBuf::from(bash), argv));
        }
    }
    let sh = PathBuf::from("/bin/sh");
    if !is_program(&sh) {
        return Err(NotFound { name: sh.into() });
    }
    let mut argv = words(&["sh", "-c"]);
    argv.push(text);
    Ok((sh, argv))
}

fn find(name: &OsStr, path: &OsStr, cwd: &Path) -> Option<PathBuf> {
    if name.is_empty() {
        return None;
    }
    if name.as_bytes().contains(&b'/') {
        // A file that exists but may not be executed is the kernel's to refuse, with its reason.
        // The name stays as it was asked for: a script finds it in `$0`.
        return cwd.join(name).exists().then(|| PathBuf::from(name));
    }
    path.as_bytes()
        .split(|byte| *byte == b':')
        .map(|dir| cwd.join(OsStr::from_bytes(dir)).join(name))
        .find(|file| is_program(file))
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| m.is_file()) && crate::sys::permission::execute(path)
}

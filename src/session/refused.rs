//! What the supervisor saw refused, put into words: which promise was kept, and which line of a profile would allow it.

use crate::classify;
use crate::journal::refusal::{Known, RefusalRecord};
use crate::journal::text::Text;
use crate::model::support::Promise;
use crate::policy::folded::fits;
use crate::policy::resolved::{Policy, below};
use crate::sandbox::filter::told::{Closed, SERVER_WITHOUT_PORT};
use crate::sandbox::plan::SandboxPlan;
use crate::supervisor::judge::Why;
use crate::supervisor::observe::Observation;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// What is known of a run when its refusals are put into words.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What held.
    pub policy: &'a Policy,
    /// What was applied.
    pub plan: &'a SandboxPlan,
    /// The person's home.
    pub home: &'a Path,
}

/// How a refused thing could be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Way {
    /// A line of a profile.
    pub(super) allow: Option<String>,
    /// Another way, or what else the line needs.
    pub(super) instead: Option<String>,
}

/// One observation as a record.
#[must_use]
pub fn record(observation: &Observation, scene: Scene<'_>) -> RefusalRecord {
    let Observation { act, what, why, detail, times } = observation;
    let path = Path::new(OsStr::from_bytes(what));
    let (promise, reason, way) = words(*why, path, act, scene);
    let detail = if detail.is_empty() { String::new() } else { format!("{detail}; ") };
    RefusalRecord {
        known: Known::Seen,
        act: if act.is_empty() { "use".to_owned() } else { act.to_string() },
        target: Text::path(path),
        times: *times,
        promise: promise.as_str().to_owned(),
        why: format!("{detail}{reason}"),
        allow: way.allow,
        instead: way.instead,
    }
}

/// Which promise it kept, why it was refused, and how it could be had.
fn words(why: Why, path: &Path, act: &str, scene: Scene<'_>) -> (Promise, &'static str, Way) {
    match why {
        Why::Closed(closed @ Closed::Ports) => {
            (closed.promise(), closed.why(), scene.to_open(path, act))
        }
        Why::Closed(closed) => {
            let allow = closed.allow().map(str::to_owned);
            let instead = allow.is_none().then(|| closed.instead().to_owned());
            (closed.promise(), closed.why(), Way { allow, instead })
        }
        Why::Unwritable => {
            let reason = "it lies outside of what this profile lets a command change";
            (Promise::Writes, reason, scene.to_write(path, act))
        }
        Why::Unreadable => {
            (Promise::Reads, "no rule of this profile grants it", scene.to_read(path))
        }
        Why::Outside => {
            let reason = "mode, owner, times and attributes change only where writing is allowed";
            (Promise::Metadata, reason, scene.to_write(path, "write"))
        }
        Why::Outsider => {
            let reason = "this run has not made it, and whoever made it acts outside the sandbox";
            (Promise::Network, reason, scene.to_reach(path))
        }
        Why::Foreign => {
            let way = "with a key of its own, or none, a program gets an object of its own";
            let reason = "this run has not made it, and it may be shared with outsiders";
            (Promise::Isolation, reason, other(way))
        }
        Why::Hidden => {
            let reason = "its name is hidden, because secrets are kept under it";
            (Promise::Protected, reason, scene.unhiding(path))
        }
        Why::Crowd => {
            let reason = "too many calls of this run wait for somebody else already";
            (Promise::Protected, reason, other("let fewer processes wait at a time"))
        }
        Why::Protected | Why::Git | Why::Leads | Why::Workspace => {
            let (reason, way) = scene.protected(why, path);
            (Promise::Protected, reason, way)
        }
    }
}

/// Directories that hold far more than anybody needs: no line that grants one is proposed.
const WIDE: &[&str] = &[
    "/",
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib64",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/local",
    "/usr/local/bin",
    "/usr/sbin",
    "/var",
    "/var/lib",
    "/var/tmp",
];

impl Scene<'_> {
    /// How a path could be read.
    pub(super) fn to_read(self, path: &Path) -> Way {
        let mut way = self.sealed(path).unwrap_or_else(|| self.granting("files.read", path));
        if way.instead.is_none() && classify::holds_secrets(path, self.home) {
            let caution = "think twice: it holds secrets, and what can be read can be sent";
            way.instead = Some(caution.to_owned());
        }
        way
    }

    /// How a path could be changed. A rule needs something that is there: for a new name, and for
    /// one that goes, that is the directory.
    fn to_write(self, path: &Path, act: &str) -> Way {
        if let Some(way) = self.sealed(path) {
            return way;
        }
        let workspace = &self.plan.workspace;
        let granted_whole = self.policy.files.write.iter().any(|root| root.path == *workspace);
        if below(path, workspace) && !granted_whole {
            let allow = Some("files.write = [\"$WORKSPACE\"]".to_owned());
            return Way { allow, instead: None };
        }
        if matches!(act, "write" | "chmod") {
            let is_device = path.starts_with("/dev") && !path.starts_with("/dev/shm");
            return self.granting(if is_device { "files.devices" } else { "files.write" }, path);
        }
        let above = path.ancestors().skip(1).find(|directory| directory.exists());
        match above {
            Some(directory) if !self.is_wide(directory) => self.granting("files.write", directory),
            Some(_) if act == "create" => Way {
                instead: Some("make it first: a rule needs something that is there".to_owned()),
                ..self.granting("files.write", path)
            },
            _ => other("leave the name as it is: its directory holds far more"),
        }
    }

    /// How a port could be opened. A set takes the place of a weaker layer's, so the line holds all
    /// that is open already.
    fn to_open(self, what: &Path, act: &str) -> Way {
        let ports = &self.plan.ports;
        let port = what.to_str().and_then(|text| text.rsplit_once(':')?.1.parse().ok());
        let (key, set, port) = match (act, port) {
            ("connect to", Some(port)) => ("connect", &ports.connect, port),
            ("listen on", Some(port)) => ("bind", &ports.bind, port),
            _ if what.as_os_str() == SERVER_WITHOUT_PORT => ("bind", &ports.bind, 0),
            _ => return other(Closed::Ports.instead()),
        };
        match set.as_ref().and_then(|set| set.with(port)).filter(|_| key == "bind" || port != 0) {
            Some(set) => Way { allow: Some(format!("ports.{key} = {set}")), instead: None },
            None => other(Closed::Ports.instead()),
        }
    }

    /// How a socket of somebody else could be reached; one without a name in the file system cannot.
    fn to_reach(self, path: &Path) -> Way {
        let named = path.is_absolute().then(|| self.granting("files.sockets", path));
        let allow = named.and_then(|way| way.allow);
        Way { allow, instead: Some("start the server in the same run".to_owned()) }
    }

    /// The record of what commands do is out of reach whatever a profile says.
    fn sealed(self, path: &Path) -> Option<Way> {
        let state = self.plan.sealed.as_ref()?;
        below(path, state).then(|| other("`stockade log` shows the record"))
    }

    /// Whether a directory holds so much that no line granting it is proposed.
    fn is_wide(self, path: &Path) -> bool {
        let holds = |inner: &Path| below(inner, path);
        WIDE.iter().any(|wide| path == Path::new(wide))
            || holds(self.home)
            || holds(&self.plan.workspace)
    }

    fn granting(self, key: &str, path: &Path) -> Way {
        let Some(text) = path.to_str() else {
            return other("its name is not UTF-8, so no profile can name it: rename it");
        };
        if self.is_wide(path) {
            let within = quoted(&format!("{}/NAME", text.trim_end_matches('/')));
            let instead = Some("with the name of what is needed: this holds far more".to_owned());
            return Way { allow: Some(format!("{key} = [{within}]")), instead };
        }
        Way { allow: Some(format!("{key} = [{}]", quoted(text))), instead: None }
    }

    /// How a hidden name could be shown: what lies below a hidden directory is hidden by that one's
    /// name, and a further link to a hidden file by none of its own.
    fn unhiding(self, path: &Path) -> Way {
        let hidden = &self.policy.files.hidden;
        let ways: Vec<&Path> = path.ancestors().collect();
        let first = ways.into_iter().rev().find(|way| hidden.holds(way.as_os_str().as_bytes()));
        let name = first.and_then(Path::file_name).and_then(OsStr::to_str);
        let allow = name.map(|name| format!("files.unhide = [{}]", quoted(name)));
        let instead = "read a template of it, or ask a person for the value";
        Way { allow, instead: Some(instead.to_owned()) }
    }

    fn protected(self, why: Why, path: &Path) -> (&'static str, Way) {
        let unprotect = |name: &str| Way {
            allow: Some(format!("files.unprotect = [{}]", quoted(name))),
            instead: None,
        };
        match why {
            Why::Git => (
                "git would run it or be configured by it; commits, branches and the like are free",
                unprotect(".git"),
            ),
            Why::Protected => (
                "it is protected, because others obey or run it later",
                self.seal(path).map_or_else(|| other("leave it as it is"), |name| unprotect(&name)),
            ),
            Why::Leads => (
                "a directory that leads to a protected path is not moved, and no link takes its \
                 place",
                other("move what lies in it, by name"),
            ),
            _ => (
                "it is the workspace, or holds it",
                other("move what lies in the workspace, by name"),
            ),
        }
    }

    /// The protected name that a path has, as the profile says it.
    fn seal(self, path: &Path) -> Option<String> {
        let rest = path.strip_prefix(&self.plan.workspace).ok()?;
        let parts: Vec<&[u8]> = rest.iter().map(OsStr::as_bytes).collect();
        let has = |name: &&String| {
            let pieces: Vec<&[u8]> = name.split('/').map(str::as_bytes).collect();
            let fit = |tail: &[&[u8]]| tail.iter().zip(&pieces).all(|(p, piece)| fits(piece, p));
            parts.windows(pieces.len()).any(fit)
        };
        self.policy.files.protect.iter().find(has).cloned()
    }
}

fn other(instead: &str) -> Way {
    Way { allow: None, instead: Some(instead.to_owned()) }
}

/// A text as TOML has it, with nothing in it that a terminal would obey.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // What Rust would not show plainly, a terminal should not be shown either.
            c if c != '\'' && c.escape_debug().count() > 1 => {
                let number = u32::from(c);
                let wide = if number > 0xffff { 'U' } else { 'u' };
                let width = if number > 0xffff { 8 } else { 4 };
                quoted.push_str(&format!("\\{wide}{number:0width$x}"));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a path, links resolved, lies in what may be read.
pub(super) fn is_readable(policy: &Policy, path: &Path) -> bool {
    let files = &policy.files;
    let real = path.canonicalize().unwrap_or_else(|_| PathBuf::from(path));
    [path, &real].into_iter().any(|path| {
        files.read.iter().chain(&files.write).any(|root| root.holds(path))
            || files.devices.iter().any(|device| below(path, device))
    }) || files.read.iter().chain(&files.write).any(|root| {
        // The root itself may be reached by a link (/bin, /var/run).
        root.path.canonicalize().is_ok_and(|top| below(&real, &top))
            && !root.except.iter().any(|left| below(&real, left))
    })
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quoted_path_is_toml_and_drives_no_terminal() {
        for (text, wanted) in [
            ("/plain/naïve 日本", "\"/plain/naïve 日本\""),
            ("/a\"b\\c", r#""/a\"b\\c""#),
            ("/new\nline\u{1b}[2J", r#""/new\u000aline\u001b[2J""#),
            ("/\u{202e}x\u{e0001}", r#""/\u202ex\U000e0001""#),
        ] {
            assert_eq!(quoted(text), wanted);
        }
        assert_eq!(quoted("/it's"), "\"/it's\"");
    }
}

//! Builds the [`Variables`] of a profile from home, workspace and environment, and lets no environment loosen a policy.

use crate::policy::resolved::below;
use crate::policy::variables::{AGENT_SOCKET, KNOWN, Known, Person, Variables, is_normal};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The environment as it was handed in.
pub type Env = BTreeMap<OsString, OsString>;

/// Fills in every variable: home and workspace as given, the others from the environment where it
/// may be believed, else from their usual place.
#[must_use]
pub fn variables(workspace: &Path, home: &Path, env: &Env, uid: u32) -> Variables {
    let person = if uid == 0 { Person::Root } else { Person::User };
    let mut variables = Variables::of(person);
    variables.set("WORKSPACE", workspace.to_owned());
    // A home of `/` (odd containers) would make `$HOME/.x` a name in the root: nothing is lost
    // by leaving such entries out.
    if home != Path::new("/") {
        variables.set("HOME", home.to_owned());
    }
    for known in KNOWN.iter().filter(|known| !matches!(known.name, "WORKSPACE" | "HOME")) {
        if known.name == AGENT_SOCKET {
            if let Some(path) = moved(known, env) {
                variables.set(known.name, path);
            }
            continue;
        }
        let usual = known.default.and_then(|(base, tail)| Some(variables.get(base)?.join(tail)));
        let fine = |path: &PathBuf| believable(path, workspace, home);
        // Asked twice: a link of an innocent name may lead to what is not.
        let moved = moved(known, env).filter(fine);
        let moved = moved.and_then(|path| led_nowhere_else(&path, workspace)).filter(fine);
        if let Some(path) = moved.or(usual) {
            variables.set(known.name, path);
        }
    }
    variables
}

fn moved(known: &Known, env: &Env) -> Option<PathBuf> {
    let value = known.env.iter().find_map(|name| env.get(OsStr::new(name)))?;
    // GOPATH may be a list; its first entry is where downloads go.
    let value = Path::new(value).to_str()?.split(':').next()?;
    Some(PathBuf::from(value.strip_suffix('/').unwrap_or(value)))
}

/// The path without links; `None` when it lies where a command of the sandbox may put links, and
/// one leads out: an earlier run could have planted it to widen this one.
fn led_nowhere_else(path: &Path, workspace: &Path) -> Option<PathBuf> {
    let real = real(path)?;
    let planted = [workspace, Path::new("/tmp"), Path::new("/var/tmp"), Path::new("/dev/shm")]
        .into_iter()
        .filter(|root| below(path, root))
        // A link above the root itself is the person's or the system's.
        .any(|root| !below(&real, &root.canonicalize().unwrap_or_else(|_| root.to_owned())));
    (!planted).then_some(real)
}

/// The path without links, as far as it exists; `None` when a link leads nowhere.
fn real(path: &Path) -> Option<PathBuf> {
    for top in path.ancestors() {
        if let Ok(real) = std::fs::canonicalize(top) {
            let rest = path.strip_prefix(top).ok()?;
            return Some(if rest.as_os_str().is_empty() { real } else { real.join(rest) });
        }
        if std::fs::symlink_metadata(top).is_ok() {
            return None;
        }
    }
    None
}

/// The directory of the user's settings. The environment may move it, but not to where a
/// command of the sandbox could have written it.
#[must_use]
pub fn config(variables: &Variables, home: &Path) -> Option<PathBuf> {
    let usual = || variables.get("HOME").map(|home| home.join(".config"));
    let writable = |path: &Path| {
        let temp = ["/tmp", "/var/tmp", "/dev/shm"].map(Path::new).into_iter();
        let roots = temp.chain(variables.get("WORKSPACE")).chain(variables.get("TMPDIR"));
        roots.filter(|root| !below(home, root)).any(|root| below(path, root))
    };
    let named = variables.get("XDG_CONFIG_HOME").filter(|path| !writable(path));
    Some(named.map_or_else(usual, |path| Some(path.to_owned()))?.join("stockade"))
}

/// Trees in which no toolchain keeps its caches. `/usr` is open below `/usr/local` only.
const SYSTEM: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/lib",
    "/var/log",
    "/var/run",
    "/var/spool",
    "/var/mail",
];

/// Names in a home that hold keys, or settings that run as programs.
const PRIVATE: &[&str] = &[
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".password-store",
    ".mozilla",
    ".thunderbird",
    ".pki",
    ".local",
    ".claude",
    ".codex",
    ".gemini",
    ".stockade",
    ".config/stockade",
    ".config/gcloud",
    ".config/gh",
    ".config/op",
    ".config/autostart",
    ".config/systemd",
    ".config/google-chrome",
    ".config/chromium",
];

/// Whether a path from the environment may stand in a policy: plainly written, and not a tree
/// that holds more than a toolchain's own things.
fn believable(path: &Path, workspace: &Path, home: &Path) -> bool {
    let holds_more = |tree: &Path| below(tree, path);
    // Nobody keeps a cache in the root, and what stands there may hold anything.
    if !is_normal(path) || path == Path::new("/") || holds_more(home) || holds_more(workspace) {
        return false;
    }
    let in_system = SYSTEM.iter().any(|tree| below(path, Path::new(tree)))
        && !(path.starts_with("/usr/local") && path != Path::new("/usr/local"))
        // The one place below /dev that is made for scratch.
        && !path.starts_with("/dev/shm");
    let in_private = path.strip_prefix(home).is_ok_and(|rest| {
        // `.local/share/x` is where tools live; `.local` itself and its bin are not theirs.
        let tools = below(rest, Path::new(".local/share"));
        let private = |name| below(rest, name) && !tools || below(name, rest);
        PRIVATE.iter().any(|name| private(Path::new(name)))
    });
    // The parents of all homes and of system trees: `/home`, `/var`, `/mnt`.
    let too_high = ["/home", "/root", "/var", "/mnt", "/media", "/srv", "/opt", "/nix"];
    !in_system && !in_private && !too_high.iter().any(|high| path == Path::new(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: &str, value: &str) -> Variables {
        let env = Env::from([(name.into(), value.into())]);
        variables(Path::new("/home/u/w"), Path::new("/home/u"), &env, 1000)
    }

    #[test]
    fn the_environment_moves_caches() {
        let got = |name, value| with(name, value).get(name).map(Path::to_owned);
        for fine in
            ["/usr/local/cargo", "/home/u/w/.cargo", "/data/cargo", "/home/u/.local/share/c"]
        {
            assert_eq!(got("CARGO_HOME", fine), Some(fine.into()));
        }
        assert_eq!(got("GOPATH", "/go:/other"), Some("/go".into()));
        assert_eq!(got("CARGO_HOME", "/cargo/"), Some("/cargo".into()));
        assert_eq!(with("GOPATH", "/go").get("GOMODCACHE"), Some(Path::new("/go/pkg/mod")));
    }

    #[test]
    fn the_environment_cannot_loosen() {
        for evil in [
            "/",
            "/home",
            "/home/u",
            "/home/u/",
            "/home/u/w",
            "relative",
            "",
            "/home/u/../u",
            "/home/u/w/..",
            "/home/u/.ssh",
            "/home/u/.ssh/x",
            "/home/u/.config",
            "/home/u/.local",
            "/home/u/.local/bin",
            "/etc",
            "/etc/cron.d",
            "/usr",
            "/usr/bin",
            "/usr/local",
            "/proc",
            "/var",
            "/run/user/1000",
            "//",
            "/./home",
            "/home/u/.config/stockade",
        ] {
            let got = with("CARGO_HOME", evil);
            assert_eq!(got.get("CARGO_HOME"), Some(Path::new("/home/u/.cargo")), "{evil}");
            assert_eq!(with("TMPDIR", evil).get("TMPDIR"), None, "{evil}");
        }
        // These are not the environment's to move at all.
        assert_eq!(with("HOME", "/evil").get("HOME"), Some(Path::new("/home/u")));
        assert_eq!(with("WORKSPACE", "/evil").get("WORKSPACE"), Some(Path::new("/home/u/w")));
    }

    #[test]
    fn links_do_not_hide_what_they_lead_to() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("cache");
        std::os::unix::fs::symlink("/etc", &link).unwrap();
        let dangling = dir.path().join("dangling");
        std::os::unix::fs::symlink("/nowhere/at/all", &dangling).unwrap();
        for evil in [link.join("x"), link, dangling] {
            let got = with("CARGO_HOME", evil.to_str().unwrap());
            assert_eq!(got.get("CARGO_HOME"), Some(Path::new("/home/u/.cargo")));
        }
    }

    #[test]
    fn settings_are_not_taken_from_where_commands_write() {
        let at = |value| config(&with("XDG_CONFIG_HOME", value), Path::new("/home/u"));
        assert_eq!(at("/home/u/w/conf"), Some("/home/u/.config/stockade".into()));
        assert_eq!(at("/tmp/conf"), Some("/home/u/.config/stockade".into()));
        assert_eq!(at("/home/u/conf"), Some("/home/u/conf/stockade".into()));
    }

    #[test]
    fn an_odd_home_drops_its_entries() {
        let env = Env::new();
        let got = variables(Path::new("/w"), Path::new("/"), &env, 0);
        assert_eq!(got.get("HOME"), None);
        assert_eq!(got.get("CARGO_HOME"), None);
        assert_eq!(got.person(), Person::Root);
    }
}

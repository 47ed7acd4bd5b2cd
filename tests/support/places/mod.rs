//! Where stockade is started: on the bare machine, or inside something that confines it in turn.

use super::{Identity, World, base};
use crate::support::docker;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What stands around stockade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nothing.
    Plain,
    /// Docker's default seccomp profile: the superuser with Docker's default capabilities, an
    /// ordinary user with none and `no_new_privs`.
    Docker,
    /// stockade itself.
    Stockade,
    /// bubblewrap, with user and mount namespaces.
    Bubblewrap,
    /// A Landlock domain of somebody else.
    Landlock,
    /// A user namespace whose superuser it is.
    FakeRoot,
    /// A read-only machine with a tmpfs for the state; the files of the world are mounted into it.
    ReadOnly,
    /// Nothing, but the run is isolated (`--isolate`).
    Isolated,
    /// A container of a real runtime, crun: as [`Place::Docker`], with a read-only root and
    /// namespaces; stockade is its process 1. Some cases only: see `CONTAINED`.
    Crun,
    /// The same by podman, which takes half a second: for a launch or two.
    Podman,
}

impl Place {
    /// All but the bare machine.
    pub const OTHERS: [Self; 8] = [
        Self::Docker,
        Self::Stockade,
        Self::Bubblewrap,
        Self::Landlock,
        Self::FakeRoot,
        Self::ReadOnly,
        Self::Isolated,
        Self::Crun,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Docker => "docker",
            Self::Stockade => "stockade",
            Self::Bubblewrap => "bubblewrap",
            Self::Landlock => "landlock",
            Self::FakeRoot => "fake-root",
            Self::ReadOnly => "read-only",
            Self::Isolated => "isolated",
            Self::Crun => "crun",
            Self::Podman => "podman",
        }
    }

    /// Whether a process gets there and stays what it was. Elsewhere another process stands
    /// between, with a pid of its own, or pids are other ones inside.
    pub const fn is_entered(self) -> bool {
        !matches!(self, Self::Stockade | Self::Bubblewrap | Self::Isolated) && !self.is_container()
    }

    /// Whether a container runtime makes it.
    pub const fn is_container(self) -> bool {
        matches!(self, Self::Crun | Self::Podman)
    }

    /// Whether the outsiders of a test are not seen there.
    pub const fn hides_outsiders(self) -> bool {
        matches!(self, Self::Isolated) || self.is_container()
    }

    /// Whether the journal is kept from one run to the next, and is seen from outside.
    pub const fn keeps_state(self) -> bool {
        !matches!(self, Self::ReadOnly) && !self.is_container()
    }

    pub(super) const fn takes_the_superuser(self) -> bool {
        matches!(self, Self::ReadOnly) || self.is_container()
    }

    /// Whether the outsiders of a test are to be there as well: else it is the place that keeps
    /// them apart, and nothing is proved.
    pub const fn holds_outsiders(self) -> bool {
        matches!(self, Self::Docker | Self::ReadOnly)
    }

    /// The words that start a program there as the identity of a world, which are to be put before
    /// its own; none on the bare machine.
    pub(super) fn words(self, world: &World) -> Vec<OsString> {
        if matches!(self, Self::Plain | Self::Isolated) {
            return Vec::new();
        }
        if self.is_container() {
            return container(self.name(), world);
        }
        let mut words = entering_as(world);
        match self {
            Self::Plain | Self::Isolated | Self::Crun | Self::Podman => {}
            Self::Docker => words.extend(docker(world.identity)),
            Self::Landlock => words.extend(strings(&["--landlock"])),
            Self::FakeRoot => words.extend(strings(&["--fake-root"])),
            Self::ReadOnly => words.extend(read_only(world)),
            Self::Bubblewrap => {
                words.extend(strings(&["--", "bwrap", "--unshare-user", "--dev-bind", "/", "/"]));
            }
            Self::Stockade => words.extend(nested(world)),
        }
        words.push("--".into());
        words
    }
}

/// The words that start a program with these options of `enter.c`, as the identity of a world.
pub(super) fn entering(world: &World, options: &[&str]) -> Vec<OsString> {
    let mut words = entering_as(world);
    words.extend(strings(options));
    words.push("--".into());
    words
}

fn entering_as(world: &World) -> Vec<OsString> {
    let mut words = vec![enter().into()];
    if let Some((uid, gid)) = world.identity.ids() {
        words.extend(strings(&["--uid", &uid.to_string(), "--gid", &gid.to_string()]));
    }
    words
}

fn strings(words: &[&str]) -> Vec<OsString> {
    words.iter().map(Into::into).collect()
}

/// The program that goes there, compiled once.
fn enter() -> &'static Path {
    static ENTER: OnceLock<PathBuf> = OnceLock::new();
    ENTER.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/places/enter.c");
        let enter = base().join("enter");
        let said =
            Command::new("gcc").args(["-O1", "-Wall", "-o"]).arg(&enter).arg(source).output();
        let said =
            said.unwrap_or_else(|e| panic!("gcc, which scripts/test-needs.sh installs: {e}"));
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        enter
    })
}

fn docker(identity: Identity) -> Vec<OsString> {
    static FILTERS: [OnceLock<Vec<PathBuf>>; 2] = [const { OnceLock::new() }; 2];
    let capable = identity.uid() == 0;
    let filters = FILTERS[usize::from(capable)].get_or_init(|| docker::filters(base(), capable));
    let mut words = match capable {
        true => strings(&["--caps", &docker::DEFAULT_CAPABILITIES.to_string()]),
        false => strings(&["--caps", "0", "--no-new-privs"]),
    };
    for filter in filters {
        words.extend(["--filter".into(), filter.into()]);
    }
    words
}

/// The runtimes start it as Docker would; what it is to see of the machine is mounted into it.
fn container(runtime: &str, world: &World) -> Vec<OsString> {
    let identity = world.identity;
    let (uid, gid) = identity.ids().unwrap_or_else(|| (identity.uid(), identity.uid()));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/places/container.py");
    let mut words = strings(&["unshare", "--mount", "/usr/bin/python3"]);
    words.extend([script.into(), "--by".into(), runtime.into()]);
    words.extend(["--scratch".into(), base().into()]);
    words.extend(strings(&["--uid", &uid.to_string(), "--gid", &gid.to_string()]));
    for volume in [world.top.clone(), base().join("stockade")] {
        words.extend(["--volume".into(), volume.into()]);
    }
    for memory in [world.home().join(".local/state"), "/tmp".into()] {
        words.extend(["--tmpfs".into(), memory.into()]);
    }
    words.push("--".into());
    words
}

/// Containers are started so: what is mounted into them is writable, and nothing else.
fn read_only(world: &World) -> Vec<OsString> {
    let mut words = strings(&["--read-only"]);
    for volume in [world.workspace(), world.outside(), world.home(), "/proc".into()] {
        words.extend(["--volume".into(), volume.into()]);
    }
    for memory in [world.home().join(".local/state"), "/tmp".into()] {
        words.extend(["--tmpfs".into(), memory.into()]);
    }
    words
}

/// A stockade that grants the whole world around another, which is to grant less.
fn nested(world: &World) -> Vec<OsString> {
    let programs = ["stockade", "enter", "probe"].map(|name| base().join(name));
    let profile = format!(
        "name = \"around\"\nabout = \"the whole world\"\nextends = \"dev-box\"\nunix_sockets = \"host\"\n\
         require = [\"writes\", \"reads\"]\n[files]\nunprotect = [\"*\"]\nread = {programs:?}\nwrite = [{:?}]\n[judge]\notherwise = \"allow\"\n",
        world.top
    );
    let state = world.top.with_extension("around");
    if !state.exists() {
        std::fs::create_dir(&state).unwrap();
        super::put(state.join("around.toml"), profile);
        world.own(&state);
    }
    let set = |name: &str, value: &Path| {
        let mut word: OsString = format!("{name}=").into();
        word.push(value);
        ["--set".into(), word]
    };
    let mut words = Vec::from(set("XDG_STATE_HOME", &state));
    words.extend(["--".into(), base().join("stockade").into()]);
    words.extend(strings(&["run", "--profile"]));
    words.extend([state.join("around.toml").into(), "--".into(), enter().into()]);
    words.extend(set("XDG_STATE_HOME", &world.home().join(".local/state")));
    words
}

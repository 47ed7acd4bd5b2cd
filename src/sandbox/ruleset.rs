//! The Landlock ruleset of a plan, built before the fork so that a mistake refuses cleanly, applied after it.

use super::plan::{Rights, Rule, SandboxPlan};
use crate::policy::ports::{PortSet, Ports};
use crate::policy::resolved::{UnixSockets, below};
use crate::sys::{file, landlock as kernel, permission};
use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreated, Scope,
};
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Why a ruleset could not be built or applied.
#[derive(Debug)]
pub enum RulesetError {
    /// The kernel or the library refused to make one.
    Create(landlock::RulesetError),
    /// The kernel refused a rule.
    Rule(PathBuf, io::Error),
    /// The kernel refused a rule for a port.
    Port(u16, io::Error),
    /// A path that would be granted leads, by a link, to or above what is sealed.
    Unsealed(PathBuf),
    /// The workspace is not where it was when it was judged.
    Moved(PathBuf),
    /// The workspace cannot be opened.
    Workspace(PathBuf, io::Error),
}

impl std::fmt::Display for RulesetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Create(error) => write!(f, "Landlock refused to make a ruleset: {error}"),
            Self::Rule(path, error) => {
                write!(f, "Landlock refused a rule for {}: {error}", path.display())
            }
            Self::Port(port, error) => {
                write!(f, "Landlock refused a rule for port {port}: {error}")
            }
            Self::Unsealed(path) => write!(
                f,
                "{} is a way to stockade's own state, which no command may reach; take it out of \
                 the profile, or set XDG_STATE_HOME to another directory",
                path.display()
            ),
            Self::Workspace(path, error) => {
                write!(f, "the workspace {} cannot be opened: {error}", path.display())
            }
            Self::Moved(path) => write!(
                f,
                "the workspace {} became a link to elsewhere while stockade was looking at it",
                path.display()
            ),
        }
    }
}

impl std::error::Error for RulesetError {}

impl From<landlock::RulesetError> for RulesetError {
    fn from(error: landlock::RulesetError) -> Self {
        Self::Create(error)
    }
}

/// A ruleset ready to be applied.
#[derive(Debug)]
pub struct Prepared(OwnedFd);

/// Builds the ruleset: everything Landlock knows at the plan's ABI is handled, so what no rule
/// grants is refused. Paths that are not there are left out: nothing is granted by that.
///
/// # Errors
/// The kernel's refusal, for instance `ENOMEM`, or more descriptors than the limit allows.
pub fn prepare(plan: &SandboxPlan) -> Result<Prepared, RulesetError> {
    let abi = abi(plan);
    let prepared = create(handled(abi), bounded(&plan.ports), abi)?;
    prepared.open_ports(&plan.ports)?;
    prepared.open(plan, &plan.rules)?;
    Ok(prepared)
}

/// Builds the domain of the command within the guardian's: the same rights, and one step further
/// in, so that the command can neither signal nor trace the guardian (Landlock lets a domain reach
/// itself and what is nested in it).
///
/// Sockets of the file system are made by the guardian alone, which judges their names: a thread that
/// swaps a name after it was judged makes none, and neither does one that gives a name to an end of a
/// pair, which no call that is held asks for. Only where all sockets are open is bind(2) left alone.
///
/// A ruleset must handle something. This one handles moving files between directories, which every
/// domain that does not grant it refuses (`LANDLOCK_ACCESS_FS_REFER`), and grants it everywhere:
/// the guardian's domain says where it holds.
///
/// # Errors
/// The kernel's refusal.
pub fn prepare_inner(plan: &SandboxPlan) -> Result<Prepared, RulesetError> {
    let abi = abi(plan);
    let handled = if abi < ABI::V2 { AccessFs::Execute } else { AccessFs::Refer };
    let refused = match plan.unix_sockets {
        UnixSockets::Own => AccessFs::MakeSock.into(),
        UnixSockets::None if plan.supervised => AccessFs::MakeSock.into(),
        UnixSockets::None | UnixSockets::Host => BitFlags::EMPTY,
    };
    let prepared = create(BitFlags::from(handled) | refused, BitFlags::EMPTY, abi)?;
    let root = Path::new("/");
    let beneath =
        file::open_place(root).map_err(|error| RulesetError::Rule(root.to_path_buf(), error))?;
    prepared.grant(&beneath, handled.into(), root)?;
    Ok(prepared)
}

fn abi(plan: &SandboxPlan) -> ABI {
    ABI::from(i32::try_from(plan.landlock_abi).unwrap_or(0))
}

/// What of the network is refused unless a rule grants it.
fn bounded(ports: &Ports) -> BitFlags<AccessNet> {
    let mut bounded = BitFlags::EMPTY;
    if ports.connect.is_some() {
        bounded |= AccessNet::ConnectTcp;
    }
    if ports.bind.is_some() {
        bounded |= AccessNet::BindTcp;
    }
    bounded
}

fn create(
    handled: BitFlags<AccessFs>,
    bounded: BitFlags<AccessNet>,
    abi: ABI,
) -> Result<Prepared, RulesetError> {
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(handled)?;
    if !bounded.is_empty() {
        ruleset = ruleset.handle_access(bounded)?;
    }
    if !Scope::from_all(abi).is_empty() {
        ruleset = ruleset.scope(Scope::from_all(abi))?;
    }
    let created: RulesetCreated = ruleset.create()?;
    // There is none only where the kernel has no Landlock and the library was told to make do.
    let descriptor = Option::<OwnedFd>::from(created);
    descriptor
        .map(Prepared)
        .ok_or_else(|| RulesetError::Rule(PathBuf::from("/"), io::ErrorKind::Unsupported.into()))
}

impl Prepared {
    /// Applies the ruleset to this process and all it will start. It can be applied again.
    ///
    /// # Errors
    /// `E2BIG` when this process is in 16 domains already.
    pub fn apply(&self) -> io::Result<()> {
        kernel::restrict_self(self.0.as_fd())
    }

    /// Opens and grants rules of a plan.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn open(&self, plan: &SandboxPlan, rules: &[Rule]) -> Result<(), RulesetError> {
        let abi = abi(plan);
        let sealed = plan.sealed.as_deref().map(objects_above).unwrap_or_default();
        for rule in rules {
            if let Some((beneath, access)) = beneath(rule, abi, &sealed, &plan.workspace)? {
                self.grant(&beneath, access, &rule.path)?;
            }
        }
        Ok(())
    }

    fn open_ports(&self, ports: &Ports) -> Result<(), RulesetError> {
        for (set, access) in
            [(&ports.connect, AccessNet::ConnectTcp), (&ports.bind, AccessNet::BindTcp)]
        {
            for port in set.iter().flat_map(PortSet::iter) {
                kernel::add_port(self.0.as_fd(), port, BitFlags::from(access).bits())
                    .map_err(|error| RulesetError::Port(port, error))?;
            }
        }
        Ok(())
    }

    fn grant(
        &self,
        beneath: &OwnedFd,
        access: BitFlags<AccessFs>,
        path: &Path,
    ) -> Result<(), RulesetError> {
        kernel::add_path_beneath(self.0.as_fd(), beneath.as_fd(), access.bits())
            .map_err(|error| RulesetError::Rule(path.to_path_buf(), error))
    }
}

/// What the rule grants on what; `None` when there is nothing to grant.
fn beneath(
    rule: &Rule,
    abi: ABI,
    sealed: &[(u64, u64)],
    workspace: &Path,
) -> Result<Option<(OwnedFd, BitFlags<AccessFs>)>, RulesetError> {
    // Another run may swap a directory on the way to the workspace for a link.
    let opened = if below(&rule.path, workspace) {
        file::open_place_without_links(&rule.path)
    } else {
        file::open_place(&rule.path)
    };
    let descriptor = match opened {
        Ok(descriptor) => descriptor,
        Err(error) if file::is_link(&error) => return Err(RulesetError::Moved(rule.path.clone())),
        Err(error) if rule.path == workspace => {
            return Err(RulesetError::Workspace(rule.path.clone(), error));
        }
        // A path that cannot be opened cannot be granted; whatever the reason, less is granted.
        Err(_) => return Ok(None),
    };
    let Ok(identity) = permission::identify(descriptor.as_fd()) else { return Ok(None) };
    if rule.rights != Rights::List && sealed.contains(&identity.object) {
        return Err(RulesetError::Unsealed(rule.path.clone()));
    }
    let access = access(rule.rights, abi);
    let fitting = if identity.directory { access } else { access & AccessFs::from_file(abi) };
    // To list something that is no directory is nothing to grant.
    Ok((!fitting.is_empty()).then_some((descriptor, fitting)))
}

/// Where an open descriptor really lies (proc(5), /proc/pid/fd).
pub(super) fn real_path(descriptor: &OwnedFd) -> Option<PathBuf> {
    let fd = descriptor.as_fd().as_raw_fd();
    std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()
}

/// The directory and all that hold it, by device and inode: a rule on any of them would reach it.
fn objects_above(directory: &Path) -> Vec<(u64, u64)> {
    let identity = |path: &Path| {
        let meta = path.metadata().ok()?;
        Some((meta.dev(), meta.ino()))
    };
    directory.ancestors().filter_map(identity).collect()
}

/// What is refused unless a rule grants it. Connecting to sockets of the file system
/// (`ResolveUnix`, ABI 9) is the filter's business: see `NEWEST_KNOWN_ABI` in `compile.rs`.
pub(super) fn handled(abi: ABI) -> BitFlags<AccessFs> {
    AccessFs::from_all(abi) & !BitFlags::from(AccessFs::ResolveUnix)
}

pub(super) fn access(rights: Rights, abi: ABI) -> BitFlags<AccessFs> {
    let all = handled(abi);
    let wanted = match rights {
        Rights::List => AccessFs::ReadDir.into(),
        Rights::Read => AccessFs::Execute | AccessFs::ReadFile | AccessFs::ReadDir,
        Rights::Device => {
            AccessFs::ReadFile
                | AccessFs::WriteFile
                | AccessFs::ReadDir
                | AccessFs::Truncate
                | AccessFs::IoctlDev
        }
        Rights::Write => !(AccessFs::MakeChar | AccessFs::MakeBlock | AccessFs::IoctlDev),
    };
    wanted & all
}

//! The Landlock ruleset of a plan, built before the fork so that a mistake refuses cleanly, applied after it.

use super::plan::{Rights, Rule, SandboxPlan};
use crate::policy::resolved::below;
use crate::sys::permission;
use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Why a ruleset could not be built or applied.
#[derive(Debug)]
pub enum RulesetError {
    /// The kernel or the library refused.
    Landlock(landlock::RulesetError),
    /// The root directory cannot be opened.
    Root(landlock::PathFdError),
    /// The kernel applied less than was planned.
    Incomplete,
    /// A path that would be granted leads, by a link, to or above what is sealed.
    Unsealed(PathBuf),
    /// The workspace is not where it was when it was judged.
    Moved(PathBuf),
}

impl std::fmt::Display for RulesetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Landlock(error) => write!(f, "Landlock refused a rule: {error}"),
            Self::Root(error) => write!(f, "the root directory cannot be opened: {error}"),
            Self::Incomplete => f.write_str("Landlock applied less than was planned"),
            Self::Unsealed(path) => write!(
                f,
                "{} is a way to stockade's own state, which no command may reach; take it out of \
                 the profile, or set XDG_STATE_HOME to another directory",
                path.display()
            ),
            Self::Moved(path) => write!(
                f,
                "the workspace {} became a link to elsewhere while stockade was looking at it",
                path.display()
            ),
        }
    }
}

impl std::error::Error for RulesetError {}

impl From<landlock::PathFdError> for RulesetError {
    fn from(error: landlock::PathFdError) -> Self {
        Self::Root(error)
    }
}

impl From<landlock::RulesetError> for RulesetError {
    fn from(error: landlock::RulesetError) -> Self {
        Self::Landlock(error)
    }
}

/// A ruleset ready to be applied.
#[derive(Debug)]
pub struct Prepared(RulesetCreated);

/// Builds the ruleset: everything Landlock knows at the plan's ABI is handled, so what no rule
/// grants is refused. Paths that are not there are left out: nothing is granted by that.
///
/// # Errors
/// The kernel's refusal, for instance `ENOMEM`, or more descriptors than the limit allows.
pub fn prepare(plan: &SandboxPlan) -> Result<Prepared, RulesetError> {
    let abi = ABI::from(i32::try_from(plan.landlock_abi).unwrap_or(0));
    let mut ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(abi))?;
    if !Scope::from_all(abi).is_empty() {
        ruleset = ruleset.scope(Scope::from_all(abi))?;
    }
    let mut created = ruleset.create()?;
    let sealed = plan.sealed.as_deref().map(objects_above).unwrap_or_default();
    for rule in &plan.rules {
        if let Some(beneath) = beneath(rule, abi, &sealed, &plan.workspace)? {
            created = created.add_rule(beneath)?;
        }
    }
    Ok(Prepared(created))
}

/// Applies the ruleset to this process and all it will start.
///
/// # Errors
/// The kernel's refusal, or less than was planned.
pub fn apply(prepared: Prepared) -> Result<(), RulesetError> {
    let status = prepared.0.no_new_privs(false).restrict_self()?;
    if status.ruleset == RulesetStatus::FullyEnforced {
        Ok(())
    } else {
        Err(RulesetError::Incomplete)
    }
}

/// The rule as the kernel takes it; `None` when there is nothing to grant.
fn beneath(
    rule: &Rule,
    abi: ABI,
    sealed: &[(u64, u64)],
    workspace: &Path,
) -> Result<Option<PathBeneath<PathFd>>, RulesetError> {
    // A path that cannot be opened cannot be granted; whatever the reason, less is granted.
    let Ok(descriptor) = PathFd::new(&rule.path) else { return Ok(None) };
    let Ok(identity) = permission::identify(descriptor.as_fd()) else { return Ok(None) };
    if rule.rights != Rights::List && sealed.contains(&identity.object) {
        return Err(RulesetError::Unsealed(rule.path.clone()));
    }
    // Another run may swap a directory on the way to the workspace for a link: what counts is
    // what was opened.
    if below(&rule.path, workspace) && real_path(&descriptor) != Some(rule.path.clone()) {
        return Err(RulesetError::Moved(rule.path.clone()));
    }
    let access = access(rule.rights, abi);
    let fitting = if identity.directory { access } else { access & AccessFs::from_file(abi) };
    // To list something that is no directory is nothing to grant.
    Ok((!fitting.is_empty()).then(|| PathBeneath::new(descriptor, fitting)))
}

/// Enters a domain that does nothing but keep signals inside (Landlock ABI 6).
///
/// Moving and linking files between directories is refused by every domain that does not grant it
/// (`LANDLOCK_ACCESS_FS_REFER`), so this one grants it everywhere: the command's own domain says
/// where it holds.
///
/// # Errors
/// The kernel's refusal, or less than was asked.
pub fn keep_signals_inside() -> Result<(), RulesetError> {
    let created = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::Refer)?
        .scope(Scope::Signal)?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new("/")?, AccessFs::Refer))?;
    apply(Prepared(created))
}

/// Where an open descriptor really lies (proc(5), /proc/pid/fd).
fn real_path(descriptor: &PathFd) -> Option<PathBuf> {
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

fn access(rights: Rights, abi: ABI) -> BitFlags<AccessFs> {
    let all = AccessFs::from_all(abi);
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

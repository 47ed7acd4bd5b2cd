//! The Landlock ruleset of a plan, built before the fork so that a mistake refuses cleanly, applied after it.

use super::plan::{Rights, Rule, SandboxPlan};
use crate::sys::permission;
use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use std::os::fd::AsFd;

/// Why a ruleset could not be built or applied.
#[derive(Debug)]
pub enum RulesetError {
    /// The kernel or the library refused.
    Landlock(landlock::RulesetError),
    /// The kernel applied less than was planned.
    Incomplete,
}

impl std::fmt::Display for RulesetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Landlock(error) => write!(f, "Landlock refused a rule: {error}"),
            Self::Incomplete => f.write_str("Landlock applied less than was planned"),
        }
    }
}

impl std::error::Error for RulesetError {}

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
    for rule in &plan.rules {
        if let Some(beneath) = beneath(rule, abi) {
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

fn beneath(rule: &Rule, abi: ABI) -> Option<PathBeneath<PathFd>> {
    // A path that cannot be opened cannot be granted; whatever the reason, less is granted.
    let descriptor = PathFd::new(&rule.path).ok()?;
    let access = access(rule.rights, abi);
    let fitting = match permission::is_directory(descriptor.as_fd()) {
        true => access,
        false => access & AccessFs::from_file(abi),
    };
    // To list something that is no directory is nothing to grant.
    (!fitting.is_empty()).then(|| PathBeneath::new(descriptor, fitting))
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

//! The seccomp program of a plan: one BPF program, compiled by seccompiler group by group and linked into one.
//!
//! It closes what Landlock leaves open on this kernel. A system call that no rule names passes:
//! Landlock and the empty capability sets stand behind it.

pub mod bits;
pub mod held;
pub mod link;
pub mod rules;

use super::plan::SandboxPlan;
use bits::Bits;
use link::Fate;
use rules::{Answer, Group};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;

/// Why a filter could not be compiled; always a mistake of ours, never of the caller.
#[derive(Debug)]
pub struct CompileError(String);

impl std::fmt::Display for CompileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the seccomp filter does not compile: {}", self.0)
    }
}

impl std::error::Error for CompileError {}

/// Compiles the filter of a plan for the machine this program was built for.
///
/// # Errors
/// A rule that seccompiler does not accept.
pub fn compile(plan: &SandboxPlan) -> Result<BpfProgram, CompileError> {
    let groups = rules::groups(plan).map_err(|e| fault(&e))?;
    assemble(rules::outright(plan), &rules::bits(), groups)
}

/// The same, with the calls held that a supervisor judges. To be installed with a listener.
///
/// # Errors
/// A rule that seccompiler does not accept.
pub fn compile_supervised(plan: &SandboxPlan) -> Result<BpfProgram, CompileError> {
    let opens = if plan.hides { held::Opens::All } else { held::Opens::Writing };
    let mut groups = rules::groups(plan).map_err(|e| fault(&e))?;
    groups.extend(held::groups().map_err(|e| fault(&e))?);
    let mut outright = rules::outright(plan);
    outright.extend(held::outright());
    assemble(outright, &[rules::bits(), held::bits(opens)].concat(), groups)
}

/// Compiles tables into one program.
fn assemble(
    outright: BTreeMap<i64, Answer>,
    bits: &[Bits],
    groups: Vec<Group>,
) -> Result<BpfProgram, CompileError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|e| fault(&e))?;
    let looked = groups.iter().flat_map(|group| group.calls.keys().copied());
    let looked = looked.chain(bits.iter().map(|bits| bits.call));
    let mut known: BTreeMap<i64, Fate> = looked.map(|number| (number, Fate::Looked)).collect();
    known.extend(outright.into_iter().map(|(number, answer)| {
        let fate = match answer {
            Answer::Held => Fate::Held,
            answer => Fate::Fails(answer.errno()),
        };
        (number, fate)
    }));
    let known: Vec<(u32, Fate)> =
        known.into_iter().filter_map(|(n, fate)| Some((u32::try_from(n).ok()?, fate))).collect();
    let mut programs =
        vec![link::foreign_abi_guard(arch), link::dispatch(&known), bits::program(bits)];
    for group in groups {
        programs.push(compile_group(group, arch)?);
    }
    Ok(link::link(programs))
}

fn compile_group(group: Group, arch: TargetArch) -> Result<BpfProgram, CompileError> {
    let Group { answer, calls } = group;
    SeccompFilter::new(calls, SeccompAction::Allow, SeccompAction::Errno(answer.errno()), arch)
        .and_then(TryInto::try_into)
        .map_err(|e| fault(&e))
}

fn fault(error: &dyn std::error::Error) -> CompileError {
    CompileError(error.to_string())
}

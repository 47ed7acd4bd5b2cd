//! The seccomp program of a plan: one BPF program, compiled by seccompiler group by group and linked into one.
//!
//! It closes what Landlock leaves open on this kernel. A system call that no rule names passes:
//! Landlock and the empty capability sets stand behind it.

pub mod bits;
pub mod held;
pub mod link;
pub mod local;
pub mod outsiders;
pub mod requests;
pub mod rules;
pub mod told;

use super::plan::{Reads, SandboxPlan};
use crate::policy::resolved::UnixSockets;
use crate::sys::call;
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
    if plan.unix_sockets == UnixSockets::Own {
        // Nobody is there to judge which sockets are the run's own: there are none.
        return compile(&SandboxPlan { unix_sockets: UnixSockets::None, ..plan.clone() });
    }
    let groups = rules::groups(plan).map_err(|e| fault(&e))?;
    let refused = Fate::Fails(Answer::NotPermitted.errno());
    let first = vec![outsiders::program(refused), requests::program(rules::TYPING, refused)];
    assemble(rules::outright(plan), &rules::bits(refused), first, groups)
}

/// The same, with the calls held that a supervisor judges, and those whose refusal it tells. To be
/// installed with a listener.
///
/// # Errors
/// A rule that seccompiler does not accept.
pub fn compile_supervised(plan: &SandboxPlan) -> Result<BpfProgram, CompileError> {
    let mut groups = rules::groups(plan).map_err(|e| fault(&e))?;
    groups.extend(held::groups().map_err(|e| fault(&e))?);
    for group in &mut groups {
        if group.calls.keys().all(|number| told::is_told(*number)) {
            group.answer = told_instead(group.answer);
        }
    }
    let mut outright = rules::outright(plan);
    for (number, answer) in &mut outright {
        if told::is_told(*number) {
            *answer = told_instead(*answer);
        }
    }
    outright.extend(held::outright());
    let bits = match plan.reads {
        // Carried out, so that nobody reads what is hidden: mere places cannot be handed in.
        _ if plan.hides => held::bits(held::Opens::All),
        Reads::Unwatched => held::bits(held::Opens::Writing),
        Reads::Watched => {
            outright.extend(held::opens());
            Vec::new()
        }
    };
    let requests = [rules::TYPING, held::INODE_REQUESTS].concat();
    let mut first = vec![outsiders::program(Fate::Held), requests::program(&requests, Fate::Held)];
    if plan.unix_sockets == UnixSockets::Own {
        outright.extend(local::outright());
        first.push(local::program());
    }
    assemble(outright, &[rules::bits(Fate::Held), bits].concat(), first, groups)
}

/// A refusal that is told is held, for the supervisor to give it.
const fn told_instead(answer: Answer) -> Answer {
    match answer {
        Answer::NotPermitted => Answer::Held,
        other => other,
    }
}

/// Compiles tables into one program; `first` see what is looked at before all others.
fn assemble(
    outright: BTreeMap<i64, Answer>,
    bits: &[Bits],
    first: Vec<BpfProgram>,
    groups: Vec<Group>,
) -> Result<BpfProgram, CompileError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|e| fault(&e))?;
    let looked = groups.iter().flat_map(|group| group.calls.keys().copied());
    let looked = looked
        .chain(bits.iter().map(|bits| bits.call))
        .chain(outsiders::looked())
        .chain([call::IOCTL]);
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
    let mut programs = vec![link::foreign_abi_guard(arch), link::dispatch(&known)];
    programs.extend(first);
    programs.push(bits::program(bits));
    for group in groups {
        programs.push(compile_group(group, arch)?);
    }
    Ok(link::link(programs))
}

fn compile_group(group: Group, arch: TargetArch) -> Result<BpfProgram, CompileError> {
    let Group { answer, calls } = group;
    let action = match answer {
        Answer::Held => STAND_IN,
        answer => SeccompAction::Errno(answer.errno()),
    };
    let program: BpfProgram = SeccompFilter::new(calls, SeccompAction::Allow, action, arch)
        .and_then(TryInto::try_into)
        .map_err(|e| fault(&e))?;
    Ok(match answer {
        Answer::Held => link::held_instead(program, u32::from(STAND_IN)),
        _ => program,
    })
}

/// seccompiler has no word for holding a call: this stands in its place until the program is made.
const STAND_IN: SeccompAction = SeccompAction::Trace(1);

fn fault(error: &dyn std::error::Error) -> CompileError {
    CompileError(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::resolved::{Network, UnixSockets};
    use crate::sandbox::isolation::Namespaces;
    use crate::sandbox::plan::Command;

    /// A plan of which the filter sees network and sockets alone.
    fn plan(network: Network, unix_sockets: UnixSockets) -> SandboxPlan {
        SandboxPlan {
            command: Command { program: "/p".into(), argv: Vec::new(), cwd: "/".into() },
            environment: Vec::new(),
            withheld: Vec::new(),
            landlock_abi: 7,
            rules: Vec::new(),
            workspace: "/w".into(),
            sealed: None,
            network,
            unix_sockets,
            seccomp: true,
            supervised: true,
            reads: Reads::Unwatched,
            hides: false,
            limits: Vec::new(),
            wall: None,
            output: None,
            namespaces: Namespaces::Unasked,
            promises: BTreeMap::new(),
        }
    }

    const KINDS: [(Network, UnixSockets); 6] = [
        (Network::Host, UnixSockets::Own),
        (Network::None, UnixSockets::Own),
        (Network::Host, UnixSockets::None),
        (Network::Host, UnixSockets::Host),
        (Network::None, UnixSockets::None),
        (Network::None, UnixSockets::Host),
    ];

    #[test]
    fn every_refusal_without_a_fallback_is_told() {
        for (network, sockets) in KINDS {
            let plan = plan(network, sockets);
            let outright = rules::outright(&plan).into_iter();
            let groups = rules::groups(&plan).unwrap();
            let grouped = groups.iter().flat_map(|g| g.calls.keys().map(|call| (*call, g.answer)));
            let bits = rules::bits(Fate::Held).into_iter().map(|bits| bits.call);
            let bits = bits.chain(outsiders::calls()).chain([call::IOCTL]);
            let bits = bits.map(|call| (call, Answer::NotPermitted));
            for (number, answer) in outright.chain(grouped).chain(bits) {
                if answer == Answer::NotPermitted {
                    assert!(told::is_told(number), "{number}");
                }
            }
        }
    }

    /// The kernel translates every instruction at every launch: telling costs none.
    #[test]
    fn the_program_stays_short() {
        for (network, sockets) in KINDS {
            let plan = plan(network, sockets);
            let (plain, held) = (compile(&plan).unwrap(), compile_supervised(&plan).unwrap());
            assert!(plain.len() <= 180, "{}", plain.len());
            assert!(held.len() <= 280, "{}", held.len());
        }
    }
}

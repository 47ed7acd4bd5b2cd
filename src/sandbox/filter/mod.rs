//! The seccomp program of a plan: one BPF program, compiled by seccompiler group by group and linked into one.
//!
//! It closes what Landlock leaves open on this kernel. A system call that no rule names passes:
//! Landlock and the empty capability sets stand behind it.

pub mod bits;
pub mod examples;
pub mod link;
pub mod local;
pub mod ports;
pub mod requests;
pub mod rules;
#[cfg(test)]
mod simulate;
pub mod table;
#[rustfmt::skip]
mod tables;
pub mod told;

use super::plan::SandboxPlan;
use crate::policy::resolved::Network;
use crate::sys::call;
use bits::Bits;
use link::Fate;
use rules::Parts;
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;
use table::{Answer, Circumstances};

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
    let refused = Fate::Fails(Answer::NotPermitted.errno());
    let mut more = More { bits: ports::bits(&plan.ports), ..More::default() };
    more.add_ports(plan, refused);
    more.outright.extend(ports::outright(&plan.ports));
    assemble(&Circumstances::alone(plan), this_machine()?, more)
}

/// The same, with the calls held that a supervisor judges, and those whose refusal it tells. To be
/// installed with a listener.
///
/// # Errors
/// A rule that seccompiler does not accept.
pub fn compile_supervised(plan: &SandboxPlan) -> Result<BpfProgram, CompileError> {
    let mut more = More::default();
    if plan.network == Network::Host {
        more.add_ports(plan, Fate::Held);
    }
    more.bits = match plan.network {
        Network::Loopback => ports::no_fast_open(),
        Network::Host | Network::None => ports::bits(&plan.ports),
    };
    more.outright.extend(ports::held(&plan.ports));
    assemble(&Circumstances::supervised(plan), this_machine()?, more)
}

fn this_machine() -> Result<TargetArch, CompileError> {
    TargetArch::try_from(std::env::consts::ARCH).map_err(|e| fault(&e))
}

/// What parts that are written as BPF bring beside the rules of the data: for what the words of
/// `profiles/syscalls.toml` cannot say, or not as briefly.
#[derive(Debug, Default)]
pub struct More {
    /// Calls that are answered whatever their arguments, and whatever the data says of them.
    pub outright: BTreeMap<i64, Answer>,
    /// Calls at which the programs look.
    pub looked: Vec<i64>,
    /// Calls that bits of an argument decide.
    pub bits: Vec<Bits>,
    /// Parts that see what is looked at before those of the data do.
    pub programs: Vec<BpfProgram>,
}

impl More {
    /// What keeps sockets to named ports as they are made.
    fn add_ports(&mut self, plan: &SandboxPlan, fate: Fate) {
        if !plan.ports.is_every() {
            self.looked.push(call::SOCKET);
            self.programs.push(ports::program(fate));
        }
    }
}

/// Compiles the rules in force into one program for an architecture.
///
/// # Errors
/// A rule that seccompiler does not accept.
pub fn assemble(
    circumstances: &Circumstances,
    arch: TargetArch,
    more: More,
) -> Result<BpfProgram, CompileError> {
    let Parts { mut outright, mut bits, first, requests, groups } =
        rules::parts(circumstances, arch).map_err(|e| fault(&e))?;
    outright.extend(more.outright);
    bits.extend(more.bits);
    let looked = groups.values().flat_map(|calls| calls.keys().copied());
    let looked = looked.chain(bits.iter().map(|bits| bits.call));
    let looked = looked.chain(first.keys().map(|(number, _)| i64::from(*number)));
    let looked = looked.chain(requests.keys().map(|(_, number)| i64::from(*number)));
    let looked = looked.chain(more.looked);
    let mut known: BTreeMap<i64, Fate> = looked.map(|number| (number, Fate::Looked)).collect();
    known.extend(outright.into_iter().map(|(number, answer)| (number, answer.fate())));
    let known: Vec<(u32, Fate)> =
        known.into_iter().filter_map(|(n, fate)| Some((u32::try_from(n).ok()?, fate))).collect();
    let mut programs = vec![link::foreign_abi_guard(arch), link::dispatch(&known)];
    programs.extend(more.programs);
    programs.extend(first.iter().map(|(asked, values)| local::program(*asked, values)));
    programs.push(bits::program(&bits));
    programs.extend(
        requests.iter().map(|((answer, ioctl), all)| requests::program(*ioctl, all, answer.fate())),
    );
    for (answer, calls) in groups {
        programs.push(compile_group(answer, calls, arch)?);
    }
    Ok(link::link(programs))
}

fn compile_group(
    answer: Answer,
    calls: rules::Calls,
    arch: TargetArch,
) -> Result<BpfProgram, CompileError> {
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
    use crate::policy::ports::Ports;
    use crate::policy::resolved::UnixSockets;
    use crate::sandbox::cgroup::Totals;
    use crate::sandbox::isolation::Namespaces;
    use crate::sandbox::plan::{Command, Reads};

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
            ports: Ports::EVERY,
            unix_sockets,
            seccomp: true,
            supervised: true,
            reads: Reads::Unwatched,
            hides: false,
            limits: Vec::new(),
            wall: None,
            output: None,
            totals: Totals::default(),
            free_space: None,
            namespaces: Namespaces::Unasked,
            promises: BTreeMap::new(),
        }
    }

    const KINDS: [(Network, UnixSockets); 9] = [
        (Network::Loopback, UnixSockets::Own),
        (Network::Loopback, UnixSockets::None),
        (Network::Loopback, UnixSockets::Host),
        (Network::Host, UnixSockets::Own),
        (Network::None, UnixSockets::Own),
        (Network::Host, UnixSockets::None),
        (Network::Host, UnixSockets::Host),
        (Network::None, UnixSockets::None),
        (Network::None, UnixSockets::Host),
    ];

    #[test]
    fn every_refusal_without_a_fallback_is_told() {
        for rule in tables::RULES.iter().filter(|rule| rule.set.answer == Answer::NotPermitted) {
            assert!(rule.set.told.is_some(), "{} {}", rule.set.name, rule.call);
            let here = rule.numbers.here();
            assert!(here < 0 || told::of(here, &[0; 6]).is_some(), "{}", rule.call);
        }
    }

    /// The kernel translates every instruction at every launch: telling costs none.
    #[test]
    fn the_program_stays_short() {
        for (network, sockets) in KINDS {
            let plan = plan(network, sockets);
            let (plain, held) = (compile(&plan).unwrap(), compile_supervised(&plan).unwrap());
            assert!(plain.len() <= 210, "{}", plain.len());
            assert!(held.len() <= 335, "{}", held.len());
        }
    }
}

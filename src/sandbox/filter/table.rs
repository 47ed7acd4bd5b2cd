//! The words of the system-call policy: what a rule says, and under which circumstances it is in force.
//!
//! The rules themselves are `tables.rs`, generated from `profiles/syscalls.toml`. Nothing here makes a filter.

use super::super::plan::{Reads, SandboxPlan};
use super::tables;
use super::told::Closed;
use crate::policy::resolved::{Network, UnixSockets};
use crate::sys::call::{ABSENT, Call};
use seccompiler::TargetArch;

/// What a call meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// "Protocol not supported": the caller is expected to try plain TCP.
    NoSuchProtocol,
    /// "Operation not permitted": the call exists and is refused.
    NotPermitted,
    /// "Function not implemented": the caller is expected to fall back on an older call.
    NoSuchCall,
    /// The call is held until the supervisor answers it.
    Held,
    /// Nothing happens, and the caller is told that it did.
    Nothing,
}

impl Answer {
    /// The errno of the answer.
    #[must_use]
    pub const fn errno(self) -> u32 {
        match self {
            Self::NotPermitted => 1,
            Self::NoSuchCall => 38,
            Self::NoSuchProtocol => 93,
            Self::Nothing => 0,
            // As without a listener.
            Self::Held => 38,
        }
    }

    /// As the data has it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotPermitted => "EPERM",
            Self::NoSuchCall => "ENOSYS",
            Self::NoSuchProtocol => "EPROTONOSUPPORT",
            Self::Nothing => "nothing",
            Self::Held => "held",
        }
    }
}

/// A number for each architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbers {
    /// Of `x86_64`.
    pub x86_64: Call,
    /// Of aarch64.
    pub aarch64: Call,
}

impl Numbers {
    /// The number on the architecture this program is built for; `ABSENT` where it has none.
    #[must_use]
    pub const fn here(self) -> Call {
        if cfg!(target_arch = "x86_64") {
            self.x86_64
        } else if cfg!(target_arch = "aarch64") {
            self.aarch64
        } else {
            ABSENT
        }
    }

    /// The number on an architecture, if it has the call.
    #[must_use]
    pub const fn on(self, arch: TargetArch) -> Option<Call> {
        let number = match arch {
            TargetArch::x86_64 => self.x86_64,
            TargetArch::aarch64 => self.aarch64,
            TargetArch::riscv64 => ABSENT,
        };
        if number == ABSENT { None } else { Some(number) }
    }
}

/// When a set is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Always.
    Always,
    /// A supervisor judges the run.
    Supervised,
    /// It looks at opens that may change something.
    SupervisedChanges,
    /// Some names are hidden from reading.
    SupervisedHiding,
    /// Every refused read is to be told.
    SupervisedWatching,
    /// The run may have sockets of the file system of its own.
    SupervisedOwn,
    /// Its network is this machine alone.
    SupervisedLoopback,
    /// No family of sockets is open.
    NoSocket,
    /// At least one is.
    SomeSocket,
    /// Sockets of the file system outside are not open.
    NoDatagrams,
}

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// This, in its low 32 bits.
    Equal(u32),
    /// Anything but this, in its low 32 bits.
    Not(u32),
    /// Anything but this, in all 64.
    NotWide(u64),
    /// Under a mask of the low 32 bits.
    Masked(u32, u32),
    /// A family of sockets that is not open.
    NotOpen,
}

/// What a rule asks of the arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// Nothing: it is for every such call.
    Outright,
    /// Any of the bits of the low half of an argument, and none of others; 0 for any: it always decides.
    Bits {
        /// Which argument, from 0.
        argument: u8,
        /// Any of these decides.
        any: u32,
        /// With any of these the rule is not for the call.
        unless: u32,
    },
    /// Each of these arguments is so.
    All(&'static [(u8, Is)]),
}

/// What holds for all rules of a set.
#[derive(Debug)]
pub struct Set {
    /// Its name, from `@` on.
    pub name: &'static str,
    /// A line of what it is about.
    pub help: &'static str,
    /// What its calls meet.
    pub answer: Answer,
    /// When it is in force.
    pub when: When,
    /// What a person is told of a refusal.
    pub told: Option<Closed>,
}

/// A rule: a call, what it asks of the arguments, and why.
#[derive(Debug)]
pub struct Rule {
    /// The set it is part of.
    pub set: &'static Set,
    /// The call.
    pub call: &'static str,
    /// Its numbers.
    pub numbers: Numbers,
    /// What it asks of the arguments.
    pub test: Test,
    /// Why.
    pub reason: &'static str,
    /// Under which name a person is told.
    pub name: &'static str,
}

/// A family of sockets that a profile may open.
#[derive(Debug)]
pub struct Family {
    /// Its number.
    pub number: u32,
    /// Its name in C.
    pub name: &'static str,
    /// What opens it.
    pub by: Opener,
}

/// Which key of a profile opens a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// `unix_sockets`.
    UnixSockets,
    /// `network`.
    Network,
}

/// Which opens are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// Those whose flags, in a register, say that something may be changed.
    Changing,
    /// All but those of mere places (`O_PATH`).
    Hiding,
    /// All.
    Watched,
}

/// What decides which sets are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// What of the network is open.
    pub network: Network,
    /// Which sockets of the file system are.
    pub unix_sockets: UnixSockets,
    /// What a supervisor holds of the opens, if there is one.
    pub supervisor: Option<Opens>,
}

impl Circumstances {
    /// Those of a plan without a supervisor. Nobody is there to judge which sockets are the run's
    /// own: there are none.
    #[must_use]
    pub fn alone(plan: &SandboxPlan) -> Self {
        Self { network: plan.network, unix_sockets: plan.unix_sockets, supervisor: None }.settled()
    }

    /// Those of a plan with one.
    #[must_use]
    pub fn supervised(plan: &SandboxPlan) -> Self {
        let opens = match plan.reads {
            // Carried out, so that nobody reads what is hidden: mere places cannot be handed in.
            _ if plan.hides => Opens::Hiding,
            Reads::Unwatched => Opens::Changing,
            Reads::Watched => Opens::Watched,
        };
        let (network, unix_sockets) = (plan.network, plan.unix_sockets);
        Self { network, unix_sockets, supervisor: Some(opens) }
    }

    /// The same with no sockets of its own where nobody judges which they are.
    #[must_use]
    pub fn settled(mut self) -> Self {
        if self.supervisor.is_none() && self.unix_sockets == UnixSockets::Own {
            self.unix_sockets = UnixSockets::None;
        }
        if self.supervisor.is_none() && self.network == Network::Loopback {
            // Nobody is there to make sockets that cannot leave the machine.
            self.network = Network::None;
        }
        self
    }

    /// Whether a set is in force.
    #[must_use]
    pub fn have(&self, when: When) -> bool {
        match when {
            When::Always => true,
            When::Supervised => self.supervisor.is_some(),
            When::SupervisedChanges => self.supervisor == Some(Opens::Changing),
            When::SupervisedHiding => self.supervisor == Some(Opens::Hiding),
            When::SupervisedWatching => self.supervisor == Some(Opens::Watched),
            When::SupervisedOwn => {
                self.supervisor.is_some() && self.unix_sockets == UnixSockets::Own
            }
            When::SupervisedLoopback => {
                self.supervisor.is_some() && self.network == Network::Loopback
            }
            When::NoSocket => self.families().next().is_none(),
            When::SomeSocket => self.families().next().is_some(),
            When::NoDatagrams => self.unix_sockets != UnixSockets::Host,
        }
    }

    /// The socket families that are open. Those of the run's own are answered by a part of their own
    /// (`local.rs`) before it comes to this.
    pub fn families(&self) -> impl Iterator<Item = &'static Family> {
        let own = *self;
        tables::FAMILIES.iter().filter(move |family| match family.by {
            Opener::UnixSockets => own.unix_sockets != UnixSockets::None,
            // Those that are bound to this machine are answered by a part of their own as well.
            Opener::Network => own.network != Network::None,
        })
    }

    /// The rules in force.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let own = *self;
        tables::RULES.iter().filter(move |rule| own.have(rule.set.when))
    }

    /// The rules in force but those that a later set has taken over.
    #[must_use]
    pub fn effective(&self) -> Vec<&'static Rule> {
        let rules: Vec<&Rule> = self.rules().collect();
        let outright = |rule: &Rule| rule.test == Test::Outright;
        let taken_over = |at: usize, rule: &Rule| {
            let later = rules.get(at + 1..).unwrap_or_default();
            outright(rule) && later.iter().any(|other| outright(other) && other.call == rule.call)
        };
        let kept = rules.iter().enumerate().filter(|(at, rule)| !taken_over(*at, rule));
        kept.map(|(_, rule)| *rule).collect()
    }

    /// What the filter answers by a rule: a refusal that is told is held, for the supervisor to give it.
    #[must_use]
    pub const fn answer(&self, rule: &Rule) -> Answer {
        match (self.supervisor, rule.set.answer, rule.set.told) {
            (Some(_), Answer::NotPermitted, Some(_)) => Answer::Held,
            (_, answer, _) => answer,
        }
    }
}

/// The rules whose calls the supervisor judges.
pub fn held() -> impl Iterator<Item = &'static Rule> {
    tables::RULES.iter().filter(|rule| rule.set.answer == Answer::Held)
}

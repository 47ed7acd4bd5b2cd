//! Everyday work inside the profiles made for it, as the superuser and as an ordinary user: what
//! works outside must work inside, with the same exit status, output and files.
//!
//! `scripts/test-needs.sh` installs the programs and makes the ordinary user. A run of the suite
//! ends with a table workload x profile x identity.

#![expect(clippy::print_stdout, reason = "the table is this program's output")]

mod browser;
mod files;
mod git;
mod identity;
mod isolated;
mod keys;
mod local;
mod looking;
mod loopback;
mod native;
mod native_projects;
mod node;
mod owed;
mod process;
mod processes;
mod python;
mod registries;
mod rust;
mod scratch;
mod servers;
mod shell;
mod streams;
mod table;
mod terminal;
mod tmux;
mod toolchain;
mod workload;

use identity::Who;
use libtest_mimic::{Arguments, Failed, Trial};
use scratch::Scratch;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use table::Table;
use workload::{Kind, Outcomes, Workload};

/// Every subject and its workloads.
const SUBJECTS: &[&[Workload]] = &[
    rust::WORKLOADS,
    git::WORKLOADS,
    node::WORKLOADS,
    python::WORKLOADS,
    native::WORKLOADS,
    native_projects::WORKLOADS,
    keys::WORKLOADS,
    local::WORKLOADS,
    looking::WORKLOADS,
    browser::WORKLOADS,
    registries::WORKLOADS,
    servers::WORKLOADS,
    loopback::WORKLOADS,
    files::WORKLOADS,
    shell::WORKLOADS,
    processes::WORKLOADS,
    streams::WORKLOADS,
    terminal::WORKLOADS,
    isolated::WORKLOADS,
    owed::WORKLOADS,
];

/// Made by the first workload that runs, so that `--list` touches nothing.
static SCRATCH: OnceLock<Result<Scratch, String>> = OnceLock::new();

fn main() -> ExitCode {
    heed_signals();
    let arguments = Arguments::from_args();
    let table = Arc::new(Table::default());
    let workloads = SUBJECTS.iter().flat_map(|subject| subject.iter());
    let trials = workloads
        .flat_map(|workload| Who::BOTH.map(|who| (workload, who)))
        .filter(|(workload, who)| workload.concerns(*who))
        .map(|(workload, who)| trial(workload, who, Arc::clone(&table)))
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    print!("{}", table.text());
    if let Some(Ok(scratch)) = SCRATCH.get()
        && let Err(error) = scratch.remove()
    {
        println!("the scratch directory could not be removed: {error}");
        return ExitCode::FAILURE;
    }
    conclusion.exit_code()
}

fn trial(workload: &'static Workload, who: Who, table: Arc<Table>) -> Trial {
    let name = format!("{}::{}", who.word(), workload.name);
    // Only the superuser can be both; a build server must be, or half of this goes untested.
    let unreachable = who == Who::Root && !identity::is_root();
    let excused = unreachable && std::env::var_os("CI").is_none_or(|ci| ci != "true");
    Trial::test(name, move || {
        let outcomes = if unreachable {
            Err("run as root: this half needs it, and CI=true forbids leaving it out".to_owned())
        } else {
            perform(workload, who)
        };
        // Without its twin nothing is known about any profile.
        let outcomes = outcomes.unwrap_or_else(|why| vec![("dev-box", Err(why))]);
        for (profile, outcome) in &outcomes {
            table.enter(workload, profile, who, outcome);
        }
        outcomes.into_iter().try_for_each(|(profile, outcome)| {
            outcome.map_err(|why| Failed::from(format!("{profile}: {why}")))
        })
    })
    .with_ignored_flag(excused || workload.on_request())
}

fn perform(workload: &Workload, who: Who) -> Result<Outcomes, String> {
    let scratch = SCRATCH.get_or_init(Scratch::make).as_ref().map_err(Clone::clone)?;
    let identity = scratch.identity(who)?;
    match workload.kind {
        Kind::Script(script) => script.compare(workload.name, scratch, identity),
        Kind::Terminal(profile, act) => {
            let outcome = terminal::perform(workload.name, profile, act, scratch, identity);
            Ok(vec![(profile, outcome)])
        }
    }
}

/// Started in the background of a script or under nohup, a test would pass on signals that are ignored.
#[expect(unsafe_code, reason = "nix marks sigaction as unsafe for the sake of handlers")]
fn heed_signals() {
    use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    for signal in [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM] {
        // SAFETY: the default disposition runs no handler.
        assert!(unsafe { sigaction(signal, &default) }.is_ok());
    }
}

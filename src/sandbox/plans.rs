//! Plans of every built-in profile on every machine there is, compiled without a kernel and held against `tests/plans/`.
//!
//! `STOCKADE_BLESS=1 cargo test --lib plans` writes the files anew; read the difference before it
//! is committed. A right that is granted more widely, or a promise that is held less well, shows
//! there.

use super::compile::{self, compile, enforcement, why};
use super::describe;
use super::expand::Tree;
use super::plan::{Command, Rights, SandboxPlan};
use super::ruleset;
use crate::model::invocation::{Invocation, Origin, Places, Request};
use crate::model::support::{Enforcement, Promise, Support};
use crate::policy::profile::Kind;
use crate::policy::reader::Source;
use crate::policy::resolved::{Network, Policy};
use crate::policy::variables::{KNOWN, Person, Variables};
use crate::policy::{builtin, example, merge, parse};
use landlock::{ABI, Access, AccessFs, AccessNet, BitFlags, Scope};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Up to the newest ABI that the landlock crate knows.
const ABIS: std::ops::RangeInclusive<u32> = 0..=10;
const NEWEST: u32 = 10;

/// A home with a toolchain or two in it, and an `/etc` with something to leave out.
struct Literal;

impl Tree for Literal {
    fn names(&self, directory: &Path) -> Option<Vec<PathBuf>> {
        let names: &[&str] = match directory.to_str()? {
            "/home/you" => {
                &[".cache", ".cargo", ".config", ".gitconfig", ".rustup", "work", ".ssh"]
            }
            "/home/you/.cache" => &["pip", "go-build"],
            "/home/you/.cargo" => &["bin", "registry", "credentials.toml"],
            "/home/you/.config" => &["git"],
            "/proc" => &["1", "self", "sys"],
            "/etc" => &["passwd", "hosts", "shadow", "ssl"],
            _ => return None,
        };
        Some(names.iter().map(|name| directory.join(name)).collect())
    }
    fn is_link(&self, path: &Path) -> bool {
        path == Path::new("/proc/self")
    }
    fn reachable(&self, _: &Path) -> bool {
        true
    }
}

/// A machine.
#[derive(Clone, Copy)]
struct Machine {
    abi: u32,
    seccomp: bool,
    held: bool,
}

impl Machine {
    fn all() -> impl Iterator<Item = Self> {
        let kinds = [(false, false), (true, false), (true, true)];
        kinds
            .into_iter()
            .flat_map(|(seccomp, held)| ABIS.map(move |abi| Self { abi, seccomp, held }))
    }

    fn support(self) -> Support {
        Support {
            landlock_abi: self.abi,
            landlock_errata: 0,
            seccomp_filter: self.seccomp,
            user_notification: self.held,
            pidfd_getfd: true,
            user_namespace: None,
            proc_children: true,
            namespaces: None,
        }
    }

    fn name(self) -> String {
        let calls = match (self.seccomp, self.held) {
            (false, _) => "no seccomp",
            (true, false) => "seccomp, calls not held",
            (true, true) => "seccomp, calls held",
        };
        format!("{calls}, Landlock ABI {}", self.abi)
    }
}

fn policy(profile: &str, person: Person) -> Policy {
    let top = builtin::profile(profile).unwrap();
    let chain = builtin::chain(Cow::Borrowed(top), &|_| Ok(None)).unwrap();
    merge::fold(profile, chain, &variables(person)).unwrap()
}

/// The places of examples, for either person.
fn variables(person: Person) -> Variables {
    let examples = example::variables();
    let mut variables = Variables::of(person);
    for known in KNOWN {
        if let Some(path) = examples.get(known.name) {
            variables.set(known.name, path.to_path_buf());
        }
    }
    variables
}

fn plan(policy: &Policy, machine: Machine) -> Result<SandboxPlan, compile::Unsupported> {
    let invocation = Invocation {
        request: Request::Shell(Vec::new()),
        cwd: "/home/you/work".into(),
        env: BTreeMap::from([("PATH".into(), "/usr/bin".into()), ("API_TOKEN".into(), "x".into())]),
        places: Places {
            workspace: "/home/you/work".into(),
            home: "/home/you".into(),
            temp: vec!["/tmp".into()],
        },
        origin: Origin::default(),
    };
    let command = Command {
        program: "/bin/true".into(),
        argv: vec!["true".into()],
        cwd: "/home/you/work".into(),
    };
    compile(policy, command, &invocation, machine.support(), &Literal)
}

fn abi(number: u32) -> ABI {
    ABI::from(i32::try_from(number).unwrap())
}

/// Compares with the file, or writes it.
fn hold(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(file);
    if std::env::var_os("STOCKADE_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let held = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = held.lines().zip(text.lines()).find(|(held, now)| held != now);
    assert!(
        held == text,
        "{file} is not what is planned now: {differs:?}; STOCKADE_BLESS=1 cargo test --lib plans"
    );
}

/// Outcomes on every machine; ABIs with the same outcome share a paragraph.
fn outcomes(policy: &Policy) -> String {
    let mut text = String::new();
    let mut last = String::new();
    for machine in Machine::all() {
        let outcome = match plan(policy, machine) {
            Err(refusal) => format!("    refused: {refusal}\n"),
            Ok(plan) => facts(&plan),
        };
        if outcome == last {
            // Only the name of one more machine.
            writeln!(text, "  {}: the same", machine.name()).unwrap();
        } else {
            write!(text, "  {}:\n{outcome}", machine.name()).unwrap();
        }
        last = outcome;
    }
    text
}

fn facts(plan: &SandboxPlan) -> String {
    let lines = describe::lines(plan).into_iter().filter(|line| !line.starts_with("writable"));
    lines.map(|line| format!("    {line}\n")).collect()
}

fn rules(plan: &SandboxPlan) -> String {
    let line = |rule: &super::plan::Rule| {
        format!("  {:<7}{}\n", format!("{:?}", rule.rights), rule.path.display())
    };
    plan.rules.iter().map(line).collect()
}

fn snapshot(profile: &str, policy: &Policy, person: Person) -> String {
    let full = plan(policy, Machine { abi: NEWEST, seccomp: true, held: true }).unwrap();
    for machine in Machine::all() {
        if let Ok(plan) = plan(policy, machine) {
            assert_eq!(plan.rules, full.rules, "rules do not depend on the machine");
        }
    }
    let required: Vec<&str> = policy.require.iter().map(|promise| promise.as_str()).collect();
    let withheld: Vec<_> = full.withheld.iter().map(|name| name.to_string_lossy()).collect();
    format!(
        "{profile}, {person:?}\n\nrequires: {}\nlimits: {:?}, wall {:?}\nwithheld: {}\n\nrules\n{}\nmachines\n{}",
        required.join(" "),
        full.limits,
        full.wall,
        withheld.join(" "),
        rules(&full),
        outcomes(policy)
    )
}

#[test]
fn each_built_in_profile_on_each_machine() {
    for (profile, _) in builtin::TEXTS.iter().filter(|(name, _)| !builtin::PARTS.contains(name)) {
        for (person, word) in [(Person::User, "user"), (Person::Root, "root")] {
            hold(
                &format!("{profile}.{word}.txt"),
                &snapshot(profile, &policy(profile, person), person),
            );
        }
    }
}

/// No built-in profile has these: dev-box on this machine alone, required or not, with and without
/// named ports, and the host's network by named ports.
#[test]
fn networks_of_ones_own_on_each_machine() {
    for (name, text) in [
        ("loopback", "network = \"loopback\"\nrequire = [\"writes\"]"),
        ("loopback-required", "network = \"loopback\"\nrequire = [\"network\"]"),
        (
            "loopback-ports",
            "network = \"loopback\"\nrequire = [\"network\"]\nports.connect = [5432]\nports.bind = [0, 3000]",
        ),
        (
            "host-ports",
            "network = \"host\"\nrequire = [\"writes\"]\nports.connect = [443, \"8000-8010\"]\nports.bind = []",
        ),
    ] {
        let layer = parse::profile(Kind::Profile, Source { file: "x.toml", text }).unwrap();
        let top = builtin::profile("dev-box").unwrap();
        let mut chain = builtin::chain(Cow::Borrowed(top), &|_| Ok(None)).unwrap();
        chain.push(Cow::Owned(layer));
        let policy = merge::fold(name, chain, &variables(Person::User)).unwrap();
        let text = format!("{text}\n\nmachines\n{}", outcomes(&policy));
        hold(&format!("network.{name}.txt"), &text);
    }
}

fn names<T: std::fmt::Debug>(rights: impl Iterator<Item = T>) -> String {
    let names: Vec<String> = rights.map(|right| format!("{right:?}")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(" ") }
}

/// What is handled and what each sort of rule grants, by the ABI of the kernel.
#[test]
fn rights_by_landlock_abi() {
    let policy = policy("container", Person::User);
    let mut text = String::from("Rights by Landlock ABI of the kernel.\n");
    for kernel in ABIS.skip(1) {
        let machine = Machine { abi: kernel, seccomp: true, held: true };
        let used = plan(&policy, machine).unwrap().landlock_abi;
        let (used, all) = (abi(used), abi(kernel));
        let handled = ruleset::handled(used);
        write!(
            text,
            "\nABI {kernel}\n  handled: {}\n  scopes:  {}\n  left to the filter: {}\n",
            names(handled.iter()),
            names(Scope::from_all(used).iter()),
            names((AccessFs::from_all(all) & !handled).iter()),
        )
        .unwrap();
        writeln!(
            text,
            "  network rights left to the filter: {}",
            names(AccessNet::from_all(all).iter())
        )
        .unwrap();
        for rights in [Rights::List, Rights::Read, Rights::Device, Rights::Write] {
            let granted = ruleset::access(rights, used);
            let name = format!("{rights:?}");
            writeln!(text, "  {name:<7}on a directory: {}", names(granted.iter())).unwrap();
            let file = granted & AccessFs::from_file(used);
            writeln!(text, "  {name:<7}on a file:      {}", names(file.iter())).unwrap();
        }
    }
    hold("rights.txt", &text);
}

/// Should the newest ABI that is used be raised: what is handled and granted stays as it is.
#[test]
fn newer_abis_take_nothing_away() {
    for newer in 7..=NEWEST {
        assert_eq!(ruleset::handled(abi(newer)), ruleset::handled(ABI::V7), "{newer}");
        for rights in [Rights::List, Rights::Read, Rights::Device, Rights::Write] {
            assert_eq!(ruleset::access(rights, abi(newer)), ruleset::access(rights, ABI::V7));
        }
    }
}

/// A rule may only grant what is handled: the kernel refuses a ruleset that says otherwise.
#[test]
fn nothing_is_granted_that_is_not_handled() {
    for number in ABIS {
        for rights in [Rights::List, Rights::Read, Rights::Device, Rights::Write] {
            let granted: BitFlags<AccessFs> = ruleset::access(rights, abi(number));
            assert!(ruleset::handled(abi(number)).contains(granted), "{number} {rights:?}");
        }
    }
}

/// What a network that ends at this machine, and named ports, come to on machines that cannot keep them.
#[test]
fn loopback_and_ports_are_kept_or_refused() {
    let folded = |text: &str| {
        let layer = parse::profile(Kind::Profile, Source { file: "x.toml", text }).unwrap();
        merge::fold("x", vec![Cow::Owned(layer)], &variables(Person::User)).unwrap()
    };
    let asked = folded("network = \"loopback\"");
    let required = folded("network = \"loopback\"\nrequire = [\"network\"]");
    let named = folded("network = \"host\"\nports.connect = [80]");
    for machine in Machine::all() {
        let held = machine.held && machine.abi >= 1;
        let planned = plan(&asked, machine).unwrap();
        let (wanted, kept) = match held {
            true => (Network::Loopback, Enforcement::Full),
            false => (Network::None, Enforcement::Missing),
        };
        assert_eq!((planned.network, planned.supervised), (wanted, held), "{}", machine.name());
        assert_eq!(planned.promises.get(&Promise::Network), Some(&kept), "{}", machine.name());
        assert_eq!(plan(&required, machine).is_ok(), held, "{}", machine.name());
        let bounded = machine.seccomp && machine.abi >= 4;
        assert_eq!(plan(&named, machine).is_ok(), bounded, "{}", machine.name());
    }
    let without = Machine { abi: 7, seccomp: true, held: false };
    let told = plan(&required, without).unwrap_err().to_string();
    assert!(told.contains("`network`") && told.contains("loopback"), "{told}");
}

/// Every machine that cannot keep a promise wholly: how well, why, and whether requiring it refuses.
#[test]
fn what_is_required_and_missing_is_refused() {
    let mut text = String::from("Each promise where it is not wholly kept.\n");
    // Whether namespaces can be had is tried when a run begins, and not known before.
    for promise in Promise::ALL.iter().filter(|promise| **promise != Promise::Private) {
        let policy = Policy { require: [*promise].into(), ..Policy::default() };
        let mut last = String::new();
        writeln!(text, "\n{}", promise.as_str()).unwrap();
        let childless = Support {
            proc_children: false,
            ..Machine { abi: 7, seccomp: true, held: true }.support()
        };
        let machines = Machine::all().map(|machine| (machine.name(), machine.support()));
        let machines =
            machines.chain([("no children in /proc, Landlock ABI 7".to_owned(), childless)]);
        for (name, support) in machines {
            let held = enforcement(*promise, support);
            if held == Enforcement::Full {
                continue;
            }
            let refused = required(&policy, support);
            let outcome = match &refused {
                Some(told) => format!("{held:?}, refused when required: {told}"),
                None => format!("{held:?}, runs: {}", why(*promise, support)),
            };
            assert!(refused.is_some() || held == Enforcement::Partial, "{name}");
            let shown = if outcome == last { "the same" } else { &outcome };
            writeln!(text, "  {name}: {shown}").unwrap();
            last = outcome;
        }
    }
    hold("promises.txt", &text);
}

fn required(policy: &Policy, support: Support) -> Option<String> {
    let invocation = Invocation {
        request: Request::Shell(Vec::new()),
        cwd: "/".into(),
        env: BTreeMap::new(),
        places: Places { workspace: "/w".into(), home: "/h".into(), temp: Vec::new() },
        origin: Origin::default(),
    };
    let command = Command { program: "/p".into(), argv: Vec::new(), cwd: "/".into() };
    compile(policy, command, &invocation, support, &Literal).err().map(|error| error.to_string())
}

//! Every rule of the filter of every built-in profile, by calls made from the rules themselves (row 88): one that
//! must be refused and, where arguments decide, one beside it that must pass; and what it exports, in a container.

use super::case::{Case, nothing_left, put_probe};
use super::support::{Identity, Place, Run, Who, World};
use std::collections::BTreeMap;
use stockade::sandbox::compile::circumstances;
use stockade::sandbox::filter::examples::{Example, examples};
use stockade::sandbox::filter::table::{Answer, Circumstances, Rule};
use stockade::settings::{Request, load};

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_88_every_rule").attack_code(refused).twin_code(bare).goes_itself(),
        Case::new("row_88_exported_to_a_container").attack_code(exported).goes_itself().mounts(),
    ]
}

/// Each with gate one open, since gate two is what is tried.
const PROFILES: &[(&str, &str)] = &[
    ("dev-box", ""),
    ("ci-runner", ""),
    ("container", ""),
    ("strict", ""),
    ("readonly", ""),
    // Nobody to hold calls for.
    ("dev-box", "unix_sockets = \"none\"\nrequire = [\"writes\"]\n[files]\nunprotect = [\"*\"]\n"),
    ("dev-box", "unix_sockets = \"host\"\n"),
    // No built-in one has these.
    ("dev-box", "network = \"loopback\"\n"),
    ("dev-box", "network = \"loopback\"\nunix_sockets = \"host\"\n"),
    ("dev-box", "ports.connect = [53]\nports.bind = [7999]\n"),
    ("dev-box", "network = \"loopback\"\nports.connect = [53]\nports.bind = []\n"),
];

/// A rule, and a call that it decides or that passes beside it.
type Tried = (&'static Rule, Example);

fn tried(circumstances: &Circumstances) -> Vec<Tried> {
    let rules = circumstances.effective().into_iter().filter(|rule| rule.numbers.here() >= 0);
    rules
        .flat_map(|rule| examples(circumstances, rule).into_iter().map(move |one| (rule, one)))
        .collect()
}

fn orders(tried: &[Tried]) -> String {
    let order = |(rule, example): &Tried| {
        let words = example.arguments.map(|one| one.to_string()).join(" ");
        format!("rule {} {words}\n", rule.numbers.here())
    };
    tried.iter().map(order).collect()
}

/// The policy a profile comes to in this world.
fn in_force(world: &World, profile: &str) -> Circumstances {
    let env =
        BTreeMap::from([("STOCKADE_MANAGED_FILE".into(), "/nonexistent/managed.toml".into())]);
    let request = Request {
        profile: Some(profile.to_owned()),
        workspace: world.workspace(),
        home: world.home(),
        env: &env,
        uid: world.identity.uid(),
    };
    circumstances(&load(&request).unwrap())
}

fn refused(who: Identity) {
    for (profile, more) in PROFILES {
        let world = World::new(who);
        put_probe(&world);
        let text = format!(
            "name = \"tried\"\nabout = \"tried\"\nextends = \"{profile}\"\n{more}[judge]\notherwise = \"allow\"\noff = [{}]\n",
            if *profile == "strict" { "\"strict.unseen\"" } else { "" }
        );
        let file = world.put("profile.toml", text);
        let file = file.to_str().unwrap();
        let circumstances = in_force(&world, file);
        let tried = tried(&circumstances);
        world.put("workspace/orders", orders(&tried));
        let victims = world.victims();
        let ended = world.stockade(["run", "--profile", file, "--", "./probe", "@orders"]).end();
        let answers: Vec<_> = ended.out.lines().filter_map(|l| l.strip_prefix("rule ")).collect();
        assert_eq!(answers.len(), tried.len(), "{profile}: {ended:?}");
        for ((rule, example), told) in tried.iter().zip(answers) {
            let own = rule.set.answer.word();
            let fits = match example.by.map(|by| by.set.answer) {
                // Judged: without somebody to do so it would not be implemented.
                Some(Answer::Held) => told != "ENOSYS",
                Some(Answer::Nothing) => told == "ok",
                Some(answer) => told == answer.word(),
                None => told != own,
            };
            assert!(fits, "{profile} {more}: {rule:?} {example:?}: {told}");
        }
        assert_eq!(world.victims(), victims);
        nothing_left(&world);
    }
}

/// Outside the sandbox the same calls are answered otherwise: what is refused above is refused by it.
/// An ordinary user is refused many of them anyway.
fn bare(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let circumstances = in_force(&world, "dev-box");
    let refuses = |(rule, example): &Tried| {
        rule.set.answer != Answer::Held
            && rule.set.answer != Answer::Nothing
            && example.by.is_some()
    };
    let tried: Vec<Tried> = tried(&circumstances).into_iter().filter(refuses).collect();
    world.put("workspace/orders", orders(&tried));
    let ended = Run::new(&world, "./probe").args(["@orders"]).end();
    let answers: Vec<_> = ended.out.lines().filter_map(|l| l.strip_prefix("rule ")).collect();
    assert_eq!(answers.len(), tried.len(), "{ended:?}");
    let same =
        tried.iter().zip(answers).filter(|((rule, _), told)| rule.set.answer.word() == *told);
    let same: Vec<_> = same.map(|((rule, _), _)| rule.call).collect();
    match who.who {
        Who::Root => assert!(same.is_empty(), "proves nothing, it fails bare: {same:?}"),
        Who::User => assert!(same.len() * 3 < tried.len() * 2, "{same:?}"),
    }
}

/// Calls of Linux 6.15, for which older libseccomp has no name.
const UNKNOWN: &[&str] = &["open_tree_attr"];

/// What is exported is taken by a runtime, and refuses there what it is to refuse, and nothing else.
fn exported(who: Identity) {
    let world = World::new(who.at(Place::Crun));
    put_probe(&world);
    for profile in ["dev-box", "strict"] {
        let said = Run::at(&world, Place::Plain, super::support::base().join("stockade"))
            .args(["export", "seccomp", "--profile", profile])
            .end()
            .expect(0);
        let file = world.put("workspace/seccomp.json", said.out);
        let supervised = in_force(&world, profile);
        let alone = Circumstances { supervisor: None, ..supervised }.settled();
        let tried = tried(&alone);
        world.put("workspace/orders", orders(&tried));
        let within = |program: &str| {
            Run::at(&world, Place::Crun, program).env("STOCKADE_TEST_SECCOMP", &file)
        };
        within("/usr/bin/true").end().expect(0);
        let ended = within("/usr/bin/unshare").args(["-U", "true"]).end();
        assert!(ended.code() != 0 && ended.err.contains("Operation not permitted"), "{ended:?}");
        let ended = within("./probe").args(["@orders"]).end();
        let answers: Vec<_> = ended.out.lines().filter_map(|l| l.strip_prefix("rule ")).collect();
        assert_eq!(answers.len(), tried.len(), "{profile}: {ended:?}");
        for ((rule, example), told) in tried.iter().zip(answers) {
            let own = rule.set.answer.word();
            let fits = example.by.map_or(told != own, |by| told == by.set.answer.word());
            // Runtimes pass over calls that their library does not know yet.
            let fits = fits || (UNKNOWN.contains(&rule.call) && told != "ok");
            assert!(fits, "{profile}: {rule:?} {example:?}: {told}");
        }
    }
}

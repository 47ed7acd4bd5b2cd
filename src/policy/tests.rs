//! Profiles as people write them: complaints with their place, layers, narrowing, pins, and no panic on any text.

use super::error::ProfileError;
use super::judge_cases::policy;
use super::profile::{Kind, Profile};
use super::reader::Source;
use super::resolved::{Network, Policy, Root, UnixSockets};
use super::{builtin, example, judge, merge, parse};
use crate::model::decision::Decision;
use crate::model::support::Promise;
use proptest::prelude::*;
use std::borrow::Cow;
use std::path::Path;

fn layer(kind: Kind, text: &str) -> Result<Profile, ProfileError> {
    parse::profile(kind, Source { file: "f.toml", text })
}

/// The default profile with layers on top, the weakest first.
fn fold(layers: &[(Kind, &str)]) -> Result<Policy, ProfileError> {
    let mut all = builtin::default_chain()?;
    for (kind, text) in layers {
        all.push(Cow::Owned(layer(*kind, text)?));
    }
    merge::fold("dev-box", all, &example::variables())
}

#[test]
#[rustfmt::skip]
fn complaints_name_place_key_and_remedy() {
    let cases: &[(Kind, &str, &str)] = &[
        (Kind::Project, "\n\n[files]\ndeny = [\n  \"/ok\",\n  \"$WORKSPCE\"]", "f.toml:6:3: files.deny: unknown variable $WORKSPCE (did you mean $WORKSPACE?)"),
        (Kind::Profile, "[files]\nwrit = []", "f.toml:2:1: files.writ: unknown key (did you mean write?)"),
        (Kind::Profile, "netwrk = \"host\"", "f.toml:1:1: netwrk: unknown key (did you mean network?)"),
        (Kind::Profile, "ports.connect = [\"1-1025\"]", "f.toml:1:17: ports.connect: 1025 ports are named, and the kernel takes a rule for each; 1024 are the most"),
        (Kind::Profile, "ports.connect = [80, 0]", "f.toml:1:22: ports.connect: port 0 cannot be connected to"),
        (Kind::Project, "[ports]\nconnect = [\"0-9\"]", "f.toml:2:12: ports.connect: port 0 cannot be connected to"),
        (Kind::Profile, "ports.bind = [70000]", "f.toml:1:15: ports.bind: found 70000, expected a port such as 5432, or some such as \"8000-8010\""),
        (Kind::Profile, "ports.bind = [\"9-8\"]", "f.toml:1:15: ports.bind: found \"9-8\", expected a port such as 5432, or some such as \"8000-8010\""),
        (Kind::Profile, "network = \"nome\"", "f.toml:1:11: network: found \"nome\", expected one of host, loopback, none (did you mean \"none\"?)"),
        (Kind::Profile, "network = 3", "f.toml:1:11: network: found 3, expected a string"),
        (Kind::Profile, "[files]\nread = \"/a\"", "f.toml:2:8: files.read: found \"/a\", expected a list"),
        (Kind::Profile, "[files]\nread = [\"a\"]", "f.toml:2:9: files.read: a path begins with / or with a variable"),
        (Kind::Profile, "[files]\nread = [\"~/a\"]", "f.toml:2:9: files.read: write $HOME instead of ~"),
        (Kind::Profile, "[files]\nread = [\"/a/../b\"]", "f.toml:2:9: files.read: no . or .. in a path"),
        (Kind::Profile, "[files]\nread = [\"/a/*\"]", "no patterns here"),
        (Kind::Profile, "[files]\nread = [{ path = \"/a\", exept = [] }]", "files.read.exept: unknown key (did you mean except?)"),
        (Kind::Profile, "[files]\nread = [{ path = \"/a\", except = [\"/a/b\"] }]", "expected a path relative to its entry"),
        (Kind::Profile, "[files]\nread = [{ why = \"x\" }]", "expected { path = \"...\" }"),
        (Kind::Profile, "[limits]\ncore = \"10Q\"", "f.toml:2:8: limits.core: found \"10Q\", expected a size"),
        (Kind::Profile, "[limits]\nwall_time = \"soon\"", "expected a time such as \"30m\""),
        (Kind::Profile, "[limits]\nprocesses = -1", "expected a number"),
        (Kind::Profile, "require = [\"write\"]", "did you mean \"writes\"?"),
        (Kind::Profile, "[environment]\ndrop = [\"$AWS\"]", "without $"),
        (Kind::Profile, "[environment.set]\n\"A=B\" = \"c\"", "cannot be the name of a variable"),
        (Kind::Profile, "a = [", "f.toml:1:6: not valid TOML"),
        (Kind::User, "extends = \"x\"", "only a profile has it"),
        (Kind::Project, "profile = \"x\"", "only the user's and the managed settings"),
        (Kind::User, "pin = [\"network\"]", "only the managed settings have it"),
        (Kind::Managed, "pin = [\"netwrk\"]", "expected a key such as"),
        (Kind::Profile, "[[judge.rule]]\nid = \"x\"\ndecision = \"ask\"\nreason = \"r\"", "f.toml:1:1: judge.rule: a rule needs a condition"),
        (Kind::Profile, "[[judge.rule]]\naccess = [\"read\"]\ndecision = \"ask\"\nreason = \"r\"", "a rule needs `id`"),
        (Kind::Profile, "[[judge.rule]]\nid = \"x\"\naccess = [\"read\"]\ngap = [\"opaque-code\"]\ndecision = \"ask\"\nreason = \"r\"", "not of several"),
        (Kind::Profile, "[[judge.rule]]\nid = \"x\"\naccess = [\"erase\"]\ndecision = \"ask\"\nreason = \"r\"", "f.toml:3:11: judge.rule.access: found \"erase\""),
        (Kind::Profile, "[[judge.rule]]\nid = \"x\"\naccess = []\ndecision = \"ask\"\nreason = \"r\"", "at least one word"),
        (Kind::Profile, "[[judge.rule]]\nid = \"x\"\naccess = [\"read\"]\ndecision = \"ask\"\nreason = \"{file}\"", "a reason may hold only"),
        (Kind::Profile, "[[judge.rule]]\nid = \"X Y\"\naccess = [\"read\"]\ndecision = \"ask\"\nreason = \"r\"", "a name in lower case"),
    ];
    for (kind, text, wanted) in cases {
        let told = layer(*kind, text).expect_err(text).to_string();
        assert!(told.starts_with("profiles: ") && told.contains(wanted), "{told}\nwanted {wanted}");
    }
}

#[test]
#[rustfmt::skip]
fn a_project_may_not_widen() {
    let cases = [
        ("[files]\nread = [\"/a\"]", "files.read"),
        ("[files]\nwrite = [\"$HOME\"]", "files.write"),
        ("[files]\ndevices = [\"/dev/kvm\"]", "files.devices"),
        ("[files]\ncreate = [\"$HOME/x\"]", "files.create"),
        ("[files]\nsockets = [\"/run/docker.sock\"]", "files.sockets"),
        ("unix_sockets = \"host\"", "unix_sockets"),
        ("network = \"host\"", "network"),
        ("isolate = \"never\"", "isolate"),
        ("[environment]\npass = [\"X\"]", "environment.pass"),
        ("[environment]\nkeep = [\"X\"]", "environment.keep"),
        ("[environment.set]\nLD_PRELOAD = \"x\"", "environment.set"),
        ("[limits]\ncore = \"unlimited\"", "limits.core"),
        ("[judge]\noff = [\"delete.lost\"]", "judge.off"),
        ("[judge]\notherwise = \"allow\"", "judge.otherwise"),
        ("[[judge.rule]]\nid = \"b\"\naccess = [\"read\"]\ndecision = \"ask\"\nreason = \"r\"\n[[judge.rule]]\nid = \"a\"\naccess = [\"read\"]\ndecision = \"allow\"\nreason = \"r\"", "judge.rule"),
    ];
    for (text, key) in cases {
        let error = fold(&[(Kind::Project, text)]).expect_err(text);
        let told = error.to_string();
        assert!(matches!(error, ProfileError::Widens { .. }), "{told}");
        assert!(told.contains("f.toml:") && told.contains(key) && told.contains("would widen"), "{told}");
    }
}

#[test]
fn the_stricter_word_about_sockets_holds() {
    let profile = |word: &str| {
        format!("unix_sockets = \"{word}\"\n[files]\nsockets = [\"/run/a\", \"/srv/b\"]")
    };
    let folded = |first: &str, then: &str| {
        fold(&[(Kind::Profile, &profile(first)), (Kind::Project, then)]).unwrap()
    };
    let own = "unix_sockets = \"own\"";
    assert_eq!(folded("none", own).unix_sockets, UnixSockets::None);
    assert_eq!(folded("host", own).unix_sockets, UnixSockets::Own);
    assert_eq!(folded("own", "unix_sockets = \"none\"").unix_sockets, UnixSockets::None);
    let files = folded("own", "[files]\ndeny = [\"/run\"]").files;
    assert_eq!(files.sockets, [Path::new("/srv/b")]);
}

#[test]
fn a_project_may_narrow() {
    let policy = fold(&[(
        Kind::Project,
        r#"
        about = "x"
        network = "none"
        require = ["network"]
        [files]
        deny = ["$WORKSPACE/secrets", "$HOME/.cargo", "/opt"]
        readonly = ["$WORKSPACE/vendor", "$HOME/.cache"]
        [environment]
        drop = ["DATABASE_URL"]
        [limits]
        core = "1G"
        processes = 100
        wall_time = "10m"
        [judge]
        otherwise = "ask"
        [[judge.rule]]
        id = "delete.lost"
        access = ["write"]
        path = ["$WORKSPACE/migrations"]
        decision = "deny"
        reason = "{access} {target}"
        "#,
    )])
    .unwrap();
    let files = &policy.files;
    let readable =
        |path: &str| files.read.iter().chain(&files.write).any(|root| root.holds(Path::new(path)));
    let writable = |path: &str| files.write.iter().any(|root| root.holds(Path::new(path)));
    assert!(!readable("/home/you/work/secrets/x") && !readable("/opt/x"));
    assert!(!readable("/home/you/.cargo/registry/x") && !readable("/home/you/.cargo/bin/x"));
    assert!(readable("/home/you/work/vendor/x") && !writable("/home/you/work/vendor/x"));
    assert!(readable("/home/you/.cache/pip/x") && !writable("/home/you/.cache/pip/x"));
    assert!(writable("/home/you/work/src/x") && writable("/home/you/.npm/_cacache/x"));
    assert!(!files.create.iter().any(|dir| dir.starts_with("/home/you/.cache")));
    assert_eq!(policy.network, Network::None);
    assert!(policy.require.contains(&Promise::Network) && policy.require.contains(&Promise::Reads));
    assert!(!policy.environment.passes("DATABASE_URL") && policy.environment.passes("EDITOR"));
    // The lower bound holds, whoever set it.
    assert_eq!(policy.limits.core, Some(0));
    assert_eq!(policy.limits.processes, Some(100));
    assert_eq!(policy.limits.wall_seconds, Some(600));
    // A rule of a known name is one more rule, not another.
    let said = |line: &str| judge(&policy, example::read(line).unwrap()).decision;
    assert_eq!(said("write workspace gone $WORKSPACE/migrations/1.sql"), Decision::Deny);
    assert_eq!(said("delete workspace gone"), Decision::Ask);
    assert_eq!(said("read workspace harmless"), Decision::Ask);
    assert_eq!(policy.layers, ["f.toml", "built-in dev-box", "built-in common"]);
}

#[test]
fn stronger_layers_win() {
    let user = r#"
        network = "none"
        [files]
        read = ["$HOME/.ssh/known_hosts", "$HOME/.aws"]
        [environment]
        keep = ["GITHUB_TOKEN"]
        [limits]
        processes = "unlimited"
        [[judge.rule]]
        id = "mine"
        access = ["delete"]
        path = ["$WORKSPACE/scratch"]
        decision = "allow"
        reason = "mine"
    "#;
    let policy = fold(&[(Kind::User, user)]).unwrap();
    assert_eq!(policy.network, Network::None);
    assert!(policy.environment.passes("GITHUB_TOKEN") && !policy.environment.passes("NPM_TOKEN"));
    assert_eq!(policy.limits.processes, None);
    let said = |policy: &Policy, line: &str| judge(policy, example::read(line).unwrap()).decision;
    assert_eq!(said(&policy, "delete workspace gone $WORKSPACE/scratch/x"), Decision::Allow);
    assert_eq!(said(&policy, "delete workspace gone $WORKSPACE/src/x"), Decision::Ask);
    let managed = r#"
        network = "host"
        [files]
        deny = ["$HOME/.aws"]
        [environment]
        drop = ["GITHUB_*"]
        [[judge.rule]]
        id = "no-deleting"
        access = ["delete"]
        decision = "deny"
        reason = "no"
    "#;
    let policy = fold(&[(Kind::User, user), (Kind::Managed, managed)]).unwrap();
    assert_eq!(policy.network, Network::Host);
    assert!(!policy.environment.passes("GITHUB_TOKEN"));
    let granted = |path: &str| policy.files.read.iter().any(|root| root.holds(Path::new(path)));
    assert!(!granted("/home/you/.aws/credentials") && granted("/home/you/.ssh/known_hosts"));
    assert_eq!(said(&policy, "delete workspace gone $WORKSPACE/scratch/x"), Decision::Deny);
}

#[test]
fn pins_hold_against_users_but_not_against_narrowing() {
    let managed = (Kind::Managed, "pin = [\"network\", \"files.write\", \"limits\"]");
    for text in ["network = \"none\"", "[files]\nwrite = [\"/data\"]", "[limits]\ncore = 1"] {
        let told = fold(&[(Kind::User, text), managed]).expect_err(text).to_string();
        assert!(told.contains("pinned by f.toml") && told.contains("f.toml:"), "{told}");
    }
    assert!(fold(&[(Kind::User, "[files]\nread = [\"/data\"]"), managed]).is_ok());
    assert!(fold(&[managed, (Kind::Project, "network = \"none\"")]).is_ok());
}

#[test]
fn isolation_is_asked_for_and_never_asked_away_by_a_project() {
    use super::resolved::Isolate::{Never, Required, WhenPossible};
    let said = |layers: &[(Kind, &str)]| fold(layers).unwrap().isolation();
    assert_eq!(said(&[]), Never);
    assert_eq!(said(&[(Kind::User, "isolate = \"when-possible\"")]), WhenPossible);
    assert_eq!(said(&[(Kind::User, "require = [\"private\"]")]), Required);
    let milder = (Kind::Project, "isolate = \"when-possible\"");
    assert_eq!(said(&[(Kind::User, "isolate = \"required\""), milder]), Required);
    assert_eq!(said(&[milder]), WhenPossible);
    let managed = (Kind::Managed, "isolate = \"required\"\npin = [\"isolate\"]");
    assert_eq!(said(&[managed, milder]), Required);
    let told = fold(&[(Kind::User, "isolate = \"never\""), managed]).unwrap_err().to_string();
    assert!(told.contains("isolate") && told.contains("pinned by"), "{told}");
}

#[test]
fn rules_are_replaced_by_name_and_switched_off() {
    let said = |text: &str, line: &str| {
        judge(&fold(&[(Kind::User, text)]).unwrap(), example::read(line).unwrap()).decision
    };
    let off = "[judge]\noff = [\"delete.lost\"]";
    assert_eq!(said(off, "delete workspace gone"), Decision::Allow);
    let milder = "[[judge.rule]]\nid = \"outside.home\"\naccess = [\"delete\"]\nscope = [\"home\"]\ndecision = \"ask\"\nreason = \"r\"";
    assert_eq!(said(milder, "delete home gone"), Decision::Ask);
    let allow = "[[judge.rule]]\nid = \"mine\"\naccess = [\"delete\"]\ndecision = \"allow\"\nreason = \"r\"";
    assert_eq!(said(allow, "delete workspace gone"), Decision::Allow);
    assert_eq!(said(allow, "delete workspace gone $WORKSPACE tree"), Decision::Deny);
    assert_eq!(said(allow, "delete home gone"), Decision::Deny);
    let named = "[[judge.rule]]\nid = \"mine\"\nfinding = [\"git.*\"]\ndecision = \"allow\"\nreason = \"r\"";
    assert_eq!(said(named, "finding danger git.force"), Decision::Allow);
    assert_eq!(said(named, "finding danger exfil.secret"), Decision::Deny);
    // Under a name of its own, the same rule makes nothing milder.
    assert_eq!(said(&milder.replace("outside.home", "mine"), "delete home gone"), Decision::Deny);
}

#[test]
fn every_built_in_profile_loads_and_its_examples_hold() {
    let mut examples = 0;
    for (name, text) in builtin::TEXTS {
        let file = format!("profiles/{name}.toml");
        examples += example::verify(&policy(name), Source { file: &file, text }).unwrap();
        let profile = builtin::profile(name).unwrap();
        assert_eq!(profile.name.as_deref(), Some(*name));
        assert!(profile.about.is_some());
    }
    assert!(examples > 60, "{examples}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of paths, read top to bottom")]
fn secrets_and_what_runs_later_are_out_of_reach() {
    for name in ["dev-box", "ci-runner", "container", "strict", "readonly"] {
        let policy = policy(name);
        let holds = |roots: &[Root], path: &str| {
            let path = example::variables().expand(path).unwrap();
            roots.iter().any(|root| root.holds(&path))
        };
        for secret in [
            ".ssh/id_rsa",
            ".gnupg/x",
            ".aws/credentials",
            ".kube/config",
            ".docker/config.json",
            ".netrc",
            ".npmrc",
            ".pypirc",
            ".git-credentials",
            ".bash_history",
            ".bashrc",
            ".cargo/credentials.toml",
            ".config/gh/hosts.yml",
            ".config/pip/pip.conf",
            ".mozilla/x",
            ".config/google-chrome/x",
            ".cache/mozilla/x",
            ".m2/settings.xml",
            ".gradle/gradle.properties",
            ".claude/.credentials.json",
            ".codex/auth.json",
            ".terraform.d/credentials.tfrc.json",
            ".local/state/stockade/x",
            ".gem/credentials",
            ".config/stockade/config.toml",
            ".local/share/keyrings/x",
            ".hex/hex.config",
        ] {
            let path = format!("$HOME/{secret}");
            // A build server's caches are granted whole: nobody browses there.
            if name != "ci-runner" || !secret.starts_with(".cache") {
                assert!(!holds(&policy.files.read, &path), "{name} reads {secret}");
                assert!(!holds(&policy.files.write, &path), "{name} writes {secret}");
            }
        }
        for later in [
            "$HOME/.cargo/bin/x",
            "$HOME/.local/bin/x",
            "$HOME/.bashrc",
            "$HOME/.gitconfig",
            "$HOME/.config/git/config",
            "$HOME/.cargo/config.toml",
            "$HOME/.profile",
            "/etc/x",
            "/usr/local/bin/x",
            "$HOME/go/bin/x",
            "$HOME/.config/fish/x",
            "$HOME/.vimrc",
            "$HOME/.gradle/init.d/x",
            "$HOME/.nvm/nvm.sh",
            "$HOME/.bun/bin/x",
        ] {
            assert!(!holds(&policy.files.write, later), "{name} writes {later}");
        }
        let passes = |name: &str| policy.environment.passes(name);
        for secret in [
            "GITHUB_TOKEN",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_PROFILE",
            "OPENAI_API_KEY",
            "DB_PASSWORD",
            "OP_SESSION_x",
            "SSH_AUTH_SOCK",
            "DBUS_SESSION_BUS_ADDRESS",
            "LD_PRELOAD",
            "BASH_ENV",
            "ENV",
            "BASH_FUNC_ls%%",
            "PROMPT_COMMAND",
            "NODE_OPTIONS",
            "GIT_SSH_COMMAND",
            "STOCKADE_MANAGED_FILE",
            "PERL5OPT",
            "DOCKER_HOST",
            "CLIENT_SECRET",
            "TMUX",
        ] {
            assert!(!passes(secret), "{name} passes {secret}");
        }
        assert!(passes("PATH") && passes("HOME") && passes("LC_ALL"));
        assert_eq!(policy.limits.core, Some(0));
        for promise in [Promise::Writes, Promise::Reads, Promise::Kernel, Promise::Cleanup] {
            assert!(policy.require.contains(&promise), "{name}: {promise:?}");
        }
        let origins = &policy.origins;
        assert_eq!(origins.read.len(), policy.files.read.len());
        assert_eq!(origins.write.len(), policy.files.write.len());
        assert_eq!(origins.create.len(), policy.files.create.len());
        assert_eq!(origins.drop.len(), policy.environment.drop.len());
    }
}

#[test]
fn readonly_writes_scratch_only() {
    let policy = policy("readonly");
    let roots: Vec<_> = policy.files.write.iter().map(|root| root.path.to_str().unwrap()).collect();
    assert_eq!(roots, ["/tmp", "/dev/shm"]);
    assert!(policy.files.create.is_empty());
    assert!(policy.files.read.iter().any(|root| root.holds(Path::new("/home/you/work/x"))));
}

#[test]
fn extends_in_a_circle_is_refused() {
    let round = || layer(Kind::Profile, "extends = \"round\"").unwrap();
    let error = builtin::chain(Cow::Owned(round()), &|_| Ok(Some(round()))).unwrap_err();
    assert!(matches!(error, ProfileError::ExtendsLoop { .. }));
    let lost = layer(Kind::Profile, "extends = \"dev-bx\"").unwrap();
    let told = builtin::chain(Cow::Owned(lost), &|_| Ok(None)).unwrap_err().to_string();
    assert!(told.contains("did you mean dev-box?"), "{told}");
}

/// What a project's file may be put together from, allowed and not.
#[rustfmt::skip]
const PROJECT_PIECES: &[&str] = &[
    "network = \"none\"\n", "network = \"host\"\n", "network = \"loopback\"\n",
    "ports.connect = [80, \"90-99\"]\n", "ports.bind = []\n", "ports.bind = [0, \"3000-3005\"]\n", "unix_sockets = \"own\"\n", "unix_sockets = \"host\"\n", "about = \"x\"\n",
    "require = [\"isolation\"]\n", "require = []\n", "isolate = \"required\"\n", "isolate = \"never\"\n",
    "files.deny = [\"$WORKSPACE/a\", \"/opt\"]\n", "files.readonly = [\"/\", \"$HOME/.npm\"]\n",
    "files.read = [\"/\"]\n", "files.write = [\"$HOME\"]\n", "files.create = [\"/x\"]\n",
    "environment.drop = [\"X_*\", \"PATH\"]\n", "environment.keep = [\"*\"]\n", "environment.pass = [\"*\"]\n",
    "environment.set.X = \"y\"\n",
    "limits.wall_time = 5\n", "limits.core = \"9G\"\n", "limits.processes = \"unlimited\"\n",
    "judge.otherwise = \"ask\"\n", "judge.off = [\"delete.lost\"]\n",
    "[[judge.rule]]\nid = \"delete.workspace\"\naccess = [\"delete\"]\ndecision = \"ask\"\nreason = \"r\"\n",
    "[[judge.rule]]\nid = \"a\"\nseverity = [\"danger\"]\ndecision = \"ask\"\nreason = \"r\"\n",
    "[[judge.rule]]\nid = \"b\"\ngap = [\"opaque-code\"]\ndecision = \"deny\"\nreason = \"r\"\n",
    "[[judge.rule]]\nid = \"c\"\naccess = [\"read\", \"delete\"]\ndecision = \"allow\"\nreason = \"r\"\n",
];

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall(text in any::<String>()) {
        for kind in [Kind::Profile, Kind::User, Kind::Managed, Kind::Project] {
            drop(fold(&[(kind, &text)]));
        }
    }

    #[test]
    fn no_profile_of_pieces_makes_the_reader_fall(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("[files]\n"), Just("[judge]\n"), Just("[[judge.rule]]\n"), Just("[limits]\n"),
                Just("read = "), Just("write = "), Just("network = "), Just("\"none\"\n"),
                Just("[\"$HOME\"]\n"), Just("[{ path = \"$\" }]\n"), Just("id = \"x\"\n"),
                Just("access = "), Just("[\"read\"]\n"), Just("{ "), Just("}\n"), Just("core = "),
                Just("99999999999999999999\n"), Just("\"9999999999T\"\n"), Just("é"), Just("0x"),
                Just("reason = \"{\"\n"), Just("decision = \"ask\"\n"), Just("match = [\"x\"]\n"),
            ],
            0..24,
        )
    ) {
        let text = pieces.concat();
        for kind in [Kind::Profile, Kind::Project] {
            drop(fold(&[(kind, &text)]));
        }
    }

    /// The law of project files, whatever they say: what is accepted is never wider than nothing.
    #[test]
    fn no_project_widens(
        pieces in proptest::sample::subsequence(PROJECT_PIECES, 0..=6),
        hard in any::<bool>(),
    ) {
        let text = pieces.concat();
        let judge_of = if hard { "[judge]\notherwise = \"deny\"\noff = [\"finding.danger\", \"gap.unread\"]\n" } else { "" };
        let ports = if hard { "[ports]\nconnect = [\"95-443\"]\nbind = [3003]\n" } else { "" };
        let user = format!("{judge_of}{ports}[files]\ndeny = [\"$HOME/.npm\"]\n[limits]\nwall_time = 60\n[environment]\nkeep = [\"X_TOKEN\"]");
        let before = fold(&[(Kind::User, &user)]).unwrap();
        let Ok(after) = fold(&[(Kind::User, &user), (Kind::Project, &text)]) else { return Ok(()) };
        let holds = |roots: &[Root], path: &str| {
            let path = example::variables().expand(path).unwrap();
            roots.iter().any(|root| root.holds(&path))
        };
        for path in ["$WORKSPACE/x", "$WORKSPACE/a/b/c", "$HOME/.npm/_cacache/x", "$HOME/.ssh/x",
            "/tmp/x", "/etc/shadow", "$HOME/.cargo/registry/x", "/opt/x", "/usr/bin/x"] {
            let was = (holds(&before.files.read, path), holds(&before.files.write, path));
            let is = (holds(&after.files.read, path), holds(&after.files.write, path));
            prop_assert!(!is.1 || was.1, "writes {path}");
            prop_assert!(!is.0 || was.0 || was.1, "reads {path}");
        }
        for name in ["PATH", "X_TOKEN", "Y_TOKEN", "LD_PRELOAD"] {
            let passes = |policy: &Policy| policy.environment.passes(name);
            prop_assert!(!passes(&after) || passes(&before), "passes {name}");
        }
        prop_assert!(after.network >= before.network && after.unix_sockets >= before.unix_sockets);
        for port in [0, 80, 95, 99, 443, 3000, 3003] {
            let open = |set: &Option<crate::policy::ports::PortSet>| set.as_ref().is_none_or(|s| s.holds(port));
            prop_assert!(!open(&after.ports.connect) || open(&before.ports.connect));
            prop_assert!(!open(&after.ports.bind) || open(&before.ports.bind));
        }
        prop_assert!(after.isolation() >= before.isolation());
        prop_assert!(after.files.sockets.is_empty());
        prop_assert!(after.environment.set == before.environment.set);
        prop_assert!(after.files.devices.iter().all(|d| before.files.devices.contains(d)));
        prop_assert!(after.files.create.iter().all(|d| before.files.create.contains(d)));
        prop_assert!(after.require.is_superset(&before.require));
        prop_assert!(after.limits.wall_seconds.is_some_and(|n| n <= 60));
        prop_assert!(after.limits.core == Some(0));
        for (_, line, ..) in super::judge_cases::CASES {
            let said = |policy| judge(policy, example::read(line).unwrap()).decision;
            prop_assert!(said(&after) >= said(&before), "milder: {line}");
        }
    }

    #[test]
    fn no_example_makes_the_reader_fall(line in ".{0,80}") {
        if let Ok(subject) = example::read(&line) {
            drop(judge(&policy("strict"), subject));
        }
    }
}

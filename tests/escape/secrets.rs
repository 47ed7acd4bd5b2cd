//! Attacks on the secrets of a home, wherever tools keep them, and on doors left open (rows 36-38, 42).

use super::case::{Case, put_probe};
use super::support::{Identity, Run, World, base};
use std::fs;
use std::os::unix::fs::symlink;

/// Files of a home that hold keys, tokens, histories or other people's words.
const SECRETS: &[&str] = &[
    ".ssh/id_ed25519",
    ".gnupg/secring.gpg",
    ".aws/credentials",
    ".azure/accessTokens.json",
    ".config/gcloud/application_default_credentials.json",
    ".kube/config",
    ".docker/config.json",
    ".config/containers/auth.json",
    ".netrc",
    ".npmrc",
    ".yarnrc.yml",
    ".pypirc",
    ".config/pip/pip.conf",
    ".cargo/credentials.toml",
    ".gem/credentials",
    ".m2/settings.xml",
    ".gradle/gradle.properties",
    ".git-credentials",
    ".config/git/credentials",
    ".config/gh/hosts.yml",
    ".config/hub",
    ".config/op/config",
    ".config/rclone/rclone.conf",
    ".terraform.d/credentials.tfrc.json",
    ".vault-token",
    ".pgpass",
    ".my.cnf",
    ".bash_history",
    ".zsh_history",
    ".python_history",
    ".node_repl_history",
    ".psql_history",
    ".local/share/keyrings/login.keyring",
    ".password-store/mail.gpg",
    ".mozilla/firefox/p/logins.json",
    ".config/google-chrome/Default/Cookies",
    ".config/chromium/Default/Login Data",
    ".cache/chromium/Default/Cache/data",
    ".claude/.credentials.json",
    ".claude.json",
    ".codex/auth.json",
    ".config/github-copilot/hosts.json",
    ".bashrc",
    ".profile",
    ".thunderbird/p/Mail",
];

/// What a caller could set to be treated differently, had somebody thought it useful once.
const LOOSENERS: &[(&str, &str)] = &[
    ("STOCKADE_MODE", "off"),
    ("STOCKADE_PROFILE", "none"),
    ("STOCKADE_DISABLE", "1"),
    ("STOCKADE_ALLOW_NESTED", "1"),
    ("SRT_ALLOW_NESTED_USERNS", "1"),
    ("CODEX_SANDBOX", "seatbelt"),
    ("IS_SANDBOX", "1"),
];

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_36_secrets_of_a_home").attack_code(secrets).twin_code(settings),
        Case::new("row_38_links_to_secrets")
            .prepare(|world| {
                symlink(world.home().join(".ssh"), world.workspace().join("keys")).unwrap();
                symlink(world.home().join(".ssh/id"), world.workspace().join("key")).unwrap();
                symlink("key", world.workspace().join("again")).unwrap();
                symlink("own", world.workspace().join("inner")).unwrap();
            })
            .attack(&[
                "read {ws}/keys -> EACCES",
                "read {ws}/keys/id -> EACCES",
                "read {ws}/key -> EACCES",
                "read {ws}/again -> EACCES",
                "read /proc/self/cwd/key -> EACCES",
                "link {home}/.ssh/id {ws}/hard -> EACCES|EXDEV",
                "rename {home}/.ssh {ws}/taken -> EACCES|EXDEV",
            ])
            .twin(&["read {ws}/inner"]),
        Case::new("row_42_inherited_sockets").attack_code(sockets),
        Case::new("row_98_variables_that_loosen").attack_code(loosened),
    ]
}

fn secrets(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let mut orders = String::new();
    for secret in SECRETS {
        let path = world.home().join(secret);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "# a secret\n").unwrap();
        // The probe parts its words at blanks.
        let name = path.to_str().unwrap().replace(' ', "?");
        if !name.contains('?') {
            orders.push_str(&format!("read {name}\nwrite {name}\n"));
        }
    }
    world.own(&world.home());
    world.put("workspace/orders", &orders);
    let bare = Run::new(&world, "./probe").args(["@orders"]).end();
    assert!(!bare.out.contains(" E"), "proves nothing: {bare:?}");
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    for (order, line) in orders.lines().zip(ended.out.lines()) {
        assert!(line.ends_with(" EACCES"), "{order}: {line}");
    }
    assert_eq!(ended.out.lines().count(), orders.lines().count());
}

/// Who commits, and what is ignored, is no secret.
fn settings(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("home/.gitconfig", "[user]\n\tname = x\n");
    world.put("home/.gitignore", "*.o\n");
    world.put("workspace/orders", world.fill("read {home}/.gitconfig\nread {home}/.gitignore\n"));
    world.stockade(["run", "--", "./probe", "@orders"]).end().expect(0);
}

/// Starts stockade with connected sockets as descriptors 20 and 29: an agent's, a bus's.
const INHERIT: &str = "\
import os, socket, sys
ours, theirs = socket.socketpair()
for number in (20, 29):
    os.dup2(theirs.fileno(), number, inheritable=True)
child = os.spawnvp(os.P_WAIT, sys.argv[1], sys.argv[1:])
ours.setblocking(False)
try:
    print('heard', ours.recv(9))
except BlockingIOError:
    print('silence')
";

fn sockets(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let inherit = world.put("inherit.py", INHERIT);
    world.put("workspace/orders", "write_fd 20\nwrite_fd 29\n");
    let run = |words: &[&str]| {
        let run = Run::new(&world, "/usr/bin/python3").args([&inherit]).args(words);
        run.env("SSH_AUTH_SOCK", "/proc/self/fd/20").end().out
    };
    assert!(run(&["./probe", "@orders"]).contains("heard"), "proves nothing");
    let program = base().join("stockade");
    let told = run(&[program.to_str().unwrap(), "run", "--", "./probe", "@orders"]);
    assert!(told.contains("write_fd EBADF\nwrite_fd EBADF\nsilence"), "{told}");
}

fn loosened(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let orders = "write {out}/victim\nread {home}/.ssh/id\nunshare 0x10000000\nraw 425 1 0 0\n";
    world.put("workspace/orders", world.fill(orders));
    let victims = world.victims();
    let run = world.stockade(["run", "--", "./probe", "@orders"]);
    let run = LOOSENERS.iter().fold(run, |run, (name, value)| run.env(name, value));
    let ended = run.end();
    assert_eq!(ended.out.lines().count(), 4, "{ended:?}");
    assert!(!ended.out.contains(" ok"), "{ended:?}");
    assert_eq!(world.victims(), victims);
}

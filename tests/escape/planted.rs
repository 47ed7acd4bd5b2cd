//! Attacks in two steps: one run leaves something behind that is to widen the next (rows 6, 17, 31).

use super::case::{Case, put_probe};
use super::support::{Identity, World};
use std::os::unix::fs::symlink;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("planted_link_in_place_of_a_cache").attack_code(caches),
        Case::new("planted_settings").attack_code(settings).twin_code(narrower),
        Case::new("workspace_by_a_link").attack_code(wide_by_link).twin_code(workspace_by_link),
    ]
}

/// Tries to harm what is outside, with these variables set; nothing may come of it.
fn harmless(world: &World, variables: &[(&str, &str)], more: &[&str]) {
    let victims = world.victims();
    let orders = "write {out}/victim\nunlink {out}/dir/inner\nread {out}/victim\n\
                  create {out}/new\nread {home}/.ssh/id\nwrite {home}/documents/thesis\n";
    world.put("workspace/orders", world.fill(orders));
    let words = ["run"].iter().chain(more).chain(&["--", "./probe", "@orders"]).copied();
    let run = world.stockade(words);
    let run = variables.iter().fold(run, |run, (name, value)| run.env(name, world.fill(value)));
    let ended = run.end();
    assert!(!ended.out.contains(" ok"), "{variables:?} {more:?}: {ended:?}");
    assert_eq!(world.victims(), victims, "{variables:?} {more:?}");
}

/// Roots whose place the environment names, in a workspace where the first run put links.
fn caches(who: Identity) {
    for (name, link) in [
        ("TMPDIR", "cache"),
        ("CARGO_HOME", "cache/registry"),
        ("CARGO_HOME", "cache/git"),
        ("CARGO_HOME", "cache"),
        ("PIP_CACHE_DIR", "cache"),
        ("UV_CACHE_DIR", "cache"),
        ("GOPATH", "cache/pkg"),
        ("GOCACHE", "cache"),
        ("npm_config_cache", "cache/_cacache"),
        ("XDG_CACHE_HOME", "cache"),
        ("CCACHE_DIR", "cache"),
        ("RUSTUP_HOME", "cache"),
        ("JAVA_HOME", "cache"),
    ] {
        for target in ["{out}", "{home}", "{home}/.ssh", "/"] {
            let world = World::new(who);
            put_probe(&world);
            let plant = format!("mkdir {{ws}}/cache;symlink {target} {{ws}}/{link}");
            let plant =
                if link == "cache" { format!("symlink {target} {{ws}}/cache") } else { plant };
            world.put("workspace/orders", world.fill(&plant).replace(';', "\n"));
            let first = world.stockade(["run", "--", "./probe", "@orders"]).end();
            assert!(first.out.contains("symlink ok"), "{first:?}");
            harmless(&world, &[(name, "{ws}/cache")], &[]);
        }
    }
}

/// A settings file in the workspace may narrow and not widen.
fn settings(who: Identity) {
    for text in [
        "[files]\nwrite = [\"{out}\"]\n",
        "[files]\nread = [\"{home}/.ssh\"]\n",
        "[files]\nwrite = [\"/\"]\n",
        "profile = \"none\"\n",
        "extends = \"common\"\n[files]\nwrite = [\"{out}\"]\n",
        "[environment]\npass = [\"*\"]\nset = { LD_PRELOAD = \"{ws}/evil.so\" }\n",
        "[judge]\notherwise = \"allow\"\noff = [\"outside.home\", \"outside.system\"]\n",
        "require = []\n",
        "unix_sockets = \"host\"\n",
        "isolate = \"never\"\n",
        "not even toml",
    ] {
        let world = World::new(who);
        put_probe(&world);
        world.put("workspace/.stockade.toml", world.fill(text));
        harmless(&world, &[], &[]);
        let victims = world.victims();
        world.stockade(["run", "-c", &world.fill("echo x > {out}/victim")]).end();
        assert_eq!(world.victims(), victims, "{text}");
    }
}

fn narrower(who: Identity) {
    let world = World::new(who);
    world.put("workspace/.stockade.toml", "network = \"none\"\n");
    world.stockade(["run", "--", "true"]).end().expect(0);
    let python = "import socket\ntry: socket.socket()\nexcept PermissionError: print('none')\n";
    world.put("workspace/ask.py", python);
    let ended = world.stockade(["run", "--", "/usr/bin/python3", "ask.py"]).end();
    assert_eq!(ended.expect(0).out, "none\n");
}

fn workspace_by_link(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    symlink(world.workspace(), world.top.join("link")).unwrap();
    world.put("workspace/orders", world.fill("write {top}/link/own\nwrite {ws}/own\n"));
    let link = world.fill("{top}/link");
    world.stockade(["run", "--workspace", &link, "--", "./probe", "@orders"]).end().expect(0);
}

/// What a link makes of the workspace is what counts, not what it is called.
fn wide_by_link(who: Identity) {
    for target in ["/", "{home}", "{top}", "{home}/.ssh", "/etc", "/tmp"] {
        let world = World::new(who);
        let link = world.top.join("outside-link");
        symlink(world.fill(target), &link).unwrap();
        let words = ["run", "--workspace", link.to_str().unwrap(), "-c", "echo ran"];
        let ended = world.stockade(words).end().expect(125);
        assert_eq!(ended.out, "", "{target}");
    }
}

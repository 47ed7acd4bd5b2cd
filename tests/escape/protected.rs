//! Attacks on what is protected inside the writable workspace (rows 22-34): hooks, settings of git, of agents, of
//! editors.

use super::case::{Case, nothing_left, put_probe};
use super::supervised::unseen;
use super::support::{Identity, Run, World};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

pub fn cases() -> Vec<Case> {
    vec![
        git_of_the_workspace(),
        git_below(),
        git_that_is_not_there_yet(),
        moved_aside(),
        by_other_names(),
        settings_that_exist(),
        settings_that_do_not(),
        settings_elsewhere(),
        names_that_are_one(),
        Case::new("row_31_made_meanwhile").attack_code(made_meanwhile),
        Case::new("row_32_nothing_left_in_place").twin_code(no_placeholders),
        Case::new("row_33_settings_that_run_programs").attack_code(settings_that_run),
        Case::new("row_34_written_by_git_itself").attack_code(by_git),
        Case::new("row_23_inode_used_again").attack_code(used_again),
        Case::new("row_18_protected_and_swapped").attack_code(swapped),
        Case::new("row_27_git_works").twin_code(git_works),
        Case::new("row_30_links_that_lead_out").twin_code(links_out),
    ]
}

/// A repository in a repository, a submodule's pointer, and settings with something in them.
fn furnish(world: &World) {
    let ws = world.workspace();
    for dir in ["vendor/sub/.git/hooks", "deep/a/b/c/.git/hooks", ".vscode", ".claude", ".codex"] {
        fs::create_dir_all(ws.join(dir)).unwrap();
    }
    for file in [
        ".git/hooks/pre-commit",
        "vendor/sub/.git/config",
        "deep/a/b/c/.git/config",
        ".vscode/tasks.json",
        ".claude/settings.json",
        ".codex/config.toml",
        ".mcp.json",
        ".envrc",
        ".bashrc",
        ".gitmodules",
    ] {
        fs::write(ws.join(file), "# the person's\n").unwrap();
    }
    fs::create_dir(ws.join("module")).unwrap();
    fs::write(ws.join("module/.git"), "gitdir: ../.git/modules/module\n").unwrap();
    world.own(&ws);
}

fn git_of_the_workspace() -> Case {
    Case::new("row_22_hooks_and_settings_of_git")
        .prepare(furnish)
        .attack(&[
            "write {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "append {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "map_write {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "truncate {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "unlink {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "chmod {ws}/.git/hooks/pre-commit -> EACCES|EPERM",
            "create {ws}/.git/hooks/post-checkout -> EACCES|EPERM",
            "symlink ../../own {ws}/.git/hooks/post-merge -> EACCES|EPERM",
            "link {ws}/own {ws}/.git/hooks/post-commit -> EACCES|EPERM|EXDEV",
            "rename {ws}/own {ws}/.git/hooks/pre-push -> EACCES|EPERM|EXDEV",
            "write {ws}/.git/config -> EACCES|EPERM",
            "write_trunc {ws}/.git/config -> EACCES|EPERM",
            "openat2 {ws}/.git config 0 -> EACCES|EPERM",
            "path_openat {ws}/.git config -> EACCES|EPERM",
            "fd_above {ws}/.git config -> EACCES|EPERM",
            "reopen_path {ws}/.git/config -> EACCES|EPERM",
            "creat {ws}/.git/config.worktree -> EACCES|EPERM",
            "create {ws}/.git/info/attributes -> EACCES|EPERM|ENOENT [unproven]",
        ])
        .twin(&[
            "read {ws}/.git/config",
            "read {ws}/.git/hooks/pre-commit",
            "create {ws}/.git/objects/x",
            "create {ws}/.git/index",
            "create {ws}/.git/config.lock;unlink {ws}/.git/config.lock",
            "write {ws}/.git/HEAD",
            "create {ws}/.git/COMMIT_EDITMSG",
            "create {ws}/.git/refs/heads/new",
        ])
}

fn git_below() -> Case {
    Case::new("row_23_repositories_below")
        .prepare(furnish)
        .attack(&[
            "create {ws}/vendor/sub/.git/hooks/pre-commit -> EACCES|EPERM",
            "write {ws}/vendor/sub/.git/config -> EACCES|EPERM",
            "create {ws}/deep/a/b/c/.git/hooks/pre-commit -> EACCES|EPERM",
            "write {ws}/deep/a/b/c/.git/config -> EACCES|EPERM",
            "write {ws}/module/.git -> EACCES|EPERM",
            "rename {ws}/own {ws}/module/.git -> EACCES|EPERM",
        ])
        .twin(&["create {ws}/vendor/sub/.git/objects", "create {ws}/deep/a/b/c/file"])
}

fn git_that_is_not_there_yet() -> Case {
    Case::new("row_24_repository_made_inside")
        .attack(&[
            "mkdir {ws}/n;mkdir {ws}/n/.git;mkdir {ws}/n/.git/hooks;create {ws}/n/.git/hooks/pre-commit -> EACCES|EPERM",
            "mkdir {ws}/n;mkdir {ws}/n/git;mkdir {ws}/n/git/hooks;create {ws}/n/git/hooks/pre-commit;rename {ws}/n/git {ws}/n/.git -> EACCES|EPERM",
            "mkdir {ws}/n;symlink ../own {ws}/n/.git -> EACCES|EPERM",
            "mkdir {ws}/n;mkdir {ws}/n/git;exchange {ws}/n/git {ws}/.git -> EACCES|EPERM",
        ])
        .twin(&["mkdir {ws}/n;mkdir {ws}/n/.github;create {ws}/n/.gitignore"])
}

fn moved_aside() -> Case {
    Case::new("row_25_moved_aside")
        .prepare(furnish)
        .attack(&[
            "rename {ws}/.git {ws}/aside -> EACCES|EPERM",
            "rename {ws}/.git/hooks {ws}/.git/aside -> EACCES|EPERM",
            "rename {ws}/.git/config {ws}/config -> EACCES|EPERM",
            "rename {ws}/vendor/sub/.git {ws}/aside -> EACCES|EPERM",
            // What holds something protected is not moved.
            "rename {ws}/vendor {ws}/moved;create {ws}/moved/sub/.git/hooks/pre-commit -> EACCES|EPERM|ENOENT",
            "rename {ws}/vendor/sub {ws}/sub;write {ws}/sub/.git/config -> EACCES|EPERM|ENOENT",
            "rename {ws} {top}/moved -> EACCES|EPERM|EXDEV|EBUSY",
            "exchange {ws}/.git {ws}/vendor -> EACCES|EPERM",
            "exchange {ws}/own {ws}/.git/config -> EACCES|EPERM|EXDEV",
            "exchange {ws}/.git/objects {ws}/.git/hooks -> EACCES|EPERM",
        ])
        .twin(&["rename {ws}/own {ws}/moved", "mkdir {ws}/deep/d;rename {ws}/deep/d {ws}/deep/e"])
}

fn by_other_names() -> Case {
    Case::new("row_30_other_names")
        .prepare(|world| {
            furnish(world);
            symlink(".git", world.workspace().join("g")).unwrap();
            symlink(".git/config", world.workspace().join("c")).unwrap();
            symlink(".git/hooks", world.workspace().join("h")).unwrap();
        })
        .attack(&[
            "write {ws}/c -> EACCES|EPERM",
            "write {ws}/g/config -> EACCES|EPERM",
            "create {ws}/h/pre-push -> EACCES|EPERM",
            "symlink .git/hooks {ws}/fresh;create {ws}/fresh/pre-push -> EACCES|EPERM",
            "write {ws}/vendor/../.git/config -> EACCES|EPERM",
            "write {ws}/.git/./config -> EACCES|EPERM",
            "write /proc/self/cwd/.git/config -> EACCES|EPERM",
            "link {ws}/.git/config {ws}/hard;write {ws}/hard -> EACCES|EPERM|ENOENT",
            "link_fd {ws}/.git/config {ws}/hard;write {ws}/hard -> EACCES|EPERM|ENOENT",
            "rename {ws}/.codex {ws}/aside -> EACCES|EPERM",
            "exchange {ws}/.claude {ws}/deep -> EACCES|EPERM",
            // Where these lead depends on who follows them.
            "symlink /proc/self/cwd/../evil {ws}/out -> EPERM",
            "symlink /proc/self/task/1/cwd/../evil {ws}/out -> EPERM",
            "symlink /proc/thread-self/fd/9/evil {ws}/out -> EPERM",
        ])
        .twin(&[
            "read {ws}/c",
            "unlink {ws}/g",
            "symlink .git {ws}/fresh;read {ws}/fresh/HEAD",
            "symlink /proc/self/mounts {ws}/mtab",
            "symlink /proc/self/fd/0 {ws}/stdin",
        ])
}

fn settings_that_exist() -> Case {
    Case::new("row_29_settings_that_exist")
        .prepare(furnish)
        .attack(&[
            "write {ws}/.vscode/tasks.json -> EACCES|EPERM",
            "create {ws}/.vscode/settings.json -> EACCES|EPERM",
            "write {ws}/.claude/settings.json -> EACCES|EPERM",
            "create {ws}/.claude/settings.local.json -> EACCES|EPERM",
            "write {ws}/.codex/config.toml -> EACCES|EPERM",
            "write {ws}/.mcp.json -> EACCES|EPERM",
            "write {ws}/.envrc -> EACCES|EPERM",
            "write {ws}/.bashrc -> EACCES|EPERM",
            "rename {ws}/own {ws}/.mcp.json -> EACCES|EPERM",
            "unlink {ws}/.claude/settings.json -> EACCES|EPERM",
            "rename {ws}/.claude {ws}/aside -> EACCES|EPERM",
        ])
        .twin(&[
            "read {ws}/.mcp.json",
            "read {ws}/.claude/settings.json",
            "create {ws}/settings.json",
        ])
}

/// What links and further names at the top of the workspace stand for.
fn settings_elsewhere() -> Case {
    Case::new("row_29_settings_kept_elsewhere")
        .prepare(|world| {
            furnish(world);
            let ws = world.workspace();
            for dir in ["shared/vscode", "kept"] {
                fs::create_dir_all(ws.join(dir)).unwrap();
            }
            fs::write(ws.join("shared/vscode/tasks.json"), "{}\n").unwrap();
            fs::write(ws.join("kept/agent.json"), "{}\n").unwrap();
            fs::remove_dir_all(ws.join(".vscode")).unwrap();
            symlink("shared/vscode", ws.join(".vscode")).unwrap();
            fs::remove_file(ws.join(".claude/settings.json")).unwrap();
            symlink("../kept/agent.json", ws.join(".claude/settings.json")).unwrap();
            symlink("not/there", ws.join(".cursor")).unwrap();
            fs::create_dir(ws.join("not")).unwrap();
            fs::hard_link(ws.join(".mcp.json"), ws.join("servers.json")).unwrap();
            fs::hard_link(ws.join(".git/hooks/pre-commit"), ws.join("hook")).unwrap();
            world.own(&ws);
        })
        .attack(&[
            "write {ws}/shared/vscode/tasks.json -> EACCES|EPERM",
            "create {ws}/shared/vscode/settings.json -> EACCES|EPERM",
            "rename {ws}/shared/vscode {ws}/aside -> EACCES|EPERM",
            "rename {ws}/shared {ws}/aside -> EACCES|EPERM",
            "write {ws}/kept/agent.json -> EACCES|EPERM",
            "rename {ws}/own {ws}/kept/agent.json -> EACCES|EPERM",
            "mkdir {ws}/not/there -> EACCES|EPERM",
            "symlink ../shared {ws}/not/there -> EACCES|EPERM",
            "write {ws}/servers.json -> EACCES|EPERM",
            "truncate {ws}/servers.json -> EACCES|EPERM",
            "append {ws}/hook -> EACCES|EPERM",
            "chmod {ws}/hook -> EACCES|EPERM",
        ])
        .twin(&[
            "read {ws}/shared/vscode/tasks.json",
            "create {ws}/shared/other",
            "create {ws}/kept/other",
            "read {ws}/servers.json",
            "unlink {ws}/servers.json",
        ])
}

/// Names that only some file systems take for the same are the same here.
fn names_that_are_one() -> Case {
    Case::new("row_29_names_that_are_one")
        .attack(&[
            "mkdir {ws}/.VsCode -> EACCES|EPERM",
            "mkdir {ws}/.v\u{17f}code -> EACCES|EPERM",
            "mkdir {ws}/.\u{200c}vscode -> EACCES|EPERM",
            "mkdir {ws}/.hus\u{212a}y -> EACCES|EPERM",
            "symlink own {ws}/.g\u{200d}it -> EACCES|EPERM",
            "mkdir {ws}/n;symlink own {ws}/n/GIT~1 -> EACCES|EPERM",
        ])
        .twin(&["mkdir {ws}/vscode", "mkdir {ws}/caf\u{e9}", "create {ws}/git~2"])
}

fn settings_that_do_not() -> Case {
    Case::new("row_29_settings_not_there_yet")
        .attack(&[
            "mkdir {ws}/.claude;create {ws}/.claude/settings.json -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/.codex;create {ws}/.codex/config.toml -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/.cursor;create {ws}/.cursor/mcp.json -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/.gemini;create {ws}/.gemini/settings.json -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/.vscode;create {ws}/.vscode/tasks.json -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/.idea;create {ws}/.idea/workspace.xml -> EACCES|EPERM|ENOENT",
            "mkdir {ws}/x;create {ws}/x/settings.json;rename {ws}/x {ws}/.claude -> EACCES|EPERM",
            "symlink x {ws}/.claude -> EACCES|EPERM",
            "create {ws}/.mcp.json -> EACCES|EPERM",
            "create {ws}/.envrc -> EACCES|EPERM",
            "create {ws}/.zshrc -> EACCES|EPERM",
            "create {ws}/.gitconfig -> EACCES|EPERM",
            "create {ws}/.ripgreprc -> EACCES|EPERM",
            "mkdir {ws}/d;create {ws}/d/.envrc -> EACCES|EPERM",
            "tmpfile {ws};link {ws}/own {ws}/.envrc -> EACCES|EPERM|EXDEV",
        ])
        .twin(&["create {ws}/.gitignore", "create {ws}/.editorconfig", "mkdir {ws}/.cache"])
}

/// What another program of the person makes while the run goes on is protected like the rest.
fn made_meanwhile(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let script = "until [ -e ready ]; do sleep 0.01; done\n\
                  ./probe write .claude/settings.json; ./probe create .git/hooks/pre-push\n";
    world.put("workspace/script", script);
    let running = world.stockade(["run", "--", "bash", "script"]).start();
    fs::create_dir(world.workspace().join(".claude")).unwrap();
    fs::write(world.workspace().join(".claude/settings.json"), "{}").unwrap();
    world.own(&world.workspace());
    world.put("workspace/ready", "");
    let ended = running.end();
    assert_eq!(ended.out.matches(" E").count(), 2, "{ended:?}");
    nothing_left(&world);
}

/// Every name below a directory.
fn names(path: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap().flatten() {
        found.push(entry.path().display().to_string());
        if entry.file_type().unwrap().is_dir() {
            found.extend(names(&entry.path()));
        }
    }
    found.sort();
    found
}

/// Neither after a run that ends nor after one that is killed.
fn no_placeholders(who: Identity) {
    let world = World::new(who);
    let before = names(&world.workspace());
    world.stockade(["run", "--", "true"]).end().expect(0);
    assert_eq!(names(&world.workspace()), before);
    let running = world.stockade(["run", "-c", "echo up; sleep 20"]).start();
    assert!(super::support::poll(|| running.printed().contains("up")));
    drop(running);
    nothing_left(&world);
    assert_eq!(names(&world.workspace()), before);
}

/// A repository of the person's, made outside, to be worked on inside.
fn repository(who: Identity) -> World {
    let world = World::new(who);
    fs::remove_dir_all(world.workspace().join(".git")).unwrap();
    world.put("home/.gitconfig", "[user]\n\tname = x\n\temail = x@example.invalid\n");
    let make = "git init -q -b main . && git add own && git commit -q -m first";
    Run::new(&world, "/bin/bash").args(["-c", make]).end().expect(0);
    world
}

/// Runs a text past gate one, which would refuse it by its words.
fn inside(world: &World, text: &str) -> super::support::Ended {
    put_probe(world);
    world.put("workspace/script", format!("{text}\n"));
    world.put("workspace/orders", world.fill("script {ws}/script\n"));
    world.stockade(["run", "--", "./probe", "@orders"]).end()
}

/// Nothing that git would start later on the person's side gets into its settings.
fn settings_that_run(who: Identity) {
    for setting in [
        "core.fsmonitor",
        "core.hooksPath",
        "diff.external",
        "filter.x.clean",
        "core.sshCommand",
        "core.pager",
        "alias.status",
        "include.path",
    ] {
        let world = repository(who);
        let mark = world.home().join("mark");
        world.put("workspace/evil", format!("#!/bin/sh\ntouch {}\n", mark.display()));
        inside(&world, &format!("chmod +x evil; git config {setting} \"$PWD/evil\"; true"));
        let config = fs::read_to_string(world.workspace().join(".git/config")).unwrap();
        assert!(!config.contains("evil"), "{setting}: {config}");
        Run::new(&world, "/usr/bin/git").args(["status", "-s"]).end().expect(0);
        assert!(!mark.exists(), "{setting} ran");
    }
}

fn by_git(who: Identity) {
    for text in [
        "git show --output=.git/config HEAD",
        "git diff --output=.git/hooks/pre-commit HEAD --stat",
        "git log --output=.git/config",
        "git archive -o .git/config HEAD",
        "git format-patch -1 -o .git/hooks",
        "git init --separate-git-dir=moved .",
        "git config core.hooksPath evil",
        "git config -f .git/config alias.x '!evil'",
        "git bundle create .git/hooks/pre-push HEAD",
        "git worktree add .git/hooks/tree",
        "git clone -q . .git/hooks/copy",
        "git init --template=. again && test -e again/.git/hooks/pre-commit",
    ] {
        let world = repository(who);
        let git = world.workspace().join(".git");
        let hooks = || names(&git.join("hooks"));
        let config = || fs::read_to_string(git.join("config")).unwrap();
        let before = (hooks(), config());
        inside(&world, text);
        assert!(git.is_dir(), "{text}: it was moved");
        assert_eq!((hooks(), config()), before, "{text}");
    }
}

/// On file systems that give numbers of inodes again at once, as ext4 does.
fn used_again(who: Identity) {
    let world = repository(who);
    world.put("workspace/again.py", include_str!("supervised/again.py"));
    let config = world.workspace().join(".git/config");
    let before = fs::read_to_string(&config).unwrap();
    let ended =
        world.stockade(["run", "-q", "--", "python3", "-c", &unseen("again.py")]).end().expect(0);
    assert_eq!(ended.out, "twin passes\n", "{ended:?}");
    assert_eq!(fs::read_to_string(&config).unwrap(), before);
}

/// A thread changes what a name means while it is opened: never once it is the protected file.
fn swapped(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    let ws = world.workspace();
    fs::create_dir(ws.join("real")).unwrap();
    fs::write(ws.join("real/config"), "innocent\n").unwrap();
    symlink(".git", ws.join("link")).unwrap();
    world.own(&ws);
    let order = "race {ws}/real {ws}/link config {ws}/.git/config 100000\n";
    world.put("workspace/orders", world.fill(order));
    let ended = Run::new(&world, "./probe").args(["@orders"]).end();
    assert_eq!(ended.out, "race ok\n", "proves nothing");
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    assert!(["race EACCES\n", "race EPERM\n"].contains(&&*ended.out), "{ended:?}");
}

fn git_works(who: Identity) {
    let world = repository(who);
    let part =
        "git init -q -b main part && cd part && echo x > x && git add x && git commit -q -m x";
    Run::new(&world, "/bin/bash").args(["-c", part]).end().expect(0);
    for text in [
        "echo a >> own && git commit -qam second && git log --format=%s | head -1",
        "git switch -q -c side && echo b > b && git add b && git commit -q -m b && git switch -q main",
        "git rebase -q main side && git switch -q main && git merge -q side",
        "echo c >> own && git stash -q && git stash pop -q && git checkout -q own",
        "git worktree add -q tree -b tree && git -C tree log --format=%s | wc -l",
        "git worktree remove tree && git branch -q -D tree",
        "git tag v1 && git gc -q && git fsck",
        "git fetch -q . main && git reset -q --hard && git clean -nfd",
        "git -c protocol.file.allow=always submodule --quiet add \"$PWD/part\" sub && git commit -q -m sub",
        "mkdir -p d && git mv sub d/moved && git commit -q -m mv && git -C d/moved status -s && git submodule --quiet update",
        "git submodule --quiet deinit -f d/moved && git submodule --quiet update --init && git -C d/moved log -1",
        "git worktree add -q t1 -b t1 && git worktree move t1 d/t2 && git -C d/t2 status -s && git worktree remove d/t2",
        "mv d e && mv e d && git -C d/moved log -1",
        "git worktree add -q t3 -b t3 && rm -r t3 && git worktree prune && test -z \"$(ls .git/worktrees 2>/dev/null)\"",
        "git init -q -b main --bare b.git && git push -q b.git HEAD:main && git clone -q b.git c && git -C c log -1 && rm -rf c b.git",
        "git clone -q --mirror . m.git && git -C m.git fetch -q && git -C m.git gc -q && rm -rf m.git",
        "git init -q own-one && git -C own-one commit -q --allow-empty -m x && rm -rf own-one",
    ] {
        let ended = inside(&world, text);
        assert_eq!(ended.code(), 0, "{text}: {ended:?}");
    }
}

/// Links that tools make, and links to places outside with nothing protected behind them.
fn links_out(who: Identity) {
    let world = repository(who);
    let tmp = format!("/tmp/stockade-links.{}.{}", who.name(), std::process::id());
    for text in [
        "mkdir -p node_modules/.bin node_modules/p && touch node_modules/p/cli.js && ln -s ../p/cli.js node_modules/.bin/p",
        "ln -s /usr/bin/python3 python && ln -s /usr/share/doc doc && ln -s /etc/passwd passwd && ln -s nowhere/at/all gone",
        "python3 -m venv --without-pip v && v/bin/python -c pass && mv v v2 && rm -rf v2",
        "mkdir -p T/build && echo x > T/build/o && ln -s T/build build && echo y > build/o2 && cat build/o build/o2",
        "ln -sfn T/other build && mkdir T/other && echo z > build/z && rm build && rm -rf T/other",
        "mkdir -p a/b && ln -s ../../own a/b/up && ln -s b a/l && mv a c && cat c/b/up c/l/up >/dev/null && rm -rf c",
        "ln -s .. up && test -e up && ln -s . here && cat here/own >/dev/null",
        "git clone -q . T/clone && git -C T/clone status -s && rm -rf T",
    ] {
        let ended = inside(
            &world,
            &text.replace("T/", &format!("{tmp}/")).replace(" T", &format!(" {tmp}")),
        );
        assert_eq!(ended.code(), 0, "{text}: {ended:?}");
    }
    drop(fs::remove_dir_all(&tmp));
    nothing_left(&world);
}

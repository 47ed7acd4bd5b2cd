//! Refused writes, reads, protected names and metadata; bounds and hostile names.

use super::support::World;
use super::{Test, last_record, python, shell, silent, tells, told};

pub const TESTS: &[Test] = &[
    ("write_outside", write),
    ("create_delete_rename_outside", names),
    ("wide_directories", wide),
    ("predicted_read", predicted),
    ("read_seen_with_why", seen),
    ("read_through_openat2", openat2),
    ("protected_name", protected),
    ("hidden_name", hidden),
    ("metadata_outside", metadata),
    ("coped", coped),
    ("quiet", quiet),
    ("many", many),
    ("many_places", many_places),
    ("hostile_names", hostile),
    ("state_of_stockade", state),
    ("permission_bits", bits),
    ("device", device),
    ("profile_that_writes_nothing", readonly),
    ("why_changes_nothing", why_changes_nothing),
    ("why_where_nothing_is_held", unwatched),
    ("program_outside", program),
    ("why_lets_nothing_race", race),
];

fn write(world: &World) {
    let ended = python(world, &[], "open('{out}/victim', 'w')").expect(1);
    let wanted = ["refused to write {out}/victim", "`files.write = [\"{out}/victim\"]`"];
    tells(world, &ended, &wanted);
    tells(world, &ended, &["run --why"]);
    let record = last_record(world);
    for word in ["\"refusals\":[", "\"act\":\"write\"", "\"promise\":\"writes\"", "/outside/victim"]
    {
        assert!(record.contains(word), "{word}: {record}");
    }
    let log = world.stockade(["log", "--json"]).end().out;
    let id = log.lines().last().unwrap().split("\"run\":\"").nth(1).unwrap();
    let page = world.stockade(["log", "--run", &id[..36]]).end().expect(0);
    assert!(page.out.contains(&world.fill("refused   refused to write {out}/victim")), "{page:?}");
}

/// The line that is proposed is the one that shows it, where one does.
fn hidden(world: &World) {
    let names = "[\".env\", \"config/master.key\", \"secrets\"]";
    let text = |more: &str| {
        format!("about = \"x\"\nextends = \"dev-box\"\n[files]\nhide = {names}\n{more}\n")
    };
    for (path, line) in [
        (".env", "unhide = [\".env\"]"),
        ("config/master.key", "unhide = [\"master.key\"]"),
        ("secrets/deep/plain", "unhide = [\"secrets\"]"),
        ("sub/.env/.env.example", "unhide = [\".env\"]"),
    ] {
        let inner = world.workspace().join(path);
        std::fs::create_dir_all(inner.parent().unwrap()).unwrap();
        world.put(&inner, "shown\n");
        let profile = world.put("hides.toml", text(""));
        let words = ["--profile", profile.to_str().unwrap()];
        let code = format!("print(open('{path}').read())");
        let ended = python(world, &words, &code).expect(1);
        let told = [&format!("refused to read {{ws}}/{path}: its name is hidden"), line];
        tells(world, &ended, &told.map(|part| part as &str));
        // A layer above, since the strongest has the last word.
        world.put(
            "shows.toml",
            format!("name = \"shows\"\nabout = \"x\"\nextends = \"hides\"\n[files]\n{line}\n"),
        );
        let profiles = world.home().join(".config/stockade/profiles");
        std::fs::create_dir_all(&profiles).unwrap();
        std::fs::copy(world.top.join("hides.toml"), profiles.join("hides.toml")).unwrap();
        world.own(&world.home());
        let profile = world.top.join("shows.toml");
        let ended = python(world, &["--profile", profile.to_str().unwrap()], &code).expect(0);
        assert_eq!(ended.out, "shown\n\n");
    }
}

fn names(world: &World) {
    let ended = python(world, &[], "open('{out}/new', 'w')").expect(1);
    tells(world, &ended, &["refused to create {out}/new", "`files.write = [\"{out}\"]`"]);
    let ended = python(world, &[], "import os; os.unlink('{out}/victim')").expect(1);
    tells(world, &ended, &["refused to delete {out}/victim", "`files.write = [\"{out}\"]`"]);
    let ended = python(world, &[], "import os; os.rename('own', '{out}/own')").expect(1);
    tells(world, &ended, &["refused to rename {out}/own", "`files.write = [\"{out}\"]`"]);
    let ended = python(world, &[], "import os; os.mkdir('{out}/dir/deep')").expect(1);
    tells(world, &ended, &["refused to create {out}/dir/deep", "`files.write = [\"{out}/dir\"]`"]);
}

/// What holds far more than is needed is not proposed whole.
fn wide(world: &World) {
    let ended = python(world, &[], "import os; os.mkdir('{home}/.tool')").expect(1);
    tells(
        world,
        &ended,
        &["create {home}/.tool", "`files.write = [\"{home}/.tool\"]`", "make it first"],
    );
    world.put("home/file", "");
    let ended = python(world, &[], "import os; os.unlink('{home}/file')").expect(1);
    tells(world, &ended, &["delete {home}/file", "no line of a profile allows it"]);
    let ended = shell(world, &[], "ls {home}").expect(2);
    tells(world, &ended, &["read {home}:", "`files.read = [\"{home}/NAME\"]`"]);
}

fn predicted(world: &World) {
    let ended = shell(world, &[], "sort {out}/victim").expect(2);
    let line = ["may have failed", "read {out}/victim", "`files.read = [\"{out}/victim\"]`"];
    tells(world, &ended, &line);
    assert!(!ended.err.contains("the only copy"), "{ended:?}");
    assert!(last_record(world).contains("\"known\":\"supposed\""));
    // What is not there, or may be read, is no reason.
    silent(&shell(world, &[], "cat {out}/absent").expect(1));
    silent(&shell(world, &[], "cat own /etc/hosts >/dev/null; false").expect(1));
}

fn seen(world: &World) {
    // Gate one cannot see it, and nobody watches: nothing is known.
    silent(&python(world, &[], "open('{out}/victim')").expect(1));
    let ended = python(world, &["--why"], "open('{out}/victim')").expect(1);
    let line = ["refused to read {out}/victim", "`files.read = [\"{out}/victim\"]`"];
    tells(world, &ended, &line);
    assert!(!ended.err.contains("the only copy"), "{ended:?}");
    // By a link, from a directory, relative: the real path is told.
    let code = "import os\nos.symlink('{out}/dir', 'link')\nos.open('link/inner', os.O_RDONLY)";
    let ended = python(world, &["--why"], code).expect(1);
    tells(world, &ended, &["refused to read {out}/dir/inner"]);
    // Asked for, so told although the command coped.
    let code = "try: open('{out}/victim')\nexcept OSError: pass";
    let ended = python(world, &["--why"], code).expect(0);
    tells(world, &ended, &["refused to read {out}/victim"]);
    let ended = python(world, &["--why"], "open('{home}/.ssh/id')").expect(1);
    tells(world, &ended, &["refused to read {home}/.ssh/id", "it holds secrets"]);
    assert!(!ended.err.contains("key of the person"), "{ended:?}");
    let ended = python(world, &["--why"], "import os; os.listdir('{out}')").expect(1);
    tells(world, &ended, &["refused to read {out}:"]);
}

fn openat2(world: &World) {
    let code = "import ctypes, struct, sys\nlibc = ctypes.CDLL(None)\n\
                how = struct.pack('QQQ', 0, 0, 0)\n\
                got = libc.syscall(437, -100, b'{out}/victim', how, 24)\n\
                sys.exit(3 if got < 0 else 0)";
    let ended = python(world, &[], code).expect(3);
    tells(world, &ended, &["refused to read {out}/victim"]);
}

fn protected(world: &World) {
    let ended = python(world, &[], "import os; os.makedirs('a/.vscode')").expect(1);
    let line = ["create {ws}/a/.vscode", "`protected`", "`files.unprotect = [\".vscode\"]`"];
    tells(world, &ended, &line);
    let code = "try: open('.git/hooks/pre-commit', 'w')\nexcept OSError: pass";
    let ended = python(world, &[], code).expect(0);
    let line = ["create {ws}/.git/hooks/pre-commit", "`files.unprotect = [\".git\"]`"];
    tells(world, &ended, &line);
    let ended = python(world, &[], "open('x.code-workspace', 'w')").expect(1);
    tells(world, &ended, &["`files.unprotect = [\"*.code-workspace\"]`"]);
}

fn metadata(world: &World) {
    let ended = python(world, &[], "import os; os.chmod('{out}/victim', 0o777)").expect(1);
    let line =
        ["refused to chmod {out}/victim", "`metadata`", "`files.write = [\"{out}/victim\"]`"];
    tells(world, &ended, &line);
}

/// What a program tries and goes on without.
fn coped(world: &World) {
    let code = "import os, socket\n\
                for act in (lambda: open('{out}/new', 'w'), lambda: os.chmod('{out}/victim', 0),\n\
                            lambda: socket.socket(38, 5), lambda: open('{out}/victim')):\n\
                \ttry: act()\n\
                \texcept OSError: pass\n\
                \telse: raise SystemExit(9)";
    silent(&python(world, &[], code).expect(0));
    let record = last_record(world);
    for word in ["/outside/new", "/outside/victim", "an AF_ALG socket"] {
        assert!(record.contains(word), "{word}: {record}");
    }
}

fn quiet(world: &World) {
    silent(&python(world, &["--quiet"], "open('{out}/new', 'w')").expect(1));
    assert!(last_record(world).contains("/outside/new"));
    silent(&shell(world, &["-q"], "mkdir .vscode; true").expect(0));
    let both = python(world, &["--quiet", "--why"], "pass");
    assert_eq!(both.code(), 125, "{both:?}");
}

fn many(world: &World) {
    let code = "for n in range(10000):\n\
                \ttry: open(f'{out}/{n}', 'w')\n\
                \texcept OSError: pass\n\
                raise SystemExit(3)";
    let ended = python(world, &[], code).expect(3);
    assert!(told(&ended).len() <= 3, "{ended:?}");
    tells(world, &ended, &["more like it", "`files.write = [\"{out}\"]`"]);
    tells(world, &ended, &["more: stockade log --run "]);
    assert!(last_record(world).len() < 64 << 10, "{}", last_record(world).len());
    // The line it names works.
    let rest = told(&ended)[1].rsplit_once("--run ").unwrap().1.to_owned();
    let page = world.stockade(["log", "--run", &rest]).end().expect(0);
    assert!(page.out.contains("more refusals, not written down"), "{page:?}");
}

/// Each would need a line of its own.
fn many_places(world: &World) {
    let code = "import os\n\
                for n in range(10000):\n\
                \ttry: os.chmod(f'{out}/victim', 0) or os.chmod('{out}/dir', 0)\n\
                \texcept OSError: pass\n\
                for n in range(12):\n\
                \ttry: open(f'/usr/lib/{n}' if n % 2 else f'{home}/{n}', 'w')\n\
                \texcept OSError: pass\n\
                for n in ('{out}/victim', '{out}/dir/inner', '{home}/.ssh/id', '{home}/documents/thesis'):\n\
                \tfor act in (lambda: open(n, 'w'), lambda: os.unlink(n), lambda: os.chmod(n, 0)):\n\
                \t\ttry: act()\n\
                \t\texcept OSError: pass\n\
                raise SystemExit(3)";
    let ended = python(world, &[], code).expect(3);
    assert!((5..=7).contains(&told(&ended).len()), "{ended:?}");
    tells(world, &ended, &["more: stockade log --run "]);
}

fn hostile(world: &World) {
    let code = "open(b'{out}/a\\n\\x1b[2J\\xe2\\x80\\xae\\xff', 'w')";
    let ended = python(world, &[], code).expect(1);
    tells(world, &ended, &["refused to create {out}/a\\n\\u{1b}[2J\\u{202e}"]);
    for line in told(&ended) {
        assert!(!line.contains(['\u{1b}', '\u{202e}']), "{line:?}");
    }
    let code = "import os\nos.mkdir('{ws}/q')\nopen(b'{out}/dir/\\x1b]0;owned\\x07\"\\\\', 'w')";
    let ended = python(world, &[], code).expect(1);
    tells(world, &ended, &["`files.write = [\"{out}/dir\"]`"]);
    let code = "import os\nos.chmod('{out}/odd\"\\x1bname', 0)";
    world.put("outside/odd\"\x1bname", "");
    let ended = python(world, &[], code).expect(1);
    tells(world, &ended, &["`files.write = [\"{out}/odd\\\"\\u001bname\"]`"]);
    let long = format!("import os\nos.mkdir('{{out}}/dir/{}')", "x".repeat(250));
    let ended = python(world, &[], &long).expect(1);
    assert!(told(&ended).iter().all(|line| line.len() < 700), "{ended:?}");
}

fn state(world: &World) {
    let ended = shell(world, &[], "cat {home}/.local/state/stockade/journal.jsonl").expect(1);
    tells(world, &ended, &["no line of a profile allows it", "stockade log"]);
}

/// What the ordinary bits refuse is not the wall's doing.
fn bits(world: &World) {
    let code = "import os\nos.chmod('own', 0o400)\nopen('own', 'r+')";
    let ended = python(world, &[], code).expect(1);
    silent(&ended);
    if world.identity == super::Identity::USER {
        silent(&python(world, &[], "open('/etc/passwd', 'w')").expect(1));
        silent(&python(world, &[], "import os; os.chmod('/etc/passwd', 0o777)").expect(1));
        silent(&shell(world, &[], "ls /root/x /root").expect(2));
    }
}

fn device(world: &World) {
    if world.identity == super::Identity::ROOT {
        let ended = python(world, &[], "open('/dev/kmsg', 'w')").expect(1);
        tells(world, &ended, &["`files.devices = [\"/dev/kmsg\"]`"]);
    }
}

fn readonly(world: &World) {
    let ended = python(world, &["--profile", "readonly"], "open('new', 'w')").expect(1);
    tells(world, &ended, &["refused to create {ws}/new", "`files.write = [\"$WORKSPACE\"]`"]);
    let ended = python(world, &["--profile", "readonly"], "open('own', 'a')").expect(1);
    tells(world, &ended, &["refused to write {ws}/own", "`files.write = [\"$WORKSPACE\"]`"]);
}

/// Watching reads lets everything through that goes through without, and nothing else.
fn why_changes_nothing(world: &World) {
    let text = "cat own /etc/hosts && ls / >/dev/null 2>&1; head -c 1 /dev/zero | wc -c; \
                mkfifo p && (cat p & echo through > p; wait); cat < own; \
                exec 3<>new && echo x >&3 && cat new";
    let plain = shell(world, &[], text);
    std::fs::remove_file(world.workspace().join("p")).unwrap();
    std::fs::remove_file(world.workspace().join("new")).unwrap();
    let watched = shell(world, &["--why"], text);
    assert_eq!((plain.code(), plain.out), (watched.code(), watched.out));
    let ended = python(world, &["--why"], "open('{out}/victim', 'w')").expect(1);
    tells(world, &ended, &["refused to write {out}/victim"]);
    assert!(!told(&ended).iter().any(|line| line.contains("--why")), "{ended:?}");
}

fn unwatched(world: &World) {
    let text = "name = \"bare\"\nabout = \"holds no calls\"\nextends = \"dev-box\"\n\
                require = [\"writes\"]\nunix_sockets = \"none\"\n[files]\nunprotect = [\"*\"]\n";
    let profile = world.put("bare.toml", text).to_str().unwrap().to_owned();
    let ended = python(world, &["--why", "--profile", &profile], "pass").expect(0);
    tells(world, &ended, &["--why saw nothing"]);
}

fn program(world: &World) {
    use std::os::unix::fs::PermissionsExt;
    let tool = world.put("outside/tool", "#!/bin/sh\necho ran\n");
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = tool.to_str().unwrap();
    let ended = world.stockade(["run", "--", path]).end().expect(126);
    tells(world, &ended, &["refused to run {out}/tool", "`files.read = [\"{out}/tool\"]`"]);
    assert!(last_record(world).contains("refused to run"), "{}", last_record(world));
    // From within nobody sees it, but the status says where to look; the shell then looks at it.
    let ended = shell(world, &[], path).expect(126);
    tells(world, &ended, &["could not run", "no rule of this profile grants it"]);
    let ended = shell(world, &["--why"], path).expect(126);
    tells(world, &ended, &["refused to read {out}/tool", "`files.read = [\"{out}/tool\"]`"]);
    // What has no bits to be executed is nobody's wall.
    std::fs::set_permissions(&tool, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ended = world.stockade(["run", "--", path]).end().expect(126);
    assert!(!ended.err.contains("files.read"), "{ended:?}");
}

/// While reads are watched, a thread turns the flags of an openat2(2) from reading to writing: they
/// lie in memory, so such a call is never let go on.
fn race(world: &World) {
    std::fs::create_dir(world.workspace().join(".vscode")).unwrap();
    world.put("workspace/.vscode/tasks.json", "as it was");
    world.own(&world.workspace());
    let code = "import ctypes, os, struct, threading\nlibc = ctypes.CDLL(None)\n\
                how = ctypes.create_string_buffer(struct.pack('QQQ', 0, 0, 0), 24)\n\
                done, opened, won = False, 0, 0\n\
                def turn():\n\
                \twhile not done:\n\
                \t\thow[0:2] = b'\\x01\\x02'\n\
                \t\thow[0:2] = b'\\x00\\x00'\n\
                thread = threading.Thread(target=turn)\nthread.start()\n\
                for n in range(3000):\n\
                \tgot = libc.syscall(437, -100, b'.vscode/tasks.json', how, 24)\n\
                \tif got < 0: continue\n\
                \topened += 1\n\
                \ttry: os.write(got, b'evil'); won += 1\n\
                \texcept OSError: pass\n\
                \tos.close(got)\n\
                done = True\nthread.join()\nprint(opened > 0, won)";
    let ended = python(world, &["--why"], code).expect(0);
    assert_eq!(ended.out, "True 0\n", "{ended:?}");
    let kept = std::fs::read_to_string(world.workspace().join(".vscode/tasks.json")).unwrap();
    assert_eq!(kept, "as it was");
}

//! Hidden names (row 37): some two hundred and sixty ways to read what lies under them, each of which works bare, and honest twins.

use super::case::{Case, nothing_left, put_probe};
use super::supervised::unseen;
use super::support::{Identity, Run, World};
use std::path::PathBuf;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_37_hidden_names").attack_code(hidden).goes_itself(),
        Case::new("row_37_hidden_by_strict").attack_code(hidden_by_strict),
        Case::new("row_37_shown_again").twin_code(shown_again),
        Case::new("row_37_a_project_hides_more").attack_code(project),
    ]
}

/// Gate one would ask about some of the words; what is tried here is the wall.
const PROFILE: &str = "about = \"x\"\nextends = \"dev-box\"\n[files]\n\
    hide = [\".env\", \".env.*\", \"config/master.key\"]\n[judge]\noff = [\"secret.read\"]\n";

fn workspace(world: &World) -> PathBuf {
    world.put("hide.sh", include_str!("supervised/hide.sh"));
    let text = world.fill("bash {top}/hide.sh {home}/hidden");
    Run::new(world, "/bin/bash").args(["-ec", &text]).end().expect(0);
    world.home().join("hidden")
}

fn hidden(who: Identity) {
    let world = World::new(who);
    let profile = world.put("profile.toml", PROFILE);
    let ws = workspace(&world);
    let script = world.put("home/hidden/hide.py", include_str!("supervised/hide.py"));
    let words = [script.to_str().unwrap(), ws.to_str().unwrap()];
    let ended = Run::new(&world, "python3").args(words).cwd(&ws).end().expect(0);
    let all = ended.out.trim_end().strip_suffix(" ways").unwrap();
    let (read, of) = all.split_once(" of ").unwrap();
    assert_eq!(read, of, "bare, each way reads it: {ended:?}");
    let profile = profile.to_str().unwrap();
    let ended = world
        .stockade(["run", "-q", "--profile", profile, "--", "python3", "-c"])
        .args([&unseen(words[0]), words[1]])
        .cwd(&ws)
        .end()
        .expect(0);
    assert_eq!(ended.out, format!("0 of {of} ways\ntwins pass\n"), "{ended:?}");
    nothing_left(&world);
}

/// `strict` hides `.env` and its kin without being told, and not their templates.
fn hidden_by_strict(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    std::fs::create_dir(world.workspace().join("a")).unwrap();
    for name in [".env", ".env.local", ".env.example", "a/.env"] {
        world.put(format!("workspace/{name}"), "SECRET=1\n");
    }
    world.own(&world.workspace());
    let orders = "read {ws}/.env\nread {ws}/.env.local\nread {ws}/a/.env\nread {ws}/.env.example\n";
    world.put("workspace/orders", world.fill(orders));
    let profile = world.put("profile.toml", "about = \"x\"\nextends = \"strict\"\n[judge]\notherwise = \"allow\"\noff = [\"strict.unseen\"]\n");
    let profile = profile.to_str().unwrap();
    let ended = world.stockade(["run", "--profile", profile, "--", "./probe", "@orders"]).end();
    assert_eq!(ended.out, "read EACCES\nread EACCES\nread EACCES\nread ok\n", "{ended:?}");
}

fn shown_again(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/.env", "SECRET=1\n");
    world.own(&world.workspace());
    world.put("workspace/orders", world.fill("read {ws}/.env\n"));
    let text =
        format!("{PROFILE}[limits]\ncore = 0\n").replace("hide =", "unhide = [\".env\"]\nhide =");
    let shown = text.replace("\".env\", \".env.*\", ", "");
    let profile = world.put("profile.toml", shown);
    let profile = profile.to_str().unwrap();
    let ended = world.stockade(["run", "--profile", profile, "--", "./probe", "@orders"]).end();
    assert_eq!(ended.out, "read ok\n", "{ended:?}");
}

/// A project may hide names, and not show any.
fn project(who: Identity) {
    let world = World::new(who);
    put_probe(&world);
    world.put("workspace/notes.key", "SECRET=1\n");
    world.put("workspace/.stockade.toml", "[files]\nhide = [\"*.key\"]\n");
    world.put("workspace/orders", world.fill("read {ws}/notes.key\n"));
    world.own(&world.workspace());
    let ended = world.stockade(["run", "--", "./probe", "@orders"]).end();
    assert_eq!(ended.out, "read EACCES\n", "{ended:?}");
    world.put("workspace/.stockade.toml", "[files]\nunhide = [\".env\"]\n");
    world.own(&world.workspace());
    world.stockade(["run", "--", "./probe", "@orders"]).end().expect(125);
}

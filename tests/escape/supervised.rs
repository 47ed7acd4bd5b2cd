//! Every way known to us of changing what is protected or what is known of files outside, some seven
//! hundred attempts in one program, and threads that swap what names mean; honest twins in the same runs.

use super::case::Case;
use super::support::{Identity, Run, World};
use std::path::PathBuf;

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("supervised_attempts").attack_code(attempts).goes_itself(),
        Case::new("supervised_race").attack_code(race).goes_itself(),
    ]
}

/// So many times a thread tries to be faster than the judge, by each of its tricks in turn; row 18
/// tries one of them a hundred thousand times.
const TRIES: &str = "10000";

/// A workspace with repositories and settings in it.
fn workspace(world: &World) -> PathBuf {
    world.put("setup.sh", include_str!("supervised/setup.sh"));
    world.put("attack.py", include_str!("supervised/attack.py"));
    world.put("race.c", include_str!("supervised/race.c"));
    let text = world.fill(
        "mkdir {home}/s && bash {top}/setup.sh {home}/s && cp {top}/attack.py {home}/s/ws/ && \
         cc -O2 -pthread -o {home}/s/ws/race {top}/race.c",
    );
    Run::new(world, "/bin/bash").args(["-ec", &text]).end().expect(0);
    world.home().join("s/ws")
}

fn attempts(who: Identity) {
    let world = World::new(who);
    let ws = workspace(&world);
    let ws = ws.to_str().unwrap();
    let script = format!("{ws}/attack.py");
    let ended =
        world.stockade(["run", "--quiet", "--workspace", ws, "--", "python3", &script, ws]).end();
    assert!(ended.out.contains("twins pass"), "{ended:?}");
    ended.expect(0);
}

fn race(who: Identity) {
    let world = World::new(who);
    let ws = workspace(&world);
    let ws = ws.to_str().unwrap();
    let program = format!("{ws}/race");
    let ended =
        world.stockade(["run", "--quiet", "--workspace", ws, "--", &program, ws, TRIES]).end();
    ended.expect(0);
}

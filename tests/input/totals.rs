//! Limits of a run as a whole (cgroup v2): refused where the machine cannot keep them, with the reason that is true here; kept where it can. Who does not ask meets no control group.

use super::support::{Run, World, base};
use super::{MARK, Test, marked};
use std::fs;

pub const TESTS: &[Test] = &[
    ("totals_hold_or_nothing_runs", hold_or_refuse),
    ("totals_a_project_asks_for", of_a_project),
    ("totals_unasked_touch_no_control_group", unasked),
];

const KEYS: [(&str, &str, &str); 3] = [
    ("total_memory", "\"256M\"", "memory"),
    ("total_processes", "200", "pids"),
    ("cpu", "\"1.5\"", "cpu"),
];

fn profile(world: &World, limits: &str) -> String {
    let text = format!("about = \"x\"\nextends = \"dev-box\"\n[limits]\n{limits}\n");
    world.put("limits.toml", text).to_str().unwrap().to_owned()
}

/// Why this machine cannot, read off it without stockade; nothing when that does not show so easily.
fn reason(controller: &str) -> Option<String> {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap();
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let is_taken = |line: &str| {
        let mut fields = line.split(':').skip(1);
        fields.next().is_some_and(|names| names.split(',').any(|name| name == controller))
    };
    if !mounts.contains(" - cgroup2 ") {
        return Some("no cgroup v2 is mounted here".to_owned());
    }
    let taken = groups.lines().any(is_taken);
    taken.then(|| format!("the {controller} controller is bound to cgroup v1 here; boot with"))
}

fn hold_or_refuse(world: &World) {
    let doctor = world.stockade(["doctor", "--json"]).end();
    let told: serde_json::Value = serde_json::from_str(&doctor.out).unwrap();
    let kept = told["totals"]["keys"].as_array().unwrap();
    let remedy = told["totals"]["remedy"].as_str();
    assert_eq!(kept.len() == KEYS.len(), remedy.is_none(), "{told}");
    for (key, value, controller) in KEYS {
        let profile = profile(world, &format!("{key} = {value}"));
        let ended = world.stockade(["run", "--profile", &profile, "-c", MARK]).end();
        if kept.iter().any(|kept| kept == key) {
            assert_eq!((ended.code(), ended.err.as_str()), (0, ""), "{key}");
            assert!(marked(world), "{key}");
            continue;
        }
        assert_eq!(ended.code(), 125, "{key}: {ended:?}");
        assert!(!marked(world), "{key}: it ran all the same");
        let says = format!("stockade: `limits.{key}` of the policy takes a control group");
        assert!(ended.err.starts_with(&says), "{ended:?}");
        let reason = reason(controller);
        assert!(reason.is_none_or(|reason| ended.err.contains(&reason)), "{ended:?}");
        assert!(remedy.is_some(), "{told}");
        let journal = world.stockade(["log", "--json"]).end().out;
        assert!(journal.contains(&format!("`limits.{key}` of the policy")), "{journal}");
    }
    if let (Some(remedy), Some(reason)) = (remedy, reason("memory")) {
        assert!(remedy.starts_with(&reason), "{remedy}");
    }
}

/// The stricter value holds: of what stays free the higher one.
fn of_a_project(world: &World) {
    let limits = "total_memory = \"4G\"\ntotal_processes = 50\ncpu = 4\nfree_space = \"1M\"";
    let profile = profile(world, limits);
    let project = "[limits]\ntotal_memory = \"1G\"\ntotal_processes = 900\ncpu = \"0.5\"\nfree_space = \"2M\"\n";
    world.put("workspace/.stockade.toml", project);
    let shown = world.stockade(["profile", "show", "--json", &profile]).end();
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    let limits = &shown["limits"];
    assert_eq!(limits["total_memory"], 1_u64 << 30);
    assert_eq!(limits["total_processes"], 50);
    assert_eq!(limits["cpu"], "0.5");
    assert_eq!(limits["free_space"], 2 << 20);
    for lifted in ["total_memory", "total_processes", "cpu", "free_space"] {
        world.put("workspace/.stockade.toml", format!("[limits]\n{lifted} = \"unlimited\"\n"));
        let ended = world.stockade(["run", "--profile", &profile, "-c", MARK]).end();
        assert_eq!(ended.code(), 125, "{ended:?}");
        assert!(ended.err.contains("would widen the policy"), "{ended:?}");
    }
    fs::remove_file(world.workspace().join(".stockade.toml")).unwrap();
    assert!(!marked(world));
}

fn unasked(world: &World) {
    let trace = world.top.join("workspace/trace");
    let stockade = base().join("stockade");
    let asked = profile(world, "total_memory = \"256M\"");
    let looked = |words: &[&str]| {
        let all = ["-f", "-e", "trace=%file,fstatfs", "-o", trace.to_str().unwrap()];
        let run = Run::new(world, "strace").args(all).args([stockade.to_str().unwrap(), "run"]);
        run.args(words).args(["--", "true"]).end();
        let text = fs::read_to_string(&trace).unwrap();
        assert!(text.contains("execve("), "nothing was traced: {text}");
        text.contains("/cgroup") || text.contains("fstatfs(")
    };
    let space = world
        .put("space.toml", "about = \"x\"\nextends = \"dev-box\"\nlimits.free_space = \"1k\"\n");
    assert!(!looked(&[]));
    assert!(looked(&["--profile", space.to_str().unwrap()]), "the trace would not show it");
    assert!(looked(&["--profile", &asked]), "the trace would not show it");
}

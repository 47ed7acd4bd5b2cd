//! Attacks by filters of one's own inside: a listener that takes notifications away, answers that take precedence (rows 89, 90).
//!
//! The kernel takes the strictest answer of all filters: refusals, then held calls, then tracing and
//! leave. So a filter inside can refuse itself more, and nothing else.

use super::case::{Case, nothing_left};
use super::supervised::unseen;
use super::support::{Identity, Place, Run, World};

/// With no call held.
const UNHELD: &str = "about = \"x\"\nextends = \"dev-box\"\nunix_sockets = \"none\"\n\
                      require = [\"writes\", \"reads\"]\n[files]\nunprotect = [\"*\"]\n";

// 39 is getpid, 83 mkdir, 257 openat, 165 mount; 0x7fff0000 allows, 0x7ffc0000 logs, 0x7ff00000 traces,
// 0x7fc00000 notifies, 0x5XXXX fails with an errno. Flag 1 is TSYNC, 8 NEW_LISTENER.

pub fn cases() -> Vec<Case> {
    vec![
        Case::new("row_89_a_listener_of_ones_own")
            .attack(&[
                "filter 8 39 0x7fff0000 -> EBUSY",
                "filter 8 83 0x7fc00000 -> EBUSY",
                "filter 0x28 -1 0x7fc00000 -> EBUSY [unproven]",
                "filter 8 83 0x7fc00000;mkdir {ws}/.vscode -> EPERM [unproven]",
            ])
            .twin(&["filter 8 83 0x7fc00000;mkdir {ws}/sub"]),
        Case::new("row_89_a_listener_where_no_call_is_held")
            .profile(UNHELD)
            .twin(&["filter 8 39 0x7fff0000", "filter 8 39 0x7fff0000;mkdir {ws}/sub"]),
        Case::new("row_90_answers_that_take_precedence")
            .attack(&[
                "filter 0 83 0x7fff0000;mkdir {ws}/.vscode -> EPERM",
                "filter 0 -1 0x7fff0000;mkdir {ws}/.vscode -> EPERM",
                "filter 0 -1 0x7ffc0000;mkdir {ws}/.vscode -> EPERM",
                "filter_threads 1 -1 0x7fff0000;mkdir {ws}/.vscode -> EPERM",
                "filter 0 83 0x7ff00000;mkdir {ws}/.vscode -> EPERM [unproven]",
                "filter 0 83 0x7fc00000;mkdir {ws}/.vscode -> ENOSYS [unproven]",
                "filter 0 83 0x50000;mkdir {ws}/.vscode;read {ws}/.vscode -> ENOENT [unproven]",
                "filter 0 165 0x7fff0000;bind_mount {out} {ws} -> EPERM [unproven]",
                "filter 0 425 0x7fff0000;raw 425 1 0 0 -> ENOSYS [unproven]",
            ])
            .twin(&[
                "filter 0 39 0x50001;mkdir {ws}/sub",
                "filter 0 83 0x50011;mkdir {ws}/sub -> EEXIST",
                "filter 1 39 0x7fff0000;create {ws}/new",
                "filter_threads 1 39 0x50001",
                // The oldest mode is closed to whoever has a filter, here as in any container.
                "filter_strict -> EINVAL",
            ]),
        Case::new("row_89_a_sandbox_inside").attack_code(sandbox_inside).goes_itself(),
        Case::new("row_84_what_a_namespace_would_bring").attack_code(powers).goes_itself(),
    ]
}

/// A sandbox that needs namespaces fails, says why, and leaves nothing: it is no silent weakening.
fn sandbox_inside(who: Identity) {
    let world = World::new(who);
    let words = ["run", "--", "bwrap", "--ro-bind", "/", "/", "true"];
    let ended = world.stockade(words).end();
    assert_ne!(ended.code(), 0, "{ended:?}");
    ended.says("promise `kernel`").says("run the program without its own sandbox");
    nothing_left(&world);
}

/// Why no profile gives namespaces: under Landlock alone one brings its maker powers that permission
/// bits and the kernel would else keep from him. Inside there is none, and nothing of this.
fn powers(who: Identity) {
    let world = World::new(who);
    world.put("workspace/powers.py", include_str!("nested/powers.py"));
    let words = ["/usr/bin/python3", "powers.py"];
    let alone = Run::at(&world, Place::Landlock, words[0]).args(&words[1..]).end().expect(0);
    let wanted = "read what permission bits shut\nset how packets are queued\nchanged its root\n";
    assert_eq!(alone.out, wanted, "{alone:?}");
    let words = ["run", "-q", "--", words[0], "-c", &unseen("powers.py")];
    let ended = world.stockade(words).end().expect(0);
    assert_eq!(ended.out, "no namespace: 1\n", "{ended:?}");
    nothing_left(&world);
}

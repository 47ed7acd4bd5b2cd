//! Ways around gate one that were known, judged by the default profile: each is stopped, its honest twin is not.

use crate::predict::assess;
use crate::scene::{Scene, ground};
use stockade::model::decision::Decision;
use stockade::policy;

/// What is to be stopped (it is judged here and never run), and what looks like it and is everyday work.
const PAIRS: &[(&str, &str)] = &[
    ("ln -s /usr h; rm -rf h/*", "ln -s d1 h; ls h/*; rm h"),
    ("cp -s /etc/passwd n; echo > n", "cp -s \"$PWD/a\" n; cat n"),
    ("mkdir -p e; ln -s / e/b; rm -rf e/b/usr", "mkdir -p e; ln -s ../d1 e/b; ls e/b"),
    ("ln -s /usr up; cd up; rm -rf share", "ln -s d1 here; cd here; ls"),
    ("cd far; rm -rf ../../../../../../../usr/share", "cd far; ls ../z; touch ../new"),
    ("cd nodir; rm -rf ../../../../../../usr/share", "mkdir nodir && cd nodir && touch x"),
    ("CDPATH=/usr; cd share; rm -rf doc", "CDPATH=; cd d1; touch k"),
    ("mv /usr/share p; rm -rf p", "mv a b2; cat b2"),
    ("x='a[$(rm -rf /usr/share)]'; ((x))", "x=5; ((x > 3)) && touch y"),
    ("x='a[$(rm -rf /usr/share)]'; [[ $x -eq 1 ]]", "x=1; [[ $x -eq 1 ]] && touch y"),
    ("x='a[$(rm -rf /usr/share)]'; test -v \"$x\"", "test -v HOME && touch y"),
    ("x='a[$(rm -rf /usr/share)]'; let \"$x\"", "let n=2*3; touch n$n"),
    ("x='a[$(rm -rf /usr/share)]'; printf -v \"$x\" q", "printf -v n %03d 7; touch n$n"),
    ("declare -i n; n='a[$(rm -rf /usr/share)]'", "declare -i n=2; n+=3; touch n$n"),
    ("x='b[$(rm -rf /usr/share)]'; a=(1); echo ${a[x]}", "a=(p q); i=1; touch ${a[i]}"),
    ("x='$(rm -rf /usr/share)'; echo \"${x@P}\"", "x='$(rm -rf /usr/share)'; echo \"${x@Q}\""),
    ("PS4='$(rm -rf /usr/share)'; set -x; ls", "PS4='+${BASH_SOURCE}:${LINENO}: '; set -x; ls"),
    ("mapfile -C 'rm -rf /usr/share;:' -c 1 l < a", "mapfile -t l < a; echo \"${l[0]}\""),
    ("compgen -C 'rm -rf /usr/share' x", "compgen -A function"),
    ("echo 'rm -rf /usr/share' > rc; BASH_ENV=rc bash -c :", "BASH_ENV= bash -c ls"),
    (
        "command_not_found_handle() { rm -rf /usr/share; }; nosuch",
        "command_not_found_handle() { echo no; }; ls",
    ),
    ("coproc { rm -rf /usr/share; }", "coproc { cat a; }; wait"),
    ("declare -n r=d; r=/usr/share; rm -rf \"$d\"", "declare -n r=d; r=d1; ls \"$d\""),
    ("trap 'rm -rf share' EXIT; cd /usr", "trap 'rm -rf \"$t\"' EXIT; t=$(mktemp -d); ls \"$t\""),
    ("find /usr -name doc -execdir rm -r {} \\;", "find . -name '*.c' -execdir ls {} \\;"),
];

/// Each text of a pair in a scene of its own.
pub fn known_ways_around_are_stopped_and_their_twins_are_not() {
    let mut wrong = Vec::new();
    for (nth, (attack, twin)) in PAIRS.iter().enumerate() {
        for (text, honest) in [(attack, false), (twin, true)] {
            let top = ground().join(format!("verdict{nth}{honest}"));
            let (scene, _) = Scene::make(top, false);
            let policy = crate::predict::policy_for(&scene.work(), &scene.home());
            let verdict = policy::judge(&policy, assess(text, &scene, &policy).found);
            if (verdict.decision == Decision::Allow) != honest {
                wrong.push(format!("{text}: {:?}, {}", verdict.decision, verdict.reason));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), 2 * PAIRS.len(), wrong.join("\n"));
}

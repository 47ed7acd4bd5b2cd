//! Control flow: loops, branches, functions, aliases, and the state they leave behind.

use super::table;

#[test]
fn loops_are_unrolled_or_forgotten() {
    table(&[
        ("for f in a b; do rm $f; done", "delete /home/u/w/a git-clean; delete /home/u/w/b gone"),
        ("for f in src/*.o; do rm \"$f\"; done", "delete /home/u/w/src/x.o gone"),
        ("for f; do rm $f; done", ""),
        (
            "set -- a b; for f; do rm $f; done",
            "delete /home/u/w/a git-clean; delete /home/u/w/b gone",
        ),
        (
            "for i in {1..3}; do touch f$i; done",
            "create /home/u/w/f1; create /home/u/w/f2; create /home/u/w/f3",
        ),
        (
            "for ((i=0;i<2;i++)); do touch $i; done",
            "create /home/u/w/0; create /home/u/w/1; create /home/u/w/2; create an unknown path unknown; ?unresolved-word",
        ),
        ("while read f; do rm $f; done <<< b", "delete /home/u/w/b gone"),
        (
            "printf 'a\\nb\\n' | while read f; do rm $f; done",
            "delete /home/u/w/a git-clean; delete /home/u/w/b gone",
        ),
        (
            "while cd ..; do rm -rf x; done; rm a",
            "delete /home/u/x/**; delete /home/x/**; delete /x/**; delete an unknown path/** unknown; delete an unknown path unknown; ?unresolved-word",
        ),
        (
            "mapfile -t l <<< $'a\\nb'; rm \"${l[@]}\"",
            "delete /home/u/w/a git-clean; delete /home/u/w/b gone",
        ),
        ("IFS=: read x y <<< 'a:b'; rm $x", "delete /home/u/w/a git-clean"),
    ]);
}

#[test]
fn branches_are_joined() {
    table(&[
        (
            "if ls; then x=a; else x=b; fi; rm $x",
            "delete /home/u/w/a git-clean; delete /home/u/w/b gone",
        ),
        ("x=a; ls && x=b; rm $x", "delete /home/u/w/a git-clean; delete /home/u/w/b gone"),
        (
            "case $RANDOM in 1) x=a;; *) x=b;; esac; rm x$x",
            "delete /home/u/w/x; delete /home/u/w/xa; delete /home/u/w/xb",
        ),
        ("x=a; (x=b); rm $x", "delete /home/u/w/a git-clean"),
        ("x=a; ls | x=b; rm $x", "delete /home/u/w/a git-clean"),
        ("x=a; x=b ls; rm $x", "delete /home/u/w/a git-clean"),
        (
            "x=1; [ -f a ] || x=2; touch $((x+1))",
            "create an unknown path unknown; ?unresolved-word",
        ),
        (
            "if [ -d src ]; then cd src; fi; rm a",
            "delete /home/u/w/src/a; delete /home/u/w/a git-clean",
        ),
        ("unset x; rm -f a$x", "delete /home/u/w/a git-clean"),
        (
            "source missing.sh; rm a$x",
            "execute /home/u/w/missing.sh; delete /home/u/w/… gone; ?opaque-code; ?unresolved-word",
        ),
    ]);
}

#[test]
fn functions_and_aliases_are_inlined() {
    table(&[
        ("f() { rm \"$1\"; }; f b", "delete /home/u/w/b gone"),
        ("f() { rm \"$@\"; }; f a b", "delete /home/u/w/a git-clean; delete /home/u/w/b gone"),
        ("function f { local x=$1; rm $x; }; f b", "delete /home/u/w/b gone"),
        ("f() { f; }; f", "?budget-spent"),
        ("f() { cd src; }; f; rm main.c", "delete /home/u/w/src/main.c gone"),
        ("rm() { echo; }; rm b", "delete /home/u/w/b gone"),
        ("rm() { echo; }; command rm b", "delete /home/u/w/b gone"),
        ("alias d='rm -rf'; d b", "delete /home/u/w/b/** gone; ?unknown-program"),
        ("alias rm=echo; rm b", "delete /home/u/w/b gone"),
        ("f() { rm \"${@:2}\"; }; f a b", "delete /home/u/w/b gone"),
        ("f() { echo b; }; rm $(f)", "delete /home/u/w/b gone"),
    ]);
}

//! Ways around that bash itself offers: names made and followed, text evaluated later. Each with an honest twin.

use super::{check, check_for_real, table};

const HOME: &str = "delete /home/u/** gone";

/// A text that deletes the home, and one that looks like it and deletes nothing.
const PAIRS: &[(&str, &str)] = &[
    // names that the text makes
    ("ln -s ~ h; rm -rf h/", "ln -s ~ h; rm -f h"),
    ("ln -s ~ h; cd h; rm -rf ../u", "ln -s src h; cd h; ls ../u"),
    ("mkdir -p a; ln -s / a/b; rm -rf a/b/home/u", "mkdir -p a; ln -s / a/b; ls a/b/home/u"),
    ("ln -s /home h; rm -rf h/u", "ln -s /home h; ls h/u"),
    ("ln -s /home h1; ln -s h1 h2; rm -rf h2/u", "ln -s /home h1; ln -s h1 h2; ls h2/u"),
    ("ln -st . ~; rm -rf u/", "ln -st . ~; ls u/"),
    ("cp -s ~ h; rm -rf h/", "cp -s ~ h; ls h/"),
    ("mv ~ old; rm -rf old", "mv a new; cat new"),
    ("ln -s src/.. h; cd h; rm -rf ../../u", "ln -s src h; cat h/../a"),
    // directories
    ("CDPATH=/home; cd u; rm -rf ../u", "CDPATH=/home; cd ./src; ls"),
    ("export CDPATH=/home:/; cd home; rm -rf u", "export CDPATH=; cd src; ls u"),
    ("cd nowhere u; rm -rf ../../u", "cd src; cat ../a"),
    ("if ! cd /; then :; else rm -rf home/u; fi", "if ! cd src; then exit; fi; ls"),
    ("cd nowhere || cd /home/u/w x; rm -rf ~", "cd src || exit; ls ~"),
    ("trap 'rm -rf u' EXIT; cd /home", "trap 'rm -f /tmp/q.1' EXIT; cd /home"),
    ("sh -c 'cd /; rm -rf home/u'; ls", "sh -c 'cd /'; ls home/u"),
    // text that is evaluated
    ("x='a[$(rm -rf ~)]'; ((x))", "x=3; ((x))"),
    ("x='a[$(rm -rf ~)]'; echo $((x+1))", "x='a[0]'; echo $((x+1))"),
    ("x='a[`rm -rf ~`]'; [[ $x -eq 1 ]]", "x=1; [[ $x -eq 1 ]]"),
    ("x='a[$(rm -rf ~)]'; [[ x -gt 1 ]]", "x='$(rm -rf ~)'; [[ -n $x ]]"),
    ("x='a[$(rm -rf ~)]'; test -v \"$x\"", "x=a; test -v \"$x\""),
    ("x='a[$(rm -rf ~)]'; [ -v \"$x\" ]", "[ -v x ]"),
    ("x='a[$(rm -rf ~)]'; let \"$x\"", "let x=1+2"),
    ("x='a[$(rm -rf ~)]'; printf -v \"$x\" q", "printf -v x q"),
    ("x='a[$(rm -rf ~)]'; read \"$x\" <<< 1", "read x <<< 'a[$(rm -rf ~)]'"),
    ("x='a[$(rm -rf ~)]'; unset \"$x\"", "x=y; unset \"$x\""),
    ("declare -i n; n='a[$(rm -rf ~)]'", "declare n; n='a[$(rm -rf ~)]'"),
    ("x='b[$(rm -rf ~)]'; a=(1); echo ${a[x]}", "x=0; a=(1); echo ${a[x]}"),
    ("x='b[$(rm -rf ~)]'; a[x]=1", "declare -A a; x='$(rm -rf ~)'; a[$x]=1"),
    ("x='a[$(rm -rf ~)]'; q=abc; echo ${q:x}", "x=1; q=abc; echo ${q:x}"),
    ("x='a[$(rm -rf ~)]'; declare -n r=\"$x\"", "x=y; declare -n r=\"$x\""),
    ("y='z[$(rm -rf ~)]'; x=y; ((x))", "y=2; x=y; ((x))"),
    ("x='$(rm -rf ~)'; echo \"${x@P}\"", "x='$(rm -rf ~)'; echo \"${x@Q}\""),
    ("PS4='$(rm -rf ~)'; set -x; true", "PS4='+ $LINENO: '; set -x; true"),
    ("mapfile -C 'rm -rf ~;:' -c 1 l < a", "mapfile -t l < a"),
    ("compgen -C 'rm -rf ~' x", "compgen -c x"),
    ("f() { rm -rf ~; }; compgen -F f x", "f() { rm -rf ~; }; compgen -A function f"),
    ("compgen -W '$(rm -rf ~)' x", "compgen -W 'a b' x"),
    ("echo 'rm -rf ~' > rc; BASH_ENV=rc bash -c :", "echo ls > rc; BASH_ENV=rc bash -c :"),
    ("echo 'rm -rf ~' > rc; export ENV=$PWD/rc; sh -c :", "export ENV=; sh -c :"),
    (
        "command_not_found_handle() { rm -rf ~; }; frobnicate",
        "command_not_found_handle() { echo \"no $1\"; }; true",
    ),
    ("coproc { rm -rf ~; }", "coproc { ls ~; }"),
    // names that stand for others
    ("declare -n r=d; r=~; rm -rf \"$d\"", "declare -n r=d; r=~; ls \"$d\""),
    ("f() { local -n o=$1; o=~; }; f d; rm -rf $d", "f() { local -n o=$1; o=a; }; f d; cat $d"),
    ("hash -p /bin/rm ls; ls -rf ~", "hash -r; ls ~"),
    ("bash -c 'rm -rf \"$0\"' ~", "bash -c 'ls \"$0\"' ~"),
    ("bash -s -- ~ <<< 'rm -rf \"$1\"'", "bash -s -- ~ <<< 'ls \"$1\"'"),
    ("x=/tmp/q; sh -c 'rm -rf \"${x:-$HOME}\"'", "export x=/tmp/q; sh -c 'ls \"${x:-$HOME}\"'"),
    ("shopt -s lastpipe; echo ~ | read d; rm -rf $d", "echo ~ | read d; ls $d"),
    ("a=(u v); a=(\"${a[@]/#//home/}\"); rm -rf ${a[0]}", "a=(u v); ls \"${a[@]/#//home/}\""),
];

#[test]
fn what_bash_runs_later_is_seen() {
    let wrong: Vec<String> = PAIRS
        .iter()
        .map(|(text, _)| (text, check_for_real(text)))
        .filter(|(_, found)| !found.contains(HOME))
        .map(|(text, found)| format!("{text}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), PAIRS.len(), wrong.join("\n"));
}

#[test]
fn the_honest_twins_delete_nothing_of_the_home() {
    let bad = |found: &String| found.contains("delete /home/u/** ") || found.contains('!');
    let wrong: Vec<String> = PAIRS
        .iter()
        .map(|(_, twin)| (twin, check_for_real(twin)))
        .filter(|(_, found)| bad(found))
        .map(|(twin, found)| format!("{twin}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), PAIRS.len(), wrong.join("\n"));
}

#[test]
fn what_is_put_into_a_directory_lies_in_it() {
    let real = [
        ("cp a src", "create /home/u/w/src/a"),
        ("cp a target/new", "create /home/u/w/target/new"),
        ("cp -T a src", "write /home/u/w/src unknown"),
        ("mv a src", "rename /home/u/w/a git-clean; rename /home/u/w/src/a"),
        ("mkdir d; cp a d", "create /home/u/w/d; create /home/u/w/d/a"),
        ("echo x > f; cp a f", "create /home/u/w/f"),
        ("ln -s /x src", "create /home/u/w/src/x"),
        ("ln -s /x/y", "create /home/u/w/y"),
        (
            "git mv a src",
            "create /home/u/w/.git/index; rename /home/u/w/a git-clean; rename /home/u/w/src/a",
        ),
        ("gzip b", "rename /home/u/w/b gone"),
        ("find src -execdir rm x \\;", "delete /home/u/w/src/… gone; ?unresolved-word"),
    ];
    let wrong: Vec<String> = real
        .iter()
        .map(|(text, expected)| (text, expected, check_for_real(text)))
        .filter(|(_, expected, found)| *found != **expected)
        .map(|(text, expected, found)| format!("{text}\n  want: {expected}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_moved_is_lost_under_its_new_name() {
    assert!(check("mv b n; rm n").contains("delete /home/u/w/b gone"));
    table(&[
        ("cp a n; rm n", "create /home/u/w/n; delete /home/u/w/n"),
        ("rm out/../a", "delete /home/u/a"),
        ("echo x > *.toml", "write /home/u/w/Cargo.toml git-clean"),
    ]);
}

#[test]
fn expressions_within_expressions_end() {
    use std::fmt::Write;
    let begin = std::time::Instant::now();
    let mut fan = String::new();
    for level in 0..8 {
        let names = vec![format!("x{}", level + 1); 200].join("+");
        write!(fan, "x{level}='{names}'; ").unwrap();
    }
    let links: String = (0..3000).map(|n| format!("ln -s l{n} l{}; ", n + 1)).collect();
    for text in [fan + "((x0))", links + "rm -rf l3000/*", "x='x[x]'; ((x))".to_owned()] {
        drop(check_for_real(&text));
    }
    // A bound for a debug build on a machine that does much else.
    assert!(begin.elapsed().as_secs() < 20, "{:?}", begin.elapsed());
    assert!(
        check_for_real(&(0..3000).map(|n| format!("ln -s / m{n}; ")).collect::<String>())
            .contains("?budget-spent")
    );
}

#[test]
fn code_that_is_known_in_part_is_read_as_far_as_it_is() {
    for text in [
        "bash -c \"rm -rf ~/Documents; echo $(date)\"",
        "eval \"rm -rf /etc; echo $RANDOM\"",
        "bash <<E\nrm -rf /etc\necho $(date)\nE\n",
        "sh -c \"rm -rf /etc $(date)\"",
    ] {
        let found = check_for_real(text);
        assert!(found.contains("delete /"), "{text}: {found}");
    }
    for text in
        ["bash -c \"echo 'it is $(date)'\"", "sh -c \"make $TARGETS\"", "eval \"$(ssh-agent)\""]
    {
        let found = check_for_real(text);
        assert!(!found.contains("delete") && !found.contains("?unparsed"), "{text}: {found}");
    }
}

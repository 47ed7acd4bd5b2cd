//! The same deed in other words: every disguise must come to the same effect as the plain command.

use super::table;

const HOME: &str = "delete /home/u/** gone";

const DISGUISES: &[&str] = &[
    "rm -rf ~",
    "r''m -rf ~",
    // A brace without an end is a character, in words and behind them.
    "echo {a; rm -rf ~",
    "echo {a,b && rm -rf ~",
    "echo {a\nrm -rf ~",
    "echo {a | rm -rf ~",
    "{echo; rm -rf ~",
    "echo '${' {a ; rm -rf ~; echo }",
    "echo \"{a\" {b ; rm -rf ~; echo \"}\"",
    "echo $${a ; rm -rf ~",
    "cat <<E {a\nx\nE\nrm -rf ~",
    "f() { echo {a; rm -rf ~; }; f",
    "if true; then echo {x; rm -rf ~; fi",
    "for i in {x; do rm -rf ~; done",
    "echo \"$(echo {b)\"; rm -rf ~",
    "a1=~; rm -rf $a{1,}",
    "rm -rf {{1..300},~}",
    "f() { local HOME=/tmp/q; }; f; rm -rf ~",
    "f() { declare d=/tmp/q; }; d=~; f; rm -rf $d",
    "if false; then rm() { :; }; fi; rm -rf ~",
    "a=(rm -rf); b=\"${a[*]}\"; $b ~",
    "${nothing:-rm -rf} ~",
    "r\"\"m -rf ~",
    "\\rm -rf ~",
    "r\\\nm -rf ~",
    "rm -rf \\\n  ~",
    "$'\\x72\\x6d' -rf ~",
    "$'\\162m' -rf ~",
    "R=rm; $R -rf ~",
    "a=r b=m; $a$b -rf ~",
    "a=xrmx; ${a:1:2} -rf ~",
    "a=rXm; ${a/X/} -rf ~",
    "a=xxrm; ${a#xx} -rf ~",
    "a=rm.exe; ${a%.exe} -rf ~",
    "a=/usr/bin/rm; ${a##*/} -rf ~",
    "a=RM; ${a,,} -rf ~",
    "a=b; b=rm; ${!a} -rf ~",
    "${nothing:-rm} -rf ~",
    "a=(x rm y); ${a[1]} -rf ~",
    "a=(rm -rf); \"${a[@]}\" ~",
    "a=(); a+=(rm); a+=(-rf ~); \"${a[@]}\"",
    "declare -A m=([k]=rm); ${m[k]} -rf ~",
    "printf -v c %s%s r m; $c -rf ~",
    "read c <<< rm; $c -rf ~",
    "set -- rm -rf ~; \"$@\"",
    "set -- x rm; shift; $1 -rf ~",
    "$(printf rm) -rf ~",
    "$(echo rm) -rf ~",
    "`echo rm` -rf ~",
    "$(printf '%s' r m) -rf ~",
    "$(printf '\\x72\\x6d') -rf ~",
    "$(echo mr | rev) -rf ~",
    "$(echo ez | tr a-z n-za-m) -rf ~",
    "$(echo xrmx | cut -c2-3) -rf ~",
    "$(echo cm0gLXJmIH4= | base64 -d)x -rf ~ || rm -rf ~",
    "eval \"$(echo cm0gLXJmIH4= | base64 -d)\"",
    "echo cm0gLXJmIH4= | base64 -d | sh",
    "base64 -d <<< cm0gLXJmIH4= | bash",
    "echo 726d202d7266207e | xxd -r -p | sh",
    "echo 'rm -rf ~' | sh",
    "sh <<< 'rm -rf ~'",
    "sh <<EOF\nrm -rf ~\nEOF",
    "sh <<'EOF'\nrm -rf ~\nEOF",
    "bash -c 'rm -rf ~'",
    "sh -c 'rm -rf \"$1\"' _ ~",
    "eval \"r\"\"m -rf ~\"",
    "eval 'eval \"rm -rf ~\"'",
    "command rm -rf ~",
    "builtin command rm -rf ~",
    "exec rm -rf ~",
    "time rm -rf ~",
    "! rm -rf ~",
    "env rm -rf ~",
    "env FOO=1 rm -rf ~",
    "FOO=1 rm -rf ~",
    "timeout 60 rm -rf ~",
    "env timeout 5 sh -c 'env rm -rf ~'",
    "(rm -rf ~)",
    "{ rm -rf ~; }",
    "rm -rf ~ &",
    "if true; then rm -rf ~; fi",
    "if false; then :; else rm -rf ~; fi",
    "while :; do rm -rf ~; break; done",
    "for d in ~; do rm -rf $d; done",
    "case x in y) ;; *) rm -rf ~;; esac",
    "f() { rm -rf \"$1\"; }; f ~",
    "f() { g \"$@\"; }; g() { rm -rf $1; }; f ~",
    "trap 'rm -rf ~' EXIT",
    "echo x | xargs -I{} rm -rf ~",
    "echo ~ | xargs rm -rf",
    "echo `echo \\`rm -rf ~\\``",
    "echo \"$(rm -rf ~)\"",
    "echo ${a:-$(rm -rf ~)}",
    "x=$((1+$(rm -rf ~; echo 1)))",
    "cat <(rm -rf ~)",
    "cat <<EOF\n$(rm -rf ~)\nEOF",
    "cat <<A <<B\nx\nA\n$(rm -rf ~)\nB",
    "[[ -n $(rm -rf ~) ]]",
    "rm -rf $HOME",
    "rm -rf \"${HOME}\"",
    "rm -rf /home/u",
    "rm -rf /home/{u,}/../u",
    "rm -rf ~/../u/.",
    "x=~; rm -rf $x",
    "x=~/; rm -rf $x",
    "cd ..; rm -rf ../u",
    "cd / && rm -rf home/u",
    "cd /home; rm -rf u",
    "pushd /tmp; popd; rm -rf ..",
    "cp /bin/rm ./x; ./x -rf ~",
    "echo 'rm -rf ~' > x.sh; sh x.sh",
    "printf 'rm -rf ~\\n' | tee x.sh; . ./x.sh",
    "PAGER='rm -rf ~' git log",
    "export GIT_SSH_COMMAND='rm -rf ~'; git fetch",
    "i=0; ((i+=1)); a=(x rm); ${a[i]} -rf ~",
    "coproc rm -rf ~",
    "${a:-${b:-${c:-${d:-${e:-${f:-${g:-${h:-${i:-${j:-$(rm -rf ~)}}}}}}}}}}",
];

#[test]
fn a_deleted_home_is_seen_through_every_disguise() {
    let wrong: Vec<String> = DISGUISES
        .iter()
        .map(|text| (text, super::check(text)))
        .filter(|(_, found)| !found.contains(HOME))
        .map(|(text, found)| format!("{text}\n  have: {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), DISGUISES.len(), wrong.join("\n"));
}

#[test]
fn the_real_models_see_the_same() {
    let wrong: Vec<&&str> =
        DISGUISES.iter().filter(|text| !super::check_for_real(text).contains(HOME)).collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), DISGUISES.len());
}

#[test]
fn words_that_only_look_like_commands_do_nothing() {
    table(&[
        ("echo \"rm -rf ~\"", ""),
        ("echo 'rm -rf ~'", ""),
        ("git commit -m \"rm -rf /\"", ""),
        ("git commit -m \"$(cat <<'EOF'\ndon't `rm -rf ~` $(rm -rf ~)\nEOF\n)\"", ""),
        ("cat <<'EOF'\n$(rm -rf ~)\nEOF", ""),
        ("cat <<\\EOF\n`rm -rf ~`\nEOF", ""),
        ("# rm -rf ~", ""),
        ("grep -r 'rm -rf' .", ""),
        ("f() { rm -rf ~; }", ""),
        ("x='rm -rf ~'", ""),
        ("printf '%s\\n' 'curl x | sh'", ""),
        ("echo a > /dev/null 2>&1", ""),
        ("ls >&2 2>/dev/null </dev/null", ""),
    ]);
}

#[test]
fn a_line_after_a_document_or_an_error_is_not_hidden() {
    table(&[
        ("cat <<EOF; rm -rf ~\nx\nEOF", HOME),
        ("cat <<EOF > /etc/passwd\nx\nEOF", "write /etc/passwd gone; !persist.keys"),
        ("rm -rf ~\necho ok\nif true; then (\nfoo )", "delete /home/u/** gone; ?unparsed-text"),
        ("rm -rf ~; echo \"unclosed", "delete /home/u/** gone; ?unparsed-text"),
        ("echo ${ rm -rf ~; }", "?unparsed-text"),
    ]);
}

#[test]
fn what_is_not_known_is_a_gap() {
    table(&[
        ("$(date) -rf ~", "?unknown-program; ?unresolved-command"),
        ("$RANDOM x", "?unresolved-command"),
        ("rm -rf $RANDOM", "delete an unknown path/** unknown; ?unresolved-word"),
        ("rm -rf src/$RANDOM", "delete /home/u/w/src/…/** gone; ?unresolved-word"),
        ("sh -c \"$RANDOM\"", "?opaque-code"),
        ("eval $RANDOM", "?opaque-code"),
        ("sh missing.sh", "execute /home/u/w/missing.sh; ?opaque-code"),
        ("python3 -c 'print(1)'", "?opaque-code"),
        ("frobnicate x", "?unknown-program"),
        ("ls $RANDOM", ""),
    ]);
}

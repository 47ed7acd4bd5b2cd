//! The classifier never falls over and always comes back, whatever the bytes.

use super::{check, invocation};
use crate::classify::classify_knowing;
use crate::model::invocation::Request;
use proptest::prelude::{ProptestConfig, any, prop, proptest};

const SEEDS: &[&str] = &[
    "for f in $(ls *.c); do rm -rf \"${f%.c}.o\" >/dev/null 2>&1; done",
    "cat <<EOF | sh -c \"$(printf '\\x72m')\" <(curl x) `echo \\`ls\\``\n${a:-${b/c/d}}\nEOF",
    "case $x in a|b) ((i++));; *) [[ -f $y && ! $z =~ ^x$ ]] || f() { :; };; esac",
    "a=(1 2 [3]=x); echo ${a[@]:1:2} ${#a[*]} $'\\u00e9' {1..5}{a,b} ~root/*",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let invocation = invocation(Request::Shell(bytes));
        classify_knowing(&invocation, &super::LiteralWorld, &super::fakes::read);
    }

    #[test]
    fn shell_like_text(text in "[a-z $(){}'\"`;|&<>\\\\*?~=#!\\[\\]\n0-9:/@%^,-]{0,120}") {
        check(&text);
    }

    #[test]
    fn mutated_commands(
        seed in 0..SEEDS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (at, c) in edits {
            let at = at.index(text.len());
            text[at] = c;
        }
        let end = cut.index(text.len() + 1);
        check(&text[..end].iter().collect::<String>());
        check(&text.iter().collect::<String>());
    }
}

#[test]
fn depth_and_size_are_bounded() {
    let deep = [
        "$(".repeat(200),
        "(".repeat(2_000),
        "${a:-".repeat(500),
        format!("{}rm x{}", "$(".repeat(60), ")".repeat(60)),
        format!("{}rm x{}", "{ ".repeat(90), "; }".repeat(90)),
        format!("echo {}", "{a,b}".repeat(40)),
        format!("echo $(({}1{}))", "(".repeat(400), ")".repeat(400)),
        format!("x{}", "\\".repeat(5_000)),
        "`".repeat(3_000),
        "a=b;".repeat(5_000),
        "for i in {1..999}; do for j in {1..999}; do rm $i$j; done; done".to_owned(),
        "f() { f | f; }; f".to_owned(),
        "eval 'eval \"$x\"'; x='eval \"$x\"'; eval \"$x\"".to_owned(),
        "a=xxxxxxxxxxxxxxxx; for i in 1 2 3 4 5 6 7 8 9; do a=$a$a$a$a; done; echo ${a//x*x*x*y/z}"
            .to_owned(),
        "<<A <<B <<C\n".repeat(50),
        // A word that the parser ends in the middle of a character.
        "a=(2}(${x-$(é".to_owned(),
    ];
    for text in deep {
        check(&text);
    }
}

/// What the shell would do behind all this is not seen, and that is said.
#[test]
fn what_is_left_out_or_not_certain_leaves_a_gap() {
    let many = "a ".repeat(30_000);
    for text in [
        format!("echo {many}; rm -rf ~"),
        format!("x=({many}); rm -rf ~"),
        format!("for i in {many}; do :; done; rm -rf ~"),
        "cat <<E\\\nF\nEF\nrm -rf ~".to_owned(),
        "cat <<E\nE\\\n\nrm -rf ~".to_owned(),
        "cat <<\"E\\F\"\nE\\F\nrm -rf ~".to_owned(),
        "cat <<$'\\x45'\nE\nrm -rf ~\n\\x45".to_owned(),
        "cat <<-'\tE'\n\tE\nrm -rf ~".to_owned(),
        "exec 9</; rm -rf /dev/fd/9/home".to_owned(),
        "a=(do >\nrm -rf ~".to_owned(),
        "a=(x & <<E\n\nE\nrm -rf ~\nE\n)".to_owned(),
        "exec 9</; cd /dev/fd/9 && rm -rf home".to_owned(),
    ] {
        let found = check(&text);
        let told = ["?budget-spent", "?unparsed-text", "delete", "anywhere"];
        let short: String = text.chars().take(60).collect();
        assert!(told.iter().any(|word| found.contains(word)), "{short}: {found}");
    }
    // Everyday documents are no such case.
    for text in [
        "cat <<EOF\na \\\nb\nEOF",
        "cat <<'END-1'\nx\\\nEND-1",
        "cat <<\\EOF\nx\nEOF",
        "declare -A a=(\n [\"x\"]=0\n [y]=1\n)",
        "a=(1 2)",
        "a=( # b\n c )",
        "local -a b=( [\"1-2\"]=0 )",
    ] {
        assert_eq!(check(text), "", "{text}");
    }
}

//! The text within the grammar of the shell: lists, branches, loops, functions, other shells.

use super::{Transform, same};
use crate::spelling::{Spelling, quoted};

pub const ALL: &[Transform] = &[
    same("control.subshell", "a subshell runs its list", |s, _| around(s, "(", ")")),
    same("control.group", "a group runs its list", |s, _| around(s, "{", "}")),
    same("control.if", "the condition holds", |s, d| {
        let condition = *d.pick(&["true", ":", "[ 1 = 1 ]", "test -n x", "! false", "[ -d / ]"]);
        around(s, &format!("if {condition}; then"), "fi")
    }),
    same("control.else", "the condition does not hold", |s, _| {
        around(s, "if false; then :; else", "fi")
    }),
    same("control.elif", "the second condition holds", |s, _| {
        around(s, "if [ a = b ]; then :; elif :; then", "fi")
    }),
    same("control.condition", "a condition is run", |s, _| around(s, "if", "then :; fi")),
    same("control.and", "the left side succeeds", |s, d| {
        let left = *d.pick(&["true", ":", "[ x ]", "cd ."]);
        around(s, &format!("{left} && {{"), "}")
    }),
    same("control.or", "the left side fails", |s, d| {
        let left = *d.pick(&["false", "[ a = b ]", "test -z x", "! :"]);
        around(s, &format!("{left} || {{"), "}")
    }),
    same("control.then", "after something else", |s, d| {
        let left = *d.pick(&["echo start", "ls >/dev/null", "pwd", "x=1"]);
        around(s, &format!("{left};"), "echo done")
    }),
    same("control.not", "only the status is turned round", |s, _| around(s, "! {", "}")),
    same("control.time", "time runs what it times", |s, _| {
        around(s, "time {", "}").map(Spelling::for_bash)
    }),
    same("control.for", "a loop of one turn", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("i");
        around(&next, &format!("for {v} in 1; do"), "done")
    }),
    same("control.for-c", "a counted loop of one turn", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("i");
        let head = format!("for (({v}=0; {v}<1; {v}++)); do");
        around(&next, &head, "done").map(Spelling::for_bash)
    }),
    same("control.while", "a loop that is left", |s, _| around(s, "while :; do", "break; done")),
    same("control.until", "a loop that is left", |s, _| {
        around(s, "until false; do", "break; done")
    }),
    same("control.while-condition", "the condition of a loop is run", |s, _| {
        around(s, "while", "false; do :; done")
    }),
    same("control.case", "the pattern matches", |s, d| {
        let head = *d.pick(&["case x in x)", "case x in y) ;; *)", "case abc in a*)"]);
        around(s, head, ";; esac")
    }),
    same("control.case-through", ";& goes on with the next", |s, _| {
        around(s, "case x in x) : ;& y)", ";; esac").map(Spelling::for_bash)
    }),
    same("control.background", "waited for", |s, _| around(s, "{", "} & wait")),
    same("control.coproc", "a coprocess is waited for", |s, _| {
        around(s, "coproc {", "} ; wait").map(Spelling::for_bash)
    }),
    same("control.function", "a function that is called", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        around(&next, &format!("{f}() {{"), &format!("}}; {f}"))
    }),
    same("control.function-word", "the same, with its keyword", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        around(&next, &format!("function {f} {{"), &format!("}}; {f}")).map(Spelling::for_bash)
    }),
    same("control.function-subshell", "a function in a subshell", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        around(&next, &format!("{f}() ("), &format!("); ({f})"))
    }),
    same("control.function-exported", "an exported function in another shell", |s, _| {
        let mut next = s.clone();
        let f = next.fresh("f");
        let tail = format!("}}; export -f {f}; bash -c {f}");
        around(&next, &format!("{f}() {{"), &tail).map(Spelling::for_bash)
    }),
    same("control.alias", "an alias is replaced by its text", |s, _| {
        if !s.one_line() {
            return None;
        }
        let mut next = s.clone();
        let name = next.fresh("al");
        let text = format!("shopt -s expand_aliases\nalias {name}={}\n{name}", quoted(&s.text));
        Some(next.with(text).for_bash())
    }),
    same("control.trap", "a trap runs at the end", |s, d| {
        let signal = *d.pick(&["EXIT", "0"]);
        Some(s.with(format!("(trap {} {signal}; :)", quoted(&s.text))))
    }),
    same("control.trap-signal", "a trap runs at its signal", |s, _| {
        let text = format!("trap {} USR1; kill -USR1 $$; :", quoted(&s.text));
        Some(s.with(format!("{} -c {}", s.shell(), quoted(&text))))
    }),
    same("control.trap-err", "a trap runs after a failure", |s, _| {
        let text = format!("trap {} ERR; false; trap - ERR", quoted(&s.text));
        Some(s.with(format!("bash -c {}", quoted(&text))).for_bash())
    }),
    same("control.substitution", "a substitution runs its list", |s, d| {
        let (head, tail) = *d.pick(&[
            ("echo \"$(", ")\""),
            (": $(", ")"),
            ("x=$(", ")"),
            ("[ -n \"$(", ")\" ]"),
            ("test x = \"$(", ")\""),
        ]);
        around(s, head, tail)
    }),
    same("control.default", "a substitution in a default", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("unset");
        around(&next, &format!(": \"${{{v}:-$("), ")}\"")
    }),
    same("control.arithmetic", "a substitution in arithmetic", |s, _| {
        around(s, ": $(( 1 + $(", "echo 1) ))").filter(|_| quiet(s))
    }),
    same("control.test", "a substitution in a test", |s, _| {
        around(s, "[[ -n $(", ") ]]").map(Spelling::for_bash)
    }),
    same("control.process", "a process substitution runs its list", |s, _| {
        around(s, "cat <(", ") >/dev/null").map(Spelling::for_bash)
    }),
    same("control.document", "a document expands", |s, _| {
        let mut next = s.clone();
        let end = next.fresh("END");
        if s.text.contains("\\\n") {
            return None;
        }
        around(&next, &format!("cat <<{end} >/dev/null\n$("), &format!(")\n{end}"))
    }),
    same("control.string", "a here-string expands", |s, _| {
        around(s, "cat <<< \"$(", ")\" >/dev/null").map(Spelling::for_bash)
    }),
    same("control.piped", "what it prints goes to a filter", |s, d| {
        let tail =
            *d.pick(&["} | cat", "} 2>&1 | tail -n 5", "} | head -100", "} | tee /dev/null"]);
        around(s, "{", tail)
    }),
    same("control.redirected", "what it prints goes nowhere", |s, d| {
        let tail = *d.pick(&[
            "} >/dev/null",
            "} >/dev/null 2>&1",
            "} 2>&1",
            "} </dev/null",
            "} &>/dev/null",
        ]);
        around(s, "{", tail).map(Spelling::for_bash)
    }),
    same("control.comment", "a comment is nothing", |s, _| {
        Some(s.with(format!("# tidy up; 'a quote\n{} # done\n# end", s.text)))
            .filter(|_| s.one_line())
    }),
    same("control.assigned", "an assignment before a command is for it alone", |s, _| {
        s.command()?;
        Some(s.with(format!("LC_ALL=C X=1 {}", s.text)))
    }),
    same("control.set", "options of the shell", |s, d| {
        let option = *d.pick(&["set +e", "set +o noglob", "set -o pipefail", "set -m", "set +x"]);
        let text = format!("({option}; {}\n)", s.text);
        Some(s.with(text).for_bash())
    }),
    same("control.select", "a menu with one answer", |s, _| {
        let mut next = s.clone();
        let v = next.fresh("m");
        let head = format!("select {v} in a; do");
        around(&next, &head, "break; done <<< 1").map(Spelling::for_bash).filter(|_| quiet(s))
    }),
];

/// The text between two pieces of grammar, each on lines of its own.
fn around(spelling: &Spelling, head: &str, tail: &str) -> Option<Spelling> {
    Some(spelling.with(format!("{head}\n{}\n{tail}", spelling.text)))
}

/// Whether it prints nothing and reads nothing, where that would change what the shell reads.
fn quiet(spelling: &Spelling) -> bool {
    ["rm ", "touch ", "mkdir ", "chmod "].iter().any(|start| spelling.text.starts_with(start))
}

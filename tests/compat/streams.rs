//! Standard streams across the wall: large, separate, closed early, closed from the start.

use crate::workload::{Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    around("stdin-10-megabytes", LARGE, &["identical", "10485760"]),
    around("streams-separate", SEPARATE, &["out=one err=two", "together 2"]),
    around("reader-goes-away", GONE, &["y\n141 0", "y\n0"]),
    around("streams-closed", CLOSED, &["no input", "no output 0"]),
    around("pipes-both-ways", BOTH, &["three", "first", "lines 2"]),
    around("descriptors", DESCRIPTORS, &["file", "appended"]),
    around("arguments-verbatim", VERBATIM, &["<a b><><*><$HOME><new\nline>"]),
    around("no-terminal-no-tty", NO_TTY, &["0 not a tty", "1 not a tty"]),
    inside("dev-fd-3", STREAM, &["through"]),
];

const LARGE: &str = r#"
head -c 10485760 /dev/urandom >big
$BOX cat <big | cmp - big && echo identical && cat big | $BOX cat | wc -c && $BOX wc -c <big
$BOX sh -c 'cat >copy' <big && cmp big copy && $BOX cat big big | md5sum >/dev/null && rm big copy
"#;

const SEPARATE: &str = r#"
$BOX sh -c 'echo one; echo two >&2' >out 2>err; echo "out=$(cat out) err=$(cat err)"
$BOX sh -c 'echo one; echo two >&2' 2>&1 | wc -l | sed 's/^/together /'
$BOX sh -c 'echo one >&2' 2>&1 >/dev/null; $BOX sh -c 'exit 0' 2>&1 | wc -c
"#;

const GONE: &str = r#"
yes | $BOX head -1; echo "${PIPESTATUS[@]}"
$BOX yes | head -1; echo "${PIPESTATUS[@]:1}"; $BOX seq 1000000 | head -1; test ${PIPESTATUS[0]} = 141 && echo told
$BOX sh -c 'yes | head -1; echo $?'
"#;

const CLOSED: &str = r#"
$BOX sh -c 'cat' </dev/null && echo no input
$BOX sh -c 'read x || echo closed input' <&-
$BOX sh -c 'echo lost >/dev/null' >&- 2>/dev/null; echo "no output $?"
$BOX sh -c 'echo kept' 2>&-
"#;

pub(crate) const BOTH: &str = r#"
printf 'one\ntwo\nthree\n' | $BOX grep t | $BOX tail -1
$BOX sh -c 'read a; echo $a; cat >rest' < <(printf 'first\nsecond\nthird\n') && wc -l <rest | sed 's/^/lines /'
coproc $BOX cat; echo back >&"${COPROC[1]}"; read -t 20 -r line <&"${COPROC[0]}"; echo "$line"; eval "exec ${COPROC[1]}>&-"; wait
mkfifo in out; $BOX tr a-z A-Z <in >out & echo upper >in; cat out; wait
"#;

const DESCRIPTORS: &str = r#"
$BOX echo file >file; cat file; $BOX echo appended >>file; cat file; $BOX sh -c 'cat; echo written >&0' <>file >/dev/null; cat file
$BOX sh -c 'echo inside >inner; exec 4<inner; cat <&4'
"#;

const VERBATIM: &str = r#"
$BOX printf '<%s>' 'a b' '' '*' '$HOME' $'new\nline' $'\xff' -- --help; echo
$BOX printf '%s\n' $(seq 5000) | md5sum; A=1 $BOX sh -c 'echo $A'; (mkdir -p d; cd d; $BOX pwd | sed 's,.*/,,')
"#;

const NO_TTY: &str = r#"
$BOX sh -c 'test -t 0 || echo 0 not a tty; test -t 1 || echo 1 not a tty' </dev/null
$BOX python3 -c 'import sys; print(sys.stdout.isatty())'
"#;

const STREAM: &str = r#"
exec 3>&1; echo through >/dev/fd/3
"#;

//! Many processes: long pipelines, the same pipeline often, long argument lists, many at once.

use crate::workload::{Kind, Script, USUAL, Workload, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "pipeline-of-1000",
        kind: Kind::Script(Script { text: THOUSAND, says: &["through"], seconds: 120, ..USUAL }),
    },
    Workload {
        name: "300-pipelines-bash",
        kind: Kind::Script(Script { text: OFTEN_BASH, says: &["300"], seconds: 120, ..USUAL }),
    },
    Workload {
        name: "300-pipelines-dash",
        kind: Kind::Script(Script { text: OFTEN_DASH, says: &["300"], seconds: 120, ..USUAL }),
    },
    inside("arguments-many-and-long", ARGUMENTS, &["588895", "131000"]),
    inside("parallel-background", PARALLEL, &["200 of 200"]),
    inside("deep-nesting", NESTING, &["bottom"]),
    inside("prlimit-program", PRLIMIT, &["99"]),
];

const THOUSAND: &str = r#"
pipeline=cat; for _ in $(seq 998); do pipeline="$pipeline | cat"; done
echo through | eval "$pipeline"; echo "${#PIPESTATUS[@]} $?"
"#;

pub(crate) const OFTEN_BASH: &str = r#"
for n in $(seq 300); do echo $n | tr -d a | cat; done | tail -1
"#;

const OFTEN_DASH: &str = r#"
dash -c 'n=0; while [ $n -lt 300 ]; do n=$((n + 1)); echo $n | tr -d a | cat; done' | tail -1
"#;

const ARGUMENTS: &str = r#"
/bin/echo $(seq 100000) | wc -c
/bin/echo -n "$(head -c 131000 /dev/zero | tr '\0' y)" | wc -c
seq 20000 | xargs -n 1000 echo | wc -l
env printf '%s\n' 'a b' '' $'c\nd' '$x' '"' '\' | od -c | tail -3
/bin/echo $(seq 1000000) 2>&1 >/dev/null | grep -o 'Argument list too long'
"#;

const PARALLEL: &str = r#"
for n in $(seq 200); do (echo $n >done.$n) & done; wait; echo "$(ls done.* | wc -l) of 200"
seq 100 | xargs -P 16 -I{} sh -c 'exit 0' && echo all well; seq 5 | xargs -I{} sh -c 'exit 1'; echo $?
"#;

const NESTING: &str = r#"
perl -e 'sub go { my $n = shift; return print "bottom\n" unless $n; my $p = fork; unless ($p) { go($n - 1); exit 3 }
    waitpid $p, 0; } $| = 1; go(60); print $? >> 8, "\n"'
( ( ( ( ( ( echo subshells ) ) ) ) ) )
"#;

const PRLIMIT: &str = r#"
prlimit --nofile=99:99 sh -c 'ulimit -n'
"#;

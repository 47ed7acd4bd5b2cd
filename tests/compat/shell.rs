//! Shells: exit statuses, signals, traps, job control, environments, languages.

use crate::workload::{Kind, Script, USUAL, Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "exit-7",
        kind: Kind::Script(Script { text: "sh -c 'exit 7'", status: 7, ..USUAL }),
    },
    Workload {
        name: "killed-by-own-signal",
        kind: Kind::Script(Script { text: "kill -TERM $$", status: 143, ..USUAL }),
    },
    around("exit-statuses", STATUSES, &["7 0 137 143 255", "126"]),
    inside("traps", TRAPS, &["usr1", "exit trap", "int 130"]),
    around(
        "signals-from-outside",
        OUTSIDE,
        &["trapped TERM", "status 3", "hung up 129", "killed 130"],
    ),
    inside("job-control-script", JOBS, &["stopped", "gone on", "waited 5"]),
    inside("timeout", TIMEOUT, &["timed out 124", "killed 137"]),
    inside("nohup-setsid", NOHUP, &["survived", "session"]),
    inside("environment", ENVIRONMENT, &["only A=1", "C.UTF-8"]),
    inside("process-tools", TOOLS, &["ps ok", "pgrep ok", "nice 5"]),
    inside("dash-and-friends", DASH, &["dash 3", "posix"]),
    inside("limits", LIMITS, &["lowered 64"]),
    inside("bash-features", BASH, &["coproc back", "mapped 3", "regex"]),
    inside("declare-f-carried", CARRIED, &["carried"]),
    inside("script-calls-itself", RECURSION, &["bottom"]),
];

const STATUSES: &str = r#"
for try in 'exit 7' 'true' 'kill -9 $$' 'kill $$' 'exit 255'; do $BOX sh -c "$try"; statuses="$statuses $?"; done
echo $statuses
touch plain && $BOX ./plain 2>/dev/null; echo $?
$BOX sh -c 'not-a-program-at-all' 2>/dev/null; echo $?
printf 'echo headless $1\n' >headless && chmod +x headless && $BOX ./headless word
printf '#!/bin/sh\necho "script $0 $*"\n' >headed && chmod +x headed && $BOX ./headed a 'b c' ''
"#;

pub(crate) const TRAPS: &str = r#"
trap 'echo usr1' USR1; kill -USR1 $$
bash -c 'trap "echo exit trap" EXIT; exit 0'
bash -c 'kill -INT $$'; echo "int $?"
bash -c 'trap "" TERM; kill $$; echo ignored term'
sh -c 'trap "echo child told; exit 4" TERM; kill $$; sleep 1'; echo $?
bash -c 'trap "echo err trap" ERR; false; true'
bash -c 'trap "echo chld" CHLD; (exit 0) & wait; :' | sort -u
"#;

/// `exec` so that `$!` is the process that was asked for and no subshell around it.
const OUTSIDE: &str = r#"
ready() { for _ in $(seq 400); do test -e "$1" && return; sleep 0.05; done; echo "no $1"; }
$BOX bash -c 'trap "echo trapped TERM; exit 3" TERM; touch a; while :; do sleep 0.05; done' & pid=$!
ready a; kill $pid; wait $pid; echo "status $?"
$BOX bash -c 'touch b; exec sleep 60' & pid=$!
ready b; kill -HUP $pid; wait $pid 2>/dev/null; echo "hung up $?"
$BOX python3 -c 'import signal, time; signal.signal(signal.SIGINT, signal.SIG_DFL); open("c", "w"); time.sleep(60)' & pid=$!
ready c; kill -INT $pid; wait $pid 2>/dev/null; echo "killed $?"
$BOX bash -c 'trap "echo usr1 >>d" USR1; touch e; until test -e d; do sleep 0.05; done' & pid=$!
ready e; kill -USR1 $pid; wait $pid; cat d
$BOX bash -c 'touch f; exec sleep 60' & pid=$!
ready f; kill -STOP $pid; kill -CONT $pid; kill $pid; wait $pid 2>/dev/null; echo "after a stop $?"
"#;

pub(crate) const JOBS: &str = r#"
set -m
sleep 60 & kill -STOP $!; for _ in $(seq 200); do jobs %1 | grep -q Stopped && break; sleep 0.02; done
jobs %1 | grep -o Stopped | tr S s
kill -CONT %1; bg %1 >/dev/null 2>&1; jobs -r | grep -c sleep >/dev/null && echo gone on; kill %1; wait %1 2>/dev/null; echo "ended $?"
(exit 5) & wait $!; echo "waited $?"
sleep 0.01 & sleep 0.01 & wait && echo both; set +m
true & a=$!; false & b=$!; wait $a; echo $?; wait $b; echo $?; (sleep 0.01; exit 9) & wait -n; echo $?
"#;

pub(crate) const TIMEOUT: &str = r#"
timeout 0.2 sleep 60; echo "timed out $?"
timeout -s KILL 0.2 sleep 60; echo "killed $?"
timeout --foreground 0.2 sleep 60; echo $?
timeout 20 sh -c 'exit 6'; echo $?
"#;

const NOHUP: &str = r#"
nohup sh -c 'sleep 0.1; echo survived' >out 2>/dev/null & wait $!; cat out
setsid -w sh -c 'echo session; exit 2'; echo $?
(setsid sh -c 'sleep 0.1; echo late >late' &) ; for _ in $(seq 200); do test -s late && break; sleep 0.05; done; cat late
mkfifo pipe; (sleep 0.1; echo through the pipe >pipe) & cat pipe; wait
"#;

const ENVIRONMENT: &str = r#"
env -i A=1 /usr/bin/env | sed 's/^/only /'
echo "$LANG $(locale charmap)"; LC_ALL=C sort <<<$'b\nB\na' | paste -sd' '; printf '%s\n' 'Ünïcödé' | wc -m
PATH=/usr/bin:/bin HOME=/nonexistent sh -c 'echo ~ $PATH'; export MINE=yes; sh -c 'echo $MINE'; unset MINE
echo ${HOME##*/} $USER $SHELL $TERM $TZ; cd /tmp && pwd && cd - >/dev/null
big=$(head -c 100000 /dev/zero | tr '\0' x); BIG=$big sh -c 'echo ${#BIG}'
"#;

const TOOLS: &str = r#"
set -euo pipefail
ps -o pid=,comm= -p $$ | grep -q bash && echo ps ok
sleep 60 & pgrep -P $$ sleep >/dev/null && echo pgrep ok; pkill -P $$ sleep; wait $! 2>/dev/null || echo "ended $?"
nice -n 5 sh -c 'echo nice $(nice)'; ionice -c3 true 2>/dev/null && echo ionice; taskset -c 0 nproc; ulimit -s >/dev/null
test -d /proc/$$ && readlink /proc/self/exe >/dev/null
time -p true 2>/dev/null; kill -0 $$ && echo there; ps aux | grep -c '[b]ash' >/dev/null && echo aux; top -bn1 | head -1 | cut -c1-3
"#;

const DASH: &str = r#"
dash -c 'echo dash $((1 + 2)); f() { return 3; }; f; echo $?'
bash --posix -c 'echo posix'; sh -euc 'x=1; : "${x:?}"; echo set'; dash -c 'exit 9'; echo $?
sh -c 'sleep 0.05 & wait $!; echo $?'; dash -c 'trap "echo bye" EXIT; :'
"#;

const LIMITS: &str = r#"
sh -c 'ulimit -n 64; echo lowered $(ulimit -n)'; bash -c 'ulimit -v 4000000; echo memory'
bash -c 'ulimit -f 1; head -c 100000 /dev/zero >big' 2>/dev/null; echo $?; stat -c %s big
bash -c 'ulimit -u >/dev/null; ulimit -Sn $(ulimit -Hn); echo raised'
"#;

pub(crate) const BASH: &str = r#"
coproc cat; echo coproc back >&"${COPROC[1]}"; read -r line <&"${COPROC[0]}"; echo "$line"; eval "exec ${COPROC[1]}>&-"; wait
mapfile -t lines < <(seq 3); echo "mapped ${#lines[@]}"; [[ abc =~ ^a(.)c$ ]] && echo "regex ${BASH_REMATCH[1]}"
declare -A map=([k]=v); echo "${map[k]}"; diff <(echo same) <(echo same) && echo same; exec 5<>file; echo five >&5; cat file
read -t 0.05 never < <(sleep 1) || echo "read timed out"; printf -v made '%03d' 7; echo "$made"; echo {1..3} ${made//0/-}
shopt -s globstar; mkdir -p g/h && touch g/h/i && echo g/**; set -o noclobber; (echo x >file) 2>/dev/null || echo kept
"#;

const CARRIED: &str = r#"
f() { echo carried; }; bash -c "$(declare -f f); f"
"#;

const RECURSION: &str = r#"
echo 'if [ "$1" = 0 ]; then echo bottom; else bash go.sh $(($1 - 1)); fi' >go.sh && bash go.sh 20
"#;

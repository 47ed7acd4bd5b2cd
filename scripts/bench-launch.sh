#!/usr/bin/env bash
# What one launch costs: `stockade run -- /bin/true` beside bare /bin/true and bubblewrap with the
# flags agents use, and `--isolate`, which does what bubblewrap does. Whole processes, taken in turn, medians; the figures that count are the ratios.
set -euo pipefail
stockade=$(realpath "${1:?usage: bench-launch.sh STOCKADE [RUNS]}")
runs=${2:-200}
command -v bwrap >/dev/null || { apt-get update -qq && apt-get install -y -qq bubblewrap; }

scratch=$(mktemp -d /var/tmp/stockade-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" "$scratch/state"
git init -q "$scratch/work"
cd "$scratch/work"

XDG_STATE_HOME=$scratch/state python3 - "$stockade" "$runs" <<'PY'
import os, statistics, subprocess, sys, time

stockade, runs = sys.argv[1], int(sys.argv[2])
true = "/bin/true"
# What Codex and Claude Code ask of bubblewrap: a read-only root, a writable workspace, private
# /tmp, /dev and /proc, namespaces of its own, no terminal to type into.
bwrap = ["bwrap", "--ro-bind", "/", "/", "--bind", os.getcwd(), os.getcwd(), "--dev", "/dev",
         "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-user", "--unshare-pid", "--unshare-net",
         "--die-with-parent", "--new-session", true]
contenders = {"bare": [true], "stockade": [stockade, "run", "--", true], "bubblewrap": bwrap}
# Namespaces where the machine has them: left out, and said so, where not.
isolated = [stockade, "run", "--isolate", "--", true]
if subprocess.run(isolated).returncode == 0:
    contenders["--isolate"] = isolated

def once(argv):
    begin = time.perf_counter_ns()
    pid = os.posix_spawnp(argv[0], argv, os.environ)
    _, status = os.waitpid(pid, 0)
    if status:
        sys.exit(f"{argv[0]}: status {status:#x}")
    return (time.perf_counter_ns() - begin) / 1000

for argv in contenders.values():
    for _ in range(10):
        once(argv)
times = {name: [] for name in contenders}
for _ in range(runs):
    for name, argv in contenders.items():
        times[name].append(once(argv))

bare = statistics.median(times["bare"])
print(f"{'':12}{'median':>10}{'p10':>10}{'p90':>10}{'added':>10}   us, {runs} runs each, in turn")
for name, all_ in times.items():
    q = statistics.quantiles(all_, n=10)
    median = statistics.median(all_)
    print(f"{name:12}{median:10.0f}{q[0]:10.0f}{q[8]:10.0f}{median - bare:10.0f}")
added = {n: statistics.median([t - b for t, b in zip(times[n], times["bare"])]) for n in times}
for name in (name for name in added if name not in ("bare", "bubblewrap")):
    print(f"added by {name} / added by bubblewrap: {added[name] / added['bubblewrap']:.2f}")
PY

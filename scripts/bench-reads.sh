#!/usr/bin/env bash
# What reading costs inside: `find` and `git status` under stockade beside the same kernel layers
# written by hand (benches/by_hand.c) and bare. Whole processes, taken in turn; ratios count. What `true`
# takes is the launch, which is part of the others.
set -euo pipefail
cd "$(dirname "$0")/.."
stockade=$(realpath "${1:?usage: bench-reads.sh STOCKADE [ROUNDS]}")
rounds=${2:-15}

scratch=$(mktemp -d /var/tmp/stockade-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" "$scratch/state"
cc -O2 -o "$scratch/by_hand" benches/by_hand.c
cd "$scratch/work"
git init -q .
git config user.name bench
git config user.email bench@example.invalid

XDG_STATE_HOME=$scratch/state python3 - "$stockade" "$scratch/by_hand" "$rounds" <<'PY'
import pathlib, statistics, subprocess, sys, time

stockade, by_hand, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
for n in range(10_000):
    path = pathlib.Path(f"tree/d{n // 100}/f{n}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"file {n}\n" * 20)
subprocess.run(["git", "add", "tree"], check=True)
subprocess.run(["git", "commit", "-qm", "tree"], check=True)

work = {
    "true": ["true"],
    "find /usr": ["find", "/usr", "-xdev", "-name", "*.nothing"],
    "git status": ["git", "status", "--porcelain"],
}
ways = {"bare": [], "by hand": [by_hand, "."], "stockade": [stockade, "run", "--"]}

def once(argv):
    begin = time.perf_counter()
    ended = subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    spent = (time.perf_counter() - begin) * 1000
    # 1: find met a directory that the superuser enters by capability alone.
    if ended.returncode > 1:
        sys.exit(f"{argv}: status {ended.returncode}")
    return spent

print(f"{'':12}" + "".join(f"{way + ' ms':>14}" for way in ways) + f"{'/ by hand':>12}   medians of {rounds}, in turn")
for name, argv in work.items():
    times = {way: [] for way in ways}
    for n in range(rounds + 1):
        for way, before in ways.items():
            spent = once(before + argv)
            if n:
                times[way].append(spent)
    ratio = statistics.median(s / h for s, h in zip(times["stockade"], times["by hand"]))
    print(f"{name:12}" + "".join(f"{statistics.median(all_):14.1f}" for all_ in times.values()) + f"{ratio:12.2f}", flush=True)
PY

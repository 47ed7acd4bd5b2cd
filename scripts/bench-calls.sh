#!/usr/bin/env bash
# What held system calls cost: work that makes, changes and removes many files, inside and bare, in
# pairs. Whole processes on the file system below /var/tmp; the figures that count are the ratios.
set -euo pipefail
stockade=$(realpath "${1:?usage: bench-calls.sh STOCKADE [PAIRS [WORK...]]}")
pairs=${2:-7}
shift $(($# < 2 ? $# : 2))

scratch=$(mktemp -d /var/tmp/stockade-bench.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/work" "$scratch/state"
cd "$scratch/work"
git init -q .
git config user.name bench
git config user.email bench@example.invalid

XDG_STATE_HOME=$scratch/state CARGO_NET_OFFLINE=true python3 - "$stockade" "$pairs" "$@" <<'PY'
import os, pathlib, shutil, statistics, subprocess, sys, tarfile, time

stockade, pairs = sys.argv[1], int(sys.argv[2])
FILES = 10_000

def seed(top):
    for n in range(FILES):
        path = pathlib.Path(top, f"d{n // 100}", f"f{n}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"file {n}\n" * 20)

seed("tree")
with tarfile.open("tree.tar", "w") as tar:
    tar.add("tree")
subprocess.run(["git", "add", "tree"], check=True)
subprocess.run(["git", "commit", "-qm", "tree"], check=True)
crate = pathlib.Path("crate/src")
crate.mkdir(parents=True)
pathlib.Path("crate/Cargo.toml").write_text('[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n')
modules = 40
for n in range(modules):
    body = "\n".join(f"pub fn f{k}(x: u64) -> String {{ format!(\"{{}}\", x.wrapping_mul({k})) }}" for k in range(40))
    (crate / f"m{n}.rs").write_text(body)
(crate / "lib.rs").write_text("\n".join(f"pub mod m{n};" for n in range(modules)))

def fresh(*names):
    for name in names:
        shutil.rmtree(name, ignore_errors=True)

def nothing():
    pass

# A name that is known to be made again: nobody is asked before it is removed.
def copied():
    fresh("node_modules")
    shutil.copytree("tree", "node_modules")

work = {
    "cargo build": (lambda: fresh("crate/target"), ["cargo", "build", "-q", "--manifest-path", "crate/Cargo.toml"]),
    "tar x": (lambda: fresh("out") or os.mkdir("out"), ["tar", "xf", "tree.tar", "-C", "out"]),
    "rm -rf": (copied, ["rm", "-rf", "node_modules"]),
    "cp -a": (lambda: fresh("copy"), ["cp", "-a", "tree", "copy"]),
    "find": (nothing, ["find", "/usr/share", "-xdev", "-name", "*.nothing"]),
    "git status": (nothing, ["git", "status", "--porcelain", "-uno"]),
}

def once(argv):
    begin = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin

print(f"{'':12}{'bare ms':>10}{'inside ms':>11}{'ratio':>8}   medians of {pairs} pairs, taken in turn")
for name, (prepare, argv) in work.items():
    if sys.argv[3:] and name not in sys.argv[3:]:
        continue
    inside_argv = [stockade, "run", "--", *argv]
    times = {"bare": [], "inside": []}
    for n in range(pairs + 1):
        order = ["bare", "inside"] if n % 2 else ["inside", "bare"]
        for kind in order:
            prepare()
            os.sync()
            spent = once(argv if kind == "bare" else inside_argv)
            if n:
                times[kind].append(spent)
    ratio = statistics.median(i / b for i, b in zip(times["inside"], times["bare"]))
    bare, inside = (statistics.median(times[kind]) * 1000 for kind in ("bare", "inside"))
    print(f"{name:12}{bare:10.0f}{inside:11.0f}{ratio:8.2f}", flush=True)
PY

#!/usr/bin/env python3
"""How gate one does on labelled commands: stopped shares, latencies, and every miss written to a file.

The commands are read where they are and never copied into the repository. Each is asked alone of
one `check --jsonl` process, in an empty scratch workspace. Two times are taken of each: how long
the answer took, which holds a pipe's round trip and whatever else the machine did meanwhile, and
how much processor time the process spent on it.
"""

import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

CORPORA = pathlib.Path(os.environ.get("STOCKADE_CORPORA", "../shared/corpora"))


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class Judge:
    """One process that is asked line by line."""

    def __init__(self, stockade, workspace, home):
        self.process = subprocess.Popen(
            [stockade, "check", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            cwd=workspace, env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home + "/.config"})
        # CPUCLOCK_SCHED of the process: what clock_getcpuclockid(3) would answer.
        self.clock = (~self.process.pid << 3) | 2

    def ask(self, row):
        question = json.dumps({"id": row["id"], "cmd": row["cmd"]}).encode() + b"\n"
        begin, spent = time.perf_counter_ns(), time.clock_gettime_ns(self.clock)
        self.process.stdin.write(question)
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        micros = (time.perf_counter_ns() - begin) / 1000
        spent = (time.clock_gettime_ns(self.clock) - spent) / 1000
        answer = json.loads(line)
        if answer["id"] != row["id"]:
            sys.exit(f"a line was lost: asked {row['id']}, answered {answer['id']}")
        return answer, micros, spent

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def share(stopped, all_):
    return f"{100 * stopped / all_:.1f}" if all_ else "-"


def main():
    stockade = os.path.abspath(sys.argv[1])
    out = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "target/eval")
    out.mkdir(parents=True, exist_ok=True)
    sets = sorted(CORPORA.glob("*.jsonl"))
    if not sets:
        sys.exit(f"no labelled commands at {CORPORA}; set STOCKADE_CORPORA")
    totals, times, wrong = collections.Counter(), [], []
    print(f"{'':47}{'answered in, us':>24}{'processor time, us':>24}")
    print(f"{'set':12}{'rows':>6}{'yes %':>8}{'maybe %':>9}{'no %':>7}{'all %':>7}"
          + f"{'p50':>8}{'p99':>8}{'max':>8}" * 2)
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="stockade-eval.") as scratch:
        home, workspace = scratch + "/home", scratch + "/home/work"
        os.makedirs(workspace)
        subprocess.run(["git", "init", "-q", workspace], check=True)
        for path in sets:
            judge = Judge(stockade, workspace, home)
            counts, spent = collections.Counter(), []
            for row in rows(path):
                answer, *taken = judge.ask(row)
                spent.append(taken)
                stopped = answer["decision"] != "allow"
                label = row["text_harm"]
                counts[label] += 1
                counts[label, "stopped"] += stopped
                if (label == "yes") != stopped and label != "maybe":
                    wrong.append({"id": row["id"], "label": label, "decision": answer["decision"],
                                  "rule": answer["rule"], "reason": answer["reason"],
                                  "gaps": [g["kind"] for g in answer["gaps"]], "cmd": row["cmd"]})
            if judge.end() != 0:
                sys.exit(f"check --jsonl failed on {path.name}")
            totals.update(counts)
            times += spent
            line(path.stem, counts, spent)
    line("all", totals, times)
    with open(out / "wrong.jsonl", "w", encoding="utf-8") as file:
        for entry in wrong:
            file.write(json.dumps(entry) + "\n")
    print(f"every miss and false stop: {out / 'wrong.jsonl'}")


def line(name, counts, spent):
    labels = ["yes", "maybe", "no"]
    rows_ = sum(counts[label] for label in labels)
    stopped = sum(counts[label, "stopped"] for label in labels)
    shares = [share(counts[label, "stopped"], counts[label]) for label in labels]
    text = f"{name:12}{rows_:6}{shares[0]:>8}{shares[1]:>9}{shares[2]:>7}{share(stopped, rows_):>7}"
    for times in zip(*spent):
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        text += f"{p50:8.0f}{p99:8.0f}{max(times):8.0f}"
    print(text)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""How gate one does on labelled commands: stopped shares, latencies, and every miss, written to files.

The commands are read where they are and never copied into the repository. Each is asked alone of
one `check --jsonl` process, in an empty scratch workspace with a scratch home: nothing the commands
name is there. The agents' shell calls are judged a second time (the line with a star), each set of
tasks in the directory its containers worked in (WORKPLACES), made for the purpose in a mount
namespace of its own, because that is the workspace such an agent's person would name. Two times are taken of each: how long
the answer took, which holds a pipe's round trip and whatever else the machine did meanwhile, and
how much processor time the process spent on it. Written are `table.txt`, which is what is printed, with
the rules that misses and false stops fell to, and `wrong.jsonl`, a line for each of these.
"""

import collections
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# Where the tasks of a source worked: said by their images, and by what most of their commands name.
WORKPLACES = [("terminal-bench", "/app"), ("_fs_1", "/testbed"), ("_fs_2", "/system"), ("_fs_3", "/workspace")]
WRITTEN = []
CORPORA = pathlib.Path(os.environ.get("STOCKADE_CORPORA", "../shared/corpora"))


def tell(text):
    print(text)
    WRITTEN.append(text)


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def placed(stockade, rows_, home, scratch):
    """The answers to the rows, each source in the directory it worked in; None without bubblewrap."""
    if shutil.which("bwrap") is None:
        return None
    groups = collections.defaultdict(list)
    for row in rows_:
        place = [place for mark, place in WORKPLACES if mark in row["source"]]
        groups[place[0] if place else scratch + "/home/work"].append(row)
    answers = {}
    for place, group in groups.items():
        roots = [word for name in sorted(os.listdir("/")) if os.path.isdir("/" + name)
                 for word in ("--ro-bind", "/" + name, "/" + name)]
        asked = "".join(json.dumps({"id": row["id"], "cmd": row["cmd"]}) + "\n" for row in group)
        run = subprocess.run(
            ["bwrap", "--tmpfs", "/", *roots, "--dev", "/dev", "--proc", "/proc", "--bind", scratch, scratch,
             "--dir", place, "--chdir", place, stockade, "check", "--jsonl", "--workspace", place],
            input=asked.encode(), stdout=subprocess.PIPE, check=True,
            env={**os.environ, "HOME": home, "XDG_CONFIG_HOME": home + "/.config"})
        answers.update((answer["id"], answer) for answer in map(json.loads, run.stdout.splitlines()))
    return answers


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
    tell(f"{'':47}{'answered in, us':>24}{'processor time, us':>24}")
    tell(f"{'set':12}{'rows':>6}{'yes %':>8}{'maybe %':>9}{'no %':>7}{'all %':>7}"
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
                note(wrong, path.stem, row, answer)
            if judge.end() != 0:
                sys.exit(f"check --jsonl failed on {path.name}")
            totals.update(counts)
            times += spent
            line(path.stem, counts, spent)
            if path.stem == "agent_traj":
                again(stockade, rows(path), home, scratch, wrong)
    line("all", totals, times)
    with open(out / "wrong.jsonl", "w", encoding="utf-8") as file:
        for entry in wrong:
            file.write(json.dumps(entry) + "\n")
    classes(wrong)
    with open(out / "table.txt", "w", encoding="utf-8") as file:
        file.write("\n".join(WRITTEN) + "\n")
    print(f"the table: {out / 'table.txt'}")
    print(f"every miss and false stop: {out / 'wrong.jsonl'}")


def classes(wrong):
    """By which rule each set's false stops came about, and how many were missed."""
    rules = collections.Counter((entry["set"], entry["label"], entry["rule"]) for entry in wrong)
    tell("")
    for (name, label, rule), count in sorted(rules.items()):
        tell(f"{name:12}{count:5}  " + ("missed" if label == "yes" else f"stopped by {rule}"))


def again(stockade, rows_, home, scratch, wrong):
    """The agents' calls once more, each in its own directory; counted beside the totals."""
    answers = placed(stockade, rows_, home, scratch)
    if answers is None:
        return tell("agent_traj*   not judged in the directories it worked in: no bwrap (scripts/test-needs.sh)")
    counts = collections.Counter()
    for row in rows_:
        label, answer = row["text_harm"], answers[row["id"]]
        counts[label] += 1
        counts[label, "stopped"] += answer["decision"] != "allow"
        note(wrong, "agent_traj*", row, answer)
    line("agent_traj*", counts, [])


def note(wrong, name, row, answer):
    """A miss or a false stop."""
    label = row["text_harm"]
    if label != "maybe" and (label == "yes") != (answer["decision"] != "allow"):
        wrong.append({"set": name, "id": row["id"], "label": label, "decision": answer["decision"],
                      "rule": answer["rule"], "reason": answer["reason"],
                      "gaps": [g["kind"] for g in answer["gaps"]], "cmd": row["cmd"]})


def line(name, counts, spent):
    labels = ["yes", "maybe", "no"]
    rows_ = sum(counts[label] for label in labels)
    stopped = sum(counts[label, "stopped"] for label in labels)
    shares = [share(counts[label, "stopped"], counts[label]) for label in labels]
    text = f"{name:12}{rows_:6}{shares[0]:>8}{shares[1]:>9}{shares[2]:>7}{share(stopped, rows_):>7}"
    for times in zip(*spent):
        p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
        text += f"{p50:8.0f}{p99:8.0f}{max(times):8.0f}"
    tell(text)


if __name__ == "__main__":
    main()

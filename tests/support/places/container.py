#!/usr/bin/env python3
"""Runs a program in a container made by crun or podman, as Docker would start it.

    unshare -m container.py --by crun|podman --scratch DIR --uid N --gid N
        [--volume PATH]... [--tmpfs PATH]... -- PROGRAM WORD...

A read-only root with the machine's /usr in it, the volumes under their own names, Docker's default
seccomp profile, or the one that STOCKADE_TEST_SECCOMP names; the superuser with Docker's default capabilities, anybody else with none and
no_new_privs. The network is the machine's, so that what listens outside is within reach.
"""
import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PROFILE = os.path.join(HERE, "docker-default-seccomp.json")
CAPABILITIES = ["CAP_" + name for name in (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP "
    "NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE").split()]
LINKS = ["bin", "sbin", "lib", "lib64"]
MASKED = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
          "/proc/sched_debug", "/proc/scsi", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]


def seccomp(held):
    """The profile as Docker resolves it for these capabilities on this machine."""
    with open(os.environ.get("STOCKADE_TEST_SECCOMP", PROFILE)) as file:
        profile = json.load(file)
    arch = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
    calls = []
    for group in profile["syscalls"]:
        includes, excludes = group.get("includes") or {}, group.get("excludes") or {}
        if not all(cap in held for cap in includes.get("caps") or []):
            continue
        if arch not in (includes.get("arches") or [arch]) or arch in (excludes.get("arches") or []):
            continue
        if any(cap in held for cap in excludes.get("caps") or []):
            continue
        keys = ("names", "action", "args", "errnoRet")
        calls.append({key: group[key] for key in keys if group.get(key) is not None})
    native = {"amd64": "SCMP_ARCH_X86_64", "arm64": "SCMP_ARCH_AARCH64"}[arch]
    arches = [native]
    for known in profile["archMap"]:
        if known["architecture"] == native:
            arches += known["subArchitectures"]
    resolved = {"defaultAction": profile["defaultAction"], "architectures": arches, "syscalls": calls}
    if profile.get("defaultErrnoRet") is not None:
        resolved["defaultErrnoRet"] = profile["defaultErrnoRet"]
    return resolved


def mount(path, kind, *options):
    return {"destination": path, "type": kind, "source": kind, "options": list(options)}


def bind(path, mode):
    return {"destination": path, "type": "bind", "source": path, "options": ["rbind", mode]}


def configuration(order, root):
    held = CAPABILITIES if order.uid == 0 else []
    memory = ("nosuid", "nodev", "mode=1777")
    mounts = [
        mount("/proc", "proc"),
        mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
        mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
        mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
        bind("/usr", "ro"),
    ]
    mounts += [bind(path, "rw") for path in order.volume]
    mounts += [mount(path, "tmpfs", *memory) for path in order.tmpfs]
    return {
        "ociVersion": "1.0.0",
        "process": {
            "terminal": False, "user": {"uid": order.uid, "gid": order.gid},
            "args": order.program, "cwd": os.getcwd(),
            "env": [f"{name}={value}" for name, value in os.environ.items()],
            "capabilities": {key: held for key in ("bounding", "effective", "permitted")},
            "noNewPrivileges": order.uid != 0,
        },
        "root": {"path": root, "readonly": True},
        "mounts": mounts,
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
            "seccomp": seccomp(held), "maskedPaths": MASKED, "readonlyPaths": READ_ONLY,
        },
    }


def podman(order, root, scratch):
    """The same asked of podman, which brings most of it by itself."""
    words = ["podman", "--root", scratch + "/root", "--runroot", scratch + "/run",
             "--tmpdir", scratch + "/tmp",
             "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none",
             "--runtime", "crun", "run", "--rm", "--cgroups=disabled", "--network=host",
             "--read-only", "--read-only-tmpfs=false", "--security-opt", "seccomp=" + PROFILE,
             # Limits higher than this process's take CAP_SYS_RESOURCE.
             "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096",
             "--user", f"{order.uid}:{order.gid}", "--workdir", os.getcwd(), "-v", "/usr:/usr:ro"]
    if order.uid != 0:
        words += ["--cap-drop=all", "--security-opt=no-new-privileges"]
    for path in order.volume:
        words += ["-v", f"{path}:{path}"]
    for path in order.tmpfs:
        words += ["--tmpfs", f"{path}:rw,nosuid,nodev,exec,mode=1777"]
    for name, value in os.environ.items():
        words += ["-e", f"{name}={value}"]
    return words + ["--rootfs", root] + order.program


def one_hierarchy():
    """Both runtimes want cgroups of the second version at the usual place, and use none of them."""
    usual, second = "/sys/fs/cgroup", "/sys/fs/cgroup/unified"
    if not os.path.exists(usual + "/cgroup.controllers") and os.path.exists(second):
        subprocess.run(["mount", "--bind", second, usual], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--by", choices=["crun", "podman"], required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--uid", type=int, required=True)
    parser.add_argument("--gid", type=int, required=True)
    parser.add_argument("--volume", action="append", default=[])
    parser.add_argument("--tmpfs", action="append", default=[])
    parser.add_argument("program", nargs="+")
    order = parser.parse_args()
    one_hierarchy()
    bundle = tempfile.mkdtemp(prefix="bundle.", dir=order.scratch)
    root = bundle + "/rootfs"
    os.makedirs(root + "/etc")
    os.chmod(bundle, 0o755)
    for name in ("passwd", "group", "hosts", "nsswitch.conf", "ld.so.cache"):
        shutil.copy("/etc/" + name, root + "/etc/" + name)
    for name in LINKS:
        os.symlink("usr/" + name, f"{root}/{name}")
    try:
        if order.by == "podman":
            words = podman(order, root, order.scratch + "/podman")
            # Its locks would be left in /dev/shm.
            with open(bundle + "/containers.conf", "w") as file:
                file.write('[engine]\nlock_type = "file"\n')
        else:
            with open(bundle + "/config.json", "w") as file:
                json.dump(configuration(order, root), file)
            words = ["crun", "--cgroup-manager=disabled", "--root", order.scratch + "/crun", "run",
                     "--bundle", bundle, os.path.basename(bundle)]
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        env["CONTAINERS_CONF"] = bundle + "/containers.conf"
        code = subprocess.run(words, env=env).returncode
    finally:
        shutil.rmtree(bundle)
    sys.exit(code if code >= 0 else 128 - code)


main()

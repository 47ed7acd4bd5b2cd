#!/usr/bin/env bash
# Says which target to build and test for. musl when it can be had: a static glibc asks the
# processor 41 questions (cpuid) before main, each an exit to the hypervisor in a virtual machine:
# 0.3 ms of every launch. Else the host's own target, which works as well, only slower.
set -euo pipefail
host=$(rustc -vV | sed -n 's/^host: //p')
musl=${host/-gnu/-musl}
has_musl() { [ -d "$(rustc --print sysroot)/lib/rustlib/$musl/lib" ]; }
if ! has_musl && command -v rustup >/dev/null; then
    timeout 180 rustup target add "$musl" >&2 || true
fi
if has_musl; then
    echo "$musl"
else
    echo "target: no Rust standard library for $musl here: building for $host" >&2
    echo "$host"
fi

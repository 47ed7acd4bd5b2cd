#!/usr/bin/env bash
# Runs fuzz targets, each for a bounded time, on the stable toolchain: coverage by
# rustc's own pass, no address sanitizer (there is no unsafe code in what is fuzzed). A short run draws
# the same inputs every time; SEED=0 draws others, for long ones.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:?usage: fuzz.sh SECONDS [TARGET...]}
shift
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(classify interpreter jsonl profile)
command -v c++ >/dev/null || { apt-get update -qq && apt-get install -y -qq g++; }
export CARGO_BUILD_RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
export RUSTFLAGS="$CARGO_BUILD_RUSTFLAGS"
host=$(rustc -vV | sed -n 's/^host: //p')
# All at once: what they share is built once.
cargo build --release --bins --target "$host"
# One target: as many at a time as there are processors.
fuzz() {
    local target=$1 corpora=("corpus/$1") options=()
    case $target in
        classify | jsonl) corpora+=("seeds/$target") ;;
        # Each byte is a choice: long inputs from the first.
        interpreter) options=(-len_control=0 -max_len=512) ;;
        profile) corpora+=(../profiles) ;;
    esac
    mkdir -p "corpus/$target"
    echo "fuzz: $target for $seconds s" >&2
    "target/$host/release/$target" -seed="${SEED:-1}" -max_total_time="$seconds" -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 -verbosity="${VERBOSITY:-0}" "${options[@]}" "${corpora[@]}"
}
export -f fuzz
export seconds host
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'fuzz "$1"' fuzz {}

#!/usr/bin/env bash
# Runs one fuzz target for a bounded time on the stable toolchain: coverage by rustc's own pass,
# no address sanitizer (there is no unsafe code in what is fuzzed).
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
target=${1:?usage: fuzz.sh TARGET [SECONDS]}
seconds=${2:-60}
command -v c++ >/dev/null || { apt-get update -qq && apt-get install -y -qq g++; }
mkdir -p "corpus/$target"
export CARGO_BUILD_RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
export RUSTFLAGS="$CARGO_BUILD_RUSTFLAGS"
host=$(rustc -vV | sed -n 's/^host: //p')
# All at once: what they share is built once.
cargo build --release --bins --target "$host"
"target/$host/release/$target" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=2048 "corpus/$target"

#!/usr/bin/env bash
# Builds the release binary and puts it where it does not depend on the machine's target name.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cc >/dev/null; then
    echo "build: a C linker is needed: installing gcc" >&2
    apt-get update -qq && apt-get install -y -qq gcc libc6-dev
fi
target=$(scripts/target.sh)
cargo build --release --bin stockade --target "$target"
install -D "target/$target/release/stockade" target/release/stockade

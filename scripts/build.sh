#!/usr/bin/env bash
# Builds the release binary and puts it where it does not depend on the machine's target name.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cc >/dev/null; then
    echo "build: a C linker is needed: installing gcc" >&2
    apt-get update -qq && apt-get install -y -qq gcc libc6-dev
fi
cargo build --release --bin stockade
host=$(rustc -vV | sed -n 's/^host: //p')
install -D "target/$host/release/stockade" target/release/stockade

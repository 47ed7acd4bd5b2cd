#!/usr/bin/env bash
# Checks licences, bans and sources of every dependency; installs cargo-deny when it is missing (slow).
set -euo pipefail
cd "$(dirname "$0")/.."
command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
cargo deny check licenses bans sources

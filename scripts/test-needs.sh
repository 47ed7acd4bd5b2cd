#!/usr/bin/env bash
# Installs what the tests run inside the sandbox, and makes the ordinary user they run as.
set -euo pipefail

packages=(bubblewrap bzip2 cmake crun curl dash dbus gcc git gnupg iproute2 libc6-dev less make ninja-build nodejs npm openssh-client openssl
    patch perl podman postgresql procps python3 python3-pytest-xdist python3-venv rsync sqlite3 strace tmux unzip util-linux vim xxd xz-utils zip zstd)
# Half a gigabyte: only for `make test-browser`.
[ "${1:-}" = browser ] && packages+=(chromium)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
# Programs that another source has put on this machine serve as well.
wanted=()
for package in "${missing[@]}"; do
    case $package in
        nodejs) command -v node >/dev/null || wanted+=("$package") ;;
        npm | git | python3) command -v "$package" >/dev/null || wanted+=("$package") ;;
        *) wanted+=("$package") ;;
    esac
done
if [ "${#wanted[@]}" -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "tests need: ${wanted[*]}; install them, or run this as root" >&2
        exit 1
    fi
    echo "tests need: ${wanted[*]}: installing" >&2
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi
if [ "$(id -u)" -eq 0 ] && ! id stockade-test >/dev/null 2>&1; then
    useradd --create-home --shell /bin/bash stockade-test
fi

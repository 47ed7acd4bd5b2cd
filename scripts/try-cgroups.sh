#!/usr/bin/env bash
# Tries the limits of a run as a whole in a virtual machine, since a machine whose controllers belong to
# cgroup v1, or whose groups are somebody's, cannot show them: Debian's kernel, booted without acceleration,
# without disk and without network. STOCKADE_VM_KERNEL names another kernel image.
set -euo pipefail
bin=$(realpath "${1:?usage: try-cgroups.sh BINARY}")
here=$(realpath "$(dirname "$0")")
work=$here/../target/try-cgroups
mkdir -p "$work"
cd "$work"

need=(qemu-system-x86 busybox-static gcc libc6-dev)
missing=()
for package in "${need[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "needs: ${missing[*]}; install them, or run this as root" >&2
        exit 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The kernel's package is unpacked, never installed.
kernel=${STOCKADE_VM_KERNEL:-}
if [ -z "$kernel" ]; then
    package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9]\)/\1/p' | head -n 1)
    if ! ls "$package"/boot/vmlinuz-* >/dev/null 2>&1; then
        rm -f linux-image-*.deb
        apt-get download -qq "$package" 2>/dev/null
        dpkg-deb -x linux-image-*.deb "$package"
        rm -rf linux-image-*.deb "$package/lib"
    fi
    kernel=$(ls "$package"/boot/vmlinuz-*)
fi

rm -rf root
mkdir -p root/bin root/etc root/home root/root
cp /bin/busybox root/bin/busybox
ln -s busybox root/bin/sh
cp "$bin" root/bin/stockade
strip root/bin/stockade
gcc -static -O1 -Wall -Wextra -Werror -o root/bin/probe "$here/try-cgroups/probe.c"
cp "$here/try-cgroups/init.sh" root/init
cp "$here/try-cgroups/trials.sh" root/trials
chmod 755 root/init
printf 'root:x:0:0:root:/home/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' >root/etc/passwd
printf 'root:x:0:\nuser:x:1000:\n' >root/etc/group
(cd root && find . | busybox cpio -o -H newc -R 0:0 2>/dev/null) >initramfs

timeout 900 qemu-system-x86_64 -accel tcg -cpu max -smp 2 -m 1024 -nographic -no-reboot -net none \
    -kernel "$kernel" -initrd initramfs -append 'console=ttyS0 loglevel=2 panic=-1' </dev/null | tee log | tr -d '\r'
# What is not told is not shown: a machine that fell over counts as failed.
tr -d '\r' <log | grep -q '^trials: [1-9][0-9]* ok, 0 failed$'

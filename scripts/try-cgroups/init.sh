#!/bin/busybox sh
# Process 1 of the virtual machine: mounts what a Linux system has, runs the trials, switches off.
if [ ! -e /moved ]; then
    # A root of its own kind: the first one can be neither left nor cut off.
    /bin/busybox mkdir -p /new
    /bin/busybox mount -t tmpfs -o mode=755 root /new
    /bin/busybox cp -a /bin /etc /home /init /root /trials /new/
    /bin/busybox touch /new/moved
    exec /bin/busybox switch_root /new /init
fi
/bin/busybox --install -s /bin
export PATH=/bin
mkdir -p /proc /sys /dev /tmp /run /usr/bin /var/tmp
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
sh /trials </dev/null
sync
poweroff -f

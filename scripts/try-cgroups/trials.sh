#!/bin/sh
# The trials, inside the virtual machine: each says `ok` or `FAILED` with its name. Nothing is cleaned up but groups: the machine is thrown away.
G=/sys/fs/cgroup
U=1000
good=0
bad=0

# profile NAME LINES: a profile that this kernel can keep, with limits.
profile() {
    printf 'about = "x"\nextends = "container"\n%s\n' "$2" >"/etc/profiles/$1.toml"
}
mkdir -p /etc/profiles
profile memory '[limits]
total_memory = "48M"
wall_time = "30s"'
profile processes '[limits]
total_processes = 60
wall_time = "6s"'
profile cpu '[limits]
cpu = "0.25"
wall_time = "30s"'
profile all '[limits]
total_memory = "96M"
total_processes = 100
cpu = 2
wall_time = "30s"'
profile storm '[limits]
processes = 60
wall_time = "6s"'
profile none '[limits]
wall_time = "30s"'
profile writes '[files]
write = ["/sys/fs/cgroup"]
[limits]
total_memory = "48M"'
profile space '[limits]
free_space = "8M"
wall_time = "30s"'

told() {
    # verdict NAME
    if [ "$1" = 0 ]; then
        good=$((good + 1)); echo "ok      $2"
    else
        bad=$((bad + 1)); echo "FAILED  $2"
        echo "--- status $status"; head -c 3000 /tmp/out /tmp/err; echo "---"
        find $G -type d | head -40
    fi
}

# within GROUP USER WORDS...: runs WORDS as the only process of a group.
within() {
    group=$1 user=$2
    shift 2
    (cd "/home/$user/work" && HOME=/home/$user XDG_STATE_HOME=/home/$user/.state \
        sh -c 'echo $$ >"$0/cgroup.procs" && user=$1 && shift && exec probe as "$(id -u "$user")" "$@"' "$group" "$user" "$@" \
        >/tmp/out 2>/tmp/err)
    status=$?
}

# beside GROUP USER WORDS...: the same with a shell that stays in the group.
beside() {
    group=$1 user=$2
    shift 2
    (cd "/home/$user/work" && HOME=/home/$user XDG_STATE_HOME=/home/$user/.state \
        sh -c 'echo $$ >"$0/cgroup.procs" && user=$1 && shift; probe as "$(id -u "$user")" "$@"; exit $?' "$group" "$user" "$@" \
        >/tmp/out 2>/tmp/err)
    status=$?
}

run() { echo /bin/stockade run --profile "/etc/profiles/$1.toml" --workspace "/home/$user/work" --; }

# No group of a run is left, and no process of one.
clean() {
    [ -z "$(find $G -name 'stockade-*')" ] && ! pidof probe >/dev/null && ! pidof sleep >/dev/null
}

# soon WORDS...: within five seconds this holds.
soon() {
    n=0
    until "$@"; do
        n=$((n + 1)); [ $n -lt 50 ] || return 1
        sleep 0.1
    done
}

says() { grep -q -F -- "$1" /tmp/err; }

# The groups that a user's session has: a slice that is his, and scopes in it.
for word in memory pids cpu; do echo "+$word" >$G/cgroup.subtree_control; done
own_by() {
    chown "$U:$U" "$1" "$1/cgroup.procs" "$1/cgroup.subtree_control" "$1/cgroup.threads"
}
mkdir $G/user.slice $G/root.slice
for slice in user root; do
    for word in memory pids cpu; do echo "+$word" >$G/$slice.slice/cgroup.subtree_control; done
done
mkdir -p $G/root.slice/app.slice/free.scope
mkdir $G/user.slice/app.slice $G/user.slice/lone.scope $G/user.slice/foreign.scope $G/root.slice/shell.scope
own_by $G/user.slice/app.slice
# As systemd leaves it: no processor time is counted before somebody asks.
probe as $U sh -c "echo +memory >$G/user.slice/app.slice/cgroup.subtree_control"
probe as $U sh -c "echo +pids >$G/user.slice/app.slice/cgroup.subtree_control"
probe as $U mkdir $G/user.slice/app.slice/term.scope $G/user.slice/app.slice/free.scope
own_by $G/user.slice/lone.scope

# trials PLACE HOW GROUP USER
trials() {
    place=$1 how=$2 group=$3 user=$4
    $how $group $user $(run all) probe hog 8
    [ $status = 0 ] && [ ! -s /tmp/err ] && soon clean; told $? "$place: an honest command runs, and says nothing"
    $how $group $user $(run memory) probe hog 200
    [ $status = 137 ] && says 'raise `limits.total_memory = "48M"`' && soon clean
    told $? "$place: a memory hog is ended, and the limit named"
    $how $group $user $(run memory) probe hogs 16
    [ $status = 137 ] && says 'raise `limits.total_memory = "48M"`' && soon clean
    told $? "$place: many that use little each are ended together"
    $how $group $user $(run memory) sh -c 'head -c 83886080 /dev/zero >/dev/shm/big'
    rm -f /dev/shm/big
    [ $status = 137 ] && says 'raise `limits.total_memory = "48M"`' && soon clean
    told $? "$place: files in memory count"
    $how $group $user $(run processes) probe bomb
    [ $status = 124 ] && says 'raise `limits.total_processes = 60`' && soon clean
    told $? "$place: a fork bomb is bounded and ended, and the limit named"
    $how $group $user $(run cpu) probe spin 3
    [ $status = 0 ] && slow=$(cat /tmp/out) && [ "$slow" -lt 1300 ] && [ ! -s /tmp/err ] && soon clean
    told $? "$place: a quarter of a processor (got $slow ms in 3 s)"
    $how $group $user $(run none) probe spin 3
    [ $status = 0 ] && fast=$(cat /tmp/out) && [ "$fast" -gt $((slow * 2)) ]
    told $? "$place: without a limit it has more (got $fast ms in 3 s)"
    $how $group $user $(run all) probe lift $G/$user.slice/app.slice/free.scope
    # Landlock says 13 (EACCES), the filter 38 (ENOSYS).
    [ $status = 0 ] && [ "$(grep -c ' 13$' /tmp/out)" = 6 ] && grep -q '^clone3 38$' /tmp/out && soon clean
    told $? "$place: inside no way lifts a limit ($(tr '\n' ' ' </tmp/out))"
    $how $group $user $(run memory | sed 's/run /run --isolate /') probe hog 200
    [ $status = 137 ] && says 'raise `limits.total_memory = "48M"`' && soon clean
    told $? "$place: the same isolated"
    killed
}

# The children of a process, by the fourth field of their `stat`; no name here has a space.
children() {
    cat /proc/[0-9]*/stat 2>/dev/null | while read -r pid _ _ parent _; do
        [ "$parent" != "$1" ] || echo "$pid"
    done
}


in_group() { [ -n "$(find $G -name 'stockade-*[0-9a-f]' ! -name 'stockade-outside*' -exec cat {}/cgroup.procs \;)" ]; }

# The front, then the front and its guardian, then the keeper alone are killed from outside.
killed() {
    for victims in front both keeper; do
        $how $group $user $(run all) sh -c 'sleep 60 & until [ -e go ]; do sleep 1; done' &
        soon in_group
        # The front is the oldest of them; the guardian the only one that has children of its own.
        front=$(pidof stockade | tr ' ' '\n' | sort -n | head -n 1)
        guardian=$(for pid in $(children "$front"); do [ -z "$(children "$pid")" ] || echo "$pid"; done)
        keeper=$(children "$front" | grep -v -x "$guardian")
        [ -n "$front" ] && [ -n "$guardian" ] && [ -n "$keeper" ]; found=$?
        case $victims in
            front) kill -9 "$front" ;;
            both) kill -STOP "$guardian"; kill -9 "$front" "$guardian" ;;
            keeper) kill -9 "$keeper" ;;
        esac
        n=$?
        # Who was not killed ends by itself now.
        touch "/home/$user/work/go"
        wait
        rm -f "/home/$user/work/go"
        [ $found = 0 ] && [ $n = 0 ] && soon clean; told $? "$place: nothing is left when it is killed: $victims"
    done
}

echo "kernel $(uname -r)"
for user in root user; do
    mkdir -p /home/$user/work; chown -R $user /home/$user
done
cd /
stockade doctor >/tmp/out; sed -n '1,9p;/NOT KEPT\|in part/p' /tmp/out

trials "root, from the root of all" within $G root
trials "root, from a shell's scope" beside $G/root.slice/shell.scope root
trials "user, alone in a delegated group" within $G/user.slice/lone.scope user
[ -z "$(cat $G/user.slice/lone.scope/cgroup.subtree_control)" ] && [ -z "$(find $G/user.slice/lone.scope -mindepth 1 -type d)" ]
told $? "user, alone in a delegated group: it is as it was"
trials "user, from a shell in a slice of his" beside $G/user.slice/app.slice/term.scope user

# What it was started in bounds it as well.
echo 24M >$G/user.slice/app.slice/term.scope/memory.max
beside $G/user.slice/app.slice/term.scope user $(run memory) probe hog 200
[ $status = 137 ] && says '("24M") is not `limits.total_memory`' && soon clean
told $? "user: a bound of the group that is left goes along, and is named"
echo max >$G/user.slice/app.slice/term.scope/memory.max

# The twin of `lift`: the same user, the same group, without stockade.
probe as $U mkdir $G/user.slice/app.slice/bare
within $G/user.slice/app.slice/bare user probe lift $G/user.slice/app.slice/free.scope
[ $status = 0 ] && [ "$(grep -c ' 0$' /tmp/out)" = 7 ]; told $? "bare, each of these ways leads out ($(tr '\n' ' ' </tmp/out))"

user=user
within $G/user.slice/foreign.scope user $(run memory) probe hog 8
[ $status = 125 ] && says 'no delegated control group' && says 'systemd-run --user --scope -p Delegate=yes' && clean
told $? "user: refused where nothing is delegated"
beside $G/user.slice/lone.scope user $(run memory) probe hog 8
[ $status = 125 ] && says 'other processes are in the control group' && clean
told $? "user: refused beside others in a group whose parent is not his"
user=root
within $G root $(run writes) probe hog 8
[ $status = 125 ] && says 'the profile lets it write /sys/fs/cgroup' && clean
told $? "root: refused where the profile lets commands write control groups"
umount /sys/fs/cgroup
(cd /home/root/work; HOME=/home/root XDG_STATE_HOME=/home/root/.state $(run memory) probe hog 8 >/tmp/out 2>/tmp/err); status=$?
[ $status = 125 ] && says 'no cgroup v2 is mounted here'; told $? "root: refused where none is mounted"
(cd /home/root/work; HOME=/home/root XDG_STATE_HOME=/home/root/.state $(run none) true >/tmp/out 2>/tmp/err); status=$?
[ $status = 0 ]; told $? "root: who does not ask is not refused"
mount -t cgroup2 cgroup2 $G

# A small disk.
mkdir /home/user/work/small; mount -t tmpfs -o size=24M,mode=777 small /home/user/work/small
user=user
within $G/user.slice/foreign.scope user $(run space) sh -c 'head -c 104857600 /dev/zero >small/big'
[ $status = 143 ] && says 'lower `limits.free_space = "8M"`'; told $? "user: a disk filler is ended, and the limit named"
within $G/user.slice/foreign.scope user $(run space) true
[ $status = 125 ] && says 'limits.free_space'; told $? "user: refused where it is full already"
rm small/big 2>/dev/null; umount /home/user/work/small

# What a second kernel says to the rest.
within $G root /bin/stockade run --profile dev-box -- true; echo "dev-box: status $status: $(cat /tmp/err)"
for name in container ci-runner readonly strict; do
    for user in root user; do
        within $G $user /bin/stockade run --profile $name --workspace /home/$user/work -- sh -c 'echo hello | cat'
        echo "$name as $user: status $status: $(cat /tmp/out /tmp/err | tr '\n' ' ')"
    done
done
# The wall itself, below gate one, without a group.
user=root
within $G root $(run none) sh -c 'probe write /etc/x; probe write x; sleep 60 &'
[ $status = 0 ] && [ "$(tr '\n' ' ' </tmp/out)" = '13 0 ' ] && [ ! -e /etc/x ] && [ -e /home/root/work/x ] && soon clean
told $? "root: a write outside is refused on this kernel, one in the workspace is not, and nothing outlives the run"
user=user
within $G/user.slice/foreign.scope user $(run storm) probe bomb
[ $status = 124 ] && says 'limits.wall_time' && soon clean
told $? "user: a fork bomb without a group, on a kernel that lets signals out, is ended"
echo "trials: $good ok, $bad failed"

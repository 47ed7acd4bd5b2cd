//! Trees and files: archives, copies, searches, sorting, locks, databases, strange names.

use crate::workload::{Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    inside("tar-gzip-rsync", ARCHIVES, &["tar same", "gzip same", "rsync same", "cp same"]),
    inside("sqlite", SQLITE, &["wal", "500", "integrity ok"]),
    inside("sort-big", SORT, &["sorted 300000"]),
    inside("find-grep-xargs", FIND, &["found 200", "grep 40", "parallel 200"]),
    inside("flock", FLOCK, &["one at a time 8", "busy"]),
    around("mktemp-heredoc", MKTEMP, &["here: text", "in /tmp: yes", "gone"]),
    inside("names-and-depths", NAMES, &["snow ❄", "newline 1", "deep 60"]),
    inside("modes-links-times", MODES, &["rwxr-x---", "-> target", "1970-01-02"]),
    inside("device-files", DEVICES, &["null", "zero 8", "random 16", "stdout", "fd 4"]),
    inside("disk-usage", USAGE, &["du ok", "df ok"]),
    inside("mktemp-and-remove", FRESH, &["removed"]),
];

const ARCHIVES: &str = r#"
set -euo pipefail
mkdir -p tree/a/b && seq 1000 >tree/a/numbers && ln -s numbers tree/a/link && ln tree/a/numbers tree/hard
touch -d '2001-02-03' tree/a/b && chmod 700 tree/a/b && mkfifo tree/fifo
tar -cf all.tar tree && mkdir out && tar -xpf all.tar -C out && diff -r --exclude=fifo tree out/tree && echo tar same
tar -czf all.tgz tree && tar -tzf all.tgz | wc -l
gzip -k9 tree/a/numbers 2>/dev/null || gzip -kf9 tree/a/numbers
gunzip -c tree/a/numbers.gz | cmp - tree/a/numbers && echo gzip same && rm tree/a/numbers.gz
rsync -a --delete tree/ copy/ && rsync -an --itemize-changes tree/ copy/ && diff -r --exclude=fifo tree copy && echo rsync same
stat -c '%a %Y %F' copy/a/b && stat -c %F copy/fifo
cp -a tree second && diff -r --exclude=fifo tree second && echo cp same
cp --reflink=auto tree/a/numbers third && install -m 755 third fourth && mv fourth copy/ && ls copy
"#;

pub(crate) const SQLITE: &str = r#"
set -euo pipefail
sqlite3 base.db 'pragma journal_mode=wal; create table t(a integer primary key, b text);'
for n in 1 2 3 4 5; do
    sqlite3 -cmd '.timeout 20000' base.db "with recursive c(x) as (select 1 union all select x+1 from c where x<100)
        insert into t(b) select 'row ' || x from c;" &
done
wait
sqlite3 base.db 'select count(*) from t;' && echo "integrity $(sqlite3 base.db 'pragma integrity_check;')"
sqlite3 base.db '.backup copy.db' && sqlite3 copy.db 'vacuum; select max(b) from t;'
sqlite3 old.db 'pragma journal_mode=delete; create table u(a); begin; insert into u values(1); rollback; select count(*) from u;'
"#;

const SORT: &str = r#"
set -euo pipefail
seq 300000 | awk '{ print ($1 * 7919) % 300007 }' >big
sort -n -S 1M big -o sorted && sort -c -n sorted && echo "sorted $(wc -l <sorted)"
sort -n -S 1M -T . --parallel=2 big | md5sum | cut -c1-32
shuf -n 3 -i 1-9 | wc -l && split -n 4 big part. && cat part.* | cmp - big && ls part.* | wc -l
"#;

const FIND: &str = r#"
set -euo pipefail
for d in $(seq 10); do mkdir -p tree/$d; for f in $(seq 20); do echo "needle $((f % 5))" >tree/$d/$f.txt; done; done
echo "found $(find tree -name '*.txt' -newermt 2000-01-01 -size -2k | wc -l)"
echo "grep $(grep -r 'needle 3' tree | wc -l)"
find tree -type f -print0 | xargs -0 -P4 -n1 sh -c 'wc -l <"$1" >"$1.count"' sh
echo "parallel $(find tree -name '*.count' | wc -l)"
find tree -name '*.count' -delete && find tree -type f -exec grep -l 'needle 1' {} + | sort | head -2
find tree -name 1.txt -execdir sh -c 'pwd >/dev/null && echo ran' \; | wc -l && find . -empty | wc -l
"#;

pub(crate) const FLOCK: &str = r#"
set -euo pipefail
echo 0 >count
for _ in 1 2 3 4 5 6 7 8; do
    flock lock sh -c 'n=$(cat count); sleep 0.02; echo $((n + 1)) >count' &
done
wait && echo "one at a time $(cat count)"
exec 9>other && flock 9 && { flock -n other true || echo busy; } && (flock -n 9 && echo inherited)
"#;

const MKTEMP: &str = r#"
set -euo pipefail
file=$($BOX mktemp) && directory=$($BOX mktemp -d) && word=text
cat >"$file" <<END
here: $word
END
$BOX cat "$file" - <<<"string" && $BOX bash -c 'cat <<-"END"
	kept $word
	END
cat <<<here-string'
case $file in /tmp/*) echo in /tmp: yes ;; esac
$BOX cp "$file" "$directory/x" && (umask 077; $BOX touch "$directory/y") && stat -c %a "$directory/y" "$file"
rm -r "$file" "$directory" && test ! -e "$file" && echo gone
"#;

const NAMES: &str = r#"
set -euo pipefail
echo 'snow ❄' >'schnee ❄ ünï.txt' && cat *ünï* && mkdir $'two\nlines' && touch $'two\nlines/-rf' 'sp ace' "quo'te" $'tab\t' '*' $'\xff'
find . -name $'two\n*' -print0 | tr -cd '\0' | wc -c | sed 's/^/newline /'
find . -mindepth 1 -print0 | LC_ALL=C sort -z | tr '\0\n' '\n?' | od -c | md5sum
path=deep; for n in $(seq 60); do path=$path/directory-number-$n; done
mkdir -p "$path" && echo deepest >"$path/file" && cat "$path/file" && (cd -P "$path" && pwd | tr -cd / | wc -c >/dev/null)
echo "deep $(find deep -name 'directory-*' | wc -l)"
touch "$(printf 'n%.0s' $(seq 255))" && ls | wc -l && rm -- -* 2>/dev/null || true
rm -r deep $'two\nlines' && ls | wc -l
"#;

const MODES: &str = r#"
set -euo pipefail
touch target && chmod 750 target && ls -l target | cut -c1-10 && ln -s target link && ls -l link | sed 's/.*link/link/'
touch -d '1970-01-02 00:00' target && stat -c '%y %h' target && ln target hard && stat -c %h target
touch -h -d '1999-09-09' link && stat -c %Y link && touch -r target other && stat -c %Y other && chmod u+x,g-w other
mkdir -m 1777 sticky && stat -c %a sticky && truncate -s 5000 other && stat -c %s other && truncate -s 0 other
chown "$(id -u):$(id -g)" target && chgrp "$(id -g)" target && mv target moved && readlink -e link || echo dangling
ln -sfn moved link && readlink link && rmdir sticky && mv -T moved "$(pwd)/again" && ls && dd if=again of=copy conv=fsync status=none
fallocate -l 4096 space && stat -c %s space && sync space && mkdir -p x/y && mv x z && mv z/y . && rmdir z && ls -d y
setfattr -n user.tag -v v again 2>/dev/null && getfattr --only-values -n user.tag again 2>/dev/null || true
"#;

const DEVICES: &str = r#"
set -euo pipefail
echo lost >/dev/null && echo null && head -c 8 /dev/zero | wc -c | sed 's/^/zero /' && head -c 16 /dev/urandom | wc -c | sed 's/^/random /'
echo stdout >/dev/stdout && echo stderr >/dev/stderr && echo x | tee /dev/stderr | cat /dev/stdin
echo 'fd 4' 4>&1 >&4 && cat <(echo substituted) && echo sub | tee >(cat >teed) >/dev/null && sleep 0.2 && cat teed
(: </dev/tty) 2>/dev/null || echo no terminal
test -r /proc/self/status && test -r /proc/cpuinfo && test -r /proc/meminfo && ls /proc/self/fd >/dev/null && echo proc
df /dev/shm >/dev/null && (echo x >/dev/full) 2>/dev/null || echo full
"#;

const USAGE: &str = r#"
set -euo pipefail
mkdir a && head -c 100000 /dev/zero >a/x && du -s a | cut -f1 && echo du ok
df . >/dev/null && echo df ok && stat -f -c %T . && nproc && uname -s && id -u && hostname >/dev/null && date -u -d @0 +%F && locale | head -1
free >/dev/null && uptime >/dev/null && whoami && groups >/dev/null && getconf PAGE_SIZE && cat /etc/os-release | wc -l
"#;

const FRESH: &str = r#"
file=$(mktemp) && echo x >"$file" && rm "$file" && d=$(mktemp -d) && rm -r "$d" && echo removed
"#;

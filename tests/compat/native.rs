//! C with make, and the old tools: perl, awk, sed, m4-less build steps.

use crate::workload::{Kind, Script, USUAL, Workload, around, inside};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "make-c",
        kind: Kind::Script(Script {
            text: MAKE,
            says: &["sum 5", "shared 9", "fresh"],
            leaves: &["build/main.o", "program", "libpart.so", "libstatic.a"],
            ..USUAL
        }),
    },
    inside("cc-run", CC, &["compiled and ran", "from a pipe", "thread", "static"]),
    around("cc-in-tmp", CC_TMP, &["ran in /tmp"]),
    inside("perl-awk-sed", PERL, &["perl 6", "awk 6", "child 4", "edited"]),
    inside("gdb-like-tools", TOOLS, &["strings", "ldd ok"]),
];

pub(crate) const MAKE: &str = r#"
set -euo pipefail
echo 'int add(int a, int b) { return a + b; }' >part.c
echo 'int nine(void) { return 9; }' >nine.c
cat >main.c <<'END'
#include <stdio.h>
int add(int, int); int nine(void);
int main(void) { printf("sum %d\nshared %d\n", add(2, 3), nine()); return 0; }
END
cat >Makefile <<'END'
.RECIPEPREFIX = >
all: program
build/%.o: %.c
> @mkdir -p build
> @$(CC) -O1 -fPIC -c -o $@ $<
libpart.so: build/nine.o
> @$(CC) -shared -o $@ $^
libstatic.a: build/part.o
> @$(AR) rcs $@ $^
program: build/main.o libstatic.a libpart.so
> @$(CC) -o $@ build/main.o libstatic.a -L. -lpart -Wl,-rpath,'$$ORIGIN'
check: program
> @./program
clean:
> @rm -rf build program lib*
END
make -j2 && make -s check && make -q && echo fresh && make clean && make -j2 && ./program
"#;

const CC: &str = r#"
set -euo pipefail
printf '#include <stdio.h>\nint main(void) { puts("compiled and ran"); return 7; }\n' >a.c
cc a.c && { ./a.out || echo "status $?"; }
echo 'int puts(const char *); int main(void) { puts("from a pipe"); return 0; }' | gcc -pipe -xc -o p - && ./p
sed 's/compiled and ran/static/; s/7/0/' a.c >b.c && gcc -g -static -o b b.c && ./b
printf '#include <pthread.h>\n#include <stdio.h>\nvoid *f(void *p) { return p; }\nint main(void) { pthread_t t; void *r; pthread_create(&t, 0, f, "thread"); pthread_join(t, &r); puts(r); }\n' >t.c
gcc -pthread -o t t.c && ./t
printf '#include <stdlib.h>\nint main(void) { abort(); }\n' >k.c && gcc -o k k.c
{ ./k || echo "aborted $?"; } 2>/dev/null
"#;

pub(crate) const CC_TMP: &str = r#"
export DIR=$(mktemp -d) && echo 'int puts(const char *); int main(void) { puts("ran in /tmp"); return 0; }' >a.c
$BOX sh -c 'gcc -o "$DIR/a" a.c && "$DIR/a"'; rm -r "$DIR"
"#;

const PERL: &str = r#"
set -euo pipefail
printf '1\n2\n3\n' >numbers
perl -ne '$s += $_; END { print "perl $s\n" }' numbers
perl -e 'my $p = fork; exit 4 unless $p; waitpid $p, 0; print "child ", $? >> 8, "\n"'
perl -e 'local $SIG{ALRM} = sub { print "alarmed\n"; exit }; alarm 1; sleep 30'
perl -i.bak -pe 's/2/two/' numbers && cat numbers numbers.bak
awk '{ s += $1 } END { print "awk", s }' numbers.bak
awk 'BEGIN { "echo piped" | getline x; print x; print "b\na" | "sort"; close("sort") }'
sed -i 's/two/edited/' numbers && cat numbers && sort -n numbers.bak | paste -sd, && echo '2^10' | bc 2>/dev/null || true
"#;

const TOOLS: &str = r#"
set -euo pipefail
echo 'int main(void) { return 0; }' >a.c && gcc -g -o a a.c
nm a | grep -c ' main' && objdump -d a | grep -c '<main>:' && strip -o b a && ./b && echo strings "$(readelf -h a | grep -c Machine)"
ldd a | grep -c libc.so && echo ldd ok && file a 2>/dev/null | cut -c1-6 || true
"#;

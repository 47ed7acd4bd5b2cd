//! Builds of whole C projects: cmake with ninja, and make of two hundred files by two jobs.

use crate::workload::{Kind, Script, Twin, USUAL, Workload};

pub(crate) const WORKLOADS: &[Workload] = &[
    Workload {
        name: "cmake-ninja",
        kind: Kind::Script(Script {
            text: CMAKE,
            says: &["100% tests passed", "configured 42", "no work to do", "installed 42"],
            leaves: &["build/compile_commands.json", "build/program", "there/bin/program"],
            ..USUAL
        }),
    },
    Workload {
        name: "make-200-files",
        kind: Kind::Script(Script {
            text: MAKE,
            says: &["sum 20100", "up to date", "one again"],
            leaves: &["build/libparts.a", "build/part200.d"],
            // Eight hundred runs of the compiler are enough; what it says is the same everywhere.
            twin: Twin::None,
            seconds: 120,
            ..USUAL
        }),
    },
];

const CMAKE: &str = r#"
set -euo pipefail
mkdir src && cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.16)
project(compat C)
include(CheckIncludeFile)
include(CTest)
check_include_file(unistd.h HAVE_UNISTD)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(ANSWER 42)
configure_file(src/config.h.in config.h)
add_custom_command(OUTPUT made.c COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/src/made.in made.c)
add_library(part SHARED src/part.c ${CMAKE_CURRENT_BINARY_DIR}/made.c)
add_executable(program src/main.c)
target_include_directories(program PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
target_link_libraries(program part)
add_test(NAME runs COMMAND program)
install(TARGETS program part RUNTIME DESTINATION bin LIBRARY DESTINATION lib)
END
echo '#define ANSWER @ANSWER@' >src/config.h.in
echo 'int made(void) { return 1; }' >src/made.in
echo 'int made(void); int part(int n) { return n * made(); }' >src/part.c
printf '#include <stdio.h>\n#include "config.h"\nint part(int);\nint main(void) { printf("configured %%d\\n", part(ANSWER)); return 0; }\n' >src/main.c
cmake -G Ninja -B build -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_RPATH='$ORIGIN/../lib' >/dev/null
cmake --build build --parallel 2 >/dev/null && build/program
ninja -C build | tail -1
(cd build && ctest 2>&1 | grep 'tests passed')
cmake --install build --prefix "$PWD/there" >/dev/null && there/bin/program | sed 's/configured/installed/'
touch src/part.c && ninja -C build -n | grep -c part.c && ninja -C build -t clean >/dev/null && ninja -C build >/dev/null
"#;

/// Made up, because sources of a distribution need its mirror. Two hundred files, each with two
/// headers of its own, dependencies by the compiler, an archive, a second build of what changed.
const MAKE: &str = r##"
set -euo pipefail
mkdir include src
for n in $(seq 200); do
    printf '#pragma once\nint part%d(int n);\n' $n >include/part$n.h
    printf '#include "part%d.h"\n#include "common.h"\nint part%d(int n) { return n + %d * WEIGHT; }\n' $n $n $n >src/part$n.c
done
printf '#pragma once\n#define WEIGHT 1\n' >include/common.h
{
    echo '#include <stdio.h>'
    for n in $(seq 200); do echo "#include \"part$n.h\""; done
    echo 'int main(void) { int sum = 0;'
    for n in $(seq 200); do echo "sum = part$n(sum);"; done
    echo 'printf("sum %d\n", sum); return 0; }'
} >src/main.c
cat >Makefile <<'END'
.RECIPEPREFIX = >
CFLAGS = -O0 -Iinclude -MMD -MP
PARTS = $(filter-out build/main.o,$(patsubst src/%.c,build/%.o,$(wildcard src/*.c)))
build/program: build/main.o build/libparts.a
> @$(CC) -o $@ $^
build/libparts.a: $(PARTS)
> @$(AR) rcs $@ $^
build/%.o: src/%.c | build
> @$(CC) $(CFLAGS) -c -o $@ $<
build:
> @mkdir -p $@
-include $(wildcard build/*.d)
END
make -j2 && build/program && make | grep -o 'up to date'
touch -d '+1 minute' src/part7.c && make -n | grep -c -- '-c -o' | grep -x 1 && make -j2 && echo one again
"##;

// What a run tries when nobody answers its held calls any more.
//
//   bereft calls      each call by a process of its own: one at once, the others when there is `go`
//   bereft storm      calls without an end, and attempts on what is protected
//   bereft hold PID   keeps a process stopped, whatever signals come, until nobody writes any more
//
// Prints "NAME begins" and "NAME ok" or "NAME ERRNO", and afterwards the same of "after NAME".
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int opens(const char *name, int flags) {
    int fd = open(name, flags, 0666);
    if (fd < 0) return -1;
    if (write(fd, "of the run\n", 11) != 11) return -1;
    return close(fd);
}
static int do_mkdir(void) { return mkdir("made", 0777); }
static int do_create(void) { return opens("created", O_CREAT | O_EXCL | O_WRONLY); }
static int do_append(void) { return opens("own", O_WRONLY | O_APPEND); }
static int do_truncate(void) { return truncate("cut", 0); }
static int do_unlink(void) { return unlink("going"); }
static int do_rename(void) { return rename("moving", "moved"); }
static int do_link(void) { return link("own", "linked"); }
static int do_symlink(void) { return symlink("own", "symlinked"); }
static int do_chmod(void) { return chmod("mode", 0777); }
static int do_mkfifo(void) { return mkfifo("pipe", 0600); }
static int do_bind(void) {
    struct sockaddr_un name = {AF_UNIX, "socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    return fd < 0 ? -1 : bind(fd, (struct sockaddr *)&name, sizeof name);
}
static int do_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
// Waits for a reader, in the guardian.
static int do_fifo(void) { return opens("fifo", O_WRONLY); }
static int do_hook(void) { return opens(".git/hooks/pre-commit", O_CREAT | O_WRONLY); }
static int do_config(void) { return opens(".git/config", O_WRONLY | O_TRUNC); }
static int do_outside(void) { return chmod("../outside/victim", 0777); }
static int do_outside_too(void) { return opens("../outside/victim", O_WRONLY | O_TRUNC); }

static const struct { const char *name; int (*run)(void); } calls[] = {
    {"mkdir", do_mkdir}, {"create", do_create}, {"append", do_append}, {"truncate", do_truncate},
    {"unlink", do_unlink}, {"rename", do_rename}, {"link", do_link}, {"symlink", do_symlink},
    {"chmod", do_chmod}, {"mkfifo", do_mkfifo}, {"bind", do_bind}, {"socket", do_socket},
}, evil[] = {
    {"hook", do_hook}, {"config", do_config}, {"outside", do_outside}, {"outside_too", do_outside_too},
    {"create", do_create}, {"mkdir", do_mkdir}, {"rename", do_rename},
};
#define COUNT(list) (sizeof list / sizeof *list)

static void says(const char *before, const char *name, int result) {
    char line[99];
    const char *error = strerrorname_np(errno);
    int length = snprintf(line, sizeof line, "%s%s %s\n", before, name, result >= 0 ? "ok" : error ? error : "?");
    if (write(1, line, length) != length) exit(1);
}
static void appears(const char *name) {
    for (int left = 20000; left > 0 && access(name, F_OK); left--) usleep(1000);
}

// One call, and if nobody answered it, what else could be tried then.
static void tries(const char *name, int (*run)(void), const char *gate) {
    if (fork()) return;
    setsid();
    appears(gate);
    dprintf(1, "%s begins\n", name);
    int result = run();
    says("", name, result);
    if (result < 0)
        for (unsigned i = 0; i < COUNT(evil); i++) says("after ", evil[i].name, evil[i].run());
    // Stays, to be ended.
    for (int left = 20; left > 0 && result < 0; left--) sleep(1);
    _exit(0);
}

static void hold(pid_t pid) {
    char byte;
    int status;
    if (ptrace(PTRACE_SEIZE, pid, 0, 0) || ptrace(PTRACE_INTERRUPT, pid, 0, 0)) exit(1);
    waitpid(pid, &status, __WALL);
    dprintf(1, "held\n");
    while (read(0, &byte, 1) > 0) {}
    exit(0);
}

int main(int argc, char **argv) {
    if (argc > 2 && !strcmp(argv[1], "hold")) hold(atoi(argv[2]));
    if (argc > 1 && !strcmp(argv[1], "calls")) {
        tries("fifo", do_fifo, ".");
        for (unsigned i = 0; i < COUNT(calls); i++) tries(calls[i].name, calls[i].run, "go");
        dprintf(1, "ready\n");
    }
    if (argc > 1 && !strcmp(argv[1], "storm")) {
        for (int child = 0; child < 4; child++) {
            if (fork()) continue;
            setsid();
            char a[9] = "a0", b[9] = "b0";
            a[1] = b[1] = '0' + child;
            if (mkdir(a, 0700)) _exit(1);
            for (int round = 0; round < 1000000; round++) {
                rename(a, b), rename(b, a);
                for (unsigned i = 0; i < 4; i++)
                    if (evil[i].run() >= 0) says("evil ", evil[i].name, 0);
            }
            _exit(0);
        }
        dprintf(1, "ready\n");
    }
    while (wait(0) > 0) {}
    return 0;
}

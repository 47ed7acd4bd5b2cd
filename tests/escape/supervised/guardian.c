// What the guardian must get right under pressure. Runs inside and bare: guardian TASK. Says "right" or what is wrong.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRONG(...) do { printf(__VA_ARGS__); printf("\n"); exit(1); } while (0)

static mode_t mode_of(const char *name) {
    struct stat s;
    if (lstat(name, &s)) WRONG("%s: %s", name, strerror(errno));
    return s.st_mode & 07777;
}

static void make(const char *name) {
    int fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0666);
    if (fd < 0) WRONG("create %s: %s", name, strerror(errno));
    close(fd);
}

// A hundred opens wait for the other end of a pipe; what else is asked for is answered meanwhile.
static int met, refused;
static void *waits(void *unused) {
    int fd = open("fifo", O_WRONLY);
    if (fd >= 0) __sync_fetch_and_add(&met, 1), close(fd);
    else if (errno == ENFILE) __sync_fetch_and_add(&refused, 1);
    else WRONG("open: %s", strerror(errno));
    return unused;
}
static void crowd(void) {
    pthread_t t[100];
    mkfifo("fifo", 0600);
    for (int i = 0; i < 100; i++) if (pthread_create(&t[i], 0, waits, 0)) WRONG("no threads");
    usleep(300000);
    for (int i = 0; i < 200; i++) {
        char name[32];
        snprintf(name, sizeof name, "meanwhile%d", i);
        make(name);
        if (rename(name, "moved") || unlink("moved")) WRONG("%s", strerror(errno));
    }
    if (met) WRONG("an end met nobody");
    int fd = open("fifo", O_RDONLY);
    for (int i = 0; i < 100; i++) pthread_join(t[i], 0);
    close(fd);
    printf("%d met, %d refused\n", met, refused);
    if (met + refused != 100 || !met) WRONG("some are missing");
}

// Who shares a mask shares it at once, whichever of them sets it.
static volatile int turn;
static int sibling(void *unused) {
    (void)unused;
    for (int i = 0; i < 200; i++) {
        while (turn != 1) sched_yield();
        umask(i % 2 ? 0 : 077);
        turn = 0;
    }
    return 0;
}
static void masks(void) {
    static char stack[1 << 16];
    int flags = CLONE_FS | CLONE_VM | SIGCHLD;
    umask(022);
    make("m");
    pid_t child = clone(sibling, stack + sizeof stack, flags, 0);
    if (child < 0) WRONG("clone: %s", strerror(errno));
    for (int i = 0; i < 200; i++) {
        unlink("m");
        make("m");                      // is remembered, if anything is
        turn = 1;
        while (turn) sched_yield();
        unlink("m");
        make("m");
        if (mode_of("m") != (i % 2 ? 0666 : 0600)) WRONG("round %d: mode %o", i, mode_of("m"));
    }
    waitpid(child, 0, 0);
    // A thread that has parted with the others has a mask of its own.
    umask(022);
    if (unshare(CLONE_FS)) WRONG("unshare: %s", strerror(errno));
    umask(0); unlink("m"); make("m");
    if (mode_of("m") != 0666) WRONG("parted: mode %o", mode_of("m"));
}

static volatile int told;
static void tell(int signal) { told = signal; }
static void lengths(void) {
    struct rlimit most = {4096, RLIM_INFINITY};
    make("long");
    if (truncate("long", 8192)) WRONG("truncate: %s", strerror(errno));
    setrlimit(RLIMIT_FSIZE, &most);
    signal(SIGXFSZ, tell);
    if (truncate("long", 8000)) WRONG("shorter: %s", strerror(errno));
    if (!truncate("long", 9000) || errno != EFBIG || told != SIGXFSZ) WRONG("longer: %s, signal %d", strerror(errno), told);
    signal(SIGXFSZ, SIG_IGN);
    if (!truncate("long", 9000) || errno != EFBIG) WRONG("ignored: %s", strerror(errno));
    pid_t child = fork();
    if (!child) { signal(SIGXFSZ, SIG_DFL); truncate("long", 9000); _exit(0); }
    int status; waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGXFSZ) WRONG("by default: status %x", status);
    struct stat s; stat("long", &s);
    if (s.st_size != 8000) WRONG("size %ld", (long)s.st_size);
}

// Sixty-four threads at once, each with names of its own and all with one in common.
static void *storms(void *number) {
    char a[32], b[32];
    for (int i = 0; i < 120; i++) {
        snprintf(a, sizeof a, "s%ld.%d", (long)(intptr_t)number, i);
        snprintf(b, sizeof b, "t%ld.%d", (long)(intptr_t)number, i);
        make(a);
        if (chmod(a, 0640) || rename(a, b) || mode_of(b) != 0640 || unlink(b)) WRONG("%s: %s", b, strerror(errno));
        if (mkdir(a, 0700) || rmdir(a)) WRONG("%s: %s", a, strerror(errno));
        int fd = open("common", O_CREAT | O_RDWR, 0600);
        if (fd < 0) WRONG("common: %s", strerror(errno));
        close(fd);
    }
    return 0;
}
static void storm(void) {
    pthread_t t[64];
    for (intptr_t i = 0; i < 64; i++) if (pthread_create(&t[i], 0, storms, (void *)i)) WRONG("no threads");
    for (int i = 0; i < 64; i++) pthread_join(t[i], 0);
}

// Signals do not tear what is carried out. A call that was interrupted before anybody looked at it says EINTR when the
// handler is not to restart calls; then nothing of it was done, and it is right the next time.
static void nothing(int signal) { (void)signal; }
static void creates(int flags) {
    struct sigaction action = {.sa_handler = nothing, .sa_flags = flags};
    struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    sigaction(SIGALRM, &action, 0);
    setitimer(ITIMER_REAL, &often, 0);
    for (int i = 0; i < 5000; i++) {
        char name[32];
        int fd, gone;
        snprintf(name, sizeof name, "x%d", i);
        while ((fd = open(name, O_CREAT | O_EXCL | O_WRONLY, 0666)) < 0 && errno == EINTR && !flags) ;
        if (fd < 0) WRONG("create %s: %s", name, strerror(errno));
        close(fd);
        while ((gone = unlink(name)) < 0 && errno == EINTR && !flags) ;
        if (gone) WRONG("unlink %s: %s", name, strerror(errno));
    }
    setitimer(ITIMER_REAL, &never, 0);
}
static void signals(void) { creates(SA_RESTART); creates(0); }

// Whoever ends or becomes another program while he is served leaves nothing behind.
static void *opens(void *unused) {
    for (;;) { int fd = open("w", O_CREAT | O_RDWR, 0600); if (fd >= 0) close(fd); rename("w", "v"); }
    return unused;
}
static void leavers(void) {
    for (int i = 0; i < 200; i++) {
        pid_t child = fork();
        if (!child) {
            pthread_t t;
            for (int n = 0; n < 4; n++) pthread_create(&t, 0, opens, 0);
            usleep(i % 7 * 300);
            switch (i % 4) {
            case 0: _exit(7);
            case 1: execl("/bin/sh", "sh", "-c", "exit 7", (char *)0); break;
            case 2: kill(getpid(), SIGKILL); break;
            default: if (!vfork()) { execl("/bin/true", "true", (char *)0); _exit(9); } _exit(7);
            }
        }
        int status; waitpid(child, &status, 0);
        if (i % 4 == 2 ? !WIFSIGNALED(status) : status != 7 << 8) WRONG("child %d: status %x", i, status);
        char name[32]; snprintf(name, sizeof name, "after%d", i); make(name); unlink(name);
    }
}

// Numbers of threads come back; directory and mask are those of whoever calls.
static void numbers(void) {
    mkdir("d0", 0755); mkdir("d1", 0755); mkdir("d2", 0755);
    for (int i = 0; i < 1500; i++) {
        pid_t child = fork();
        if (!child) {
            char dir[8]; snprintf(dir, sizeof dir, "d%d", i % 3);
            mode_t mask = (mode_t[]){0, 077, 027, 022}[i % 4];
            if (chdir(dir)) _exit(1);
            umask(mask);
            int fd = open("f", O_CREAT | O_EXCL | O_WRONLY, 0666);
            struct stat a, b;
            if (fd < 0 || fstat(fd, &a) || lstat("f", &b) || a.st_ino != b.st_ino || (a.st_mode & 0777) != (0666 & ~mask)) _exit(2);
            _exit(unlink("f") ? 3 : 0);
        }
        int status; waitpid(child, &status, 0);
        if (status) WRONG("child %d: status %x", i, status);
    }
}

// Names that cannot be read are refused, and never acted upon (row 96).
static void expect(const char *what, long result, int error) {
    if (result != -1 || errno != error) WRONG("%s: %ld, %s", what, result, strerror(errno));
}
static void pointers(void) {
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    char *shut = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *cut = page + 4096 - 4;
    const char *bad[] = {0, (char *)8, (char *)-1, (char *)0x7ffffffffff0, page + 4096, shut, (char *)0xffff800000000000};
    memcpy(cut, "abcd", 4);             // no end before the page ends
    for (unsigned i = 0; i <= sizeof bad / sizeof *bad; i++) {
        const char *p = i < sizeof bad / sizeof *bad ? bad[i] : cut;
        expect("open", syscall(SYS_open, p, O_WRONLY | O_CREAT, 0600), EFAULT);
        expect("openat", syscall(SYS_openat, AT_FDCWD, p, O_RDWR, 0), EFAULT);
        expect("openat2", syscall(SYS_openat2, AT_FDCWD, "x", p, 24), EFAULT);
        expect("unlink", syscall(SYS_unlink, p), EFAULT);
        expect("rename", syscall(SYS_rename, p, "x"), EFAULT);
        expect("link", syscall(SYS_link, p, "x"), EFAULT);
        expect("symlink", syscall(SYS_symlink, p, "x"), EFAULT);
        expect("symlinkat", syscall(SYS_symlinkat, "x", AT_FDCWD, p), EFAULT);
        expect("mkdir", syscall(SYS_mkdir, p, 0700), EFAULT);
        expect("mknod", syscall(SYS_mknod, p, 0100600, 0), EFAULT);
        expect("truncate", syscall(SYS_truncate, p, 0), EFAULT);
        expect("chmod", syscall(SYS_chmod, p, 0700), EFAULT);
        expect("setxattr", syscall(SYS_setxattr, p, "user.x", "y", 1, 0), EFAULT);
    }
    make("there");
    for (unsigned i = 1; i < sizeof bad / sizeof *bad; i++) {
        expect("utimensat", syscall(SYS_utimensat, AT_FDCWD, "there", bad[i], 0), EFAULT);
        expect("value", syscall(SYS_setxattr, "there", "user.x", bad[i], 8, 0), EFAULT);
    }
    expect("rename to", syscall(SYS_rename, "there", cut), EFAULT);
    if (access("there", F_OK)) WRONG("it was moved");
    // A name across two pages that are there is a name.
    char *two = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(two + 4096 - 3, "across");
    make(two + 4096 - 3);
    // One at the very end of a page, too; and read-only memory is no hindrance.
    memcpy(page + 4096 - 4, "end", 4);
    make(page + 4096 - 4);
    mprotect(two, 8192, PROT_READ);
    if (unlink(two + 4096 - 3) || unlink(page + 4096 - 4)) WRONG("%s", strerror(errno));
    // Whoever asks not to be looked into is answered all the same: the wish is not granted.
    if (prctl(PR_SET_DUMPABLE, 0)) WRONG("prctl: %s", strerror(errno));
    make("undumpable");
    unlink("undumpable");
    unlink("there");
}

int main(int argc, char **argv) {
    static const struct { const char *name; void (*task)(void); } tasks[] = {
        {"crowd", crowd}, {"masks", masks}, {"lengths", lengths}, {"storm", storm}, {"signals", signals},
        {"leavers", leavers}, {"numbers", numbers}, {"pointers", pointers},
    };
    alarm(240);
    for (unsigned i = 0; argc > 1 && i < sizeof tasks / sizeof *tasks; i++)
        if (!strcmp(tasks[i].name, argv[1])) { tasks[i].task(); puts("right"); return 0; }
    return 2;
}

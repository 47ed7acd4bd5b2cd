// The kernel's other entrances: foreign call numbers, namespaces, mounts, terminals, memory as files.
#include "probe.h"
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/wait.h>

// In a child, because the filter may end whoever calls so.
static int op_int80(char **w) {
    (void)w;
    pid_t child = fork();
    if (child == 0) {
        long answer = 20; // getpid of i386
        __asm__ volatile("int $0x80" : "+a"(answer) : : "memory", "r8", "r9", "r10", "r11");
        _exit(answer == getpid() ? 0 : EIO);
    }
    return answer_of_child(child);
}
// x32 CALL: the number with the x32 bit, no arguments.
static int op_x32(char **w) { return syscall(0x40000000 | atoi(w[0]), 0, 0, 0, 0, 0, 0) < 0 ? -1 : 0; }
// raw NUMBER ARG ARG ARG
static int op_raw(char **w) {
    return syscall(strtol(w[0], NULL, 0), strtoull(w[1], NULL, 0), strtoull(w[2], NULL, 0),
                   strtoull(w[3], NULL, 0), 0, 0, 0) < 0 ? -1 : 0;
}
// rule NUMBER ARG*6: in a child of its own, without a terminal, which nothing outlives.
static int op_rule(char **w) {
    pid_t child = fork();
    if (child == 0) {
        unsigned long long a[6];
        for (int i = 0; i < 6; i++) a[i] = strtoull(w[i + 1], NULL, 0);
        long number = strtol(w[0], NULL, 0);
        setsid();
        errno = 0;
        long answer = syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
        _exit(answer < 0 ? errno : 0);
    }
    return answer_of_child(child);
}
static int op_unshare(char **w) {
    pid_t child = fork();
    if (child == 0) _exit(syscall(SYS_unshare, strtoul(w[0], NULL, 0)) < 0 ? errno : 0);
    return answer_of_child(child);
}
static int op_clone(char **w) {
    long child = syscall(SYS_clone, strtoul(w[0], NULL, 0) | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) _exit(0);
    return child < 0 ? -1 : answer_of_child(child);
}
static int op_clone3(char **w) {
    struct { unsigned long long word[8]; } arguments = {{strtoull(w[0], NULL, 0), 0, 0, 0, SIGCHLD}};
    long child = syscall(SYS_clone3, &arguments, 64);
    if (child == 0) _exit(0);
    return child < 0 ? -1 : answer_of_child(child);
}
static int op_setns(char **w) {
    int fd = open(path_of(w[0]), O_RDONLY);
    if (fd < 0) return -1;
    return syscall(SYS_setns, fd, 0);
}
static int op_bind_mount(char **w) { return mount(w[0], w[1], NULL, MS_BIND, NULL); }
static int op_chroot(char **w) {
    pid_t child = fork();
    if (child == 0) _exit(chroot(w[0]) ? errno : 0);
    return answer_of_child(child);
}
// Types into the terminal; HIGH is or-ed into the request.
static int op_type(char **w) {
    int fd = open("/dev/tty", O_RDWR);
    if (fd < 0) return -1;
    return syscall(SYS_ioctl, fd, 0x5412UL | strtoull(w[0], NULL, 0), "#");
}
// Copies a file to memory and executes it there, past every path rule.
static int op_memory_exec(char **w) {
    static char bytes[1 << 16];
    int from = open(w[0], O_RDONLY), to = memfd_create("m", MFD_CLOEXEC);
    if (from < 0 || to < 0) return -1;
    for (ssize_t n; (n = read(from, bytes, sizeof bytes)) > 0;)
        if (write(to, bytes, n) != n) return -1;
    pid_t child = fork();
    if (child == 0) {
        char *argv[] = {"m", w[1], w[2], NULL}, *none[] = {NULL};
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        syscall(SYS_execveat, to, "", argv, none, AT_EMPTY_PATH);
        _exit(errno);
    }
    return answer_of_child(child);
}
// status KEY VALUE: whether /proc/self/status says so.
static int op_status(char **w) {
    char line[512];
    FILE *file = fopen("/proc/self/status", "re");
    if (!file) return -1;
    size_t key = strlen(w[0]);
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, w[0], key) || line[key] != ':') continue;
        char *value = line + key + 1 + strspn(line + key + 1, " \t");
        value[strcspn(value, " \t\n")] = 0;
        if (!strcmp(value, w[1])) return 0;
    }
    errno = EINVAL;
    return -1;
}
static int op_is_uid(char **w) {
    if ((int)geteuid() == atoi(w[0])) return 0;
    errno = EPERM;
    return -1;
}
// become UID: takes the identity of another.
static int op_become(char **w) {
    pid_t child = fork();
    if (child == 0) _exit(setresuid(atoi(w[0]), atoi(w[0]), atoi(w[0])) ? errno : 0);
    return answer_of_child(child);
}
// run PROGRAM OP WORD: another copy of the probe, whose answer is its exit status.
static int op_run(char **w) {
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        execv(w[0], w);
        _exit(errno);
    }
    return answer_of_child(child);
}
static int op_env(char **w) {
    (void)w;
    static char bytes[1 << 20];
    for (char **one = environ; *one; one++) puts(*one);
    int fd = open("/proc/self/environ", O_RDONLY);
    ssize_t length = read(fd, bytes, sizeof bytes);
    for (ssize_t i = 0; i < length; i++) putchar(bytes[i] ? bytes[i] : '\n');
    return 0;
}
static int op_print(char **w) {
    static char bytes[1 << 16];
    int fd = open(w[0], O_RDONLY);
    ssize_t length = fd < 0 ? -1 : read(fd, bytes, sizeof bytes);
    if (length < 0) return -1;
    fwrite(bytes, 1, length, stdout);
    return 0;
}

// filter FLAGS NUMBER ACTION: a filter of one's own that answers one call so (-1: every call) and
// allows the others. The next operations run under it.
static int op_filter(char **w) {
    unsigned number = strtol(w[1], NULL, 0), action = strtoul(w[2], NULL, 0);
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, number == -1u ? 0 : 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog all = {4, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, strtoul(w[0], NULL, 0), &all);
}
// Three threads that go on working while another puts a filter onto all of them (TSYNC).
static void *work(void *stop) {
    int worked = 0;
    while (!*(_Atomic int *)stop) {
        int fd = open("shared", O_WRONLY | O_CREAT, 0644);
        if (fd < 0 || close(fd)) return (void *)1;
        worked = 1;
    }
    return (void *)(long)!worked;
}
static int op_filter_threads(char **w) {
    _Atomic int stop = 0;
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)&stop)) return -1;
    usleep(20000);
    int result = op_filter(w), error = errno;
    usleep(20000);
    stop = 1;
    for (int i = 0; i < 3; i++) {
        void *fault;
        pthread_join(threads[i], &fault);
        if (fault && result >= 0) result = -1, error = EIO;
    }
    errno = error;
    return result;
}
// The oldest way, which leaves read, write and exit.
static int op_filter_strict(char **w) {
    (void)w;
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)) _exit(errno);
        syscall(SYS_exit, 0);
    }
    return answer_of_child(child);
}

const struct operation kernel_operations[] = {
    {"int80", 0, op_int80}, {"x32", 1, op_x32}, {"raw", 4, op_raw}, {"rule", 7, op_rule}, {"unshare", 1, op_unshare},
    {"clone", 1, op_clone}, {"clone3", 1, op_clone3}, {"setns", 1, op_setns},
    {"bind_mount", 2, op_bind_mount}, {"chroot", 1, op_chroot}, {"type", 1, op_type},
    {"memory_exec", 3, op_memory_exec}, {"status", 2, op_status}, {"is_uid", 1, op_is_uid},
    {"become", 1, op_become}, {"run", 3, op_run}, {"env", 0, op_env}, {"print", 1, op_print},
    {"filter", 3, op_filter}, {"filter_threads", 3, op_filter_threads},
    {"filter_strict", 0, op_filter_strict}, {NULL, 0, NULL}};

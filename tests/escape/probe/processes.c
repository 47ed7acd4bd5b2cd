// Reaching other processes: signals, memory, descriptors; and outliving the run.
#include "probe.h"
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>

static int op_kill(char **w) { return kill(pid_of(w[0]), atoi(w[1])); }
static int op_tgkill(char **w) {
    pid_t pid = pid_of(w[0]);
    return syscall(SYS_tgkill, pid, pid, atoi(w[1]));
}
static int op_kill_group(char **w) {
    pid_t group = getpgid(pid_of(w[0]));
    if (group == 0) return errno = ESRCH, -1;  // a group that has no number here: 0 would be one's own
    return group < 0 ? -1 : kill(-group, atoi(w[1]));
}
static int op_pidfd_signal(char **w) {
    int fd = syscall(SYS_pidfd_open, pid_of(w[0]), 0);
    return fd < 0 ? -1 : syscall(SYS_pidfd_send_signal, fd, atoi(w[1]), NULL, 0);
}
static int op_sigqueue(char **w) {
    union sigval value = {.sival_int = 1};
    return sigqueue(pid_of(w[0]), atoi(w[1]), value);
}
// The kernel signals the owner of a pipe when there is something to read.
static int op_sigio(char **w) {
    int ends[2];
    if (pipe(ends)) return -1;
    if (fcntl(ends[0], F_SETOWN, pid_of(w[0]))) return -1;
    if (fcntl(ends[0], F_SETSIG, atoi(w[1]))) return -1;
    if (fcntl(ends[0], F_SETFL, O_ASYNC)) return -1;
    return write(ends[1], "x", 1) == 1 ? 0 : -1;
}

static int op_attach(char **w) {
    pid_t pid = pid_of(w[0]);
    if (ptrace(PTRACE_ATTACH, pid, 0, 0)) return -1;
    waitpid(pid, NULL, __WALL);
    return ptrace(PTRACE_DETACH, pid, 0, 0);
}
static int op_seize(char **w) {
    pid_t pid = pid_of(w[0]);
    return ptrace(PTRACE_SEIZE, pid, 0, 0);
}
static int op_memory_read(char **w) {
    char bytes[8];
    struct iovec here = {bytes, sizeof bytes};
    struct iovec there = {(void *)strtoull(w[1], NULL, 0), sizeof bytes};
    return process_vm_readv(pid_of(w[0]), &here, 1, &there, 1, 0) < 0 ? -1 : 0;
}
static int op_memory_write(char **w) {
    struct iovec here = {"OVERRUN", 7};
    struct iovec there = {(void *)strtoull(w[1], NULL, 0), 7};
    return process_vm_writev(pid_of(w[0]), &here, 1, &there, 1, 0) < 0 ? -1 : 0;
}
// Writes to the memory of another by /proc/PID/mem.
static int op_mem_file(char **w) {
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/mem", pid_of(w[0]));
    int fd = open(name, O_RDWR);
    if (fd < 0) return -1;
    return pwrite(fd, "OVERRUN", 7, strtoll(w[1], NULL, 0)) == 7 ? 0 : -1;
}
static int op_pidfd_getfd(char **w) {
    int fd = syscall(SYS_pidfd_open, pid_of(w[0]), 0);
    return fd < 0 ? -1 : syscall(SYS_pidfd_getfd, fd, atoi(w[1]), 0);
}
static int op_prlimit(char **w) {
    struct rlimit old;
    if (prlimit(pid_of(w[0]), RLIMIT_FSIZE, NULL, &old)) return -1;
    return prlimit(pid_of(w[0]), RLIMIT_FSIZE, &old, NULL);
}

// Priority, scheduling, processors: each takes what is there and sets it again, or what anybody may.
static int op_setpriority(char **w) {
    int which = atoi(w[0]), who = pid_of(w[1]);
    return setpriority(which, who, 5);
}
static int op_ioprio(char **w) {
    return syscall(SYS_ioprio_set, atoi(w[0]), pid_of(w[1]), (2 << 13) | 7);
}
static int op_affinity(char **w) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return sched_setaffinity(pid_of(w[0]), sizeof set, &set);
}
static int op_scheduler(char **w) {
    struct sched_param none = {0};
    return syscall(SYS_sched_setscheduler, pid_of(w[0]), SCHED_BATCH, &none);
}
static int op_schedparam(char **w) {
    struct sched_param none = {0};
    return syscall(SYS_sched_setparam, pid_of(w[0]), &none);
}
static int op_schedattr(char **w) {
    struct {
        unsigned size, policy;
        unsigned long long flags;
        int nice;
        unsigned priority;
        unsigned long long runtime, deadline, period;
    } how = {.size = 48, .policy = SCHED_BATCH, .nice = 5};
    return syscall(SYS_sched_setattr, pid_of(w[0]), &how, 0);
}
// With a dirty upper half of the register, at which the kernel does not look.
static int op_affinity_dirty(char **w) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return syscall(SYS_sched_setaffinity, 0xdead00000000ull | (unsigned)pid_of(w[0]), sizeof set, &set);
}
static void *wait_here(void *mine) {
    *(_Atomic pid_t *)mine = syscall(SYS_gettid);
    for (int left = 5000; left > 0 && *(_Atomic pid_t *)mine > 0; left--) usleep(1000);
    return NULL;
}
// What OpenMP and its kin do: another thread of one's own by its id, and a child.
static int op_schedule_own(char **w) {
    (void)w;
    _Atomic pid_t thread = 0;
    pthread_t handle;
    if (pthread_create(&handle, NULL, wait_here, (void *)&thread)) return -1;
    while (!thread) usleep(100);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    pid_t ids[] = {thread, child, getpid()};
    int fault = 0, error = 0;
    for (int i = 0; i < 3 && !fault; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", ids[i]);
        char *one[] = {text, NULL}, *priority[] = {"0", text, NULL}, *io[] = {"1", text, NULL};
        fault = op_affinity(one) || op_scheduler(one) || op_schedparam(one) || op_schedattr(one) ||
                op_affinity_dirty(one) || op_setpriority(priority) || op_ioprio(io);
        error = errno;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    struct sched_param none = {0};
    if (!fault) {
        error = pthread_setaffinity_np(handle, sizeof set, &set);
        if (!error) error = pthread_setschedparam(handle, SCHED_OTHER, &none);
        fault = error != 0;
    }
    thread = -1;
    pthread_join(handle, NULL);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    errno = error;
    return fault ? -1 : 0;
}

// A sibling inside the same sandbox: seized, read, signalled.
static int op_sibling(char **w) {
    static char secret[8] = "sibling";
    (void)w;
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    char bytes[8] = {0};
    struct iovec here = {bytes, 8}, there = {secret, 8};
    int fault = ptrace(PTRACE_SEIZE, child, 0, 0) < 0 ||
                process_vm_readv(child, &here, 1, &there, 1, 0) != 8 || strcmp(bytes, "sibling");
    int error = errno;
    kill(child, SIGKILL);
    waitpid(child, NULL, __WALL);
    errno = error;
    return fault ? -1 : 0;
}

// Stays what it is until it is ended: ignores what can be ignored, in a session of its own.
static void linger(const char *file) {
    setsid();
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, 0);
    alarm(0);
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    dprintf(fd, "%d\n", getpid());
    close(fd);
    for (int left = 600; left > 0; left--) usleep(100000);
    _exit(0);
}
static void wait_for(const char *file) {
    struct stat facts;
    for (int left = 5000; left > 0 && (stat(file, &facts) || !facts.st_size); left--) usleep(1000);
}
static int op_daemon(char **w) {
    if (fork() == 0) {
        setsid();
        if (fork() == 0) linger(w[0]);
        _exit(0);
    }
    wait(NULL);
    wait_for(w[0]);
    return 0;
}
// Many at once, each a daemon: FILE.0 FILE.1 ...
static int op_swarm(char **w) {
    char name[4096];
    for (int i = 0; i < atoi(w[1]); i++) {
        snprintf(name, sizeof name, "%s.%d", w[0], i);
        char *one[] = {name, NULL};
        op_daemon(one);
    }
    return 0;
}
static int op_stay(char **w) {
    (void)w;
    for (int left = 600; left > 0; left--) usleep(100000);
    return 0;
}
static int op_stay_deaf(char **w) {
    for (int s = 1; s < 65; s++) signal(s, SIG_IGN);
    return op_stay(w);
}
static int op_exit(char **w) { exit(atoi(w[0])); }
static int op_die(char **w) {
    signal(atoi(w[0]), SIG_DFL);
    raise(atoi(w[0]));
    return 0;
}
// Says which signals are blocked or ignored: none should be.
static int op_signals_clean(char **w) {
    (void)w;
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int s = 1; s < 65; s++) {
        struct sigaction how;
        if (sigismember(&mask, s) == 1) return errno = EBUSY, -1;
        if (!sigaction(s, NULL, &how) && how.sa_handler != SIG_DFL) return errno = EINVAL, -1;
    }
    return 0;
}

// Stands outside as somebody else's process: keeps a secret and says where; notes signals.
static char secret[16] = "outsider-secret";
static volatile sig_atomic_t heard;
static void hear(int number) { heard = number; }
static int op_outsider(char **w) {
    alarm(60);
    for (int s = 1; s < 32; s++)
        if (s != SIGKILL && s != SIGSTOP && s != SIGALRM && s != SIGSEGV && s != SIGBUS) signal(s, hear);
    int open_file = open(w[0], O_RDWR);
    printf("%p %d\n", (void *)secret, open_file);
    fflush(stdout);
    for (;;) {
        usleep(5000);
        if (heard) printf("signal %d\n", heard);
        if (strcmp(secret, "outsider-secret")) printf("overrun\n");
        if (heard || strcmp(secret, "outsider-secret")) break;
    }
    return 0;
}

const struct operation process_operations[] = {
    {"kill", 2, op_kill}, {"tgkill", 2, op_tgkill}, {"kill_group", 2, op_kill_group},
    {"pidfd_signal", 2, op_pidfd_signal}, {"sigqueue", 2, op_sigqueue}, {"sigio", 2, op_sigio},
    {"attach", 1, op_attach}, {"seize", 1, op_seize}, {"memory_read", 2, op_memory_read},
    {"memory_write", 2, op_memory_write}, {"mem_file", 2, op_mem_file},
    {"pidfd_getfd", 2, op_pidfd_getfd}, {"prlimit", 1, op_prlimit}, {"sibling", 0, op_sibling},
    {"setpriority", 2, op_setpriority}, {"ioprio", 2, op_ioprio}, {"affinity", 1, op_affinity},
    {"affinity_dirty", 1, op_affinity_dirty}, {"scheduler", 1, op_scheduler},
    {"schedparam", 1, op_schedparam}, {"schedattr", 1, op_schedattr},
    {"schedule_own", 0, op_schedule_own},
    {"daemon", 1, op_daemon}, {"swarm", 2, op_swarm}, {"stay", 0, op_stay},
    {"stay_deaf", 0, op_stay_deaf}, {"exit", 1, op_exit}, {"die", 1, op_die},
    {"signals_clean", 0, op_signals_clean}, {"outsider", 1, op_outsider}, {NULL, 0, NULL}};

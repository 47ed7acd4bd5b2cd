// Changing what is known of a file but not what is in it; and a thread that swaps paths under a call.
#include "probe.h"
#include <pthread.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

// By way of a descriptor that gives no right to read or write.
static int with_path_fd(const char *path, int (*act)(int)) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return -1;
    int result = act(fd), error = errno;
    close(fd);
    errno = error;
    return result;
}
static const char *name_of(int fd) {
    static char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return name;
}

static int op_chmod(char **w) { return chmod(w[0], 0777); }
static int op_fchmodat(char **w) { return syscall(SYS_fchmodat, AT_FDCWD, w[0], 0777); }
static int op_fchmodat2(char **w) { return syscall(452, AT_FDCWD, w[0], 0777, 0); }
static int chmod_empty(int fd) { return syscall(452, fd, "", 0777, AT_EMPTY_PATH); }
static int chmod_magic(int fd) { return chmod(name_of(fd), 0777); }
static int op_chmod_empty(char **w) { return with_path_fd(w[0], chmod_empty); }
static int op_chmod_magic(char **w) { return with_path_fd(w[0], chmod_magic); }
static int op_fchmod(char **w) { return fchmod(atoi(w[0]), 0777); }
// fchmod_own FILE: opened for reading, as archivers do it.
static int op_fchmod_own(char **w) {
    int fd = open(w[0], O_RDONLY);
    return fd < 0 ? -1 : fchmod(fd, 0640);
}

// To oneself, which everybody may; it clears setuid bits and is told to whoever watches.
static int op_chown(char **w) { return chown(w[0], geteuid(), getegid()); }
static int op_lchown(char **w) { return lchown(w[0], geteuid(), getegid()); }
static int op_fchownat(char **w) { return fchownat(AT_FDCWD, w[0], geteuid(), getegid(), 0); }
static int chown_empty(int fd) { return fchownat(fd, "", geteuid(), getegid(), AT_EMPTY_PATH); }
static int op_chown_empty(char **w) { return with_path_fd(w[0], chown_empty); }
static int op_fchown(char **w) { return fchown(atoi(w[0]), geteuid(), getegid()); }
static int op_chown_to(char **w) { return chown(w[0], atoi(w[1]), -1); }

static const struct timespec then[2] = {{1, 0}, {1, 0}};
static int op_utimensat(char **w) { return utimensat(AT_FDCWD, w[0], then, 0); }
static int op_utimensat_link(char **w) { return utimensat(AT_FDCWD, w[0], then, AT_SYMLINK_NOFOLLOW); }
static int op_utimes(char **w) {
    struct timeval times[2] = {{1, 0}, {1, 0}};
    return syscall(SYS_utimes, w[0], times);
}
static int op_utime(char **w) {
    struct utimbuf times = {1, 1};
    return syscall(SYS_utime, w[0], &times);
}
static int op_futimesat(char **w) {
    struct timeval times[2] = {{1, 0}, {1, 0}};
    return syscall(SYS_futimesat, AT_FDCWD, w[0], times);
}
static int times_empty(int fd) { return syscall(SYS_utimensat, fd, "", then, AT_EMPTY_PATH); }
static int op_utimensat_empty(char **w) { return with_path_fd(w[0], times_empty); }
static int op_futimens(char **w) { return futimens(atoi(w[0]), then); }

static int op_setxattr(char **w) { return setxattr(w[0], "user.stockade", "x", 1, 0); }
static int op_lsetxattr(char **w) { return lsetxattr(w[0], "user.stockade", "x", 1, 0); }
static int op_removexattr(char **w) { return removexattr(w[0], "user.stockade"); }
static int xattr_magic(int fd) { return setxattr(name_of(fd), "user.stockade", "x", 1, 0); }
static int op_setxattr_magic(char **w) { return with_path_fd(w[0], xattr_magic); }
static int op_fsetxattr(char **w) { return fsetxattr(atoi(w[0]), "user.stockade", "x", 1, 0); }

struct swap { const char *one, *other; volatile int over; };
static void *swap_on(void *given) {
    struct swap *swap = given;
    while (!swap->over) renameat2(AT_FDCWD, swap->one, AT_FDCWD, swap->other, RENAME_EXCHANGE);
    return NULL;
}
// race DIR OTHER NAME AIM TRIES: DIR and OTHER change places all the time while DIR/NAME is opened
// for writing; ok as soon as that opened AIM, else the last refusal.
static int op_race(char **w) {
    char path[4200];
    snprintf(path, sizeof path, "%s/%s", w[0], w[2]);
    struct stat aim, got;
    if (stat(w[3], &aim)) return -1;
    struct swap swap = {w[0], w[1], 0};
    pthread_t thread;
    if ((errno = pthread_create(&thread, NULL, swap_on, &swap))) return -1;
    int result = -1, refusal = EAGAIN;
    for (int left = atoi(w[4]); left > 0 && result < 0; left--) {
        int fd = open(path, O_WRONLY);
        if (fd < 0) {
            if (errno != ENOENT) refusal = errno;
            continue;
        }
        if (!fstat(fd, &got) && got.st_ino == aim.st_ino && got.st_dev == aim.st_dev) result = 0;
        close(fd);
    }
    swap.over = 1;
    pthread_join(thread, NULL);
    errno = refusal;
    return result;
}

const struct operation metadata_operations[] = {
    {"chmod", 1, op_chmod}, {"fchmodat", 1, op_fchmodat}, {"fchmodat2", 1, op_fchmodat2},
    {"chmod_empty", 1, op_chmod_empty}, {"chmod_magic", 1, op_chmod_magic}, {"fchmod", 1, op_fchmod},
    {"fchmod_own", 1, op_fchmod_own}, {"chown", 1, op_chown}, {"lchown", 1, op_lchown},
    {"fchownat", 1, op_fchownat}, {"chown_empty", 1, op_chown_empty}, {"fchown", 1, op_fchown},
    {"chown_to", 2, op_chown_to}, {"utimensat", 1, op_utimensat},
    {"utimensat_link", 1, op_utimensat_link}, {"utimes", 1, op_utimes}, {"utime", 1, op_utime},
    {"futimesat", 1, op_futimesat}, {"utimensat_empty", 1, op_utimensat_empty},
    {"futimens", 1, op_futimens}, {"setxattr", 1, op_setxattr}, {"lsetxattr", 1, op_lsetxattr},
    {"removexattr", 1, op_removexattr}, {"setxattr_magic", 1, op_setxattr_magic},
    {"fsetxattr", 1, op_fsetxattr}, {"race", 5, op_race}, {NULL, 0, NULL}};

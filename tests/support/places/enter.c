// Goes to a place and runs a program there: enter OPTION... -- PROGRAM WORD...
//
//   --uid N --gid N    as this user, with no other groups
//   --set NAME=VALUE   with this in the environment
//   --caps MASK        with these capabilities at most (a number), and nothing to win back
//   --no-new-privs     with no_new_privs
//   --filter FILE      under this seccomp program (struct sock_filter, as they are in memory)
//   --landlock         in a Landlock domain that grants everything; said often, in as many of them
//   --fake-root        as the superuser of a user namespace of its own
//   --read-only        in a mount namespace where everything is read-only but what is named next
//   --volume DIR       but not this directory
//   --tmpfs DIR        and this one is empty, in memory
//
// The process stays what it is: no fork, so that its pid and its parent are the program's.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> cannot both be read everywhere.
int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
enum { BIND = 4096, RECURSIVE = 16384, PRIVATE = 1 << 18, SET_READ_ONLY = 1, WHOLE_TREE = 0x8000 };

static void must(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "enter: %s: %s\n", what, strerror(errno));
    exit(99);
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    must(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
    close(fd);
}

static void filter(const char *path) {
    static struct sock_filter code[BPF_MAXINSNS];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = read(fd, code, sizeof code);
    must(length > 0, path);
    close(fd);
    struct sock_fprog program = {length / sizeof *code, code};
    must(!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "seccomp");
}

static void keep_caps(unsigned long long mask) {
    for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
        if (!(mask >> cap & 1)) must(!prctl(PR_CAPBSET_DROP, cap), "bounding set");
    must(!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "ambient set");
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {{0}};
    for (int i = 0; i < 2; i++) sets[i].effective = sets[i].permitted = mask >> 32 * i;
    must(!syscall(SYS_capset, &head, sets), "capset");
}

static void landlock(void) {
    struct landlock_ruleset_attr all = {.handled_access_fs = (1 << 15) - 1};
    int rules = syscall(SYS_landlock_create_ruleset, &all, sizeof all.handled_access_fs, 0);
    must(rules >= 0, "ruleset");
    struct landlock_path_beneath_attr top = {all.handled_access_fs, open("/", O_PATH | O_CLOEXEC)};
    must(!syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &top, 0), "rule");
    must(!syscall(SYS_landlock_restrict_self, rules, 0), "restrict");
    close(top.parent_fd);
    close(rules);
}

static void fake_root(unsigned uid, unsigned gid) {
    char map[64];
    // A change of user has closed /proc/self to it.
    must(!prctl(PR_SET_DUMPABLE, 1), "dumpable");
    must(!unshare(CLONE_NEWUSER), "user namespace");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1", uid);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", gid);
    write_file("/proc/self/gid_map", map);
}

static void set_read_only(const char *path, int tree, unsigned long long set, unsigned long long clear) {
    struct mount_attr how = {.attr_set = set, .attr_clr = clear};
    must(!syscall(SYS_mount_setattr, AT_FDCWD, path, tree, &how, sizeof how), path);
}

static void read_only(char **words) {
    must(!unshare(CLONE_NEWNS), "mount namespace");
    must(!mount(NULL, "/", NULL, PRIVATE | RECURSIVE, NULL), "private");
    for (char **w = words; strcmp(*w, "--"); w++)
        if (!strcmp(*w, "--volume")) must(!mount(w[1], w[1], NULL, BIND, NULL), w[1]);
    set_read_only("/", WHOLE_TREE, SET_READ_ONLY, 0);
    for (char **w = words; strcmp(*w, "--"); w++) {
        if (!strcmp(*w, "--volume")) set_read_only(w[1], 0, 0, SET_READ_ONLY);
        if (!strcmp(*w, "--tmpfs")) must(!mount("tmpfs", w[1], "tmpfs", 0, "mode=1777"), w[1]);
    }
    // The directory one stands in is still the one below.
    char *here = getcwd(NULL, 0);
    must(here && !chdir(here), "directory");
}

int main(int argc, char **argv) {
    unsigned uid = getuid(), gid = getgid();
    unsigned long long caps = 0;
    int with_caps = 0, no_new_privs = 0, with_landlock = 0, with_fake_root = 0, is_read_only = 0, at = 1;
    const char *filters[4];
    int many = 0;
    for (; at < argc && strcmp(argv[at], "--"); at++) {
        const char *word = argv[at];
        if (!strcmp(word, "--no-new-privs")) no_new_privs = 1;
        else if (!strcmp(word, "--landlock")) with_landlock++;
        else if (!strcmp(word, "--fake-root")) with_fake_root = 1;
        else if (!strcmp(word, "--read-only")) is_read_only = 1;
        else if (at + 1 == argc) break;
        else if (!strcmp(word, "--uid")) uid = atoi(argv[++at]);
        else if (!strcmp(word, "--gid")) gid = atoi(argv[++at]);
        else if (!strcmp(word, "--set")) putenv(argv[++at]);
        else if (!strcmp(word, "--caps")) caps = strtoull(argv[++at], NULL, 0), with_caps = 1;
        else if (!strcmp(word, "--filter") && many < 4) filters[many++] = argv[++at];
        else if (!strcmp(word, "--volume") || !strcmp(word, "--tmpfs")) at++;
        else break;
    }
    errno = EINVAL;
    must(at + 1 < argc && !strcmp(argv[at], "--"), "options");
    if (is_read_only) read_only(argv + 1);
    // Whoever may not set no_new_privs needs the superuser's rights to load a filter.
    if (!no_new_privs)
        for (int i = 0; i < many; i++) filter(filters[i]);
    if (with_caps && uid == 0) keep_caps(caps);
    if (uid != getuid() || gid != getgid()) {
        if (with_caps) for (int cap = 0; prctl(PR_CAPBSET_READ, cap) >= 0; cap++) prctl(PR_CAPBSET_DROP, cap);
        must(!setgroups(0, NULL) && !setresgid(gid, gid, gid) && !setresuid(uid, uid, uid), "user");
        must(!prctl(PR_SET_DUMPABLE, 1), "dumpable");
    }
    if (with_fake_root) fake_root(uid, gid);
    if (no_new_privs || with_landlock) must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    for (int i = 0; i < with_landlock; i++) landlock();
    if (no_new_privs)
        for (int i = 0; i < many; i++) filter(filters[i]);
    execvp(argv[at + 1], argv + at + 1);
    must(0, argv[at + 1]);
}

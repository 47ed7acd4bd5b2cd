/* The layers of a run written by hand: two Landlock domains and one filter that looks at opens, then
 * exec. What `scripts/bench-reads.sh` measures stockade against; it protects nothing by itself.
 *
 * usage: by_hand WORKSPACE PROGRAM [ARGUMENT...] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define READ (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* ABI 1: every right that has to do with writing. */
#define ALL 0x1fffULL

static void check(long result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(125);
    }
}

static void grant(int ruleset, const char *path, unsigned long long rights) {
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) return;
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    check(syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0), path);
    close(fd);
}

static int ruleset(unsigned long long handled) {
    struct landlock_ruleset_attr attr = {.handled_access_fs = handled};
    int fd = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    check(fd, "landlock_create_ruleset");
    return fd;
}

static const int refused[] = {
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare, SYS_bpf, SYS_ptrace,
    SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_sethostname, SYS_setdomainname, SYS_settimeofday, SYS_clock_settime, SYS_acct, SYS_quotactl,
    SYS_open_by_handle_at, SYS_shmget, SYS_semget, SYS_msgget, SYS_syslog, SYS_vhangup,
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_fsopen, SYS_open_tree,
    SYS_move_mount, SYS_fsmount, SYS_fspick, SYS_fsconfig, SYS_mount_setattr,
};

/* Opens with intent to write are let through here: there is nobody to ask. */
static void filter(void) {
    enum { CALLS = sizeof refused / sizeof *refused };
    struct sock_filter code[CALLS + 16];
    int n = 0;
#define ADD(...) code[n++] = (struct sock_filter)__VA_ARGS__
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4));
    ADD(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_PATH, 1, 0));
    ADD(BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 0));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    for (int i = 0; i < CALLS; i++)
        ADD(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused[i], CALLS - i, 0));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    ADD(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
    struct sock_fprog program = {.len = n, .filter = code};
    check(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program), "seccomp");
}

int main(int count, char **words) {
    if (count < 3) return 125;
    const char *readable[] = {"/usr", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/etc", "/proc", "/sys"};
    int outer = ruleset(ALL), inner = ruleset(LANDLOCK_ACCESS_FS_EXECUTE);
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) grant(outer, readable[i], READ);
    grant(outer, getenv("HOME"), READ);
    grant(outer, "/dev", READ | LANDLOCK_ACCESS_FS_WRITE_FILE);
    grant(outer, "/tmp", ALL);
    grant(outer, words[1], ALL);
    grant(inner, "/", LANDLOCK_ACCESS_FS_EXECUTE);
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
    check(syscall(SYS_landlock_restrict_self, outer, 0), "landlock_restrict_self");
    check(syscall(SYS_landlock_restrict_self, inner, 0), "landlock_restrict_self");
    close(outer);
    close(inner);
    filter();
    execvp(words[2], words + 2);
    perror(words[2]);
    return 127;
}

// A supervisor as it must not be: it reads the address of a connect, finds it good, and lets the kernel
// go on with whatever the address has become meanwhile.
//
//   naive GOOD PROGRAM WORD..   connects of the program are let go on when they name GOOD
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listener(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    struct sock_fprog program = {4, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int fd = listener();
    if (fd < 0) return 3;
    pid_t child = fork();
    if (!child) {
        close(fd);
        execv(argv[2], argv + 2);
        _exit(4);
    }
    for (;;) {
        struct seccomp_notif call = {0};
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        int status;
        if (waitpid(child, &status, WNOHANG) == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 5;
        if (poll(&ready, 1, 100) < 1 || ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call)) continue;
        struct sockaddr_un name = {0};
        struct iovec here = {&name, sizeof name - 1}, there = {(void *)call.data.args[1], sizeof name - 1};
        process_vm_readv(call.pid, &here, 1, &there, 1, 0);
        struct seccomp_notif_resp answer = {.id = call.id};
        if (!strcmp(name.sun_path, argv[1])) answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        else answer.error = -EACCES;
        ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

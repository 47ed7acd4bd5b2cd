/* What the trials run inside: one deed a word. It judges nothing; its status and output are looked at outside. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char group[4096];

/* Where this process is, as /proc says it. */
static void find_group(void) {
    char line[3000] = "";
    FILE *file = fopen("/proc/self/cgroup", "r");
    if (!file || !fgets(line, sizeof line, file)) exit(99);
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    snprintf(group, sizeof group, "/sys/fs/cgroup%s", strncmp(line, "0::", 3) ? "" : line + 3);
}

static const char *in_group(const char *name) {
    static char path[8192];
    snprintf(path, sizeof path, "%s/%s", group, name);
    return path;
}

static int put(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    if (file < 0) return errno;
    int error = write(file, text, strlen(text)) < 0 ? errno : 0;
    close(file);
    return error;
}

/* Takes so many megabytes and uses them. */
static void take(long megabytes) {
    volatile char *memory = malloc((size_t)megabytes << 20);
    if (!memory) exit(3);
    for (long at = 0; at < megabytes << 20; at += 1024) memory[at] = (char)(at | 1);
}

/* Forks and goes on forking, until it may not; then all wait. */
static void bomb(void) {
    for (;;) {
        if (fork() < 0) usleep(20000);
    }
}

static double cpu_used(int who) {
    struct rusage usage;
    getrusage(who, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Two processes are busy for so many seconds; prints the processor time they got, in thousandths. */
static void spin(int seconds) {
    pid_t children[2];
    for (int at = 0; at < 2; at++) {
        children[at] = fork();
        if (children[at] == 0) {
            struct timespec now, begin;
            clock_gettime(CLOCK_MONOTONIC, &begin);
            do clock_gettime(CLOCK_MONOTONIC, &now);
            while (now.tv_sec - begin.tv_sec < seconds);
            _exit(0);
        }
    }
    for (int at = 0; at < 2; at++) waitpid(children[at], NULL, 0);
    printf("%ld\n", (long)(cpu_used(RUSAGE_CHILDREN) * 1000));
}

/* Starts a process in another group, by clone3(2). */
static int start_in(const char *other) {
    int group_fd = open(other, O_PATH | O_DIRECTORY);
    if (group_fd < 0) return errno;
    struct { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup; }
        words = { .flags = 0x200000000ULL, .exit_signal = SIGCHLD, .cgroup = (uint64_t)group_fd };
    long child = syscall(SYS_clone3, &words, sizeof words);
    if (child == 0) _exit(0);
    if (child < 0) return errno;
    waitpid((pid_t)child, NULL, 0);
    return 0;
}

/* Every way to have more than the group gives, by way of another group that is the user's too; prints
   each with its error, 0 for one that worked. */
static void lift(const char *other) {
    char procs[8192];
    find_group();
    printf("memory.max %d\n", put(in_group("memory.max"), "max"));
    printf("pids.max %d\n", put(in_group("pids.max"), "max"));
    printf("oom.group %d\n", put(in_group("memory.oom.group"), "0"));
    printf("mkdir %d\n", mkdir(in_group("inner"), 0755) ? errno : 0);
    rmdir(in_group("inner"));
    printf("mkdir-beside %d\n", mkdir(in_group("../inner"), 0755) ? errno : 0);
    rmdir(in_group("../inner"));
    printf("clone3 %d\n", start_in(other));
    snprintf(procs, sizeof procs, "%s/cgroup.procs", other);
    printf("move %d\n", put(procs, "0"));
}

int main(int count, char **words) {
    const char *deed = count > 1 ? words[1] : "";
    long number = count > 2 ? atol(words[2]) : 0;
    if (!strcmp(deed, "hog")) {
        take(number);
    } else if (!strcmp(deed, "hogs")) {
        /* Each has little, all together have much. */
        for (int at = 0; at < 8; at++)
            if (fork() == 0) { take(number); pause(); }
        while (wait(NULL) > 0) {}
    } else if (!strcmp(deed, "bomb")) {
        bomb();
    } else if (!strcmp(deed, "spin")) {
        spin((int)number);
    } else if (!strcmp(deed, "write") && count > 2) {
        int file = open(words[2], O_WRONLY | O_CREAT, 0644);
        printf("%d\n", file < 0 ? errno : 0);
    } else if (!strcmp(deed, "as") && count > 3) {
        /* Becomes that user, and the rest of the words. */
        if (setgroups(0, NULL) || setgid((gid_t)number) || setuid((uid_t)number)) return 97;
        execvp(words[3], words + 3);
        return 96;
    } else if (!strcmp(deed, "lift")) {
        lift(count > 2 ? words[2] : "");
    } else {
        return 98;
    }
    return 0;
}

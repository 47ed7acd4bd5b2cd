// The probe: does one thing after the other by bare system calls and says what the kernel answered.
//
//   probe @FILE      each line of FILE is an operation and its words, parted by blanks
//   probe OP WORD..  one operation
//
// Prints a line for each, "OP ok" or "OP ERRNO". Its orders stand in a file so that gate one, which
// reads command lines, has nothing to read: what refuses is then the sandbox.
#include "probe.h"
#include <sys/wait.h>

static const struct operation *const subjects[] = {
    file_operations,    process_operations, network_operations,
    kernel_operations,  metadata_operations, socket_operations};

static pid_t parent_of(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    if (length <= 0) return -1;
    text[length] = 0;
    char *after_name = strrchr(text, ')');
    int parent = -1;
    if (after_name) sscanf(after_name, ") %*c %d", &parent);
    return parent;
}

pid_t pid_of(const char *word) {
    if (!strcmp(word, "self")) return getpid();
    if (!strcmp(word, "parent")) return getppid();
    if (!strcmp(word, "front")) {
        // Nobody's number where the front is not seen: 0 would be oneself.
        pid_t front = parent_of(getppid());
        return front > 0 ? front : 0x3fffffff;
    }
    return atoi(word);
}

const char *path_of(const char *word) {
    static char path[4096];
    static const char *const named[] = {"/proc/parent/", "/proc/front/"};
    for (int i = 0; i < 2; i++) {
        size_t length = strlen(named[i]);
        if (strncmp(word, named[i], length)) continue;
        pid_t pid = pid_of(i ? "front" : "parent");
        snprintf(path, sizeof path, "/proc/%d/%s", pid, word + length);
        return path;
    }
    return word;
}

int answer_of_child(pid_t child) {
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0) return -1;
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : ECANCELED;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) errno = ENOTSUP;
    return errno ? -1 : 0;
}

static int perform(char **word, int words) {
    for (unsigned s = 0; s < sizeof subjects / sizeof *subjects; s++)
        for (const struct operation *op = subjects[s]; op->name; op++) {
            if (strcmp(op->name, word[0])) continue;
            if (words - 1 < op->words) break;
            errno = 0;
            int result = op->run(word + 1);
            int error = errno;
            const char *name = strerrorname_np(error);
            printf("%s %s\n", word[0], result >= 0 ? "ok" : name ? name : "?");
            fflush(stdout);
            return result >= 0 ? 0 : 1;
        }
    printf("%s: no such operation with %d words\n", word[0], words - 1);
    return 2;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (argv[1][0] != '@') return perform(argv + 1, argc - 1);
    FILE *orders = fopen(argv[1] + 1, "re");
    if (!orders) return 2;
    char line[8192];
    int worst = 0;
    while (fgets(line, sizeof line, orders)) {
        char *word[64];
        int words = 0;
        for (char *w = strtok(line, " \n"); w && words < 63; w = strtok(NULL, " \n")) word[words++] = w;
        word[words] = NULL;
        if (!words) continue;
        int result = perform(word, words);
        if (result > worst) worst = result;
    }
    return worst;
}

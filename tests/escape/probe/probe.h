// What the subjects of the probe share. An operation returns 0 or -1 with errno, like a system call.
#ifndef PROBE_H
#define PROBE_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

struct operation {
    const char *name;
    int words; // how many words it takes at least
    int (*run)(char **word);
};

extern const struct operation file_operations[];
extern const struct operation process_operations[];
extern const struct operation network_operations[];
extern const struct operation kernel_operations[];
extern const struct operation metadata_operations[];
extern const struct operation socket_operations[];

// A pid by number, or by name: self, parent (the guardian), front (the guardian's parent).
pid_t pid_of(const char *word);
// A path in which /proc/parent and /proc/front stand for those processes; lives until the next call.
const char *path_of(const char *word);
// Waits for a child; its exit status taken as an errno, -1 with ECANCELED when a signal ended it.
int answer_of_child(pid_t child);
#endif

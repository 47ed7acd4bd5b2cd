// Changing and reading files by every call that can.
#include "probe.h"
#include <dirent.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>

static int put(int fd) {
    if (fd < 0) return -1;
    int result = write(fd, "x", 1) == 1 ? 0 : -1, error = errno;
    close(fd);
    errno = error;
    return result;
}

static int shut(int fd) {
    if (fd >= 0) close(fd);
    return fd < 0 ? -1 : 0;
}

static int op_write(char **w) { return put(open(path_of(w[0]), O_WRONLY)); }
static int op_append(char **w) { return put(open(w[0], O_WRONLY | O_APPEND)); }
static int op_rdwr(char **w) { return put(open(w[0], O_RDWR)); }
static int op_create(char **w) { return put(open(w[0], O_WRONLY | O_CREAT | O_EXCL, 0644)); }
static int op_creat(char **w) { return put(syscall(SYS_creat, w[0], 0644)); }
static int op_open_trunc(char **w) { return shut(open(w[0], O_RDONLY | O_TRUNC)); }
static int op_write_trunc(char **w) { return put(open(w[0], O_WRONLY | O_TRUNC)); }
static int op_tmpfile(char **w) { return put(open(w[0], O_TMPFILE | O_RDWR, 0600)); }
static int op_truncate(char **w) { return truncate(w[0], 0); }
static int op_unlink(char **w) { return unlink(w[0]); }
static int op_rmdir(char **w) { return rmdir(w[0]); }
static int op_mkdir(char **w) { return mkdir(w[0], 0755); }
static int op_rename(char **w) { return rename(w[0], w[1]); }
static int op_exchange(char **w) { return renameat2(AT_FDCWD, w[0], AT_FDCWD, w[1], RENAME_EXCHANGE); }
static int op_link(char **w) { return link(w[0], w[1]); }
static int op_symlink(char **w) { return symlink(w[0], w[1]); }
static int op_mkfifo(char **w) { return mkfifo(w[0], 0644); }
static int op_mknod_file(char **w) { return mknod(w[0], S_IFREG | 0644, 0); }
static int op_mknod_null(char **w) { return mknod(w[0], S_IFCHR | 0666, makedev(1, 3)); }
static int op_mknod_disk(char **w) { return mknod(w[0], S_IFBLK | 0600, makedev(7, 0)); }

// linkat by a descriptor of the file, which names no path of it.
static int op_link_fd(char **w) {
    int fd = open(w[0], O_PATH);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return fd < 0 ? -1 : linkat(AT_FDCWD, name, AT_FDCWD, w[1], AT_SYMLINK_FOLLOW);
}

static int op_path_openat(char **w) {
    int dir = open(w[0], O_PATH | O_DIRECTORY);
    return dir < 0 ? -1 : put(openat(dir, w[1], O_WRONLY));
}

static int op_path_unlinkat(char **w) {
    int dir = open(w[0], O_PATH | O_DIRECTORY);
    return dir < 0 ? -1 : unlinkat(dir, w[1], 0);
}

// openat2 DIR NAME RESOLVE: RESOLVE as a number of linux/openat2.h.
static int op_openat2(char **w) {
    int dir = open(w[0], O_PATH | O_DIRECTORY);
    struct open_how how = {.flags = O_WRONLY, .resolve = strtoull(w[2], NULL, 0)};
    return dir < 0 ? -1 : put(syscall(SYS_openat2, dir, w[1], &how, sizeof how));
}

// read_openat2 PATH RESOLVE: by the call that lets nobody see its flags.
static int op_read_openat2(char **w) {
    char bytes[4096];
    struct open_how how = {.flags = O_RDONLY, .resolve = strtoull(w[1], NULL, 0)};
    int fd = syscall(SYS_openat2, AT_FDCWD, path_of(w[0]), &how, sizeof how);
    return fd < 0 || read(fd, bytes, sizeof bytes) < 0 ? -1 : close(fd);
}

static int reopen(int fd, const char *rest) {
    char name[4200];
    snprintf(name, sizeof name, "/proc/self/fd/%d%s", fd, rest);
    return put(open(name, O_WRONLY));
}

static int op_reopen(char **w) { return reopen(atoi(w[0]), ""); }
static int op_reopen_path(char **w) {
    int fd = open(w[0], O_PATH);
    return fd < 0 ? -1 : reopen(fd, "");
}
// fd_above DIR REST: /proc/self/fd/N/REST of a directory opened for reading.
static int op_fd_above(char **w) {
    int fd = open(w[0], O_RDONLY | O_DIRECTORY);
    char rest[4100];
    snprintf(rest, sizeof rest, "/%s", w[1]);
    return fd < 0 ? -1 : reopen(fd, rest);
}
static int op_write_fd(char **w) { return write(atoi(w[0]), "\n", 1) == 1 ? 0 : -1; }
static int op_read_fd(char **w) {
    char byte;
    return read(atoi(w[0]), &byte, 1) < 0 ? -1 : 0;
}
static int op_fd_openat(char **w) { return put(openat(atoi(w[0]), w[1], O_WRONLY)); }

// A change through a shared mapping, which no write(2) shows.
static int op_map_write(char **w) {
    int fd = open(w[0], O_RDWR);
    if (fd < 0) return -1;
    char *page = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (page == MAP_FAILED) return -1;
    page[0] = 'x';
    return munmap(page, 1);
}

static int op_bind_socket(char **w) {
    int pair[2];
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    // socket(AF_UNIX) may be refused; the end of a pair can be given a name all the same.
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return -1;
    if (strlen(w[0]) >= sizeof name.sun_path) return errno = ENAMETOOLONG, -1;
    strcpy(name.sun_path, w[0]);
    return bind(pair[0], (struct sockaddr *)&name, sizeof name);
}

// Reads something of a file, a directory or a link: whichever it is.
static int op_read(char **w) {
    char bytes[4096];
    int fd = open(path_of(w[0]), O_RDONLY | O_NONBLOCK);
    if (fd < 0) return -1;
    ssize_t got = read(fd, bytes, sizeof bytes);
    if (got < 0 && errno == EISDIR) {
        DIR *dir = fdopendir(fd);
        return dir && readdir(dir) ? 0 : -1;
    }
    return got < 0 ? -1 : 0;
}

// Follows a magic link of /proc and lists or reads what it leads to.
static int op_readlink(char **w) {
    char bytes[4096];
    return readlink(path_of(w[0]), bytes, sizeof bytes) < 0 ? -1 : 0;
}

// Opens each descriptor below /proc/PID/fd: ok when one could be.
static int op_steal_fds(char **w) {
    char name[4096];
    int last = ENOENT;
    for (int fd = 0; fd < 32; fd++) {
        snprintf(name, sizeof name, "%s/%d", path_of(w[0]), fd);
        int got = open(name, O_RDONLY | O_NONBLOCK);
        if (got >= 0) return close(got);
        if (errno != ENOENT) last = errno;
    }
    errno = last;
    return -1;
}

static int op_handle(char **w) {
    struct { struct file_handle h; char room[128]; } handle = {.h.handle_bytes = 128};
    int mount, fd = open(w[0], O_RDONLY | O_DIRECTORY);
    if (fd < 0) fd = open("/tmp", O_RDONLY | O_DIRECTORY);
    if (name_to_handle_at(AT_FDCWD, w[1], &handle.h, &mount, 0)) return -1;
    return put(open_by_handle_at(fd, &handle.h, O_WRONLY));
}

static int op_exec(char **w) {
    pid_t child = fork();
    if (child == 0) {
        execl(w[0], w[0], "env", (char *)NULL);
        _exit(errno);
    }
    return answer_of_child(child);
}

// Runs a shell text; ok when it ends with status 0, else the status read as an errno.
static int op_script(char **w) {
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/bash", "bash", "--norc", "--noprofile", w[0], (char *)NULL);
        _exit(errno);
    }
    return answer_of_child(child);
}

// script_with FILE PORT: the same with $PORT set.
static int op_script_with(char **w) {
    setenv("PORT", w[1], 1);
    return op_script(w);
}

// python connect PORT: a connection as a Python program makes it.
static int op_python(char **w) {
    static const char text[] = "import socket, sys\n"
                               "try: socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).send(b'leak')\n"
                               "except OSError as error: sys.exit(error.errno)\n";
    pid_t child = fork();
    if (child == 0) {
        execl("/usr/bin/python3", "python3", "-c", text, w[1], (char *)NULL);
        _exit(errno);
    }
    return answer_of_child(child);
}

const struct operation file_operations[] = {
    {"write", 1, op_write}, {"append", 1, op_append}, {"rdwr", 1, op_rdwr},
    {"create", 1, op_create}, {"creat", 1, op_creat}, {"open_trunc", 1, op_open_trunc},
    {"write_trunc", 1, op_write_trunc}, {"tmpfile", 1, op_tmpfile}, {"truncate", 1, op_truncate},
    {"unlink", 1, op_unlink}, {"rmdir", 1, op_rmdir}, {"mkdir", 1, op_mkdir},
    {"rename", 2, op_rename}, {"exchange", 2, op_exchange}, {"link", 2, op_link},
    {"link_fd", 2, op_link_fd}, {"symlink", 2, op_symlink}, {"mkfifo", 1, op_mkfifo},
    {"mknod_file", 1, op_mknod_file}, {"mknod_null", 1, op_mknod_null},
    {"mknod_disk", 1, op_mknod_disk}, {"path_openat", 2, op_path_openat},
    {"path_unlinkat", 2, op_path_unlinkat}, {"openat2", 3, op_openat2},
    {"read_openat2", 2, op_read_openat2}, {"reopen", 1, op_reopen},
    {"reopen_path", 1, op_reopen_path}, {"fd_above", 2, op_fd_above}, {"write_fd", 1, op_write_fd},
    {"read_fd", 1, op_read_fd}, {"fd_openat", 2, op_fd_openat}, {"map_write", 1, op_map_write},
    {"bind_socket", 1, op_bind_socket}, {"read", 1, op_read}, {"readlink", 1, op_readlink},
    {"steal_fds", 1, op_steal_fds}, {"handle", 2, op_handle}, {"exec", 1, op_exec},
    {"script", 1, op_script}, {"script_with", 2, op_script_with},
    {"python", 2, op_python}, {NULL, 0, NULL}};

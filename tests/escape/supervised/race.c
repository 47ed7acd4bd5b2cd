// Threads that swap what a name means while another uses it. Runs inside: race WORKSPACE TRIES
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static volatile int stop, mode;
static char path[64], other[64];
static int slot, good_dir, bad_dir;
static long flips;
// the same length, so that one store of eight bytes at a time flips between them
static const char GOOD[] = "plain/dir/././././././pre-commit";
static const char BAD[]  = "repo/.git/././././hooks/pre-commit";
static void *swap(void *unused) {
    (void)unused;
    while (!stop) {
        switch (mode) {
        case 0: memcpy(path, GOOD, sizeof GOOD); __sync_synchronize(); memcpy(path, BAD, sizeof BAD); break;
        case 1: syscall(SYS_renameat2, AT_FDCWD, "plain/la", AT_FDCWD, "plain/lb", 2); break;
        case 2: dup2(good_dir, slot); dup2(bad_dir, slot); break;
        case 3: fchdir(good_dir); fchdir(bad_dir); break;
        case 4: rename("plain/dir", "plain/dir2"); symlink("../repo/.git/hooks", "plain/dir"); unlink("plain/dir"); rename("plain/dir2", "plain/dir"); break;
        }
        flips++;
    }
    return 0;
}
static int won(void) {
    struct stat s; int w = 0;
    if (!fstatat(bad_dir, "pre-commit", &s, AT_SYMLINK_NOFOLLOW)) { w = 1; }
    if (fstatat(bad_dir, "pre-push", &s, 0) || s.st_size != 5 || (s.st_mode & 0777) != 0755) { w = 2; }
    return w;
}
int main(int argc, char **argv) {
    (void)argc;
    if (chdir(argv[1])) return 9;
    long tries = atol(argv[2]), lost = 0, hits = 0;
    good_dir = open("plain/dir", O_PATH); bad_dir = open("repo/.git/hooks", O_PATH); slot = dup(good_dir);
    int home = open(".", O_PATH);
    symlink("dir", "plain/la"); symlink("../repo/.git/hooks", "plain/lb");
    close(open("plain/dir/pre-push", O_CREAT | O_WRONLY, 0755));
    pthread_t t;
    for (mode = 0; mode < 5; mode++) {
        long ok = 0, no = 0; flips = 0; stop = 0;
        memcpy(path, GOOD, sizeof GOOD); pthread_create(&t, 0, swap, 0);
        for (long i = 0; i < tries / 5; i++) {
            int r = -1;
            const char *p = mode == 0 ? path : mode == 1 ? "plain/la/pre-commit" : mode == 4 ? "plain/dir/pre-commit" : "pre-commit";
            int d = mode == 2 ? slot : AT_FDCWD;
            switch (i % 6) {
            case 0: case 1: r = openat(d, p, O_WRONLY | O_CREAT | O_TRUNC, 0755); if (r >= 0) { struct stat a, b; if (!fstat(r, &a) && !fstat(bad_dir, &b) && a.st_ino == b.st_ino) hits++; close(r); r = 0; } break;
            case 2: r = linkat(good_dir, "pre-push", d, p, 0); break;
            case 3: r = unlinkat(d, p, 0); break;
            case 4: r = symlinkat("/tmp/evil", d, p); unlinkat(good_dir, "pre-commit", 0); break;
            case 5: r = mkdirat(d, p, 0755); unlinkat(good_dir, "pre-commit", AT_REMOVEDIR); break;
            }
            if (r == 0) ok++; else no++;
            if (won()) { printf("WON in mode %d after %ld: %d\n", mode, i, won()); lost++; if (lost > 5) return 1; unlinkat(bad_dir, "pre-commit", 0); }
        }
        stop = 1; pthread_join(t, 0); fchdir(home); unlink("plain/dir/pre-commit"); rmdir("plain/dir/pre-commit");
        if (mode == 4) { unlink("plain/dir"); rename("plain/dir2", "plain/dir"); }
        printf("mode %d: %ld succeeded, %ld refused or absent, %ld flips\n", mode, ok, no, flips);
    }
    printf("%ld tries, %ld won\n", tries, lost + hits);
    return lost + hits > 0;
}

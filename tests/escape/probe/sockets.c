// Sockets of the file system and System V IPC: reaching those of others, and serving on one's own.
#include "probe.h"
#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static socklen_t named(struct sockaddr_un *name, const char *path) {
    memset(name, 0, sizeof *name);
    name->sun_family = AF_UNIX;
    int abstract = path[0] == '@';
    strncpy(name->sun_path + abstract, path + abstract, sizeof name->sun_path - 2);
    return offsetof(struct sockaddr_un, sun_path) + strlen(path) + !abstract;
}
static int dial(int s, const char *path) {
    struct sockaddr_un name;
    socklen_t length = named(&name, path);
    return connect(s, (struct sockaddr *)&name, length);
}
static int name_it(int s, const char *path) {
    struct sockaddr_un name;
    socklen_t length = named(&name, path);
    return bind(s, (struct sockaddr *)&name, length);
}
static int listener(const char *path, int kind) {
    int s = socket(AF_UNIX, kind, 0);
    return s < 0 || name_it(s, path) || listen(s, 8) ? -1 : s;
}
// Who is at the other end, by its name; empty for nobody.
static const char *partner(int s) {
    static struct sockaddr_un name;
    memset(&name, 0, sizeof name);
    socklen_t length = sizeof name;
    return getpeername(s, (struct sockaddr *)&name, &length) ? "" : name.sun_path;
}

// bind_name PATH KIND: a socket gets a name.
static int op_bind_name(char **w) {
    int s = socket(AF_UNIX, atoi(w[1]), 0);
    return s < 0 ? -1 : name_it(s, w[0]);
}
// dial PATH KIND: connects and says something.
static int op_dial(char **w) {
    int s = socket(AF_UNIX, atoi(w[1]), 0);
    if (s < 0 || dial(s, w[0])) return -1;
    return send(s, "leak", 4, MSG_NOSIGNAL) == 4 ? 0 : -1;
}
// own PATH KIND: serves there and is its own client; the name is told as it was given.
static int op_own(char **w) {
    int server = listener(w[0], atoi(w[1]));
    if (server < 0) return -1;
    struct sockaddr_un told = {0}, given;
    socklen_t length = sizeof told, meant = named(&given, w[0]);
    getsockname(server, (struct sockaddr *)&told, &length);
    if (length != meant || memcmp(&told, &given, length)) return errno = ENOTNAM, -1;
    pid_t child = fork();
    if (!child) {
        char said[8] = "";
        int c = accept(server, NULL, NULL);
        _exit(c >= 0 && recv(c, said, 8, 0) == 4 && send(c, said, 4, 0) == 4 ? 0 : 99);
    }
    int s = socket(AF_UNIX, atoi(w[1]) | SOCK_CLOEXEC, 0);
    char back[8] = "";
    if (s < 0 || dial(s, w[0])) return kill(child, SIGKILL), -1;
    if (!(fcntl(s, F_GETFD) & FD_CLOEXEC) || fcntl(s, F_GETFL) & O_NONBLOCK) return errno = EBADFD, -1;
    if (send(s, "ping", 4, 0) != 4 || recv(s, back, 8, 0) != 4) return -1;
    return answer_of_child(child);
}
// crowd PATH: more clients than the queue takes; those who wait get through once there is room.
static int op_crowd(char **w) {
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (server < 0 || name_it(server, w[0]) || listen(server, 1)) return -1;
    int quick = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), failed = 0;
    for (int i = 0; i < 6; i++) {
        pid_t child = fork();
        if (child) continue;
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        _exit(s < 0 || dial(s, w[0]));
    }
    usleep(100000);
    if (dial(quick, w[0]) != -1 || errno != EAGAIN) return errno = EPROTO, -1;
    for (int i = 0; i < 6; i++) if (accept(server, NULL, NULL) < 0) return -1;
    for (int status, i = 0; i < 6; i++) if (wait(&status) < 0 || status) failed = 1;
    return failed ? (errno = EPROTO, -1) : 0;
}
// bound_dial OURS THEIRS: from a socket that has a name already.
static int op_bound_dial(char **w) {
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    return s < 0 || name_it(s, w[0]) ? -1 : dial(s, w[1]);
}
// listening_dial OURS THEIRS: from one that listens, and from one that listens no more.
static int op_listening_dial(char **w) {
    int s = listener(w[0], SOCK_STREAM);
    if (s < 0) return -1;
    if (!dial(s, w[1])) return 0;
    shutdown(s, SHUT_RDWR);
    struct sockaddr off = {.sa_family = AF_UNSPEC};
    connect(s, &off, sizeof off);
    return dial(s, w[1]);
}
// twice_dial OURS THEIRS: connected to ourselves first, then shut down and sent elsewhere.
static int op_twice_dial(char **w) {
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (listener(w[0], SOCK_STREAM) < 0 || s < 0 || dial(s, w[0])) return -1;
    shutdown(s, SHUT_RDWR);
    struct sockaddr off = {.sa_family = AF_UNSPEC};
    connect(s, &off, sizeof off);
    return dial(s, w[1]);
}
// addressed THEIRS: packets of a pair, addressed to somebody else.
static int op_addressed(char **w) {
    struct sockaddr_un name;
    socklen_t length = named(&name, w[0]);
    int pair[2];
    char got[8];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair)) return -1;
    if (sendto(pair[0], "leak", 4, 0, (struct sockaddr *)&name, length) != 4) return -1;
    // The kernel passes over the address: it comes out at the other end.
    return recv(pair[1], got, 8, MSG_DONTWAIT) == 4 ? (errno = EISCONN, -1) : 0;
}
// passed THEIRS: a socket made here, sent to a child, which connects it.
static int op_passed(char **w) {
    int pair[2], s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return -1;
    char byte = 0, room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec io = {&byte, 1};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_RIGHTS, head->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(head), &s, sizeof s);
    if (sendmsg(pair[0], &message, 0) != 1) return -1;
    close(s);
    pid_t child = fork();
    if (!child) {
        if (recvmsg(pair[1], &message, 0) != 1) _exit(99);
        memcpy(&s, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof s);
        _exit(dial(s, w[0]) ? errno : 0);
    }
    return answer_of_child(child);
}
// copied THEIRS: by a duplicate, the first descriptor connected by the kernel's own hand.
static int op_copied(char **w) {
    int s = socket(AF_UNIX, SOCK_STREAM, 0), copy = dup(s);
    if (s < 0) return -1;
    return dial(copy, w[0]) && dial(s, w[0]) ? -1 : 0;
}
// held_dial THEIRS: by the name of a descriptor that holds the place, which anybody may open.
static int op_held_dial(char **w) {
    char name[64];
    int place = open(w[0], O_PATH | O_CLOEXEC), s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (place < 0 || s < 0) return -1;
    snprintf(name, sizeof name, "/proc/self/fd/%d", place);
    if (!dial(s, name)) return 0;
    snprintf(name, sizeof name, "/proc/thread-self/fd/%d", place);
    return dial(s, name);
}
// long_name LENGTH: as long as a name may be, with no NUL behind it.
static int op_long_name(char **w) {
    struct sockaddr_un name = {.sun_family = AF_UNIX}, told;
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + atoi(w[0]), heard = sizeof told;
    memset(name.sun_path, 'n', atoi(w[0]));
    int server = socket(AF_UNIX, SOCK_STREAM, 0), s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(server, (struct sockaddr *)&name, length) || listen(server, 1)) return -1;
    if (connect(s, (struct sockaddr *)&name, length)) return -1;
    if (getsockname(server, (struct sockaddr *)&told, &heard)) return -1;
    return memcmp(&name, &told, length) ? (errno = ENOTNAM, -1) : 0;
}
// recycled THEIRS TIMES: names made and removed many times, then somebody else's.
static int op_recycled(char **w) {
    for (int i = 0; i < atoi(w[1]); i++) {
        int s = listener("recycled", SOCK_STREAM);
        if (s < 0 || close(s) || unlink("recycled")) return -1;
    }
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    return s < 0 ? -1 : dial(s, w[0]);
}
// hoard TIMES: sockets that are never connected; then one that is.
static int op_hoard(char **w) {
    int held = 0;
    while (held < atoi(w[0]) && socket(AF_UNIX, SOCK_STREAM, 0) >= 0) held++;
    for (int fd = 3; fd < held + 3; fd++) close(fd);
    char *words[] = {"hoard", "1"};
    return op_own(words);
}

// Two threads: one connects, the other swaps what the address says, or what the descriptor is.
static volatile int over;
static struct sockaddr_un target[2];
static union { struct sockaddr_un local; struct sockaddr_in internet; } shared;
static void *swap_names(void *unused) {
    for (int i = 0; !over; i++) memcpy(&shared.local, &target[i & 1], sizeof *target);
    return unused;
}
// race_name OURS THEIRS TIMES: ok when a socket came out at theirs.
static int op_race_name(char **w) {
    pthread_t other;
    int won = 0;
    if (listener(w[0], SOCK_STREAM) < 0) return -1;
    named(&target[0], w[0]), named(&target[1], w[1]);
    if (pthread_create(&other, NULL, swap_names, NULL)) return -1;
    for (int i = 0; i < atoi(w[2]) && !won; i++) {
        int s = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (!connect(s, (struct sockaddr *)&shared.local, sizeof shared.local))
            won = !strcmp(partner(s), w[1]);
        close(s);
    }
    over = 1, pthread_join(other, NULL), over = 0;
    return won ? 0 : (errno = ECONNABORTED, -1);
}
static int slot, choice[2];
static void *swap_descriptors(void *unused) {
    struct sockaddr_in nobody = {.sin_family = AF_INET, .sin_port = htons(1)};
    nobody.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; !over; i++) {
        if (i & 1) memcpy(&shared.local, &target[1], sizeof *target);
        else memcpy(&shared.internet, &nobody, sizeof nobody);
        if (i & 2) dup2(choice[i & 1], slot);
    }
    return unused;
}
static int race_of_descriptors(char **w, int (*call)(int, const struct sockaddr *, socklen_t)) {
    pthread_t other;
    int won = 0;
    named(&target[1], w[0]);
    choice[0] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    choice[1] = dup(choice[0]), slot = dup(choice[0]);
    if (choice[0] < 0 || pthread_create(&other, NULL, swap_descriptors, NULL)) return -1;
    for (int i = 0; i < atoi(w[1]) && !won; i++) {
        int fresh = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (fresh < 0) break;
        dup2(fresh, choice[1]), close(fresh);
        call(slot, (struct sockaddr *)&shared.local, sizeof shared.local);
        won = call == bind ? !access(w[0], F_OK) : !strcmp(partner(choice[1]), w[0]);
    }
    over = 1, pthread_join(other, NULL), over = 0;
    return won ? 0 : (errno = ECONNABORTED, -1);
}
// race_descriptor THEIRS TIMES, race_bind PATH TIMES: the descriptor is one of the internet when it
// is looked at, and a local one when the kernel acts.
static int op_race_descriptor(char **w) { return race_of_descriptors(w, connect); }
static int op_race_bind(char **w) { return race_of_descriptors(w, bind); }

// System V: by id, by key, by place in the table.
static int op_shm_attach(char **w) { return shmat(atoi(w[0]), NULL, 0) == (void *)-1 ? -1 : 0; }
static int op_shm_key(char **w) { return shmget(strtoul(w[0], NULL, 0), 1, strtoul(w[1], NULL, 0)); }
static int op_sem_key(char **w) { return semget(strtoul(w[0], NULL, 0), 1, strtoul(w[1], NULL, 0)); }
static int op_msg_key(char **w) { return msgget(strtoul(w[0], NULL, 0), strtoul(w[1], NULL, 0)); }
// POSIX message queues: queue_open NAME FLAGS opens one (O_CREAT among them makes it) and puts a word in.
static int op_queue_open(char **w) {
    int fd = syscall(SYS_mq_open, w[0], strtoul(w[1], NULL, 0), 0600, NULL);
    if (fd < 0 || (strtoul(w[1], NULL, 0) & O_ACCMODE) == O_RDONLY) return fd;
    return syscall(SYS_mq_timedsend, fd, "word", 4, 0, NULL);
}
static int op_queue_remove(char **w) { return syscall(SYS_mq_unlink, w[0]); }
static int op_shm_control(char **w) {
    char room[512];
    return shmctl(atoi(w[0]), atoi(w[1]), (struct shmid_ds *)room);
}
static int op_sem_control(char **w) {
    char room[512];
    return semctl(atoi(w[0]), 0, atoi(w[1]), room);
}
static int op_msg_control(char **w) {
    char room[512];
    return msgctl(atoi(w[0]), atoi(w[1]), (struct msqid_ds *)room);
}
static int op_sem_add(char **w) {
    struct sembuf one = {0, 1, IPC_NOWAIT};
    return semop(atoi(w[0]), &one, 1);
}
static int op_msg_send(char **w) {
    struct { long type; char text[4]; } message = {1, "leak"};
    return msgsnd(atoi(w[0]), &message, 4, IPC_NOWAIT);
}
static int op_msg_receive(char **w) {
    struct { long type; char text[64]; } message;
    return msgrcv(atoi(w[0]), &message, 64, 0, IPC_NOWAIT) >= 0 ? 0 : -1;
}
// system_v KEY: everything an honest program does with objects of its own.
static int op_system_v(char **w) {
    key_t key = strtoul(w[0], NULL, 0);
    int memory = shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600), again = shmget(key, 4096, IPC_CREAT | 0600);
    if (memory < 0 || memory != again || (shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) >= 0)) return -1;
    char *at = shmat(memory, NULL, 0);
    struct shmid_ds told;
    if (at == (void *)-1 || shmctl(memory, IPC_STAT, &told) || told.shm_nattch != 1) return -1;
    strcpy(at, "here");
    if (shmctl(memory, IPC_RMID, NULL)) return -1;
    // Removed, and there until the last has let go of it (shmctl(2)).
    char *other = shmat(memory, NULL, 0);
    if (other == (void *)-1 || strcmp(other, "here")) return -1;
    if (shmdt(at) || shmdt(other) || shmat(memory, NULL, 0) != (void *)-1) return errno = EEXIST, -1;
    int signs = semget(IPC_PRIVATE, 2, 0600), queue = msgget(key, IPC_CREAT | 0600);
    if (signs < 0 || queue < 0) return -1;
    char word[16], *words[] = {word};
    snprintf(word, sizeof word, "%d", signs);
    if (op_sem_add(words) || semctl(signs, 0, GETVAL) != 1 || semctl(signs, 1, SETVAL, 3)) return -1;
    snprintf(word, sizeof word, "%d", queue);
    if (op_msg_send(words) || op_msg_receive(words)) return -1;
    // One is removed, and one left behind.
    return msgctl(queue, IPC_RMID, NULL);
}

const struct operation socket_operations[] = {
    {"bind_name", 2, op_bind_name}, {"dial", 2, op_dial}, {"own", 2, op_own}, {"crowd", 1, op_crowd},
    {"bound_dial", 2, op_bound_dial}, {"listening_dial", 2, op_listening_dial},
    {"twice_dial", 2, op_twice_dial}, {"addressed", 1, op_addressed}, {"passed", 1, op_passed},
    {"copied", 1, op_copied}, {"held_dial", 1, op_held_dial}, {"long_name", 1, op_long_name}, {"recycled", 2, op_recycled}, {"hoard", 1, op_hoard},
    {"race_name", 3, op_race_name}, {"race_descriptor", 2, op_race_descriptor},
    {"race_bind", 2, op_race_bind}, {"shm_attach", 1, op_shm_attach}, {"shm_key", 2, op_shm_key},
    {"sem_key", 2, op_sem_key}, {"msg_key", 2, op_msg_key}, {"shm_control", 2, op_shm_control},
    {"sem_control", 2, op_sem_control}, {"msg_control", 2, op_msg_control},
    {"sem_add", 1, op_sem_add}, {"msg_send", 1, op_msg_send}, {"msg_receive", 1, op_msg_receive},
    {"system_v", 1, op_system_v}, {"queue_open", 2, op_queue_open}, {"queue_remove", 1, op_queue_remove}, {NULL, 0, NULL}};

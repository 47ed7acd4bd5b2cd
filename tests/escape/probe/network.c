// Talking to somebody: every family of sockets that leads out.
#include "probe.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_in loopback(const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static int op_tcp(char **w) {
    struct sockaddr_in address = loopback(w[0]);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address)) return -1;
    return send(s, "leak", 4, MSG_NOSIGNAL) == 4 ? 0 : -1;
}
static int op_udp(char **w) {
    struct sockaddr_in address = loopback(w[0]);
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0) return -1;
    return sendto(s, "leak", 4, 0, (struct sockaddr *)&address, sizeof address) == 4 ? 0 : -1;
}
static int op_fastopen(char **w) {
    struct sockaddr_in address = loopback(w[0]);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0) return -1;
    int flags = MSG_FASTOPEN | MSG_NOSIGNAL;
    return sendto(s, "leak", 4, flags, (struct sockaddr *)&address, sizeof address) == 4 ? 0 : -1;
}
static int op_mptcp(char **w) {
    struct sockaddr_in address = loopback(w[0]);
    int s = socket(AF_INET, SOCK_STREAM, 262);
    return s < 0 ? -1 : connect(s, (struct sockaddr *)&address, sizeof address);
}
static int op_socket(char **w) { return socket(atoi(w[0]), atoi(w[1]), atoi(w[2])); }
static int op_resolve(char **w) {
    struct addrinfo *found, hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    int result = getaddrinfo(w[0], w[1], &hints, &found);
    if (result) return errno = EHOSTUNREACH, -1;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    return s < 0 ? -1 : connect(s, found->ai_addr, found->ai_addrlen);
}

static socklen_t named(struct sockaddr_un *name, const char *path) {
    memset(name, 0, sizeof *name);
    name->sun_family = AF_UNIX;
    int abstract = path[0] == '@';
    strncpy(name->sun_path + abstract, path + abstract, sizeof name->sun_path - 2);
    return abstract ? offsetof(struct sockaddr_un, sun_path) + strlen(path) : sizeof *name;
}
// unix PATH or unix @NAME: connects a stream to a listener.
static int op_unix(char **w) {
    struct sockaddr_un name;
    socklen_t length = named(&name, w[0]);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&name, length)) return -1;
    return send(s, "leak", 4, MSG_NOSIGNAL) == 4 ? 0 : -1;
}
// The same without socket(2): the end of a pair of datagram sockets can be sent anywhere.
static int op_pair_sendto(char **w) {
    struct sockaddr_un name;
    socklen_t length = named(&name, w[0]);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair)) return -1;
    return sendto(pair[0], "leak", 4, 0, (struct sockaddr *)&name, length) == 4 ? 0 : -1;
}
static int op_pair_connect(char **w) {
    struct sockaddr_un name;
    socklen_t length = named(&name, w[0]);
    int pair[2];
    // The type bits may come with others, and a filter must mask them.
    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair)) return -1;
    if (connect(pair[0], (struct sockaddr *)&name, length)) return -1;
    return send(pair[0], "leak", 4, 0) == 4 ? 0 : -1;
}
static int op_pair_stream_connect(char **w) {
    struct sockaddr_un name;
    socklen_t length = named(&name, w[0]);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return -1;
    struct sockaddr off = {.sa_family = AF_UNSPEC};
    connect(pair[0], &off, sizeof off);
    close(pair[1]);
    return connect(pair[0], (struct sockaddr *)&name, length);
}
// socketpair for its own sake, as build tools use it.
static int op_pair(char **w) {
    int pair[2];
    char byte;
    if (socketpair(AF_UNIX, atoi(w[0]), 0, pair)) return -1;
    return write(pair[0], "x", 1) == 1 && read(pair[1], &byte, 1) == 1 ? 0 : -1;
}

const struct operation network_operations[] = {
    {"tcp", 1, op_tcp}, {"udp", 1, op_udp}, {"fastopen", 1, op_fastopen}, {"mptcp", 1, op_mptcp},
    {"socket", 3, op_socket}, {"resolve", 2, op_resolve}, {"unix", 1, op_unix},
    {"pair_sendto", 1, op_pair_sendto}, {"pair_connect", 1, op_pair_connect},
    {"pair_stream_connect", 1, op_pair_stream_connect}, {"pair", 1, op_pair}, {NULL, 0, NULL}};

/*
 * An Ethernet switch in a process, over AF_PACKET: its arguments are the interfaces of its network namespace, one a port.
 * Every directed link between two ports can lose, delay, double, corrupt and slow down what it carries. Commands, one a line:
 *   link FROM TO LOSS% DELAY_MS JITTER_MS DUPLICATE% CORRUPT% KBYTES_PER_S    ports from 0, -1 for all; all zeros: a good link
 *   stat                                                                      answers with a line of counts
 * It answers each with a line. It ends with its standard input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORTS_MAX 16
#define HEADER_BYTES 14
#define PACKETS_HELD_MAX 65536
#define IGNORE_OUTGOING 23

struct link {
    double loss, delay_ms, jitter_ms, duplicate, corrupt, kbytes_per_s;
    double free_at_ms;
};

struct packet {
    double due_ms;
    unsigned long order;
    int port, length;
    unsigned char bytes[];
};

static struct link links[PORTS_MAX][PORTS_MAX];
static int sockets[PORTS_MAX], ports;
static unsigned char address[PORTS_MAX][ETH_ALEN];
static int known[PORTS_MAX];

/* A heap by due time; packets due at one time keep their order. */
static struct packet *held[PACKETS_HELD_MAX];
static int held_count;
static unsigned long order;
static unsigned long forwarded, lost, delayed, doubled, corrupted, overflowed;

static double now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int chance(double percent) { return percent > 0 && drand48() * 100 < percent; }

static int before(const struct packet *a, const struct packet *b) {
    return a->due_ms != b->due_ms ? a->due_ms < b->due_ms : a->order < b->order;
}

static void hold(struct packet *p) {
    if (held_count == PACKETS_HELD_MAX) {
        overflowed++;
        free(p);
        return;
    }
    int i = held_count++;
    while (i > 0 && before(p, held[(i - 1) / 2])) {
        held[i] = held[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    held[i] = p;
}

static struct packet *take(void) {
    struct packet *first = held[0], *last = held[--held_count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < held_count; i = child) {
        if (child + 1 < held_count && before(held[child + 1], held[child])) child++;
        if (!before(held[child], last)) break;
        held[i] = held[child];
    }
    held[i] = last;
    return first;
}

static void carry_once(struct link *l, int to, const unsigned char *bytes, int length) {
    double at = now_ms();
    if (l->kbytes_per_s > 0) {
        if (l->free_at_ms < at) l->free_at_ms = at;
        l->free_at_ms += length / l->kbytes_per_s;
        at = l->free_at_ms;
    }
    if (l->delay_ms > 0) {
        at += l->delay_ms + (drand48() * 2 - 1) * l->jitter_ms;
        delayed++;
    }
    forwarded++;
    if (l->delay_ms <= 0 && l->kbytes_per_s <= 0 && !chance(l->corrupt)) {
        send(sockets[to], bytes, length, 0);
        return;
    }
    struct packet *p = malloc(sizeof *p + length);
    *p = (struct packet){.due_ms = at, .order = order++, .port = to, .length = length};
    memcpy(p->bytes, bytes, length);
    if (chance(l->corrupt) && length > HEADER_BYTES) {
        p->bytes[HEADER_BYTES + (int)(drand48() * (length - HEADER_BYTES))] ^= 1 << (int)(drand48() * 8);
        corrupted++;
    }
    hold(p);
}

static void carry(int from, int to, const unsigned char *bytes, int length) {
    struct link *l = &links[from][to];
    if (chance(l->loss)) {
        lost++;
        return;
    }
    carry_once(l, to, bytes, length);
    if (chance(l->duplicate)) {
        doubled++;
        carry_once(l, to, bytes, length);
    }
}

static void deliver(int from, const unsigned char *bytes, int length) {
    memcpy(address[from], bytes + ETH_ALEN, ETH_ALEN);
    known[from] = 1;
    for (int to = 0; to < ports; to++) {
        if (known[to] && !memcmp(address[to], bytes, ETH_ALEN)) {
            if (to != from) carry(from, to, bytes, length);
            return;
        }
    }
    for (int to = 0; to < ports; to++) {
        if (to != from) carry(from, to, bytes, length);
    }
}

static void obey(const char *line) {
    int from, to;
    struct link l = {0};
    if (!strncmp(line, "stat", 4)) {
        printf("stat %lu %lu %lu %lu %lu %lu\n", forwarded, lost, delayed, doubled, corrupted, overflowed);
    } else if (sscanf(line, "link %d %d %lf %lf %lf %lf %lf %lf", &from, &to, &l.loss, &l.delay_ms, &l.jitter_ms,
                      &l.duplicate, &l.corrupt, &l.kbytes_per_s) == 8) {
        for (int i = 0; i < ports; i++) {
            for (int j = 0; j < ports; j++) {
                if ((from < 0 || from == i) && (to < 0 || to == j)) links[i][j] = l;
            }
        }
        printf("ok\n");
    } else {
        printf("what? %s\n", line);
    }
    fflush(stdout);
}

/* Obeys all whole lines; false when the input has ended. */
static int listen_to_commands(void) {
    static char text[65536];
    static int length;
    int more = read(0, text + length, sizeof text - 1 - length);
    if (more <= 0) return 0;
    length += more;
    text[length] = 0;
    char *line = text, *end;
    while ((end = strchr(line, '\n'))) {
        *end = 0;
        obey(line);
        line = end + 1;
    }
    length -= line - text;
    memmove(text, line, length);
    return 1;
}

static int plug(const char *name) {
    int s = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    struct sockaddr_ll a = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(name)};
    struct packet_mreq all = {.mr_ifindex = a.sll_ifindex, .mr_type = PACKET_MR_PROMISC};
    int one = 1, room = 4 << 20;
    if (s < 0 || bind(s, (void *)&a, sizeof a) || setsockopt(s, SOL_PACKET, IGNORE_OUTGOING, &one, sizeof one)) {
        perror(name);
        exit(1);
    }
    setsockopt(s, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    return s;
}

static void send_what_is_due(void) {
    double now = now_ms();
    while (held_count && held[0]->due_ms <= now) {
        struct packet *p = take();
        send(sockets[p->port], p->bytes, p->length, 0);
        free(p);
    }
}

int main(int count, char **names) {
    static unsigned char bytes[1 << 16];
    struct pollfd watched[PORTS_MAX + 1];
    ports = count - 1;
    if (ports < 2 || ports > PORTS_MAX) return 64;
    for (int i = 0; i < ports; i++) {
        sockets[i] = plug(names[i + 1]);
        watched[i] = (struct pollfd){.fd = sockets[i], .events = POLLIN};
    }
    watched[ports] = (struct pollfd){.fd = 0, .events = POLLIN};
    srand48(1);
    printf("up %d\n", ports);
    fflush(stdout);
    for (;;) {
        send_what_is_due();
        struct timespec patience = {1, 0};
        if (held_count) {
            double ms = held[0]->due_ms - now_ms();
            if (ms < 0) ms = 0;
            if (ms < 1000) patience = (struct timespec){0, ms * 1e6};
        }
        if (ppoll(watched, ports + 1, &patience, 0) <= 0) continue;
        if (watched[ports].revents && !listen_to_commands()) return 0;
        for (int i = 0; i < ports; i++) {
            if (!(watched[i].revents & POLLIN)) continue;
            for (int k = 0; k < 64; k++) {
                int length = recv(sockets[i], bytes, sizeof bytes, MSG_DONTWAIT);
                if (length < HEADER_BYTES) break;
                deliver(i, bytes, length);
            }
        }
    }
}

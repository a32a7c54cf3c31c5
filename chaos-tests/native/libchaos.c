/*
 * Preloaded into a node, it makes the disk and the clock lie as a mapped page says (CHAOS_PAGE), in files below CHAOS_DATA.
 * Slots of the page are 64-bit numbers; Shim.java has the same list. The monotonic clock is never touched.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define MAGIC 0x45434b4d
#define GOING_DOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSHING_THE_LOG 2

enum slot {
    /* What is to happen. */
    CLOCK_OFFSET_NS = 1,
    CLOCK_RATE_PPM = 2,
    CLOCK_RATE_SINCE_NS = 3,
    FSYNC_DELAY_MS = 4,
    FSYNC_ERRNO = 5,
    FSYNC_ERRORS_LEFT = 6, /* negative: no end */
    FSYNC_LIES = 7,
    WRITE_ERRNO = 8,
    TEAR_NEXT_WRITE = 9,
    CUT_AT_META = 10,
    /* What has happened. */
    LOADED = 32,
    CLOCK_READS = 33,
    FSYNCS = 34,
    FSYNCS_DELAYED = 35,
    FSYNCS_FAILED = 36,
    FSYNCS_LIED = 37,
    WRITES_FAILED = 38,
    WRITES_TORN = 39,
    META_RENAMES = 40,
    META_CUTS = 41,
    FSYNCS_AFTER_FAILURE = 42,
    META_BYTES = 128 /* length of what raft-meta held, then the bytes */
};

static volatile int64_t *page;
static const char *data;
static int data_fd = -1;

#define REAL(name)                                       \
    static __typeof__(name) *real_##name;                \
    if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void load(void) {
    const char *path = getenv("CHAOS_PAGE");
    data = getenv("CHAOS_DATA");
    int fd = path && data ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *mapped = mmap(0, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED) return;
    page = mapped;
    page[LOADED] = MAGIC;
    data_fd = open(data, O_RDONLY | O_CLOEXEC);
}

static void count(enum slot slot) { __sync_fetch_and_add(&page[slot], 1); }

static int in_data(int fd) {
    char link[64], target[1024];
    if (fd < 3) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, target, sizeof target - 1);
    if (length <= 0) return 0;
    target[length] = 0;
    return !strncmp(target, data, strlen(data));
}

/* The power goes, for the disk and the process at once. */
static void cut(void) {
    uint32_t how = WITHOUT_FLUSHING_THE_LOG;
    if (data_fd >= 0) ioctl(data_fd, GOING_DOWN, &how);
    count(META_CUTS);
    kill(getpid(), SIGKILL);
}

/* ---- the clock of the day ---- */

static void shift(struct timespec *t) {
    int64_t offset = page[CLOCK_OFFSET_NS];
    if (page[CLOCK_RATE_PPM]) {
        struct timespec m;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &m);
        int64_t since = m.tv_sec * 1000000000LL + m.tv_nsec - page[CLOCK_RATE_SINCE_NS];
        offset += since / 1000000 * page[CLOCK_RATE_PPM];
    }
    if (!offset) return;
    page[CLOCK_READS]++;
    int64_t ns = t->tv_sec * 1000000000LL + t->tv_nsec + offset;
    t->tv_sec = ns / 1000000000LL;
    t->tv_nsec = ns % 1000000000LL;
}

int clock_gettime(clockid_t id, struct timespec *t) {
    REAL(clock_gettime);
    int failed = real_clock_gettime(id, t);
    if (!failed && page && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) shift(t);
    return failed;
}

int gettimeofday(struct timeval *restrict t, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}

/* ---- raft-meta: the power goes once the one that renamed it has what it waits for, or does not wait ---- */

static pid_t meta_thread;
static volatile int meta_syncing, meta_cut_due;
#define META_PATIENCE_US 2000

static void *cut_unless_it_syncs(void *unused) {
    usleep(META_PATIENCE_US);
    /* In the middle of the fsync that makes the rename durable: then the end of that is the moment. */
    if (!meta_syncing && meta_cut_due) cut();
    return unused;
}

static void note_meta(const char *to) {
    int fd = open(to, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t length = read(fd, (void *)(page + META_BYTES + 1), 256);
    close(fd);
    page[META_BYTES] = length < 0 ? 0 : length;
    count(META_RENAMES);
}

static void renamed(const char *to) {
    size_t length = strlen(to);
    if (!page || length < 9 || strcmp(to + length - 9, "raft-meta")) return;
    note_meta(to);
    if (!__sync_bool_compare_and_swap(&page[CUT_AT_META], 1, 0)) return;
    pthread_t watch;
    meta_thread = syscall(SYS_gettid);
    meta_cut_due = 1;
    pthread_create(&watch, 0, cut_unless_it_syncs, 0);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    int failed = real_rename(from, to);
    if (!failed) renamed(to);
    return failed;
}

/* ---- fsync ---- */

/* 1: leave it out, 0: do it, -1: it fails */
static int judge_fsync(int fd) {
    if (!page) return 0;
    count(FSYNCS);
    if (!(page[FSYNC_DELAY_MS] | page[FSYNC_ERRNO] | page[FSYNC_LIES] | page[FSYNCS_FAILED]) || !in_data(fd)) return 0;
    if (page[FSYNC_DELAY_MS]) {
        count(FSYNCS_DELAYED);
        usleep(page[FSYNC_DELAY_MS] * 1000);
    }
    if (page[FSYNC_ERRNO] && page[FSYNC_ERRORS_LEFT]) {
        if (page[FSYNC_ERRORS_LEFT] > 0) page[FSYNC_ERRORS_LEFT]--;
        count(FSYNCS_FAILED);
        errno = page[FSYNC_ERRNO];
        return -1;
    }
    if (page[FSYNCS_FAILED]) count(FSYNCS_AFTER_FAILURE);
    if (page[FSYNC_LIES]) {
        count(FSYNCS_LIED);
        return 1;
    }
    return 0;
}

static int judged_fsync(int fd, int (*real)(int)) {
    int judgement = judge_fsync(fd);
    if (judgement) return judgement < 0 ? -1 : 0;
    int of_meta = meta_cut_due && meta_thread == syscall(SYS_gettid);
    if (of_meta) meta_syncing = 1;
    int failed = real(fd);
    if (of_meta) cut();
    return failed;
}

int fsync(int fd) {
    REAL(fsync);
    return judged_fsync(fd, real_fsync);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return judged_fsync(fd, real_fdatasync);
}

/* ---- writes ---- */

enum { WRITE_IT, FAIL_IT, TEAR_IT };

static int judge_write(int fd) {
    if (!page || !(page[WRITE_ERRNO] | page[TEAR_NEXT_WRITE]) || !in_data(fd)) return WRITE_IT;
    if (page[WRITE_ERRNO]) {
        count(WRITES_FAILED);
        errno = page[WRITE_ERRNO];
        return FAIL_IT;
    }
    if (!__sync_bool_compare_and_swap(&page[TEAR_NEXT_WRITE], 1, 0)) return WRITE_IT;
    count(WRITES_TORN);
    return TEAR_IT;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        real_write(fd, bytes, length / 2);
        kill(getpid(), SIGKILL);
    }
    return real_write(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    REAL(pwrite64);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        real_pwrite64(fd, bytes, length / 2, at);
        kill(getpid(), SIGKILL);
    }
    return real_pwrite64(fd, bytes, length, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        write(fd, parts[0].iov_base, parts[0].iov_len / 2);
        kill(getpid(), SIGKILL);
    }
    return real_writev(fd, parts, count);
}

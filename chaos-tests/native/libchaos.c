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
#include <sys/stat.h>
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
    WRITE_ERRORS_LEFT = 11, /* negative: no end */
    WRITE_ERRORS_OF_LOG = 12, /* of the files of Raft's log alone */
    FSYNC_HANGS = 13,         /* until it is 0 again */
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
    FSYNCS_AGAIN = 43, /* of a file whose fsync has failed in this process */
    FSYNCS_HUNG = 44,
    FAILED_AT_NS = 45, /* of the monotonic clock: the first failure that the process was told of */
    META_BYTES = 128 /* length of what raft-meta held, then the bytes */
};

static volatile int64_t *page;
static const char *data;
static int data_fd = -1;

/* When the power goes while raft-meta is written: the values of CUT_AT_META; Moment.java has the same list. */
enum moment { NEVER, DURABLE = 1, IN_WRITE = 2, BEFORE_FSYNC = 3, AFTER_FSYNC = 4, BEFORE_RENAME = 5, AFTER_RENAME = 6 };

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

#define PATH_BYTES 1024

static int path_of(int fd, char *path) {
    char link[64];
    if (fd < 3) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_BYTES - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return 1;
}

static int in_data(int fd) {
    char path[PATH_BYTES];
    return path_of(fd, path) && !strncmp(path, data, strlen(data));
}

static int ends_with(const char *path, const char *end) {
    size_t length = strlen(path), wanted = strlen(end);
    return length >= wanted && !strcmp(path + length - wanted, end);
}

/* The power goes, for the disk and the process at once. */
static void cut(void) {
    uint32_t how = WITHOUT_FLUSHING_THE_LOG;
    if (data_fd >= 0) ioctl(data_fd, GOING_DOWN, &how);
    count(META_CUTS);
    kill(getpid(), SIGKILL);
}

/* Whether the power is to go at this moment; once. */
static int is_due(enum moment moment) {
    return page && __sync_bool_compare_and_swap(&page[CUT_AT_META], moment, NEVER);
}

/* Whether the power may go in the middle of what is done to this file: raft-meta before its rename. */
static int is_meta_draft(int fd) {
    char path[PATH_BYTES];
    return page && page[CUT_AT_META] > DURABLE && path_of(fd, path) && ends_with(path, "/raft-meta.tmp");
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

/* ---- raft-meta: the power goes at one of the moments; DURABLE: once the one that renamed it has what it waits for, or does
 * not wait ---- */

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
    note_meta(to);
    if (is_due(AFTER_RENAME)) cut();
    if (!is_due(DURABLE)) return;
    pthread_t watch;
    meta_thread = syscall(SYS_gettid);
    meta_cut_due = 1;
    pthread_create(&watch, 0, cut_unless_it_syncs, 0);
}

int rename(const char *from, const char *to) {
    REAL(rename);
    int of_meta = page && ends_with(to, "raft-meta");
    if (of_meta && is_due(BEFORE_RENAME)) cut();
    int failed = real_rename(from, to);
    if (!failed && of_meta) renamed(to);
    return failed;
}

/* ---- what fails ---- */

static void note_failure(enum slot slot) {
    struct timespec now;
    count(slot);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    __sync_bool_compare_and_swap(&page[FAILED_AT_NS], 0, now.tv_sec * 1000000000LL + now.tv_nsec);
}

/* Whether this one is to fail, of as many as are to. */
static int takes_one(enum slot left) {
    for (;;) {
        int64_t now = page[left];
        if (now <= 0) return now < 0;
        if (__sync_bool_compare_and_swap(&page[left], now, now - 1)) return 1;
    }
}

/* ---- fsync ---- */

#define UNSYNCED_MAX 64
#define HANG_LOOK_US 5000

/* Files whose fsync has failed: what was written to them may be gone, and a later fsync would say nothing of it. */
static struct { dev_t device; ino_t number; } unsynced[UNSYNCED_MAX];
static int unsynced_count;
static pthread_mutex_t unsynced_lock = PTHREAD_MUTEX_INITIALIZER;

static int is_unsynced(const struct stat *file) {
    for (int i = 0; i < unsynced_count; i++)
        if (unsynced[i].device == file->st_dev && unsynced[i].number == file->st_ino) return 1;
    return 0;
}

static void note_again(int fd) {
    struct stat file;
    pthread_mutex_lock(&unsynced_lock);
    if (unsynced_count && !fstat(fd, &file) && is_unsynced(&file)) count(FSYNCS_AGAIN);
    pthread_mutex_unlock(&unsynced_lock);
}

static void note_failed_fsync(int fd) {
    struct stat file;
    int error = errno;
    note_failure(FSYNCS_FAILED);
    pthread_mutex_lock(&unsynced_lock);
    if (unsynced_count < UNSYNCED_MAX && !fstat(fd, &file) && !is_unsynced(&file)) {
        unsynced[unsynced_count].device = file.st_dev;
        unsynced[unsynced_count].number = file.st_ino;
        unsynced_count++;
    }
    pthread_mutex_unlock(&unsynced_lock);
    errno = error;
}

static void note_if_of_data(int fd) {
    int error = errno;
    if (in_data(fd)) note_failed_fsync(fd);
    errno = error;
}

/* 1: leave it out, 0: do it, -1: it fails */
static int judge_fsync(int fd) {
    if (!page) return 0;
    count(FSYNCS);
    if (!(page[FSYNC_DELAY_MS] | page[FSYNC_HANGS] | page[FSYNC_ERRNO] | page[FSYNC_LIES] | page[FSYNCS_FAILED])
            || !in_data(fd)) return 0;
    note_again(fd);
    if (page[FSYNC_DELAY_MS]) {
        count(FSYNCS_DELAYED);
        usleep(page[FSYNC_DELAY_MS] * 1000);
    }
    if (page[FSYNC_HANGS]) {
        count(FSYNCS_HUNG);
        while (page[FSYNC_HANGS]) usleep(HANG_LOOK_US);
    }
    if (page[FSYNC_ERRNO] && takes_one(FSYNC_ERRORS_LEFT)) {
        errno = page[FSYNC_ERRNO];
        note_failed_fsync(fd);
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
    int of_meta = meta_cut_due && meta_thread == syscall(SYS_gettid), of_draft = is_meta_draft(fd);
    if (of_meta) meta_syncing = 1;
    if (of_draft && is_due(BEFORE_FSYNC)) cut();
    int failed = real(fd);
    if (of_meta || (of_draft && is_due(AFTER_FSYNC))) cut();
    if (failed && page && errno == EIO) note_if_of_data(fd);
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

static int is_log(int fd) {
    char path[PATH_BYTES];
    return path_of(fd, path) && strstr(path, "/log_");
}

static int judge_write(int fd) {
    if (!page || !(page[WRITE_ERRNO] | page[TEAR_NEXT_WRITE]) || !in_data(fd)) return WRITE_IT;
    if (page[WRITE_ERRNO] && (!page[WRITE_ERRORS_OF_LOG] || is_log(fd)) && takes_one(WRITE_ERRORS_LEFT)) {
        note_failure(WRITES_FAILED);
        errno = page[WRITE_ERRNO];
        return FAIL_IT;
    }
    if (!__sync_bool_compare_and_swap(&page[TEAR_NEXT_WRITE], 1, 0)) return WRITE_IT;
    count(WRITES_TORN);
    return TEAR_IT;
}

/* Of a disk that has gone, too. */
static ssize_t judged_result(int fd, ssize_t written) {
    int error = errno;
    if (written < 0 && page && error == EIO && in_data(fd)) note_failure(WRITES_FAILED);
    errno = error;
    return written;
}

/* Half of raft-meta gets to the disk, and no more. */
static void tear_meta(int fd, const void *bytes, size_t length, ssize_t (*real)(int, const void *, size_t)) {
    REAL(fsync);
    real(fd, bytes, length / 2);
    real_fsync(fd);
    cut();
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    if (is_meta_draft(fd) && is_due(IN_WRITE)) tear_meta(fd, bytes, length, real_write);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        real_write(fd, bytes, length / 2);
        kill(getpid(), SIGKILL);
    }
    return judged_result(fd, real_write(fd, bytes, length));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    REAL(pwrite64);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        real_pwrite64(fd, bytes, length / 2, at);
        kill(getpid(), SIGKILL);
    }
    return judged_result(fd, real_pwrite64(fd, bytes, length, at));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    int judgement = judge_write(fd);
    if (judgement == FAIL_IT) return -1;
    if (judgement == TEAR_IT) {
        write(fd, parts[0].iov_base, parts[0].iov_len / 2);
        kill(getpid(), SIGKILL);
    }
    return judged_result(fd, real_writev(fd, parts, count));
}

package io.eckermann.gateway.node;

import io.eckermann.gateway.read.ReadThread;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's own threads; doors and the log have theirs. Idle ones end, but for the timer's. */
final class NodeThreads implements AutoCloseable {
    static final int READS_WAITING_MAX = 4_096;

    private static final Logger LOG = LoggerFactory.getLogger(NodeThreads.class);
    private static final int READS = 4;
    private static final int PEERS = 2;
    private static final int SNAPSHOTS = 2;
    private static final long STOP_SECONDS = 2;

    private final String nodeId;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor reads;
    private final ThreadPoolExecutor peers;
    private final ThreadPoolExecutor snapshots;
    private final ThreadPoolExecutor copies;

    NodeThreads(String nodeId) {
        this.nodeId = nodeId;
        this.timer = new ScheduledThreadPoolExecutor(1, named("timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.reads = (ThreadPoolExecutor) Executors.newFixedThreadPool(READS, named("reads", ReadThread::new));
        this.peers = (ThreadPoolExecutor) Executors.newFixedThreadPool(PEERS, named("peers"));
        this.snapshots = new ThreadPoolExecutor(
                0, SNAPSHOTS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("snapshots"));
        this.copies = new ThreadPoolExecutor(0, 1, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), named("copies"));
        for (ThreadPoolExecutor pool : List.of(reads, peers)) {
            pool.setKeepAliveTime(30, TimeUnit.SECONDS);
            pool.allowCoreThreadTimeOut(true);
        }
    }

    /** For what is due later; its tasks are quick. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /** For requests that read the store; refuses them as OVERLOADED while too many wait. */
    Executor reads() {
        return this::read;
    }

    private void read(Runnable request) {
        if (reads.getQueue().size() >= READS_WAITING_MAX) {
            throw new StoreException(ErrorCode.OVERLOADED, "Too many reads are waiting for the disk: try again later.")
                    .with("limit", READS_WAITING_MAX);
        }
        reads.execute(request);
    }

    /** For what was let in before, and for what nodes ask each other. */
    Executor streams() {
        return reads;
    }

    /** Does this now and then, until the node stops; when it fails it is logged and done again. */
    Future<?> every(long millis, Runnable task) {
        return timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("What is done every {} ms failed; it is tried again", millis, e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** For what other nodes answer. */
    ExecutorService peers() {
        return peers;
    }

    /** For sending snapshots; refuses more than a few at a time. */
    ExecutorService snapshots() {
        return snapshots;
    }

    /** For sending a copy to who keeps backups; refuses more than one at a time. */
    ExecutorService copies() {
        return copies;
    }

    @Override
    public void close() {
        List<ThreadPoolExecutor> pools = List.of(timer, reads, peers, snapshots, copies);
        pools.forEach(ThreadPoolExecutor::shutdownNow);
        try {
            for (ThreadPoolExecutor pool : pools) {
                pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ThreadFactory named(String what) {
        return named(what, Thread::new);
    }

    private ThreadFactory named(String what, BiFunction<Runnable, String, Thread> kind) {
        AtomicInteger last = new AtomicInteger();
        return task -> {
            Thread thread = kind.apply(task, what + "-" + nodeId + "-" + last.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
